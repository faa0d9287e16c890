"""Does the confidence know what the archive does not say?

clapnq: AUC of the confidence, the 300 answerable questions against the 300 that their passage
leaves open, all 600 passages in the pool; refusals at the product's threshold. xquad-en: the same
against the same questions asked without the passage they were written for (near misses). Then the
risk–coverage curve over the answerable questions of both: of the most confident share, how many
have no quote that answers; AURC is its mean. Printed for the half that was not learned from. The
trivial rows are the share of the question's words, weighed by rarity, in the best sentence, and
the best cosine.

    python bench/abstention.py --data DIR [--cache DIR]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from pools import clapnq, folders, xquad
from scipy.stats import rankdata
from train_confidence import Asked, asked, asked_without_home

from rag.quoting.confidence import THRESHOLD

Floats = NDArray[np.float64]
# Of the answerable questions of the learning half, refused at most; it gives the threshold.
REFUSED_AT_MOST = 0.11
_POINTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_SCORES: dict[str, Callable[[Asked], float]] = {
    "confidence": lambda row: row.selection.confidence,
    "coverage of the best sentence": lambda row: row.signals.coverage,
    "best cosine": lambda row: row.signals.similarity or 0.0,
}


def main() -> None:
    folder, cache = folders(__doc__)
    squad, natural = xquad(folder), clapnq(folder)
    whole = asked(squad, cache)
    near = whole + asked_without_home(squad, cache)
    open_ones = asked(natural, cache)
    for name, rows in (("clapnq", open_ones), ("xquad-en, home removed", near)):
        learned = [row for row in rows if row.case.half == 0]
        fresh = [row for row in rows if row.case.half == 1]
        for label, score in _SCORES.items():
            print(f"{name}: {label}: AUC {auc(fresh, score):.3f} (n={len(fresh)})")
            print_refusals(fresh, score, chosen_threshold(learned, score), "chosen on half 0")
        print_refusals(fresh, _SCORES["confidence"], THRESHOLD, "the product's")
    answerable = [row for row in whole + open_ones if row.answerable and row.case.half == 1]
    print_curve(answerable)
    print_calibration([row for row in near + open_ones if row.case.half == 1])


def auc(rows: Sequence[Asked], score: Callable[[Asked], float]) -> float:
    """The chance that an answerable question outscores one that is not; ties count half."""
    ranks = rankdata([score(row) for row in rows])
    answerable = np.array([row.answerable for row in rows])
    n = int(answerable.sum())
    above = ranks[answerable].sum() - n * (n + 1) / 2
    return float(above / (n * (len(rows) - n)))


def chosen_threshold(rows: Sequence[Asked], score: Callable[[Asked], float]) -> float:
    """The score below which the allowed share of the answerable questions falls."""
    return float(np.quantile([score(row) for row in rows if row.answerable], REFUSED_AT_MOST))


def print_refusals(
    rows: Sequence[Asked], score: Callable[[Asked], float], threshold: float, told: str
) -> None:
    """The shares refused below a threshold, of the unanswerable and of the answerable."""
    shares = [
        np.mean([score(row) < threshold for row in rows if row.answerable == side])
        for side in (False, True)
    ]
    print(
        f"    threshold {threshold:.3f} ({told}): refuses {shares[0]:.3f} of the unanswerable,"
        f" {shares[1]:.3f} of the answerable"
    )


def print_curve(rows: Sequence[Asked]) -> None:
    """Risk by coverage, most confident first, and the area under it."""
    ordered = sorted(rows, key=lambda row: -row.selection.confidence)
    wrong = np.array([not row.answered for row in ordered], dtype=float)
    risks = np.cumsum(wrong) / np.arange(1, len(wrong) + 1)
    perfect = np.cumsum(np.sort(wrong)) / np.arange(1, len(wrong) + 1)
    print(f"risk–coverage over {len(rows)} answerable questions:")
    for share in _POINTS:
        print(f"    coverage {share:.0%}: risk {risks[round(share * len(risks)) - 1]:.3f}")
    print(f"    AURC {risks.mean():.4f}; chance {wrong.mean():.4f}; perfect {perfect.mean():.4f}")


def print_calibration(rows: Sequence[Asked]) -> None:
    """What the confidence says against what came true, in tenths, and the mean gap."""
    said = np.array([row.selection.confidence for row in rows])
    came = np.array([row.answered for row in rows], dtype=float)
    tenths = np.minimum((said * 10).astype(int), 9)
    gap = 0.0
    print(f"calibration over {len(rows)} questions:")
    for tenth in sorted(set(tenths)):
        inside = tenths == tenth
        gap += abs(said[inside].mean() - came[inside].mean()) * inside.mean()
        print(
            f"    said {said[inside].mean():.2f}, came true {came[inside].mean():.2f}"
            f" (n={inside.sum()})"
        )
    print(f"    expected calibration error {gap:.3f}")


if __name__ == "__main__":
    main()
