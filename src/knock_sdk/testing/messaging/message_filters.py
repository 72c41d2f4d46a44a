"""Message filters: tests that a message must pass to be listed, shown in a feed, or changed in bulk.

Most functions are named for the request parameter that they implement. Those for optional parameters return a list,
which is empty if the parameter does not restrict messages.
"""

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
"""Values of the parameter `archived`."""

_LONGEST_TRIGGER_DATA = 256


def all_of(tests: Iterable[MessageTest]) -> MessageTest:
    """Return the test that a message passes all of the given tests."""
    listed = list(tests)
    return lambda message: all(test(message) for test in listed)


def engagement_status(status: str) -> MessageTest:
    """Return the test that an engagement status is set or, for `unseen`, `unread` and `unarchived`, not set."""
    if status.startswith("un"):
        return lambda message: status[2:] not in message.engagement
    return lambda message: status in message.engagement


def archived(choice: str | None, default: str) -> list[MessageTest]:
    """Return the test for archived messages.

    Args:
        choice: `exclude`, `include` or `only`, as the request has it.
        default: the choice if the request has none.
    """
    choice = choice or default
    if choice == "include":
        return []
    return [engagement_status("archived" if choice == "only" else "unarchived")]


def inserted_at(bound: Bound, moment: datetime) -> MessageTest:
    """Return the test that a message was made after or before a moment; `gte` and `lte` include the moment itself."""
    if bound == "gt":
        return lambda message: message.inserted_at > moment
    if bound == "gte":
        return lambda message: message.inserted_at >= moment
    if bound == "lt":
        return lambda message: message.inserted_at < moment
    return lambda message: message.inserted_at <= moment


def has_tenant(wanted: bool | None) -> list[MessageTest]:
    """Return the test that a message has a tenant, or has none."""
    if wanted is None:
        return []
    return [lambda message: (message.run.trigger.tenant is not None) == wanted]


def workflow_categories(wanted: Iterable[str]) -> list[MessageTest]:
    """Return the test that a message's workflow has one of the categories."""
    categories = set(wanted)
    if not categories:
        return []
    return [lambda message: not categories.isdisjoint(message.run.trigger.workflow.categories)]


def trigger_data(wanted: JSON | None) -> list[MessageTest]:
    """Return the test that a message's data has the wanted values at its top level.

    Raises:
        Problem: A value is a list or an object, or is too long.
    """
    test = data_test(wanted)
    return [] if test is None else [lambda message: test(message.data)]


def data_test(wanted: JSON | None) -> Callable[[JSON], bool] | None:
    """Return the test that an object has the wanted values at its top level; None if `wanted` is None.

    Raises:
        Problem: A value is a list or an object, or is too long.
    """
    if wanted is None:
        return None
    for name, value in wanted.items():
        if isinstance(value, list | dict) or len(str(value)) > _LONGEST_TRIGGER_DATA:
            problem = f"must be text, a number, true, false or null, of up to {_LONGEST_TRIGGER_DATA} characters"
            raise invalid_field(f"trigger_data.{name}", "type", problem)
    return lambda data: has_values(data, wanted)
