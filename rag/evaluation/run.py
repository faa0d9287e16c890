"""A run: all that one evaluation found, as records and as run.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from rag.evaluation.metrics.statistics import Interval, Share
from rag.evaluation.schemas import problems
from rag.evaluation.suite import SuiteError

State = Literal["scored", "abstained", "unscored", "stale"]
SCHEMA_VERSION = 1
_DIGITS = 9  # of the fraction: more is noise of the machine


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case ended.

    `passed` is None for a case that is unscored or stale; `why` says why it failed or was not
    scored. `ranks` are where each evidence group was found among the passages. `answer` is what
    was answered first, as JSON values, enough to show it without the archive. With several epochs
    a case passes when it always does, and `variances` are those of each metric between them.
    """

    id: str
    category: str
    question: str
    state: State
    passed: bool | None
    why: tuple[str, ...]
    cluster: str
    family: str
    shares: Mapping[str, Share] = field(default_factory=dict)
    ranks: tuple[int | None, ...] = ()
    answer: Mapping[str, Any] | None = None
    tags: tuple[str, ...] = ()
    reviewed: bool = True
    split: str | None = None
    variances: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measured:
    """One metric over the suite: None, with the reason, where nothing measures it.

    `cases` contribute; `trivial` is the best trivial answerer and its value; `interval_of` tells
    how the interval was found.
    """

    name: str
    value: float | None
    cases: int
    points: float = 0.0
    of: float = 0.0
    interval: Interval | None = None
    interval_of: str = ""
    trivial: tuple[str, float] | None = None
    reason: str = ""
    low: bool = False
    variance: float | None = None

    @property
    def beaten(self) -> bool:
        """Whether a trivial answerer does better."""
        if self.value is None or self.trivial is None:
            return False
        return self.trivial[1] < self.value if self.low else self.trivial[1] > self.value


@dataclass(frozen=True, slots=True)
class GateResult:
    """One gate: what was wanted and found. Advisory ones decide nothing.

    `passed` None means that the gated metric could not be measured, which fails the run.
    """

    name: str
    kind: str
    wanted: str
    found: str
    passed: bool | None
    advisory: bool = False


