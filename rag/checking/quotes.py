"""Quotations looked up in articles: exact after folding typography, in the article's characters."""

from __future__ import annotations

import difflib
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.checking import negations
from rag.checking.alignment import tokens
from rag.checking.attribution import attributions
from rag.language.sentences import sentence_spans
from rag.records import Article, Outcome, Quote, Source

# The share of a quotation's words that an article must have in order to be a near miss of it.
NEAR = 0.7
_FEWEST_NEAR = 3  # words that must agree; fewer agree by chance
_SHORT_TAIL = 6  # words; a tail so short speaks about the quote, not about something else
_SENTENCE_REACH = 1500  # characters around a quote in which its sentence is looked for

_QUOTES = "'\"`´‘’‚‛“”„‟«»‹›′″＇＂"
_DASHES = r"\-‐‑‒–—―−﹘﹣－"
_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u3099\u309a"
_GAP = rf"[\s{_UNSEEN}]"
# What folding touches; everything between is kept as it is.
_FOLDED = re.compile(
    rf"(?P<broken>(?<=[^\W\d_])[-‐][ \t]*\r?\n[ \t]*(?=[a-zà-ÿ]))"
    rf"|(?P<dash>{_GAP}*[{_DASHES}]+(?:{_GAP}*[{_DASHES}]+)*{_GAP}*)"
    rf"|(?P<ellipsis>…|\.(?:\s?\.){{2,3}})"
    rf"|(?P<blank>[^\S ]{_GAP}*| {_GAP}+)"
    rf"|(?P<unseen>[{_UNSEEN}]+)"
    rf"|(?P<quote>[{_QUOTES}]+)"
    rf"|(?P<cluster>[^\s{_UNSEEN}{_QUOTES}{_DASHES}](?=[{_MARKS}])[{_MARKS}{_UNSEEN}]+"
    rf"|[\u1100-\u11ff]+|[^\x00-\x7f])"
)
_ELISION = re.compile(r"\s*(?:\[\s*(?:…|\.\.\.)\s*\]|\(\s*(?:…|\.\.\.)\s*\)|…|\.(?:\s?\.){2,3})\s*")
_CLOSING = re.compile(r"[\s,.;:!?]+$")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Difference:
    """Words that differ: `said` stands in the quotation where the article has `written`."""

    kind: Literal["replace", "delete", "insert"]
    said: str
    written: str


@dataclass(frozen=True, slots=True)
class NearMiss:
    """What an article says in place of a quotation: `article_text[start:end] == text`.

    `differing` are the differences in order; none are left when only the case differs.
    """

    start: int
    end: int
    text: str
    differing: tuple[Difference, ...]
    only_case: bool = False


@dataclass(frozen=True, slots=True)
class Folded:
    """A text with one typography, and the way back to the offsets of the original."""

    text: str
    places: tuple[int, ...]  # offsets in `text`, ascending, where a stretch begins
    origins: tuple[tuple[int, int], ...]  # of each stretch in the original: start, end

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's offsets of a stretch of the folded text."""
        return self._origin(start, last=False), self._origin(end - 1, last=True)

    def _origin(self, offset: int, *, last: bool) -> int:
        index = bisect_right(self.places, offset) - 1
        start, end = self.origins[index]
        following = self.places[index + 1] if index + 1 < len(self.places) else len(self.text)
        if following - self.places[index] == end - start:  # kept as it is, one for one
            return start + offset - self.places[index] + last
        return end if last else start


def fold(text: str, *, join_broken: bool = True) -> Folded:
    """The text with one kind of quotation mark, dash, blank and ellipsis, in compatibility form.

    `join_broken` joins a word that was hyphenated at the end of a line. Linear in the text.
    """
    parts: list[str] = []
    places: list[int] = []
    origins: list[tuple[int, int]] = []
    length = done = 0
    for match in _FOLDED.finditer(text):
        start, end = match.span()
        for piece, span in (
            (text[done:start], (done, start)),
            (_fold_one(match, join_broken), (start, end)),
        ):
            if piece:
                parts.append(piece)
                places.append(length)
                origins.append(span)
                length += len(piece)
        done = end
    if done < len(text):
        parts.append(text[done:])
        places.append(length)
        origins.append((done, len(text)))
    return Folded("".join(parts), tuple(places), tuple(origins))


def locate(quotation: str, text: str) -> tuple[int, int] | None:
    """Where the text says the quotation, as offsets of the text; None where it does not.

    Case counts; typography does not. A quotation with elisions ("…", "[…]") spans from its first
    piece to its last, all in order. It begins and ends with whole words. The mark that closes a
    quotation may be the quoting sentence's own.
    """
    wanted = _bare(quotation)
    if not wanted:
        return None
    for join_broken in (True, False):
        folded = fold(text, join_broken=join_broken)
        found = _locate(wanted, folded)
        if found or not re.search(r"[-‐]\s*\n", text):
            return found
    return None


