"""A drawing of a workflow, or of a run through it, as templates show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from .layout import END, HEIGHT, START, WIDTH, Drawing, lay_out
from .run_steps import describe, states_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .....state.records import Run, Workflow
    from .....state.world import World
    from .layout import Box, Line
    from .run_steps import StepState

_MOST_STEPS = 400
"""Steps of which a drawing is made: the list of steps has all."""
_TITLE_LENGTH = 24
_LINE_LENGTH = 27
_LABEL_LENGTH = 30


class DrawnStep(NamedTuple):
    """The box of a step."""

    box: Box
    step: StepState
    title: str
    line: str
    """The second line: what the step did or, outside a run, does."""


class DrawnLine(NamedTuple):
    """A line, and whether the run went along it."""

    line: Line
    label: str
    taken: bool


@dataclass(frozen=True)
class Picture:
    """A drawing with its texts."""

    drawing: Drawing
    steps: Sequence[StepState]
    """All steps, in order."""
    boxes: Sequence[DrawnStep]
    lines: Sequence[DrawnLine]
    is_run: bool
    box_width: float = WIDTH
    box_height: float = HEIGHT


def picture_of_workflow(world: World, workflow: Workflow) -> Picture:
    """Return the drawing of a workflow."""
    steps = [describe(world, index, planned) for index, planned in enumerate(workflow.steps)]
    return _draw(workflow, steps, is_run=False, ended=True)


def picture_of_run(world: World, run: Run) -> Picture:
    """Return the drawing of a run: its workflow, and what each step did."""
    ended = run.status == "completed" and run.early_end is None
    return _draw(run.workflow, states_of(world, run), is_run=True, ended=ended)


def _draw(workflow: Workflow, steps: list[StepState], *, is_run: bool, ended: bool) -> Picture:
    if len(steps) > _MOST_STEPS:
        return Picture(Drawing(), steps, (), (), is_run)
    drawing = lay_out(workflow.steps)
    boxes = [_box(box, steps[box.step], is_run=is_run) for box in drawing.boxes]
    lines = [_line(line, steps, is_run=is_run, ended=ended) for line in drawing.lines]
    return Picture(drawing, steps, boxes, lines, is_run)


def _box(box: Box, step: StepState, *, is_run: bool) -> DrawnStep:
    line = step.word if is_run else step.summary or step.ref
    return DrawnStep(box, step, _fit(step.ref, _TITLE_LENGTH), _fit(line, _LINE_LENGTH))


def _line(line: Line, steps: list[StepState], *, is_run: bool, ended: bool) -> DrawnLine:
    label = _fit(line.label, _LABEL_LENGTH)
    if not is_run:
        return DrawnLine(line, label, taken=True)
    taken = _is_reached(line.source, steps, ended=ended) and _is_reached(line.target, steps, ended=ended)
    if line.arm is not None:
        taken = taken and steps[line.arm.step].arm == line.arm.number
    return DrawnLine(line, label, taken)


def _is_reached(index: int, steps: list[StepState], *, ended: bool) -> bool:
    if index == START:
        return True
    return ended if index == END else steps[index].state != "none"


def _fit(text: str, length: int) -> str:
    line = " ".join(text[: 4 * length].split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
