"""Query strings, in all the forms that clients of the API send."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from pydantic_core import from_json

from ..._core.type_guards import is_array, is_object
from ..state.clock import parse_moment
from ..state.records import Reference
from .errors import invalid_field

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from ..state.clock import Bound
    from .errors import Problem

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_PARTS = re.compile(r"\[([^\[\]]*)\]")
_INDEX = re.compile(r"\d{1,6}", re.ASCII)
_DEEPEST = 4

BOUNDS: tuple[Bound, ...] = ("gt", "gte", "lt", "lte")


def parse_query(text: str) -> dict[str, Any]:
    """Take a query apart: `a[]=` and `a[0]=` are lists, `a[b]=` and `a.b=` mappings, and they may be nested.

    Mappings in a list without numbers, `a[][b]=1&a[][c]=2`, are told apart as well as can be: a value goes into the
    first that has none of its name yet.

    Raises:
        Problem: A name is malformed, or means two things at once.
    """
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        matched = _NAME.fullmatch(name)
        if matched is None:
            raise invalid_field(name, "format", "is not a name that a query can have")
        outer, brackets = matched.groups()
        path = [*outer.split("."), *_PARTS.findall(brackets)]
        if len(path) > _DEEPEST:
            raise invalid_field(name, "format", "is nested too deeply")
        _put(tree, path, value)
    return {name: _settle(value) for name, value in tree.items()}


def _put(tree: dict[str, Any], path: list[str], value: str) -> None:
    node = tree
    for key, following in pairwise(path):
        inner: Any = node.setdefault(key or _vacancy(node, following), {})
        if not is_object(inner):
            raise _two_things(path)
        node = inner
    last = path[-1] or str(len(node))
    if is_object(node.get(last)):
        raise _two_things(path)
    node[last] = value


def _vacancy(elements: dict[str, Any], name: str) -> str:
    """Return the number of the first mapping in a list that has nothing under a name, or a new one."""
    found = (number for number, element in elements.items() if is_object(element) and name and name not in element)
    return next(found, str(len(elements)))


def _two_things(path: list[str]) -> Problem:
    return invalid_field(".".join(path), "format", "is given as text and as a list or mapping at once")


def _settle(value: Any) -> Any:
    """Turn mappings whose keys are all numbers into lists."""
    if not is_object(value):
        return value
    settled = {key: _settle(inner) for key, inner in value.items()}
    if all(_INDEX.fullmatch(key) for key in settled):
        return [settled[key] for key in sorted(settled, key=int)]
    return settled


class Query:
    """The parameters of a request's query; each is checked when it is read."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        """Take what `parse_query` returned."""
        self.values = values

    def text(self, name: str, allowed: Collection[str] | None = None) -> str | None:
        """Return a parameter that is one text, perhaps one of a choice."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            raise invalid_field(name, "type", "takes one value")
        return value if value is None else _choose(name, value, allowed)

    def texts(self, name: str, allowed: Collection[str] | None = None) -> list[str]:
        """Return a parameter that is a list of texts, perhaps out of a choice; empty if it is absent."""
        value = self.values.get(name, [])
        if not is_array(value) or not all(isinstance(element, str) for element in value):
            raise invalid_field(name, "type", f"takes a list: {name}[]=…")
        return [_choose(name, element, allowed) for element in value]

    def reference(self, name: str) -> Reference | None:
        """Return a parameter that is a recipient: `name=…` for a user, or `name[id]=…&name[collection]=…`."""
        value = self.values.get(name)
        return None if value is None else _reference(value, name)

    def references(self, name: str) -> list[Reference]:
        """Return a parameter that is a list of recipients: `name[]=…` or `name[0][id]=…&name[0][collection]=…`."""
        value = self.values.get(name, [])
        if not is_array(value):
            raise invalid_field(name, "type", f"takes a list: {name}[]=… or {name}[0][id]=…&{name}[0][collection]=…")
        return [_reference(element, f"{name}.{index}") for index, element in enumerate(value)]

    def flag(self, name: str) -> bool | None:
        """Return a parameter that is true or false."""
        value = self.text(name, ("true", "false"))
        return None if value is None else value == "true"

    def integer(self, name: str) -> int | None:
        """Return a parameter that is a whole number."""
        value = self.text(name)
        if value is None:
            return None
        if not re.fullmatch(r"-?\d{1,9}", value, re.ASCII):
            raise invalid_field(name, "type", "takes a whole number")
        return int(value)

    def moments(self, name: str) -> dict[Bound, datetime]:
        """Return a parameter that limits a time."""
        value = self.values.get(name, {})
        if not is_object(value) or not all(bound in BOUNDS for bound in value):
            raise invalid_field(name, "type", f"takes {name}[gt], {name}[gte], {name}[lt] and {name}[lte]")
        limits: dict[Bound, datetime] = {}
        for bound in BOUNDS:
            if bound in value:
                moment = parse_moment(value[bound])
                if moment is None:
                    raise invalid_field(f"{name}.{bound}", "format", "takes a time in ISO 8601")
                limits[bound] = moment
        return limits

    def json_object(self, name: str) -> dict[str, Any] | None:
        """Return a parameter that is a JSON object as text."""
        value = self.text(name)
        if value is None:
            return None
        try:
            decoded: Any = from_json(value, allow_inf_nan=False)
        except ValueError:
            decoded = None
        if not is_object(decoded):
            raise invalid_field(name, "format", "takes a JSON object")
        return decoded


def _reference(value: Any, at: str) -> Reference:
    if isinstance(value, str):
        return Reference(value)
    if not is_object(value) or not value.keys() <= {"id", "collection"}:
        raise invalid_field(at, "type", "takes a user id, or an object's id and collection")
    if "id" not in value:
        raise invalid_field(f"{at}.id", "required", "is missing")
    for name, part in value.items():
        if not isinstance(part, str):
            raise invalid_field(f"{at}.{name}", "type", "takes one value")
    return Reference(value["id"], value.get("collection"))


def _choose(name: str, value: str, allowed: Collection[str] | None) -> str:
    if allowed is not None and value not in allowed:
        raise invalid_field(name, "inclusion", f"{value!r} is none of {', '.join(allowed)}")
    return value
