"""The simulator's data on requests, and keywords that the contract must not use for requests."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from codegen.contract.document import Contract, load, nodes
from codegen.contract.lint import lint
from codegen.generators import simulator_contract
from knock_sdk.testing.contract.older_operations import OLDER
from tests.support.paths import CONTRACT_FILE

if TYPE_CHECKING:
    from collections.abc import Callable

CONTRACT = load(CONTRACT_FILE)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Generate the data."""
    package = tmp_path_factory.mktemp("package")
    simulator_contract.generate(CONTRACT, package)
    return json.loads((package / simulator_contract.FOLDER / "requests.json").read_text(encoding="utf-8"))


def test_every_operation_has_an_entry(data: dict[str, Any]) -> None:
    assert list(data["operations"]) == [operation.id for operation in CONTRACT.operations]
    public = {name for name, described in data["operations"].items() if described.get("public")}
    assert public == {operation.id for operation in CONTRACT.operations if "x-knock-public" in operation.node}


def test_an_entry_has_only_what_the_simulator_checks(data: dict[str, Any]) -> None:
    assert data["operations"]["triggerWorkflow"] == {
        "method": "workflows.trigger",
        "header": {"Idempotency-Key": {"schema": {"type": "string", "minLength": 1, "maxLength": 255}}},
        "body": {"schema": {"$ref": "TriggerWorkflowRequest"}, "required": True},
    }
    assert data["operations"]["bulkDeleteTenants"] == {
        "method": "tenants.bulk.delete",
        "query": {
            "tenant_ids": {
                "schema": {"type": "array", "items": {"type": "string"}, "maxItems": 1000},
                "required": True,
            }
        },
    }
    assert data["operations"]["getUser"]["path"] == {"user_id": {"schema": {"type": "string", "maxLength": 256}}}
    assert data["operations"]["getBulkOperation"] == {"method": "bulk_operations.get"}
    assert data["schemas"]["ObjectReference"] == {
        "type": "object",
        "properties": {"collection": {"type": "string"}, "id": {"type": "string"}},
    }


def test_every_reference_is_to_a_schema_of_the_data(data: dict[str, Any]) -> None:
    found = {node["$ref"] for node in nodes(data) if isinstance(node.get("$ref"), str)}
    assert found
    assert found <= data["schemas"].keys()


def test_descriptions_are_left_out(data: dict[str, Any]) -> None:
    schemas = [schema for entry in data["operations"].values() for schema in nodes(entry)]
    assert not any(isinstance(node.get("description"), str) for node in schemas)
    assert not any(isinstance(node.get("description"), str) for node in nodes(data["schemas"]))


def test_older_operations_are_those_without_a_method() -> None:
    without = [operation for operation in CONTRACT.operations if not (operation.method or operation.alias_of)]
    assert [(older.name, older.method, older.path) for older in OLDER] == [
        (operation.id, operation.verb, operation.path) for operation in without
    ]


def _in_body(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["MergeUserRequest"]["properties"]["from_user_id"]["multipleOf"] = 2


def _in_parameter(document: dict[str, Any]) -> None:
    document["components"]["parameters"]["PageSize"]["schema"]["exclusiveMinimum"] = 0


def _inside(document: dict[str, Any]) -> None:
    document["components"]["parameters"]["MessageTriggerData"]["schema"]["contentSchema"]["propertyNames"] = {}


def _public(document: dict[str, Any]) -> None:
    document["paths"]["/v1/users"]["get"]["x-knock-public"] = "yes"


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (_in_body, "schema MergeUserRequest has multipleOf, which the simulator does not check"),
        (
            _in_parameter,
            "parameter page_size of GET /v1/messages has exclusiveMinimum, which the simulator does not check",
        ),
        (
            _inside,
            "parameter trigger_data of GET /v1/messages has propertyNames, which the simulator does not check",
        ),
        (_public, "GET /v1/users has an x-knock-public that is not true"),
    ],
)
def test_a_keyword_that_the_simulator_does_not_check_is_reported(
    change: Callable[[dict[str, Any]], None], finding: str
) -> None:
    document = copy.deepcopy(dict(CONTRACT.document))
    change(document)
    contract = Contract(document)
    assert finding in [*lint(contract), *simulator_contract.unknown_keywords(contract)]
    assert [*lint(CONTRACT), *simulator_contract.unknown_keywords(CONTRACT)] == []
