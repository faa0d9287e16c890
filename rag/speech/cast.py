"""The cast of an article: full names for short ones, and whom a pronoun stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from rag.speech.voices import NAME, Voice, without_titles

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


@dataclass(slots=True)
class Cast:
    """Everybody named so far in an article, in order; `heard` are the voices that spoke."""

    text: str
    heard: list[Voice] = field(default_factory=list)
    _named: list[re.Match[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._named = [match for match in _NAME.finditer(self.text) if _untitled(match)[1]]

    def full(self, voice: Voice, paragraph: int) -> Voice:
        """The voice under the full name it was given before, if only one person bears it.

        A speaker heard by that name in the same paragraph (from `paragraph` on) comes first.
        """
        if voice.kind != "name" or " " in voice.text:
            return voice
        heard = [known for known in self.heard if self._bears(voice.text, known)]
        near = [known for known in heard if known.start >= paragraph]
        if near:
            return _as(voice, near[-1])
        candidates = {_plain(known.text): known for known in heard}
        for match in self._named:
            if match.end() > voice.start:
                break
            name = _untitled(match)
            known = Voice(name[0], name[0] + len(name[1]), name[1], "name")
            if self._bears(voice.text, known):
                candidates.setdefault(_plain(name[1]), known)
        if len(candidates) == 1:
            return _as(voice, next(iter(candidates.values())))
        return voice

    def meant(self, pronoun: Voice, paragraph: int) -> Voice | None:
        """Whom a pronoun stands for; None where two could be meant.

        The last speaker of the paragraph, if no other person was named since; else the only
        person named in the paragraph; else the last speaker of the article, named since by nobody.
        """
        if pronoun.text.lower() == "they":
            return None
        thing = pronoun.text.lower() == "it"
        last = next((v for v in reversed(self.heard) if v.kind != "pronoun"), None)
        if last is not None and is_person(self.text, last) is thing:
            last = None
        since = [m for m in self._named if m.end() <= pronoun.start]
        if last is not None:
            rivals = [
                m for m in since if m.start() > last.start and self._is_rival(m, last, thing)
            ]
            if not rivals and (last.start >= paragraph or not thing):
                return last
        if thing:
            return None
        persons: dict[str, Voice] = {}
        for match in since:
            if match.start() < paragraph:
                continue
            start, name = _untitled(match)
            voice = Voice(start, start + len(name), name, "name")
            if self._looks_human(match, voice):
                full = self.full(voice, paragraph)
                persons[_plain(full.text)] = full
        return next(iter(persons.values())) if len(persons) == 1 else None

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

    def _is_rival(self, match: re.Match[str], last: Voice, thing: bool) -> bool:
        start, name = _untitled(match)
        if _plain(name) == _plain(last.text) or _stands_for(name, last.text):
            return False
        voice = Voice(start, start + len(name), name, "name")
        return thing or self._looks_human(match, voice)

    def _looks_human(self, match: re.Match[str], voice: Voice) -> bool:
        if _ORGANISATION.search(voice.text):
            return False
        return is_person(self.text, voice) or any(
            _plain(voice.text) == _plain(known.text) or _stands_for(voice.text, known.text)
            for known in self.heard
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
