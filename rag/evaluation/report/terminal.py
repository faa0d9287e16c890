"""The terminal's report: at most 80 columns, plain where nobody looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rag.evaluation.checks.card import summary
from rag.evaluation.comparing import Comparison, MetricChange
from rag.evaluation.metrics.catalogue import Metric, catalogue
from rag.evaluation.metrics.statistics import Interval
from rag.evaluation.run import CaseResult, Measured, Run
from rag.evaluation.sweeping import Step, Sweep

WIDTH = 80
# With fewer cases a percentage says more than was measured.
FEW = 20
MOST_FAILURES = 12


def print_run(run: Run, console: Console, comparison: Comparison | None = None) -> None:
    """The metrics, categories, checker's card, failures and gates of a run."""
    articles = f"{run.articles} article" + ("" if run.articles == 1 else "s")
    console.print(f"suite {run.suite}: {len(run.cases)} cases, {articles}, corpus {run.corpus}")
    console.print(_states(run.cases))
    console.print(_metric_table(run, comparison))
    console.print(_category_table(run))
    if spread := _between_epochs(run):
        console.print(Text(f"variance between epochs of a case: {spread}"))
    if run.card:
        console.print(Text(f"checker's card: {summary(run.card)}"))
    _print_failures(run, console)
    _print_gates(run, console)
    if run.smallest_detectable is not None:
        points = 100 * run.smallest_detectable
        console.print(
            f"smallest difference this suite shows (80 % power, 10 % of cases flipping): "
            f"{points:.1f} points"
        )


def print_comparison(comparison: Comparison, console: Console) -> None:
    """What changed from one run to another: metrics that moved, and every flip."""
    table = Table(box=None, pad_edge=False, width=None)
    for heading in ("metric", "old", "new", "difference, 95 % interval", "won/lost", "p (Holm)"):
        table.add_column(heading, justify="left" if heading == "metric" else "right")
    for change in comparison.changes:
        if change.difference and (change.difference.wins or change.difference.losses):
            table.add_row(*_change_row(change))
    if table.row_count:
        console.print(table)
    else:
        console.print("no metric moved")
    flips = comparison.flips
    for word, ids in (("lost", flips.lost), ("gained", flips.gained), ("gone", flips.gone)):
        if ids:
            console.print(f"{word} {len(ids)}: {', '.join(ids)}", soft_wrap=True, highlight=False)
    if comparison.smallest_detectable is not None:
        points = 100 * comparison.smallest_detectable
        console.print(f"{comparison.cases} cases show differences from {points:.1f} points on")


def print_sweep(found: Sweep, console: Console) -> None:
    """What each bar of confidence would let through, and the one that dev chooses, on test."""
    table = Table(box=None, pad_edge=False)
    for heading in ("confidence from", "answered", "wrong of answered", "passed", "cases"):
        table.add_column(heading, justify="right")
    for step in found.dev:
        table.add_row(*_step_cells(step))
    console.print("dev" if found.test else "all cases (the suite has no test split)")
    console.print(table)
    if found.chosen is None:
        console.print(f"no bar keeps wrong answers within {found.risk:.0%}")
        return
    console.print(f"chosen: confidence from {found.chosen:.3f} ({found.risk:.0%} wrong allowed)")
    if found.test:
        answered, wrong, passed, cases = _step_cells(found.test)[1:]
        console.print(f"on test: answered {answered}, wrong {wrong}, passed {passed} of {cases}")


def _step_cells(step: Step) -> tuple[str, str, str, str, str]:
    wrong = "–" if step.risk is None else f"{step.risk:.3f}"
    return f"{step.bar:.3f}", str(step.answered), wrong, str(step.passed), str(step.cases)


def explained(metric: Metric) -> str:
    """What a metric means, as lines of text."""
    better = "lower is better" if metric.low else "higher is better"
    return (
        f"{metric.name} ({metric.family}, {better})\n"
        f"  {metric.definition}\n  formula: {metric.formula}\n  worked:  {metric.worked}"
    )


def plain_number(value: float | None) -> str:
    """A share with three decimals; a dash where there is none."""
    return "–" if value is None else f"{value:.3f}"


def _states(cases: Iterable[CaseResult]) -> str:
    counted: dict[str, int] = {}
    for case in cases:
        counted[case.state] = counted.get(case.state, 0) + 1
    order = ("scored", "abstained", "unscored", "stale")
    return ", ".join(f"{counted[state]} {state}" for state in order if state in counted)


