"""Options for one call, the same for every method."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from ..errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping


class RequestOptions(TypedDict, total=False):
    """Options for one call.

    `extra_headers`: headers to add or replace. `extra_query`: query parameters to add or replace, encoded like the
    method's own. `extra_body`: fields merged deeply into the JSON body. `timeout`: seconds that the call may take in
    all, attempts and waits included; None for no limit. `max_retries`: how often a failed attempt is repeated, 0 or
    more.
    """

    extra_headers: Mapping[str, str]
    extra_query: Mapping[str, object]
    extra_body: Mapping[str, object]
    timeout: float | None
    max_retries: int


_KNOWN = frozenset(RequestOptions.__annotations__)


def check_options(options: Mapping[str, Any]) -> None:
    """Refuse a misspelt keyword as Python does, and values that make no sense."""
    if unknown := options.keys() - _KNOWN:
        raise TypeError(f"unexpected keyword argument {min(unknown)!r}")
    if "timeout" in options:
        check_seconds("timeout", options["timeout"])
    if "max_retries" in options:
        check_retries(options["max_retries"])


def check_seconds(name: str, value: object) -> None:
    """Refuse a time that is not None or a positive number of seconds."""
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0 or math.isinf(value):
        raise InvalidArgumentError(name, "takes a positive number of seconds, or None for no limit")


def check_retries(value: object) -> None:
    """Refuse a number of retries that is not a whole number from 0."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InvalidArgumentError("max_retries", "takes a whole number, 0 or more")
