"""Learn how far each signal speaks for an answer, on xquad-en and clapnq; print the table.

Logistic regression on whether a quote answers: the questions of both sets, those of clapnq that
their passage leaves open, and those of xquad-en asked once more of an archive without the passage
they were written for (its article's other passages are still there: near misses). Learned from
half 0, by article and question, as the ranker is; `bench/abstention.py` reports on half 1.

    python bench/train_confidence.py --data DIR [--cache DIR]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pools import Case, Newsroom, Pool, Pooled, Told, clapnq, folders, is_home, xquad
from scipy.optimize import minimize

from rag import Hit
from rag.quoting.confidence import Signals, values
from rag.quoting.selection import Selection, ranking, select, signals
from rag.quoting.selection.features import understood

PENALTY = 1.0  # ridge; not tuned
QUOTES = 2
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """A question that was asked of a pool, perhaps without its home passage.

    `answerable` tells whether the pool answers it, `answered` whether a quote does.
    """

    case: Case
    signals: Signals
    selection: Selection
    answerable: bool
    answered: bool


def asked(pool: Pool, cache: Path | None) -> list[Asked]:
    """Every question asked of the whole pool."""
    with Pooled(pool, cache) as pooled:
        return [_asked(pooled, case, pooled.hits(case.question), None) for case in pool.cases]


def asked_without_home(pool: Pool, cache: Path | None) -> list[Asked]:
    """Every question asked of the pool without the passage it was written for."""
    found = []
    with Pooled(pool, cache) as pooled:
        for case in pool.cases:
            hits = [hit for hit in pooled.hits(case.question) if not is_home(case, hit)]
            found.append(_asked(pooled, case, hits, case.home))
    return found


def _asked(pooled: Pooled, case: Case, hits: list[Hit], without: int | None) -> Asked:
    def idf(term: str) -> float:
        return pooled.idf(term, without=without)

    question = understood(case.question, hits, idf)
    seen = signals(question, hits, ranking(question, hits)[0][1])
    selection = select(case.question, hits, idf=idf, max_quotes=QUOTES)
    right = any(
        case.answered_by(
            chosen.passage.text[
                chosen.start - chosen.passage.start : chosen.end - chosen.passage.start
            ],
            chosen.passage.source.article_id == str(case.home),
        )
        for chosen in selection.chosen
    )
    answerable = case.answerable and without is None
    return Asked(case, seen, selection, answerable, answerable and right)


def asked_news(split: str, cache: Path | None) -> tuple[list[tuple[Signals, bool]], int]:
    """The signals of each question of the news archive and whether a quote answers it.

    Each answerable question is asked once more without the passages that answer. The second
    value counts the questions as they were written, which come first.
    """
    with Newsroom(split, cache) as room:
        told = room.told()
        written = [_heard(one, one.hits, room) for one in told]
        bare = [_heard(one, one.bare, room) for one in told if one.quotes and one.bare]
    return [*written, *((seen, False) for seen, _ in bare)], len(written)


def _heard(told: Told, hits: Sequence[Hit], room: Newsroom) -> tuple[Signals, bool]:
    question = understood(told.question, hits, room.idf)
    seen = signals(question, hits, ranking(question, hits)[0][1])
    chosen = select(told.question, hits, idf=room.idf, max_quotes=QUOTES).chosen
    return seen, any(
        told.answered_by(one.passage, one.start - one.passage.start, one.end - one.passage.start)
        for one in chosen
    )


def fit(rows: Sequence[tuple[Signals, bool]], penalty: float = PENALTY) -> tuple[list[str], Floats]:
    """The names of the signals and their weights, the bias last."""
    names = list(values(rows[0][0]))
    inputs = np.array([[*values(seen).values(), 1.0] for seen, _ in rows])
    right = np.array([answered for _, answered in rows])
    ridge = np.array([penalty] * len(names) + [0.0])

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = inputs @ weights
        value = np.logaddexp(0, np.where(right, -logits, logits)).sum()
        slope = inputs.T @ (1 / (1 + np.exp(-logits)) - right)
        return float(value + (ridge * weights**2).sum() / 2), slope + ridge * weights

    start = np.zeros(inputs.shape[1])
    return names, np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def main() -> None:
    folder, cache = folders(__doc__)
    squad, natural = xquad(folder), clapnq(folder)
    rows = asked(squad, cache) + asked_without_home(squad, cache)
    rows += asked(natural, cache)
    outside = [(row.signals, row.answered) for row in rows if row.case.half == 0]
    news, _ = asked_news("dev", cache)
    names, weights = fit(outside + news)
    for name, weight in zip(names, weights[:-1], strict=True):
        print(f'    "{name}": {weight:.2f},')
    print(f"BIAS = {weights[-1]:.2f}")
    certain = [row.signals.similarity or 0.0 for row in rows if row.answered]
    print(f"TYPICAL_SIMILARITY = {np.mean(certain):.2f}")


if __name__ == "__main__":
    main()
