"""Serialization of Python objects to JSON and back; reading never runs code from the JSON.

Shared objects stay shared, also in reference cycles: every value except scalars gets a number when it is first packed,
and `["#", 7]` refers to the value with the number 7. An instance of a class is packed as the values of its attributes
and created without calling its constructor; the class must be listed in `tags`. Every JSON list begins with a marker
that names the kind of value.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections import defaultdict, deque
from datetime import date, datetime, timedelta
from itertools import chain
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from ..._core.type_guards import is_object
from .tags import CLASSES, TAGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

JSONValue: TypeAlias = Any

_NOT_SAVED = frozenset({"__orig_class__", "_functions"})
"""Attributes that are left out: one that `Class[int]()` sets, for type checkers, and the functions of tests."""

_SCALARS = frozenset({bool, float, int, str, type(None)})


def pack(value: object) -> JSONValue:
    """Return an object in a form that JSON can represent.

    Raises:
        TypeError: The object contains a value of an unsupported type, such as a function or an open file.
    """
    packer = _Packer()
    packed = packer.pack(value)
    return {"shapes": packer.shapes, "value": packed}


def unpack(packed: JSONValue) -> object:
    """Return the object that `pack` was called with; malformed input raises one of Python's own exceptions."""
    return _Unpacker(packed["shapes"]).unpack(packed["value"])


class _Packer:
    def __init__(self) -> None:
        self.shapes: list[list[Any]] = []
        """Shapes of the packed instances: tag of the class, then names of the attributes."""
        self._shape_numbers: dict[tuple[type[Any], tuple[str, ...]], int] = {}
        self._numbers: dict[int, int] = {}

    def pack(self, value: object) -> JSONValue:
        kind = type(value)
        if kind in _SCALARS:
            return value
        number = self._numbers.get(id(value))
        if number is not None:
            return ["#", number]
        self._numbers[id(value)] = len(self._numbers)
        pack = _PACKERS.get(kind)
        return self._pack_instance(value, kind) if pack is None else pack(self, value)

    def pack_mapping(self, value: dict[Any, Any]) -> JSONValue:
        if all(type(key) is str for key in value):
            return {key: inner if type(inner) in _SCALARS else self.pack(inner) for key, inner in value.items()}
        return ["dict", *self._pack_all(chain.from_iterable(value.items()))]

    def _pack_all(self, values: Iterable[object]) -> list[JSONValue]:
        return [value if type(value) in _SCALARS else self.pack(value) for value in values]

    def _pack_instance(self, value: Any, kind: type[Any]) -> JSONValue:
        if kind is type:
            return ["class", _tag_of(value)]
        fields: tuple[str, ...] | None = getattr(kind, "_fields", None)
        if fields is not None:
            return ["tuple of", self._number_shape(kind, fields), *self._pack_all(value)]
        attributes = _attributes_of(value)
        return ["object", self._number_shape(kind, tuple(attributes)), *self._pack_all(attributes.values())]

    def _number_shape(self, kind: type[Any], names: tuple[str, ...]) -> int:
        number = self._shape_numbers.get((kind, names))
        if number is None:
            number = self._shape_numbers[kind, names] = len(self.shapes)
            self.shapes.append([_tag_of(kind), *names])
        return number

    def pack_sequence(self, marker: str, value: Iterable[object]) -> JSONValue:
        return [marker, *self._pack_all(value)]

    def pack_defaultdict(self, value: defaultdict[Any, Any]) -> JSONValue:
        factory = value.default_factory
        return ["defaultdict", _tag_of(factory), *self._pack_all(chain.from_iterable(value.items()))]


_PACKERS: dict[type[Any], Callable[[_Packer, Any], JSONValue]] = {
    bytes: lambda _, value: ["bytes", b64encode(value).decode("ascii")],
    date: lambda _, value: ["date", value.isoformat()],
    datetime: lambda _, value: _pack_datetime(value),
    defaultdict: _Packer.pack_defaultdict,
    dict: _Packer.pack_mapping,
    deque: lambda packer, value: ["deque", value.maxlen, *packer.pack_sequence("", value)[1:]],
    frozenset: lambda packer, value: packer.pack_sequence("frozenset", value),
    list: lambda packer, value: packer.pack_sequence("list", value),
    Random: lambda _, value: ["random", value.getstate()],
    set: lambda packer, value: packer.pack_sequence("set", value),
    timedelta: lambda _, value: ["timedelta", value.days, value.seconds, value.microseconds],
    tuple: lambda packer, value: packer.pack_sequence("tuple", value),
    ZoneInfo: lambda _, value: ["zone", value.key],
}


