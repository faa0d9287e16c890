"""Mutations: what they change, and that the checker sees it."""

from __future__ import annotations

import pytest

from rag.checking.claims import LadderChecker
from rag.evaluation.checks.mutations import Mutant, Mutation, TrueSentence, mutants
from rag.records import Citation, Claim, Passage, Quote, Source, Verdict

SENTENCES = [
    TrueSentence(text, text)
    for text in (
        "On Monday, Ada Moss told the council that the tram had carried 12,400 people in May.",
        "The harbour was not closed in 2029, although Ben Finch had asked for it, he said.",
        "Norland beat Sudland by three points in the final, the first since 2024.",
        "“The price will rise by 7 percent,” said Carla Stone, who buys grain for Port Lumen.",
        "According to Omar Reed, the new bridge has cost £88 million, about 10 percent too much.",
        "The Bank of Norland raised rates in March, but it can't say whether they will fall.",
        "Many shops in Camberwick opened late, because the ferry didn't leave before 9 a.m.",
        "Dunmere Rail said it had hired 250 drivers in two years, nearly all of them women.",
    )
]


@pytest.fixture(scope="module")
def made() -> dict[Mutation, list[Mutant]]:
    """Mutants of every kind."""
    return mutants(SENTENCES, each=20, seed=3)


@pytest.mark.parametrize("kind", list(Mutation))
def test_every_kind_is_made(kind: Mutation, made: dict[Mutation, list[Mutant]]) -> None:
    """Each kind finds something to change, and changes it."""
    assert made[kind]
    for mutant in made[kind]:
        if kind is Mutation.MOVED:
            assert mutant.original not in mutant.passage
        elif kind is not Mutation.IDENTITY:
            assert mutant.text != mutant.original


def test_the_same_seed_gives_the_same_mutants(made: dict[Mutation, list[Mutant]]) -> None:
    """Running it twice gives the same mutants."""
    assert mutants(SENTENCES, each=20, seed=3) == made


@pytest.mark.parametrize("kind", [kind for kind in Mutation if not kind.keeps_truth])
def test_the_checker_catches_what_became_false(
    kind: Mutation, made: dict[Mutation, list[Mutant]]
) -> None:
    """No sentence of this small set that became false is passed as supported."""
    passed = [m.text for m in made[kind] if _verdict(m) is Verdict.SUPPORTED]

    assert passed == []


@pytest.mark.parametrize("kind", [Mutation.IDENTITY, Mutation.TYPOGRAPHY, Mutation.TRUNCATION])
def test_the_checker_leaves_what_stayed_true(
    kind: Mutation, made: dict[Mutation, list[Mutant]]
) -> None:
    """A sentence that is unchanged, reset or shortened is supported."""
    rejected = [m.text for m in made[kind] if _verdict(m) is not Verdict.SUPPORTED]

    assert rejected == []


def _verdict(mutant: Mutant) -> Verdict:
    source = Source("a")
    passage = Passage("a:0", source, mutant.passage, 0, len(mutant.passage))
    quote = Quote(source, 0, len(mutant.passage), mutant.passage)
    return LadderChecker().check(Claim(mutant.text, (Citation(1, quote, passage),))).verdict
