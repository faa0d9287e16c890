"""The cast of an article: full names for short ones, and whom a pronoun stands for."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field, replace

from rag.language.speech.voices import NAME, Voice, without_titles

_NAME = re.compile(NAME)
_ORGANISATION = re.compile(
    r"\b(?:Ministry|University|Institute|Agency|Inc|Corp|Party|Council|Committee|Department|Bank|Group"
    r"|Company|Association|Union|News|Times|Post|Court|Office|Center|Centre|Commission|Authority"
    r"|Police|Korea|House|Street|Board|Bureau|Federation|League|Club|College|School|Hospital"
    r"|Foundation|Reserve|Government|Service|Organi[sz]ation|Senate|Congress|Parliament|Army|Navy"
    r"|States|Kingdom|Nations|Administration|Media|Press|Network|Project|Ltd|LLC|Team)\b"
)
_PERSON_NOUN = re.compile(
    r"\b(?:professor|analyst|director|minister|president|spokes\w+|expert|chief|leader|head|founder"
    r"|executive|author|scientist|researcher|economist|lawyer|attorney|doctor|coach|manager|player"
    r"|actor|actress|singer|writer|mayor|governor|senator|officer|chair\w*|secretary|who|whose|fellow"
    r"|partner|owner|resident|teacher|student|judge|prosecutor|ambassador|adviser|advisor|captain"
    r"|engineer|editor|reporter|strategist|CEO|mother|father|son|daughter|wife|husband|\d\d)\b",
    re.I,
)


# A pronoun does not reach further back than this many characters, about three paragraphs.
_REACH = 1500


@dataclass(slots=True)
class Cast:
    """Everybody named so far in an article; voices must be asked for in the order of the text."""

    text: str
    heard: list[Voice] = field(default_factory=list)
    _named: list[tuple[int, str]] = field(default_factory=list)
    _bearers: dict[str, dict[str, Voice]] = field(default_factory=dict)
    _read: int = 0

    def __post_init__(self) -> None:
        found = (_untitled(match) for match in _NAME.finditer(self.text))
        self._named = [(start, name) for start, name in found if name]

    def hear(self, voice: Voice) -> None:
        """Note a voice that spoke."""
        self.heard.append(voice)
        self._note(voice)

    def full(self, voice: Voice, paragraph: int) -> Voice:
        """The voice under the full name it was given before, if only one person bears it.

        A speaker heard by that name in the same paragraph (from `paragraph` on) comes first.
        """
        if voice.kind != "name" or " " in voice.text:
            return voice
        for known in reversed(self.heard):
            if known.start < paragraph:
                break
            if self._bears(voice.text, known):
                return _as(voice, known)
        while self._read < len(self._named) and self._named[self._read][0] < voice.start:
            start, name = self._named[self._read]
            self._note(Voice(start, start + len(name), name, "name"))
            self._read += 1
        bearers = self._bearers.get(_plain(voice.text), {})
        return _as(voice, next(iter(bearers.values()))) if len(bearers) == 1 else voice

    def meant(self, pronoun: Voice, paragraph: int) -> Voice | None:
        """Whom a pronoun stands for; None where two could be meant.

        The last speaker, if nobody else was named since; else the only person named in the
        paragraph. "It" stands for a speaker that is no person, in the same paragraph only.
        """
        if pronoun.text.lower() == "they":
            return None
        thing = pronoun.text.lower() == "it"
        last = next((v for v in reversed(self.heard) if v.kind != "pronoun"), None)
        if last is not None and (
            is_person(self.text, last) is thing or last.start < pronoun.start - _REACH
        ):
            last = None
        if last is not None and (last.start >= paragraph or not thing):
            since = self._between(last.start + 1, pronoun.start)
            if not any(self._is_rival(voice, last, thing) for voice in since):
                return last
        return None if thing else self._only_person(paragraph, pronoun.start)

    def _only_person(self, start: int, end: int) -> Voice | None:
        persons: dict[str, Voice] = {}
        for voice in self._between(start, end):
            if self._looks_human(voice):
                full = self.full(voice, start)
                persons[_plain(full.text)] = full
        return next(iter(persons.values())) if len(persons) == 1 else None

    def _between(self, start: int, end: int) -> list[Voice]:
        first = bisect_left(self._named, (max(start, end - _REACH), ""))
        last = bisect_left(self._named, (end, ""))
        return [Voice(at, at + len(name), name, "name") for at, name in self._named[first:last]]

    def _note(self, known: Voice) -> None:
        words = _plain(known.text).split()
        if len(words) < 2 or known.kind != "name":
            return
        for short in {words[0], words[-1]}:
            better = known.description or _plain(known.text) not in self._bearers.get(short, {})
            if better and self._bears(short, known):
                self._bearers.setdefault(short, {})[_plain(known.text)] = known

    def _bears(self, short: str, known: Voice) -> bool:
        """Whether a short name may stand for a known one: the last word, a person's first word.

        A firm keeps its own first word: "Acme" is not short for "Acme Music".
        """
        words = _plain(known.text).split()
        if len(words) < 2 or _ORGANISATION.search(known.text):
            return False
        if _plain(short) == words[-1]:
            return True
        return _plain(short) == words[0] and is_person(self.text, known)

    def _is_rival(self, voice: Voice, last: Voice, thing: bool) -> bool:
        if _plain(voice.text) == _plain(last.text) or _stands_for(voice.text, last.text):
            return False
        return thing or self._looks_human(voice)

    def _looks_human(self, voice: Voice) -> bool:
        if _ORGANISATION.search(voice.text):
            return False
        return is_person(self.text, voice) or any(
            _plain(voice.text) == _plain(known.text) or _stands_for(voice.text, known.text)
            for known in self.heard[-20:]
            if is_person(self.text, known)
        )


def is_person(text: str, voice: Voice) -> bool:
    """Whether the words around a name show a human being: a title, a calling, an age, "who"."""
    if voice.kind == "phrase":
        return _PERSON_NOUN.search(voice.text) is not None
    if _ORGANISATION.search(voice.text):
        return False
    if voice.description and _PERSON_NOUN.search(text[slice(*voice.description)]):
        return True
    before = text[max(0, voice.start - 24) : voice.start]
    after = text[voice.end : voice.end + 60]
    titled = re.search(r"\b(?:Mr|Mrs|Ms|Dr|Sir|Dame|Prof|Sen|Rep|Gov)\.?\s+$", before) or (
        _PERSON_NOUN.search(before.split(",")[-1][-18:]) and before[-1:] == " "
    )
    described = re.match(r",\s+(?:an?|the|who|whose|\d\d)\b", after)
    return bool(titled or (described and _PERSON_NOUN.search(after)))


def _stands_for(short: str, full: str) -> bool:
    words = _plain(full).split()
    return len(words) > 1 and _plain(short) in (words[0], words[-1])


def _plain(name: str) -> str:
    return re.sub(r"['’]s?$", "", name).replace(".", "").replace("-", " ").casefold()


def _untitled(match: re.Match[str]) -> tuple[int, str]:
    start, name = without_titles(match.start(), match[0])
    return start, re.sub(r"['’]s?$", "", name)


def _as(voice: Voice, known: Voice) -> Voice:
    return replace(voice, text=known.text, description=voice.description or known.description)
