"""JSON bodies of requests: collecting fields, merging and encoding."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticSerializationError, from_json, to_json, to_jsonable_python

from ...errors import InvalidArgumentError
from ..sentinel import NOT_GIVEN
from ..type_guards import is_array, is_mapping, is_object
from .values import explain, plain_kinds, to_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


_NAMES = {b"_persistence_strategy": b'"__persistence_strategy__":', b"_typename": b'"__typename":'}
_PYTHON_NAME = re.compile(rb'(?<=[{,])"(_persistence_strategy|_typename)":')
"""A whole key: inside text and other keys, quotes are escaped."""
_SUSPECT_KEYS: dict[type[object], tuple[bytes, ...]] = {
    type(None): (b'"None":',),
    bool: (b'"true":', b'"false":'),
    float: (b'nan":', b'inf":'),
}
"""What the encoder makes of keys that are no text and mean no number, by their types."""
_SUSPECT_KINDS = frozenset(_SUSPECT_KEYS)


def collect(named: Mapping[str, Any], properties: object = NOT_GIVEN) -> dict[str, Any]:
    """Return the fields that were given, with custom properties beside them."""
    body = {
        # Pydantic writes UTC as "Z", the API's own clients as "+00:00".
        name: value.isoformat() if isinstance(value, datetime) and value == value else value  # noqa: PLR0124 (NaT is not)
        for name, value in named.items()
        if value is not NOT_GIVEN
    }
    if properties is NOT_GIVEN or properties is None:
        return body
    if not is_mapping(properties):
        raise InvalidArgumentError("properties", f"must be a mapping, not {type(properties).__name__}")
    if twice := body.keys() & properties.keys():
        raise InvalidArgumentError("properties", f"{min(twice)!r} is given twice, as an argument and as a property")
    return {**{name: value for name, value in properties.items() if value is not NOT_GIVEN}, **body}


def merge_deeply(base: Mapping[str, Any], extra: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """Merge mappings recursively; any other value in `extra` replaces the one in `base`."""
    merged = dict(base)
    for name, value in extra.items():
        place = f"{path}.{name}".lstrip(".")
        present = as_mapping(merged.get(name), place)
        if is_mapping(present) and is_mapping(value):
            merged[name] = merge_deeply(present, value, place)
        else:
            merged[name] = value
    return merged


def as_mapping(value: object, path: str = "") -> object:
    """Return a model or dataclass as the mapping that it becomes in JSON; anything else unchanged."""
    if not hasattr(value, "__pydantic_serializer__") and not hasattr(value, "__dataclass_fields__"):
        return value
    if isinstance(value, type):
        return value
    try:
        return to_jsonable_python(to_plain(value, path))
    except InvalidArgumentError:
        if path:
            raise
        return value  # the problem is reported when the whole body is encoded
    except (TypeError, ValueError, RecursionError):
        return value


def encode_body(body: object) -> bytes:
    """Encode a body as UTF-8 JSON: plain data, and what docs/values.md lists."""
    try:
        kinds = plain_kinds(body)
        encoded = to_json(body if kinds is not None else to_plain(body))
        if kinds is not None and not _SUSPECT_KINDS.isdisjoint(kinds):
            suspects = [text for kind in _SUSPECT_KINDS & kinds for text in _SUSPECT_KEYS[kind]]
            if any(text in encoded for text in suspects):
                to_plain(body)  # refuses None, booleans and NaN as keys; text may look like that too
    except PydanticSerializationError as error:
        raise InvalidArgumentError(_find_invalid_field(body), explain(error)) from None
    except InvalidArgumentError:
        raise
    except (ValueError, RecursionError):
        raise InvalidArgumentError(
            _find_invalid_field(body), "refers to itself, or is nested too deeply for JSON: pass plain data"
        ) from None
    if (kinds is None or float in kinds) and (b"NaN" in encoded or b"Infinity" in encoded):
        _reject_not_finite(encoded)
    if b'"_typename":' in encoded or b'"_persistence_strategy":' in encoded:
        # Nested values may use these fields' Python names too.
        encoded = _PYTHON_NAME.sub(lambda found: _NAMES[found[1]], encoded)
    return encoded


def json_field(name: str, value: Any) -> Any:
    """Return the value of a field that is sent as JSON text: text unchanged, an object encoded."""
    if value is None or value is NOT_GIVEN or isinstance(value, str):
        return value
    try:
        return encode_body(value).decode("utf-8")
    except InvalidArgumentError as error:
        raise InvalidArgumentError(name, str(error)) from None


def _reject_not_finite(encoded: bytes) -> None:
    # The encoded text is searched, because there every kind of number in every kind of object is a plain one.
    try:
        path = _find_not_finite(from_json(encoded), "")
    except ValueError:
        raise InvalidArgumentError("body", "is nested too deeply, or contains a number with too many digits") from None
    if path is not None:
        raise InvalidArgumentError(
            path or "body", "is NaN or infinite, which JSON cannot represent: pass None, or leave it out"
        )


def _find_invalid_field(body: object) -> str:
    """Return the name of the first field that cannot be encoded on its own."""
    if is_mapping(body):
        for name, value in body.items():
            try:
                to_json(value if plain_kinds(value) is not None else to_plain(value))
            except (ValueError, RecursionError):
                return str(name)
    return "body"


def _find_not_finite(value: object, path: str) -> str | None:
    """Return the path of the first number that is not finite, None if there is none."""
    if isinstance(value, float):
        return None if math.isfinite(value) else path
    children: Iterable[tuple[str, object]] = ()
    if is_object(value):
        children = ((f"{path}.{name}".lstrip("."), inner) for name, inner in value.items())
    elif is_array(value):
        children = ((f"{path}[{index}]", inner) for index, inner in enumerate(value))
    for inner_path, inner in children:
        if (found := _find_not_finite(inner, inner_path)) is not None:
            return found
    return None
