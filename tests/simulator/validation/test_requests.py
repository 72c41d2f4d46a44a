"""Every operation of the contract: valid requests are accepted, invalid ones rejected before anything changes."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest

from knock_sdk.testing import Simulator
from tests.simulator.support.conformance import OPERATIONS
from tests.simulator.support.contract_samples import UUID, mistakes, query_forms, query_mistakes, sample, wire_name
from tests.simulator.support.pair import http

from ..rules.table import rule

if TYPE_CHECKING:
    from codegen.contract.document import Operation
    from tests.simulator.support.contract_samples import Mistake

WITH_BODY = sorted(name for name, operation in OPERATIONS.items() if operation.body is not None)
WITH_QUERY = sorted(
    name
    for name, operation in OPERATIONS.items()
    if any(parameter["in"] == "query" for parameter in operation.parameters)
)


PUSH = "2f6d0f57-30a5-4a0e-8f0f-6f1f2b0f8a11"
GUIDES = "2f6d0f57-30a5-4a0e-8f0f-6f1f2b0f8a12"


def prepare_simulator() -> Simulator:
    """Return a simulator with most of the records to which sampled requests refer."""
    sim = Simulator()
    sim.channel("push-1", type="push", channel_id=PUSH)
    sim.channel("in-app", type="in_app_feed", channel_id=UUID)
    sim.channel("guides", type="in_app_guide", channel_id=GUIDES)
    sim.channel("for samples", type="push", channel_id="key")
    client = sim.client()
    client.users.update("ana", name="Ana")
    client.users.update("text", name="The one that samples name")
    client.objects.set("projects", "p1", name="Apollo")
    client.workflows.trigger("w", recipients=["ana"], tenant="acme")
    return sim


@pytest.fixture(scope="module")
def sim() -> Simulator:
    """Return a simulator for requests that change nothing."""
    return prepare_simulator()


def target(sim: Simulator, operation: Operation, query: dict[str, list[str]]) -> str:
    """Return the path and query of a request."""
    channels = {"channel_data": PUSH, "/guides/": GUIDES}
    values = {
        "user_id": "ana",
        "collection": "projects",
        "object_id": "p1",
        "message_id": sim.messages()[0].id,
        "channel_id": next((channel for segment, channel in channels.items() if segment in operation.path), UUID),
        "key": "w",
        "type": "email",
        "action": "seen",
    }
    ids = {"/preferences/{id}": "default", "/objects/": "p1", "/tenants/": "acme"}
    values["id"] = next((value for segment, value in ids.items() if segment in operation.path), UUID)
    filled = operation.path.format_map({name: quote(value, safe="") for name, value in values.items()})
    return f"{filled}?{urlencode(query, doseq=True)}" if query else filled


def body_of(operation: Operation, *, whole: bool) -> Any:
    """Return a valid body for an operation; the contract has no schemas for the older operations on preferences."""
    if operation.body is not None:
        return sample(operation.body, whole=whole)
    if "/preferences/{id}/" in operation.path:
        return {"subscribed": True} if operation.path.endswith("}") else {"email": True}
    return None


def state(sim: Simulator) -> bytes:
    """Return the whole state of a simulator, except its id generator, as bytes."""
    return pickle.dumps({name: value for name, value in vars(sim._world).items() if name != "ids"})


def is_reported(mistake: Mistake, errors: set[tuple[str, str]]) -> bool:
    """Return whether the errors name the path and the type of a mistake."""
    path = mistake.at or "body"
    if (path, mistake.type) in errors:
        return True
    # Errors may refer to another schema of the union, which then lacks a required field next to the path.
    lacking = {field.rpartition(".")[0] for field, kind in errors if kind == "required"}
    return mistake.within_union and path.rpartition(".")[0] in lacking


@pytest.mark.parametrize("whole", [False, True], ids=["least", "most"])
@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_valid_requests_are_accepted(name: str, whole: bool) -> None:
    operation = OPERATIONS[name]
    sim = prepare_simulator()
    where = target(sim, operation, query_forms(operation, whole=whole))
    response, result = http(sim, operation.verb, where, body_of(operation, whole=whole))
    assert response.status < 300 or (response.status, result["code"]) == (404, "resource_missing"), result


@pytest.mark.parametrize("name", WITH_BODY)
def test_invalid_bodies_are_rejected(name: str, sim: Simulator) -> None:
    operation = OPERATIONS[name]
    where = target(sim, operation, query_forms(operation, whole=False))
    before = state(sim)
    wrong: list[Any] = []
    for mistake in mistakes()[name]:
        response, result = http(sim, operation.verb, where, b"null" if mistake.body is None else mistake.body)
        errors = {(error["field"], error["type"]) for error in result.get("errors", ())} if result else set()
        if response.status != 422 or not is_reported(mistake, errors):
            wrong.append((mistake, response.status, result))
    assert not wrong, wrong[0]
    assert len(mistakes()[name]) >= 7
    assert state(sim) == before


@pytest.mark.parametrize("name", WITH_QUERY)
def test_invalid_queries_are_rejected(name: str, sim: Simulator) -> None:
    operation = OPERATIONS[name]
    body = body_of(operation, whole=False)
    before = state(sim)
    wrong: list[Any] = []
    for parameter in operation.parameters:
        if parameter["in"] != "query":
            continue
        others = query_forms(operation, whole=False)
        given = [other for other in others if other.removesuffix("[]") == wire_name(parameter)]
        for other in given:
            del others[other]
        rows = [({**others, on_wire: [value]}, kind) for on_wire, value, kind in query_mistakes(parameter)]
        if parameter.get("required"):
            rows.append((others, "required"))
        for query, kind in rows:
            response, result = http(sim, operation.verb, target(sim, operation, query), body)
            expected = (parameter["name"].removesuffix("[]"), kind)
            errors = [(error["field"], error["type"]) for error in result.get("errors", ())] if result else []
            if response.status != 422 or expected not in errors:
                wrong.append((query, expected, response.status, result))
    assert not wrong, wrong[0]
    assert state(sim) == before


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
def test_a_body_of_another_content_type_is_rejected(content_type: str) -> None:
    response, result = http(Simulator(), "PUT", "/v1/users/ana", {"name": "Ana"}, content_type=content_type)
    assert (response.status, result["errors"][0]["field"]) == (422, "content-type")


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "Application/hal+JSON"]
)
def test_json_content_types_are_accepted(content_type: str) -> None:
    response, _ = http(Simulator(), "PUT", "/v1/users/ana", {"name": "Ana"}, content_type=content_type)
    assert response.status == 200


def test_a_missing_body_is_rejected() -> None:
    response, result = http(Simulator(), "PUT", "/v1/users/ana")
    assert (response.status, result["errors"]) == (
        422,
        [{"field": "body", "type": "required", "message": "is missing"}],
    )


def test_an_unexpected_body_is_ignored() -> None:
    sim = Simulator()
    sim.client().users.update("ana")
    for body in (b"{", [], "text", {"name": 5}):
        assert http(sim, "GET", "/v1/users/ana", body, content_type="text/plain")[0].status == 200


def test_unknown_fields_and_parameters_are_accepted() -> None:
    sim = Simulator()
    sent = {"recipients": ["ana"], "unheard_of": [{}]}
    assert http(sim, "POST", "/v1/workflows/w/trigger?unheard_of[]=x&also[x][y]=z", sent)[0].status == 200


def test_an_unknown_action_in_the_path_is_rejected() -> None:
    channel = Simulator().channel("in_app_feed").id
    response, result = http(Simulator(), "POST", f"/v1/channels/{channel}/messages/bulk/liked", {})
    assert (response.status, result["errors"][0]["field"]) == (422, "action")


@rule("version-control/branches", "a request may name a branch")
def test_the_branch_header_is_accepted() -> None:
    sim = Simulator()
    assert http(sim, "GET", "/v1/users", x_knock_branch="feature-1")[0].status == 200
