"""Judging the judge: how well a support check agrees with people on labelled claims."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.evaluation.checks.support import Checker, Grade
from rag.evaluation.metrics.statistics import CONFIDENCE, SEED, Interval
from rag.evaluation.suite import SuiteError
from rag.records import Verdict

RESAMPLES = 2_000
_PARTLY = "part"  # "partially_supported", "partly supported"
_YES = frozenset({"supported", "support", "supports", "entailment", "entailed", "true", "yes", "1"})


@dataclass(frozen=True, slots=True)
class Labelled:
    """A claim, the passages it was judged against, and whether people found it supported.

    `partly` tells that they found a part of it supported, which is not supported.
    """

    id: str
    claim: str
    passages: tuple[str, ...]
    supported: bool
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a check agrees with people: from 0 to 1, 0.5 is chance.

    `balanced` is the mean of the shares of supported and of unsupported claims that are told
    rightly; `always` would be 0.5. `auc` is the chance that a supported claim is graded above an
    unsupported one.
    """

    claims: int
    supported: int
    balanced: float
    balanced_interval: Interval
    auc: float
    auc_interval: Interval


def read_labelled(place: Path) -> tuple[Labelled, ...]:
    """The labelled claims of a JSON lines file, or of all such files of a folder, in name order.

    A line holds `claim`, `passages` (or `evidence`; a list of texts) and `label`; `id` may be
    missing. The label "supported" (or "entailment", "true", "yes", 1) means supported, any other
    means that it is not, or not wholly.

    Raises:
        SuiteError: a line is not so; names it.
    """
    files = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
    found = [item for file in files for item in _lines(file)]
    if not found:
        raise SuiteError(f"{place} holds no labelled claim in *.jsonl")
    return tuple(found)


def plain_cases(labelled: Sequence[Labelled]) -> tuple[Labelled, ...]:
    """The claims that people found wholly supported or not at all."""
    return tuple(item for item in labelled if not item.partly)


def agreement(labelled: Sequence[Labelled], checker: Checker, grade: Grade) -> Agreement:
    """How the verdicts and the grades agree with the labels, with bootstrap intervals over claims.

    The same claims give the same numbers.

    Raises:
        SuiteError: all claims are supported, or none.
    """
    import numpy as np

    if not 0 < sum(item.supported for item in labelled) < len(labelled):
        raise SuiteError("agreement needs both supported and unsupported claims")

    truth = np.array([item.supported for item in labelled])
    told = np.array([checker(item.passages, item.claim) is Verdict.SUPPORTED for item in labelled])
    grades = np.array([grade(item.passages, item.claim) for item in labelled])
    dice = np.random.default_rng(SEED)
    drawn: list[tuple[float, float]] = []
    while len(drawn) < RESAMPLES:
        chosen = dice.integers(0, len(truth), len(truth))
        if 0 < truth[chosen].sum() < len(truth):
            balanced = _balanced(truth[chosen], told[chosen])
            drawn.append((balanced, _auc(truth[chosen], grades[chosen])))
    return Agreement(
        claims=len(labelled),
        supported=int(truth.sum()),
        balanced=_balanced(truth, told),
        balanced_interval=_middle([balanced for balanced, _ in drawn]),
        auc=_auc(truth, grades),
        auc_interval=_middle([auc for _, auc in drawn]),
    )


def _balanced(truth: Any, told: Any) -> float:
    return float((told[truth].mean() + (~told[~truth]).mean()) / 2)


def _auc(truth: Any, grades: Any) -> float:
    """The share of pairs in which the supported claim is graded higher; equals count half."""
    from scipy.stats import rankdata

    positives = int(truth.sum())
    negatives = len(truth) - positives
    ranks = float(rankdata(grades)[truth].sum())
    return (ranks - positives * (positives + 1) / 2) / (positives * negatives)


def _middle(values: list[float]) -> Interval:
    ordered = sorted(values)
    tail = (1 - CONFIDENCE) / 2
    low = ordered[math.floor(tail * len(ordered))]
    return Interval(low, ordered[math.ceil((1 - tail) * len(ordered)) - 1])


def _lines(file: Path) -> Iterator[Labelled]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SuiteError(f"{file} cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield _labelled(json.loads(line), f"{file.stem}-{number}")
            except (ValueError, KeyError, TypeError) as error:
                wrong = f"line {number} of {file} is not a labelled claim: {error}"
                raise SuiteError(wrong) from error


def _labelled(row: Mapping[str, Any], name: str) -> Labelled:
    passages = row["passages"] if "passages" in row else row["evidence"]
    texts = [passages] if isinstance(passages, str) else passages
    label = str(row["label"]).strip().casefold()
    return Labelled(
        str(row.get("id", name)),
        str(row["claim"]),
        tuple(texts),
        label in _YES,
        partly=label.startswith(_PARTLY),
    )
