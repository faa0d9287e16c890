"""What comes back from a chat model, read sentence by sentence as it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rag.language.sentences import sentence_spans
from rag.records import CANNOT_ANSWER
from rag.writing.markup import plain_text, without_objects

_NUMBERS = r"\d{1,3}(?:\s*(?:,|;|&|-|–|and)\s*(?:passages?\s*)?#?\d{1,3})*"
_NOUN = r"(?:(?:passages?|sources?|documents?|docs?|articles?|citations?|refs?)\s*[:.]?\s*)?#?"
# The ways of pointing at a passage: [1], [1, 3], [1-3], [Passage 2], 【1】, 【1†…】, [^1], ^1^,
# <sup>1</sup>, and (1) or ¹ where they end a clause.
_MARKER = re.compile(
    rf"[\[【［](?P<foot>\^)?\s*{_NOUN}(?P<square>{_NUMBERS})\s*(?:†[^\]】］]*)?[\]】］](?:\([^)\s]*\))?"
    rf"|<sup>\s*\[?(?P<raised>{_NUMBERS})\]?\s*</sup>"
    rf"|\^(?P<caret>{_NUMBERS})\^"
    rf"|\(\s*{_NOUN}(?P<round>{_NUMBERS})\s*\)(?=\s*(?:[.!?,;:\[【(<]|$))"
    rf"|(?<=[.!?][\"”’)\s])\(\s*{_NOUN}(?P<after>{_NUMBERS})\s*\)"
    rf"|(?<=[.!?])\s*\(\s*{_NOUN}(?P<close>{_NUMBERS})\s*\)"
    rf"|(?<=[.!?,;\"”’])(?P<small>[¹²³⁴-⁹]+)",
    re.IGNORECASE,
)
_SMALL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_WIDEST_RANGE = 20  # passages; a range beyond that is a mistake
_DEFINITION = re.compile(r"\s*\[\^(?P<note>\d{1,3})\]:\s*(?P<text>.*)")
_DEFINED = re.compile(rf"(?:\[\s*{_NOUN}(\d{{1,3}})\s*\]|^\W*{_NOUN}(\d{{1,3}})\b)", re.IGNORECASE)
_LIST = re.compile(
    r"\W*(?:sources?|references?|citations?|footnotes?|notes?|bibliography)\W*", re.IGNORECASE
)
_BULLET = re.compile(r"^\s*(?:>\s*)*(?:(?:[-*+•–]|\d{1,2}[.)])\s+)?")
_NO_SENTENCE = re.compile(r"\s*(?:#{1,6}\s|\||(?:[-*_]\s*){3,}$|```|~~~)")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
# A beginning of a marker, a link or a tag that more text may complete.
_OPEN = re.compile(
    r"(?:!?\[[^\]\n]{0,200}|!?\[[^\]\n]{0,200}\]\([^)\n]{0,400}|【[^】\n]{0,40}|\(\s*(?:\w{1,9}\s*)?\d{0,3}[\d,\s]*|<sup>[^<\n]{0,40}(?:</?\w*)?"
    r"|<[^>\n]{0,400}|\^\d*\^?|&\w{0,8}|(?<=\s)!)$"
)
_CLOSED = re.compile(r"(?:[\]】］)¹²³⁴-⁹]|\^\d+\^|</sup>)\s*$")
_ENDED = re.compile(r"[.!?…][\"”’')\]]*$")
_BEGINS = re.compile(r"\s+[\"“‘'(]?[A-Z]")
_INITIALISM = re.compile(r"\b(?:[A-Za-z]\.){2,}$")
_END_AFTER_MARKER = re.compile(r"[\]】］)]\s*[.!?][\"”’]?\s*$")
_REFUSED = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence of a reply without its markers and markup, and the passages it points to.

    Numbers that stand for no passage are struck out. `footnotes` tells that it points by footnote,
    whose definition may come at the end.
    """

    text: str
    cited: tuple[int, ...] = ()
    footnotes: bool = False

    @property
    def refuses(self) -> bool:
        """Whether this is the fixed sentence for a question that the passages do not answer."""
        return _bare(self.text) == _bare(CANNOT_ANSWER)


