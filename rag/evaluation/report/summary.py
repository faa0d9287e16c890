"""The summary for a pull request: a few lines of Markdown."""

from __future__ import annotations

from rag.evaluation.checks.card import summary as card_summary
from rag.evaluation.comparing import Comparison
from rag.evaluation.metrics.catalogue import catalogue
from rag.evaluation.report.terminal import plain_number
from rag.evaluation.run import Run

_WORDS = {
    0: "all gates hold",
    1: "a gate failed",
    2: "the suite is invalid or stale",
    3: "not measurable",
}


def markdown(run: Run, comparison: Comparison | None = None) -> str:
    """The gates, the headline metrics and what flipped, for `$GITHUB_STEP_SUMMARY`."""
    lines = [f"## Suite {_cell(run.suite)}: {_WORDS[run.exit_status]}", ""]
    passed = sum(case.passed is True for case in run.cases)
    lines += [f"{passed} of {run.measured_cases} measured cases pass; {len(run.cases)} asked.", ""]
    lines += ["| metric | value | 95 % interval | cases | change |", "|---|---:|---:|---:|---:|"]
    changes = {change.name: change for change in comparison.changes} if comparison else {}
    for name, metric in catalogue().items():
        measured = run.metrics.get(name)
        if not metric.headline or measured is None:
            continue
        interval = measured.interval
        span = f"{interval.low:.3f}–{interval.high:.3f}" if interval else ""
        moved = changes[name].difference if name in changes else None
        change = f"{moved.mean:+.3f}" if moved else ""
        value = plain_number(measured.value)
        lines.append(f"| {name} | {value} | {span} | {measured.cases} | {change} |")
    lines += ["", "| gate | wanted | found | |", "|---|---|---|---|"]
    for gate in run.gates:
        verdict = {True: "ok", False: "**failed**", None: "**unmeasured**"}[gate.passed]
        note = " (advisory)" if gate.advisory else ""
        found = _cell(gate.found)
        lines.append(f"| {gate.kind} {gate.name} | {gate.wanted} | {found} | {verdict}{note} |")
    if run.card:
        lines += ["", f"Checker's card: {card_summary(run.card)}."]
    if comparison:
        for word, ids in (("lost", comparison.flips.lost), ("gained", comparison.flips.gained)):
            if ids:
                lines += ["", f"{word.capitalize()}: {', '.join(map(_cell, ids))}."]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