def _metric_table(run: Run, comparison: Comparison | None) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("metric", no_wrap=True)
    for heading in ("value", "95 % interval", "n", "best trivial"):
        table.add_column(heading, justify="right", no_wrap=True)
    changes = {change.name: change for change in comparison.changes} if comparison else {}
    if changes:
        table.add_column("change", justify="right", no_wrap=True)
    gates = {gate.name: gate for gate in run.gates}
    table.add_column("gate", no_wrap=True)
    known = catalogue()
    for name, measured in run.metrics.items():
        if name in gates or (name in known and _printed(known[name], measured)):
            row = [name, *_measured_cells(measured)]
            if changes:
                row.append(_delta(changes.get(name)))
            gate = gates.get(name)
            row.append("" if gate is None else _verdict(gate.passed, advisory=gate.advisory))
            table.add_row(*row, style="yellow" if measured.beaten else None)
    return table


def _printed(metric: Metric, measured: Measured) -> bool:
    """Headlines always; a judge's opinion, and why it has none, where one was asked."""
    asked = metric.family == "judge" and (measured.cases or "unscored" in measured.reason)
    return metric.headline or bool(asked)


def _between_epochs(run: Run) -> str:
    """The metrics that vary from one asking of a case to the next; empty with one epoch."""
    told = {name: m.variance for name, m in run.metrics.items() if m.variance is not None}
    varied = [f"{name} {variance:.4f}" for name, variance in told.items() if variance > 0]
    if len(varied) < len(told):
        varied.append(f"0 in {'all others' if varied else 'every metric'}")
    return ", ".join(varied)


def _measured_cells(measured: Measured) -> list[str]:
    if measured.value is None:
        return ["–", "not measured", "0", ""]
    if measured.interval_of == "Wilson" and measured.cases < FEW:
        value = f"{measured.points:.0f} of {measured.of:.0f}"
    else:
        value = plain_number(measured.value)
    trivial = ""
    if measured.trivial is not None:
        trivial = f"{measured.trivial[1]:.3f} {measured.trivial[0]}"
    return [value, _interval(measured.interval), str(measured.cases), trivial]


def _interval(interval: Interval | None) -> str:
    return "" if interval is None else f"{interval.low:.3f}–{interval.high:.3f}"


def _delta(change: MetricChange | None) -> str:
    if change is None or change.difference is None:
        return ""
    return f"{change.difference.mean:+.3f}"


def _change_row(change: MetricChange) -> Sequence[str]:
    assert change.difference is not None
    difference = change.difference
    interval = difference.interval
    span = f" {interval.low:+.3f}…{interval.high:+.3f}" if interval else ""
    return (
        change.name,
        plain_number(change.old),
        plain_number(change.new),
        f"{difference.mean:+.3f}{span}",
        f"{difference.wins}/{difference.losses}",
        "" if change.p_holm is None else f"{change.p_holm:.3f}",
    )


def _category_table(run: Run) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("category", no_wrap=True)
    table.add_column("passed", justify="right")
    for name, (passed, of) in run.categories.items():
        table.add_row(name, f"{passed} of {of}")
    return table


def _print_failures(run: Run, console: Console) -> None:
    for name, measured in run.metrics.items():
        if "unscored" in measured.reason:
            console.print(Text(f"{name} is {measured.reason}"))
    failed = [case for case in run.cases if case.passed is False or case.passed is None]
    for case in failed[:MOST_FAILURES]:
        word = "failed" if case.passed is False else case.state
        line = f"{word} {case.id}: {'; '.join(case.why)}"
        console.print(Text(line, style="red" if case.state == "stale" else ""))
    if len(failed) > MOST_FAILURES:
        console.print(f"… and {len(failed) - MOST_FAILURES} more (run.json lists them)")


def _print_gates(run: Run, console: Console) -> None:
    for gate in run.gates:
        if gate.passed is not True:
            word = _verdict(gate.passed, advisory=gate.advisory)
            line = f"{gate.kind} {gate.name}: wanted {gate.wanted}, found {gate.found}: {word}"
            console.print(Text(line, style="" if gate.advisory else "red"))
    deciding = [gate for gate in run.gates if not gate.advisory]
    held = sum(gate.passed is True for gate in deciding)
    console.print(f"gates: {held} of {len(deciding)} hold")


def _verdict(passed: bool | None, *, advisory: bool) -> str:
    word = "unmeasured" if passed is None else "ok" if passed else "FAILED"
    return f"({word})" if advisory else word
