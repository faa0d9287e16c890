"""Plots as inline SVG: no script, no font, nothing fetched; colours come from the page's style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from rag.evaluation.metrics.statistics import Interval

_WIDTH, _ROW = 720, 24
_LEFT, _RIGHT = 210, 70
_SIDE = 320
_MARGIN = 40

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One metric: value and interval, the best trivial one, and what it was before."""

    label: str
    value: float
    interval: Interval | None = None
    trivial: float | None = None
    before: float | None = None


def forest(rows: Sequence[ForestRow]) -> str:
    """Values with their intervals from 0 to 1, one row each; bars trivial, diamonds before."""
    height = _ROW * (len(rows) + 2)
    marks = [_grid(x, height) for x in (0.0, 0.25, 0.5, 0.75, 1.0)]
    for place, row in enumerate(rows):
        marks.append(_forest_row(row, _ROW * (place + 1)))
    return _svg(_WIDTH, height, "".join(marks), "Metrics with their 95 % intervals")


def bars(rows: Sequence[tuple[str, int, int]], title: str) -> str:
    """Shares as horizontal bars: label, part, whole."""
    height = _ROW * (len(rows) + 1)
    marks = []
    for place, (label, part, whole) in enumerate(rows):
        y, share = _ROW * place + 8, part / whole if whole else 0.0
        width = share * (_WIDTH - _LEFT - _RIGHT)
        marks.append(
            f'<text x="{_LEFT - 8}" y="{y + 12}" text-anchor="end">{escape(label)}</text>'
            f'<rect class="bar" x="{_LEFT}" y="{y}" width="{width:.1f}" height="14" rx="2"/>'
            f'<text x="{_LEFT + width + 6:.1f}" y="{y + 12}">{part} of {whole}</text>'
        )
    return _svg(_WIDTH, height, "".join(marks), title)


def curve(points: Sequence[Point], *, title: str, across: str, up: str, widest: float = 1) -> str:
    """A line through points; the axis across ends at `widest`, the one up at 1."""
    inner = _SIDE - 2 * _MARGIN
    placed = [(_MARGIN + inner * x / (widest or 1), _SIDE - _MARGIN - inner * y) for x, y in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
    dots = "".join(f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="2"/>' for x, y in placed)
    bottom, top = _SIDE - _MARGIN, _MARGIN
    axes = (
        f'<path class="axis" fill="none" d="M{_MARGIN} {top}V{bottom}H{_SIDE - _MARGIN}"/>'
        f'<text x="{_MARGIN - 6}" y="{bottom}" text-anchor="end">0</text>'
        f'<text x="{_MARGIN - 6}" y="{top + 4}" text-anchor="end">1</text>'
        f'<text x="{_SIDE - _MARGIN}" y="{bottom + 16}" text-anchor="middle">{widest:g}</text>'
        f'<text class="faint" x="{_SIDE / 2}" y="{bottom + 30}" text-anchor="middle">'
        f"{escape(across)}</text>"
        f'<text class="faint" x="{_MARGIN}" y="{top - 12}">{escape(up)}</text>'
    )
    line = f'<polyline class="curve" points="{path}"/>'
    return _svg(_SIDE, _SIDE, axes + line + dots, title)


def _forest_row(row: ForestRow, y: int) -> str:
    marks = [f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{escape(row.label)}</text>']
    if row.interval is not None:
        low, high = _x(row.interval.low), _x(row.interval.high)
        marks.append(f'<line class="span" x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}"/>')
    if row.trivial is not None:
        x = _x(row.trivial)
        marks.append(f'<line class="trivial" x1="{x:.1f}" x2="{x:.1f}" y1="{y - 7}" y2="{y + 7}"/>')
    marks.append(f'<circle class="mark" cx="{_x(row.value):.1f}" cy="{y}" r="4"/>')
    if row.before is not None:
        x = _x(row.before)
        marks.append(f'<path class="before" d="M{x:.1f} {y - 7}l6 7l-6 7l-6 -7z"/>')
    marks.append(f'<text x="{_WIDTH - _RIGHT + 12}" y="{y + 4}">{row.value:.3f}</text>')
    return "".join(marks)


def _grid(share: float, height: int) -> str:
    x = _x(share)
    return (
        f'<line class="axis" x1="{x}" x2="{x}" y1="8" y2="{height - _ROW}"/>'
        f'<text class="faint" x="{x}" y="{height - 6}" text-anchor="middle">{share:g}</text>'
    )


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _svg(width: int, height: int, inner: str, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{inner}</svg>"
    )
