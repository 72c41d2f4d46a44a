"""Query strings, in the forms that the API reads."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus
from uuid import UUID

from ..errors import InvalidArgumentError
from .body import encode_body
from .narrow import is_items, is_mapping
from .sentinel import NOT_GIVEN

if TYPE_CHECKING:
    from collections.abc import Mapping


def encode_query(query: Mapping[str, Any]) -> str:
    """Encode parameters; those that are None, not given or empty are left out.

    Lists are `name[]=a&name[]=b`, mappings `name[key]=v`, and a list of mappings carries an index, `name[0][id]=v`:
    without it, which id belongs to which collection would be lost.
    """
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        _add(pairs, name, name, value)
    try:
        return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs)
    except UnicodeEncodeError:
        raise InvalidArgumentError("query", "holds half of a surrogate pair, which has no encoding") from None


def _add(pairs: list[tuple[str, str]], argument: str, name: str, value: Any) -> None:
    if value is None or value is NOT_GIVEN:
        return
    if is_mapping(value):
        for key, inner in value.items():
            _add(pairs, argument, f"{name}[{key}]", inner)
    elif is_items(value):
        for index, inner in enumerate(value):
            if is_mapping(inner):
                _add(pairs, argument, f"{name}[{index}]", inner)
            else:
                pairs.append((f"{name}[]", _text(argument, inner)))
    else:
        pairs.append((name, _text(argument, value)))


def _text(argument: str, value: object) -> str:
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal | UUID):
        return str(value)
    raise InvalidArgumentError(argument, f"cannot hold a value of type {type(value).__name__}")


def json_text(value: Any) -> Any:
    """Return a parameter that is JSON text on the wire: text stays as it is, an object is encoded."""
    if value is None or value is NOT_GIVEN or isinstance(value, str):
        return value
    return encode_body(value).decode("utf-8")


def comma_joined(value: Any) -> Any:
    """Return a parameter that is one comma-separated text on the wire."""
    if value is None or value is NOT_GIVEN or isinstance(value, str):
        return value
    return ",".join(value)


def graph_options(options: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return options for Microsoft Graph under its own names: `_top`, which is an identifier, stands for `$top`."""
    if options is None:
        return None
    return {("$" + name[1:] if name.startswith("_") else name): value for name, value in options.items()}