def _pack_datetime(value: datetime) -> JSONValue:
    if isinstance(value.tzinfo, ZoneInfo):
        # Local time and zone apart: so times that a change of the clock repeats or skips are restored exactly.
        return ["datetime", value.replace(tzinfo=None).isoformat(), value.fold, value.tzinfo.key]
    return ["datetime", value.isoformat(), value.fold]


def _tag_of(kind: Any) -> str:
    tag = TAGS.get(kind)
    if tag is None:
        name: str = getattr(kind, "__qualname__", "")
        raise TypeError(f"{kind.__module__}.{name} cannot be saved: use values that JSON can represent, or times")
    return tag


def _attributes_of(value: Any) -> dict[str, Any]:
    attributes: dict[str, Any] | None = getattr(value, "__dict__", None)
    if attributes is not None:
        if _NOT_SAVED.isdisjoint(attributes):
            return attributes
        return {name: inner for name, inner in attributes.items() if name not in _NOT_SAVED}
    return {name: getattr(value, name) for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())}


class _Shape(NamedTuple):
    kind: Any
    names: list[str]


class _Unpacker:
    def __init__(self, shapes: list[list[str]]) -> None:
        self._shapes: list[_Shape] = [_Shape(_class_of(tag), names) for tag, *names in shapes]
        self._unpacked: list[Any] = []
        """Values by their number."""

    def unpack(self, packed: JSONValue) -> Any:
        if type(packed) in _SCALARS:
            return packed
        if is_object(packed):
            mapping: dict[str, Any] = {}
            self._unpacked.append(mapping)
            for name, inner in packed.items():
                mapping[name] = inner if type(inner) in _SCALARS else self.unpack(inner)
            return mapping
        marker, *operands = packed
        if marker == "#":
            return self._unpacked[operands[0]]
        number = len(self._unpacked)
        self._unpacked.append(None)  # numbered before its contents; every reference cycle contains a mutable value
        value = self._unpack_marked(marker, operands, number)
        self._unpacked[number] = value
        return value

    def _unpack_marked(self, marker: str, operands: list[Any], number: int) -> Any:
        if marker in _CONTAINERS:
            # Stored before it is filled, since its contents may refer to it.
            container = self._unpacked[number] = _CONTAINERS[marker](operands)
            values = self._unpack_all(operands)
            if marker in ("deque", "list"):
                container.extend(values)
            else:
                container.update(values if marker == "set" else zip(values[::2], values[1::2], strict=True))
            return container
        if marker == "object":
            return self._unpack_instance(operands, number)
        if marker == "tuple of":
            return self._shape_at(operands[0]).kind._make(self._unpack_all(operands[1:]))
        return _TUPLES[marker](self._unpack_all(operands)) if marker in _TUPLES else _READERS[marker](*operands)

    def _shape_at(self, number: int) -> _Shape:
        return self._shapes[number]

    def _unpack_all(self, packed: list[Any]) -> list[Any]:
        return [value if type(value) in _SCALARS else self.unpack(value) for value in packed]

    def _unpack_instance(self, operands: list[Any], number: int) -> Any:
        shape = self._shape_at(operands[0])
        instance: object = object.__new__(shape.kind)
        self._unpacked[number] = instance
        for name, packed in zip(shape.names, operands[1:], strict=True):
            object.__setattr__(instance, name, packed if type(packed) in _SCALARS else self.unpack(packed))
        return instance


# Each function removes its own operands from the front of the list and leaves the contents.
_CONTAINERS: dict[str, Callable[[list[Any]], Any]] = {
    "defaultdict": lambda operands: defaultdict[Any, Any](_class_of(operands.pop(0))),
    "deque": lambda operands: deque[Any](maxlen=operands.pop(0)),
    "dict": lambda _: {},
    "list": lambda _: [],
    "set": lambda _: set[Any](),
}
_TUPLES: dict[str, Callable[[list[Any]], Any]] = {"frozenset": frozenset, "tuple": tuple}


def _class_of(tag: str) -> type[Any]:
    kind = CLASSES.get(tag)
    if kind is None:
        raise ValueError(f"no class has the tag {tag!r}")
    return kind


def _read_datetime(text: str, fold: int, zone: str | None = None) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=ZoneInfo(zone) if zone else moment.tzinfo, fold=fold)


def _read_random(state: list[Any]) -> Random:
    version, internal, gauss = state
    random = Random()  # noqa: S311 (its state is set at once)
    random.setstate((version, tuple(internal), gauss))
    return random


_READERS: dict[str, Callable[..., Any]] = {
    "bytes": b64decode,
    "class": _class_of,
    "date": date.fromisoformat,
    "datetime": _read_datetime,
    "random": _read_random,
    "timedelta": timedelta,
    "zone": ZoneInfo,
}
