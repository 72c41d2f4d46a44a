"""Tests that a message must pass to be listed, to stand in a feed, or to be changed in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ..http.errors import invalid_field
from ..state.json_objects import has_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from ..state.clock import Bound
    from ..state.json_objects import JSON
    from ..state.records import Message

    MessageTest: TypeAlias = Callable[[Message], bool]

ARCHIVED = ("exclude", "include", "only")
"""What a request can ask for about archived messages."""

_LONGEST_TRIGGER_DATA = 256


def every(tests: Iterable[MessageTest]) -> MessageTest:
    """Return the test that all of some tests are passed."""
    listed = list(tests)
    return lambda message: all(test(message) for test in listed)


def engagement(status: str) -> MessageTest:
    """Return the test that an engagement status is set, or that it is not for `unseen` and the like."""
    if status.startswith("un"):
        return lambda message: status[2:] not in message.engagement
    return lambda message: status in message.engagement


def archived(choice: str | None, otherwise: str) -> list[MessageTest]:
    """Return what `exclude`, `include` or `only` asks of archived messages.

    Args:
        choice: what the request says.
        otherwise: what it means when it says nothing.
    """
    choice = choice or otherwise
    if choice == "include":
        return []
    return [engagement("archived" if choice == "only" else "unarchived")]


def inserted(bound: Bound, moment: datetime) -> MessageTest:
    """Return the test that a message was made after a moment, before it, or right then where the bound includes it."""
    if bound == "gt":
        return lambda message: message.inserted_at > moment
    if bound == "gte":
        return lambda message: message.inserted_at >= moment
    if bound == "lt":
        return lambda message: message.inserted_at < moment
    return lambda message: message.inserted_at <= moment


def has_tenant(wanted: bool | None) -> list[MessageTest]:
    """Return what the filter of the same name asks; nothing if it is absent."""
    if wanted is None:
        return []
    return [lambda message: (message.run.trigger.tenant is not None) == wanted]


def workflow_categories(wanted: Iterable[str]) -> list[MessageTest]:
    """Return the test that the workflow has one of the categories; none if no category is asked for."""
    categories = set(wanted)
    if not categories:
        return []
    return [lambda message: not categories.isdisjoint(message.run.trigger.workflow.categories)]


def trigger_data(wanted: JSON | None) -> list[MessageTest]:
    """Return the test that a message's data has given values at its top level; none if no values are given.

    Raises:
        Problem: A value is not of a kind that can be compared.
    """
    test = data_test(wanted)
    return [] if test is None else [lambda message: test(message.data)]


def data_test(wanted: JSON | None) -> Callable[[JSON], bool] | None:
    """Return the test that data has given values at its top level; None if no values are given.

    Raises:
        Problem: A value is not of a kind that can be compared.
    """
    if wanted is None:
        return None
    for name, value in wanted.items():
        if isinstance(value, list | dict) or len(str(value)) > _LONGEST_TRIGGER_DATA:
            problem = f"takes text of up to {_LONGEST_TRIGGER_DATA} characters, numbers and the like"
            raise invalid_field(f"trigger_data.{name}", "type", problem)
    return lambda data: has_values(data, wanted)
