"""Query strings: encoding of parameters in the forms that the API reads."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus
from uuid import UUID

from ...errors import InvalidArgumentError
from ..sentinel import NOT_GIVEN
from ..type_guards import is_items, is_mapping
from .body import as_mapping, json_field
from .values import MISSING_KINDS, to_digits, to_key, to_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_GRAPH = frozenset({"filter", "select", "skiptoken", "top"})


class _Deferred:
    """A value that is rendered as text when the query is encoded: its errors need the argument's name."""

    __slots__ = ("render", "value")

    def __init__(self, render: Callable[[str, Any], str], value: object) -> None:
        self.render = render
        self.value = value


def encode_query(query: Mapping[Any, Any]) -> str:
    """Encode parameters; those that are None, not given or empty are left out.

    Lists are `name[]=a&name[]=b`, mappings `name[key]=v`. A list that contains a mapping has an index, `name[0][id]=v`:
    without it, the API could not tell which id belongs to which collection. All elements then have the index, because
    the API reads only one of the two forms under the same name and drops the rest.
    """
    pairs: list[str] = []
    for name, value in query.items():
        if not isinstance(name, str):
            raise InvalidArgumentError("query", f"names must be strings, not {type(name).__name__}")
        try:
            _add(pairs, name, name, value)
        except UnicodeEncodeError:
            raise InvalidArgumentError(name, "contains a lone surrogate, which cannot be encoded as UTF-8") from None
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
    value = as_mapping(value, argument)
    if is_mapping(value):
        for key, inner in value.items():
            _add(pairs, argument, f"{name}[{key if type(key) is str else to_key(key, argument)}]", inner)
    elif is_items(value):
        elements = [inner if type(inner) is str else as_mapping(inner, argument) for inner in value]
        indexed = any(is_mapping(inner) for inner in elements)
        for index, inner in enumerate(elements):
            if is_items(inner):
                raise InvalidArgumentError(argument, "cannot contain a list inside a list")
            _add(pairs, argument, f"{name}[{index}]" if indexed else f"{name}[]", inner)
    elif text := value.render(argument, value.value) if isinstance(value, _Deferred) else _text(argument, value):
        pairs.append(f"{quote_plus(name)}={quote_plus(text)}")


def _text(argument: str, value: object) -> str:
    if hasattr(value, "dtype") or type(value).__name__ in MISSING_KINDS:
        value = to_plain(value, argument)
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, Decimal) and not value.is_finite():
        raise InvalidArgumentError(argument, "is NaN or infinite: leave it out")
    if isinstance(value, float) and not isfinite(value):
        raise InvalidArgumentError(argument, "is NaN or infinite: leave it out")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int):
        return to_digits(value, argument)
    if isinstance(value, float | Decimal | UUID):
        return str(value)
    raise InvalidArgumentError(
        argument, f"cannot contain a value of type {type(value).__name__}: pass text or a number"
    )


def json_text(value: Any) -> Any:
    """Return the value of a parameter that is sent as JSON text: text unchanged, an object encoded."""
    if value is None or value is NOT_GIVEN or isinstance(value, str):
        return value
    return _Deferred(json_field, value)


def comma_text(value: Any) -> Any:
    """Return the value of a parameter that is sent as comma-separated text: text unchanged, a list joined."""
    if value is None or value is NOT_GIVEN or isinstance(value, str):
        return value
    return _Deferred(_join_with_commas, value)


def _join_with_commas(argument: str, value: object) -> str:
    if not is_items(value):
        raise InvalidArgumentError(argument, f"must be a list or a string, not {type(value).__name__}")
    return ",".join(_text(argument, inner) for inner in value)


def graph_options(options: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return options for Microsoft Graph under its own names: the identifiers `top` and `_top` mean `$top`."""
    if not is_mapping(options):
        return options
    return {
        f"${bare}" if (bare := str(name).lstrip("_$")) in _GRAPH else name: value for name, value in options.items()
    }
