"""Mutations: true sentences made false in one way each, and controls that stay true.

They measure a checker: the share of false ones it catches, and of true ones it rejects.
"""

from __future__ import annotations

import enum
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from rag.checking.antonyms import opposites
from rag.language.figures import figures
from rag.language.names import Name, matches, names

T = TypeVar("T")


class Mutation(enum.StrEnum):
    """What was done to a sentence."""

    NUMBER = "number"
    UNIT = "unit"
    DATE = "date"
    NAME = "name"
    SWAP = "name swap"
    NEGATION_IN = "negation inserted"
    NEGATION_OUT = "negation removed"
    ANTONYM = "antonym"
    SPEAKER = "speaker"
    MOVED = "citation moved"
    IDENTITY = "identity"
    TYPOGRAPHY = "typography"
    TRUNCATION = "truncation"
    PARAPHRASE = "light paraphrase"
    REORDERING = "reordering"

    @property
    def keeps_truth(self) -> bool:
        """Whether the sentence is still true afterwards."""
        return self in _CONTROLS


_CONTROLS = frozenset(
    [
        Mutation.IDENTITY,
        Mutation.TYPOGRAPHY,
        Mutation.TRUNCATION,
        Mutation.PARAPHRASE,
        Mutation.REORDERING,
    ]
)


@dataclass(frozen=True, slots=True)
class TrueSentence:
    """A sentence and the passage that says it."""

    text: str
    passage: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """A sentence changed in one way and the passage it is to be held against."""

    kind: Mutation
    text: str
    passage: str
    original: str


@dataclass(frozen=True, slots=True)
class Pool:
    """What replacements are drawn from: the sentences themselves, and a seeded die."""

    sentences: tuple[TrueSentence, ...]
    names: tuple[str, ...]
    speakers: tuple[str, ...]
    die: random.Random

    def foreign_name(self, passage: str) -> str | None:
        """A name of another sentence, no word of which the passage holds."""
        return self._foreign(self.names, passage)

    def foreign_speaker(self, passage: str) -> str | None:
        """A speaker of another sentence, no word of which the passage holds."""
        return self._foreign(self.speakers or self.names, passage)

    def _foreign(self, names: Sequence[str], passage: str) -> str | None:
        low = passage.lower()
        for _ in range(20):
            name = self.die.choice(names) if names else ""
            if name and not any(part.lower() in low for part in name.split()):
                return name
        return None


def mutants(
    sentences: Sequence[TrueSentence], *, each: int, seed: int = 0
) -> dict[Mutation, list[Mutant]]:
    """Up to `each` mutants of every kind; the same sentences and seed give the same mutants."""
    die = random.Random(seed)
    pool = _gathered(sentences, die)
    found: dict[Mutation, list[Mutant]] = {}
    for kind in Mutation:
        order = list(sentences)
        die.shuffle(order)
        made = (mutant for sentence in order if (mutant := mutate(kind, sentence, pool)))
        found[kind] = [mutant for _, mutant in zip(range(each), made, strict=False)]
    return found


def mutate(kind: Mutation, sentence: TrueSentence, pool: Pool) -> Mutant | None:
    """The sentence changed in the way asked for; None where it offers no hold."""
    if kind is Mutation.MOVED:
        passage = _elsewhere(sentence, pool)
        return Mutant(kind, sentence.text, passage, sentence.text) if passage else None
    text = _MAKERS[kind](sentence, pool)
    if text is None or (text == sentence.text and kind is not Mutation.IDENTITY):
        return None
    return Mutant(kind, text, sentence.passage, sentence.text)


def _gathered(sentences: Sequence[TrueSentence], die: random.Random) -> Pool:
    found, speakers = [], []
    for sentence in sentences:
        for name in names(sentence.text):
            if name.certain and len(name.text) > 2:
                found.append(name.text)
                if _speaks(sentence.text, name):
                    speakers.append(name.text)
    return Pool(tuple(sentences), tuple(dict.fromkeys(found)), tuple(dict.fromkeys(speakers)), die)


