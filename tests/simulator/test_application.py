"""The simulator as an HTTP application: paths, verbs, keys, bodies, errors."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from codegen.contract.document import load
from knock_sdk.testing import HTTPRequest, Simulator
from knock_sdk.testing.expressions.conditions.operators import OPERATORS
from knock_sdk.testing.handlers import HANDLERS
from knock_sdk.testing.http.authentication import public_operations
from knock_sdk.testing.http.errors import STATUSES
from knock_sdk.testing.http.router import OPERATIONS
from tests.support.paths import CONTRACT_FILE

from .rules.table import rule
from .support.pair import PUBLIC, SECRET, fill_path, header, http

CONTRACT = load(CONTRACT_FILE).document
VERBS = ("get", "put", "post", "delete")
IN_CONTRACT = {
    operation["operationId"]: (verb.upper(), path, operation)
    for path, item in CONTRACT["paths"].items()
    for verb, operation in item.items()
    if verb in VERBS
}


def test_router_knows_every_operation_of_the_contract() -> None:
    known = {operation.name: (operation.method, operation.path) for operation in OPERATIONS}
    assert known == {name: (verb, path) for name, (verb, path, _) in IN_CONTRACT.items()}
    assert len(OPERATIONS) == len(known)


def test_every_operation_has_a_handler() -> None:
    assert HANDLERS.keys() == IN_CONTRACT.keys()


def test_operators_are_those_of_the_contract() -> None:
    operator = CONTRACT["components"]["schemas"]["ConditionOperator"]
    assert OPERATORS.keys() == set(operator["enum"])


@pytest.mark.parametrize("name", sorted(IN_CONTRACT))
def test_operations_require_a_key_and_only_public_ones_accept_a_public_key(name: str) -> None:
    verb, path, _ = IN_CONTRACT[name]
    response, body = http(Simulator(), verb, fill_path(path), {}, key=None)
    assert (response.status, body["code"]) == (401, "api_key_missing")
    response, body = http(Simulator(), verb, fill_path(path), {}, key=PUBLIC)
    assert (response.status == 403) == (name not in public_operations())
    if response.status == 403:
        assert body["code"] == "incorrect_token_type"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "Bearer",
        "Bearer ",
        "sk_test_1",
        "Basic sk_test_1",
        "Bearer test_1",
        "Bearer sk_",
        "Bearer sk_ä",
        "Bearer sk_1 x",
    ],
)
def test_malformed_keys(key: str) -> None:
    response, body = http(Simulator(), "GET", "/v1/users", key=key)
    assert (response.status, body["code"]) == (401, "api_key_missing")


@rule("api/AuthenticationError", "an error has a code, a message, a status and a type")
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
    assert ("begin with /v1/" in body["message"]) is not path.startswith("/v1")


def test_wrong_verb() -> None:
    response, body = http(Simulator(), "POST", "/v1/users/ana")
    assert (response.status, body["code"]) == (405, "method_not_allowed")
    assert header(response, "allow") == "DELETE, GET, PUT"
    assert http(Simulator(), "PATCH", "/v1/users/ana")[0].status == 405
    assert http(Simulator(), "get", "/v1/users/ana")[0].status == 405


@pytest.mark.parametrize("verb", ["HEAD", "OPTIONS", "TRACE", "PATCH"])
@pytest.mark.parametrize("path", sorted({path for _, path, _ in IN_CONTRACT.values()}))
def test_verbs_that_are_not_in_the_contract_return_405(verb: str, path: str) -> None:
    response, _ = http(Simulator(), verb, fill_path(path))
    assert response.status == 405
    verbs = {method for method, known, _ in IN_CONTRACT.values() if known == path}
    assert verbs <= set((header(response, "allow") or "").split(", "))


def test_a_literal_segment_precedes_a_parameter_only_if_the_operation_exists() -> None:
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


def test_every_error_code_has_an_error_status() -> None:
    assert all(400 <= status < 600 for status in STATUSES.values())


def test_requests_are_recorded_and_their_repr_hides_the_key() -> None:
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


def test_a_request_needs_neither_headers_nor_a_body() -> None:
    response = Simulator().handle(HTTPRequest("GET", "/v1/users"))
    assert response.status == 401


def test_a_malformed_request_is_named(sim: Simulator) -> None:
    http(sim, "PUT", "/v1/users/ana?a=1&a[b]=2", b"{")
    (request,) = sim.requests
    with pytest.raises(ValueError, match=r"PUT /v1/users/ana\?a=1&a\[b\]=2: the body is not JSON"):
        _ = request.json
    with pytest.raises(ValueError, match=r"PUT /v1/users/ana\?a=1&a\[b\]=2: "):
        _ = request.query
