"""What is answered, and what it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rag.records.articles import Hit
from rag.records.claims import Citation, Claim, Conflict
from rag.records.plain import plain_value
from rag.records.questions import AS_CONFIGURED, Filters, Options

CANNOT_ANSWER = "The archive does not say."


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or the plain statement that the archive does not say; enough to check it.

    `understood` is the question as it was searched. `notes` are lines the reader must see (an
    index that is behind, a date taken as a filter, …). `complete` is False in a stream's earlier
    snapshots.
    """

    question: str
    understood: str
    claims: tuple[Claim, ...] = ()
    hits: tuple[Hit, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    coverage: Coverage | None = None
    abstained: bool = False
    confidence: float = 0.0
    notes: tuple[str, ...] = ()
    receipt: Receipt | None = None
    complete: bool = False
    usage: Usage | None = None

    @property
    def text(self) -> str:
        """The claims with their markers; the fixed sentence when the archive does not say."""
        if self.abstained:
            return CANNOT_ANSWER
        return " ".join(claim.marked_text for claim in self.claims)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation of the claims, by marker, each once."""
        found = {c.marker: c for claim in self.claims for c in claim.citations}
        return tuple(found[marker] for marker in sorted(found))

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON values: dates as ISO strings, `text` and `citations` included."""
        plain: dict[str, Any] = plain_value(self)
        return plain | {"text": self.text, "citations": plain_value(self.citations)}


@dataclass(frozen=True, slots=True)
class Turn:
    """One past exchange of a conversation."""

    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class PastTurn:
    """What a later question takes from an exchange: enough to understand it again."""

    question: str
    understood: str
    sentences: tuple[str, ...]
    passages: tuple[str, ...]
    abstained: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an answer was made from: the same receipt, the same quoted answer.

    `today` is the day that relative dates of the question counted from; `passages` are the hashes
    of the texts that were read, by passage id; `corpus` is the hash of all articles. `settings`
    are those in force, with what the `options` of the question changed of them.
    """

    corpus: str
    embedding: str
    settings: Mapping[str, Any]
    versions: Mapping[str, str]
    today: date
    filters: Filters
    turns: tuple[PastTurn, ...] = ()
    passages: Mapping[str, str] = field(default_factory=dict)
    model: str | None = None
    prompts: Mapping[str, str] = field(default_factory=dict)
    options: Options = AS_CONFIGURED


@dataclass(frozen=True, slots=True)
class Coverage:
    """What stands behind an answer or a refusal.

    `articles`, `passages`, `publishers` and the span `first`..`last` were searched (after the
    filters); `matched` passages were found, `used` articles are cited. `undated` articles were
    left out because a date was asked for and they state none. `independent` counts the reports
    that the cited articles make: copies of one report count once, and `copies` counts the other
    articles that carry one of them.
    """

    articles: int
    passages: int
    publishers: int
    first: date | None = None
    last: date | None = None
    undated: int = 0
    matched: int = 0
    used: int = 0
    independent: int = 0
    copies: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    """What a chat model read and wrote for an answer, in tokens.

    `estimated` tells that the model did not report them. `cost` is in the currency of the
    configured prices, None where there are none.
    """

    model: str
    read: int
    written: int
    estimated: bool = False
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What an answerer has so far; the chain checks it before anybody sees it.

    `confidence` runs from 0 to 1. `abstained` means that nothing found answers the question.
    """

    claims: tuple[Claim, ...] = ()
    abstained: bool = False
    confidence: float = 0.0
    notes: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    usage: Usage | None = None