def near_miss(quotation: str, text: str) -> NearMiss | None:
    """The stretch of the text closest to the quotation, word for word; None if none is close."""
    folded = fold(text)
    wanted = _bare(quotation)
    cased = _find(wanted.casefold(), folded.text.casefold()) if wanted else None
    if cased is not None and len(folded.text) == len(folded.text.casefold()):
        start, end = folded.span(cased, cased + len(wanted))
        return NearMiss(start, end, text[start:end], (), only_case=True)
    said, written = _words(wanted), _words(folded.text)
    place = _closest(said, written)
    if place is None:
        return None
    codes = _codes(said, written[slice(*place)])
    first, last = place[0] + codes[0][3], place[0] + codes[-1][4]
    codes = _codes(said, written[first:last])
    same = sum(b - a for kind, a, b, _, _ in codes if kind == "equal")
    if same < max(_FEWEST_NEAR, NEAR * max(len(said), last - first)):
        return None
    start, end = folded.span(written[first][1], written[last - 1][2])
    window = written[first:last]
    differing = tuple(
        Difference(kind, _joined(said[a:b]), _joined(window[c:d]))
        for kind, a, b, c, d in codes
        if kind != "equal"
    )
    return NearMiss(start, end, text[start:end], differing)


def judge(quotation: str, source: Source, cited_text: str, others: Iterable[Article]) -> Quote:
    """What became of a quotation that cites an article.

    Verified and elsewhere hold the article's characters, elsewhere with the other article's
    source. A near miss holds what the cited article says instead; see `near_miss` for the words.
    Not found holds the quotation itself and no offsets.
    """
    found = locate(quotation, cited_text)
    if found:
        return Quote(source, *found, cited_text[slice(*found)])
    for article in others:
        if article.id == source.article_id:
            continue
        found = locate(quotation, article.text)
        if found:
            text = article.text[slice(*found)]
            return Quote(article.source, *found, text, Outcome.ELSEWHERE)
    near = near_miss(quotation, cited_text)
    if near:
        return Quote(source, near.start, near.end, near.text, Outcome.NEAR_MISS)
    return Quote(source, 0, 0, quotation, Outcome.NOT_FOUND)


def lost_context(text: str, start: int, end: int) -> list[str]:
    """What stands just outside a quote, in its sentence, and changes what it says; in words.

    A negation that governs it ("It is not true that …") or the one who says or denies it
    ("… , officials denied"). Empty when the cut loses neither.
    """
    first, last = _sentence(text, start, end)
    before, after = text[first:start], text[end:last]
    found = [*_lost_before(before), *_lost_after(after)]
    return list(dict.fromkeys(found))


# -- folding -------------------------------------------------------------------


def _fold_one(match: re.Match[str], join_broken: bool) -> str:
    kind = match.lastgroup
    if kind == "broken":
        return "" if join_broken else "-"
    if kind == "dash":
        return "-"
    if kind == "ellipsis":
        return "..."
    if kind == "blank":
        return " "
    if kind == "unseen":
        return ""
    if kind == "quote":
        return "'"
    return _compatible(match[0])


def _compatible(cluster: str) -> str:
    """The compatibility form of one character and its marks."""
    seen = re.sub(f"[{_UNSEEN}]", "", cluster)
    plain = unicodedata.normalize("NFKC", seen)
    return re.sub(r"\s+", " ", plain)


def _bare(quotation: str) -> str:
    """The quotation folded, without the marks around it."""
    return fold(quotation).text.strip(" '")


# -- finding -------------------------------------------------------------------


def _locate(wanted: str, folded: Folded) -> tuple[int, int] | None:
    closed = _CLOSING.sub("", wanted)
    for whole in dict.fromkeys((wanted, closed)):
        start = _find(whole, folded.text)
        if start is not None:
            return folded.span(start, start + len(whole))
    pieces = [piece.strip(" '") for piece in _ELISION.split(closed)]
    pieces = [piece for piece in pieces if piece]
    if len(pieces) < 2 and pieces == [closed]:
        return None
    places = _in_order(pieces, folded.text)
    return folded.span(places[0], places[-1] + len(pieces[-1])) if places else None


def _in_order(pieces: Sequence[str], text: str) -> list[int]:
    """Where the pieces stand one after the other; empty if one is missing.

    The first pass finds the earliest end, the way back the latest beginning before it.
    """
    places: list[int] = []
    at = 0
    for piece in pieces:
        start = _find(piece, text, at)
        if start is None:
            return []
        places.append(start)
        at = start + len(piece)
    for index in range(len(pieces) - 2, -1, -1):
        later = _find(pieces[index], text, places[index], places[index + 1])
        while later is not None:
            places[index] = later
            later = _find(pieces[index], text, later + 1, places[index + 1])
    return places


