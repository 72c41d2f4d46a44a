"""Output of the quickstart: the messages that were sent, and those that were not, with the reasons."""

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
    """A counter on stderr: updated in place on a terminal, otherwise printed once at the end."""

    def __init__(self, label: str, total: int) -> None:
        self._label = label
        self._total = total
        self._done = 0

    def step(self) -> None:
        """Count one item."""
        self._done += 1
        last = self._done == self._total
        if last or sys.stderr.isatty():
            print(
                f"\r{self._label}: {self._done} of {self._total}", end="\n" if last else "", file=sys.stderr, flush=True
            )


def show(text: str) -> None:
    """Print a text; a character that the encoding of the output lacks becomes a question mark."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding))


def report(
    data: Data,
    runs: Mapping[str, Event],
    messages: Sequence[Message],
    preferences: Mapping[str, Sequence[PreferenceSet]],
) -> str:
    """Return a summary in one line, and three tables.

    Args:
        data: the input.
        runs: the event that triggered each workflow run, by the run's id.
        messages: the messages of these runs.
        preferences: the preference sets of each user, by the user's id.
    """
    sent = Counter((str(message.recipient), message.source.key, message.channel.type) for message in messages)
    expected = Counter(
        (recipient, event.workflow, channel)
        for event in runs.values()
        for recipient in event.recipients
        for channel in data.workflows[event.workflow].channels
    )
    not_sent = expected - sent
    channels = sorted({channel for _, _, channel in expected}, key=list(CHANNELS).index)
    statuses = Counter(message.status for message in messages)
    counts = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items())) or "none"
    summary = f"{len(runs)} events became {len(messages)} messages: {counts}."
    sent_table = _format_table(
        "Who got what",
        ["User", "Workflow", *(CHANNELS[channel] for channel in channels)],
        [
            [data.users[user].name, workflow, *(str(sent[user, workflow, channel] or "-") for channel in channels)]
            for user, workflow in sorted({(user, workflow) for user, workflow, _ in sent})
        ],
        numbers=len(channels),
    )
    opted_out_table = _format_table(
        "Who opted out",
        ["User", "Preference set", "Does not want"],
        [
            [data.users[user].name, preference_set.id, entry]
            for user in sorted(preferences)
            for preference_set in preferences[user]
            for entry in _find_opt_outs(preference_set.model_dump(exclude_none=True, exclude={"id"}))
        ],
    )
    not_sent_table = _format_table(
        "What was not sent",
        ["User", "Workflow", "Channel", "Why", "Times"],
        [
            [data.users[user].name, workflow, CHANNELS[channel], _reason(data.users[user], channel), str(count)]
            for (user, workflow, channel), count in sorted(not_sent.items())
        ],
        numbers=1,
    )
    return f"{summary}\n\n{sent_table}\n\n{opted_out_table}\n\n{not_sent_table}"


def _reason(user: User, channel: str) -> str:
    if channel == "email" and user.email is None:
        return "no email address"
    if channel == "sms" and user.phone_number is None:
        return "no phone number"
    return "preferences"


def _find_opt_outs(settings: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Iterate over the settings of a preference set that are false or have conditions."""
    for name, setting in settings.items():
        path = f"{prefix}{name}"
        if setting is False:
            yield path
        elif name == "conditions":
            for condition in setting:
                operator = condition["operator"].replace("_", " ")
                yield f"{prefix[:-1]} unless {condition['variable']} is {operator} {condition['argument']}"
        elif isinstance(setting, dict):
            yield from _find_opt_outs(setting, f"{path}.")


def _format_table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int = 0) -> str:
    """Return a table, the last `numbers` columns aligned right. The first cell is blank if it repeats the one above."""
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
