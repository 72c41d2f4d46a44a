"""The quickstart's output: who got what on which channel, and what was not sent and why."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from _quickstart_data import CHANNELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from _quickstart_data import Data, Event, User

    from knock_sdk.types import Message, PreferenceSet


class Progress:
    """A line on the error output that counts up: in place on a terminal, once at the end elsewhere."""

    def __init__(self, what: str, total: int) -> None:
        self._what = what
        self._total = total
        self._done = 0

    def step(self) -> None:
        """Count one more."""
        self._done += 1
        last = self._done == self._total
        if last or sys.stderr.isatty():
            print(
                f"\r{self._what}: {self._done} of {self._total}", end="\n" if last else "", file=sys.stderr, flush=True
            )


def report(
    data: Data,
    runs: Mapping[str, Event],
    messages: Sequence[Message],
    preferences: Mapping[str, Sequence[PreferenceSet]],
) -> str:
    """Return a line that counts, and three tables.

    Args:
        data: what was read.
        runs: the event behind each workflow run, by the run's id.
        messages: what Knock made of them.
        preferences: the preference sets that users have, by the user's id.
    """
    got = Counter(
        (str(message.recipient), message.source.key, message.channel.type) for message in messages if message.channel
    )
    wanted = Counter(
        (recipient, event.workflow, channel)
        for event in runs.values()
        for recipient in event.recipients
        for channel in data.workflows[event.workflow].channels
    )
    not_sent = wanted - got
    channels = sorted({channel for _, _, channel in wanted}, key=list(CHANNELS).index)
    statuses = Counter(message.status for message in messages)
    summary = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items())) or "none"
    counted = f"{len(runs)} events became {len(messages)} messages: {summary}."
    who_got_what = _table(
        "Who got what",
        ["User", "Workflow", *(CHANNELS[channel] for channel in channels)],
        [
            [data.users[user].name, workflow, *(str(got[user, workflow, channel] or "·") for channel in channels)]
            for user, workflow in sorted({(user, workflow) for user, workflow, _ in got})
        ],
        numbers=len(channels),
    )
    who_opted_out = _table(
        "Who opted out",
        ["User", "Preference set", "Does not want"],
        [
            [data.users[user].name, preference_set.id, entry]
            for user in sorted(preferences)
            for preference_set in preferences[user]
            for entry in _opted_out(preference_set.model_dump(exclude_none=True, exclude={"id"}))
        ],
    )
    what_was_not_sent = _table(
        "What was not sent",
        ["User", "Workflow", "Channel", "Why", "Times"],
        [
            [data.users[user].name, workflow, CHANNELS[channel], _why(data.users[user], channel), str(count)]
            for (user, workflow, channel), count in sorted(not_sent.items())
        ],
        numbers=1,
    )
    return f"{counted}\n\n{who_got_what}\n\n{who_opted_out}\n\n{what_was_not_sent}"


def _why(user: User, channel: str) -> str:
    if channel == "email" and user.email is None:
        return "no email address"
    if channel == "sms" and user.phone_number is None:
        return "no phone number"
    return "preferences"


def _opted_out(settings: dict[str, Any], place: str = "") -> Iterator[str]:
    """Walk a preference set; every false, and every condition, becomes a line."""
    for name, setting in settings.items():
        here = f"{place}{name}"
        if setting is False:
            yield here
        elif name == "conditions":
            for condition in setting:
                operator = condition["operator"].replace("_", " ")
                yield f"{place[:-1]} unless {condition['variable']} is {operator} {condition['argument']}"
        elif isinstance(setting, dict):
            yield from _opted_out(setting, f"{here}.")


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int = 0) -> str:
    """Return a table; the last columns, so many, are numbers. A cell that repeats the one above it is left blank."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    first_number = len(head) - numbers

    def line(cells: Sequence[str]) -> str:
        aligned = [
            cell.rjust(width) if column >= first_number else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return "  ".join(aligned).rstrip()

    lines = [title, line(head), line(["-" * width for width in widths])]
    above = ""
    for first, *rest in rows:
        lines.append(line(["" if first == above else first, *rest]))
        above = first
    return "\n".join(lines)
