"""Schemas that could lead the generator astray: what it makes of them, or how it refuses them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from knock_sdk.workflows import Workflow
from knock_sdk.workflows import _trial as trial
from knock_sdk.workflows._generator import Source, generate
from knock_sdk.workflows._names import choose_names
from knock_sdk.workflows._schemas import prepare

if TYPE_CHECKING:
    from .conftest import Client

TEXT: dict[str, Any] = {"type": "string"}


def properties(**described: Any) -> dict[str, Any]:
    """Return the schema of an object."""
    return {"type": "object", "properties": described}


def code_of(schema: Any, key: str = "w-w") -> str:
    """Return the module for a schema."""
    return generate([Source(Path("workflow.json"), key, prepare(schema))])


def load(schema: Any) -> Any:
    """Run the module for a schema, whose workflow is W_W with data of the class WW."""
    module = ModuleType("generated_input")
    sys.modules["generated_input"] = module  # Pydantic looks names up there
    exec(compile(code_of(schema), "generated_input.py", "exec"), vars(module))
    assert module.W_W.json_schema() is None or module.W_W.data is module.WW
    return module


NAMES = [
    *("bool", "date", "dict", "float", "int", "list", "object", "str", "uuid"),
    *("any", "annotated", "field", "json", "copy", "schema", "omittable"),
]
FOREIGN = ["µ", "ﬁ", "fi", "K", "k", "\uff43lass", "\uff4ason", "a.b", "c/d", ""]
"""Names of properties that are no names of fields, some of them only for Python."""

ACCEPTED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"properties": {"date": {"type": "string", "format": "date"}}}, {"date": "2026-01-05"}),
    (properties(object=TEXT, meta={"type": "object"}), {"object": "o", "meta": {"a": 1}}),
    (
        properties(
            **dict.fromkeys(NAMES, TEXT),
            a={"type": "integer"},
            b={"type": "array", "items": {"type": "number"}},
            c={"type": "object"},
            d={"type": "string", "format": "uuid"},
            e={},
            f={"type": "boolean"},
        ),
        {**dict.fromkeys(NAMES, "x"), "a": 1, "b": [1.5], "c": {"x": 1}, "e": None, "f": True},
    ),
    (
        {
            **properties(
                a={"$ref": "#/definitions/b.c"}, b={"$ref": "#/definitions/b_c"}, c={"$ref": "#/definitions/x~1y%20z"}
            ),
            "definitions": {"b.c": properties(x=TEXT), "b_c": properties(y=TEXT), "x/y z": properties(z=TEXT)},
        },
        {"a": {"x": "1"}, "b": {"y": "2"}, "c": {"z": "3"}},
    ),
    (
        {
            **properties(a={}, b=True, c={"$ref": "#/definitions/n"}, d={"$ref": "#/definitions/m"}),
            "definitions": {"n": {"type": ["string", "null"]}, "m": {"$ref": "#/definitions/n"}},
        },
        {"a": None, "b": None, "c": None, "d": None},
    ),
    ({"type": "object", "patternProperties": {"^a": {"type": "integer"}}}, {"a": 1, "b": "x"}),
    (
        {
            "type": "object",
            "patternProperties": {"^a": {"type": "integer"}, "^b": TEXT},
            "additionalProperties": False,
        },
        {"a": 1, "b": "x"},
    ),
    ({**properties(a=TEXT), "patternProperties": {"^b": TEXT}, "additionalProperties": False}, {"a": "x", "b": "y"}),
    ({"type": "object", "patternProperties": {"^a": TEXT}, "additionalProperties": False}, {"a": "x"}),
    ({"enum": [{"a": 1}, {"a": "x"}]}, {"a": "x"}),
    ({"type": "object", "minProperties": 1}, {"a": 1}),
    ({"additionalProperties": False}, {}),
    (properties(a={"enum": [{"b": 1}, [1]]}, b={"const": [1]}), {"a": [1], "b": [1]}),
    (properties(a={"type": "array", "items": [TEXT]}), {"a": ["x", 1]}),
    (
        properties(**dict.fromkeys(FOREIGN, TEXT)),
        dict.fromkeys(FOREIGN, "x"),
    ),
    ({"properties": {"ﬁ": properties(x=TEXT), "fi": properties(y=TEXT)}}, {"ﬁ": {"x": "1"}, "fi": {"y": "2"}}),
    (properties(a={"type": "integer", "format": "date-time"}), {"a": 5}),
    (
        properties(a={"type": "string", "format": "date", "maxLength": 20, "pattern": "^2"}),
        {"a": "2026-01-05"},
    ),
    (properties(**{"a\u2028b\x0c": {"enum": ["\u2028\x0c\x00"]}}), {"a\u2028b\x0c": "\u2028\x0c\x00"}),
]


@pytest.mark.parametrize(("schema", "data"), ACCEPTED)
def test_data_that_the_schema_accepts_is_sent_unchanged(client: Client, schema: Any, data: Any) -> None:
    Draft7Validator(schema).validate(data)
    module = load(schema)
    assert client.trigger(module.W_W, data=module.WW.model_validate(data))["data"] == data


REFUSED = [
    ({"$ref": "#"}, "it allows none"),
    ({"anyOf": [{"$ref": "#"}]}, "it allows none"),
    ({"anyOf": [TEXT]}, "it allows none"),
    ({"type": "object", "allOf": [TEXT]}, "it allows none"),
    ({"const": 5}, "it allows none"),
    ({"enum": ["a"]}, "it allows none"),
    ({"not": {}}, "it allows none"),
    (False, "must be a JSON schema, which is an object, not bool"),
    (properties(a={"$ref": "evil.json"}), "refers to 'evil.json'"),
    (properties(a={"$ref": "evil.json#/definitions/a"}), "refers to 'evil.json#/definitions/a'"),
    (properties(a={"$ref": 5}), "refers to 5"),
]


@pytest.mark.parametrize(("schema", "problem"), REFUSED)
def test_a_schema_that_allows_no_object_or_leads_out_is_refused(schema: Any, problem: str) -> None:
    with pytest.raises(ValueError) as caught:
        prepare(schema)
    assert problem in str(caught.value)


def test_true_takes_any_data() -> None:
    workflow = load(True).W_W
    assert workflow == Workflow("w-w", data=dict[str, object])


@pytest.mark.parametrize("inside", [lambda inner: properties(a=inner), lambda inner: {"type": "array", "items": inner}])
def test_the_depth_is_limited_to_what_works(client: Client, inside: Any) -> None:
    schema = TEXT
    data: Any = "x"
    for _ in range(28):
        schema = inside(schema)
        data = {"a": data} if "properties" in schema else [data]
    module = load(properties(z=schema))
    assert client.trigger(module.W_W, data=module.WW.model_validate({"z": data}))["data"] == {"z": data}
    with pytest.raises(ValueError, match="has more than 30 levels of schemas"):
        prepare(properties(z=inside(inside(schema))))


def test_no_extension_imports_anything() -> None:
    extensions = {
        "customTypePath": "os.path.Evil",
        "customBasePath": "os.Evil",
        "x-python-type": "os.PathLike",
        "x-python-import": {"module": "os", "name": "system"},
        "contentEncoding": "base64",
        "nullable": True,
    }
    code = code_of({**properties(a={**TEXT, **extensions}), **extensions})
    assert code == code_of(properties(a=TEXT))


def test_an_import_that_is_not_known_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datamodel_code_generator.generate", lambda *_given, **_named: "from os import system\n")
    with pytest.raises(ValueError, match="needs system of os, which typed workflows do not use"):
        code_of(properties(a=TEXT))


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("class WW(WorkflowData):\n    a: Undefined\n", "Undefined"),
        ("class WW(WorkflowData):\n    a: int\n\nclass WW(WorkflowData):\n    b: int\n", "gives the same name"),
        ("class WW(:\n", "invalid syntax"),
        ({("a.py",): ""}, "does not write one module"),
    ],
)
def test_a_module_that_does_not_work_is_reported(
    monkeypatch: pytest.MonkeyPatch, written: object, problem: str
) -> None:
    monkeypatch.setattr("datamodel_code_generator.generate", lambda *_given, **_named: written)
    with pytest.raises(ValueError) as caught:
        code_of(properties(a=TEXT))
    assert problem in str(caught.value)
    assert "no model of workflow 'w-w' can be made of it" in str(caught.value)
    assert trial._NAME not in sys.modules


def test_control_characters_in_descriptions_become_spaces() -> None:
    code = code_of(properties(a={**TEXT, "description": "a\u2028b\x85c\x0cd\x1ce\x00f\r\ng"}))
    assert "a b c d e f" in code
    assert not set("\u2028\x85\x0c\x1c\x00\r") & set(code)


def test_names_of_workflows_are_compared_as_python_does() -> None:
    chosen = choose_names(["K", "k", "ﬁ"])
    assert len({name for names in chosen.values() for name in names}) == 6
    assert chosen["ﬁ"].model == "Fi"


@pytest.mark.parametrize("key", ["a-😀", 'a"b', "a\u2028b", "a\\b"])
def test_any_key_is_written_as_it_is(key: str) -> None:
    names: dict[str, Any] = {}
    exec(code_of(True, key), names)
    assert [value.key for value in names.values() if isinstance(value, Workflow)] == [key]


LEAVES: list[tuple[dict[str, Any], list[Any]]] = [
    ({"type": "string"}, ["", "ä\u2028"]),
    ({"type": "string", "pattern": "^[a-c]+$"}, ["abc"]),
    ({"type": "string", "format": "date"}, ["2026-01-05"]),
    ({"type": ["string", "null"], "maxLength": 3}, ["abc", None]),
    ({"type": "integer", "minimum": 1}, [1, 99]),
    ({"type": "number", "exclusiveMaximum": 2}, [1.5]),
    ({"enum": ["a", None, 5]}, ["a", None, 5]),
    ({"const": "c"}, ["c"]),
    ({}, [None, [1], {"x": "y"}, "s", 1.5, True]),
]
Case = tuple[dict[str, Any], list[Any]]


def grow(inner: st.SearchStrategy[Case]) -> st.SearchStrategy[Case]:
    names = st.sampled_from(["date", "int", "a-b", "a_b", "fullName", "full_name", "ﬁ", "fi", "µ", "class", "x.y"])
    described = st.dictionaries(names, inner, min_size=1, max_size=4)
    return st.one_of(
        st.builds(to_object, described, st.booleans(), st.booleans()),
        inner.map(lambda case: ({"type": "array", "items": case[0]}, [[], case[1]])),
        inner.map(lambda case: ({"type": "object", "additionalProperties": case[0]}, [{"k": v} for v in case[1]])),
        st.tuples(inner, inner).map(lambda both: ({"anyOf": [both[0][0], both[1][0]]}, both[0][1] + both[1][1])),
    )


def to_object(described: dict[str, Case], closed: bool, needed: bool) -> Case:
    schema: dict[str, Any] = properties(**{name: case[0] for name, case in described.items()})
    if closed:
        schema["additionalProperties"] = False
    if needed:
        schema["required"] = list(described)
    full = [{name: case[1][n % len(case[1])] for name, case in described.items()} for n in range(3)]
    return schema, full if needed or closed else [*full, {"further": None}]


@settings(max_examples=15, deadline=None)
@given(st.recursive(st.sampled_from(LEAVES), grow, max_leaves=6))
def test_models_accept_what_the_schema_accepts(case: Case) -> None:
    schema = properties(top=case[0])
    module = load(schema)
    described = Draft7Validator(module.W_W.json_schema())
    for value in case[1]:
        data = {"top": value}
        if not Draft7Validator(schema).is_valid(data):
            continue
        made = module.WW.model_validate(data)
        described.validate(data)
        sent = json.loads(made.model_dump_json(by_alias=True))
        if "anyOf" in json.dumps(schema):  # the first model that accepts a null may leave it out
            Draft7Validator(schema).validate(sent)
        else:
            assert sent == data
