"""The simulator as an HTTP application: paths, verbs, keys, bodies, errors."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulator_pair import PUBLIC, SECRET, header, http

from codegen.contract import load
from knock_sdk.testing import HTTPRequest, Simulator
from knock_sdk.testing.bodies import BODIES
from knock_sdk.testing.errors import STATUSES
from knock_sdk.testing.keys import PUBLIC as PUBLIC_OPERATIONS
from knock_sdk.testing.rooms import HANDLERS
from knock_sdk.testing.router import OPERATIONS
from knock_sdk.testing.shapes import Record

CONTRACT = load(Path(__file__).parent.parent / "openapi" / "knock.yaml").document
VERBS = ("get", "put", "post", "delete")
IN_CONTRACT = {
    operation["operationId"]: (verb.upper(), path, operation)
    for path, item in CONTRACT["paths"].items()
    for verb, operation in item.items()
    if verb in VERBS
}


def filled(path: str) -> str:
    return re.sub(r"\{\w+\}", "x", path)


def test_router_knows_every_operation_of_the_contract() -> None:
    known = {operation.name: (operation.method, operation.path) for operation in OPERATIONS}
    assert known == {name: (verb, path) for name, (verb, path, _) in IN_CONTRACT.items()}
    assert len(OPERATIONS) == len(known)


def test_tables_name_operations_of_the_contract() -> None:
    assert IN_CONTRACT.keys() >= HANDLERS.keys() | BODIES.keys() | PUBLIC_OPERATIONS
    assert HANDLERS.keys() >= BODIES.keys()


@pytest.mark.parametrize("name", sorted(BODIES))
def test_bodies_have_the_fields_of_the_contract(name: str) -> None:
    reference = IN_CONTRACT[name][2]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = CONTRACT["components"]["schemas"][reference.rpartition("/")[2]]
    shape = BODIES[name]
    assert isinstance(shape, Record)
    assert set(shape.required) == set(schema.get("required", []))
    assert {*shape.required, *shape.optional} == set(schema["properties"])


@pytest.mark.parametrize("name", sorted(IN_CONTRACT))
def test_every_operation_is_answered_or_said_to_be_missing(name: str) -> None:
    verb, path, _ = IN_CONTRACT[name]
    response, body = http(Simulator(), verb, filled(path), {})
    if name in HANDLERS:
        assert response.status in {200, 204, 404, 422}
    else:
        assert response.status == 501
        assert body["code"] == "not_simulated"
        assert f"{verb} {path}" in body["message"]
    assert header(response, "x-request-id")


@pytest.mark.parametrize("name", sorted(IN_CONTRACT))
def test_keys(name: str) -> None:
    verb, path, _ = IN_CONTRACT[name]
    response, body = http(Simulator(), verb, filled(path), {}, key=None)
    assert (response.status, body["code"]) == (401, "api_key_missing")
    response, body = http(Simulator(), verb, filled(path), {}, key=PUBLIC)
    assert (response.status == 403) == (name not in PUBLIC_OPERATIONS)
    if response.status == 403:
        assert body["code"] == "incorrect_token_type"


@pytest.mark.parametrize(
    "key", ["", "Bearer", "Bearer ", "sk_test_1", "Basic sk_test_1", "Bearer test_1", "Bearer sk_", "Bearer sk_ä", "Bearer sk_1 x"]
)
def test_malformed_keys(key: str) -> None:
    response, body = http(Simulator(), "GET", "/v1/users", key=key)
    assert (response.status, body["code"]) == (401, "api_key_missing")


def test_an_error_has_the_shape_of_the_api() -> None:
    response, body = http(Simulator(), "GET", "/v1/users/nobody")
    assert response.status == 404
    assert body == {
        "code": "resource_missing",
        "message": "The user 'nobody' does not exist.",
        "status": 404,
        "type": "invalid_request_error",
    }
    _, body = http(Simulator(), "GET", "/v1/users", key=None)
    assert body["type"] == "authentication_error"
    assert header(response, "content-type") == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    "path", ["/", "", "/v1", "/v2/users", "/v1/user", "/v1/users/", "/v1//users", "/v1/users/a/b/c/d", "/v1/users/%ff"]
)
def test_unknown_paths(path: str) -> None:
    response, body = http(Simulator(), "GET", path)
    assert (response.status, body["code"]) == (404, "not_found")


def test_wrong_verb() -> None:
    response, body = http(Simulator(), "POST", "/v1/users/ana")
    assert (response.status, body["code"]) == (405, "method_not_allowed")
    assert header(response, "allow") == "DELETE, GET, PUT"
    assert http(Simulator(), "PATCH", "/v1/users/ana")[0].status == 405
    assert http(Simulator(), "get", "/v1/users/ana")[0].status == 405


def test_a_word_of_a_path_goes_before_a_parameter_only_where_it_leads_somewhere() -> None:
    sim = Simulator()
    assert http(sim, "POST", "/v1/messages/batch/seen", {"message_ids": []})[0].status == 200
    assert http(sim, "GET", "/v1/messages/batch")[1]["message"] == "The message 'batch' does not exist."
    assert http(sim, "PUT", "/v1/messages/batch/seen")[1]["message"] == "The message 'batch' does not exist."


def test_ids_are_decoded_once() -> None:
    sim = Simulator()
    for name in ("ä b", "100%", "a%2Fb", "a+b", "?x=1", "…"):
        response, body = http(sim, "PUT", "/v1/users/" + quote(name, safe=""), {"name": "x"})
        assert response.status == 200
        assert body["id"] == name
        assert sim.requests[-1].path == f"/v1/users/{name}"


BAD_JSON = [b"{", b"nonsense", b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000, b'"\\ud800"', b"{} {}", b"{'a': 1}"]


@pytest.mark.parametrize("content", BAD_JSON, ids=lambda content: repr(content[:12]))
@pytest.mark.parametrize("target", ["/v1/users/ana", "/v1/users/ana/preferences/default"])
def test_a_body_that_is_not_json(target: str, content: bytes) -> None:
    response, body = http(Simulator(), "PUT", target, content)
    assert (response.status, body["code"]) == (422, "invalid_params")
    assert body["errors"] == [{"field": "body", "type": "format", "message": "is not JSON"}]


WRONG = [
    ("PUT", "/v1/users/ana", [], "body"),
    ("PUT", "/v1/users/ana", "text", "body"),
    ("PUT", "/v1/users/ana", None, "body"),
    ("PUT", "/v1/users/ana", {"name": 5}, "name"),
    ("PUT", "/v1/users/ana", {"email": ["a@x.example"]}, "email"),
    ("PUT", "/v1/users/ana", {"created_at": "yesterday"}, "created_at"),
    ("PUT", "/v1/users/ana", {"created_at": 17}, "created_at"),
    ("PUT", "/v1/users/ana", {"preferences": {"default": {"categories": {"a": "no"}}}}, "preferences.default.categories.a"),
    ("PUT", "/v1/users/ana", {"channel_data": {"c": []}}, "channel_data.c"),
    ("PUT", "/v1/users/" + "x" * 257, {}, "user_id"),
    ("PUT", "/v1/users/a%2Fb", {}, "user_id"),
    ("PUT", "/v1/users/a%23b", {}, "user_id"),
    ("PUT", "/v1/users/ana", {"bio": "x" * 256_001}, "body"),
    ("PUT", "/v1/users/ana/preferences/default", {"channel_types": {"email": "off"}}, "channel_types.email"),
    ("PUT", "/v1/users/ana/preferences/default", {"channels": {"c": {}}}, "channels.c.conditions"),
    ("PUT", "/v1/users/ana/preferences/default", {"workflows": []}, "workflows"),
    ("PUT", "/v1/users/ana/preferences/default", {"__persistence_strategy__": "add"}, "__persistence_strategy__"),
    (
        "PUT",
        "/v1/users/ana/preferences/default",
        {"workflows": {"w": {"conditions": [{"variable": "data.x", "operator": "equals", "argument": "1"}]}}},
        "workflows.w.conditions.0.operator",
    ),
    ("POST", "/v1/users/ana/merge", {}, "from_user_id"),
    ("POST", "/v1/users/bulk/identify", {"users": [{"name": "x"}]}, "users.0.id"),
    ("POST", "/v1/users/bulk/identify", {"users": [{"id": "x"}] * 1001}, "users"),
    ("POST", "/v1/users/bulk/delete", {"user_ids": "ana"}, "user_ids"),
    ("POST", "/v1/workflows/w/trigger", {}, "recipients"),
    ("POST", "/v1/workflows/w/trigger", {"recipients": "ana"}, "recipients"),
    ("POST", "/v1/workflows/w/trigger", {"recipients": [5]}, "recipients.0"),
    ("POST", "/v1/workflows/w/trigger", {"recipients": [True]}, "recipients.0"),
    ("POST", "/v1/workflows/w/trigger", {"recipients": ["a", {"name": "x"}]}, "recipients.1.id"),
    ("POST", "/v1/workflows/w/trigger", {"recipients": [{"collection": "c"}]}, "recipients.0.id"),
    ("POST", "/v1/workflows/w/trigger", {"recipients": ["a/b"]}, "recipients.0"),
    ("POST", "/v1/workflows/w/trigger", {"recipients": ["a"] * 1001}, "recipients"),
    ("POST", "/v1/workflows/w/trigger", {"recipients": [], "data": []}, "data"),
    ("POST", "/v1/workflows/w/trigger", {"recipients": [], "data": {"x": "y" * 10_000_001}}, "data"),
    ("POST", "/v1/workflows/w/trigger", {"recipients": [], "tenant": 5}, "tenant"),
    ("POST", "/v1/workflows/w/trigger", {"recipients": [], "settings": {"sandbox_mode": "yes"}}, "settings.sandbox_mode"),
    ("POST", "/v1/messages/batch/seen", {"message_ids": ["x"] * 51}, "message_ids"),
    ("POST", "/v1/messages/batch/interacted", {"message_ids": [], "metadata": {"a": {}}}, "metadata.a"),
    ("PUT", "/v1/messages/x/interacted", {"metadata": dict.fromkeys("abcdef", 1)}, "metadata"),
    ("GET", "/v1/messages/batch/content", None, "message_ids"),
    ("GET", "/v1/messages/batch/content?" + "message_ids[]=x&" * 26, None, "message_ids"),
    ("GET", "/v1/messages?status=sent", None, "status"),
    ("GET", "/v1/messages?status[]=lost", None, "status"),
    ("GET", "/v1/messages?engagement_status[]=liked", None, "engagement_status"),
    ("GET", "/v1/messages?inserted_at[gte]=monday", None, "inserted_at.gte"),
    ("GET", "/v1/messages?inserted_at[after]=2026-01-01", None, "inserted_at"),
    ("GET", "/v1/messages?inserted_at=2026-01-01", None, "inserted_at"),
    ("GET", "/v1/messages?trigger_data=x", None, "trigger_data"),
    ("GET", "/v1/messages?trigger_data=[]", None, "trigger_data"),
    ("GET", '/v1/messages?trigger_data={"a":{}}', None, "trigger_data.a"),
    ("GET", "/v1/messages?tenant[]=x", None, "tenant"),
    ("GET", "/v1/messages?tenant=x&tenant[a]=y", None, "tenant.a"),
    ("GET", "/v1/messages?[]=x", None, "[]"),
    ("GET", "/v1/messages?a[b][c][d][e]=x", None, "a[b][c][d][e]"),
    ("GET", "/v1/users?order=up", None, "order"),
    ("GET", "/v1/users?include[]=everything", None, "include"),
    ("GET", "/v1/users?page_size=0", None, "page_size"),
    ("GET", "/v1/users?page_size=51", None, "page_size"),
    ("GET", "/v1/users?page_size=ten", None, "page_size"),
    ("GET", "/v1/users?page_size=" + "9" * 5000, None, "page_size"),
    ("GET", "/v1/users?after=nonsense", None, "after"),
    ("GET", "/v1/users?before=ä", None, "before"),
    ("GET", "/v1/users?after[]=x", None, "after"),
]


@pytest.mark.parametrize(
    ("method", "target", "body", "field"), WRONG, ids=lambda value: value[:60] if isinstance(value, str) else "-"
)
def test_what_the_contract_does_not_allow(method: str, target: str, body: object, field: str) -> None:
    sim = Simulator()
    content = b"null" if body is None and method != "GET" else body
    response, answer = http(sim, method, target, content)
    assert (response.status, answer["code"]) == (422, "invalid_params")
    assert answer["errors"][0]["field"] == field
    assert answer["errors"][0].keys() == {"field", "type", "message"}
    assert answer["message"].startswith(f"{field}: ")
    assert not sim.messages()


def test_several_problems_are_told_at_once() -> None:
    _, body = http(Simulator(), "PUT", "/v1/users/ana", {"name": 1, "email": 2})
    assert [error["field"] for error in body["errors"]] == ["name", "email"]
    assert body["message"] == "name: must be a string (and 1 more)"


def test_a_refused_trigger_changes_nothing() -> None:
    sim = Simulator()
    too_large = {"id": "ben", "bio": "x" * 256_001}
    sent = {"recipients": [{"id": "ana", "name": "Ana"}, too_large], "tenant": "acme"}
    response, body = http(sim, "POST", "/v1/workflows/w/trigger", sent)
    assert (response.status, body["errors"][0]["field"]) == (422, "recipients.1")
    assert http(sim, "GET", "/v1/users/ana")[0].status == 404


def test_every_code_has_a_status_of_its_kind() -> None:
    assert all(400 <= status < 600 for status in STATUSES.values())


def test_requests_are_remembered_without_showing_the_key() -> None:
    sim = Simulator()
    http(sim, "GET", "/v1/users?page_size=5&include[]=preferences", key=SECRET)
    http(sim, "PUT", "/v1/users/ana", {"name": "Ana"}, key="Bearer sk_secret_key")
    listed, put = sim.requests
    assert (listed.operation, listed.query) == ("listUsers", {"page_size": "5", "include": ["preferences"]})
    assert listed.json is None
    assert (put.method, put.path, put.json, put.status) == ("PUT", "/v1/users/ana", {"name": "Ana"}, 200)
    assert put.headers["authorization"] == "Bearer sk_secret_key"
    assert "sk_secret_key" not in repr(put)
    http(sim, "GET", "/nowhere")
    assert (sim.requests[-1].operation, sim.requests[-1].status) == (None, 404)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ["recipients", "actor", "tenant", "data", "settings", "id", "collection", "preferences", "channel_data"]
SECTIONS = ["default", "categories", "channel_types", "channels", "workflows", "conditions", "email", "__strategy__"]
BODY = JSON | st.recursive(
    JSON, lambda inner: st.dictionaries(st.sampled_from(FIELDS + SECTIONS), inner, max_size=4), max_leaves=10
)


@settings(max_examples=150, deadline=None)
@given(
    operation=st.sampled_from([operation for operation in OPERATIONS if operation.name in BODIES]),
    bodies=st.lists(BODY, min_size=1, max_size=3),
)
def test_no_body_makes_the_simulator_fail(operation: object, bodies: list[object]) -> None:
    sim = Simulator()
    for body in bodies:
        response, answer = http(sim, operation.method, filled(operation.path), body)  # type: ignore[attr-defined]
        assert response.status in {200, 404, 422}
        if response.status == 422:
            assert answer["code"] in {"invalid_params", "actor_missing"}
    assert http(sim, "GET", "/v1/users?include[]=preferences")[0].status == 200
    assert http(sim, "GET", "/v1/messages")[0].status == 200


@settings(max_examples=150, deadline=None)
@given(
    target=st.sampled_from(["/v1/users", "/v1/messages", "/v1/users/x/messages"]),
    query=st.lists(
        st.tuples(
            st.sampled_from(["after", "before", "page_size", "status", "inserted_at", "trigger_data", "order", "a"]),
            st.sampled_from(["", "[]", "[0]", "[x]", "[gte]", ".lt", "[][id]", "[", "]", "[99999999999]"]),
            st.text(max_size=6),
        ),
        max_size=4,
    ),
)
def test_no_query_makes_the_simulator_fail(target: str, query: list[tuple[str, str, str]]) -> None:
    text = "&".join(f"{name}{brackets}={quote(value)}" for name, brackets, value in query)
    response, _ = http(Simulator(), "GET", f"{target}?{text}")
    assert response.status in {200, 422}


def test_a_request_needs_neither_headers_nor_a_body() -> None:
    response = Simulator().handle(HTTPRequest("GET", "/v1/users"))
    assert response.status == 401