@dataclass(slots=True)
class ReplyReader:
    """Takes a reply in pieces of any size and gives its sentences as soon as they are finished.

    `passages` is how many passages the model was given. After `finish`, `definitions` tells which
    passages each footnote was said to stand for.
    """

    passages: int
    definitions: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _rest: str = ""
    _fenced: bool = False
    _listing: bool = False
    _within: bool = False  # whether a sentence of the present line has been given already

    def feed(self, piece: str) -> list[Written]:
        """The sentences that this piece finishes."""
        self._rest += piece
        found = self._whole_lines()
        open_from = _open_from(self._rest, _CLOSED.search(self._rest) is not None)
        ready, held = self._rest[:open_from], self._rest[open_from:]
        if held or not self._is_prose(ready):
            return found + self._all_but_last(ready, held)
        if _END_AFTER_MARKER.search(ready) and _MARKER.search(ready):
            self._rest = ""
            return found + self._sentences(ready, goes_on=True)
        return found + self._all_but_last(ready, held)

    def pause(self) -> list[Written]:
        """The sentence that ends in its marker, if nothing has come for a moment."""
        text = self._rest
        if not self._is_prose(text) or not _CLOSED.search(text) or _open_from(text) < len(text):
            return []
        spread = _Spread(text, self.passages)
        # A word put after it shows whether the sentence can end there: not after "Mr.".
        ends = len(sentence_spans(f"{spread.plain} The")) > len(sentence_spans(spread.plain))
        is_end = _ENDED.search(spread.plain) and not _INITIALISM.search(spread.plain)
        if not (spread.marks and is_end and ends):
            return []
        self._rest = ""
        return self._sentences(text, goes_on=True)

    def finish(self, *, cut: bool = False) -> list[Written]:
        """What is left, as a last sentence; nothing of an unfinished one when `cut`."""
        found = self._whole_lines()
        text, self._rest = self._rest, ""
        if cut and not _ENDED.search(_Spread(text, self.passages).plain.rstrip()):
            written = self._line(text)
            return found + written[:-1]
        return found + self._line(text)

    def _whole_lines(self) -> list[Written]:
        self._rest = without_objects(_THOUGHT.sub(_keep_open_thought, self._rest))
        if self._rest.lower().startswith(("<think", "<reasoning")):
            return []
        *lines, self._rest = re.split(r"\r\n|\r|\n", self._rest)
        found = []
        for line in lines:
            found += self._line(line)
            self._within = False
        return found

    def _all_but_last(self, ready: str, held: str) -> list[Written]:
        if not self._is_prose(ready):
            return []
        spread = _Spread(ready, self.passages)
        begins = [start for start, _ in spread.sentences()][1:]
        whole = [begin for begin in begins if not _is_quoting(spread.plain[:begin])]
        if not whole:
            return []
        cut = spread.original(whole[-1])
        self._rest = ready[cut:] + held
        return self._sentences(ready[:cut], goes_on=True)

    def _line(self, line: str) -> list[Written]:
        if _FENCE.match(line):
            self._fenced = not self._fenced
            return []
        if defined := _DEFINITION.match(line):
            numbers = [int(a or b) for a, b in _DEFINED.findall(defined["text"])]
            self.definitions[int(defined["note"])] = self._known(numbers)
            return []
        if line.strip() and _LIST.fullmatch(line):
            self._listing = True
        if self._fenced or self._listing or _NO_SENTENCE.match(line):
            return []
        return self._sentences(line)

    def _is_prose(self, line: str) -> bool:
        """Whether an unfinished line is one that sentences may be taken from already."""
        return not (
            self._fenced
            or self._listing
            or _NO_SENTENCE.match(line)
            or _DEFINITION.match(line)
            or line.lstrip().startswith(("[^", "`", "~", "#", "|", "<think"))
        )

    def _sentences(self, text: str, *, goes_on: bool = False) -> list[Written]:
        if not self._within:
            text = _BULLET.sub("", text, count=1)
        spread = _Spread(text, self.passages)
        spans = spread.sentences()
        found = []
        for index, (start, end) in enumerate(spans):
            following = spans[index + 1][0] if index + 1 < len(spans) else len(spread.plain) + 1
            # A marker before the first word of a line points from it; elsewhere it belongs to
            # the sentence before.
            opening = index == 0 and not self._within
            marks = [m for m in spread.marks if (opening or m.at > start) and m.at <= following]
            numbers = [number for mark in marks for number in mark.numbers]
            words = plain_text(spread.plain[start:end])
            if words:
                found.append(
                    Written(
                        words,
                        self._known(numbers),
                        any(mark.footnote for mark in marks),
                    )
                )
        self._within = goes_on
        return found

    def _known(self, numbers: list[int]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(n for n in numbers if 0 < n <= self.passages))


