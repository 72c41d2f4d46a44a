"""A request held against the contract: its path, query, headers and body, before any room sees it."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import from_json

from ..._core.type_guards import is_array, is_object
from ..http.contract_data import load_contract
from ..http.errors import FieldProblem, invalid_field, invalid_params
from ..http.query import parse_query
from .extra_rules import PATH
from .schemas import kinds_of, validator_named, validator_of
from .validators import BODY, of_kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..http.exchange import HTTPRequest
    from ..http.router import Route
    from ..state.json_objects import JSON
    from .validators import Validator

_INTEGER = re.compile(r"-?\d{1,9}", re.ASCII)
_FLAGS = {"false": False, "true": True}
_JSON_TYPE = re.compile(r"application/(?:[\w.+-]+\+)?json(?:\s*;.*)?", re.IGNORECASE)


class Checked(NamedTuple):
    """What a request holds, found right; as it came, apart from having been decoded."""

    query: dict[str, Any]
    body: Any
    """The body as JSON; an empty object if none came."""


class _Parameter(NamedTuple):
    name: str
    path: tuple[str, ...]
    """Where the value stands in the query: `inserted_at.gte` is a field of a mapping."""
    validator: Validator
    required: bool
    kinds: frozenset[type]
    element: Validator | None
    """The shape of a list's elements if they are plain text."""


class _Rules(NamedTuple):
    path: Mapping[str, Validator]
    query: tuple[_Parameter, ...]
    headers: tuple[_Parameter, ...]
    body: Validator | None
    body_required: bool


def check(request: HTTPRequest, route: Route, query: str) -> Checked:
    """Return a request's query and body.

    Raises:
        Problem: The contract does not allow the request.
    """
    rules = _rules(route.operation.name)
    values = parse_query(query)
    problems: list[FieldProblem] = []
    for name, validator in rules.path.items():
        validator(route.path[name], name, problems)
    for parameter in rules.query:
        _check_query(parameter, values, problems)
    for parameter in rules.headers:
        value = request.header(parameter.name.lower())
        if value is not None:
            parameter.validator(value, parameter.name, problems)
    body: Any = {}
    if rules.body is None:
        body = _ignored_body(request)
    elif request.body:
        body = _json(request)
        rules.body(body, "", problems)
    elif rules.body_required:
        problems.append(FieldProblem(BODY, "required", "is missing"))
    if problems:
        raise invalid_params(problems)
    return Checked(values, body)


def check_value(schema: str, value: object, at: str) -> list[FieldProblem]:
    """Return what is wrong with a value that is to have one of the contract's schemas of requests."""
    problems: list[FieldProblem] = []
    validator_named(schema)(value, at, problems)
    return problems


@cache
def _rules(operation: str) -> _Rules:
    described = load_contract()["operations"][operation]
    body = described.get("body")
    return _Rules(
        path={
            name: PATH.get(name) or validator_of(entry["schema"]) for name, entry in described.get("path", {}).items()
        },
        query=_parameters(described.get("query", {})),
        headers=_parameters(described.get("header", {})),
        body=validator_of(body["schema"]) if body else None,
        body_required=bool(body and body.get("required")),
    )


def _parameters(described: Mapping[str, Any]) -> tuple[_Parameter, ...]:
    found: list[_Parameter] = []
    for name, entry in described.items():
        schema = entry["schema"]
        kinds = kinds_of(schema)
        elements = kinds_of(schema["items"]) if "items" in schema else {}
        element = of_kinds(elements) if elements.keys() == {str} else None
        if element is not None:
            kinds = kinds_of({keyword: value for keyword, value in schema.items() if keyword != "items"})
        required = entry.get("required", False)
        found.append(_Parameter(name, tuple(name.split(".")), of_kinds(kinds), required, frozenset(kinds), element))
    return tuple(found)


def _check_query(parameter: _Parameter, values: JSON, problems: list[FieldProblem]) -> None:
    value: Any = values
    for depth, name in enumerate(parameter.path):
        if not is_object(value):
            outer = ".".join(parameter.path[:depth])
            problems.append(FieldProblem(outer, "type", f"must be {outer}[{name}]"))
            return
        if name not in value:
            if parameter.required:
                problems.append(FieldProblem(parameter.name, "required", "is missing"))
            return
        value = value[name]
    if isinstance(value, str):
        value = _read(value, parameter.kinds)
    parameter.validator(value, parameter.name, problems)
    if parameter.element is not None and is_array(value):
        for inner in value:
            parameter.element(inner, parameter.name, problems)


def _read(text: str, kinds: frozenset[type]) -> Any:
    """Return the value that a text in a query stands for, where it can be of one of the kinds that are due."""
    if str not in kinds:
        if bool in kinds:
            return _FLAGS.get(text, text)
        if int in kinds and _INTEGER.fullmatch(text):
            return int(text)
    return text


def _json(request: HTTPRequest) -> Any:
    sent_as = request.header("content-type")
    if sent_as and not _JSON_TYPE.fullmatch(sent_as):
        raise invalid_field("content-type", "format", "must be application/json")
    try:
        return from_json(request.body, allow_inf_nan=False)
    except ValueError:
        raise invalid_field(BODY, "format", "is not JSON") from None


def _ignored_body(request: HTTPRequest) -> JSON:
    """Return a body that the contract does not know, for the older operations that took one all the same."""
    if not request.body:
        return {}
    try:
        body: Any = from_json(request.body, allow_inf_nan=False)
    except ValueError:
        return {}
    return body if is_object(body) else {}
