"""The lint of the contract: each thing that the generators and the client rely on, and that a contract may lack."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from codegen.contract.document import Contract, load
from codegen.contract.lint import lint
from tests.support.paths import CONTRACT_FILE

if TYPE_CHECKING:
    from collections.abc import Callable

CONTRACT = load(CONTRACT_FILE)


def test_lint_reports_nothing_for_the_contract() -> None:
    assert lint(CONTRACT) == []


SMALL: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Small", "version": "1"},
    "paths": {
        "/v1/users/{user_id}": {
            "get": {
                "operationId": "getUser",
                "summary": "Get a user",
                "description": "Gets a user.",
                "x-knock-method": "users.get",
                "x-knock-repeat": "safe",
                "parameters": [
                    {"name": "user_id", "in": "path", "description": "Id.", "schema": {"type": "string"}},
                ],
                "responses": {
                    "200": {
                        "description": "The user.",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/User"}}},
                    },
                },
            },
        },
        "/v1/people": {
            "post": {
                "operationId": "createPerson",
                "summary": "Create a person",
                "description": "Creates a person.",
                "x-knock-replaced-by": "GET /v1/users/{user_id}",
                "x-knock-repeat": "never",
                "responses": {"204": {"description": "Done."}},
            },
        },
    },
    "components": {
        "schemas": {
            "User": {
                "description": "A user.",
                "x-knock-domain": "users",
                "type": "object",
                "properties": {"plan": {"description": "Plan.", "$ref": "#/components/schemas/Plan"}},
            },
            "Plan": {
                "description": "A plan.",
                "x-knock-domain": "plans",
                "type": "object",
                "properties": {"name": {"description": "Name.", "type": "string"}},
            },
        },
    },
}


def get_user(document: Any) -> Any:
    return document["paths"]["/v1/users/{user_id}"]["get"]


def create_person(document: Any) -> Any:
    return document["paths"]["/v1/people"]["post"]


def schema(document: Any, name: str) -> Any:
    return document["components"]["schemas"][name]


def add_event(
    document: Any, *, body: str = "PlanMade", constant: str = "plan.made", member: str = "PlanMade", said: str = "Made."
) -> None:
    """Add the webhook `plan.made`, which is valid without arguments."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{body}"}}}
    document["webhooks"] = {"plan.made": {"post": {"description": said, "requestBody": {"content": content}}}}
    about = {"description": "An event.", "x-knock-domain": "events"}
    document["components"]["schemas"] |= {
        "PlanMade": {**about, "properties": {"type": {"description": "Its type.", "const": constant}}},
        "Event": {**about, "anyOf": [{"$ref": f"#/components/schemas/{member}"}]},
    }


BREAKAGES: dict[str, Callable[[Any], object]] = {
    "GET /v1/users/{user_id} has no description": lambda d: get_user(d).pop("description"),
    "GET /v1/users/{user_id} has a placeholder for its summary": lambda d: get_user(d).update(summary="TODO"),
    "GET /v1/users/{user_id} has no operationId": lambda d: get_user(d).pop("operationId"),
    "the 200 response of GET /v1/users/{user_id} has no description": lambda d: get_user(d)["responses"]["200"].update(
        description=" "
    ),
    "parameter user_id of GET /v1/users/{user_id} has no description": lambda d: get_user(d)["parameters"][0].pop(
        "description"
    ),
    "schema User has no description": lambda d: schema(d, "User").pop("description"),
    "field Plan.name has a placeholder for its description": lambda d: schema(d, "Plan")["properties"]["name"].update(
        description="TODO: say"
    ),
    "field Plan.name contains an object that is not a named schema": lambda d: schema(d, "Plan")["properties"][
        "name"
    ].update(anyOf=[{"type": "object", "properties": {"first": {"description": "First.", "type": "string"}}}]),
    "the response of GET /v1/users/{user_id} contains an object that is not a named schema": lambda d: get_user(d)[
        "responses"
    ]["200"]["content"]["application/json"].update(schema={"type": "object", "properties": {}}),
    "schema Plan has x-knock-always-sent nmae, which is not one of its fields": lambda d: schema(d, "Plan").update(
        {"x-knock-always-sent": ["nmae"]}
    ),
    "schema Plan has x-knock-always-sent name, which is required": lambda d: schema(d, "Plan").update(
        {"x-knock-always-sent": ["name"], "required": ["name"]}
    ),
    "operationId getUser is used by 2 operations": lambda d: create_person(d).update(operationId="getUser"),
    "x-knock-method users.get is used by 2 operations": lambda d: create_person(d).update(
        {"x-knock-method": "users.get"}
    ),
    "POST /v1/people has no x-knock-repeat": lambda d: create_person(d).pop("x-knock-repeat"),
    "POST /v1/people has x-knock-repeat 'maybe', which is not one of safe, idempotent, keyed, upsert, never": (
        lambda d: create_person(d).update({"x-knock-repeat": "maybe"})
    ),
    "POST /v1/people has x-knock-errors 'gone', which is not one of actor_missing, authorization, channel_invalid, "
    "resource_missing, workflow_inactive, workflow_missing": lambda d: create_person(d).update(
        {"x-knock-errors": {"gone": "it is gone"}}
    ),
    "POST /v1/people has x-knock-errors resource_missing without saying when": lambda d: create_person(d).update(
        {"x-knock-errors": {"resource_missing": " "}}
    ),
    "POST /v1/people has neither x-knock-method nor x-knock-replaced-by": lambda d: create_person(d).pop(
        "x-knock-replaced-by"
    ),
    "POST /v1/people is replaced by POST /v1/people, which has no method": lambda d: create_person(d).update(
        {"x-knock-replaced-by": "POST /v1/people"}
    ),
    "POST /v1/people is an alias of users.put, which is not the method of an operation": lambda d: create_person(
        d
    ).update({"x-knock-alias-of": "users.put"}),
    "webhook plan.made does not have the schema PlanMade": lambda d: add_event(d, body="Plan"),
    "the field PlanMade.type is not the constant plan.made": lambda d: add_event(d, constant="plan.gone"),
    "schema Event has no member PlanMade": lambda d: add_event(d, member="Plan"),
    "webhook plan.made has no description": lambda d: add_event(d, said=""),
    "#/components/schemas/Person refers to nothing": lambda d: schema(d, "Plan")["properties"].update(
        owner={"description": "Owner.", "$ref": "#/components/schemas/Person"}
    ),
    "schema Plan has no x-knock-domain": lambda d: schema(d, "Plan").pop("x-knock-domain"),
    "domains of responses import each other: plans → users → plans": lambda d: schema(d, "Plan")["properties"].update(
        owner={"description": "Owner.", "$ref": "#/components/schemas/User"}
    ),
}


def test_lint_reports_nothing_for_a_valid_contract() -> None:
    assert lint(Contract(SMALL)) == []
    document = copy.deepcopy(SMALL)
    add_event(document)
    assert lint(Contract(document)) == []


@pytest.mark.parametrize("message", BREAKAGES)
def test_lint_reports_the_error_of_an_invalid_contract(message: str) -> None:
    document = copy.deepcopy(SMALL)
    BREAKAGES[message](document)
    assert lint(Contract(document)) == [message]
