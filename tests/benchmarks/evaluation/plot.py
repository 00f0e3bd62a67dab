"""Recall against the pictures embedded, as a small SVG: a panel for each corpus, a point for each way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape

from tests.benchmarks.evaluation.report import Variant

WIDTH, HEIGHT, MARGIN = 460, 330, 48
MARKS = ("#1f5fa8", "#b8432f", "#2f8f4e", "#8a5fb0", "#a07a1c", "#3f8f96", "#6b6b6b", "#c4519a")


def drawn(variants: Mapping[str, Mapping[str, Variant]]) -> str:
    """Both axes begin at 0. A line from each point spans the 95 % interval; the legend tells how many of the moments
    asked for have no crop."""
    panels = [
        f'<g transform="translate({number * WIDTH},0)">{"".join(_panel(name, ways))}</g>'
        for number, (name, ways) in enumerate(variants.items())
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH * len(panels)}" height="{HEIGHT + 168}" '
        f'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>'
        f"{''.join(panels)}</svg>\n"
    )


def _panel(name: str, ways: Mapping[str, Variant]) -> Iterator[str]:
    most = max(way.rows for way in ways.values()) * 1.08
    across, down = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN

    def at(rows: float, recall: float) -> tuple[float, float]:
        return round(MARGIN + across * rows / most, 1), round(HEIGHT - MARGIN - down * recall, 1)

    yield f'<text x="{MARGIN}" y="24" font-size="13">{escape(name)}: recall@5 against pictures embedded</text>'
    for tenth in range(0, 11, 2):
        x, y = at(0, tenth / 10)
        yield f'<path d="M{x} {y}h{across}" stroke="#ddd"/><text x="{x - 24}" y="{y + 4}">{tenth / 10:.1f}</text>'
    for part in range(5):
        x, y = at(most * part / 4, 0)
        yield f'<text x="{x}" y="{y + 16}" text-anchor="middle">{most * part / 4:.0f}</text>'
    for number, (way, one) in enumerate(ways.items()):
        figure, colour = one.recall["recall@5"], MARKS[number % len(MARKS)]
        x, y = at(one.rows, figure.mean)
        low, high = at(one.rows, figure.low)[1], at(one.rows, figure.high)[1]
        yield f'<path d="M{x} {low}V{high}" stroke="{colour}"/><circle cx="{x}" cy="{y}" r="4" fill="{colour}"/>'
        row = HEIGHT - 8 + 18 * number
        told = f"{way}: {figure.mean:.3f}, {one.cpu_seconds:.0f} s, {one.uncropped}/{one.moments} without a crop"
        yield f'<circle cx="{MARGIN}" cy="{row}" r="4" fill="{colour}"/>'
        yield f'<text x="{MARGIN + 10}" y="{row + 4}">{escape(told)}</text>'
