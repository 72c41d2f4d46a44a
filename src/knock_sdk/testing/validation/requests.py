"""Validation of a request's path, query, headers and body, before a handler is called."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import to_json

from ..._core.type_guards import is_array, is_object
from ..http.contract_data import load_contract
from ..http.errors import FieldProblem, invalid_field, invalid_params
from ..http.query import parse_query
from ..state.json_text import NumberTooLargeError, parse_json
from .extra_rules import PATH
from .schemas import kinds_of, named_validator, validator_of
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


class ValidInput(NamedTuple):
    """Query and body of a valid request, decoded but otherwise unchanged."""

    query: dict[str, Any]
    body: Any
    """The body, parsed as JSON; an empty object if the request had no body."""


class _Parameter(NamedTuple):
    name: str
    path: tuple[str, ...]
    """Path of the value in the query: `inserted_at.gte` is a field of a mapping."""
    validator: Validator
    required: bool
    kinds: frozenset[type]
    element: Validator | None
    """Validator of the elements of a list of strings."""
    identifies: bool
    """Whether it is the JSON text of an object with certain fields, which may also be given as `name[field]=…`."""


class _Rules(NamedTuple):
    path: Mapping[str, Validator]
    query: tuple[_Parameter, ...]
    headers: tuple[_Parameter, ...]
    body: Validator | None
    body_required: bool


def check(request: HTTPRequest, route: Route, query: str) -> ValidInput:
    """Check a request against the contract, and return its query and body.

    Raises:
        Problem: The request is invalid.
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
        body = _parse_undocumented_body(request)
    elif request.body:
        body = _parse_body(request)
        rules.body(body, "", problems)
    elif rules.body_required:
        problems.append(FieldProblem(BODY, "required", "is missing"))
    if problems:
        raise invalid_params(problems)
    return ValidInput(values, body)


def check_value(schema: str, value: object, at: str) -> list[FieldProblem]:
    """Return the problems of a value that must match one of the contract's request schemas; `at` is its path."""
    problems: list[FieldProblem] = []
    named_validator(schema)(value, at, problems)
    return problems


@cache
def _rules(operation: str) -> _Rules:
    entry = load_contract()["operations"][operation]
    body = entry.get("body")
    return _Rules(
        path={name: PATH.get(name) or validator_of(each["schema"]) for name, each in entry.get("path", {}).items()},
        query=_parameters(entry.get("query", {})),
        headers=_parameters(entry.get("header", {})),
        body=validator_of(body["schema"]) if body else None,
        body_required=bool(body and body.get("required")),
    )


def _parameters(entries: Mapping[str, Any]) -> tuple[_Parameter, ...]:
    parameters: list[_Parameter] = []
    for name, entry in entries.items():
        schema = entry["schema"]
        kinds = kinds_of(schema)
        elements = kinds_of(schema["items"]) if "items" in schema else {}
        element = of_kinds(elements) if elements.keys() == {str} else None
        if element is not None:
            kinds = kinds_of({keyword: value for keyword, value in schema.items() if keyword != "items"})
        required = entry.get("required", False)
        parameters.append(
            _Parameter(
                name,
                tuple(name.split(".")),
                of_kinds(kinds),
                required,
                frozenset(kinds),
                element,
                identifies="properties" in schema.get("contentSchema", {}),
            )
        )
    return tuple(parameters)


def _check_query(parameter: _Parameter, values: JSON, problems: list[FieldProblem]) -> None:
    value: Any = values
    for depth, name in enumerate(parameter.path):
        if not is_object(value):
            outer = ".".join(parameter.path[:depth])
            problems.append(FieldProblem(outer, "type", f"must be a mapping: {outer}[{name}]=…"))
            return
        if name not in value:
            if parameter.required:
                problems.append(FieldProblem(parameter.name, "required", "is missing"))
            return
        value = value[name]
    if parameter.identifies and is_object(value):
        # Knock's client for browsers spells it so.
        value = values[parameter.name] = to_json(value).decode()
    if isinstance(value, str):
        value = _parse_text(value, parameter.kinds)
    parameter.validator(value, parameter.name, problems)
    if parameter.element is not None and is_array(value):
        for inner in value:
            parameter.element(inner, parameter.name, problems)


def _parse_text(text: str, kinds: frozenset[type]) -> Any:
    """Parse a text of the query as one of the expected kinds; return it unchanged if that is not possible."""
    if str not in kinds:
        if bool in kinds:
            return _FLAGS.get(text, text)
        if int in kinds and _INTEGER.fullmatch(text):
            return int(text)
    return text


def _parse_body(request: HTTPRequest) -> Any:
    content_type = request.header("content-type")
    if content_type and not _JSON_TYPE.fullmatch(content_type):
        raise invalid_field("content-type", "format", "must be application/json")
    try:
        return parse_json(request.body)
    except NumberTooLargeError:
        raise invalid_field(BODY, "format", "contains a number that is too large") from None
    except ValueError:
        raise invalid_field(BODY, "format", "is not JSON") from None


def _parse_undocumented_body(request: HTTPRequest) -> JSON:
    """Parse a body that the contract does not contain: some older operations read one. Invalid bodies are ignored."""
    if not request.body:
        return {}
    try:
        body: Any = parse_json(request.body)
    except ValueError:
        return {}
    return body if is_object(body) else {}
