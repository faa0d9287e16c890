"""Labelling: claims of a run for people to judge, in the format that `judge` and `correct` read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.evaluation.run import CaseResult, Run


@dataclass(frozen=True, slots=True)
class Unlabelled:
    """A claim of an answer and the passages it cites, for a person to read."""

    id: str
    claim: str
    passages: tuple[str, ...]


def to_label(run: Run, most: int) -> list[Unlabelled]:
    """Up to `most` distinct claims that cite something, spread evenly over the run.

    Evenly, because a correction holds for the run only if the sample is like it.
    """
    found: dict[str, Unlabelled] = {}
    for case in run.cases:
        for claim in _claims(case):
            found.setdefault(claim.claim, claim)
    claims = list(found.values())
    if len(claims) <= most:
        return claims
    return [claims[place * len(claims) // most] for place in range(most)]


def labelled_ids(file: Path) -> frozenset[str]:
    """The ids that a file of labels holds already; none where there is no file."""
    if not file.exists():
        return frozenset()
    lines = file.read_text(encoding="utf-8").splitlines()
    return frozenset(str(json.loads(line)["id"]) for line in lines if line.strip())


def append_label(file: Path, claim: Unlabelled, label: str) -> None:
    """Writes a person's verdict at the end of the file."""
    row = {
        "id": claim.id,
        "claim": claim.claim,
        "passages": list(claim.passages),
        "label": label,
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")


def _claims(case: CaseResult) -> list[Unlabelled]:
    if case.answer is None or case.answer["abstained"]:
        return []
    stated: Sequence[dict[str, Any]] = case.answer["claims"]
    return [
        Unlabelled(
            f"{case.id}-{place}",
            claim["text"],
            tuple(citation["passage"] for citation in claim["citations"]),
        )
        for place, claim in enumerate(stated, start=1)
        if claim["citations"]
    ]
