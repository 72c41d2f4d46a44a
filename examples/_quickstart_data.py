"""The quickstart's input: people, their preferences, workflows and a day of events, read and checked row by row."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from knock_sdk.testing import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from pathlib import Path

CHANNELS = {
    "in_app_feed": "In-app",
    "email": "Email",
    "sms": "SMS",
    "push": "Push",
    "chat": "Chat",
    "http": "Webhook",
}
"""The kinds of channel that a workflow may have, with their titles."""

SECTIONS = ("categories", "channel_types", "channels", "commercial_subscribed", "workflows")
"""What a preference set is made of."""

MARK = re.compile(r"\s*(\S)\s*")


class DataError(Exception):
    """A row that cannot be used, with its file and line, or a file that cannot be read."""

    def __init__(self, path: Path, line: int | None, problem: str) -> None:
        super().__init__(f"{path}: {problem}" if line is None else f"{path}, line {line}: {problem}")


@dataclass(frozen=True)
class User:
    """A row of users.csv; columns that are no field of a user in Knock are custom properties."""

    id: str
    name: str
    email: str | None
    phone_number: str | None
    timezone: str | None
    locale: str | None
    created_at: datetime
    properties: dict[str, str]


@dataclass(frozen=True)
class PreferenceSet:
    """An entry of preferences.json."""

    user_id: str
    set_id: str
    sections: dict[str, Any]


@dataclass(frozen=True)
class Workflow:
    """An entry of workflows.json; in Knock itself, workflows are made in the dashboard."""

    key: str
    name: str
    channels: tuple[str, ...]
    categories: tuple[str, ...]
    commercial: bool
    override_preferences: bool


@dataclass(frozen=True)
class Event:
    """An entry of events.json: something happened in the product, and somebody should know."""

    id: str
    at: str
    workflow: str
    actor: str | None
    recipients: tuple[str, ...]
    tenant: str | None
    data: dict[str, Any]


@dataclass(frozen=True)
class Data:
    """Everything that was read."""

    users: dict[str, User]
    preferences: list[PreferenceSet]
    workflows: dict[str, Workflow]
    events: list[Event]


def load(folder: Path) -> Data:
    """Read the four files of a folder.

    Raises:
        DataError: A row is malformed, or names a user or workflow that does not exist.
    """
    users = {user.id: user for user in _read_users(folder / "users.csv")}
    workflows = {workflow.key: workflow for workflow in _read(folder / "workflows.json", _workflow)}
    return Data(
        users,
        list(_read(folder / "preferences.json", lambda row: _preference_set(row, users))),
        workflows,
        list(_read(folder / "events.json", lambda row: _event(row, users, workflows))),
    )


def simulator_for(data: Data) -> Simulator:
    """Return a Knock in memory that has the workflows."""
    simulator = Simulator()
    for workflow in data.workflows.values():
        simulator.workflow(
            workflow.key,
            name=workflow.name,
            channels=workflow.channels,
            categories=workflow.categories,
            commercial=workflow.commercial,
            override_preferences=workflow.override_preferences,
        )
    return simulator


def _read_users(path: Path) -> Iterator[User]:
    seen: set[str] = set()
    reader = csv.DictReader(_text(path).splitlines(), restkey="", strict=True)
    try:
        for row in reader:
            yield _user(row, seen)
    except (ValueError, csv.Error) as error:
        raise DataError(path, reader.line_num, str(error)) from None


def _user(row: dict[str, Any], seen: set[str]) -> User:
    if "" in row or None in row.values():
        raise ValueError("has more or fewer columns than the first line")
    filled = {column: value.strip() for column, value in row.items() if value.strip()}
    user_id, email = filled.pop("id", None), filled.pop("email", None)
    if user_id is None:
        raise ValueError("has no id")
    if user_id in seen:
        raise ValueError(f"the id {user_id!r} was used before")
    if email is not None and "@" not in email:
        raise ValueError(f"{email!r} is not an email address")
    seen.add(user_id)
    return User(
        id=user_id,
        name=filled.pop("name", user_id),
        email=email,
        phone_number=filled.pop("phone_number", None),
        timezone=filled.pop("timezone", None),
        locale=filled.pop("locale", None),
        created_at=_moment(filled.pop("created_at", "")),
        properties=filled,
    )


def _preference_set(row: dict[str, Any], users: dict[str, User]) -> PreferenceSet:
    _known("user", row["user_id"], users)
    sections: dict[str, Any] = _of_type(row, "preferences", dict)
    for section in sections:
        _known("kind of preference", section, SECTIONS)
    return PreferenceSet(row["user_id"], row["set_id"], sections)


def _workflow(row: dict[str, Any]) -> Workflow:
    channels = tuple(_of_type(row, "channels", list))
    for channel in channels:
        _known("kind of channel", channel, CHANNELS)
    return Workflow(
        row["key"],
        row["name"],
        channels,
        tuple(_of_type(row, "categories", list)),
        row.get("commercial", False),
        row.get("override_preferences", False),
    )


def _event(row: dict[str, Any], users: dict[str, User], workflows: dict[str, Workflow]) -> Event:
    _moment(row["at"])
    _known("workflow", row["workflow"], workflows)
    recipients: list[str] = _of_type(row, "recipients", list)
    for person in [*recipients, *([row["actor"]] if row["actor"] else [])]:
        _known("user", person, users)
    return Event(
        row["id"],
        row["at"],
        row["workflow"],
        row["actor"],
        tuple(recipients),
        row["tenant"],
        _of_type(row, "data", dict),
    )


def _read(path: Path, build: Callable[[dict[str, Any]], Any]) -> Iterator[Any]:
    """Build something from each object of a JSON list; errors tell the line that the object starts in."""
    for line, row in _rows(path):
        try:
            yield build(_of_type({"the row": row}, "the row", dict))
        except KeyError as error:
            raise DataError(path, line, f"has no {error.args[0]}") from None
        except (TypeError, ValueError) as error:
            raise DataError(path, line, str(error)) from None


def _rows(path: Path) -> Iterator[tuple[int, Any]]:
    """Walk the elements of a JSON list, each with the number of its line."""
    text = _text(path)
    decoder = json.JSONDecoder()
    mark, position = _mark(path, text, 0, "[")
    while not (mark == "[" and text[position : position + 1] == "]") and mark != "]":
        try:
            row, end = decoder.raw_decode(text, position)
        except json.JSONDecodeError as error:
            raise DataError(path, error.lineno, f"is not JSON: {error.msg}") from None
        yield _line(text, position), row
        mark, position = _mark(path, text, end, ",]")


def _mark(path: Path, text: str, position: int, expected: str) -> tuple[str, int]:
    """Return the mark of JSON that comes next, and where the value after it starts."""
    found = MARK.match(text, position)
    if found is None or found[1] not in expected:
        raise DataError(path, _line(text, position), f"is not JSON: expected {' or '.join(expected)}")
    return found[1], found.end()


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(path, None, f"cannot be read: {error}") from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise ValueError(f"{text!r} is no date and time") from None
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return moment


def _known(what: str, name: str, names: Container[str]) -> None:
    if name not in names:
        raise ValueError(f"there is no {what} {name!r}")


def _of_type(row: dict[str, Any], name: str, kind: type) -> Any:
    if not isinstance(row[name], kind):
        raise TypeError(f"{name} is not a {'list' if kind is list else 'JSON object'}")
    return row[name]
