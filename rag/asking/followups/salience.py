"""Who and what a conversation is about: its names, weighed by how near and how often they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.asking.followups.countries import is_country
from rag.asking.followups.mentions import (
    NOT_NAMES,
    begins_sentence,
    name_spans,
    name_words,
    names_of,
    with_article,
)
from rag.language.terms import fold

# How much a name counts by where it stands; each exchange further back counts for less. Chosen on
# the development half of bench/followups.py, where neighbouring values do nearly as well.
_IN_QUESTION = 1.0
_IN_ANSWER = 1.0
_FIRST_IN_ANSWER = 0.5
_FADE = 0.5
_NEARLY = 0.6  # so much of the greatest salience makes a person the topic
_NO_PERSON = -0.5  # so little speaks for a person that the name is none
_THING = 3.0  # what a word like "University", a digit or quotation marks take off
_SHORT = 3  # letters; shorter words name nobody in lower case
_DROPPED = 3  # so many words of a name may be left out in its short form

GROUP_NOUNS = frozenset("band group team company party organization organisation duo trio".split())
_GROUP_WORDS = frozenset(
    """band group company inc corp ltd party union league club team university college school
    records committee council ministry department agency association society institute court
    government army police commission organization organisation bank airlines brothers sisters
    orchestra boys girls people tribe church senate congress parliament""".split()
)
_THING_WORDS = _GROUP_WORDS | frozenset(
    """award awards prize show tour festival street road avenue river city county state states
    island islands hall stadium theatre theater museum park airport act treaty agreement war battle
    games cup series season magazine times post news journal press studio studios hospital building
    house tower bridge station day night world festival championship championships
    north south east west new""".split()
)
_HE = re.compile(r"\b(?:he|him|his|himself)\b", re.IGNORECASE)
_SHE = re.compile(r"\b(?:she|her|hers|herself)\b", re.IGNORECASE)
_AFTER_PREPOSITION = re.compile(
    r"\b(?:in|at|on|from|to|into|of|near|via|for|with|by)(?: the)? $", re.IGNORECASE
)
_AFTER_THE = re.compile(r"\b(?:the|a|an|this|that) $", re.IGNORECASE)
_OWNS = re.compile(r"['’]s?\b|['’] ")
_ACTS = re.compile(
    r" (?!(?:and|or|of|in|at|on|for|the|with|to|from|as|by|a|near|when|where|while)\b)[a-z]|, who\b"
)
# "He married Lois Burnham": a name behind a pronoun of its sentence is somebody else's.
_SPOKEN_OF = re.compile(r"\b(?:he|she|his|her|him)\b[^.!?;]*$", re.IGNORECASE)
# "the show" is a show, where "The Evening Show" is spoken of; "what was hammers career" names him.
_WORD_AND_BEFORE = re.compile(
    r"(\b(?:the|a|an|this|that|these|those|any|some|other|what|which)\s+)?([\w'’]+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One past turn: the question, best in the form it was understood, and the answer's text."""

    question: str
    answer: str


@dataclass(slots=True)
class _Tally:
    """What was counted for one name so far."""

    weight: float = 0.0
    person: float = 0.0
    quoted: bool = False
    article: int = 0

    def plus(self, other: _Tally) -> _Tally:
        return _Tally(
            self.weight + other.weight,
            self.person + other.person,
            self.quoted or other.quoted,
            self.article + other.article,
        )


@dataclass(frozen=True, slots=True)
class Entity:
    """Something named in the conversation; `weight` is its salience, higher is nearer.

    `person` counts what speaks for a person, below zero what speaks against; `group` and `work`
    are what its form suggests. `article` tells that it was mostly called "the …".
    """

    text: str
    weight: float
    person: float = 0.0
    group: bool = False
    work: bool = False
    article: bool = False

    @property
    def shown(self) -> str:
        """The name as it is put into a question."""
        return f"the {self.text}" if self.article else self.text

    @property
    def rank(self) -> float:
        """How likely "he" or "she" is meant for it; 0 or less where it is no person."""
        return self.weight * (self.person - _NO_PERSON)

    @property
    def thing(self) -> float:
        """How much its form and company say that "it" may be meant for it."""
        words = name_words(self.text)
        plain = 1 < len(words) < 4 and all(word.isalpha() for word in words)
        score = 1.0 if self.group or self.article or _THING_WORDS & set(words) else 0.0
        score += 1.0 if self.work or self.text.isupper() or not plain else 0.0
        return score

    @property
    def words(self) -> frozenset[str]:
        return frozenset(name_words(self.text))


@dataclass(frozen=True, slots=True)
class Salience:
    """The names of a conversation, most salient first; `topic` is what all of it is about.

    `gender` is "m" or "f" when the conversation speaks of its main person so, else "".
    `given` tells that the topic was given with the question and not guessed.
    """

    entities: tuple[Entity, ...]
    topic: Entity | None
    gender: str = ""
    given: bool = False

    @property
    def known(self) -> tuple[Entity, ...]:
        """The topic, then the entities."""
        return (self.topic, *self.entities) if self.topic else self.entities

    def find(self, name: str) -> Entity | None:
        """The entity that the name is all or part of."""
        return next((e for e in self.entities if name in e.text or e.text in name), None)

    def named_in(self, text: str) -> bool:
        """Whether the text names one of the entities, in whatever case."""
        words = {word: name_words(e.text)[-1] == word for e in self.known for word in e.words}
        for match in _WORD_AND_BEFORE.finditer(text):
            word = fold(match[2]).removesuffix("'s").removesuffix("'")
            if word not in words or len(word) < _SHORT or word in NOT_NAMES:
                continue
            kind = words[word] and match[1] and not match[2][0].isupper()
            if not kind or any(name_words(e.text) == ["the", word] for e in self.known):
                return True
        return False

    def ending_in(self, noun: str) -> str | None:
        """The entity whose last word is this common noun: "the memorial"."""
        for entity in self.known:
            *others, last = name_words(entity.text) or [""]
            if last == noun and others not in ([], ["the"]):
                return entity.shown
        return None


