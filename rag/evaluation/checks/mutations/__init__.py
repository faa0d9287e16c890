"""Mutations: true sentences made false in one way each, and controls that stay true.

They measure a checker: the share of false ones it catches, and of true ones it rejects.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from rag.evaluation.checks.mutations import controls, measures, opposites, people
from rag.evaluation.checks.mutations.mutant import Mutant, Mutation, Pool, TrueSentence
from rag.language.names import names

__all__ = ["Mutant", "Mutation", "TrueSentence", "mutants"]


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
        made = (mutant for sentence in order if (mutant := _mutate(kind, sentence, pool)))
        found[kind] = [mutant for _, mutant in zip(range(each), made, strict=False)]
    return found


def _mutate(kind: Mutation, sentence: TrueSentence, pool: Pool) -> Mutant | None:
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
                if people.speaks(sentence.text, name):
                    speakers.append(name.text)
    return Pool(tuple(sentences), tuple(dict.fromkeys(found)), tuple(dict.fromkeys(speakers)), die)


def _elsewhere(sentence: TrueSentence, pool: Pool) -> str | None:
    others = [s.passage for s in pool.die.sample(pool.sentences, min(20, len(pool.sentences)))]
    return next(
        (other for other in others if sentence.text not in other and other not in sentence.passage),
        None,
    )


_MAKERS: dict[Mutation, Callable[[TrueSentence, Pool], str | None]] = {
    Mutation.NUMBER: measures.another_number,
    Mutation.UNIT: measures.another_unit,
    Mutation.DATE: measures.another_date,
    Mutation.NAME: people.another_name,
    Mutation.SWAP: people.names_swapped,
    Mutation.NEGATION_IN: opposites.negated,
    Mutation.NEGATION_OUT: opposites.affirmed,
    Mutation.ANTONYM: opposites.with_antonym,
    Mutation.SPEAKER: people.another_speaker,
    Mutation.IDENTITY: controls.unchanged,
    Mutation.TYPOGRAPHY: controls.typeset_otherwise,
    Mutation.TRUNCATION: controls.cut_short,
    Mutation.PARAPHRASE: controls.reworded,
    Mutation.REORDERING: controls.reordered,
}
