"""Reviewing: drafts become cases when a person says so."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from rag.evaluation.cases import Case, case_to_json

Decision = Literal["keep", "drop", "later"] | Case


def review(cases: Sequence[Case], decide: Callable[[Case], Decision]) -> tuple[Case, ...]:
    """The cases after each unreviewed one was decided on, in the same order.

    Kept and edited ones count as reviewed, dropped ones go, those for later stay as they are.
    """
    left: list[Case] = []
    for case in cases:
        decision = "later" if case.provenance.reviewed else decide(case)
        if decision == "drop":
            continue
        if decision == "later":
            left.append(case)
        else:
            chosen = case if decision == "keep" else decision
            assert isinstance(chosen, Case)
            left.append(replace(chosen, provenance=replace(chosen.provenance, reviewed=True)))
    return tuple(left)


def save_cases(cases: Sequence[Case], file: Path) -> None:
    """Writes cases.jsonl; the old one is replaced at once or not at all."""
    lines = (json.dumps(case_to_json(case), ensure_ascii=False) for case in cases)
    draft = file.with_suffix(".tmp")
    draft.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    draft.replace(file)