@dataclass(frozen=True, slots=True)
class CardRow:
    """How the checker fared on one kind of changed (or merely reworded) sentence.

    For a change `right` counts those caught; for a control, those left alone.
    """

    operator: str
    control: bool
    right: int
    tried: int
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Run:
    """One evaluation of a system on a suite."""

    suite: str
    suite_fingerprint: str
    corpus: str
    environment: Mapping[str, str]
    articles: int
    cases: tuple[CaseResult, ...]
    metrics: Mapping[str, Measured]
    categories: Mapping[str, tuple[int, int]]
    trivial: Mapping[str, Mapping[str, float | None]]
    card: tuple[CardRow, ...]
    gates: tuple[GateResult, ...]
    smallest_detectable: float | None
    timings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def measured_cases(self) -> int:
        return sum(case.passed is not None for case in self.cases)

    @property
    def exit_status(self) -> int:
        """0 passed, 1 a gate failed, 2 stale labels, 3 not measurable."""
        if any(case.state == "stale" for case in self.cases):
            return 2
        if self.measured_cases == 0:
            return 3
        deciding = [gate for gate in self.gates if not gate.advisory]
        if any(gate.passed is False for gate in deciding):
            return 1
        return 3 if any(gate.passed is None for gate in deciding) else 0

    def to_dict(self) -> dict[str, Any]:
        """The run as JSON values; all but `timings` is equal in two runs of the same."""
        return {
            "schema": SCHEMA_VERSION,
            "suite": self.suite,
            "suite_fingerprint": self.suite_fingerprint,
            "corpus": self.corpus,
            "articles": self.articles,
            "environment": dict(self.environment),
            "cases": [_case_json(case) for case in self.cases],
            "metrics": {name: _metric_json(m) for name, m in self.metrics.items()},
            "categories": {
                name: {"passed": passed, "cases": of}
                for name, (passed, of) in self.categories.items()
            },
            "trivial": {
                name: {metric: _round(value) for metric, value in values.items()}
                for name, values in self.trivial.items()
            },
            "card": [_card_json(row) for row in self.card],
            "gates": [asdict(gate) for gate in self.gates],
            "smallest_detectable": _round(self.smallest_detectable),
            "exit_status": self.exit_status,
            "timings": dict(self.timings),
        }

    def to_json(self) -> str:
        """run.json: sorted keys, two spaces, no NaN, a final newline."""
        plain = json.dumps(
            self.to_dict(), sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False
        )
        return plain + "\n"

    def save(self, file: Path) -> None:
        """Writes run.json; an older one is replaced."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.to_json(), encoding="utf-8")


def as_baseline(run: Run) -> Run:
    """The run without what no comparison needs: timings, hits, and the passages around quotes.

    Smaller, and the same whenever the same run is accepted.
    """
    cases = tuple(
        replace(case, answer=case.answer and _quotes_alone(case.answer)) for case in run.cases
    )
    return replace(run, cases=cases, timings={})


def _quotes_alone(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    claims = [
        {**claim, "citations": [{**item, "passage": ""} for item in claim["citations"]]}
        for claim in answer["claims"]
    ]
    return {**answer, "claims": claims, "hits": []}


def read_run(file: Path) -> Run:
    """The run of a run.json.

    Raises:
        SuiteError: there is none, or it is not a run.
    """
    try:
        plain = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SuiteError(f"no run could be read from {file}: {error}") from error
    broken = problems("run", plain)
    if broken:
        raise SuiteError(f"{file} is not a run: {'; '.join(broken[:3])}")
    return Run(
        suite=plain["suite"],
        suite_fingerprint=plain["suite_fingerprint"],
        corpus=plain["corpus"],
        environment=plain["environment"],
        articles=plain["articles"],
        cases=tuple(_case(item) for item in plain["cases"]),
        metrics={name: _metric(name, item) for name, item in plain["metrics"].items()},
        categories={n: (c["passed"], c["cases"]) for n, c in plain["categories"].items()},
        trivial=plain["trivial"],
        card=tuple(
            CardRow(r["operator"], r["control"], r["right"], r["tried"], _interval(r["interval"]))
            for r in plain["card"]
        ),
        gates=tuple(GateResult(**gate) for gate in plain["gates"]),
        smallest_detectable=plain["smallest_detectable"],
        timings=plain["timings"],
    )


def _case_json(case: CaseResult) -> dict[str, Any]:
    epochs = {name: _round(value) for name, value in sorted(case.variances.items())}
    return ({"variances": epochs} if epochs else {}) | {
        "id": case.id,
        "category": case.category,
        "tags": list(case.tags),
        "question": case.question,
        "state": case.state,
        "passed": case.passed,
        "why": list(case.why),
        "cluster": case.cluster,
        "family": case.family,
        "reviewed": case.reviewed,
        "split": case.split,
        "measures": {
            name: [_round(share.points), _round(share.of)] for name, share in case.shares.items()
        },
        "ranks": list(case.ranks),
        "answer": case.answer,
    }


def _case(plain: Mapping[str, Any]) -> CaseResult:
    return CaseResult(
        id=plain["id"],
        category=plain["category"],
        question=plain["question"],
        state=plain["state"],
        passed=plain["passed"],
        why=tuple(plain["why"]),
        cluster=plain["cluster"],
        family=plain["family"],
        shares={name: Share(*pair) for name, pair in plain["measures"].items()},
        ranks=tuple(plain["ranks"]),
        answer=plain["answer"],
        tags=tuple(plain["tags"]),
        reviewed=plain["reviewed"],
        split=plain["split"],
        variances=plain.get("variances", {}),
    )


def _metric_json(metric: Measured) -> dict[str, Any]:
    epochs = {} if metric.variance is None else {"variance": _round(metric.variance)}
    return epochs | {
        "value": _round(metric.value),
        "cases": metric.cases,
        "points": _round(metric.points),
        "of": _round(metric.of),
        "interval": _interval_json(metric.interval),
        "interval_of": metric.interval_of,
        "trivial": [metric.trivial[0], _round(metric.trivial[1])] if metric.trivial else None,
        "reason": metric.reason,
        "lower_is_better": metric.low,
    }


def _metric(name: str, plain: Mapping[str, Any]) -> Measured:
    return Measured(
        name=name,
        value=plain["value"],
        cases=plain["cases"],
        points=plain["points"],
        of=plain["of"],
        interval=_interval(plain["interval"]),
        interval_of=plain["interval_of"],
        trivial=(plain["trivial"][0], plain["trivial"][1]) if plain["trivial"] else None,
        reason=plain["reason"],
        low=plain["lower_is_better"],
        variance=plain.get("variance"),
    )


def _card_json(row: CardRow) -> dict[str, Any]:
    return asdict(row) | {"interval": _interval_json(row.interval)}


def _interval_json(interval: Interval | None) -> list[float | None] | None:
    return [_round(interval.low), _round(interval.high)] if interval else None


def _interval(plain: list[float] | None) -> Interval | None:
    return Interval(plain[0], plain[1]) if plain else None


def _round(value: float | None) -> float | None:
    return None if value is None else round(float(value), _DIGITS)
