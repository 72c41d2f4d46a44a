"""Pages whose items keep the text in which the API sent them."""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from pydantic import ValidationError
from typing_extensions import override

from ..type_guards import is_object
from .decode import BodyReader

if TYPE_CHECKING:
    from typing_extensions import Self


def _number(text: str) -> float | str:
    """Return a number; one that no float can hold stays text, since it would become infinite, which JSON has not."""
    return value if isfinite(value := float(text)) else text


DECODER = json.JSONDecoder(parse_float=_number)
_scan = DECODER.raw_decode
_SPACE = re.compile(r"[ \t\r\n]*")
_BREAKS = str.maketrans("\r\n", "  ")


class RawItem(NamedTuple):
    """An item of a list."""

    text: str
    """The JSON of the item as the API sent it, in one line."""
    fields: dict[str, Any]
    """The same, parsed."""


class _Cursors(NamedTuple):
    after: object
    before: object


class RawPage(BodyReader):
    """A page of a list: its items as text and as plain data, and its cursors.

    Slicing the text takes a quarter of the time that models take, and changes nothing: not the spelling of a number,
    nor a field that no model knows.

    Attributes:
        items: the items.
        entries: the same, under the name that most lists have.
        page_info: the cursors.
    """

    __slots__ = ("entries", "items", "page_info")

    key: ClassVar[str]
    """Name of the field with the items."""

    def __init__(self, items: list[RawItem], page_info: _Cursors) -> None:
        """Store what was read."""
        self.items = self.entries = items
        self.page_info = page_info

    @override
    @classmethod
    def validate_json(cls, body: bytes) -> Self:
        """Read a response's body."""
        text = body.decode()
        items: list[RawItem] | None = None
        cursors: object = None
        start = _skip(text, 0)
        if not text.startswith("{", start):
            raise _mismatch(cls, "dict_type", (), _scan(text, start)[0])
        position, more = _enter(text, start, "{}")
        while more:
            key, position = _scan(text, position)
            if not isinstance(key, str):
                raise ValueError(f"expected a name before {position}")  # noqa: TRY004 - the text is not JSON
            position = _after(text, position, ":")
            if key == cls.key and text.startswith("[", position):
                items, position = _read_items(cls, text, position)
            else:
                value, position = _scan(text, position)
                if key == cls.key:
                    raise _mismatch(cls, "list_type", (key,), value)
                if key == "page_info":
                    cursors = value
            position, more = _next(text, position, "}")
        if position != len(text):
            raise ValueError(f"expected the end at {position}")
        if items is None:
            raise _mismatch(cls, "missing", (cls.key,), None)
        return cls(items, _read_cursors(cls, cursors))


def _read_items(page: type[RawPage], text: str, start: int) -> tuple[list[RawItem], int]:
    """Read an array of objects; return them and the position after it."""
    items: list[RawItem] = []
    position, more = _enter(text, start, "[]")
    while more:
        fields, end = _scan(text, position)
        if not is_object(fields):
            raise _mismatch(page, "dict_type", (page.key, len(items)), fields)
        raw = text[position:end]
        # Line breaks are between tokens only: a string of JSON has none.
        items.append(RawItem(raw.translate(_BREAKS) if "\n" in raw or "\r" in raw else raw, fields))
        position, more = _next(text, end, "]")
    return items, position


def _read_cursors(page: type[RawPage], value: object) -> _Cursors:
    if not is_object(value):
        raise _mismatch(page, "missing" if value is None else "dict_type", ("page_info",), value)
    cursors = _Cursors(value.get("after"), value.get("before"))
    for name, cursor in cursors._asdict().items():
        if cursor is not None and not isinstance(cursor, str):  # the list would seem to end here
            raise _mismatch(page, "string_type", ("page_info", name), cursor)
    return cursors


def _enter(text: str, start: int, brackets: str) -> tuple[int, bool]:
    """Go past an opening bracket; return the position of the first element and True, or that after an empty pair."""
    position = _after(text, start, brackets[0])
    return (_after(text, position, brackets[1]), False) if text.startswith(brackets[1], position) else (position, True)


def _next(text: str, end: int, bracket: str) -> tuple[int, bool]:
    """Return the position of the next element and True, or that after the closing bracket and False."""
    position = _skip(text, end)
    more = not text.startswith(bracket, position)
    return _after(text, position, "," if more else bracket), more


def _after(text: str, position: int, sign: str) -> int:
    """Return the position after a sign and the white space around it."""
    position = _skip(text, position)
    if not text.startswith(sign, position):
        raise ValueError(f"expected {sign} at {position}")
    return _skip(text, position + 1)


def _skip(text: str, position: int) -> int:
    """Return the position after white space."""
    return position + len(space[0]) if (space := _SPACE.match(text, position)) else position


def _mismatch(page: type[RawPage], kind: str, place: tuple[int | str, ...], value: object) -> ValidationError:
    return ValidationError.from_exception_data(page.__name__, [{"type": kind, "loc": place, "input": value}])
