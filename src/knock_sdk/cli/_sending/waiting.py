"""Waiting for the runs of a trigger, and showing their messages meanwhile."""

from __future__ import annotations

from collections import Counter
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from .. import _rows as rows
from .._console import print_note, print_row
from .._errors import fail
from .._following import NewMessages, follow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..._sync.client import Knock
    from ...types import WorkflowRecipientRun

_INTERVAL = 1.0
"""Seconds between two looks."""
_PAGES = 10
"""Pages of runs that are looked through: 500 runs."""
_ENDED = ("completed", "cancelled")


def wait_for(client: Knock, key: str, run_id: str, seconds: float, *, json: bool) -> None:
    """Show the messages of a trigger until its runs have ended.

    Raises:
        Exit: They had errors, or had not ended in time.
    """
    end = monotonic() + seconds
    messages = NewMessages(partial(client.messages.list, workflow_run_id=run_id))
    runs: list[WorkflowRecipientRun] = []
    made = 0

    def look() -> bool:
        nonlocal runs, made
        runs = _find_runs(client, key, run_id)  # first: the messages of a run that has ended are there
        for message in messages.look():
            made += 1
            print_row(rows.message(message), message, as_json=json)
        ended = bool(runs) and all(run.status in _ENDED for run in runs)
        return not ended and monotonic() < end

    follow(look, min(_INTERVAL, seconds))
    if not runs:
        fail(f"No run has begun within {seconds:g} s. Does each recipient exist? An id alone does not create one.")
    counts = _count(run.status for run in runs)
    if not all(run.status in _ENDED for run in runs):
        fail(f"After {seconds:g} s, not all runs have ended: {counts}.")
    if errors := sum(run.error_count for run in runs):
        fail(f"The runs have ended, with {errors} errors: {counts}.")
    print_note(f"Runs that have ended: {counts}. Messages: {made}.")
    if not made:
        print_note(f"Why a user got none: knock-sdk preferences why USER {key}")


def _find_runs(client: Knock, key: str, run_id: str) -> list[WorkflowRecipientRun]:
    """Return the runs of a trigger, which are among the newest of their workflow."""
    found: list[WorkflowRecipientRun] = []
    for number, page in enumerate(client.workflow_recipient_runs.list(workflow=key).pages(), 1):
        of_trigger = [run for run in page.items if run.workflow_run_id == run_id]
        found += of_trigger
        if number == _PAGES or (found and not of_trigger):
            break
    return found


def _count(names: Iterable[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(Counter(names).items()))