def _find(wanted: str, text: str, start: int = 0, end: int | None = None) -> int | None:
    """The first place of the wanted text that cuts no word; None if there is none."""
    if not wanted:
        return None
    stop = len(text) if end is None else end
    at = text.find(wanted, start, stop)
    while at >= 0:
        if not (_cuts(text, at) or _cuts(text, at + len(wanted))):
            return at
        at = text.find(wanted, at + 1, stop)
    return None


def _cuts(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


# -- near misses ---------------------------------------------------------------

_Word = tuple[str, int, int]  # the word as written, start, end


def _words(text: str) -> list[_Word]:
    return [(match[0], *match.span()) for match in _WORD.finditer(text)]


def _joined(words: Sequence[_Word]) -> str:
    return " ".join(word for word, _, _ in words)


def _closest(said: Sequence[_Word], written: Sequence[_Word]) -> tuple[int, int] | None:
    """The window of the written words that shares most with the said ones, by one pass."""
    size = len(said)
    if size < _FEWEST_NEAR or not written:
        return None
    wanted = Counter(word.casefold() for word, _, _ in said)
    best, best_start = 0, 0
    seen: Counter[str] = Counter()
    shared = 0
    for index, (word, _, _) in enumerate(written):
        key = word.casefold()
        if key in wanted:
            seen[key] += 1
            shared += seen[key] <= wanted[key]
        if index >= size:
            gone = written[index - size][0].casefold()
            if gone in wanted:
                shared -= seen[gone] <= wanted[gone]
                seen[gone] -= 1
        if shared > best:
            best, best_start = shared, max(0, index - size + 1)
    if best < max(_FEWEST_NEAR, NEAR * size * 0.9):
        return None
    slack = max(2, size // 4)
    return max(0, best_start - slack), min(len(written), best_start + size + slack)


_Code = tuple[Literal["equal", "replace", "delete", "insert"], int, int, int, int]


def _codes(said: Sequence[_Word], written: Sequence[_Word]) -> list[_Code]:
    """The differences, without the written words before the first and after the last agreement."""
    matcher = difflib.SequenceMatcher(
        None, [w for w, _, _ in said], [w for w, _, _ in written], autojunk=False
    )
    codes: list[_Code] = list(matcher.get_opcodes())
    while len(codes) > 1 and codes[0][0] == "insert":
        codes = codes[1:]
    while len(codes) > 1 and codes[-1][0] == "insert":
        codes = codes[:-1]
    if len(codes) > 1 and codes[0][0] == "replace":
        kind, a, b, c, d = codes[0]
        codes[0] = (kind, a, b, max(c, d - (b - a)), d)
    if len(codes) > 1 and codes[-1][0] == "replace":
        kind, a, b, c, d = codes[-1]
        codes[-1] = (kind, a, b, c, min(d, c + b - a))
    return codes


# -- context -------------------------------------------------------------------


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The offsets of the sentence or sentences that hold the quote."""
    low, high = max(0, start - _SENTENCE_REACH), min(len(text), end + _SENTENCE_REACH)
    spans = [(low + a, low + b) for a, b in sentence_spans(text[low:high])]
    held = [(a, b) for a, b in spans if a < end and start < b]
    return (min(held[0][0], start), max(held[-1][1], end)) if held else (start, end)


def _lost_before(before: str) -> Iterator[str]:
    marked = tokens(before)
    clause = _last_clause(before)
    words = [token for token in tokens(clause) if not token.mark]
    if any(negations.is_negation(words, index) for index in range(len(words))):
        yield f"a negation stands before the quote: “{clause.strip()}”"
    if attributions(marked) and _WORD.search(before):
        yield f"the quote is attributed before it begins: “{before.strip()}”"


def _last_clause(before: str) -> str:
    """What leads up to the quote; a clause set off by marks right before it is read with it."""
    bare = before.rstrip(" ,;:\"'“”‘’—–-")
    cut = max(bare.rfind(mark) for mark in (";", ":", ". ", " but ", " and "))
    return before[cut + 1 :] if cut >= 0 else before


def _lost_after(after: str) -> Iterator[str]:
    marked = tokens(after)
    words = [token for token in marked if not token.mark]
    found = attributions(marked)
    shown = after.strip(' ,."”')
    if found:
        yield f"the quote is attributed after it ends: “{shown}”"
    denied = any(negations.is_negation(words, index) for index in range(len(words)))
    if denied and (found or len(words) <= _SHORT_TAIL):
        yield f"a negation stands after the quote: “{shown}”"
