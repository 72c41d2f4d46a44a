"""`python -m codegen drift`: differences between two documents, independent of their notation."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from codegen.drift.comparison import drift

if TYPE_CHECKING:
    from collections.abc import Callable

Node = dict[str, Any]

TEXT: Node = {"type": "string"}
MAYBE: Node = {"type": ["string", "null"]}


def ref(name: str, kind: str = "schemas") -> Node:
    return {"$ref": f"#/components/{kind}/{name}"}


def fields(**properties: Node) -> Node:
    return {"type": "object", "properties": properties}


def list_of(items: Node) -> Node:
    return {"type": "array", "items": items}


def content(schema: Node) -> Node:
    return {"description": "", "content": {"application/json": {"schema": schema}}}


def query(name: str, schema: Node = TEXT, *, required: bool = False) -> Node:
    return {"name": name, "in": "query", "required": required, "schema": schema}


DOCUMENT: Node = yaml.safe_load((Path(__file__).parent / "drift_data/things.yaml").read_text(encoding="utf-8"))


def compare(tmp_path: Path, ours: Node, theirs: Node) -> list[str]:
    (tmp_path / "ours.yaml").write_text(yaml.safe_dump(ours), encoding="utf-8")
    (tmp_path / "theirs.json").write_text(json.dumps(theirs), encoding="utf-8")
    return [str(one) for one in drift(tmp_path / "ours.yaml", tmp_path / "theirs.json")]


def apply(change: Callable[[Node], object]) -> Node:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    return document


def operation(document: Node, key: str) -> Node:
    verb, where = key.split()
    found: Node = document["paths"][where][verb.lower()]
    return found


def schema(document: Node, name: str) -> Node:
    found: Node = document["components"]["schemas"][name]
    return found


def body(document: Node) -> Node:
    found: Node = operation(document, "PUT /v1/users/{user_id}")["requestBody"]["content"]["application/json"]["schema"]
    return found


CHANGES: dict[str, Callable[[Node], object]] = {
    "operation GET /v1/things": lambda d: d["paths"].pop("/v1/things"),
    "operation PUT /v1/users/{user_id}": lambda d: d["paths"]["/v1/users/{user_id}"].pop("put"),
    "parameter GET /v1/things query page_size": lambda d: operation(d, "GET /v1/things")["parameters"].pop(),
    "parameter GET /v1/things query recipients": lambda d: operation(d, "GET /v1/things")["parameters"].pop(0),
    "body PUT /v1/users/{user_id}": lambda d: operation(d, "PUT /v1/users/{user_id}").pop("requestBody"),
    "required PUT /v1/users/{user_id} body": lambda d: operation(d, "PUT /v1/users/{user_id}")["requestBody"].update(
        required=False
    ),
    "response PUT /v1/users/{user_id} 204": lambda d: operation(d, "PUT /v1/users/{user_id}")["responses"].pop("204"),
    "field User.name": lambda d: schema(d, "User")["properties"].pop("name"),
    "field Group.members": lambda d: schema(d, "Group")["properties"].pop("members"),
    "field Error.code": lambda d: schema(d, "Error")["properties"].pop("code"),
    "field PUT /v1/users/{user_id} body.user": lambda d: body(d)["properties"].pop("user"),
    "field GET /v1/things 200.entries[].data.*": lambda d: schema(d, "Thing")["properties"]["data"].update(
        additionalProperties=True
    ),
    "field GET /v1/things 200.entries[].owner": lambda d: schema(d, "Thing")["properties"].pop("owner"),
    "value Plan = pro": lambda d: schema(d, "Plan")["enum"].pop(),
    "value PUT /v1/users/{user_id} body.strategy = replace": lambda d: body(d)["properties"]["strategy"]["enum"].pop(),
    "value GET /v1/users/{user_id} query include = preferences": lambda d: operation(d, "GET /v1/users/{user_id}")[
        "parameters"
    ][0].update(schema=list_of(TEXT)),
}


@pytest.mark.parametrize("text", CHANGES)
def test_each_difference_is_reported_once_on_either_side(tmp_path: Path, text: str) -> None:
    less = apply(CHANGES[text])
    assert compare(tmp_path, DOCUMENT, less) == [f"- {text}"]
    assert compare(tmp_path, less, DOCUMENT) == [f"+ {text}"]


def test_a_report_is_grouped_and_sorted(tmp_path: Path) -> None:
    every = [change for text, change in CHANGES.items() if text.split()[0] in {"parameter", "field", "value"}]
    less = apply(lambda document: [change(document) for change in every])
    groups = [line.split()[1] for line in compare(tmp_path, DOCUMENT, less)]
    assert groups == sorted(groups, key=["parameter", "field", "value"].index)
    assert len(set(groups)) == 3


SPELLINGS: list[tuple[Node, Node]] = [
    ({"anyOf": [ref("User"), {"type": "null"}]}, {"allOf": [ref("User")], "nullable": True}),
    ({"anyOf": [ref("User"), {"type": "null"}]}, {"anyOf": [ref("User"), {"enum": [None]}]}),
    (
        {"anyOf": [{"type": "null"}, ref("User")]},
        {"oneOf": [{"type": "null"}, ref("User")], "x-struct": None, "x-validate": None},
    ),
    (
        ref("User"),
        {**fields(id=TEXT, name=MAYBE, plan={"enum": ["pro", "free"]}), "description": "?", "example": {"a": 1}},
    ),
    (ref("User"), {"allOf": [fields(id=TEXT), fields(name={}, plan=ref("Plan"))]}),
    (ref("User"), {**ref("User"), "description": "A reference with a word beside it."}),
    (
        fields(a=ref("Plan")),
        {"type": ["object"], "properties": {"a": {"anyOf": [{"const": "free"}, {"const": "pro"}]}}},
    ),
    (list_of(ref("Plan")), {"prefixItems": [ref("Plan")], "required": None, "enum": None}),
    ({"type": "array"}, list_of(TEXT)),
    ({"type": "object"}, {"type": "object", "additionalProperties": True}),
    (
        {"type": "object", "additionalProperties": TEXT},
        {"patternProperties": {"^x-": {"type": "string"}}},
    ),
    ({"oneOf": [ref("User"), ref("Group")]}, {"anyOf": [ref("Group"), {"oneOf": [ref("User")]}]}),
    (ref("Owner"), {"oneOf": [ref("Group"), TEXT, fields(id=TEXT, name=MAYBE, plan=ref("Plan"))]}),
]


@pytest.mark.parametrize(("mine", "other"), SPELLINGS)
def test_equivalent_schemas_have_no_differences(tmp_path: Path, mine: Node, other: Node) -> None:
    ours = apply(lambda document: body(document)["properties"].update(extra=mine))
    theirs = apply(lambda document: body(document)["properties"].update(extra=other))
    assert compare(tmp_path, ours, theirs) == []
    assert compare(tmp_path, theirs, ours) == []


def test_operations_are_matched_by_verb_and_path(tmp_path: Path) -> None:
    def rename(document: Node) -> None:
        document["openapi"] = "3.0.0"
        document["servers"] = [{"url": "https://api.example.com/v1/"}]
        document["paths"] = {where.removeprefix("/v1"): item for where, item in document["paths"].items()}
        user = document["paths"].pop("/users/{user_id}")
        document["paths"]["/users/{id}"] = user
        del user["parameters"]
        user["get"]["operationId"] = user["put"]["operationId"] = "user (2)"

    assert compare(tmp_path, DOCUMENT, apply(rename)) == [
        "+ parameter GET /v1/users/{user_id} path id",
        "- parameter GET /v1/users/{user_id} path user_id",
        "+ parameter PUT /v1/users/{user_id} path id",
        "- parameter PUT /v1/users/{user_id} path user_id",
    ]


def test_inherited_referenced_and_overridden_parameters_are_resolved(tmp_path: Path) -> None:
    def rewrite(document: Node) -> None:
        item, things = document["paths"]["/v1/users/{user_id}"], document["paths"]["/v1/things"]
        item["get"]["parameters"] += item.pop("parameters")
        things["parameters"] = [query("page_size", required=True), ref("Recipients", "parameters")]
        things["get"]["parameters"] = [query("page_size", {"type": "integer"})]
        document["components"]["parameters"] = {"Recipients": query("recipients", list_of(ref("Owner")))}
        document["components"]["requestBodies"] = {"Set": item["put"]["requestBody"]}
        item["put"]["requestBody"] = ref("Set", "requestBodies")
        document["components"]["pathItems"] = {"Things": document["paths"].pop("/v1/things")}
        document["paths"]["/v1/things"] = ref("Things", "pathItems")

    assert compare(tmp_path, DOCUMENT, apply(rewrite)) == []


def test_a_changed_requirement_is_a_difference(tmp_path: Path) -> None:
    stricter = apply(lambda document: operation(document, "GET /v1/things")["parameters"][1].update(required=True))
    assert compare(tmp_path, DOCUMENT, stricter) == ["+ required GET /v1/things query page_size"]


def test_names_of_query_parameters_are_compared_without_brackets(tmp_path: Path) -> None:
    ours = apply(lambda document: operation(document, "GET /v1/things")["parameters"].append(query("inserted_at.gte")))
    theirs = apply(
        lambda document: operation(document, "GET /v1/things")["parameters"].append(query("inserted_at[gte]"))
    )
    assert compare(tmp_path, ours, theirs) == []


def test_headers_are_compared_only_if_upstream_has_some(tmp_path: Path) -> None:
    without = apply(lambda document: operation(document, "PUT /v1/users/{user_id}").pop("parameters"))
    assert compare(tmp_path, DOCUMENT, without) == []
    other = copy.deepcopy(without)
    operation(other, "GET /v1/things")["parameters"] += [{"name": "X-Branch", "in": "header", "schema": TEXT}]
    operation(other, "GET /v1/things")["parameters"] += [{"name": "Authorization", "in": "header", "schema": TEXT}]
    assert compare(tmp_path, DOCUMENT, other) == [
        "+ parameter GET /v1/things header X-Branch",
        "- parameter PUT /v1/users/{user_id} header Idempotency-Key",
    ]


def test_default_responses_are_compared_only_if_upstream_has_some(tmp_path: Path) -> None:
    def drop(document: Node, *keys: str) -> None:
        for key in keys:
            operation(document, key)["responses"].pop("default")

    none = apply(
        lambda document: drop(document, "GET /v1/things", "GET /v1/users/{user_id}", "PUT /v1/users/{user_id}")
    )
    assert compare(tmp_path, DOCUMENT, none) == []
    one = apply(lambda document: drop(document, "GET /v1/things"))
    assert compare(tmp_path, DOCUMENT, one) == ["- response GET /v1/things default"]
    listed_one_by_one = copy.deepcopy(none)
    operation(listed_one_by_one, "GET /v1/things")["responses"]["4XX"] = content(fields(code=TEXT, hint=TEXT))
    assert compare(tmp_path, DOCUMENT, listed_one_by_one) == [
        "+ field GET /v1/things 4XX.hint",
        "- field GET /v1/things 4XX.message",
    ]


def test_a_difference_in_one_of_many_uses_is_reported_there(tmp_path: Path) -> None:
    def inline(document: Node) -> None:
        operation(document, "GET /v1/users/{user_id}")["responses"]["200"] = content(
            fields(id=TEXT, plan=ref("Plan"), extra=TEXT)
        )

    assert compare(tmp_path, DOCUMENT, apply(inline)) == [
        "+ field GET /v1/users/{user_id} 200.extra",
        "- field GET /v1/users/{user_id} 200.name",
    ]


def test_a_field_missing_in_one_member_of_a_union_is_reported_without_names(tmp_path: Path) -> None:
    def inline(document: Node) -> None:
        user, group = fields(name=MAYBE, plan=ref("Plan")), fields(id=TEXT, members=list_of(ref("Owner")))
        schema(document, "Owner")["oneOf"] = [group, user, TEXT]

    # `id` is still a field of groups, and of users everywhere except among owners.
    assert compare(tmp_path, DOCUMENT, apply(inline)) == ["- field Owner.id"]


def test_a_missing_member_of_a_union_is_reported_by_its_fields(tmp_path: Path) -> None:
    less = apply(lambda document: schema(document, "Owner")["oneOf"].pop())
    assert compare(tmp_path, DOCUMENT, less) == ["- field Owner.members"]
    assert compare(tmp_path, less, DOCUMENT) == ["+ field Owner.members"]


def test_circular_schemas_are_compared(tmp_path: Path) -> None:
    def cut(document: Node) -> None:
        """Inline the members of a group, one level deep, without the fields below."""
        inner = fields(id=TEXT, members=list_of({"type": ["string", "object"]}))
        owner = {"oneOf": [TEXT, ref("User"), inner]}
        schema(document, "Group")["properties"]["members"]["items"] = owner

    assert compare(tmp_path, DOCUMENT, DOCUMENT) == []
    lines = compare(tmp_path, DOCUMENT, apply(cut))
    uses = ("200.entries[].owner", "query recipients")
    assert lines == [
        f"- field GET /v1/things {use}.members[].members[].{name}"
        for use in uses
        for name in ("id", "members", "name", "plan")
    ]


def test_an_unused_named_schema_is_compared_too(tmp_path: Path) -> None:
    ours = apply(lambda document: document["components"]["schemas"].update(Spare=fields(a=TEXT)))
    theirs = apply(lambda document: document["components"]["schemas"].update(Spare=fields(b=TEXT)))
    assert compare(tmp_path, ours, theirs) == ["- field Spare.a", "+ field Spare.b"]
    assert compare(tmp_path, ours, DOCUMENT) == []
