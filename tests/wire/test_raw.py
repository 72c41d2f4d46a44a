"""`client.get`, `post`, `put`, `delete` and `request`: any operation, with the features of the methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import BaseModel, Field

from knock_sdk import APIResponseValidationError, InvalidArgumentError, NotFoundError, types
from tests.support.server import Server, head, raw, respond

from .caller import KEY, USER

if TYPE_CHECKING:
    from .caller import Caller


def test_each_method_sends_its_request(caller: Caller) -> None:
    with Server(respond(json={"ok": [1, None]})) as server:
        client = caller.client(server.url, branch="b1")
        assert caller(client.get, "/v1/a?x=1", query={"y": ["2"]}) == {"ok": [1, None]}
        assert caller(client.post, "/v1/b", body={"n": None}) == {"ok": [1, None]}
        assert caller(client.put, "/v1/c", body=[1, "2"]) == {"ok": [1, None]}
        assert caller(client.delete, "/v1/d") == {"ok": [1, None]}
        assert caller(client.request, "patch", "/v1/e", body={}) == {"ok": [1, None]}
        seen = [(received.method, received.target, received.body) for received in server.requests]
        assert seen == [
            ("GET", "/v1/a?x=1&y%5B%5D=2", b""),
            ("POST", "/v1/b", b'{"n":null}'),
            ("PUT", "/v1/c", b'[1,"2"]'),
            ("DELETE", "/v1/d", b""),
            ("PATCH", "/v1/e", b"{}"),
        ]
        assert {received.headers["authorization"] for received in server.requests} == {f"Bearer {KEY}"}
        assert {received.headers["x-knock-branch"] for received in server.requests} == {"b1"}


def test_cast_to_selects_the_type_of_the_result(caller: Caller) -> None:
    with Server(respond(json=USER), respond(json=[USER]), respond(json={"nothing": 1})) as server:
        client = caller.client(server.url)
        user = caller(client.request, "GET", "/v1/users/u1", cast_to=types.User)
        assert isinstance(user, types.User)
        assert user.response_info.path == "/v1/users/u1"
        users = caller(client.request, "GET", "/v1/users", cast_to=list[types.User])
        assert [type(each) for each in users] == [types.User]
        with pytest.raises(APIResponseValidationError):
            caller(client.request, "GET", "/v1/users/u1", cast_to=types.User)


class Own(BaseModel):
    id: str
    n: int = Field(ge=0)


class OwnUser(types.User):
    plan: str


@pytest.mark.parametrize("cast_to", [Own, list[Own], dict[str, Own], OwnUser])
def test_a_model_of_the_caller_is_never_read_leniently(caller: Caller, cast_to: Any) -> None:
    answers = {Own: {"id": "a", "n": -5}, list[Own]: [{"id": "a", "n": -5}], dict[str, Own]: {"x": {"id": "a"}}}
    with Server(respond(json=answers.get(cast_to, {**USER, "plan": 5}))) as server:
        with pytest.raises(APIResponseValidationError, match="does not match"):
            caller(caller.client(server.url).get, "/v1/x", cast_to=cast_to)
        assert len(server.requests) == 1
    with Server(respond(json={**USER, "plan": "pro"})) as server:
        assert caller(caller.client(server.url).get, "/v1/x", cast_to=OwnUser).plan == "pro"


@pytest.mark.parametrize("query", [[("page_size", 5)], "a=b", [], 5])
def test_a_query_that_is_no_mapping_is_refused(caller: Caller, query: Any) -> None:
    with Server(respond(json={})) as server:
        for method in ("get", "post"):
            with pytest.raises(InvalidArgumentError, match="query: must be a mapping"):
                caller(getattr(caller.client(server.url), method), "/v1/x", query=query)
        assert not server.requests


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_each_method_takes_the_type_of_its_result(caller: Caller, method: str) -> None:
    with Server(respond(json=USER)) as server:
        user = caller(getattr(caller.client(server.url), method), "/v1/users/u1", cast_to=types.User)
        assert isinstance(user, types.User)
        assert user.id == USER["id"]


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "request"])
@pytest.mark.parametrize("cast_to", [httpx.Response, types.User.model_construct(), "User"], ids=ascii)
def test_a_type_that_no_response_can_have_is_rejected_before_anything_is_sent(
    caller: Caller, method: str, cast_to: object
) -> None:
    with Server(respond(json=USER)) as server:
        where = ["POST", "/v1/x"] if method == "request" else ["/v1/x"]
        with pytest.raises(InvalidArgumentError, match="cast_to: must be a Pydantic model"):
            caller(getattr(caller.client(server.url), method), *where, cast_to=cast_to)
        assert server.accepted == 0


def test_a_url_of_the_client_s_own_host_is_accepted(caller: Caller) -> None:
    """Responses contain such URLs; the key is sent to no other host."""
    with Server(respond(json={})) as server:
        client = caller.client(server.url)
        caller(client.get, f"{server.url}/v1/bulk_operations/b1")
        assert server.requests[0].target == "/v1/bulk_operations/b1"


@pytest.mark.parametrize(
    "path", ["http://127.0.0.1:9/v1", "//127.0.0.1:9/v1", "v1/users", "", "/v1/ä", "/v1/a b", "/v1/\r\nx: y", "/v1#a"]
)
def test_other_hosts_and_invalid_paths_are_rejected(caller: Caller, path: str) -> None:
    with Server() as server:
        client = caller.client(server.url)
        with pytest.raises(InvalidArgumentError, match="path"):
            caller(client.get, path)
        assert server.accepted == 0


def test_an_empty_response_returns_none(caller: Caller) -> None:
    with Server(respond(204), respond(200, body=b"")) as server:
        client = caller.client(server.url)
        assert caller(client.post, "/v1/x") is None
        assert caller(client.post, "/v1/x") is None
        assert [received.headers["content-length"] for received in server.requests] == ["0", "0"]
        assert server.accepted == 1


def test_an_error_status_is_raised(caller: Caller) -> None:
    missing = respond(404, json={"code": "resource_missing", "message": "no such user"})
    with Server(missing) as server, pytest.raises(NotFoundError, match="resource_missing: no such user") as caught:
        caller(caller.client(server.url).get, "/v1/users/u9")
    assert caught.value.path == "/v1/users/u9"


def test_options_of_a_call_are_applied(caller: Caller) -> None:
    with Server(respond(json={})) as server:
        client = caller.client(server.url)
        caller(
            client.post,
            "/v1/x",
            body={"a": {"b": 1}},
            extra_headers={"x-one": "1"},
            extra_query={"q": True},
            extra_body={"a": {"c": 2}},
            timeout=5,
            max_retries=0,
        )
        (received,) = server.requests
        assert received.headers["x-one"] == "1"
        assert received.query == {"q": "true"}
        assert received.json == {"a": {"b": 1, "c": 2}}
        with pytest.raises(TypeError, match="tiemout"):
            caller(client.get, "/v1/x", tiemout=5)


def test_a_response_to_head_has_no_body(caller: Caller) -> None:
    """The head announces a body nevertheless."""
    with Server(raw(head(200, {}, length=2)), respond(json={})) as server:
        client = caller.client(server.url)
        assert caller(client.request, "HEAD", "/v1/users/u1") is None
        assert caller(client.get, "/v1/users/u1") == {}
        assert server.accepted == 1
