"""The quickstart's output: who got what on which channel, and what was not sent and why."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from _quickstart_data import Data, Event, User

    from knock_sdk.types import Message, PreferenceSet

CHANNEL_TITLES = {"in_app_feed": "In-app", "email": "Email", "sms": "SMS"}


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


def print_report(
    data: Data,
    runs: Mapping[str, Event],
    messages: Sequence[Message],
    preferences: Mapping[str, Sequence[PreferenceSet]],
) -> None:
    """Print the tables.

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
    channels = sorted({channel for _, _, channel in wanted}, key=list(CHANNEL_TITLES).index)
    statuses = Counter(message.status for message in messages)
    summary = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items())) or "none"
    print(f"{len(runs)} events became {len(messages)} messages: {summary}.")
    _print_table(
        "Who got what",
        ["User", "Workflow", *(CHANNEL_TITLES[channel] for channel in channels)],
        [
            [data.users[user].name, workflow, *(str(got[user, workflow, channel] or "·") for channel in channels)]
            for user, workflow in sorted({(user, workflow) for user, workflow, _ in got})
        ],
        numbers=len(channels),
    )
    _print_table(
        "Who opted out",
        ["User", "Preference set", "Does not want"],
        [
            [data.users[user].name, preference_set.id, entry]
            for user in sorted(preferences)
            for preference_set in preferences[user]
            for entry in _opted_out(preference_set.model_dump(exclude_none=True, exclude={"id"}))
        ],
    )
    _print_table(
        "What was not sent",
        ["User", "Workflow", "Channel", "Why", "Times"],
        [
            [data.users[user].name, workflow, CHANNEL_TITLES[channel], _why(data.users[user], channel), str(count)]
            for (user, workflow, channel), count in sorted(not_sent.items())
        ],
        numbers=1,
    )


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


def _print_table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int = 0) -> None:
    """Print a table; the last columns, so many, are numbers. A cell that repeats the one above it is left blank."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    first_number = len(head) - numbers

    def line(cells: Sequence[str]) -> str:
        aligned = [
            cell.rjust(width) if column >= first_number else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return "  ".join(aligned).rstrip()

    print(f"\n{title}\n{line(head)}\n{line(['-' * width for width in widths])}")
    above = ""
    for first, *rest in rows:
        print(line(["" if first == above else first, *rest]))
        above = first