def salience(history: Sequence[Exchange], topics: Sequence[str] = ()) -> Salience:
    """What the exchanges (oldest first) and the topics (widest first) are about."""
    if not topics:
        history = since_topic_changed(history)
    found: dict[str, _Tally] = {}
    for age, exchange in enumerate(reversed(history)):
        fade = _FADE**age
        _collect(found, exchange.question, _IN_QUESTION * fade, 0.0)
        _collect(found, exchange.answer, _IN_ANSWER * fade, _FIRST_IN_ANSWER * fade)
    entities = sorted(
        (_entity(name, tally) for name, tally in _merge(found).items()), key=lambda e: -e.weight
    )
    text = " ".join(f"{e.question} {e.answer}" for e in history)
    he, she = len(_HE.findall(text)), len(_SHE.findall(text))
    gender = "m" if he > she else "f" if she > he else ""
    if topics:
        wanted = re.sub(r"\s*\([^)]*\)$", "", topics[0]).strip() or topics[0]
        topic: Entity | None = _entity(wanted, found.get(wanted, _Tally()))
    else:
        topic = _main(entities, personal=bool(gender))
    return Salience((*entities, *_of_sections(topics[1:])), topic, gender, bool(topics))


def since_topic_changed(history: Sequence[Exchange]) -> Sequence[Exchange]:
    """The exchanges from the last one that shares no name with those before it."""
    for start in range(len(history) - 1, 0, -1):
        before = {
            word
            for exchange in history[:start]
            for name in names_of(f"{exchange.question} {exchange.answer}")
            for word in name_words(name)
        }
        asked = names_of(history[start].question)
        here = [*asked, *names_of(history[start].answer)]
        if asked and before and not any(before & set(name_words(name)) for name in here):
            return history[start:]
    return history


def _main(entities: Sequence[Entity], *, personal: bool) -> Entity | None:
    """What a conversation without titles is about: its person where it says "he" or "she"."""
    least = _NEARLY * entities[0].weight if entities else 0.0
    persons = [e for e in people(entities) if e.weight >= least] if personal else []
    return next(iter([*persons, *entities]), None)


def _of_sections(titles: Sequence[str]) -> list[Entity]:
    """The names in titles of parts; a part's first word has a capital in any case."""
    return [
        Entity(name, 0.0)
        for title in titles
        for name in names_of(f"{title}.")
        if " " in name or not title.startswith(name) or "-" in name
    ]


def people(entities: Sequence[Entity]) -> list[Entity]:
    """The names that may be persons', most salient first."""
    return sorted((e for e in entities if e.rank > 0), key=lambda e: -e.rank)


def _collect(found: dict[str, _Tally], text: str, weight: float, first: float) -> None:
    """Count the names of a text, and what the words beside each say of it."""
    for order, (start, end) in enumerate(name_spans(text)):
        tally = found.setdefault(text[start:end], _Tally())
        tally.weight += weight + (0.0 if order else first)
        before, after = text[max(0, start - 20) : start], text[end : end + 20]
        tally.quoted = tally.quoted or before[-1:] in ('"', "“")
        tally.article += 1 if with_article(text, start) < start else -1
        tally.person += _personal(before, after)
        if _SPOKEN_OF.search(text[:start]):
            tally.person -= 1.0
        if _common(text, start, end):
            tally.person -= _THING


def _personal(before: str, after: str) -> float:
    """What the words on both sides of a name say for or against a person."""
    if _AFTER_PREPOSITION.search(before):
        return -0.5
    if _AFTER_THE.search(before):
        return -1.0
    if _OWNS.match(after):
        return 0.5
    return 1.0 if _ACTS.match(after) else 0.0


def _common(text: str, start: int, end: int) -> bool:
    """Whether a name is likely a plural that opens its sentence: "Prosecutors said"."""
    return text[end - 1] == "s" and " " not in text[start:end] and begins_sentence(text, start)


def _merge(found: dict[str, _Tally]) -> dict[str, _Tally]:
    """Short forms counted for the longest name that begins or ends with them."""
    merged: dict[str, _Tally] = {}
    parts: dict[str, list[str]] = {name: name_words(name) for name in found}
    for name in sorted(found, key=lambda n: -len(parts[n])):
        long = next((m for m in merged if _alias(parts[name], parts[m])), None)
        merged[long or name] = found[name] if long is None else merged[long].plus(found[name])
    return merged


def _alias(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether the short name can stand for the long: its beginning or its end."""
    size = len(short)
    return len(long) - size <= _DROPPED and short in (long[:size], long[-size:])


def _entity(name: str, tally: _Tally) -> Entity:
    words = name_words(name)
    joined = " and " in name or "&" in name
    thing = _THING_WORDS & set(words) or any(c.isdigit() for c in name) or " of " in name
    lettered = name.isupper() and len(name) > 1
    person = tally.person
    if thing or is_country(name) or tally.quoted or joined or lettered:
        person = min(person, 0.0) - _THING
    return Entity(
        name,
        tally.weight,
        person,
        bool(_GROUP_WORDS & set(words)) or words[:1] == ["the"] or joined,
        tally.quoted,
        tally.article > 0 and words[:1] != ["the"],
    )
