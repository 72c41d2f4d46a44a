"""Invalid requests: bodies and queries that the contract does not allow, and random ones."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knock_sdk.testing import Simulator
from knock_sdk.testing.handlers import HANDLERS
from knock_sdk.testing.http.router import OPERATIONS
from tests.simulator.support.pair import fill_path, http

from ..rules.table import rule

if TYPE_CHECKING:
    from knock_sdk._core.requests.operation import Operation

BAD_JSON = [b"{", b"nonsense", b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000, b'"\\ud800"', b"{} {}", b"{'a': 1}"]


@pytest.mark.parametrize("content", BAD_JSON, ids=lambda content: repr(content[:12]))
@pytest.mark.parametrize("target", ["/v1/users/ana", "/v1/users/ana/preferences/default"])
def test_a_body_that_is_not_json_is_rejected(target: str, content: bytes) -> None:
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
    (
        "PUT",
        "/v1/users/ana",
        {"preferences": {"default": {"categories": {"a": "no"}}}},
        "preferences.default.categories.a",
    ),
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
    (
        "POST",
        "/v1/workflows/w/trigger",
        {"recipients": [], "settings": {"sandbox_mode": "yes"}},
        "settings.sandbox_mode",
    ),
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


@rule("reference/content", "a request with invalid fields gets 422, and each field is named")
@rule("node/lib/stringifyQuery", "a list in a query that is not written as one is refused")
@pytest.mark.parametrize(
    ("method", "target", "body", "field"), WRONG, ids=lambda value: value[:60] if isinstance(value, str) else "-"
)
def test_requests_that_violate_the_contract_are_rejected(method: str, target: str, body: object, field: str) -> None:
    sim = Simulator()
    content = b"null" if body is None and method != "GET" else body
    response, problem = http(sim, method, target, content)
    assert (response.status, problem["code"]) == (422, "invalid_params")
    assert problem["errors"][0]["field"] == field
    assert problem["errors"][0].keys() == {"field", "type", "message"}
    assert not sim.messages()


def test_all_errors_of_a_request_are_reported_at_once() -> None:
    _, body = http(Simulator(), "PUT", "/v1/users/ana", {"name": 1, "email": 2})
    assert [error["field"] for error in body["errors"]] == ["name", "email"]


def test_a_rejected_trigger_changes_nothing() -> None:
    sim = Simulator()
    too_large = {"id": "ben", "bio": "x" * 256_001}
    sent = {"recipients": [{"id": "ana", "name": "Ana"}, too_large], "tenant": "acme"}
    response, body = http(sim, "POST", "/v1/workflows/w/trigger", sent)
    assert (response.status, body["errors"][0]["field"]) == (422, "recipients.1")
    assert http(sim, "GET", "/v1/users/ana")[0].status == 404


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


@settings(max_examples=150)
@given(
    operation=st.sampled_from([operation for operation in OPERATIONS if operation.name in HANDLERS]),
    sent=st.lists(BODY, min_size=1, max_size=3),
)
def test_no_body_makes_the_simulator_fail(operation: Operation, sent: list[object]) -> None:
    sim = Simulator()
    for body in sent:
        response, problem = http(sim, operation.method, fill_path(operation.path), body)
        assert response.status in {200, 204, 404, 422}
        if response.status == 422:
            assert problem["code"] in {"invalid_params", "actor_missing"}
    assert http(sim, "GET", "/v1/users?include[]=preferences")[0].status == 200
    assert http(sim, "GET", "/v1/messages")[0].status == 200


@settings(max_examples=150)
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
