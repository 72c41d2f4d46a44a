"""The steps of a run: what each of them did, or why it did nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from .....messaging.messages import ENGAGEMENT
from .....state.steps.steps import Batch, Branch, Cohort
from .....workflows.runtime import run_history
from .....workflows.steps.waiting import Waits
from .reasons import explain, explain_preference, preference_with_results, with_results
from .step_words import channel_type_of, summary_of, title_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .....state.records import Run, RunEvent
    from .....state.steps.steps import PlannedStep
    from .....state.world import World
    from .reasons import Tested

StateName: TypeAlias = Literal["sent", "done", "skipped", "failed", "waiting", "ended", "none"]

_WORDS: dict[StateName, str] = {
    "sent": "sent",
    "done": "done",
    "skipped": "skipped",
    "failed": "failed",
    "waiting": "waits",
    "ended": "ended here",
    "none": "not reached",
}


class Sent(NamedTuple):
    """A message that a step has made."""

    id: str
    channel: str
    status: str
    """Its status, and how the receiver has engaged with it; `deleted` if it is not there any more."""


class Paragraph(NamedTuple):
    """Something that is said about a step."""

    text: str
    conditions: Sequence[Sequence[Tested]] = ()
    """Conditions that the text is about: alternatives, in each of which all must hold."""


@dataclass
class StepState:
    """A step of a workflow and, in a run, what it did."""

    index: int
    ref: str
    title: str
    channel_type: str
    type: str
    summary: str
    state: StateName = "none"
    word: str = ""
    """The state in a few words."""
    at: datetime | None = None
    """When it was taken."""
    until: datetime | None = None
    """Until when it waits, or waited."""
    sent: list[Sent] = field(default_factory=list[Sent])
    paragraphs: list[Paragraph] = field(default_factory=list[Paragraph])
    data: Any = None
    """What the history says besides."""
    arm: int | None = None
    """Number of the arm that was taken."""


def states_of(world: World, run: Run) -> list[StepState]:
    """Return the steps of a run, in the order of its workflow."""
    steps = run.workflow.steps
    history: dict[str, list[RunEvent]] = {}
    for event in run.events:
        if event.step is not None:
            history.setdefault(event.step.ref, []).append(event)
    found: list[StepState] = []
    for index, planned in enumerate(steps):
        state = describe(world, index, planned)
        for event in history.get(planned.ref, ()):
            _apply(world, run, planned, state, event)
        found.append(state)
    _mark_present(world, run, found)
    _mark_end(run, found)
    for state in found:
        state.word = state.word or _WORDS[state.state]
    return found


def describe(world: World, index: int, planned: PlannedStep) -> StepState:
    """Return a step of a workflow, outside a run."""
    return StepState(
        index=index,
        ref=planned.ref,
        title=title_of(world, planned),
        channel_type=channel_type_of(world, planned),
        type=planned.type,
        summary=summary_of(planned),
    )


def _apply(world: World, run: Run, planned: PlannedStep, state: StepState, event: RunEvent) -> None:
    """Add an event of a run's history to the state of its step."""
    state.at = state.at or event.at
    data = event.data or {}
    if event.event == run_history.STEP_SKIPPED:
        _apply_skip(run, planned, state, event)
    elif event.event == run_history.STEP_FAILED:
        state.state, state.word = "failed", "failed"
        text = f"{data.get('field')}: {data.get('message')}" if "field" in data else str(data.get("message"))
        if event.attempt == 1:
            state.paragraphs.append(Paragraph(text))
        else:
            state.word = f"failed, {event.attempt} attempts"
    elif event.event == run_history.STEP_PAUSED:
        state.state = "done"
        state.until = _end_of(run, event)
        state.word = "waited"
    elif event.event == run_history.STEP_DONE:
        _apply_done(world, planned, state, event)
    else:
        state.data = [*(state.data or []), {"event": event.event, **data}]


def _apply_skip(run: Run, planned: PlannedStep, state: StepState, event: RunEvent) -> None:
    data, found = event.data or {}, event.found
    reason, detail = str(data.get("reason")), str(data.get("detail") or planned.ref)
    if state.state != "sent":  # of a channel group, one channel may have been skipped and another not
        state.state, state.word = "skipped", f"skipped: {reason.replace('_', ' ')}"
    if reason == "skip_delay":
        state.paragraphs.append(Paragraph("The trigger asked to skip delays."))
    elif reason == "workflow_inactive":
        state.paragraphs.append(Paragraph("The workflow that the step triggers is not active, or there is none."))
    elif reason == "preferences":
        text = f"{explain(reason, detail)} {explain_preference(found, run.trigger.tenant)}".strip()
        state.paragraphs.append(Paragraph(text, preference_with_results(found)))
    elif reason == "conditions" and detail == planned.ref:
        conditions = with_results(planned.conditions, None if found is None else found.get("conditions"))
        state.paragraphs.append(Paragraph(_introduce(explain(reason, detail), conditions), conditions))
    elif reason == "conditions" and found is not None:
        state.paragraphs.append(Paragraph(explain(reason, detail), _tested_channel(event)))
    else:
        state.paragraphs.append(Paragraph(explain(reason, detail)))


