"""Layout of a workflow's drawing: boxes for its steps from top to bottom, arms of branches side by side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .....state.steps.steps import PlannedStep

WIDTH = 232
"""Width of a box."""
HEIGHT = 66
_GAP = 34
"""Height of a line between two boxes."""
_ARM_GAP = 74
"""Height of the lines from a branch to its arms, which have labels."""
_BETWEEN = 26
"""Distance of two arms."""
_MARGIN = 14
_PILL = 30
"""Height of the start and of the ends."""

START = -1
"""Index of the start, in lines."""
END = -2
"""Index of an end, in lines."""


class ArmKey(NamedTuple):
    """An arm of a step: the index of the step and the number of the arm."""

    step: int
    number: int


class Box(NamedTuple):
    """The box of a step, which is given by its index in the workflow."""

    step: int
    x: float
    y: float


class Line(NamedTuple):
    """A line from one box to another."""

    source: int
    target: int
    path: str
    """The `d` of an SVG path."""
    label: str = ""
    """Name of the arm that it leads to."""
    label_x: float = 0
    label_y: float = 0
    arm: ArmKey | None = None
    """The arm, if it leads from a branch into one of its arms."""


class End(NamedTuple):
    """The end of a way through the workflow."""

    x: float
    y: float


@dataclass
class Drawing:
    """A drawing of a workflow."""

    width: float = 0
    height: float = 0
    start: End = field(default_factory=lambda: End(0, 0))
    boxes: list[Box] = field(default_factory=list[Box])
    lines: list[Line] = field(default_factory=list[Line])
    ends: list[End] = field(default_factory=list[End])


class _Exit(NamedTuple):
    """Where a way comes from."""

    source: int
    x: float
    y: float
    arm: ArmKey | None
    """The arm, if it comes from its branch directly."""
    label: str = ""


def lay_out(steps: Sequence[PlannedStep]) -> Drawing:
    """Return the drawing of a workflow with these steps."""
    drawer = _Drawer(steps)
    width = max(drawer.width_of(0 if steps else None, None), WIDTH)
    center, drawing = _MARGIN + width / 2, drawer.drawing
    drawing.start = End(center, _MARGIN)
    exits, y = drawer.draw(0 if steps else None, None, center, [_Exit(START, center, _MARGIN + _PILL, None)])
    drawer.end(exits, center, y)
    drawing.width = width + 2 * _MARGIN
    # Not y, which is also below arms that have all ended, where nothing is drawn.
    drawing.height = (
        max([*(each.y + _PILL for each in drawing.ends), *(each.y + HEIGHT for each in drawing.boxes)]) + _MARGIN
    )
    return drawing


class _Drawer:
    def __init__(self, steps: Sequence[PlannedStep]) -> None:
        self.drawing = Drawing()
        self._steps = steps
        self._widths: dict[tuple[int | None, int | None], float] = {}

    def width_of(self, first: int | None, stop: int | None) -> float:
        """Return the width of the steps from one to another, which is not among them."""
        key = (first, stop)
        if key not in self._widths:
            width: float = WIDTH
            at = first
            while at is not None and at != stop:
                step = self._steps[at]
                if step.arms:
                    arms = [self.width_of(arm.first, step.then) for arm in step.arms]
                    width = max(width, sum(arms) + _BETWEEN * (len(arms) - 1))
                at = step.then
            self._widths[key] = width
        return self._widths[key]

    def draw(self, first: int | None, stop: int | None, x: float, ways: list[_Exit]) -> tuple[list[_Exit], float]:
        """Draw the steps from one to another below the ways that lead to them; return the ways out, and the height."""
        y = max(way.y for way in ways) + (_ARM_GAP if ways[0].label else _GAP)
        at = first
        while at is not None and at != stop and ways:
            step = self._steps[at]
            self._join(ways, at, x, y)
            self.drawing.boxes.append(Box(at, x - WIDTH / 2, y))
            y += HEIGHT
            if step.arms:
                ways, y = self._draw_arms(at, step, x, y)
            else:
                ways = [_Exit(at, x, y, None)]
            y += _GAP
            at = step.then
        return ways, y

    def _draw_arms(self, at: int, step: PlannedStep, x: float, y: float) -> tuple[list[_Exit], float]:
        widths = [self.width_of(arm.first, step.then) for arm in step.arms]
        left = x - (sum(widths) + _BETWEEN * (len(widths) - 1)) / 2
        onward: list[_Exit] = []
        lowest = y
        for number, (arm, width) in enumerate(zip(step.arms, widths, strict=True)):
            center = left + width / 2
            left += width + _BETWEEN
            way = _Exit(at, x, y, ArmKey(at, number), arm.name)
            if arm.first == step.then and arm.first is not None:  # an arm without steps leads past the others
                self._line(way, at, center, y + _ARM_GAP)
                onward.append(way._replace(x=center, y=y + _ARM_GAP, label=""))
                lowest = max(lowest, y + _ARM_GAP)
                continue
            ways, bottom = self.draw(arm.first, step.then, center, [way])
            ends_here = step.then is None or self._terminates(arm.first, step.then)
            if ends_here:
                self.end(ways, center, bottom)
                lowest = max(lowest, bottom + _PILL)
            else:
                onward += ways
                lowest = max(lowest, bottom - _GAP)
        return onward, lowest

    def _terminates(self, first: int | None, stop: int | None) -> bool:
        at = first
        while at is not None and at != stop:
            at = self._steps[at].then
        return at is None

    def end(self, ways: list[_Exit], x: float, y: float) -> None:
        """Draw an end that ways lead to."""
        if ways:
            self._join(ways, END, x, y)
            self.drawing.ends.append(End(x, y))

    def _join(self, ways: list[_Exit], target: int, x: float, y: float) -> None:
        for way in ways:
            self._line(way, target, x, y)

    def _line(self, way: _Exit, target: int, x: float, y: float) -> None:
        if way.x == x:
            path = f"M{way.x:g} {way.y:g}V{y:g}"
        else:
            bend = min(way.y + 40, y) if way.label else max(y - 40, way.y)
            top, bottom = (way.y, bend) if way.label else (bend, y)
            middle = (top + bottom) / 2
            curve = f"C{way.x:g} {middle:g} {x:g} {middle:g} {x:g} {bottom:g}"
            path = f"M{way.x:g} {way.y:g}V{top:g}{curve}V{y:g}"
        label_y = way.y + 57
        self.drawing.lines.append(Line(way.source, target, path, way.label, x, label_y, way.arm))
