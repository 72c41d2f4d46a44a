"""JSON schemas of trigger data, prepared for the generator of models."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from pydantic_core import SchemaError, SchemaValidator, core_schema

from .._core.type_guards import is_array, is_object
from ._names import field_names
from ._references import DEFINITIONS, may_be_object, rename, safe_names

_MAPS = DEFINITIONS | {"patternProperties", "properties"}
"""Keywords whose values are schemas by name."""

_NESTED = frozenset({"additionalProperties", "allOf", "anyOf", "items", "oneOf"})
"""Keywords whose values are schemas, or lists of them."""

_PLAIN = frozenset(
    {
        *("const", "enum", "required", "type"),
        *("exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"),
        *("maxItems", "maxLength", "minItems", "minLength"),
    }
)
"""Other keywords that models can check. Extensions, which could import any class, are left out with all the rest."""

_CONDITIONS = frozenset(
    {
        *("$ref", "additionalProperties", "allOf", "anyOf", "const", "dependencies", "dependentRequired"),
        *("dependentSchemas", "else", "enum", "if", "maxProperties", "minProperties", "not", "oneOf"),
        *("patternProperties", "properties", "propertyNames", "required", "then", "unevaluatedProperties"),
    }
)
"""Keywords that can refuse an object."""

_FORMATS = frozenset({"date", "date-time", "uuid"})
"""Formats that have a type in Python whose values are written in this format; all others stay text."""

_DEPTH = 30
"""Levels of schemas in each other that models can be made of: Pydantic fails at about 40."""

_SEPARATORS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


class Prepared(NamedTuple):
    """A schema without what the generator of models would read differently than Knock."""

    schema: dict[str, Any] | None
    """None if it allows any JSON object."""
    aliases: dict[str, str]
    """Names of fields, by those of properties that Python would read as other names."""
    warnings: list[str]


def prepare(given: object) -> Prepared:
    """Return a schema for the generator of models.

    Raises:
        ValueError: It allows no object, is nested too deeply, or refers to something outside.
    """
    if given is True:
        return Prepared(None, {}, [])
    if not is_object(given):
        raise ValueError(f"must be a JSON schema, which is an object, not {type(given).__name__}")
    preparation = _Preparation(given)
    schema = preparation.prepare(given)
    kinds = given.get("type", "object")
    if "object" not in (kinds if is_array(kinds) else [kinds]):
        raise ValueError(f"must describe an object, since the data of a trigger is one; its type is {kinds!r}")
    if not may_be_object(given, given):
        raise ValueError("must describe an object, since the data of a trigger is one; it allows none")
    if not schema.keys() & {"$ref", "allOf", "anyOf", "oneOf"}:
        schema["type"] = "object"
    takes_any = all(_says_nothing(given[name]) for name in _CONDITIONS & given.keys())
    return Prepared(None if takes_any else schema, preparation.aliases(), preparation.warnings)


class _Preparation:
    """Prepares a schema and those in it."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.warnings: list[str] = []
        self._check_depth(schema)
        self._definitions = safe_names(schema)
        self._properties: set[str] = set()

    def _check_depth(self, schema: dict[str, Any]) -> None:
        level: list[Any] = [schema]
        depth = 0
        while level := [inner for each in level if is_object(each) for inner in _inside(each)]:
            depth += 1
            if depth > _DEPTH:
                raise ValueError(f"has more than {_DEPTH} levels of schemas: move deep ones to where it has fewer")

    def aliases(self) -> dict[str, str]:
        """Return the names of fields, by those of properties that Python would read as other names."""
        return field_names(self._properties)

    def prepare(self, schema: Any) -> Any:
        """Return a schema that the generator reads as it is meant."""
        if not is_object(schema):
            return schema
        prepared: dict[str, Any] = {}
        for name, value in schema.items():
            if name in _MAPS and is_object(value):
                names = self._definitions if name in DEFINITIONS else {}
                prepared[name] = {names.get(key, key): self.prepare(inner) for key, inner in value.items()}
            elif name in _NESTED:
                prepared[name] = [self.prepare(inner) for inner in value] if is_array(value) else self.prepare(value)
            elif name in _PLAIN:
                prepared[name] = value
        if isinstance(description := schema.get("description"), str):
            prepared["description"] = _SEPARATORS.sub(" ", description.replace("\r\n", "\n").replace("\r", "\n"))
        if "$ref" in schema:  # Draft 7 ignores what stands beside it
            kept = {name: prepared[name] for name in DEFINITIONS & prepared.keys()}
            return {"$ref": rename(schema["$ref"], self._definitions), **kept}
        if is_array(prepared.get("items")):  # of a tuple, whose further items may be of any type
            del prepared["items"]
        self._add_text(schema, prepared)
        _drop_structured_values(prepared)
        _describe_required(schema, prepared)
        if is_object(properties := prepared.get("properties")):
            self._properties.update(properties)
            prepared["properties"] = _order(properties)
        self._join_patterns(prepared)
        return prepared

    def _add_text(self, schema: dict[str, Any], prepared: dict[str, Any]) -> None:
        """Add the format or the pattern of text; limits of its length are of use without a format only."""
        kinds = schema.get("type")
        form = schema.get("format")
        is_text = kinds == "string" or (is_array(kinds) and "string" in kinds)
        if is_text and isinstance(form, str) and form in _FORMATS and not prepared.keys() & {"const", "enum"}:
            prepared["format"] = form
            prepared.pop("maxLength", None)
            prepared.pop("minLength", None)
        elif isinstance(pattern := schema.get("pattern"), str) and self._compiles(pattern):
            prepared["pattern"] = pattern

    def _compiles(self, pattern: str) -> bool:
        try:
            SchemaValidator(core_schema.str_schema(pattern=pattern))
        except SchemaError:
            self.warnings.append(f"the pattern {pattern!r} is not checked: Pydantic cannot read it")
            return False
        return True

    def _join_patterns(self, prepared: dict[str, Any]) -> None:
        """Leave patterns of names to the only form of object that models can check: one pattern, and nothing else."""
        patterns = prepared.get("patternProperties")
        further = prepared.get("additionalProperties")
        described = bool(prepared.get("properties"))
        if not patterns or not is_object(patterns):
            prepared.pop("patternProperties", None)
            # Type checkers refuse a model that declares the type of its further fields, so that they may be of any.
            if described and is_object(further):
                prepared["additionalProperties"] = True
        elif described or further is not False or len(patterns) > 1 or not self._compiles(next(iter(patterns))):
            del prepared["patternProperties"]
            prepared["additionalProperties"] = True