def _tested_channel(event: RunEvent) -> list[list[Tested]]:
    """Return the conditions of a channel with what they found."""
    stated = (event.found or {}).get("stated")
    return with_results(stated, (event.found or {}).get("conditions")) if stated else []


def _introduce(text: str, conditions: list[list[Tested]]) -> str:
    return f"{text} One of these groups would have to hold:" if len(conditions) > 1 else text


def _apply_done(world: World, planned: PlannedStep, state: StepState, event: RunEvent) -> None:
    data = event.data or {}
    message_id = data.get("message_id")
    if isinstance(message_id, str):
        _apply_message(world, state, message_id)
        return
    if state.state != "failed":
        state.state = "done"
    if isinstance(planned.step, Branch | Cohort) and "branch" in data:
        _apply_arm(planned, state, event, str(data["branch"]))
        return
    if isinstance(planned.step, Batch):
        state.word = "joined a batch"
        return
    if "matched" in data:
        state.word = "the event came" if data["matched"] else "time was over"
        return
    if data:
        state.data = [*(state.data or []), data]


def _apply_message(world: World, state: StepState, message_id: str) -> None:
    message = world.messages.get(message_id)
    if message is None:
        state.sent.append(Sent(message_id, "", "deleted"))
    else:
        engaged = [status for status in ENGAGEMENT if status in message.engagement]
        state.sent.append(Sent(message_id, message.channel.key, ", ".join([message.status, *engaged])))
    state.state = "sent"
    count = len(state.sent)
    state.word = state.sent[0].status.replace("_", " ") if count == 1 else f"{count} messages"


def _apply_arm(planned: PlannedStep, state: StepState, event: RunEvent, name: str) -> None:
    names = [arm.name for arm in planned.arms]
    state.word = f"took {name}"
    if isinstance(planned.step, Cohort):
        state.arm = names.index(name) if name in names else None
        share = next((f"{arm.share:g}%" for arm in planned.arms if arm.name == name), "")
        state.paragraphs.append(Paragraph(f"The recipient is in the cohort {name}, of {share} of all."))
        return
    found = (event.found or {}).get("arms")
    taken = len(found) - 1 if found else (names.index(name) if name in names else None)
    state.arm = taken
    for number, arm in enumerate(planned.arms[: (taken or 0) + 1]):
        conditions = with_results(arm.conditions, found[number] if found else None)
        text = _why(arm.name, taken=number == taken, has_conditions=bool(arm.conditions))
        state.paragraphs.append(Paragraph(text, conditions))


def _why(name: str, *, taken: bool, has_conditions: bool) -> str:
    if not taken:
        return f"Not {name}: its conditions do not hold."
    return f"Taken: {name}, whose conditions hold." if has_conditions else f"Taken: {name}, as none before it was."


def _end_of(run: Run, event: RunEvent) -> datetime | None:
    """Return when the run went on after an event; None if it has not."""
    index = next(number for number, each in enumerate(run.events) if each is event)
    return run.events[index + 1].at if index + 1 < len(run.events) else None


def _mark_present(world: World, run: Run, states: list[StepState]) -> None:
    """Mark the step at which a run waits."""
    if run.status != "paused" and run.batch is None:
        return
    ref = next((event.step.ref for event in reversed(run.events) if event.step is not None), None)
    state = next((each for each in states if each.ref == ref), None)
    if state is None:
        return
    state.state = "waiting"
    state.at = state.at or run.inserted_at
    if run.batch is not None:
        state.until = run.batch.closes_at
        count = len(run.batch.runs)
        state.paragraphs.append(Paragraph(f"The batch has {count:,} {'activity' if count == 1 else 'activities'}."))
        state.word = "collects" if run.status == "paused" else "joined a batch"
    elif (waiting := world.of(Waits).by_run.get(run.id)) is not None:
        state.until, state.word = waiting.until, "waits for an event"
    else:
        due = world.clock.find(run.id)
        state.until, state.word = (None if due is None else due.at), "waits"


def _mark_end(run: Run, states: list[StepState]) -> None:
    """Mark the step that ended a run, where it has no event of its own."""
    end = run.early_end
    if end is None:
        return
    for state in states:
        if end.reason == "throttled" and end.detail == state.ref:
            state.state, state.word, state.at = "ended", "throttled", run.updated_at
            state.paragraphs.append(Paragraph(explain(end.reason, end.detail)))
        elif end.reason == "halted" and end.detail.startswith(f"{state.ref}: "):
            state.state, state.word = "ended", "halted the run"
            state.paragraphs.append(Paragraph(explain(end.reason, end.detail)))
        elif end.reason == "cancelled" and state.state == "done" and state.until == run.updated_at:
            state.state, state.word = "ended", "cancelled here"
