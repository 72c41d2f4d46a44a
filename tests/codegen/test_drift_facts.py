"""`python -m codegen drift`: required properties, types, null, limits, deprecation, tiers and security."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen.__main__ import CONTRACT
from codegen.contract.document import load
from codegen.drift.comparison import drift
from tests.support.paths import ROOT

from .drift_mutations import mutations
from .test_drift import DOCUMENT, MAYBE, TEXT, apply, body, compare, fields, list_of, operation, query, ref, schema

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .drift_mutations import Mutation

Node = dict[str, Any]

CONTRACT_DOCUMENT: Node = json.loads(json.dumps(load(ROOT / CONTRACT).document))
MUTATIONS = list(mutations(CONTRACT_DOCUMENT))
KINDS = sorted({mutation.kind for mutation in MUTATIONS})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("drift")
    (path / "ours.json").write_text(json.dumps(CONTRACT_DOCUMENT), encoding="utf-8")
    return path


def test_the_changes_are_of_every_kind_that_a_report_has() -> None:
    assert set(KINDS) == {
        *("required", "deprecated", "null", "type", "limit", "value", "field"),
        *("tier", "security", "parameter", "response"),
    }


@given(mutation=st.sampled_from(KINDS).flatmap(lambda kind: st.sampled_from([m for m in MUTATIONS if m.kind == kind])))
@settings(max_examples=40, deadline=None)
def test_a_change_at_one_place_of_the_contract_has_one_line(folder: Path, mutation: Mutation) -> None:
    changed = copy.deepcopy(CONTRACT_DOCUMENT)
    mutation.change(changed)
    (folder / "theirs.json").write_text(json.dumps(changed), encoding="utf-8")
    (line,) = map(str, drift(folder / "ours.json", folder / "theirs.json"))
    assert line.split()[1] == mutation.kind
    # A schema that is used only once is named by its use.
    of_schema = " " not in mutation.place.partition(".")[0]
    assert (f".{mutation.place.rpartition('.')[2]}" if of_schema else mutation.place) in line


USER = "PUT /v1/users/{user_id}"

SCHEMAS: list[tuple[str, Node, Node, list[str]]] = [
    ("required", fields(a=TEXT), {**fields(a=TEXT), "required": ["a"]}, [f"+ required {USER} body.x.a"]),
    ("not by all arms", fields(a=TEXT), {"anyOf": [{**fields(a=TEXT), "required": ["a"]}, fields(a=TEXT)]}, []),
    ("type", TEXT, {"type": "integer"}, [f"~ type {USER} body.x: string -> integer"]),
    ("wider", TEXT, {"anyOf": [TEXT, {"type": "integer"}]}, [f"~ type {USER} body.x: string -> integer or string"]),
    ("list", TEXT, list_of(TEXT), [f"~ type {USER} body.x: string -> array"]),
    ("object", ref("User"), list_of(ref("User")), [f"~ type {USER} body.x: object -> array"]),
    ("items", list_of(TEXT), list_of({"type": "number"}), [f"~ type {USER} body.x[]: string -> number"]),
    ("of values", {"enum": ["a"]}, {"enum": [1]}, [f"~ type {USER} body.x: string -> integer"]),
    ("anything", TEXT, {}, []),
    ("null", TEXT, MAYBE, [f"+ null {USER} body.x"]),
    ("null, 3.0", TEXT, {**TEXT, "nullable": True}, [f"+ null {USER} body.x"]),
    ("null, arm", ref("User"), {"anyOf": [ref("User"), {"type": "null"}]}, [f"+ null {USER} body.x"]),
    ("null, value", {"enum": ["a"]}, {"enum": ["a", None]}, [f"+ null {USER} body.x"]),
    ("null, elsewhere", MAYBE, {"allOf": [{"type": "string"}], "nullable": True}, []),
    ("null, both", {"allOf": [MAYBE, {"type": ["string"]}]}, TEXT, []),
    ("deprecated", TEXT, {**TEXT, "deprecated": True}, [f"+ deprecated {USER} body.x"]),
    ("deprecated use", ref("User"), {"allOf": [ref("User")], "deprecated": True}, [f"+ deprecated {USER} body.x"]),
    ("maxItems", list_of(TEXT), {**list_of(TEXT), "maxItems": 5}, [f"~ limit {USER} body.x maxItems: none -> 5"]),
    ("minItems", {**list_of(TEXT), "minItems": 1}, list_of(TEXT), [f"~ limit {USER} body.x minItems: 1 -> none"]),
    (
        "lengths",
        {**TEXT, "minLength": 1, "maxLength": 2},
        {**TEXT, "minLength": 3, "maxLength": 4},
        [f"~ limit {USER} body.x maxLength: 2 -> 4", f"~ limit {USER} body.x minLength: 1 -> 3"],
    ),
    ("pattern", {**TEXT, "pattern": "a"}, {**TEXT, "pattern": "b"}, [f"~ limit {USER} body.x pattern: a -> b"]),
    ("format", MAYBE, {**MAYBE, "format": "uuid"}, [f"~ limit {USER} body.x format: none -> uuid"]),
    ("in an arm", {**MAYBE, "maxLength": 5}, {"anyOf": [{**TEXT, "maxLength": 5}, {"type": "null"}]}, []),
    ("switched off", list_of(TEXT), {**list_of(TEXT), "uniqueItems": False}, []),
    (
        "two at once",
        fields(a=TEXT, b=TEXT),
        fields(a={"type": "integer"}, b={"type": "integer"}),
        [f"~ type {USER} body.x.a: string -> integer", f"~ type {USER} body.x.b: string -> integer"],
    ),
    (
        "an arm of a union",
        {"oneOf": [fields(a=TEXT, b=TEXT), fields(c=TEXT, d=TEXT)]},
        {"oneOf": [fields(a=TEXT, b=TEXT), fields(c=TEXT, d={"type": "integer"})]},
        [f"~ type {USER} body.x.d: string -> integer"],
    ),
]


@pytest.mark.parametrize(("mine", "other", "lines"), [row[1:] for row in SCHEMAS], ids=[row[0] for row in SCHEMAS])
def test_what_holds_of_a_property_is_compared(tmp_path: Path, mine: Node, other: Node, lines: list[str]) -> None:
    ours = apply(lambda document: body(document)["properties"].update(x=mine))
    theirs = apply(lambda document: body(document)["properties"].update(x=other))
    assert [line for line in compare(tmp_path, ours, theirs) if " value " not in line] == lines


def test_a_change_of_a_named_schema_is_reported_there(tmp_path: Path) -> None:
    def change(document: Node) -> None:
        schema(document, "User")["required"] = ["id"]
        schema(document, "User")["properties"]["id"] = {"type": "integer"}
        schema(document, "User")["properties"]["name"] = TEXT

    assert compare(tmp_path, DOCUMENT, apply(change)) == [
        "+ required User.id",
        "~ type User.id: string -> integer",
        "- null User.name",
    ]


def test_null_in_one_use_of_a_named_schema_is_reported_there(tmp_path: Path) -> None:
    maybe = {"anyOf": [ref("User"), {"type": "null"}]}
    theirs = apply(lambda document: body(document)["properties"].update(user=maybe))
    assert compare(tmp_path, DOCUMENT, theirs) == [f"+ null {USER} body.user"]


THINGS = "GET /v1/things"

OPERATIONS: list[tuple[Callable[[Node], object], list[str]]] = [
    (lambda one: one.update(deprecated=True), [f"+ deprecated {THINGS}"]),
    (lambda one: one["parameters"][1].update(deprecated=True), [f"+ deprecated {THINGS} query page_size"]),
    (
        lambda one: one["parameters"][1]["schema"].update(type="string"),
        [f"~ type {THINGS} query page_size: integer -> string"],
    ),
    (
        lambda one: one["parameters"][1]["schema"].update(maximum=5),
        [f"~ limit {THINGS} query page_size maximum: none -> 5"],
    ),
    (
        lambda one: one["parameters"][0]["schema"].update(maxItems=5),
        [f"~ limit {THINGS} query recipients maxItems: none -> 5"],
    ),
    (lambda one: one["parameters"].append(query("new", required=True)), [f"+ parameter {THINGS} query new"]),
    (lambda one: one["responses"].update({"202": {"description": ""}}), [f"+ response {THINGS} 202"]),
]


@pytest.mark.parametrize(("change", "lines"), OPERATIONS, ids=[" ".join(lines) for _, lines in OPERATIONS])
def test_what_holds_of_an_operation_is_compared(
    tmp_path: Path, change: Callable[[Node], object], lines: list[str]
) -> None:
    assert compare(tmp_path, DOCUMENT, apply(lambda document: change(operation(document, THINGS)))) == lines


def test_tiers_are_compared_only_if_upstream_has_some(tmp_path: Path) -> None:
    ours = apply(lambda document: operation(document, THINGS).update({"x-knock-tier": 4}))
    assert compare(tmp_path, ours, DOCUMENT) == []
    same = apply(lambda document: operation(document, THINGS).update({"x-ratelimit-tier": 4}))
    assert compare(tmp_path, ours, same) == []
    other = apply(lambda document: operation(document, USER).update({"x-ratelimit-tier": 2}))
    assert compare(tmp_path, ours, other) == [f"~ tier {THINGS}: 4 -> none", f"~ tier {USER}: none -> 2"]


def test_security_is_compared_by_the_kinds_of_its_schemes(tmp_path: Path) -> None:
    def secure(name: str, scheme: Node) -> Node:
        return apply(
            lambda document: document.update(
                security=[{name: []}], components={**document["components"], "securitySchemes": {name: scheme}}
            )
        )

    bearer = {"type": "http", "scheme": "bearer", "description": "A key."}
    ours = secure("bearer", bearer)
    assert compare(tmp_path, ours, DOCUMENT) == []
    assert compare(tmp_path, ours, secure("BearerAuth", {**bearer, "description": "Another."})) == []
    optional = secure("key", bearer)
    operation(optional, THINGS)["security"] = [{"key": []}, {}]
    assert compare(tmp_path, ours, optional) == [f"~ security {THINGS}: http bearer -> http bearer or none"]
    header = secure("key", {"type": "apiKey", "in": "header", "name": "X-Key"})
    assert len(compare(tmp_path, ours, header)) == len(DOCUMENT["paths"]) + 1
    assert f"~ security {THINGS}: http bearer -> apiKey header X-Key" in compare(tmp_path, ours, header)
