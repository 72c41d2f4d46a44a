"""Query strings: parsing, and reading of typed parameters."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from ..._core.type_guards import is_array, is_object
from ..state.clock import parse_moment
from ..state.json_text import parse_json
from ..state.records import Reference
from .errors import invalid_field

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from ..state.clock import Bound
    from .errors import Problem

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")
_INDEX = re.compile(r"\d{1,6}", re.ASCII)
_MAX_DEPTH = 4

BOUNDS: tuple[Bound, ...] = ("gt", "gte", "lt", "lte")


def parse_query(text: str) -> dict[str, Any]:
    """Parse a query: `a[]=` and `a[0]=` are lists, `a[b]=` and `a.b=` are mappings, and both may be nested.

    In a list of mappings without indices, such as `a[][b]=1&a[][c]=2`, a value is added to the first mapping that does
    not have its key yet.

    Raises:
        Problem: A name is malformed or nested too deeply, or is used for a text and for a list or mapping.
    """
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        matched = _NAME.fullmatch(name)
        if matched is None:
            raise invalid_field(name, "format", "is not a valid parameter name")
        outer, brackets = matched.groups()
        path = [*outer.split("."), *_BRACKETS.findall(brackets)]
        if len(path) > _MAX_DEPTH:
            raise invalid_field(name, "format", f"is nested too deeply: the limit is {_MAX_DEPTH} levels")
        _insert(tree, path, value)
    return {name: _convert_lists(value) for name, value in tree.items()}


def _insert(tree: dict[str, Any], path: list[str], value: str) -> None:
    node = tree
    for key, following in pairwise(path):
        inner: Any = node.setdefault(key or _find_index(node, following), {})
        if not is_object(inner):
            raise _conflict(path)
        node = inner
    last = path[-1] or str(len(node))
    if is_object(node.get(last)):
        raise _conflict(path)
    node[last] = value


def _find_index(elements: dict[str, Any], name: str) -> str:
    """Return the index of the first mapping in a list that does not have a key, or the next free index."""
    found = (index for index, element in elements.items() if is_object(element) and name and name not in element)
    return next(found, str(len(elements)))


def _conflict(path: list[str]) -> Problem:
    return invalid_field(".".join(path), "format", "is given both as a text and as a list or mapping")


def _convert_lists(value: Any) -> Any:
    """Convert mappings whose keys are all indices to lists."""
    if not is_object(value):
        return value
    converted = {key: _convert_lists(inner) for key, inner in value.items()}
    if all(_INDEX.fullmatch(key) for key in converted):
        return [converted[key] for key in sorted(converted, key=int)]
    return converted


class Query:
    """Parameters of a query. Each method raises `Problem` if the parameter does not have the expected form."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        """Wrap the result of `parse_query`."""
        self.values = values

    def text(self, name: str, allowed: Collection[str] | None = None) -> str | None:
        """Return a text parameter, which may be limited to allowed values."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            raise invalid_field(name, "type", "must be a single value")
        return value if value is None else _check_allowed(name, value, allowed)

    def texts(self, name: str, allowed: Collection[str] | None = None) -> list[str]:
        """Return a list parameter, whose elements may be limited to allowed values; empty if it is absent."""
        value = self.values.get(name, [])
        if not is_array(value) or not all(isinstance(element, str) for element in value):
            raise invalid_field(name, "type", f"must be a list: {name}[]=…")
        return [_check_allowed(name, element, allowed) for element in value]

    def reference(self, name: str) -> Reference | None:
        """Return a recipient parameter: `name=…` for a user, or `name[id]=…&name[collection]=…`."""
        value = self.values.get(name)
        return None if value is None else _parse_reference(value, name)

    def references(self, name: str) -> list[Reference]:
        """Return a list of recipients: `name[]=…` or `name[0][id]=…&name[0][collection]=…`."""
        value = self.values.get(name, [])
        if not is_array(value):
            raise invalid_field(name, "type", f"must be a list: {name}[]=… or {name}[0][id]=…&{name}[0][collection]=…")
        return [_parse_reference(element, f"{name}.{index}") for index, element in enumerate(value)]

    def flag(self, name: str) -> bool | None:
        """Return a parameter that is `true` or `false`."""
        value = self.text(name, ("true", "false"))
        return None if value is None else value == "true"

    def integer(self, name: str) -> int | None:
        """Return an integer parameter."""
        value = self.text(name)
        if value is None:
            return None
        if not re.fullmatch(r"-?\d{1,9}", value, re.ASCII):
            raise invalid_field(name, "type", "must be a whole number")
        return int(value)

    def moments(self, name: str) -> dict[Bound, datetime]:
        """Return a parameter with limits on a time, such as `name[gte]=…`."""
        value = self.values.get(name, {})
        if not is_object(value) or not all(bound in BOUNDS for bound in value):
            raise invalid_field(name, "type", f"must be given as {name}[gt], {name}[gte], {name}[lt] or {name}[lte]")
        limits: dict[Bound, datetime] = {}
        for bound in BOUNDS:
            if bound in value:
                moment = parse_moment(value[bound])
                if moment is None:
                    raise invalid_field(f"{name}.{bound}", "format", "must be a time in ISO 8601")
                limits[bound] = moment
        return limits

    def json_object(self, name: str) -> dict[str, Any] | None:
        """Return a parameter that is the text of a JSON object."""
        value = self.text(name)
        if value is None:
            return None
        try:
            decoded: Any = parse_json(value)
        except ValueError:
            decoded = None
        if not is_object(decoded):
            raise invalid_field(name, "format", "must be a JSON object")
        return decoded

    def object_reference(self, name: str) -> Reference:
        """Return the object that a parameter identifies by JSON text: `{"object_id": …, "collection": …}`."""
        value = self.json_object(name) or {}
        for field in ("object_id", "collection"):
            if not isinstance(value.get(field), str):
                raise invalid_field(f"{name}.{field}", "required", "is missing or not a string")
        return Reference(value["object_id"], value["collection"])


def _parse_reference(value: Any, at: str) -> Reference:
    if isinstance(value, str):
        return Reference(value)
    if not is_object(value) or not value.keys() <= {"id", "collection"}:
        raise invalid_field(at, "type", "must be a user id, or the id and collection of an object")
    if "id" not in value:
        raise invalid_field(f"{at}.id", "required", "is missing")
    for name, field in value.items():
        if not isinstance(field, str):
            raise invalid_field(f"{at}.{name}", "type", "must be a single value")
    return Reference(value["id"], value.get("collection"))


def _check_allowed(name: str, value: str, allowed: Collection[str] | None) -> str:
    if allowed is not None and value not in allowed:
        raise invalid_field(name, "inclusion", f"{value!r} is not one of {', '.join(allowed)}")
    return value
