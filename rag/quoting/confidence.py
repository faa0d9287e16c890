"""How likely the best sentence answers, from what was seen of question, sentence and passages.

A logistic model of a few readable signals. Its weights come from `bench/train_confidence.py`, and
`bench/abstention.py` measures it on the half of the questions that it did not learn from.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

# Below this the archive does not say: about an eighth of the answerable questions of the learning
# half of clapnq, and a twenty-fifth of xquad-en's, lie below (`bench/abstention.py`).
THRESHOLD = 0.20
# The most that is believed where so many miles, dollars, … are asked for and the best sentence
# holds none: of 13 such askings of the outside data (8 of them without the passage that answers)
# a quote answered 2.
UNMEASURED = 0.15
# Cosine taken where no vector was compared: the mean over answerable questions in training.
TYPICAL_SIMILARITY = 0.60


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against the best sentence. Shares are of the question's terms, each
    weighed by its rarity, and run from 0 to 1.

    `coverage` is the share in the sentence; `meant` what the sentence before adds where the best
    one goes on about the same thing; `around` what its two neighbours add; `passage` the share in
    its passage; `loose` the share met only by a word of the same beginning; `pairs` the share of
    neighbouring terms that stand together in the sentence too. `title` is the share that only the
    article's title and day hold, `meaning` the share met by a word of much the same meaning.
    `untold` is the share of the words that are neither names nor dates which neither the sentence,
    its neighbours nor the title hold, not even by such a word. `uncounted` is 1 where "how many"
    asks for things of which the sentence gives no number, `nobody` where a person is wanted and
    none is named. `role_missing` is 1 where the
    sentence lacks what somebody is asked to be ("president" of "Who is the president of …").
    `names_missing` is the share of the question's names and numbers that the passage lacks,
    `names_absent` that all passages found lack. `unfilled` is 1 where the question wants a date,
    number, name, … and the sentence holds none, `unmeasured` where it wants so many miles,
    dollars, years, … and the sentence holds none. `similarity` is the best cosine of question and
    passage, None where no vector was compared. `terms` counts the question's terms.
    """

    coverage: float
    meant: float
    around: float
    passage: float
    loose: float
    pairs: float
    role_missing: float
    names_missing: float
    names_absent: float
    unfilled: float
    unmeasured: float
    similarity: float | None
    terms: int
    title: float = 0.0
    meaning: float = 0.0
    untold: float = 0.0
    uncounted: float = 0.0
    nobody: float = 0.0


WEIGHTS = {
    "coverage": 2.21,
    "meant": 0.66,
    "around": 0.01,
    "passage": 2.92,
    "loose": 0.88,
    "pairs": 0.72,
    "title": -0.06,
    "meaning": 0.10,
    "untold": -0.84,
    "uncounted": -0.76,
    "nobody": -0.24,
    "role_missing": -0.12,
    "names_missing": -0.72,
    "unfilled": -0.45,
    "similarity": 4.24,
    "log_terms": 0.55,
}
BIAS = -5.86


def values(signals: Signals) -> dict[str, float]:
    """The inputs of the model by name, those of `WEIGHTS`."""
    given = dataclasses.asdict(signals)
    if signals.similarity is None:
        given["similarity"] = TYPICAL_SIMILARITY
    given["log_terms"] = math.log(1 + signals.terms)
    return {name: float(given[name]) for name in WEIGHTS}


def confidence(signals: Signals) -> float:
    """The probability, 0 to 1, that the sentence answers; below `THRESHOLD` abstain.

    0 where every name and number of the question is in none of the passages found; at most
    `UNMEASURED` where a measure is asked for and the sentence holds none.
    """
    if signals.names_absent == 1:
        return 0.0
    inputs = values(signals)
    logit = BIAS + sum(weight * inputs[name] for name, weight in WEIGHTS.items())
    chance = 1 / (1 + math.exp(-logit))
    return min(chance, UNMEASURED) if signals.unmeasured else chance
