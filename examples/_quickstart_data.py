"""Input of the quickstart: users, preferences, workflows and a day of events, validated row by row."""

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
"""Titles of the channel types."""

SECTIONS = ("categories", "channel_types", "channels", "commercial_subscribed", "workflows")
"""Sections of a preference set."""

DELIMITER = re.compile(r"\s*(\S)\s*")


class DataError(Exception):
    """A row is invalid, or a file cannot be read; the message names the file and the line."""

    def __init__(self, path: Path, line: int | None, problem: str) -> None:
        super().__init__(f"{path}: {problem}" if line is None else f"{path}, line {line}: {problem}")


@dataclass(frozen=True)
class User:
    """A row of users.csv. Columns that are not fields of a Knock user become custom properties."""

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
    """An entry of workflows.json. In a Knock account, workflows are created in the dashboard."""

    key: str
    name: str
    channels: tuple[str, ...]
    categories: tuple[str, ...]
    commercial: bool
    override_preferences: bool


@dataclass(frozen=True)
class Event:
    """An entry of events.json: an event in the product, with the users to notify."""

    id: str
    at: str
    workflow: str
    actor: str | None
    recipients: tuple[str, ...]
    tenant: str | None
    data: dict[str, Any]


@dataclass(frozen=True)
class Data:
    """Contents of the four files."""

    users: dict[str, User]
    preferences: list[PreferenceSet]
    workflows: dict[str, Workflow]
    events: list[Event]


def load(folder: Path) -> Data:
    """Load the four files of a folder.

    Raises:
        DataError: A row is malformed, or refers to a user or workflow that does not exist.
    """
    users = {user.id: user for user in _read_users(folder / "users.csv")}
    workflows = {workflow.key: workflow for workflow in _read_objects(folder / "workflows.json", _parse_workflow)}
    return Data(
        users,
        list(_read_objects(folder / "preferences.json", lambda row: _parse_preference_set(row, users))),
        workflows,
        list(_read_objects(folder / "events.json", lambda row: _parse_event(row, users, workflows))),
    )


def create_simulator(data: Data) -> Simulator:
    """Return a simulator of Knock, in which the workflows are declared."""
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
    reader = csv.DictReader(_read_text(path).splitlines(), restkey="", strict=True)
    try:
        for row in reader:
            yield _parse_user(row, seen)
    except (ValueError, csv.Error) as error:
        raise DataError(path, reader.line_num, str(error)) from None


def _parse_user(row: dict[str, Any], seen: set[str]) -> User:
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
        created_at=_parse_time(filled.pop("created_at", "")),
        properties=filled,
    )


def _parse_preference_set(row: dict[str, Any], users: dict[str, User]) -> PreferenceSet:
    _require_known("user", row["user_id"], users)
    sections: dict[str, Any] = _require_type(row, "preferences", dict)
    for section in sections:
        _require_known("preference section", section, SECTIONS)
    return PreferenceSet(row["user_id"], row["set_id"], sections)


def _parse_workflow(row: dict[str, Any]) -> Workflow:
    channels = tuple(_require_type(row, "channels", list))
    for channel in channels:
        _require_known("channel type", channel, CHANNELS)
    return Workflow(
        row["key"],
        row["name"],
        channels,
        tuple(_require_type(row, "categories", list)),
        row.get("commercial", False),
        row.get("override_preferences", False),
    )


def _parse_event(row: dict[str, Any], users: dict[str, User], workflows: dict[str, Workflow]) -> Event:
    _parse_time(row["at"])
    _require_known("workflow", row["workflow"], workflows)
    recipients: list[str] = _require_type(row, "recipients", list)
    for person in [*recipients, *([row["actor"]] if row["actor"] else [])]:
        _require_known("user", person, users)
    return Event(
        row["id"],
        row["at"],
        row["workflow"],
        row["actor"],
        tuple(recipients),
        row["tenant"],
        _require_type(row, "data", dict),
    )


def _read_objects(path: Path, build: Callable[[dict[str, Any]], Any]) -> Iterator[Any]:
    """Build something from each object of a JSON list; errors name the line in which the object starts."""
    for line, row in _iterate_rows(path):
        try:
            yield build(_require_type({"the row": row}, "the row", dict))
        except KeyError as error:
            raise DataError(path, line, f"has no {error.args[0]}") from None
        except (TypeError, ValueError) as error:
            raise DataError(path, line, str(error)) from None


def _iterate_rows(path: Path) -> Iterator[tuple[int, Any]]:
    """Iterate over the elements of a JSON list, each with its line number."""
    text = _read_text(path)
    decoder = json.JSONDecoder()
    delimiter, position = _next_delimiter(path, text, 0, "[")
    while not (delimiter == "[" and text[position : position + 1] == "]") and delimiter != "]":
        try:
            row, end = decoder.raw_decode(text, position)
        except json.JSONDecodeError as error:
            raise DataError(path, error.lineno, f"is not JSON: {error.msg}") from None
        yield _line_number(text, position), row
        delimiter, position = _next_delimiter(path, text, end, ",]")


def _next_delimiter(path: Path, text: str, position: int, expected: str) -> tuple[str, int]:
    """Return the next bracket or comma, and the position after it."""
    found = DELIMITER.match(text, position)
    if found is None or found[1] not in expected:
        raise DataError(path, _line_number(text, position), f"is not JSON: expected {' or '.join(expected)}")
    return found[1], found.end()


def _line_number(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(path, None, f"cannot be read: {error}") from None


def _parse_time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise ValueError(f"{text!r} is not a date and time") from None
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return moment


def _require_known(what: str, name: str, names: Container[str]) -> None:
    if name not in names:
        raise ValueError(f"there is no {what} {name!r}")


def _require_type(row: dict[str, Any], name: str, kind: type) -> Any:
    if not isinstance(row[name], kind):
        raise TypeError(f"{name} is not a {'list' if kind is list else 'JSON object'}")
    return row[name]
