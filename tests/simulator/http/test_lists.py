"""Lists: the key under which each is returned, and those that are bare arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.simulator.support.pair import http

from ..rules.table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

ENTRIES = [
    "/v1/users",
    "/v1/objects/projects",
    "/v1/tenants",
    "/v1/schedules?workflow=w",
    "/v1/users/ana/schedules",
    "/v1/objects/projects/p1/schedules",
    "/v1/users/ana/subscriptions",
    "/v1/objects/projects/p1/subscriptions",
    "/v1/audiences/vips/members",
    "/v1/users/ana/feeds/{feed}",
]
ITEMS = [
    "/v1/messages",
    "/v1/users/ana/messages",
    "/v1/objects/projects/p1/messages",
    "/v1/messages/{message}/events",
    "/v1/messages/{message}/delivery_logs",
    "/v1/messages/{message}/activities",
    "/v1/workflow_recipient_runs",
]
# Request, body, and the number of elements; `schedule` and `message` in a body stand for their ids.
ARRAYS: list[tuple[str, Any, int]] = [
    ("GET /v1/users/ana/preferences", None, 1),
    ("GET /v1/objects/projects/p1/preferences", None, 0),
    ("POST /v1/schedules", {"workflow": "w", "recipients": ["ana"], "repeats": [{"frequency": "daily"}]}, 1),
    ("PUT /v1/schedules", {"schedule_ids": ["schedule"], "data": {"n": 1}}, 1),
    ("DELETE /v1/schedules", {"schedule_ids": ["schedule"]}, 1),
    ("POST /v1/objects/projects/p1/subscriptions", {"recipients": ["ana"]}, 1),
    ("DELETE /v1/objects/projects/p1/subscriptions", {"recipients": ["ana"]}, 1),
    ("POST /v1/messages/batch/read", {"message_ids": ["message"]}, 1),
    ("GET /v1/messages/batch/content?message_ids[]={message}", None, 1),
]


@pytest.fixture
def ids(sim: Simulator) -> dict[str, str]:
    """Fill a simulator; return ids by the names that targets have for them."""
    client = sim.client()
    client.users.update("ana")
    client.users.set_preferences("ana", "default", workflows={"w": True})
    client.objects.set("projects", "p1")
    client.objects.add_subscriptions("projects", "p1", recipients=["ana"])
    client.tenants.set("acme")
    client.audiences.add_members("vips", members=[{"user": {"id": "ana"}}], create_audience=True)
    client.workflows.trigger("w", recipients=["ana", {"collection": "projects", "id": "p1", "n": 1}])
    made = [
        client.schedules.create(workflow="w", recipients=[recipient], repeats=[{"frequency": "daily"}])[0]
        for recipient in ("ana", {"collection": "projects", "id": "p1"})
    ]
    return {"feed": sim.channel("in_app_feed").id, "message": sim.messages()[0].id, "schedule": made[0].id}


@rule("api/PageInfo", "a page comes with its cursors and its size")
@rule("api/listUsers", "recipients, schedules, subscriptions, members and feed items are listed as `entries`")
@rule("api/listMessages", "messages, what belongs to them, and runs are listed as `items`")
@pytest.mark.parametrize(
    ("target", "key"), [*((target, "entries") for target in ENTRIES), *((target, "items") for target in ITEMS)]
)
def test_pages(sim: Simulator, ids: dict[str, str], target: str, key: str) -> None:
    response, body = http(sim, "GET", target.format_map(ids))
    assert response.status == 200
    assert isinstance(body[key], list)
    assert bool(body[key]) == (not target.endswith("/delivery_logs"))
    assert body["page_info"] == {"__typename": "PageInfo", "after": None, "before": None, "page_size": 50}


@rule("api/listUserPreferenceSets", "preference sets are listed as a bare array, and so are the results of changes")
@pytest.mark.parametrize(("request_line", "body", "count"), ARRAYS, ids=[row[0] for row in ARRAYS])
def test_bare_arrays(sim: Simulator, ids: dict[str, str], request_line: str, body: Any, count: int) -> None:
    method, target = request_line.format_map(ids).split()
    sent = body and {name: [ids.get(value[0], value[0])] if "_ids" in name else value for name, value in body.items()}
    response, listed = http(sim, method, target, sent)
    assert response.status == 200
    assert isinstance(listed, list)
    assert len(listed) == count