def _put(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


# -- numbers, units, dates -----------------------------------------------------

_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()


def _number(sentence: TrueSentence, pool: Pool) -> str | None:
    held = figures(sentence.passage)
    for figure in _shuffled(figures(sentence.text), pool):
        for _ in range(10):
            new = _other_number(figure.text, pool.die)
            if new is None:
                break
            changed = _put(sentence.text, figure.start, figure.end, new)
            values = [f.value for f in figures(changed) if f.start >= figure.start][:1]
            if values and values[0] not in {f.value for f in held}:
                return changed
    return None


def _other_number(words: str, die: random.Random) -> str | None:
    digits = re.search(r"\d+(?:,\d{3})*(?:\.\d+)?", words)
    if digits:
        bare = digits[0].replace(",", "")
        factor = die.choice([0.5, 0.8, 1.1, 1.3, 2, 3])
        value = float(bare) * factor + die.choice([0, 1, 2])
        new = f"{value:.{len(bare.partition('.')[2])}f}"
        if "," in digits[0]:
            new = f"{float(new):,.{len(bare.partition('.')[2])}f}"
        return _put(words, digits.start(), digits.end(), new)
    for word in re.finditer(r"[A-Za-z]+", words):
        if word[0].lower() in _WORDS and word[0].lower() != "one":
            rest = [w for w in _WORDS[1:9] if w != word[0].lower()]
            return _put(words, word.start(), word.end(), die.choice(rest))
    return None


_UNITS = (
    ("$", "€"), ("£", "$"), ("€", "£"), ("%", " points"), ("percent", "points"),
    ("per cent", "points"), ("million", "billion"), ("billion", "million"),
    ("thousand", "million"), ("years", "months"), ("year", "month"), ("months", "weeks"),
    ("weeks", "days"), ("days", "hours"), ("hours", "minutes"), ("minutes", "hours"),
    ("dollars", "euros"), ("pounds", "dollars"), ("miles", "kilometres"), ("yards", "miles"),
    ("km", "miles"), ("bn", "m"),
)  # fmt: skip


def _unit(sentence: TrueSentence, pool: Pool) -> str | None:
    for figure in _shuffled(figures(sentence.text), pool):
        for unit, other in _UNITS:
            place = re.search(rf"(?<![A-Za-z]){re.escape(unit)}(?![A-Za-z])", figure.text)
            if place:
                new = _put(figure.text, place.start(), place.end(), other)
                return _put(sentence.text, figure.start, figure.end, new)
    return None


_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = (
    "January February March April June July August September October November December".split()
)


def _date(sentence: TrueSentence, pool: Pool) -> str | None:
    places = [
        *((m, _DAYS) for m in re.finditer("|".join(_DAYS), sentence.text)),
        *((m, _MONTHS) for m in re.finditer(rf"\b(?:{'|'.join(_MONTHS)})\b", sentence.text)),
        *((m, [str(y) for y in range(1990, 2026)])
          for m in re.finditer(r"(?<![\d$£€,.])(?:19|20)\d\d(?![\d,]|\.\d)", sentence.text)),
    ]  # fmt: skip
    for match, others in _shuffled(places, pool):
        rest = [other for other in others if other not in sentence.passage]
        if rest:
            return _put(sentence.text, match.start(), match.end(), pool.die.choice(rest))
    return None


# -- names and speakers --------------------------------------------------------


def _name(sentence: TrueSentence, pool: Pool) -> str | None:
    for name in _shuffled([n for n in names(sentence.text) if n.certain], pool):
        other = pool.foreign_name(sentence.passage)
        if other:
            return _put(sentence.text, name.start, name.end, other)
    return None


def _swap(sentence: TrueSentence, _pool: Pool) -> str | None:
    found = [name for name in names(sentence.text) if name.certain]
    for first, second in pairwise(found):
        between = sentence.text[first.end : second.start]
        alike = matches(first.text, second.text) or matches(second.text, first.text)
        if alike or not re.search(r"[a-z]{3,} [a-z]{2,}", between):
            continue
        swapped = second.text + between + first.text
        return _put(sentence.text, first.start, second.end, swapped)
    return None


_SAYS = r"(?:said|says|told|added|argued|claimed|explained|announced|warned|noted|testified|wrote)"


def _speaks(text: str, name: Name) -> bool:
    return bool(
        re.match(rf"\s+(?:also\s+)?{_SAYS}\b", text[name.end :])
        or re.search(rf"(?:\b{_SAYS}|according to)\s+$", text[: name.start], re.IGNORECASE)
    )


def _speaker(sentence: TrueSentence, pool: Pool) -> str | None:
    text = sentence.text
    places = [(name.start, name.end) for name in names(text) if _speaks(text, name)]
    places += [m.span(1) for m in re.finditer(rf"\b([Hh]e|[Ss]he|[Tt]hey) {_SAYS}\b", text)]
    other = pool.foreign_speaker(sentence.passage)
    if not places or other is None:
        return None
    return _put(text, *pool.die.choice(places), other)


# -- negation and opposites ----------------------------------------------------

_AUXILIARY = re.compile(
    r"\b(is|are|was|were|will|would|has|have|had|can|could|should|may|might|must)\b"
    r"(?! not|n['’]t| no\b| never)"
)
_NEGATED = re.compile(
    r"\b(is|are|was|were|did|does|do|will|would|has|have|had|could|should|might|must|ca|wo)"
    r"(?: not\b|n['’]t\b)|\bcannot\b|\bnever |\bnot |\bno longer |\bno (?=[a-z])",
)
_ANY_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nor|neither|without|cannot)\b|n['’]t\b", re.IGNORECASE
)


