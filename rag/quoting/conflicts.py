"""Conflicts: articles that give different values for the same thing, shown side by side.

Two sentences conflict only where the difference cannot be explained otherwise: they must speak of
the same subject in much the same words, of no different period, and give one value each of the
sort asked for. What is rounded, a bound ("at least 12"), a running count or a change ("gained two
seats") is no conflict.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.language.dates import DateMention, mentions
from rag.language.figures import Figure, agrees, figures
from rag.language.kinds import Wants, kind_of
from rag.language.names import matches, names
from rag.language.terms import STOPWORDS, fold, stem, terms, word_spans
from rag.records import Citation, Conflict, Passage, Quote, Source

# Shares of common terms, chosen for caution on sentences written for the tests: two reports of
# one fact share half of the shorter one's words; two names in one slot need nearly the same words.
_SAME_FACT = 0.5
_SAME_SLOT = 0.6
# Above this share of common words two sentences are copies, whatever their articles.
_COPY = 0.95
_COMPARED = frozenset({Wants.NUMBER, Wants.DATE, Wants.PERSON, Wants.PLACE, Wants.NAME})
# "About 12" against 13 is rounding, against 20 it is not.
_ROUNDING = 0.1
# Content words after a figure among which the thing counted stands.
_ANCHOR_WORDS = 3

_CORRECTION = re.compile(
    r"^\W*(?:correction|clarification|corrected|editor['’]s\s+note)\b"
    r"|\b(?:earlier|previous)\s+version\s+of\s+this\s+(?:article|story|report)\b"
    r"|\bthis\s+(?:article|story|report)\s+(?:has\s+been|was)\s+(?:corrected|amended|updated)\b"
    r"|\bwe\s+(?:previously|earlier|incorrectly|wrongly)\s+(?:reported|said|stated)\b",
    re.I,
)
_WRONG_BEFORE = re.compile(
    r"\b(?:not|instead\s+of|rather\s+than|earlier\s+version|previous\s+version|misstated|incorrectly|wrongly"
    r"|previously|mistakenly)\b[^.;]*$",
    re.I,
)
_RUNNING = re.compile(
    r"\b(?:so\s+far|has\s+risen|have\s+risen|rose\s+to|rises\s+to|climbed\s+to|now|as\s+of|up\s+from|toll"
    r"|down\s+from|latest\s+count|still\s+missing|at\s+that\s+point|at\s+the\s+time)\b",
    re.I,
)
# Behind "gained" and before "more" a number tells a change, not how many there are.
_CHANGED_BY = re.compile(
    r"\b(?:gain(?:s|ed|ing)?|los(?:t|es?|ing)|add(?:s|ed|ing)?|another|an? (?:further|extra)"
    r"|(?:rose|risen|rises?|grew|grown|grows?|increased?|fell|fallen|falls?|dropped|up|down|cut)"
    r"\s+by)\s+$",
    re.I,
)
_MORE = re.compile(r"^\s+(?:more|fewer|additional|extra)\b", re.I)
# What began in a year did not end in it.
_FROM = re.compile(r"\b(?:since|from)\s+$", re.I)
_UNTIL = re.compile(r"\b(?:until|till|to)\s+$", re.I)
_NEGATED = re.compile(r"\b(?:not|no|never|denied|denies)\b|n['’]t\b", re.I)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may state the thing asked: `article.text[start:end] == text`.

    `marker` numbers the citation that a conflict shows for it.
    """

    text: str
    source: Source
    start: int
    end: int
    passage: Passage
    marker: int = 0

    @property
    def citation(self) -> Citation:
        quote = Quote(self.source, self.start, self.end, self.text)
        return Citation(self.marker, quote, self.passage)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a candidate says: the one value asked for, and the words around it."""

    candidate: Candidate
    value: Figure | DateMention | str
    words: str
    topic: frozenset[str]
    anchor: frozenset[str]
    corrects: bool


def candidate_of(citation: Citation) -> Candidate:
    """The sentence that a citation quotes."""
    quote = citation.quote
    return Candidate(
        quote.text, quote.source, quote.start, quote.end, citation.passage, citation.marker
    )


def may_conflict(question: str) -> bool:
    """Whether the question asks for a sort of value in which articles can disagree."""
    return kind_of(question).wants in _COMPARED


def conflicts(question: str, candidates: Sequence[Candidate]) -> tuple[Conflict, ...]:
    """The disagreements among sentences that answer a question, each side oldest first.

    An article that corrects itself is shown as such, and its correction alone is compared with
    the others.
    """
    readings = _readings(question, candidates)
    corrected = [pair for pair in _pairs(readings) if _is_corrected(*pair)]
    found = [_correction(old, new) for old, new in corrected]
    superseded = {id(old) for old, _ in corrected}
    current = [reading for reading in readings if id(reading) not in superseded]
    sides: list[_Reading] = []
    for one, other in _pairs(current):
        elsewhere = one.candidate.source.article_id != other.candidate.source.article_id
        if elsewhere and _disagree(one, other) and _asked_of(question, one, other):
            sides += [side for side in (one, other) if side not in sides]
    if sides:
        found.append(_conflict(sides))
    return tuple(found)


def _pairs(readings: list[_Reading]) -> list[tuple[_Reading, _Reading]]:
    """Every two readings; a correction stands second."""
    pairs = []
    for index, one in enumerate(readings):
        for other in readings[index + 1 :]:
            pairs.append((other, one) if one.corrects and not other.corrects else (one, other))
    return pairs


def _readings(question: str, candidates: Sequence[Candidate]) -> list[_Reading]:
    wants = kind_of(question).wants
    asked = frozenset(terms(question))
    readings = []
    for candidate in candidates:
        if wants is Wants.NUMBER:
            reading = _number(candidate, asked)
        elif wants is Wants.DATE:
            reading = _date(candidate, asked)
        elif wants in {Wants.PERSON, Wants.PLACE, Wants.NAME}:
            reading = _name(candidate, question)
        else:
            reading = None
        if reading is not None and (reading.topic & asked or reading.corrects):
            readings.append(reading)
    return readings


def _number(candidate: Candidate, asked: frozenset[str]) -> _Reading | None:
    text, correcting = candidate.text, _CORRECTION.search(candidate.text) is not None
    found = [figure for figure in figures(text) if figure.unit != "ordinal"]
    anchored = [(figure, _after(text, figure.end)) for figure in found]
    fitting = [
        (f, words) for f, words in anchored if words & asked or correcting or len(found) == 1
    ]
    if correcting:
        fitting = _standing(text, fitting)
    if len(fitting) != 1:
        return None
    figure, anchor = fitting[0]
    if figure.unit is not None:
        # "$40 million" needs no word after it to tell what it counts.
        anchor = frozenset(terms(text)) & asked
    return _reading(candidate, figure, figure.text, anchor, correcting)


def _standing(
    text: str, found: list[tuple[Figure, frozenset[str]]]
) -> list[tuple[Figure, frozenset[str]]]:
    """The figures of a correction that it lets stand."""
    right = [pair for pair in found if not _WRONG_BEFORE.search(text[: pair[0].start])]
    return right[-1:]


def _after(text: str, end: int) -> frozenset[str]:
    """Stems of the next content words."""
    clause = re.split(r"[.;:!?]", text[end:], maxsplit=1)[0]
    return frozenset(terms(clause)[:_ANCHOR_WORDS])


def _date(candidate: Candidate, asked: frozenset[str]) -> _Reading | None:
    text, correcting = candidate.text, _CORRECTION.search(candidate.text) is not None
    found = mentions(text, candidate.source.published)
    if correcting:
        found = [m for m in found if not _WRONG_BEFORE.search(text[: m.start])][-1:]
    if len(found) != 1:
        return None
    anchor = frozenset(terms(text[: found[0].start])) & asked
    return _reading(candidate, found[0], found[0].text, anchor, correcting)


def _name(candidate: Candidate, question: str) -> _Reading | None:
    known = [name.text for name in names(question)]
    # The names of the question are the subject; a new one may be the answer.
    new = [
        name
        for name in names(candidate.text)
        if not any(matches(name.text, k) or matches(k, name.text) for k in known)
    ]
    if len({name.text for name in new}) != 1:
        return None
    before = terms(candidate.text[: new[0].start])[-1:]
    after = terms(candidate.text[new[0].end :])[:1]
    anchor = frozenset([*(f"<{word}" for word in before), *(f">{word}" for word in after)])
    correcting = _CORRECTION.search(candidate.text) is not None
    return _reading(candidate, new[0].text, new[0].text, anchor, correcting)


def _reading(
    candidate: Candidate,
    value: Figure | DateMention | str,
    words: str,
    anchor: frozenset[str],
    corrects: bool,
) -> _Reading:
    topic = frozenset(terms(candidate.text)) - frozenset(terms(words))
    return _Reading(candidate, value, words, topic, anchor, corrects)


def _is_corrected(old: _Reading, new: _Reading) -> bool:
    same_article = old.candidate.source.article_id == new.candidate.source.article_id
    return same_article and new.corrects and not old.corrects and _differ(old, new)


def _disagree(one: _Reading, other: _Reading) -> bool:
    """Whether two articles cannot both be right about the same thing."""
    first, second = one.candidate, other.candidate
    if not _differ(one, other) or _way(one) != _way(other):
        return False
    if _negation(first) != _negation(second):
        return False
    shared = len(one.topic & other.topic)
    whole = frozenset(terms(first.text)) | frozenset(terms(second.text))
    both = frozenset(terms(first.text)) & frozenset(terms(second.text))
    if not shared or (len(both) >= _COPY * len(whole) and one.words == other.words):
        return False
    needed = _SAME_SLOT if isinstance(one.value, str) else _SAME_FACT
    if shared < needed * min(len(one.topic), len(other.topic)) or shared < 2:
        return False
    if not one.anchor & other.anchor and (one.anchor or other.anchor):
        return False
    return _same_names(one, other) and _same_period(one, other)


def _asked_of(question: str, one: _Reading, other: _Reading) -> bool:
    """Whether both sentences hold a word of the question that is no name: of one subject many
    things are told. Where names are compared, the slot they stand in says enough."""
    if isinstance(one.value, str):
        return True
    named = {term for name in names(question) for term in terms(name.text)}
    return bool(one.topic & other.topic & frozenset(terms(question)) - named)


def _negation(candidate: Candidate) -> bool:
    return _NEGATED.search(candidate.text) is not None


def _way(reading: _Reading) -> str:
    """How a value is meant: as a change, a beginning or an end; "" where no such word is there."""
    if isinstance(reading.value, str):
        return ""
    text = reading.candidate.text
    before, behind = text[: reading.value.start], text[reading.value.end :]
    if isinstance(reading.value, DateMention):
        return "from" if _FROM.search(before) else "until" if _UNTIL.search(before) else ""
    return "change" if _CHANGED_BY.search(before) or _MORE.match(behind) else ""


def _differ(one: _Reading, other: _Reading) -> bool:
    a, b = one.value, other.value
    if isinstance(a, Figure) and isinstance(b, Figure):
        return _figures_differ(a, b)
    if isinstance(a, DateMention) and isinstance(b, DateMention):
        return a.last < b.first or b.last < a.first
    if isinstance(a, str) and isinstance(b, str):
        return not matches(a, b) and not matches(b, a)
    return False


def _figures_differ(a: Figure, b: Figure) -> bool:
    if a.unit != b.unit or agrees(a, b):
        return False
    low, high = sorted((a, b), key=lambda figure: figure.value)
    # "At least 12" leaves room for 15, "fewer than 20" for 15.
    if low.relation == "over" or high.relation == "under":
        return False
    rounded = "about" in (a.relation, b.relation)
    return not rounded or high.value - low.value > _ROUNDING * high.value


def _same_names(one: _Reading, other: _Reading) -> bool:
    """Whether neither sentence names somebody whom the other has no word for."""
    if isinstance(one.value, str):
        return True
    left = [name.text for name in names(one.candidate.text) if name.certain]
    right = [name.text for name in names(other.candidate.text) if name.certain]
    if not left or not right:
        return True
    return any(matches(a, b) or matches(b, a) for a in left for b in right)


def _same_period(one: _Reading, other: _Reading) -> bool:
    """Whether the sentences may speak of the same time: no other period, no running count."""
    if isinstance(one.value, DateMention):
        return True
    first, second = _periods(one), _periods(other)
    if first and second:
        return any(a.first <= b.last and b.first <= a.last for a in first for b in second)
    days = {one.candidate.source.published, other.candidate.source.published}
    running = any(_RUNNING.search(side.candidate.text) for side in (one, other))
    return not (running and len(days) > 1)


def _periods(reading: _Reading) -> list[DateMention]:
    return mentions(reading.candidate.text, reading.candidate.source.published)


def _correction(old: _Reading, new: _Reading) -> Conflict:
    reason = f"The article corrects itself: {new.words} stands, not {old.words}."
    return Conflict(_about(new), (old.candidate.citation, new.candidate.citation), reason)


def _conflict(sides: list[_Reading]) -> Conflict:
    ordered = sorted(sides, key=lambda side: side.candidate.source.published or date.max)
    told = "; ".join(f"{side.words} ({_card(side.candidate.source)})" for side in ordered)
    citations = tuple(side.candidate.citation for side in ordered)
    return Conflict(_about(ordered[0]), citations, f"The articles disagree: {told}.")


def _card(source: Source) -> str:
    day = source.published.isoformat() if source.published else "undated"
    return f"{source.publisher or source.title or source.article_id}, {day}"


def _about(reading: _Reading) -> str:
    """What the value is of: the words counted, else the sort of value."""
    if isinstance(reading.value, DateMention):
        return "the date"
    if isinstance(reading.value, str):
        return "the name"
    text, end = reading.candidate.text, reading.value.end
    for start, stop in word_spans(text[end:]):
        word = text[end + start : end + stop]
        if fold(word) not in STOPWORDS and stem(fold(word)) in reading.anchor:
            return text[end : end + stop].strip()
    return "the figure"