@dataclass(frozen=True, slots=True)
class _Mark:
    """A marker: where in the plain text it stood, and the numbers in it."""

    at: int
    numbers: tuple[int, ...]
    footnote: bool


class _Spread:
    """A text with its markers taken out and kept beside it."""

    def __init__(self, text: str, passages: int) -> None:
        self.marks: list[_Mark] = []
        self._kept: list[tuple[int, int]] = []  # where in plain and in the text a stretch begins
        self.plain = ""
        at = 0
        for match in _MARKER.finditer(text):
            groups = {name: value for name, value in match.groupdict().items() if value}
            foot = groups.pop("foot", None) is not None
            numbers = _numbers(next(iter(groups.values())))
            in_round = any(name in groups for name in ("round", "after", "close", "small"))
            if in_round and not all(0 < number <= passages for number in numbers):
                continue
            self._keep(at, text[at : match.start()].rstrip(" \t"))
            self.marks.append(_Mark(len(self.plain), numbers, foot))
            at = match.end()
            if text[at : at + 1].isalnum():
                self.plain += " "
        self._keep(at, text[at:])

    def sentences(self) -> list[tuple[int, int]]:
        """The sentences of the plain text; a marker after a full stop ends one even at "2 a.m."."""
        ends = [
            mark.at
            for mark in self.marks
            if _ENDED.search(self.plain[: mark.at]) and _BEGINS.match(self.plain[mark.at :])
        ]
        found = []
        for start, end in sentence_spans(self.plain):
            for at in (at for at in ends if start < at < end):
                found.append((start, at))
                start = at + len(self.plain[at:]) - len(self.plain[at:].lstrip())
            found.append((start, end))
        return found

    def original(self, place: int) -> int:
        """Where a place of the plain text is in the text."""
        plain, text = max((kept for kept in self._kept if kept[0] <= place), default=(0, 0))
        return text + place - plain

    def _keep(self, at: int, stretch: str) -> None:
        self._kept.append((len(self.plain), at))
        self.plain += stretch


def _numbers(words: str) -> tuple[int, ...]:
    """The numbers of a marker, ranges spelled out."""
    found: list[int] = []
    plain = words.translate(_SMALL)
    for match in re.finditer(r"(\d{1,3})(?:\s*[-–]\s*#?(\d{1,3}))?", plain):
        first, last = int(match[1]), int(match[2] or match[1])
        found += range(first, last + 1) if first <= last <= first + _WIDEST_RANGE else (first, last)
    return tuple(dict.fromkeys(found))


def _keep_open_thought(match: re.Match[str]) -> str:
    """A thought that is not finished stays, so that its end is looked for."""
    return "" if match[0].lower().endswith(f"</{match[1].lower()}>") else match[0]


def _open_from(text: str, may_go_on: bool = False) -> int:
    """Where something begins that more text may complete: a marker, a link, a tag."""
    match = _OPEN.search(text)
    if match:
        return match.start()
    if may_go_on and (link := re.search(r"!?\[[^\]\n]{0,200}\]\s*$", text)):
        return link.start()
    return len(text)


def _is_quoting(text: str) -> bool:
    """Whether a quotation is open at the end of the text, so that its sentences belong together."""
    return text.count('"') % 2 == 1 or text.count("“") > text.count("”")


def _bare(text: str) -> str:
    return _REFUSED.sub(" ", text).strip().casefold()
