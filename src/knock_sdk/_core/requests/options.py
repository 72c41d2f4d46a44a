"""Options for one call, the same for every method."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - needed to evaluate the annotations
from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from ...errors import InvalidArgumentError
from ..type_guards import is_mapping

if TYPE_CHECKING:
    from .operation import Operation


class RequestOptions(TypedDict, total=False):
    """Options for one call.

    `extra_headers`: headers to add or replace; values of names such as `X-Knock-User-Token` are shown nowhere.
    `extra_query`: query parameters to add or replace, encoded like the method's own. `extra_body`: fields merged deeply
    into the JSON body. `timeout`: seconds for the whole call, attempts and waits included; None for no limit.
    `max_retries`: number of times a failed attempt is repeated, 0 or more.
    """

    extra_headers: Mapping[str, str]
    extra_query: Mapping[str, object]
    extra_body: Mapping[str, object]
    timeout: float | None
    max_retries: int


_KNOWN = frozenset(RequestOptions.__annotations__)
WITH_PROPERTIES = frozenset({"addSubscriptionsForObject", "identifyUser", "setObject", "setTenant"})
"""Operations whose methods take custom properties."""
_LONGEST = 1_000_000  # system calls accept at most some 24 days


def check_options(options: dict[str, Any], operation: Operation | None = None) -> None:
    """Raise TypeError for an unknown keyword, as Python does, and InvalidArgumentError for an invalid value."""
    if unknown := options.keys() - _KNOWN:
        options.update(dict.fromkeys(unknown, "***"))  # tracebacks may show local variables
        raise _unexpected(min(unknown), operation)
    for name in ("extra_headers", "extra_query", "extra_body"):
        check_mapping(name, options.get(name))
    if "timeout" in options:
        check_seconds("timeout", options["timeout"])
    if "max_retries" in options:
        check_number("max_retries", options["max_retries"], least=0)


def _unexpected(name: str, operation: Operation | None) -> TypeError:
    from ...errors._hints import parameters_of_method, unexpected_keyword

    if operation is None:
        return unexpected_keyword("call", name, _KNOWN)
    known = _KNOWN | parameters_of_method()
    kind = "call" if operation.page is None else "list"
    if operation.name in WITH_PROPERTIES:
        kind = "open"
        otherwise = f"custom properties go into properties={{{name!r}: …}}"
    elif operation.method == "GET":
        otherwise = f"a query parameter that this method does not know goes into extra_query={{{name!r}: …}}"
    else:
        otherwise = f"a field that this method does not know goes into extra_body={{{name!r}: …}}"
    return unexpected_keyword(kind, name, known, otherwise)


def check_mapping(name: str, value: object) -> None:
    """Raise InvalidArgumentError unless the value is a mapping or None."""
    if value is not None and not is_mapping(value):
        raise InvalidArgumentError(name, f"must be a mapping, not {type(value).__name__}")


def check_seconds(name: str, value: object) -> None:
    """Raise InvalidArgumentError unless the value is None or a positive number of seconds."""
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _LONGEST:
        raise InvalidArgumentError(
            name, f"must be a positive number of seconds, {_LONGEST:,} at most, or None for no limit"
        )


def check_flags(**flags: object) -> None:
    """Raise InvalidArgumentError unless each value is a boolean."""
    for name, value in flags.items():
        if not isinstance(value, bool):
            raise InvalidArgumentError(name, f"must be True or False, not {type(value).__name__}")


def check_number(name: str, value: object, *, least: int) -> None:
    """Raise InvalidArgumentError unless the value is a whole number, and at least so much."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InvalidArgumentError(name, f"must be a whole number, {least} or more")
