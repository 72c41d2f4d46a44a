"""Python objects as JSON and back, without running anything that the JSON holds.

What is shared stays shared, in circles too: whatever could be met twice is counted as it is first met, and `["#", 7]`
stands for the one with that number. An object of a class is the values of its attributes; it is made without its
constructor, and the class must be one of those in `tags`. All other lists begin with a mark that says what they are.
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

_SCALARS = frozenset({bool, float, int, str, type(None)})


def pack(value: object) -> JSONValue:
    """Return an object as what JSON can hold.

    Raises:
        TypeError: It holds something of a kind that is not provided for, such as a function or an open file.
    """
    packer = _Packer()
    packed = packer.pack(value)
    return {"shapes": packer.shapes, "value": packed}


def unpack(packed: JSONValue) -> object:
    """Return the object that `pack` had been given; what is no such thing raises any of the usual errors."""
    return _Unpacker(packed["shapes"]).unpack(packed["value"])


class _Packer:
    def __init__(self) -> None:
        self.shapes: list[list[Any]] = []
        """Of objects: the tag of the class, and the names of their attributes."""
        self._shape_numbers: dict[tuple[type[Any], tuple[str, ...]], int] = {}
        self._counted: dict[int, int] = {}

    def pack(self, value: object) -> JSONValue:
        kind = type(value)
        if kind in _SCALARS:
            return value
        known = self._counted.get(id(value))
        if known is not None:
            return ["#", known]
        self._counted[id(value)] = len(self._counted)
        pack = _PACKERS.get(kind)
        return self._object(value, kind) if pack is None else pack(self, value)

    def mapping(self, value: dict[Any, Any]) -> JSONValue:
        if all(type(key) is str for key in value):
            return {key: inner if type(inner) in _SCALARS else self.pack(inner) for key, inner in value.items()}
        return ["dict", *self._all(chain.from_iterable(value.items()))]

    def _all(self, values: Iterable[object]) -> list[JSONValue]:
        return [value if type(value) in _SCALARS else self.pack(value) for value in values]

    def _object(self, value: Any, kind: type[Any]) -> JSONValue:
        if kind is type:
            return ["class", _tag(value)]
        fields: tuple[str, ...] | None = getattr(kind, "_fields", None)
        if fields is not None:
            return ["tuple of", self._shape(kind, fields), *self._all(value)]
        attributes = _attributes(value)
        return ["object", self._shape(kind, tuple(attributes)), *self._all(attributes.values())]

    def _shape(self, kind: type[Any], names: tuple[str, ...]) -> int:
        number = self._shape_numbers.get((kind, names))
        if number is None:
            number = self._shape_numbers[kind, names] = len(self.shapes)
            self.shapes.append([_tag(kind), *names])
        return number

    def sequence(self, mark: str, value: Iterable[object]) -> JSONValue:
        return [mark, *self._all(value)]

    def default(self, value: defaultdict[Any, Any]) -> JSONValue:
        factory = value.default_factory
        return ["defaultdict", _tag(factory), *self._all(chain.from_iterable(value.items()))]


_PACKERS: dict[type[Any], Callable[[_Packer, Any], JSONValue]] = {
    bytes: lambda _, value: ["bytes", b64encode(value).decode("ascii")],
    date: lambda _, value: ["date", value.isoformat()],
    datetime: lambda _, value: _pack_datetime(value),
    defaultdict: _Packer.default,
    dict: _Packer.mapping,
    deque: lambda packer, value: ["deque", value.maxlen, *packer.sequence("", value)[1:]],
    frozenset: lambda packer, value: packer.sequence("frozenset", value),
    list: lambda packer, value: packer.sequence("list", value),
    Random: lambda _, value: ["random", value.getstate()],
    set: lambda packer, value: packer.sequence("set", value),
    timedelta: lambda _, value: ["timedelta", value.days, value.seconds, value.microseconds],
    tuple: lambda packer, value: packer.sequence("tuple", value),
    ZoneInfo: lambda _, value: ["zone", value.key],
}


def _pack_datetime(value: datetime) -> JSONValue:
    if isinstance(value.tzinfo, ZoneInfo):
        # Apart from its zone, so that also an hour that comes twice, or never, comes back as it was.
        return ["datetime", value.replace(tzinfo=None).isoformat(), value.fold, value.tzinfo.key]
    return ["datetime", value.isoformat(), value.fold]


def _tag(kind: Any) -> str:
    """Return the tag of a class."""
    tag = TAGS.get(kind)
    if tag is None:
        name: str = getattr(kind, "__qualname__", "")
        raise TypeError(f"{kind.__module__}.{name} cannot be saved: it is neither JSON nor a time")
    return tag


def _attributes(value: Any) -> dict[str, Any]:
    held: dict[str, Any] | None = getattr(value, "__dict__", None)
    if held is not None:
        # What `Class[int]()` leaves on the object besides is for type checkers.
        return {name: held[name] for name in held if name != "__orig_class__"} if "__orig_class__" in held else held
    return {name: getattr(value, name) for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())}


class _Shape(NamedTuple):
    kind: Any
    names: list[str]


class _Unpacker:
    def __init__(self, shapes: list[list[str]]) -> None:
        self._shapes: list[_Shape] = [_Shape(_class_of(tag), names) for tag, *names in shapes]
        self._found: list[Any] = []

    def unpack(self, packed: JSONValue) -> Any:
        if type(packed) in _SCALARS:
            return packed
        if is_object(packed):
            made: dict[str, Any] = {}
            self._found.append(made)
            for name, inner in packed.items():
                made[name] = inner if type(inner) in _SCALARS else self.unpack(inner)
            return made
        mark, *rest = packed
        if mark == "#":
            return self._found[rest[0]]
        place = len(self._found)
        self._found.append(None)  # counted before what is inside; circles lead through what can change
        value = self._made(mark, rest, place)
        self._found[place] = value
        return value

    def _made(self, mark: str, rest: list[Any], place: int) -> Any:
        if mark in _CONTAINERS:
            # Found before it is filled: what is inside may lead back to it.
            container = self._found[place] = _CONTAINERS[mark](rest)
            values = self._all(rest)
            if mark in ("deque", "list"):
                container.extend(values)
            else:
                container.update(values if mark == "set" else zip(values[::2], values[1::2], strict=True))
            return container
        if mark == "object":
            return self._object(rest, place)
        if mark == "tuple of":
            return self._shape(rest[0]).kind._make(self._all(rest[1:]))
        return _TUPLES[mark](self._all(rest)) if mark in _TUPLES else _READERS[mark](*rest)

    def _shape(self, number: int) -> _Shape:
        return self._shapes[number]

    def _all(self, packed: list[Any]) -> list[Any]:
        return [value if type(value) in _SCALARS else self.unpack(value) for value in packed]

    def _object(self, rest: list[Any], place: int) -> Any:
        shape = self._shape(rest[0])
        made: object = object.__new__(shape.kind)
        self._found[place] = made
        for name, packed in zip(shape.names, rest[1:], strict=True):
            object.__setattr__(made, name, packed if type(packed) in _SCALARS else self.unpack(packed))
        return made


# Each takes its own arguments from the front of what follows the mark, and leaves the contents.
_CONTAINERS: dict[str, Callable[[list[Any]], Any]] = {
    "defaultdict": lambda rest: defaultdict[Any, Any](_class_of(rest.pop(0))),
    "deque": lambda rest: deque[Any](maxlen=rest.pop(0)),
    "dict": lambda _: {},
    "list": lambda _: [],
    "set": lambda _: set[Any](),
}
_TUPLES: dict[str, Callable[[list[Any]], Any]] = {"frozenset": frozenset, "tuple": tuple}


def _class_of(tag: str) -> type[Any]:
    """Return the class with a tag."""
    kind = CLASSES.get(tag)
    if kind is None:
        raise ValueError(f"there is no class with the tag {tag!r}")
    return kind


def _read_datetime(text: str, fold: int, zone: str | None = None) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=ZoneInfo(zone) if zone else moment.tzinfo, fold=fold)


def _read_random(state: list[Any]) -> Random:
    version, internal, gauss = state
    made = Random()  # noqa: S311 (its state is set at once)
    made.setstate((version, tuple(internal), gauss))
    return made


_READERS: dict[str, Callable[..., Any]] = {
    "bytes": b64decode,
    "class": _class_of,
    "date": date.fromisoformat,
    "datetime": _read_datetime,
    "random": _read_random,
    "timedelta": timedelta,
    "zone": ZoneInfo,
}
