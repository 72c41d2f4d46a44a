"""JSON bodies of requests."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticSerializationError, to_json

from ..errors import InvalidArgumentError
from .narrow import is_items, is_mapping
from .sentinel import NOT_GIVEN

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
    return {**properties, **body}


def merge_deeply(base: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    """Merge mappings into mappings; anything else in `extra` replaces what stands in `base`."""
    merged = dict(base)
    for name, value in extra.items():
        present = merged.get(name)
        if is_mapping(present) and is_mapping(value):
            merged[name] = merge_deeply(present, value)
        else:
            merged[name] = value
    return merged


def encode_body(body: object) -> bytes:
    """Encode a body as UTF-8 JSON: plain data, models, dataclasses, times, UUIDs, decimals, enums, sets."""
    try:
        encoded = to_json(body)
    except PydanticSerializationError as error:
        raise InvalidArgumentError(_culprit(body), _explain(error)) from None
    except (ValueError, RecursionError):
        raise InvalidArgumentError(_culprit(body), "refers to itself, or is nested too deeply for JSON") from None
    if (b"NaN" in encoded or b"Infinity" in encoded) and (place := _not_finite(body, "")):
        raise InvalidArgumentError(place, "is NaN or infinite, which JSON cannot hold")
    return encoded


def _explain(error: PydanticSerializationError) -> str:
    text = str(error)
    if "surrogate" in text:
        return "holds half of a surrogate pair, which has no encoding"
    # The library's message ends in the type's name; the value itself is never in it.
    return f"cannot be written as JSON ({text.rsplit(': ', 1)[-1]})"


def _culprit(body: object) -> str:
    """Return the name of the first field that cannot be encoded on its own."""
    if is_mapping(body):
        for name, value in body.items():
            try:
                to_json(value)
            except (ValueError, RecursionError):
                return str(name)
    return "body"


def _not_finite(value: object, place: str) -> str | None:
    if isinstance(value, float):
        return (place or "body") if not math.isfinite(value) else None
    children: Iterable[tuple[str, object]]
    if is_mapping(value):
        children = [(f"{place}.{name}".lstrip("."), inner) for name, inner in value.items()]
    elif is_items(value):
        children = [(f"{place}[{index}]", inner) for index, inner in enumerate(value)]
    else:
        children = [(f"{place}.{name}".lstrip("."), inner) for name, inner in getattr(value, "__dict__", {}).items()]
    for inner_place, inner in children:
        if found := _not_finite(inner, inner_place):
            return found
    return None
