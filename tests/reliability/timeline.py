"""Curves over time: as text for a terminal, as an SVG for a page, as CSV for anybody else."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

WIDTH, HEIGHT = 720, 150
"""Of one panel of the SVG, without its margins."""
_LEFT, _TOP, _GAP = 70, 30, 50
COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd")

Curve = tuple[str, Sequence[float]]
"""A name and a value for each moment."""


def csv(path: Path, minutes: Sequence[float], curves: Sequence[Curve]) -> None:
    """One line for each moment."""
    rows = [",".join(["minutes", *(name for name, _ in curves)])]
    for index, minute in enumerate(minutes):
        rows.append(",".join([f"{minute:.2f}", *(f"{curve[index]:.3f}" for _, curve in curves)]))
    path.write_text("\n".join(rows) + "\n")


def text(title: str, minutes: Sequence[float], values: Sequence[float], unit: str) -> str:
    """A plot of 64 columns and 8 lines, each column the greatest of its moments."""
    columns, lines = min(64, len(values)), 8
    edges = [round(at * len(values) / columns) for at in range(columns + 1)]
    highest = [max(values[a:b]) for a, b in pairwise(edges)]
    top = max(values) or 1.0
    rows = [f"{title}, {unit}; {minutes[-1]:.1f} minutes"]
    for line in range(lines, 0, -1):
        marks = "".join("#" if value / top * lines > line - 0.5 else " " for value in highest)
        rows.append(f"{top * line / lines:9.2f} |{marks}")
    return "\n".join([*rows, f"{0:9.2f} +{'-' * columns}"])


def svg(
    path: Path, title: str, minutes: Sequence[float], panels: Sequence[tuple[str, Sequence[Curve]]]
) -> None:
    """The panels (a name with its unit, and curves) above each other, on one axis of time."""
    height = _TOP + len(panels) * (HEIGHT + _GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + WIDTH + 20}" height="{height}" '
        'font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="{_LEFT}" y="18" font-size="14">{title}</text>',
    ]
    for number, (name, curves) in enumerate(panels):
        parts += _panel(_TOP + number * (HEIGHT + _GAP) + 20, name, minutes, curves)
    path.write_text("\n".join([*parts, "</svg>", ""]))


def _panel(top: int, name: str, minutes: Sequence[float], curves: Sequence[Curve]) -> list[str]:
    most = max(max(values) for _, values in curves) or 1.0
    last = minutes[-1] or 1.0
    foot = top + HEIGHT
    parts = [
        f'<path d="M{_LEFT} {top}V{foot}H{_LEFT + WIDTH}" fill="none" stroke="#888"/>',
        f'<text x="{_LEFT - 6}" y="{top + 10}" text-anchor="end">{most:.4g}</text>',
        f'<text x="{_LEFT - 6}" y="{foot}" text-anchor="end">0</text>',
        f'<text x="{_LEFT}" y="{foot + 14}">0</text>',
        f'<text x="{_LEFT + WIDTH}" y="{foot + 14}" text-anchor="end">{last:.3g} min</text>',
        f'<text x="{_LEFT}" y="{top - 6}" fill="#444">{name}</text>',
    ]
    for index, (label, values) in enumerate(curves):
        colour = COLOURS[index % len(COLOURS)]
        points = " ".join(
            f"{_LEFT + minute / last * WIDTH:.1f},{foot - value / most * HEIGHT:.1f}"
            for minute, value in zip(minutes, values, strict=True)
        )
        parts.append(f'<polyline fill="none" stroke="{colour}" points="{points}"/>')
        x = _LEFT + WIDTH - 80 * (len(curves) - index)
        parts.append(f'<text x="{x}" y="{top - 6}" fill="{colour}">{label}</text>')
    return parts
