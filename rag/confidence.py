"""How likely the best sentence answers, from what was seen of question, sentence and passages.

A logistic model of a few readable signals. Its weights come from `bench/train_confidence.py`, and
`bench/abstention.py` measures it on the half of the questions that it did not learn from.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

# Below this the archive does not say. Chosen on the learning half: see bench/abstention.py.
THRESHOLD = 0.2
# Cosine taken where no vector was compared: the mean over answerable questions in training.
TYPICAL_SIMILARITY = 0.6


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against the best sentence. Shares are of the question's terms, each
    weighed by its rarity, and run from 0 to 1.

    `coverage` is the share in the sentence; `around` what its two neighbours add; `passage` the
    share in its passage; `absent` the share in none of the passages found; `loose` the share met
    only by a word of the same beginning. `pairs` is the share of neighbouring terms that stand
    together there too. `names_missing` is the share of the question's names and numbers that the
    passage lacks, `names_absent` of those that every passage lacks. `unfilled` is 1 where the
    question wants a date, number, name, … and the sentence holds none, else 0. `similarity` is
    the best cosine of question and passage, None where no vector was compared. `terms` counts the
    question's terms.
    """

    coverage: float
    around: float
    passage: float
    absent: float
    loose: float
    pairs: float
    names_missing: float
    names_absent: float
    unfilled: float
    similarity: float | None
    terms: int


WEIGHTS = {
    "coverage": 2.8,
    "around": 1.08,
    "passage": 3.23,
    "absent": -0.13,
    "loose": 1.66,
    "pairs": 1.23,
    "names_missing": -0.79,
    "unfilled": -0.61,
    "similarity": 3.98,
    "log_terms": 1.15,
}
BIAS = -7.94


def values(signals: Signals) -> dict[str, float]:
    """The inputs of the model by name, those of `WEIGHTS`."""
    similarity = TYPICAL_SIMILARITY if signals.similarity is None else signals.similarity
    return {
        "coverage": signals.coverage,
        "around": signals.around,
        "passage": signals.passage,
        "absent": signals.absent,
        "loose": signals.loose,
        "pairs": signals.pairs,
        "names_missing": signals.names_missing,
        "unfilled": signals.unfilled,
        "similarity": similarity,
        "log_terms": math.log(1 + signals.terms),
    }


def confidence(signals: Signals) -> float:
    """The probability, 0 to 1, that the sentence answers; below `THRESHOLD` abstain.

    0 where every name and number of the question is in none of the passages found.
    """
    if signals.names_absent == 1:
        return 0.0
    inputs = values(signals)
    logit = BIAS + sum(WEIGHTS[name] * inputs[name] for name in WEIGHTS)
    return 1 / (1 + math.exp(-logit))
