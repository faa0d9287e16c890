"""report.html: the run as one page that opens from disk and fetches nothing."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.resources import files

from rag.evaluation.metrics.abstention import Judged, selective_risks
from rag.evaluation.metrics.catalogue import Metric, catalogue
from rag.evaluation.metrics.statistics import ratio
from rag.evaluation.report.browser import browser
from rag.evaluation.report.plots import ForestRow, bars, curve, forest
from rag.evaluation.report.terminal import plain_number
from rag.evaluation.run import CaseResult, Run

_HEAT = ("pass_rate", "coverage", "recall@5", "evidence_cited", "attributed_faithfulness")
# The page loads nothing and sends nothing, whatever an article may hold.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def report(run: Run, before: Run | None = None) -> str:
    """The whole page: gates, metrics, categories, plots, checker's card and every case."""
    css = files("rag.evaluation.report").joinpath("report.css").read_text(encoding="utf-8")
    title = f"Evaluation: {run.suite}"
    parts = [
        _head(run),
        _section("Gates", _gates(run)),
        _section("Metrics", _metrics(run, before)),
        _section("Categories", _categories(run)),
        _section("Curves", f'<div class="plots">{_plots(run)}</div>'),
        _section("The checker's card", _card(run)),
        _section("Cases", browser(run, before)),
    ]
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}'
        f'</title><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{css}</style></head><body><main>{''.join(parts)}</main></body></html>\n"
    )


def _section(heading: str, inner: str) -> str:
    return f"<section><h2>{escape(heading)}</h2>{inner}</section>"


def _head(run: Run) -> str:
    passed = sum(case.passed is True for case in run.cases)
    versions = ", ".join(f"{name} {version}" for name, version in sorted(run.environment.items()))
    return (
        f"<h1>{escape(run.suite)}: {passed} of {run.measured_cases} cases pass</h1>"
        f"<p>{run.articles} articles ({escape(run.corpus)}), {len(run.cases)} cases "
        f"({escape(run.suite_fingerprint)}), exit status {run.exit_status}</p>"
        f"<p>{escape(versions)}</p>"
    )


def _gates(run: Run) -> str:
    if not run.gates:
        return "<p>The suite has none.</p>"
    rows = [
        [f"{gate.kind} {gate.name}", gate.wanted, gate.found, _verdict(gate.passed, gate.advisory)]
        for gate in run.gates
    ]
    return _table(["gate", "wanted", "found", "result"], rows)


def _verdict(passed: bool | None, advisory: bool) -> str:
    word = {True: "holds", False: "failed", None: "unmeasured"}[passed]
    return f"{word} (advisory)" if advisory else word


def _metrics(run: Run, before: Run | None) -> str:
    known = catalogue()
    plotted = []
    for name, measured in run.metrics.items():
        if measured.value is not None and name in known and known[name].headline:
            old = before.metrics.get(name) if before else None
            plotted.append(
                ForestRow(
                    name,
                    measured.value,
                    measured.interval,
                    measured.trivial[1] if measured.trivial else None,
                    old.value if old else None,
                )
            )
    caption = "Dots with 95 % intervals; bars: the best trivial answerer; diamonds: the baseline."
    figure = f"<figure>{forest(plotted)}<figcaption>{caption}</figcaption></figure>"
    return figure + f"<details><summary>All metrics</summary>{_all_metrics(run)}</details>"


def _all_metrics(run: Run) -> str:
    known = catalogue()
    rows = []
    for name, measured in run.metrics.items():
        span = measured.interval
        rows.append(
            [
                name,
                plain_number(measured.value),
                f"{span.low:.3f}–{span.high:.3f}" if span else "",
                measured.interval_of,
                str(measured.cases),
                "" if measured.variance is None else f"{measured.variance:.4f}",
                f"{measured.trivial[1]:.3f} ({measured.trivial[0]})" if measured.trivial else "",
                _meaning(known.get(name), measured.reason),
            ]
        )
    heads = [
        "metric",
        "value",
        "95 % interval",
        "found by",
        "cases",
        "variance between epochs",
        "best trivial",
        "meaning",
    ]
    return _table(heads, rows)


def _meaning(metric: Metric | None, reason: str) -> str:
    return reason or (metric.definition if metric else "")


def _categories(run: Run) -> str:
    heads = "".join(f"<th>{escape(name)}</th>" for name in ("category", "cases", *_HEAT))
    rows = []
    for category in sorted({case.category for case in run.cases}):
        cases = [c for c in run.cases if c.category == category and c.passed is not None]
        cells = "".join(_heat_cell(cases, name) for name in _HEAT)
        rows.append(f"<tr><td>{escape(category)}</td><td>{len(cases)}</td>{cells}</tr>")
    return f'<div class="wide"><table><tr>{heads}</tr>{"".join(rows)}</table></div>'


def _heat_cell(cases: Sequence[CaseResult], name: str) -> str:
    value = ratio([case.shares[name] for case in cases if name in case.shares])
    if value is None:
        return "<td>–</td>"
    return f'<td class="heat" style="--share: {value:.3f}">{value:.2f}</td>'


def _plots(run: Run) -> str:
    figures = [_recall_plot(run), _risk_plot(run), _latency_plot(run)]
    return "".join(f"<figure>{figure}</figure>" for figure in figures if figure)


def _recall_plot(run: Run) -> str:
    points = [
        (float(name.removeprefix("recall@")), measured.value)
        for name, measured in run.metrics.items()
        if name.startswith("recall@") and measured.value is not None
    ]
    if not points:
        return ""
    widest = max(x for x, _ in points)
    return curve(points, title="Recall at k", across="passages", up="evidence found", widest=widest)


def _risk_plot(run: Run) -> str:
    answered = [
        Judged(float(case.answer["confidence"]), bool(case.passed))
        for case in run.cases
        if case.state == "scored" and case.answer
    ]
    risks = selective_risks(answered)
    if not risks:
        return ""
    points = [(n / run.measured_cases, risk) for n, risk in enumerate(risks, start=1)]
    return curve(points, title="Risk and coverage", across="questions answered", up="wrong answers")


def _latency_plot(run: Run) -> str:
    times = sorted(float(ms[-1]) for ms in run.timings.get("cases_ms", {}).values())
    if not times:
        return ""
    points = [(ms, n / len(times)) for n, ms in enumerate(times, start=1)]
    return curve(
        points, title="Latency", across="milliseconds", up="questions answered", widest=times[-1]
    )


def _card(run: Run) -> str:
    if not run.card:
        return "<p>The suite has no evidence to change.</p>"
    changes = [(row.operator, row.right, row.tried) for row in run.card if not row.control]
    controls = [(row.operator, row.right, row.tried) for row in run.card if row.control]
    return (
        "<p>How often the support check is right about evidence that was changed on purpose.</p>"
        f"<figure>{bars(changes, 'Changes that were caught')}"
        "<figcaption>Changed sentences that were caught</figcaption></figure>"
        f"<figure>{bars(controls, 'Rewordings that were left alone')}"
        "<figcaption>True rewordings that were left alone</figcaption></figure>"
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>'
