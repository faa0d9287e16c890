"""How well support ranks human-judged claims against the article each cites.

    python -m bench.wice --data FOLDER [--seed 0] [--rounds 2000]

FOLDER holds `dev.jsonl`: rows with "claim", "evidence" (the article's sentences) and "label"
(supported, partially_supported, not_supported). Without --data the variable RAG_BENCH_DATA is read.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rag.checking.claims import support
from rag.language.terms import terms

Score = Callable[[str, Sequence[str]], float]
Labelled = list[tuple[float, bool]]


def main() -> int:
    """Print AUC with a bootstrap interval and balanced accuracy, ours beside word containment."""
    arguments = _arguments()
    path = _set(arguments.data) / "dev.jsonl"
    if not path.exists():
        print(f"{path} is missing: give the folder of the claims with --data", file=sys.stderr)
        return 2
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    print(f"{len(rows)} claims")
    for name, score in (("support", support), ("word containment", containment)):
        graded = [(score(row["claim"], row["evidence"]), row["label"]) for row in rows]
        for title, against in (
            ("supported / not", {"not_supported"}),
            ("supported / partially or not", {"not_supported", "partially_supported"}),
        ):
            labelled = [
                (value, label == "supported")
                for value, label in graded
                if label == "supported" or label in against
            ]
            low, high = interval(labelled, arguments.rounds, arguments.seed)
            accuracy, threshold = held_out_accuracy(labelled, arguments.seed)
            print(
                f"{name:17} {title:29} n={len(labelled):3} AUC {auc(labelled):.3f} "
                f"[{low:.3f}, {high:.3f}]  balanced accuracy {accuracy:.3f} at {threshold:.2f}"
            )
    return 0


def containment(claim: str, sentences: Sequence[str]) -> float:
    """The baseline: the share of the claim's terms found anywhere in the article."""
    wanted = set(terms(claim))
    return len(wanted & set(terms(" ".join(sentences)))) / max(1, len(wanted))


def auc(labelled: Labelled) -> float:
    """The chance that a supported claim scores above another; ties count half."""
    good = [value for value, supported in labelled if supported]
    bad = [value for value, supported in labelled if not supported]
    wins = sum((g > b) + 0.5 * (g == b) for g in good for b in bad)
    return wins / max(1, len(good) * len(bad))


def interval(labelled: Labelled, rounds: int, seed: int) -> tuple[float, float]:
    """The 95 % bootstrap interval of the AUC, each class drawn by itself."""
    die = random.Random(seed)
    good = [pair for pair in labelled if pair[1]]
    bad = [pair for pair in labelled if not pair[1]]
    drawn = sorted(
        auc(die.choices(good, k=len(good)) + die.choices(bad, k=len(bad))) for _ in range(rounds)
    )
    return drawn[int(0.025 * rounds)], drawn[int(0.975 * rounds) - 1]


def held_out_accuracy(labelled: Labelled, seed: int) -> tuple[float, float]:
    """Balanced accuracy on one half at the threshold that was best on the other half."""
    order = list(labelled)
    random.Random(seed).shuffle(order)
    first, second = order[: len(order) // 2], order[len(order) // 2 :]
    threshold = max(sorted({value for value, _ in first}), key=lambda t: balanced(first, t))
    return balanced(second, threshold), threshold


def balanced(labelled: Labelled, threshold: float) -> float:
    """The mean of the shares judged right among the supported and among the others."""
    good = [value >= threshold for value, supported in labelled if supported]
    bad = [value < threshold for value, supported in labelled if not supported]
    return (sum(good) / max(1, len(good)) + sum(bad) / max(1, len(bad))) / 2


def _set(given: str) -> Path:
    """The folder given, or the one of this set in it."""
    folder = Path(given)
    return folder / "wice-dev" if (folder / "wice-dev").is_dir() else folder


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("RAG_BENCH_DATA", "."))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=500)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
