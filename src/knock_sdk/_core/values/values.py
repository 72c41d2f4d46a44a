"""Values on their way into JSON: what each kind becomes; what JSON cannot represent is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from gc import get_referents
from math import inf, isfinite
from re import Pattern
from types import GeneratorType
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from pydantic_core import PydanticSerializationError, from_json, to_jsonable_python

from ...errors import InvalidArgumentError
from ..secret import Secret
from ..sentinel import NOT_GIVEN
from ..type_guards import is_array, is_items, is_mapping

if TYPE_CHECKING:
    from pydantic_core import SchemaSerializer

_PLAIN = frozenset({str, int, float, bool, type(None)})
_SINGLE = _PLAIN | {datetime, date, time}
_KNOWN = _SINGLE | {dict, list, set}
_LEVELS = (*[False] * 8, *[True] * 292)
"""Levels that are searched, more than the encoder takes. After the first eight, a value that occurs more than once is
looked at once in a level, because data may refer to itself."""

MISSING_KINDS = {"NaTType": "NaT", "NAType": "NA", "MaskedConstant": "masked"}
"""Types of the values of pandas and numpy that mean that there is none."""

_WITH_TEXT = frozenset({"pathlib", "ipaddress", "pydantic", "pydantic_core"})
"""Modules whose values (paths, addresses, URLs) have one text that means them."""

_BYTES = "is {}, which JSON cannot represent: send text, such as base64.b64encode(...).decode()"
_HIDDEN = "is a secret, which is not sent by accident: pass its text, such as .get_secret_value()"
_NOT_FINITE = "is NaN or infinite, which JSON cannot represent: pass None, or leave it out"
_MISSING = "is {}, which JSON cannot represent: send None, or leave it out"


def plain_kinds(value: object) -> set[object] | None:
    """Return the types of all values in a value, and of keys; None unless each is of those that are plain.

    Plain are dicts, lists, sets, text, numbers, booleans, None and times.
    """
    # The collector's view of containers walks a whole level at a time, keys and values, at the speed of C.
    level: list[Any] = get_referents(value) if type(value) is dict else [value]
    found: set[object] = set()
    for may_repeat in _LEVELS:
        kinds = set(map(type, level))
        if not _KNOWN.issuperset(kinds):
            return None
        found |= kinds
        level = get_referents(*level)
        if not level:
            break
        if may_repeat:
            level = list({id(inner): inner for inner in level}.values())
    return found  # what is deeper, the encoder reports


def to_plain(value: Any, path: str = "") -> Any:
    """Return a value as plain data and the few kinds whose text the encoder writes, such as times.

    Raises:
        InvalidArgumentError: JSON cannot represent a value; the error names its place.
    """
    kind = cast("type[object]", type(value))
    if kind in _SINGLE:
        return value
    if is_mapping(value):
        return {to_key(name, path): to_plain(inner, f"{path}.{name}".lstrip(".")) for name, inner in value.items()}
    if isinstance(value, bytes | bytearray | memoryview):
        raise InvalidArgumentError(path or "body", _BYTES.format(kind.__name__))
    if is_items(value) or kind is GeneratorType:
        return [to_plain(inner, f"{path}[{index}]") for index, inner in enumerate(value)]
    if hasattr(kind, "__pydantic_serializer__") and not hasattr(kind, "get_secret_value"):
        return _from_model(value, path)
    if hasattr(kind, "__dataclass_fields__"):
        return {
            field.name: to_plain(getattr(value, field.name), f"{path}.{field.name}".lstrip("."))
            for field in fields(value)
            if hasattr(value, field.name)
        }
    return _scalar(value, path or "body")


def to_key(key: Any, path: str) -> str:
    """Return a key of a mapping as the text that it becomes; raise InvalidArgumentError if it means no text."""
    if isinstance(key, Enum):
        return to_key(key.value, path)
    if isinstance(key, str):
        return str.__str__(key)
    if isinstance(key, UUID):
        return str(key)
    if isinstance(key, date | time) and key == key:  # noqa: PLR0124 (a missing time is not equal to itself)
        text: str = to_jsonable_python(key)
        return text
    if isinstance(key, int | float) and not isinstance(key, bool) and abs(key) < inf:  # nor is NaN less
        return to_digits(key, path or "body") if isinstance(key, int) else repr(float(key))
    if hasattr(key, "dtype") and not isinstance(plain := _scalar(key, path or "body"), bool):
        return to_key(plain, path)
    raise InvalidArgumentError(
        path or "body", f"has a key of type {type(key).__name__}; keys of JSON objects are text: convert it first"
    )


def _scalar(value: Any, path: str) -> Any:
    """Return a single value that is no container as one that the encoder writes."""
    _refuse_single(value, path)
    if isinstance(value, Enum):
        return to_plain(value.value, path)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, date | time | timedelta):
        return _from_time(value)
    if isinstance(value, int | float | UUID | Decimal):
        return value
    if hasattr(value, "dtype"):
        return _from_array_library(value, path)
    if type(value).__module__.split(".")[0] in _WITH_TEXT and not isinstance(value, type):
        return str(value)
    if isinstance(advice := getattr(cast("type[object]", type(value)), "_advice_on_encoding", None), str):
        raise InvalidArgumentError(path, f"is a {type(value).__name__}: {advice}")
    raise InvalidArgumentError(
        path, f"cannot be encoded as JSON ({type(value).__name__}): pass text, a number, a dict or a list"
    )


def _from_time(value: date | time | timedelta) -> Any:
    if isinstance(value, timedelta):
        return _duration(value)
    # The encoder would cut off the nanoseconds of a pandas Timestamp.
    return value.isoformat() if hasattr(value, "nanosecond") else value


def _duration(value: timedelta) -> str:
    """Return a duration in ISO 8601, in days and smaller units: a year has not always as many days."""
    sign, seconds = ("-", -value) if value < timedelta() else ("", value)
    hours, rest = divmod(seconds.seconds, 3600)
    minutes, whole = divmod(rest, 60)
    fraction = f".{seconds.microseconds:06}".rstrip("0").rstrip(".")
    parts = [(hours, "H"), (minutes, "M")]
    clock = "".join(f"{number}{unit}" for number, unit in parts if number)
    if whole or fraction:
        clock += f"{whole}{fraction}S"
    days = f"{seconds.days}D" if seconds.days else ""
    return f"{sign}P{days}{'T' if clock else ''}{clock}" if days or clock else "PT0S"


def to_digits(value: int, argument: str) -> str:
    """Return a whole number as text."""
    try:
        return str(int(value))
    except ValueError:
        raise InvalidArgumentError(argument, "is a number with too many digits") from None


def _refuse_single(value: Any, path: str) -> None:
    if (missing := MISSING_KINDS.get(type(value).__name__)) is not None:
        raise InvalidArgumentError(path, _MISSING.format(missing))
    if value is NOT_GIVEN:
        raise InvalidArgumentError(
            path, "cannot be encoded as JSON (NOT_GIVEN, which is valid only as a whole argument)"
        )
    if isinstance(value, Secret) or hasattr(value, "get_secret_value"):
        raise InvalidArgumentError(path, _HIDDEN)
    if isinstance(value, Decimal) and not value.is_finite():
        raise InvalidArgumentError(path, _NOT_FINITE)


def _from_array_library(value: Any, path: str) -> Any:
    """Return a scalar of numpy, known by its `dtype`, as Python's own."""
    kind = getattr(value.dtype, "kind", "")
    if getattr(value, "ndim", None) != 0:
        raise InvalidArgumentError(path, f"is a {type(value).__name__}, not a list: pass its .tolist()")
    if kind == "M":
        if (text := str(value)) == "NaT":
            raise InvalidArgumentError(path, _MISSING.format(text))
        return text
    plain = value.item() if kind in "biufU" else value
    if type(plain) not in _PLAIN:
        raise InvalidArgumentError(path, f"cannot be encoded as JSON ({type(value).__name__})")
    return plain


