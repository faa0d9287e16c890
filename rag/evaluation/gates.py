"""Gates: what must hold for a run to pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.evaluation.comparing import flips
from rag.evaluation.metrics.catalogue import Metric, catalogue
from rag.evaluation.run import CaseResult, GateResult, Measured, Run
from rag.evaluation.suite import Suite, SuiteError

PROMPT = "prompt "  # before the name of a prompt, where a run tells what it was made with


def gate_results(
    suite: Suite,
    metrics: Mapping[str, Measured],
    cases: Sequence[CaseResult],
    environment: Mapping[str, str],
    baseline: Run | None,
) -> tuple[GateResult, ...]:
    """Every gate of the suite, in the order invariants, floors, ceilings, flips, prompts.

    A gated metric that was not measured has `passed` None. Without a baseline there is nothing to
    lose, and no prompt to have changed.

    Raises:
        SuiteError: a gate names a metric that does not exist.
    """
    known = catalogue(suite.k)
    check_names(suite, known)
    results = []
    for name in suite.gates.invariants:
        perfect = 0.0 if known[name].low else 1.0
        results.append(_bound(name, "invariant", perfect, metrics, low=known[name].low))
    for name, floor in suite.gates.floors.items():
        results.append(_bound(name, "floor", floor, metrics, low=False))
    for name, ceiling in suite.gates.ceilings.items():
        results.append(_bound(name, "ceiling", ceiling, metrics, low=True))
    # A chat model's opinion is never the same twice, so it decides nothing.
    opinions = {name for name, metric in known.items() if metric.family == "judge"}
    advisory = opinions.union(suite.gates.advisory)
    results = [_advised(result) if result.name in advisory else result for result in results]
    if baseline is not None:
        results.append(_flip_gate(suite, cases, baseline))
        results.append(_prompt_gate(environment, baseline.environment))
    return tuple(results)


def check_names(suite: Suite, known: Mapping[str, Metric]) -> None:
    """See that every gate names a metric that exists.

    Raises:
        SuiteError: one does not; names all such.
    """
    gates = suite.gates
    named = [*gates.invariants, *gates.floors, *gates.ceilings, *gates.advisory]
    unknown = sorted(set(named) - set(known))
    if unknown:
        raise SuiteError(
            f"suite {suite.name} gates metrics that do not exist: {', '.join(unknown)}; "
            "`rag eval explain` lists them"
        )


def _bound(
    name: str, kind: str, bound: float, metrics: Mapping[str, Measured], *, low: bool
) -> GateResult:
    wanted = f"{'<=' if low else '>='} {bound:g}"
    metric = metrics[name]
    if metric.value is None:
        return GateResult(name, kind, wanted, metric.reason or "not measured", None)
    passed = metric.value <= bound if low else metric.value >= bound
    return GateResult(name, kind, wanted, f"{metric.value:.4g}", passed)


def _advised(result: GateResult) -> GateResult:
    return replace(result, advisory=True)


def _flip_gate(suite: Suite, cases: Sequence[CaseResult], baseline: Run) -> GateResult:
    lost = [case_id for case_id in flips(baseline.cases, cases).lost if _counts(case_id, suite)]
    found = f"{len(lost)}: {', '.join(lost)}" if lost else "0"
    return GateResult("flips", "no regression", "0 passed cases that fail now", found, not lost)


def _prompt_gate(environment: Mapping[str, str], before: Mapping[str, str]) -> GateResult:
    """Prompts are code: one that changed is measured and accepted before it counts."""
    names = sorted(name for name in {*environment, *before} if name.startswith(PROMPT))
    changed = [name for name in names if environment.get(name) != before.get(name)]
    told = ", ".join(f"{name} {environment.get(name, 'gone')}" for name in changed)
    return GateResult(
        "prompts", "no change", "those of the baseline", told or "the same", not changed
    )


def _counts(case_id: str, suite: Suite) -> bool:
    return case_id not in suite.gates.acknowledged
