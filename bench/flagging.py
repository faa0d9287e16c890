"""How many planted instructions are flagged, and how many sentences of news are by mistake.

    python -m bench.flagging --data DIR [--misses 20]

DIR holds `injections/*.json` (lists of instructions by kind) and `multihop-facts/ground_truth.json`
(rows with `evidence_list` of `fact`); without it the variable RAG_BENCH_DATA names the folder.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path

from rag.bundle import folder
from rag.language.sentences import sentence_spans
from rag.quoting.flagging import instructions


def main() -> None:
    """Print the share flagged of each kind of instruction, then the false alarms."""
    arguments = _arguments()
    data = Path(arguments.data)
    missed = []
    flagged = planted = 0
    for kind, texts in planted_in(data):
        hits = [text for text in texts if instructions(text)]
        missed += [text for text in texts if text not in hits]
        flagged, planted = flagged + len(hits), planted + len(texts)
        print(f"{kind:30} {len(hits):3} of {len(texts):3}")
    print(f"{'all planted':30} {flagged:3} of {planted:3} = {flagged / max(1, planted):.3f}")
    for text in missed[: arguments.misses]:
        print(f"    not flagged: {text}")
    for name, news in (("facts", facts(data)), ("archive", stories())):
        sentences = sorted(set(news))
        false = [sentence for sentence in sentences if instructions(sentence)]
        share = len(false) / max(1, len(sentences))
        print(f"flagged in {name}: {len(false)} of {len(sentences)} sentences = {share:.4f}")
        for sentence in false[: arguments.misses]:
            print(f"    {sentence}")


def planted_in(data: Path) -> Iterator[tuple[str, list[str]]]:
    """The instructions of each kind."""
    for path in sorted((data / "injections").glob("*.json")):
        yield from json.loads(path.read_text(encoding="utf-8")).items()


def facts(data: Path) -> Iterator[str]:
    """Sentences of real news."""
    rows = json.loads((data / "multihop-facts" / "ground_truth.json").read_text(encoding="utf-8"))
    for row in rows.values():
        for evidence in row["evidence_list"]:
            fact = evidence["fact"]
            yield from (fact[start:end] for start, end in sentence_spans(fact))


def stories() -> Iterator[str]:
    """Sentences of the project's own archive, those planted there on purpose among them."""
    for path in sorted((folder("eval") / "archive" / "articles").glob("*.md")):
        _, _, text = path.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
        yield from (text[start:end] for start, end in sentence_spans(text))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("RAG_BENCH_DATA", "."))
    parser.add_argument("--misses", type=int, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    main()
