"""Rows and contract agree: every operation has rows, and these have nothing beyond the contract."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from codegen.contract.document import SCHEMA_PREFIX, references
from tests.support.calls.recording import CONTRACT, OPERATIONS
from tests.support.calls.row import NO_BODY
from tests.support.calls.rows import ROWS

from .against_contract import collect_fields, find_problems, find_unused_parameters

if TYPE_CHECKING:
    from codegen.contract.document import Operation

WITH_METHOD = [operation for operation in OPERATIONS.values() if operation.method or operation.alias_of]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_row_agrees_with_the_contract(row: Any) -> None:
    assert list(find_problems(row)) == []


@pytest.mark.parametrize("operation", WITH_METHOD, ids=lambda operation: operation.id)
def test_the_rows_of_an_operation_use_every_parameter(operation: Operation) -> None:
    rows = [row for row in ROWS if row.operation == operation.key]
    assert rows
    assert find_unused_parameters(operation, rows) == set()


def test_there_are_98_methods_and_three_aliases() -> None:
    assert len({row.call for row in ROWS}) == 98
    assert len({row.operation for row in ROWS}) == 101


def test_the_rows_use_every_field_of_every_request_schema() -> None:
    bodies = [operation.body for operation in WITH_METHOD if operation.body is not None]
    used: set[str] = set()
    waiting = set(references(bodies))
    while waiting:
        used |= waiting
        waiting = set(references([CONTRACT.schemas[name] for name in waiting])) - used
    fields = {(name, field) for name in used for field in CONTRACT.schemas[name].get("properties", ())}
    assert fields - collect_fields(ROWS) == set()


UPDATE = next(row for row in ROWS if row.call == "users.update")
LIST = next(row for row in ROWS if row.call == "workflow_recipient_runs.list")
GET = next(row for row in ROWS if row.call == "users.get")
TEAMS = next(row for row in ROWS if row.call == "providers.ms_teams.list_teams")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (replace(UPDATE, operation="PATCH /v1/users/{user_id}"), "is no operation"),
        (replace(UPDATE, operation="PUT /v1/tenants/{id}"), "does not call"),
        (replace(UPDATE, path="/v1/users/jhammond/more"), "does not fit"),
        (replace(UPDATE, path="/v1/users/ada"), "does not hold"),
        (replace(UPDATE, returns=None), "returns None"),
        (replace(UPDATE, query=[("strict", "true")]), "query strict"),
        (replace(UPDATE, headers={"idempotency-key": "1"}), "header idempotency-key"),
        (replace(UPDATE, body=NO_BODY), "there has to be a body"),
        (replace(UPDATE, body={"name": 5}), "body: $.name"),
        (replace(UPDATE, body={"preferences": {"default": {"channel_type": {}}}}), "body: $.preferences"),
        (replace(GET, body={}), "there is no body"),
        (replace(LIST, query=[("recipients[id]", "ada")]), r"query recipients[id]"),
        (replace(LIST, query=[("recipient[][id]", "ada")]), r"query recipient[][id]"),
        (replace(LIST, query=[("recipient[name]", "ada")]), r"query recipient[name]"),
        (replace(LIST, query=[("status", "paused")]), "query status"),
        (replace(LIST, query=[("status[]", "running")]), "status[]: 'running'"),
        (replace(LIST, query=[("page_size", "51")]), "page_size: 51"),
        (replace(LIST, query=[("has_errors", "True")]), "has_errors: 'True'"),
        (replace(TEAMS, query=[*TEAMS.query, ("query_options[top]", "5")]), "query query_options[top]"),
        (replace(TEAMS, query=TEAMS.query[1:]), "query ms_teams_tenant_object is required"),
    ],
)
def test_a_wrong_row_is_reported(row: Any, problem: str) -> None:
    found = list(find_problems(row))
    assert found
    assert any(problem in line for line in found), found


def test_parameters_and_fields_that_no_row_uses_are_reported() -> None:
    operation = OPERATIONS[LIST.operation]
    shown = [replace(LIST, query=[pair for pair in LIST.query if pair[0] != "recipient[id]"])]
    assert find_unused_parameters(operation, shown) == {"recipient", r"recipient\[id\]"}
    operation = OPERATIONS[UPDATE.operation]
    assert find_unused_parameters(operation, [replace(UPDATE, body={})]) == set(
        CONTRACT.schemas[operation.body["$ref"].removeprefix(SCHEMA_PREFIX)]["properties"]
    )
    assert ("PreferenceSetRequest", "channels") in collect_fields([UPDATE])
    assert ("PreferenceSetRequest", "channels") not in collect_fields([replace(UPDATE, body={"preferences": None})])
