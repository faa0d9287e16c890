"""Mutate true sentences and print what the checker catches and what it rejects in error.

    python -m bench.checker --data FOLDER [--each 200] [--seed 0] [--misses 3]

FOLDER holds `*.jsonl` (rows with "text" and, if there is one, "passage") or `ground_truth.json`
(rows with `evidence_list` of `fact`); without it the variable RAG_BENCH_DATA names the folder.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.checking.claims import LadderChecker
from rag.evaluation.checks.mutations import Mutant, Mutation, TrueSentence, mutants
from rag.records import Citation, Claim, Passage, Quote, Source, Verdict

_Z = 1.959964  # the normal quantile of a two-sided 95 % interval


def main() -> int:
    """Print one line a kind; exit status 2 when the folder holds no sentences."""
    arguments = _arguments()
    sentences = list(dict.fromkeys(true_sentences(_set(arguments.data))))
    if not sentences:
        print(f"no sentences in {arguments.data}", file=sys.stderr)
        return 2
    checker = LadderChecker()
    taken = _milliseconds(sentences, checker)  # first, while nothing has been read before
    print(f"{len(sentences)} true sentences, seed {arguments.seed}")
    print(f"{'kind':20} {'n':>5} {'rejected':>9}  95 % interval")
    for kind, made in mutants(sentences, each=arguments.each, seed=arguments.seed).items():
        _report(kind, made, checker, arguments.misses)
    print(f"{taken:.1f} ms of processor time for five sentences")
    return 0


def true_sentences(folder: Path) -> Iterator[TrueSentence]:
    """Every sentence of the folder's files."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if isinstance(row.get("text"), str):
                yield TrueSentence(row["text"], row.get("passage") or row["text"])
    gold = folder / "ground_truth.json"
    if gold.exists():
        for row in json.loads(gold.read_text(encoding="utf-8")).values():
            for evidence in row.get("evidence_list", ()):
                yield TrueSentence(evidence["fact"], evidence["fact"])


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    if not n:
        return 0.0, 1.0
    share, spread = hits / n, _Z * _Z / n
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def _report(kind: Mutation, made: Sequence[Mutant], checker: LadderChecker, misses: int) -> None:
    judged = [(mutant, checker.check(_claim(mutant.text, mutant.passage))) for mutant in made]
    rejected = [pair for pair in judged if pair[1].verdict is not Verdict.SUPPORTED]
    low, high = wilson(len(rejected), len(made))
    share = len(rejected) / len(made) if made else 0.0
    what = "false alarms" if kind.keeps_truth else "caught"
    print(f"{kind.value:20} {len(made):5} {share:9.3f}  {low:.3f}-{high:.3f}  {what}")
    wrong = rejected if kind.keeps_truth else [p for p in judged if p not in rejected]
    for mutant, claim in wrong[:misses]:
        print(
            f"    - {mutant.text}\n      {mutant.original}\n      {claim.verdict}: {claim.reason}"
        )


def _claim(text: str, passage: str) -> Claim:
    source = Source("bench")
    quote = Quote(source, 0, len(passage), passage)
    return Claim(text, (Citation(1, quote, Passage("bench:0", source, passage, 0, len(passage))),))


def _milliseconds(sentences: Sequence[TrueSentence], checker: LadderChecker) -> float:
    claims = [_claim(sentence.text, sentence.passage) for sentence in sentences[:100]]
    started = time.process_time()
    for claim in claims:
        checker.check(claim)
    return (time.process_time() - started) / len(claims) * 5000


def _set(given: str) -> Path:
    """The folder given, or the one of this set in it."""
    folder = Path(given)
    return folder / "multihop-facts" if (folder / "multihop-facts").is_dir() else folder


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("RAG_BENCH_DATA", "."))
    parser.add_argument("--each", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--misses", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
