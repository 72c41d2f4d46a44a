"""Query strings, in the forms that the API reads."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus
from uuid import UUID

from ..errors import InvalidArgumentError
from .body import as_mapping, json_field
from .sentinel import NOT_GIVEN
from .type_guards import is_items, is_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_GRAPH = frozenset({"filter", "select", "skiptoken", "top"})


class _Late:
    """A value that becomes one text when the query is encoded, for only then the argument's name is known."""

    __slots__ = ("render", "value")

    def __init__(self, render: Callable[[str, Any], str], value: object) -> None:
        self.render = render
        self.value = value


def encode_query(query: Mapping[Any, Any]) -> str:
    """Encode parameters; those that are None, not given or empty are left out.

    Lists are `name[]=a&name[]=b`, mappings `name[key]=v`, and a list that holds a mapping carries an index,
    `name[0][id]=v`: without it, which id belongs to which collection would be lost. The index is then on all elements,
    for the API reads a name with both forms as one of them and drops the rest.
    """
    pairs: list[str] = []
    for name, value in query.items():
        if not isinstance(name, str):
            raise InvalidArgumentError("query", f"takes names that are strings, not {type(name).__name__}")
        try:
            _add(pairs, name, name, value)
        except UnicodeEncodeError:
            raise InvalidArgumentError(name, "holds half of a surrogate pair, which has no encoding") from None
        except RecursionError:
            raise InvalidArgumentError(name, "refers to itself, or is nested too deeply") from None
    return "&".join(pairs)


def _add(pairs: list[str], argument: str, name: str, value: Any) -> None:
    if value is None or value is NOT_GIVEN:
        return
    if type(value) is str:  # the most frequent by far
        if value:
            pairs.append(f"{quote_plus(name)}={quote_plus(value)}")
        return
    value = as_mapping(value)
    if is_mapping(value):
        for key, inner in value.items():
            _add(pairs, argument, f"{name}[{key.value if isinstance(key, Enum) else key}]", inner)
    elif is_items(value):
        elements = [inner if type(inner) is str else as_mapping(inner) for inner in value]
        indexed = any(is_mapping(inner) for inner in elements)
        for index, inner in enumerate(elements):
            if is_items(inner):
                raise InvalidArgumentError(argument, "cannot hold a list inside a list")
            _add(pairs, argument, f"{name}[{index}]" if indexed else f"{name}[]", inner)
    elif text := value.render(argument, value.value) if isinstance(value, _Late) else _text(argument, value):
        pairs.append(f"{quote_plus(name)}={quote_plus(text)}")


def _text(argument: str, value: object) -> str:
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, Decimal) and not value.is_finite():
        raise InvalidArgumentError(argument, "is NaN or infinite")
    if isinstance(value, float) and not isfinite(value):
        raise InvalidArgumentError(argument, "is NaN or infinite")
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
    return _Late(json_field, value)


def comma_joined(value: Any) -> Any:
    """Return a parameter that is one comma-separated text on the wire."""
    if value is None or value is NOT_GIVEN or isinstance(value, str):
        return value
    return _Late(_joined, value)


def _joined(argument: str, value: object) -> str:
    if not is_items(value):
        raise InvalidArgumentError(argument, f"takes a list or a text, not {type(value).__name__}")
    return ",".join(_text(argument, inner) for inner in value)


def graph_options(options: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return options for Microsoft Graph under its own names: `top` and `_top`, which are identifiers, mean `$top`."""
    if not is_mapping(options):
        return options
    return {
        f"${bare}" if (bare := str(name).lstrip("_$")) in _GRAPH else name: value for name, value in options.items()
    }
