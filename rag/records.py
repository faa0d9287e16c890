"""The words of the house: what is stored, what is found, what is answered.

Every record is frozen. Offsets count characters (Unicode code points) of `Article.text`, start
inclusive and end exclusive. What is not known is None; nothing is invented to fill a field.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

CANNOT_ANSWER = "The archive does not say."
# The voice that quotes sentences as they stand, without a chat model.
QUOTES = "quotes"


class Outcome(enum.StrEnum):
    """What became of looking a quotation up in the articles."""

    VERIFIED = "verified"
    ELSEWHERE = "elsewhere"  # real, but in another article than the one cited
    NEAR_MISS = "near miss"  # the article says something close, not this
    NOT_FOUND = "not found"


class Verdict(enum.StrEnum):
    """Whether the passages that a claim cites support it."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not found"
    UNCHECKABLE = "uncheckable"


@dataclass(frozen=True, slots=True)
class Source:
    """The card that a citation prints.

    `modified` is the day of the last change that the article states, `language` a code as stated
    (`en`, `pt-BR`). `corrected` is set where this is a later version with another text than one
    before: the day of the change as stated, else the day on which it was met.
    """

    article_id: str
    title: str | None = None
    publisher: str | None = None
    published: date | None = None
    url: str | None = None
    author: str | None = None
    modified: date | None = None
    language: str | None = None
    corrected: date | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One version of an article; `text` is the text that offsets count in.

    `version` counts from 1; `content_hash` covers the text and the source card.
    """

    source: Source
    text: str
    content_hash: str
    version: int = 1

    @property
    def id(self) -> str:
        return self.source.article_id

    @property
    def title(self) -> str | None:
        return self.source.title

    @property
    def publisher(self) -> str | None:
        return self.source.publisher

    @property
    def published(self) -> date | None:
        return self.source.published

    @property
    def url(self) -> str | None:
        return self.source.url


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an article: `article.text[start:end] == text`."""

    id: str
    source: Source
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, best first, higher score is better.

    `legs` tells the rank (from 1) in each leg that found it ("words", "vectors");
    `copies` are the sources of near-identical passages that share this slot;
    `similarity` is the cosine of question and passage, None where no vector was compared.
    """

    passage: Passage
    score: float
    legs: Mapping[str, int] = field(default_factory=dict)
    similarity: float | None = None
    copies: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class DateNote:
    """A relative date in a quote ("on Wednesday"), resolved; always shown as derived.

    `start` and `end` are offsets in the article; `first` and `last` are the days meant, both
    included, equal for a single day.
    """

    start: int
    end: int
    text: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Quote:
    """Exact characters of an article: `article.text[start:end] == text` when verified.

    `short` are the offsets, in the article too, of the likely short answer inside the quote;
    `speaker` is who is quoted in it, None where nobody is or nobody is named.
    """

    source: Source
    start: int
    end: int
    text: str
    outcome: Outcome = Outcome.VERIFIED
    short: tuple[int, int] | None = None
    speaker: str | None = None
    dates: tuple[DateNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A marker, the quote it stands for and the passage the quote was found in.

    `marker` is the number in `[n]`, unique in its answer.
    """

    marker: int
    quote: Quote
    passage: Passage

    @property
    def source(self) -> Source:
        return self.quote.source


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer, what it cites, and whether that supports it."""

    text: str
    citations: tuple[Citation, ...] = ()
    verdict: Verdict = Verdict.UNCHECKABLE
    reason: str = ""

    @property
    def marked_text(self) -> str:
        """The sentence with its markers: `… in 2016. [1][2]`."""
        markers = "".join(f"[{citation.marker}]" for citation in self.citations)
        return f"{self.text} {markers}".strip()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Articles that give different values for the same thing, oldest first."""

    about: str
    sides: tuple[Citation, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Filters:
    """What may be searched. Undated articles never pass a date filter.

    Empty `publishers` and `articles` admit all; articles that are `without` never pass.
    """

    since: date | None = None
    until: date | None = None
    as_of: date | None = None
    publishers: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def last(self) -> date | None:
        """The latest day that may be searched: the earlier of `until` and `as_of`."""
        return min((day for day in (self.until, self.as_of) if day), default=None)

    def admits(self, source: Source) -> bool:
        """Whether an article with this source card may be searched."""
        if (self.since or self.last) and source.published is None:
            return False
        if self.since and source.published and source.published < self.since:
            return False
        if self.last and source.published and source.published > self.last:
            return False
        if self.publishers and (source.publisher or "").casefold() not in {
            name.casefold() for name in self.publishers
        }:
            return False
        if source.article_id in self.without:
            return False
        return not self.articles or source.article_id in self.articles


class Strictness(enum.StrEnum):
    """How sure an answer must be before it is shown: see `rag.quoting.strictness`."""

    STRICT = "strict"
    BALANCED = "balanced"
    OPEN = "open"


class Unsupported(enum.StrEnum):
    """What becomes of a chat model's sentences that no passage bears out."""

    DROP = "drop"
    MARK = "mark"  # shown, and marked as not found


@dataclass(frozen=True, slots=True)
class Options:
    """How one question is to be answered, where that is not as the settings say.

    `voice` is who answers: `QUOTES`, or a chat model that the settings name; None for whom the
    settings choose. At most so many `passages` are read, None for as many as the settings say.
    """

    voice: str | None = None
    passages: int | None = None
    strictness: Strictness = Strictness.BALANCED


AS_CONFIGURED = Options()


@dataclass(frozen=True, slots=True)
class Turn:
    """One past exchange of a conversation."""

    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched: a question that stands on its own.

    `question` is what was asked, `text` the standalone form of it. `parts` are the look-ups a
    question about several things is split into (empty when one is enough). `publishers` and
    `period` are named in the question and only prefer; `filters` decide. `newest` asks for the
    latest report first. `carried` are passage ids of earlier turns worth looking at again.
    `today` is the day that relative dates of the question count from. `notes` say in words what
    of the question became a filter.
    """

    question: str
    text: str
    filters: Filters
    today: date
    parts: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    period: tuple[date, date] | None = None
    newest: bool = False
    carried: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


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
        plain = _jsonable(self)
        assert isinstance(plain, dict)
        plain["text"] = self.text
        plain["citations"] = _jsonable(self.citations)
        return plain


# Most of what an answer holds are these; what the others are is found out slowly.
_JSON_ALREADY = frozenset({str, int, float, bool, type(None)})


def _jsonable(value: Any) -> Any:
    if type(value) in _JSON_ALREADY:
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_jsonable(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        plain = {f.name: _jsonable(getattr(value, f.name)) for f in dataclasses.fields(value)}
        if isinstance(value, Citation):
            plain["source"] = plain["quote"]["source"]
        return plain
    return value
