"""Parameters with which a feed's topic is joined: the options of each feed client of a page, by its reference id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import to_json

from ...._core.type_guards import is_array, is_object
from ...http.errors import invalid_field
from ...http.query import BOUNDS
from ...messaging.feed_filters import STATUSES, FeedFilter
from ...messaging.message_filters import ARCHIVED
from ...state.clock import parse_moment

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from ...state.clock import Bound
    from ...state.json_objects import JSON

MOST_CLIENTS = 200
"""How many feed clients one topic may have on a socket. Those that are gone stay in the parameters of a page."""


class Wanted(NamedTuple):
    """What a feed client wants to be told of and to have counted."""

    key: str
    """Equal for equal filters, so that clients share what is counted."""
    filter: FeedFilter


EVERYTHING = Wanted("{}", FeedFilter())
"""What a feed has without filters."""


def read_clients(params: JSON) -> dict[str, Wanted]:
    """Return what each client wants, by reference id; unknown options are ignored.

    Raises:
        Problem: An option is malformed, or there are too many clients.
    """
    if len(params) > MOST_CLIENTS:
        raise invalid_field("params", "length", f"takes the options of {MOST_CLIENTS} feed clients at most")
    return {reference_id: _read(reference_id, options) for reference_id, options in params.items()}


def _read(reference_id: str, given: Any) -> Wanted:
    if not is_object(given):
        raise invalid_field(reference_id, "type", "must be an object: the options of a feed client, by its id")
    options = _Options(reference_id, given)
    wanted = FeedFilter(
        archived=options.text("archived", ARCHIVED),
        status=options.text("status", STATUSES),
        source=options.text("source"),
        tenant=options.text("tenant"),
        has_tenant=options.flag("has_tenant"),
        workflow_categories=options.texts("workflow_categories"),
        trigger_data=options.mapping("trigger_data"),
        inserted_at=options.moments("inserted_at"),
    )
    return Wanted(to_json(dict(sorted(options.used.items()))).decode(), wanted)


class _Options:
    """Reads options of one client. Null is the same as absent."""

    def __init__(self, reference_id: str, given: JSON) -> None:
        self._reference_id = reference_id
        self._given = given
        self.used: JSON = {}

    def text(self, name: str, allowed: Collection[str] | None = None) -> str | None:
        value = self._take(name)
        if value is not None and not isinstance(value, str):
            raise self._problem(name, "type", "must be a text")
        if value is not None and allowed is not None and value not in allowed:
            raise self._problem(name, "inclusion", f"{value[:100]!r} is not one of {', '.join(allowed)}")
        return value

    def flag(self, name: str) -> bool | None:
        value = self._take(name)
        if value is not None and not isinstance(value, bool):
            raise self._problem(name, "type", "must be true or false")
        return value

    def texts(self, name: str) -> list[str]:
        value = self._take(name)
        if value is None:
            return []
        if not is_array(value) or not all(isinstance(element, str) for element in value):
            raise self._problem(name, "type", "must be a list of texts")
        return value

    def mapping(self, name: str) -> JSON | None:
        value = self._take(name)
        if value is not None and not is_object(value):
            raise self._problem(name, "type", "must be an object")
        return value

    def moments(self, name: str) -> dict[Bound, datetime]:
        found: dict[Bound, datetime] = {}
        for bound in BOUNDS:
            value = self._take(f"{name}.{bound}")
            if value is not None:
                moment = parse_moment(value)
                if moment is None:
                    raise self._problem(f"{name}.{bound}", "format", "must be a time in ISO 8601")
                found[bound] = moment
        return found

    def _take(self, name: str) -> Any:
        value = self._given.get(name)
        if value is not None:
            self.used[name] = value
        return value

    def _problem(self, name: str, kind: str, message: str) -> Exception:
        return invalid_field(f"{self._reference_id}.{name}", kind, message)
