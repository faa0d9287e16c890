"""Invented articles that state facts, each with the questions that it alone answers.

No two of the places' names are within a few typing errors of each other: a question about an
article that is not there yet cannot be taken for one about another.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from newsroom import Report, reports

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


def told(number: int, *, seed: int = 1) -> Iterator[Told]:
    """So many articles, one by one, the same for the same seed."""
    names = _names(random.Random(seed))
    for report in reports(number, characters=_CHARACTERS, seed=seed):
        chance = random.Random(f"{seed}/{report.id}")
        yield _told(report, next(names), chance)


def _told(report: Report, name: str, chance: random.Random) -> Told:
    place = chance.choice(_PLACES)
    visitors = f"{chance.randint(1_000, 999_999):,}"
    builder = f"{chance.choice(_GIVEN)} {_name(chance)}"
    fact = (
        f"The {place} of {name} received {visitors} visitors last year."
        f" The {place} of {name} was designed by {builder}."
    )
    return Told(
        report.id,
        f"Record year for the {place} of {name}",
        report.publisher,
        report.published.isoformat(),
        f"{fact}\n\n{report.text}",
        (
            Asked(f"How many visitors did the {place} of {name} receive?", visitors),
            Asked(f"Who designed the {place} of {name}?", builder),
        ),
    )


def _names(chance: random.Random) -> Iterator[str]:
    """Names far enough from each other, without end."""
    taken: list[frozenset[str]] = []
    while True:
        name = _name(chance)
        pairs = frozenset(name[at : at + 2] for at in range(len(name) - 1))
        if all(len(pairs & other) <= _SHARED_PAIRS for other in taken):
            taken.append(pairs)
            yield name


def _name(chance: random.Random) -> str:
    letters = (chance.choice(_CONSONANTS) + chance.choice(_VOWELS) for _ in range(_SYLLABLES))
    return ("".join(letters) + chance.choice(_CONSONANTS)).title()