def _inside(schema: dict[str, Any]) -> list[Any]:
    """Return the schemas directly in a schema."""
    found: list[Any] = []
    for name, value in schema.items():
        if name in _MAPS and is_object(value):
            found += value.values()
        elif name in _NESTED:
            found += value if is_array(value) else [value]
    return found


def _drop_structured_values(prepared: dict[str, Any]) -> None:
    """Drop lists of values, some of which are objects or arrays: there are no types of such values."""
    for name, values in (("const", [prepared.get("const")]), ("enum", prepared.get("enum"))):
        if is_array(values) and any(is_object(value) or is_array(value) for value in values):
            del prepared[name]


def _describe_required(schema: dict[str, Any], prepared: dict[str, Any]) -> None:
    """Describe required properties that are not described: they allow everything."""
    required = schema.get("required")
    if not is_array(required) or any(name in schema for name in ("allOf", "anyOf", "oneOf")):
        return
    described = prepared.get("properties")
    known: dict[str, Any] = described if is_object(described) else {}
    missing: dict[str, Any] = {name: {} for name in required if isinstance(name, str) and name not in known}
    if missing:
        prepared["properties"] = {**known, **missing}


def _order(properties: dict[str, Any]) -> dict[str, Any]:
    """Return properties in an order in which each keeps its name if it is one of Python's.

    Of `fullName` and `full_name`, the generator gives the name `full_name` to the first, and another one to the second.
    """
    if len({name.replace("_", "").replace("-", "").lower() for name in properties}) == len(properties):
        return properties
    return dict(sorted(properties.items(), key=lambda each: each[0] != each[0].lower() or not each[0].isidentifier()))


def _says_nothing(value: object) -> bool:
    """Return whether the value of a keyword refuses no object."""
    return value is None or value is True or value in ({}, []) or (type(value) is int and value == 0)
