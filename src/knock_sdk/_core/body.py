"""JSON bodies of requests."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticSerializationError, from_json, to_json, to_jsonable_python

from ..errors import InvalidArgumentError
from .sentinel import NOT_GIVEN
from .type_guards import is_array, is_items, is_mapping, is_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def collect(named: Mapping[str, Any], properties: object = NOT_GIVEN) -> dict[str, Any]:
    """Drop the fields that were not given, and put custom properties beside the named ones."""
    body = {
        # Pydantic writes UTC as "Z", the API's own clients as "+00:00".
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in named.items()
        if value is not NOT_GIVEN
    }
    if properties is NOT_GIVEN or properties is None:
        return body
    if not is_mapping(properties):
        raise InvalidArgumentError("properties", f"takes a mapping, not {type(properties).__name__}")
    if twice := body.keys() & properties.keys():
        raise InvalidArgumentError("properties", f"{min(twice)!r} is given twice, as an argument and as a property")
    return {**{name: value for name, value in properties.items() if value is not NOT_GIVEN}, **body}


def merge_deeply(base: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    """Merge mappings into mappings; anything else in `extra` replaces what stands in `base`."""
    merged = dict(base)
    for name, value in extra.items():
        present = as_mapping(merged.get(name))
        if is_mapping(present) and is_mapping(value):
            merged[name] = merge_deeply(present, value)
        else:
            merged[name] = value
    return merged


def as_mapping(value: object) -> object:
    """Return a model or dataclass as the mapping that it becomes in JSON; anything else unchanged."""
    if not hasattr(value, "__pydantic_serializer__") and not hasattr(value, "__dataclass_fields__"):
        return value
    try:
        return to_jsonable_python(value, fallback=_plain)
    except (TypeError, ValueError, RecursionError):
        return value  # what is wrong with it is told when the whole body is encoded


def encode_body(body: object) -> bytes:
    """Encode a body as UTF-8 JSON: plain data, models, dataclasses, times, UUIDs, decimals, enums, sets."""
    try:
        encoded = to_json(body, fallback=_plain)
    except PydanticSerializationError as error:
        raise InvalidArgumentError(_culprit(body), _explain(error)) from None
    except (ValueError, RecursionError):
        raise InvalidArgumentError(_culprit(body), "refers to itself, or is nested too deeply for JSON") from None
    if b"NaN" in encoded or b"Infinity" in encoded:
        _refuse_not_finite(encoded)
    # The Python name of this field may be used inside values too. Only a key looks so: in text, quotes are escaped.
    return encoded.replace(b'"_persistence_strategy":', b'"__persistence_strategy__":')


def json_field(name: str, value: Any) -> Any:
    """Return a field that is JSON text on the wire: text stays as it is, an object is encoded."""
    if value is None or value is NOT_GIVEN or isinstance(value, str):
        return value
    try:
        return encode_body(value).decode("utf-8")
    except InvalidArgumentError as error:
        raise InvalidArgumentError(name, str(error)) from None


def _plain(value: object) -> object:
    """Return a kind of mapping or list that the encoder does not know as one that it does."""
    if is_mapping(value):
        return dict(value)
    if is_items(value):
        return list(value)
    raise TypeError("NOT_GIVEN, which can stand for a whole argument only" if value is ... else type(value).__name__)


def _refuse_not_finite(encoded: bytes) -> None:
    # What was encoded is looked at, for only there every kind of number in every kind of object is a plain one.
    try:
        place = _not_finite(from_json(encoded), "")
    except ValueError:
        raise InvalidArgumentError("body", "is nested too deeply, or holds too long a number") from None
    if place is not None:
        raise InvalidArgumentError(place or "body", "is NaN or infinite, which JSON cannot hold")


def _explain(error: PydanticSerializationError) -> str:
    text = str(error)
    if "surrogate" in text:
        return "holds half of a surrogate pair, which has no encoding"
    # The library's message ends in the reason; the value itself is never in it.
    return f"cannot be written as JSON ({text.rsplit(': ', 1)[-1]})"


def _culprit(body: object) -> str:
    """Return the name of the first field that cannot be encoded on its own."""
    if is_mapping(body):
        for name, value in body.items():
            try:
                to_json(value, fallback=_plain)
            except (ValueError, RecursionError):
                return str(name)
    return "body"


def _not_finite(value: object, place: str) -> str | None:
    """Return the place of the first number that is not finite, None if there is none."""
    if isinstance(value, float):
        return None if math.isfinite(value) else place
    children: Iterable[tuple[str, object]] = ()
    if is_object(value):
        children = ((f"{place}.{name}".lstrip("."), inner) for name, inner in value.items())
    elif is_array(value):
        children = ((f"{place}[{index}]", inner) for index, inner in enumerate(value))
    for inner_place, inner in children:
        if (found := _not_finite(inner, inner_place)) is not None:
            return found
    return None