def _from_model(value: Any, path: str) -> Any:
    # An author who chose a form for NaN has it; Pydantic's own choice would be null.
    keeps_nan = "ser_json_inf_nan" in (getattr(value, "model_config", None) or {})
    return write_as(value.__pydantic_serializer__, value, path, keeps_nan=keeps_nan)


def write_as(serializer: SchemaSerializer, value: Any, path: str, *, keeps_nan: bool = False) -> Any:
    """Return a value as a serializer writes it, after a search for what that would change without a word.

    Args:
        serializer: the serializer of the value's type; it writes names by alias.
        value: the value.
        path: the path of the value, for errors.
        keeps_nan: whether the author of the type has chosen a form for NaN.

    Raises:
        InvalidArgumentError: JSON cannot represent a value; the error names its place.
    """
    kept = serializer.to_python(value, mode="python", by_alias=True, warnings=False)
    try:
        written = from_json(serializer.to_json(value, by_alias=True, warnings=False, fallback=to_plain))
    except (PydanticSerializationError, InvalidArgumentError) as error:
        to_plain(kept, path)  # names the place, unless the serializer is at fault
        reason = explain(error) if isinstance(error, PydanticSerializationError) else "cannot be encoded as JSON"
        raise InvalidArgumentError(path or "body", reason) from None
    _refuse_changed(kept, written, path, keeps_nan=keeps_nan)
    return written


