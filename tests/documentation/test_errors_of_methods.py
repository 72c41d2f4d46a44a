"""What the reference says of errors: the simulator responds with these codes, and with no others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import APIStatusError
from knock_sdk.testing import Simulator
from tests.support.calls.recording import OPERATIONS
from tests.support.calls.rows import ROWS
from tests.support.methods import reach

if TYPE_CHECKING:
    from knock_sdk import Knock

METHODS = {operation.method: operation.node.get("x-knock-errors", {}) for operation in OPERATIONS.values()}
GENERAL = {"invalid_params"}
"""Codes that any method with parameters may get."""
OF_PROVIDERS = [method for method in METHODS if method and method.startswith("providers.")]


def code_of(client: Knock, method: str, /, *args: object, **given: Any) -> str | None:
    """Return the code of the error that a call gets, if it gets one."""
    try:
        reach(client, method)(*args, **given)
    except APIStatusError as error:
        return error.code
    return None


def without(value: Any, names: set[str]) -> Any:
    """Return a value without some keys, at any depth."""
    if isinstance(value, dict):
        return {key: without(inner, names) for key, inner in value.items() if key not in names}
    return [without(inner, names) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("method", sorted({row.call for row in ROWS}))
def test_what_does_not_exist_has_the_declared_code(method: str) -> None:
    found = set()
    for row in ROWS:
        if row.call == method and "/" not in "".join(row.args):
            client = Simulator(any_workflow=False).client()
            given = without(dict(row.given), {"after", "before", "channel_data", "actor", "create_audience"})
            found |= {code_of(client, method, *row.args, **given)} - {None}
    declared = METHODS[method].keys() & {"resource_missing", "workflow_missing"}
    assert found - GENERAL == declared


@pytest.mark.parametrize("method", sorted({row.call for row in ROWS}))
def test_channel_data_for_channels_that_do_not_exist(method: str) -> None:
    rows = [row for row in ROWS if row.call == method and "channel_data" in str(row.given)]
    codes = {code_of(Simulator().client(), method, *row.args, **dict(row.given)) for row in rows}
    assert "channel_invalid" not in codes or "channel_invalid" in METHODS[method]


@pytest.mark.parametrize("method", ["users.set_channel_data", "objects.set_channel_data"])
def test_channel_data_of_another_kind(method: str) -> None:
    sim = Simulator()
    ids = ("ana",) if method.startswith("users") else ("projects", "p1")
    data = {"connections": [], "token": {"access_token": "xoxb-1"}}
    assert code_of(sim.client(), method, *ids, sim.channel("email").id, data=data) == "channel_invalid"
    assert "channel_invalid" in METHODS[method]


@pytest.mark.parametrize("method", OF_PROVIDERS)
def test_objects_without_credentials(method: str) -> None:
    sim = Simulator()
    kind = method.split(".")[1]
    channel = sim.channel(kind, type="chat", provider=f"chat_{kind}")
    name = "access_token_object" if kind == "slack" else "ms_teams_tenant_object"
    given: dict[str, Any] = {name: {"collection": "$tenants", "object_id": "ingen"}}
    if method == "providers.ms_teams.list_channels":
        given["team_id"] = "448e9dda-19b5-4eea-8fa1-1e3b522b1145"
    code = code_of(sim.client(), method, channel.id, **given)
    assert code == ("authorization" if "authorization" in METHODS[method] else None)


def test_triggers() -> None:
    sim = Simulator()
    sim.workflow("resting", active=False)
    sim.workflow("welcome")
    client = sim.client()
    assert code_of(client, "workflows.trigger", "resting", recipients=["ana"]) == "workflow_inactive"
    assert code_of(client, "workflows.trigger", "welcome", recipients=["ana"], actor="nobody") == "actor_missing"
    assert {"workflow_inactive", "actor_missing"} < METHODS["workflows.trigger"].keys()
