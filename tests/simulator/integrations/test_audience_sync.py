"""Integrations: audiences synced by Census and Hightouch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import NotFoundError, UnprocessableEntityError

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

AUDIENCES = {"object_api_name": "audiences", "label": "Audiences"}
COLUMNS: dict[str, Any] = {
    "mode": "mirror",
    "audience_key": "vips",
    "identifierMapping": {"from": "uid", "to": "user_id"},
    "mappings": [{"from": "org", "to": "tenant"}, {"from": "age", "to": "age"}],
}


def census(knock: Any, method: str, **params: Any) -> Any:
    response = knock.integrations.census.custom_destination(id="7", jsonrpc="2.0", method=method, params=params)
    assert response.id == "7"
    return response.result


def hightouch(knock: Any, method: str, **params: Any) -> Any:
    response = knock.integrations.hightouch.embedded_destination(id="8", jsonrpc="2.0", method=method, params=params)
    assert response.id == "8"
    return response.result


def members(knock: Any, key: str = "vips") -> list[tuple[str, str | None]]:
    return [(member.user_id, member.tenant) for member in knock.audiences.list_members(key).entries]


def batch(knock: Any, operation: str, *records: Any) -> list[tuple[Any, bool, str | None]]:
    plan = {"object": AUDIENCES, "operation": operation}
    results = census(knock, "sync_batch", sync_plan=plan, records=list(records))["record_results"]
    return [(result["identifier"], result["success"], result.get("error_message")) for result in results]


def test_census_lists_objects_fields_and_operations(knock: Any) -> None:
    assert census(knock, "test_connection") == {"success": True}
    assert census(knock, "list_objects") == {"objects": [AUDIENCES]}
    fields = census(knock, "list_fields", object=AUDIENCES)["fields"]
    assert [(field["field_api_name"], field["identifier"], field["required"]) for field in fields] == [
        ("user_id", True, True),
        ("audience_key", False, True),
        ("tenant", False, False),
    ]
    assert census(knock, "supported_operations", object=AUDIENCES) == {"operations": ["insert", "mirror"]}
    assert census(knock, "get_sync_speed")["maximum_batch_size"] == 1000


def test_census_fills_an_audience(knock: Any, sim: Simulator) -> None:
    sim.audience("vips")
    knock.users.update("ana", name="Ana")
    rows = [{"user_id": name, "audience_key": "vips"} for name in ("ana", 12, "a/b")]
    assert batch(knock, "insert", *rows, {"user_id": "ben", "audience_key": "none"}, {"audience_key": "vips"}) == [
        ("ana", True, None),
        (12, True, None),
        ("a/b", False, "user_id must not contain '/' or '#'"),
        ("ben", False, "The audience 'none' does not exist."),
        (None, False, "user_id must be a string"),
    ]
    assert members(knock) == [("ana", None), ("12", None)]
    assert [member.user.name for member in knock.audiences.list_members("vips").entries] == ["Ana", None]
    assert [user.id for user in knock.users.list().items] == ["ana"]
    assert batch(knock, "delete", rows[1]) == [(12, True, None)]
    assert batch(knock, "upsert", rows[0]) == [("ana", True, None)]
    assert members(knock) == [("ana", None)]


def test_hightouch_lists_objects_modes_fields_options_and_behavior(knock: Any) -> None:
    assert hightouch(knock, "list_objects") == {"objects": [{"id": "audiences", "label": "Audiences"}]}
    assert [mode["id"] for mode in hightouch(knock, "list_modes")["modes"]] == ["insert", "mirror"]
    fields = hightouch(knock, "list_fields")["fields"]
    assert [(field["id"], field["required"]) for field in fields] == [("user_id", True), ("tenant", False)]
    assert hightouch(knock, "list_options")["options"]["schema"]["required"] == ["audience_key"]
    assert hightouch(knock, "validate", configuration=COLUMNS) == {"errors": []}
    problems = hightouch(knock, "validate", configuration={"audience_key": ""})["errors"]
    assert [problem["field"] for problem in problems] == ["audience_key", "identifierMapping"]
    behavior = hightouch(knock, "behavior", configuration=COLUMNS)
    assert behavior["operations"] == {"add": True, "change": False, "remove": True}
    behavior = hightouch(knock, "behavior", configuration={**COLUMNS, "mode": "insert"})
    assert behavior["operations"] == {"add": True, "change": False, "remove": False}


def test_hightouch_fills_an_audience_that_it_creates(knock: Any) -> None:
    rows = [{"uid": "ana", "org": "acme", "age": 30}, {"uid": "ben", "org": None}, {"uid": None}]
    rejected = hightouch(knock, "add", configuration=COLUMNS, rows=rows)["rejectedRows"]
    assert rejected == [{"row": {"uid": None}, "reason": "user_id must be a string"}]
    assert members(knock) == [("ana", "acme"), ("ben", None)]
    assert hightouch(knock, "change", configuration=COLUMNS, rows=rows) == {"rejectedRows": []}
    assert hightouch(knock, "remove", configuration=COLUMNS, rows=rows[:1]) == {"rejectedRows": []}
    assert members(knock) == [("ben", None)]
    nowhere = {**COLUMNS, "audience_key": None}
    (rejection,) = hightouch(knock, "add", configuration=nowhere, rows=rows[:1])["rejectedRows"]
    assert rejection["reason"] == "audience_key must be a string"


@pytest.mark.parametrize("call", [census, hightouch])
def test_an_unknown_method_is_not_found(knock: Any, call: Any) -> None:
    with pytest.raises(NotFoundError) as caught:
        call(knock, "drop_table")
    assert caught.value.code == "resource_missing"


@pytest.mark.parametrize(
    ("call", "method", "params"),
    [
        (census, "list_fields", {"object": {"object_api_name": "users"}}),
        (census, "sync_batch", {"sync_plan": {"object": AUDIENCES, "operation": "truncate"}, "records": []}),
        (census, "sync_batch", {"sync_plan": {"object": AUDIENCES, "operation": []}, "records": []}),
        (census, "sync_batch", {"sync_plan": {"object": AUDIENCES, "operation": "insert"}, "records": [1]}),
        (census, "sync_batch", {}),
        (hightouch, "add", {"configuration": COLUMNS, "rows": None}),
        (hightouch, "remove", {"configuration": {}, "rows": []}),
        (hightouch, "change", {}),
    ],
)
def test_invalid_parameters_are_rejected(knock: Any, call: Any, method: str, params: dict[str, Any]) -> None:
    with pytest.raises(UnprocessableEntityError) as caught:
        call(knock, method, **params)
    assert [error.field for error in caught.value.errors] == ["params"]


def test_another_protocol_version_is_rejected(knock: Any) -> None:
    with pytest.raises(UnprocessableEntityError) as caught:
        knock.integrations.census.custom_destination(id="1", jsonrpc="1.0", method="test_connection")
    assert [error.field for error in caught.value.errors] == ["jsonrpc"]