def _negate(sentence: TrueSentence, pool: Pool) -> str | None:
    places = list(_AUXILIARY.finditer(sentence.text))
    if not places:
        return None
    match = pool.die.choice(places)
    return _put(sentence.text, match.end(), match.end(), pool.die.choice([" not", " never"]))


def _affirm(sentence: TrueSentence, pool: Pool) -> str | None:
    places = list(_NEGATED.finditer(sentence.text))
    if not places:
        return None
    match = pool.die.choice(places)
    kept = {"ca": "can", "wo": "will", None: ""}.get(match[1], match[1]) or ""
    new = "can" if match[0] == "cannot" else kept
    return _put(sentence.text, match.start(), match.end(), new)


def _antonym(sentence: TrueSentence, pool: Pool) -> str | None:
    listed = opposites()
    for match in _shuffled(list(re.finditer(r"\b[a-z]{3,}\b", sentence.text)), pool):
        for ending in ("", "s", "ed", "ing", "d"):
            base = match[0].removesuffix(ending) if ending else match[0]
            if base in listed and (not ending or base != match[0]):
                other = listed[base][0]
                return _put(sentence.text, match.start(), match.end(), other + ending)
    return None


# -- controls ------------------------------------------------------------------


def _identity(sentence: TrueSentence, _pool: Pool) -> str | None:
    return sentence.text


_CURLED = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


def _typography(sentence: TrueSentence, _pool: Pool) -> str | None:
    plain = sentence.text.translate(_CURLED).replace("…", "...")
    if plain != sentence.text:
        return plain
    curly = re.sub(r"(?<=\w)'(?=\w)", "’", sentence.text)
    curly = re.sub(r'"([^"]*)"', r"“\1”", curly)
    return curly.replace(" - ", " – ").replace(" ", "\u00a0", 1).replace(" ", "  ", 1)


