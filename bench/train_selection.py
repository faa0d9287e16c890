"""Learn what each feature of a sentence counts for, on xquad-en, clapnq and news; print the table.

A conditional logit: among the sentences of the passages found for a question, the share of belief
on those that answer is to be large. Questions are halved by article (xquad-en) or by question
(clapnq); the table in `rag/quoting/selection/weights.py` is learned from half 0 and from the split
`dev` of the project's own news archive, figures are for half 1. What an article's title and its
other passages add is learned from news alone: the outside passages have neither.

    python bench/train_selection.py --data DIR [--cache DIR]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pools import Newsroom, Pool, Pooled, clapnq, folders, is_home, xquad
from scipy.optimize import minimize

from rag.quoting.selection.features import candidates, understood

PENALTY = 10.0  # ridge on weight times spread; by six-fold cross-validation flat from 3 to 30
# The questions that people asked of a search engine are a third of the written ones.
NATURAL_COUNTS = 2
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """A question's candidates: a row of features each, and whether it answers.

    `half` is the half of the outside data it is from, None for news.
    """

    half: int | None
    features: Floats
    answers: NDArray[np.bool_]


def gather(pool: Pool, cache: Path | None) -> tuple[list[str], list[Row]]:
    """The names of the features and a row for each answerable question."""
    names: list[str] = []
    rows = []
    with Pooled(pool, cache) as pooled:
        for case in (case for case in pool.cases if case.answerable):
            hits = pooled.hits(case.question)
            found = candidates(understood(case.question, hits, pooled.idf), hits)
            names = list(found[0].features)
            right = [case.answered_by(c.sentence.text, is_home(case, hits[c.hit])) for c in found]
            features = np.array([list(c.features.values()) for c in found])
            rows.append(Row(case.half, features, np.array(right)))
    return names, rows


def gather_news(split: str, cache: Path | None) -> list[Row]:
    """A row for each answerable question of the news archive."""
    rows = []
    with Newsroom(split, cache) as room:
        for told in (told for told in room.told() if told.quotes):
            found = candidates(understood(told.question, told.hits, room.idf), told.hits)
            right = [
                told.answered_by(told.hits[c.hit].passage, c.sentence.start, c.sentence.end)
                for c in found
            ]
            features = np.array([list(c.features.values()) for c in found])
            rows.append(Row(None, features, np.array(right)))
    return rows


def fit(rows: Sequence[Row], penalty: float = PENALTY) -> Floats:
    """The weights of the features, from the questions of which some candidate answers."""
    rows = [row for row in rows if row.answers.any()]
    sizes = [len(row.answers) for row in rows]
    features = np.concatenate([row.features for row in rows])
    answers = np.concatenate([row.answers for row in rows])
    starts = np.cumsum([0, *sizes[:-1]])
    group = np.repeat(np.arange(len(rows)), sizes)

    ridge = penalty * features.var(axis=0)

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = features @ weights
        odds = np.exp(scores - np.maximum.reduceat(scores, starts)[group])
        every, right = np.add.reduceat(odds, starts), np.add.reduceat(odds * answers, starts)
        value = (np.log(every) - np.log(right)).sum() + (ridge * weights**2).sum() / 2
        slope = odds / every[group] - odds * answers / right[group]
        return float(value), features.T @ slope + ridge * weights

    start = np.zeros(features.shape[1])
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def answered(rows: Sequence[Row], weights: Floats, quotes: int) -> float:
    """Share of the questions of which one of the best `quotes` sentences answers."""
    right = 0
    for row in rows:
        best = np.argsort(-(row.features @ weights), kind="stable")[:quotes]
        right += bool(row.answers[best].any())
    return right / len(rows)


def main() -> None:
    folder, cache = folders(__doc__)
    names, squad = gather(xquad(folder), cache)
    _, natural = gather(clapnq(folder), cache)
    news = gather_news("dev", cache)
    for half in (0, 1):
        outside = [row for row in squad + natural * NATURAL_COUNTS if row.half == half]
        weights = fit(outside + news)
        figures = " ".join(f"{answered(news, weights, n):.3f}" for n in (1, 2, 3))
        print(f"learned on half {half}: news      own   split n={len(news)} {figures}")
        for name, rows in (("xquad-en", squad), ("clapnq", natural)):
            for side in (half, 1 - half):
                part = [row for row in rows if row.half == side]
                figures = " ".join(f"{answered(part, weights, n):.3f}" for n in (1, 2, 3))
                told = "own" if side == half else "other"
                print(f"learned on half {half}: {name:9} {told:5} half n={len(part)} {figures}")
        if half == 0:
            _print_table(names, weights, squad + natural)


def _print_table(names: Sequence[str], weights: Floats, rows: Sequence[Row]) -> None:
    spread: Any = np.concatenate([row.features for row in rows]).std(axis=0)
    for name, weight, deviation in zip(names, weights, spread, strict=True):
        print(f'    "{name}": {weight:.2f},  # times its spread: {weight * deviation:.2f}')


if __name__ == "__main__":
    main()