def explain(error: PydanticSerializationError) -> str:
    """Return why the encoder refused a value."""
    text = str(error)
    if "surrogate" in text:
        return "contains a lone surrogate, which cannot be encoded as UTF-8"
    # The library's message ends with the reason and never contains the value itself.
    reasons = [reason for reason in text.split(": ") if reason.strip()]
    return f"cannot be encoded as JSON ({reasons[-1].strip()})"


def _refuse_changed(kept: Any, written: Any, path: str, *, keeps_nan: bool) -> None:
    """Refuse what a model holds and its serializer would change without a word: bytes, secrets, NaN."""
    if isinstance(kept, Enum):
        kept = kept.value
    if is_mapping(kept) and is_mapping(written):
        for (name, inner), text in zip(kept.items(), written.values(), strict=False):
            to_key(name, path)  # refuses what would become another key
            _refuse_changed(inner, text, f"{path}.{name}".lstrip("."), keeps_nan=keeps_nan)
    elif is_items(kept) and is_array(written):
        for index, (inner, text) in enumerate(zip(kept, written, strict=False)):
            _refuse_changed(inner, text, f"{path}[{index}]", keeps_nan=keeps_nan)
    elif isinstance(kept, Iterator):
        raise InvalidArgumentError(path or "body", "is read once, which a model cannot check: pass a list")
    elif _is_changed(kept, written):
        to_plain(kept, path)
    elif getattr(kept, "nanosecond", 0):
        raise InvalidArgumentError(path or "body", "has nanoseconds, which the model cuts off: pass its .isoformat()")
    elif written is None and not keeps_nan and _is_not_finite(kept):
        raise InvalidArgumentError(path or "body", _NOT_FINITE)


def _is_changed(kept: Any, written: Any) -> bool:
    """Return whether a single value became text that means something else."""
    if isinstance(kept, bytes | bytearray):
        return bool(written == kept.decode("utf-8", "replace"))
    if hasattr(kept, "get_secret_value"):
        return set(str(written)) <= {"*"}
    return isinstance(kept, Decimal | complex | Pattern) or type(kept).__name__ in MISSING_KINDS


def _is_not_finite(value: Any) -> bool:
    if hasattr(value, "dtype"):
        value = _scalar(value, "body")
    return isinstance(value, float) and not isfinite(value)
