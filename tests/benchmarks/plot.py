"""The report as a picture: bars for clients of the API, marks for HTTP clients, and a line for code by hand."""

from __future__ import annotations

from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from .http_clients import HTTP_CLIENTS
from .report import pair_name, relative_to_by_hand
from .row import BARE, OURS, PEER

WIDTH, LEFT, RIGHT, TOP, BAND, BAR, MARK = 800, 330, 60, 74, 46, 15, 10
MOST = 2.5
"""End of the axis; a longer bar is cut, and its figure is shown beside it."""
COLOURS = {OURS: "#2563eb", PEER: "#9aa4b2"}
MARKS = dict(zip(HTTP_CLIENTS, ("#b45309", "#be185d", "#15803d", "#7c3aed"), strict=True))
INK, FAINT, PAPER = "#1f2328", "#59636e", "#ffffff"
FONT = 'font-family="system-ui, sans-serif" font-size="13"'


class Band(NamedTuple):
    """A row with its bars and marks, which are figures relative to code by hand, and its place."""

    what: str
    figures: dict[str, float]
    marks: dict[str, float]
    top: int

    @property
    def bottom(self) -> int:
        """Where the next one begins."""
        return self.top + BAND + (MARK + 4 if self.marks else 0)


def plot(report: dict[str, Any]) -> str:
    """Return an SVG of the rows whose goal is relative to code by hand."""
    bands: list[Band] = []
    for row in relative_to_by_hand(report):
        bands.append(_band(row, bands[-1].bottom if bands else TOP))
    bottom = bands[-1].bottom if bands else TOP
    height = bottom + 46
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    elements = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" {FONT}>',
        f"<title>{escape(_summary(bands))}</title>",
        f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="8" fill="{PAPER}" stroke="#d1d9e0"/>',
        _text(20, 30, "Time and memory relative to plain httpx; lower is better", weight="bold"),
        *_legend(bands),
        *_grid(bottom),
        *(element for band in bands for element in _bars(band)),
        _line(_x(1.0), bottom, f'stroke="{INK}" stroke-dasharray="4 3"'),
        *(element for band in bands for element in (*_figures(band), *_marks(band))),
        _text(20, height - 14, _footnote(report["environment"]), fill=FAINT, size=11),
        "</svg>",
    ]
    return "\n".join(elements) + "\n"


def _band(row: dict[str, Any], top: int) -> Band:
    what = row["what"].partition(" (baseline")[0].replace("`", "")
    return Band(what, _relative(row, COLOURS), _relative(row, MARKS), top)


def _relative(row: dict[str, Any], names: dict[str, str]) -> dict[str, float]:
    medians = {name: row["ratios"].get(pair_name(name, BARE), {}).get("median") for name in names}
    return {name: median for name, median in medians.items() if median is not None}


def _x(figure: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * min(figure, MOST) / MOST


def _legend(bands: list[Band]) -> list[str]:
    elements = []
    for number, (name, colour) in enumerate(COLOURS.items()):
        x = LEFT + 90 * number
        elements += [f'<rect x="{x}" y="43" width="12" height="12" rx="2" fill="{colour}"/>', _text(x + 18, 54, name)]
    marked = [name for name in MARKS if any(name in band.marks for band in bands)]
    for number, name in enumerate(marked):
        x = LEFT + 185 + 72 * number
        elements += [_mark(x, 49, name), _text(x + 8, 54, name, size=11)]
    return elements


def _mark(x: float, y: int, name: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y}" r="{MARK / 2:g}" fill="{MARKS[name]}" fill-opacity="0.75"/>'


def _grid(bottom: int) -> list[str]:
    elements = []
    for figure in (0.0, 0.5, 1.0, 1.5, 2.0, 2.5):
        x = _x(figure)
        by_hand = figure == 1.0
        elements.append(_line(x, bottom, 'stroke="#e4e8ec"'))
        label = "plain httpx = 1" if by_hand else f"{figure:g}"
        elements.append(_text(x, bottom + 15, label, fill=INK if by_hand else FAINT, size=11, anchor="middle"))
    return elements


def _line(x: float, bottom: int, style: str) -> str:
    return f'<line x1="{x:.1f}" y1="{TOP - 6}" x2="{x:.1f}" y2="{bottom}" {style}/>'


def _bars(band: Band) -> list[str]:
    elements = [_text(LEFT - 12, band.top + BAND / 2 + 1, band.what, anchor="end")]
    for number, (name, figure) in enumerate(band.figures.items()):
        box = f'x="{LEFT}" y="{_y(band, number)}" width="{_x(figure) - LEFT:.1f}" height="{BAR}"'
        elements.append(f'<rect {box} rx="2" fill="{COLOURS[name]}"/>')
    return elements


def _figures(band: Band) -> list[str]:
    elements = []
    for number, (name, figure) in enumerate(band.figures.items()):
        label = f"{figure:.1f} ▸" if figure > MOST else f"{figure:.2f}"
        weight = "bold" if name == OURS else "normal"
        elements.append(_text(_x(figure) + 5, _y(band, number) + 12, label, size=11, weight=weight))
    return elements


def _marks(band: Band) -> list[str]:
    y = _y(band, len(COLOURS)) + MARK // 2 + 2
    return [_mark(_x(figure), y, name) for name, figure in band.marks.items()]


def _y(band: Band, number: int) -> int:
    return band.top + 4 + (BAR + 2) * number


def _text(
    x: float, y: float, text: str, *, fill: str = INK, size: int = 13, anchor: str = "start", weight: str = "normal"
) -> str:
    given = {"fill": fill, "font-size": str(size), "text-anchor": anchor, "font-weight": weight}
    usual = {"font-size": "13", "text-anchor": "start", "font-weight": "normal"}
    style = "".join(f' {name}="{value}"' for name, value in given.items() if usual.get(name) != value)
    return f'<text x="{x:g}" y="{y:g}"{style}>{escape(text)}</text>'


def _summary(bands: list[Band]) -> str:
    return "; ".join(
        f"{band.what}: " + ", ".join(f"{name} {figure:.2f}" for name, figure in (band.figures | band.marks).items())
        for band in bands
    )


def _footnote(environment: dict[str, Any]) -> str:
    versions = environment["versions"]
    named = ", ".join(f"{name} {versions[name]}" for name in ("httpx", "pydantic", PEER) if versions[name])
    return f"medians over rounds, side by side on loopback; {environment['python']}, {named}"
