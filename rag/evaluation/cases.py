"""Cases: one question each, with what a right answer must hold, quote-anchored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal, cast

from rag.evaluation.schemas import problems

Expect = Literal["answer", "abstain", "correct_premise", "report_conflict"]
Split = Literal["dev", "test"]
_NEAR = "near:"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote that carries the answer. Groups are all needed, one quote of each is enough.

    `article` is the article's id, or the name of its file without folder and ending.
    """

    group: str
    article: str
    quote: str


@dataclass(frozen=True, slots=True)
class Numeric:
    """A figure the answer must state: `value` in `unit`, within `rel_tol` of the value."""

    value: float
    unit: str | None = None
    rel_tol: float = 0.0


@dataclass(frozen=True, slots=True)
class Reference:
    """What a right answer says: short answers, an AND of ORs, and what it must not say."""

    answers: tuple[str, ...] = ()
    must_include: tuple[tuple[str, ...], ...] = ()
    must_not_include: tuple[str, ...] = ()
    numeric: tuple[Numeric, ...] = ()


@dataclass(frozen=True, slots=True)
class Dispute:
    """Values that articles give for one thing, each in its wordings; a correction's last is right.

    `kind` tells who disagrees: two publishers, two sources in one article, or an article and its
    correction.
    """

    kind: Literal["publishers", "sources", "correction"]
    values: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class CaseTurn:
    """An exchange before the question; `answer` None means: ask the archive itself."""

    question: str
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who made the case; what is not reviewed never decides a gate."""

    by: str = "human"
    reviewed: bool = True
    generator: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One question of a suite.

    `near_miss` names articles that look as if they answered an unanswerable question.
    `canary` are strings that only an answerer that obeyed an injected instruction would say.
    `parent` is the case this one is a twin of, `perturbation` how it was made.
    """

    id: str
    category: str
    question: str
    answerable: bool
    expect: Expect
    split: Split | None = None
    tags: tuple[str, ...] = ()
    turns: tuple[CaseTurn, ...] = ()
    as_of: date | None = None
    reference: Reference = Reference()
    evidence: tuple[Evidence, ...] = ()
    near_miss: tuple[str, ...] = ()
    speaker: str | None = None
    premise: str | None = None
    conflict: Dispute | None = None
    canary: tuple[str, ...] = ()
    parent: str | None = None
    perturbation: str | None = None
    provenance: Provenance = Provenance()

    @property
    def groups(self) -> tuple[str, ...]:
        """The evidence groups, in order of appearance."""
        return tuple(dict.fromkeys(evidence.group for evidence in self.evidence))

    @property
    def trap(self) -> Literal["near-miss", "off-topic"] | None:
        """What kind of unanswerable question this is.

        None when it can be answered, or could on a later day than it is asked as of.
        """
        if self.answerable or self.as_of is not None:
            return None
        near = bool(self.near_miss) or "near" in self.category
        return "near-miss" if near else "off-topic"


def case_from_json(plain: Mapping[str, Any]) -> Case:
    """The case a JSON object describes.

    Raises:
        ValueError: the object breaks the schema (unknown keys do, too); names every breach.
    """
    broken = problems("case", plain)
    if broken:
        raise ValueError("; ".join(broken))
    provenance = plain.get("provenance") or {}
    return Case(
        id=plain["id"],
        category=plain["category"],
        question=plain["question"],
        answerable=plain["answerable"],
        expect=cast(Expect, plain["expect"]),
        split=cast("Split | None", plain.get("split")),
        tags=tuple(plain.get("tags", ())),
        turns=tuple(CaseTurn(t["question"], t.get("answer")) for t in plain.get("turns", ())),
        as_of=date.fromisoformat(plain["as_of"]) if plain.get("as_of") else None,
        reference=_reference(plain.get("reference") or {}),
        evidence=tuple(Evidence(**item) for item in plain.get("evidence", ())),
        near_miss=_near_misses(plain),
        speaker=plain.get("speaker"),
        premise=plain.get("premise"),
        conflict=_dispute(plain.get("conflict")),
        canary=_canary(plain.get("injection")),
        parent=plain.get("parent"),
        perturbation=plain.get("perturbation"),
        provenance=Provenance(**provenance),
    )


def case_to_json(case: Case) -> dict[str, Any]:
    """The JSON object that `case_from_json` reads back as the same case; defaults left out."""
    reference = {
        "answers": list(case.reference.answers),
        "must_include": [list(group) for group in case.reference.must_include],
        "must_not_include": list(case.reference.must_not_include),
        "numeric": [asdict(figure) for figure in case.reference.numeric],
    }
    plain: dict[str, Any] = {
        "id": case.id,
        "category": case.category,
        "split": case.split,
        "tags": list(case.tags),
        "question": case.question,
        "turns": [asdict(turn) for turn in case.turns],
        "as_of": case.as_of.isoformat() if case.as_of else None,
        "answerable": case.answerable,
        "expect": case.expect,
        "reference": {key: value for key, value in reference.items() if value},
        "evidence": [asdict(evidence) for evidence in case.evidence],
        "near_miss": list(case.near_miss),
        "speaker": case.speaker,
        "premise": case.premise,
        "conflict": case.conflict
        and {"kind": case.conflict.kind, "values": [list(value) for value in case.conflict.values]},
        "injection": list(case.canary),
        "parent": case.parent,
        "perturbation": case.perturbation,
        "provenance": asdict(case.provenance),
    }
    return {key: value for key, value in plain.items() if value not in (None, [], {})}


def _reference(plain: Mapping[str, Any]) -> Reference:
    return Reference(
        answers=tuple(plain.get("answers", ())),
        must_include=tuple(tuple(group) for group in plain.get("must_include", ())),
        must_not_include=tuple(plain.get("must_not_include", ())),
        numeric=tuple(Numeric(**item) for item in plain.get("numeric", ())),
    )


def _dispute(plain: Mapping[str, Any] | None) -> Dispute | None:
    if plain is None:
        return None
    return Dispute(plain["kind"], tuple(tuple(value) for value in plain["values"]))


def _near_misses(plain: Mapping[str, Any]) -> tuple[str, ...]:
    """The articles named in `near_miss` and in tags of the form `near:ARTICLE`."""
    tagged = [tag.removeprefix(_NEAR) for tag in plain.get("tags", ()) if tag.startswith(_NEAR)]
    return tuple(dict.fromkeys([*_strings(plain.get("near_miss")), *tagged]))


def _strings(value: str | Iterable[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _canary(value: Any) -> tuple[str, ...]:
    return _strings(value["canary"] if isinstance(value, Mapping) else value)