def _truncation(sentence: TrueSentence, pool: Pool) -> str | None:
    text = sentence.text
    commas = [m.start() for m in re.finditer(r",(?=\s)", text)]
    options = [text[:at].rstrip() + "." for at in commas]
    options += [text[at + 1 :].lstrip() for at in commas]
    options += [text[:a] + text[b + 1 :] for a, b in pairwise(commas)]
    wanted = len(_ANY_NEGATION.findall(text))
    fair = [
        option[0].upper() + option[1:]
        for option in options
        if len(option.split()) >= max(6, len(text.split()) // 3)
        and len(_ANY_NEGATION.findall(option)) == wanted
    ]
    return pool.die.choice(fair) if fair else None


_SYNONYMS = {
    "said": "stated", "says": "states", "also": "too", "but": "yet", "because": "since",
    "big": "large", "large": "big", "began": "started", "started": "began", "many": "numerous",
    "about": "around", "around": "about", "over": "more than", "such as": "like",
    "help": "assist", "helped": "assisted", "show": "display", "buy": "purchase",
    "while": "whereas", "will": "is going to", "however": "though", "although": "though",
    "which": "that", "the": "a", "a": "the", "in": "within", "use": "employ", "used": "employed",
    "company": "firm", "companies": "firms", "got": "received", "children": "kids",
    "film": "movie", "movie": "film", "nearly": "almost", "almost": "nearly", "during": "in",
    "important": "key", "quickly": "rapidly", "entire": "whole", "recent": "latest",
    "huge": "enormous", "wants": "wishes", "needs": "requires", "last": "past", "and": "as well as",
    "before": "prior to", "after": "following", "make": "create",
    "made": "created", "people": "persons", "get": "obtain", "may": "might",
}  # fmt: skip
_MOST_SYNONYMS = 3


def _paraphrase(sentence: TrueSentence, pool: Pool) -> str | None:
    places = [m for m in re.finditer(r"\b[a-z]+\b", sentence.text) if m[0] in _SYNONYMS]
    chosen = pool.die.sample(places, min(_MOST_SYNONYMS, len(places)))
    text = sentence.text
    for match in sorted(chosen, key=lambda m: m.start(), reverse=True):
        text = _put(text, match.start(), match.end(), _SYNONYMS[match[0]])
    return text if chosen else None


def _reordering(sentence: TrueSentence, _pool: Pool) -> str | None:
    lead = re.match(
        r"((?:In|On|At|After|Before|During|While|When|If|For|With|As) [^,]+), (.+?)[.]?$",
        sentence.text,
    )
    if lead:
        return f"{lead[2][0].upper()}{lead[2][1:]}, {lead[1][0].lower()}{lead[1][1:]}."
    tail = re.match(r"(.+), ([^,]{8,60}?)[.]?$", sentence.text)
    if not tail:
        return None
    return f"{tail[2][0].upper()}{tail[2][1:]}, {tail[1]}."


def _elsewhere(sentence: TrueSentence, pool: Pool) -> str | None:
    others = [s.passage for s in pool.die.sample(pool.sentences, min(20, len(pool.sentences)))]
    return next(
        (other for other in others if sentence.text not in other and other not in sentence.passage),
        None,
    )


def _shuffled(things: Sequence[T], pool: Pool) -> Iterator[T]:
    yield from pool.die.sample(things, len(things))


_MAKERS: dict[Mutation, Callable[[TrueSentence, Pool], str | None]] = {
    Mutation.NUMBER: _number,
    Mutation.UNIT: _unit,
    Mutation.DATE: _date,
    Mutation.NAME: _name,
    Mutation.SWAP: _swap,
    Mutation.NEGATION_IN: _negate,
    Mutation.NEGATION_OUT: _affirm,
    Mutation.ANTONYM: _antonym,
    Mutation.SPEAKER: _speaker,
    Mutation.IDENTITY: _identity,
    Mutation.TYPOGRAPHY: _typography,
    Mutation.TRUNCATION: _truncation,
    Mutation.PARAPHRASE: _paraphrase,
    Mutation.REORDERING: _reordering,
}
