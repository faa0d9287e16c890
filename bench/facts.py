"""Invented articles that state facts, each with the questions that it alone answers.

No two of their names are within a few typing errors of each other: a question about an article
that is not there yet cannot be taken for one about another.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from newsroom import reports

_CONSONANTS, _VOWELS = "bdfghklmnprstvwz", "aeiou"
_SYLLABLES = 4
_PLACES = "observatory lighthouse museum library theatre station hospital stadium".split()
_GIVEN = "Ada Beatriz Chen Edgar Farid Greta Jonas Leila Oskar Tamar Vera Yusuf".split()
# Two names share at most so many pairs of letters: they are three typing errors apart or more.
_SHARED_PAIRS = 3
_CHARACTERS = 350


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the words that its answer must hold."""

    question: str
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """An article, and what can be asked of it."""

    id: str
    title: str
    publisher: str
    published: str
    text: str
    asked: tuple[Asked, ...]

    def row(self) -> dict[str, Any]:
        """The article as a row of a `.jsonl` file."""
        return {key: value for key, value in asdict(self).items() if key != "asked"}


def told(number: int, *, seed: int = 1) -> list[Told]:
    """So many articles, the same for the same seed."""
    names = _names(random.Random(seed))
    written = reports(number, characters=_CHARACTERS, seed=seed)
    return [
        _told(report.id, report.publisher, report.published.isoformat(), report.text, names, seed)
        for report in written
    ]


def _told(
    key: str, publisher: str, published: str, text: str, names: Iterator[str], seed: int
) -> Told:
    chance = random.Random(f"{seed}/{key}")
    name, place = next(names), chance.choice(_PLACES)
    visitors = f"{chance.randint(1_000, 999_999):,}"
    builder = f"{chance.choice(_GIVEN)} {next(names)}"
    fact = (
        f"The {place} of {name} received {visitors} visitors last year."
        f" The {place} of {name} was designed by {builder}."
    )
    return Told(
        key,
        f"Record year for the {place} of {name}",
        publisher,
        published,
        f"{fact}\n\n{text}",
        (
            Asked(f"How many visitors did the {place} of {name} receive?", visitors),
            Asked(f"Who designed the {place} of {name}?", builder),
        ),
    )


def _names(chance: random.Random) -> Iterator[str]:
    """Names far enough from each other, without end."""
    taken: list[frozenset[str]] = []
    while True:
        letters = (chance.choice(_CONSONANTS) + chance.choice(_VOWELS) for _ in range(_SYLLABLES))
        name = "".join(letters) + chance.choice(_CONSONANTS)
        pairs = frozenset(name[at : at + 2] for at in range(len(name) - 1))
        if all(len(pairs & other) <= _SHARED_PAIRS for other in taken):
            taken.append(pairs)
            yield name.title()
