"""A true sentence, what it is changed into, and what the changes are drawn from."""

from __future__ import annotations

import enum
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

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


def put(text: str, start: int, end: int, new: str) -> str:
    """The text with something new in the place of `start` to `end`."""
    return text[:start] + new + text[end:]


def shuffled(things: Sequence[T], pool: Pool) -> Iterator[T]:
    """The things in an order that the die tells."""
    yield from pool.die.sample(things, len(things))
