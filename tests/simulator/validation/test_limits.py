"""Limits of the API: the most that each takes is accepted, and one more is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Simulator
from tests.simulator.support.pair import http

from ..rules.table import rule

if TYPE_CHECKING:
    from collections.abc import Callable

ID = "6f0d8f4e-7d0b-4d5c-8a33-7d1a4b1b0a11"
DAILY = [{"frequency": "daily"}]
P1 = "/v1/objects/projects/p1/subscriptions"

# The maximum, the request, the field in the errors, and the body for a number of elements.
LISTS: list[tuple[int, str, str, Callable[[int], Any]]] = [
    (1000, "POST /v1/workflows/w/trigger", "recipients", lambda n: {"recipients": ids(n)}),
    (
        1000,
        "POST /v1/workflows/w/cancel",
        "recipients",
        lambda n: {"cancellation_key": "k", "recipients": ids(n)},
    ),
    (1000, "POST /v1/users/bulk/identify", "users", lambda n: {"users": inline(n)}),
    (1000, "POST /v1/users/bulk/delete", "user_ids", lambda n: {"user_ids": ids(n)}),
    (
        1000,
        "POST /v1/users/bulk/preferences",
        "user_ids",
        lambda n: {"user_ids": ids(n), "preferences": {"workflows": {}}},
    ),
    (1000, "POST /v1/objects/projects/bulk/set", "objects", lambda n: {"objects": inline(n)}),
    (1000, "POST /v1/objects/projects/bulk/delete", "object_ids", lambda n: {"object_ids": ids(n)}),
    (1000, "POST /v1/tenants/bulk/set", "tenants", lambda n: {"tenants": ids(n)}),
    (
        1000,
        "POST /v1/schedules/bulk/create",
        "schedules",
        lambda n: {"schedules": [{"workflow": "w", "recipient": each, "repeats": DAILY} for each in ids(n)]},
    ),
    (1000, "POST /v1/audiences/vips/members", "members", lambda n: {"members": members(n)}),
    (1000, "DELETE /v1/audiences/vips/members", "members", lambda n: {"members": members(n)}),
    (100, f"POST {P1}", "recipients", lambda n: {"recipients": inline(n)}),
    (100, f"DELETE {P1}", "recipients", lambda n: {"recipients": ids(n)}),
    (
        100,
        "POST /v1/objects/projects/bulk/subscriptions/add",
        "subscriptions.0.recipients",
        lambda n: {"subscriptions": [{"id": "p1", "recipients": inline(n)}]},
    ),
    (
        100,
        "POST /v1/schedules",
        "recipients",
        lambda n: {"workflow": "w", "recipients": inline(n), "repeats": DAILY},
    ),
    (100, "DELETE /v1/schedules", "schedule_ids", lambda n: {"schedule_ids": [ID] * n}),
    (50, "POST /v1/messages/batch/read", "message_ids", lambda n: {"message_ids": ids(n)}),
    (50, "POST /v1/messages/batch/interacted", "message_ids", lambda n: {"message_ids": ids(n)}),
]


def ids(number: int) -> list[str]:
    return [f"u{each}" for each in range(number)]


def inline(number: int) -> list[dict[str, str]]:
    return [{"id": each} for each in ids(number)]


def members(number: int) -> list[dict[str, Any]]:
    return [{"user": each} for each in inline(number)]


@pytest.fixture(scope="module")
def sim() -> Simulator:
    """Return a simulator in which all that the requests name exists."""
    sim = Simulator()
    sim.audience("vips")
    sim.client().objects.set("projects", "p1")
    return sim


@rule("api/TriggerWorkflowRequest", "a trigger and a cancellation take up to 1,000 recipients")
@rule("api/BulkIdentifyUsersRequest", "bulk operations on users, objects, tenants and schedules take up to 1,000 rows")
@rule("api/AddAudienceMembersRequest", "up to 1,000 members are added to an audience, or removed from it, at once")
@rule("api/UpsertSubscriptionsRequest", "up to 100 recipients are subscribed to an object, or unsubscribed, at once")
@rule("api/CreateSchedulesRequest", "up to 100 recipients get a schedule, and up to 100 schedules are deleted, at once")
@rule("api/BatchMessagesStatusRequest", "a batch changes up to 50 messages")
@pytest.mark.parametrize(("most", "request_line", "field", "body"), LISTS, ids=[row[1] for row in LISTS])
def test_the_longest_lists(
    sim: Simulator, most: int, request_line: str, field: str, body: Callable[[int], Any]
) -> None:
    method, path = request_line.split()
    response, problem = http(sim, method, path, body(most))
    assert response.status < 300, problem
    response, problem = http(sim, method, path, body(most + 1))
    assert (response.status, [error["field"] for error in problem["errors"]]) == (422, [field])


@rule("api/listMessages", "a list of messages is filtered by up to 50 ids")
@rule("old/messages", "the contents of up to 25 messages are read at once")
@rule("api/bulkDeleteTenants", "a bulk deletion takes up to 1,000 tenants, in the query")
@rule("api/listUsers", "a page has up to 50 rows")
@rule("old/feeds", "a page of a feed has up to 200 items")
@pytest.mark.parametrize(
    ("request_line", "field", "query", "most"),
    [
        ("GET /v1/messages", "message_ids", lambda n: "message_ids[]=m&" * n, 50),
        ("GET /v1/messages/batch/content", "message_ids", lambda n: "message_ids[]=m&" * n, 25),
        ("POST /v1/tenants/bulk/delete", "tenant_ids", lambda n: "tenant_ids[]=t&" * n, 1000),
        ("GET /v1/users", "page_size", lambda n: f"page_size={n}", 50),
        ("GET /v1/users/ana/feeds/{feed}", "page_size", lambda n: f"page_size={n}", 200),
    ],
)
def test_the_limits_of_queries(
    sim: Simulator, request_line: str, field: str, query: Callable[[int], str], most: int
) -> None:
    method, target = request_line.split()
    target = target.format(feed=sim.channel("in_app_feed").id)
    assert http(sim, method, f"{target}?{query(most)}")[0].status == 200
    response, problem = http(sim, method, f"{target}?{query(most + 1)}")
    assert (response.status, problem["errors"][0]["field"]) == (422, field)


@rule("c/users", "the id of a user has up to 256 characters, and neither / nor #")
@rule("reference/content", "an idempotency key has up to 255 characters")
@rule("managing-recipients/identifying-recipients", "the properties of a recipient take up to 256 kB")
@rule("sn/triggering-workflows/api", "the data of a trigger takes up to 10 MB")
@rule("f/filtering", "a filter by data compares values of up to 256 characters")
@rule("api/MessageInteractedRequest", "the metadata of an interaction has up to five flat pairs")
@pytest.mark.parametrize(
    ("send", "good", "bad"),
    [
        pytest.param(lambda sim, n: http(sim, "PUT", "/v1/users/" + "x" * n, {}), 256, 257, id="user id"),
        pytest.param(lambda sim, n: http(sim, "PUT", f"/v1/users/a{'%2F' * n}", {}), 0, 1, id="slash"),
        pytest.param(lambda sim, n: http(sim, "PUT", f"/v1/users/a{'%23' * n}", {}), 0, 1, id="hash"),
        pytest.param(
            lambda sim, n: http(sim, "POST", "/v1/workflows/w/trigger", {"recipients": []}, idempotency_key="k" * n),
            255,
            256,
            id="idempotency key",
        ),
        pytest.param(
            lambda sim, n: http(sim, "PUT", "/v1/objects/things/t", {"x": "y" * n}), 255_900, 256_000, id="properties"
        ),
        pytest.param(
            lambda sim, n: http(sim, "POST", "/v1/workflows/w/trigger", {"recipients": [], "data": {"x": "y" * n}}),
            9_999_900,
            10_000_000,
            id="data",
        ),
        pytest.param(
            lambda sim, n: http(sim, "GET", f'/v1/messages?trigger_data={{"x":"{"y" * n}"}}'), 256, 257, id="filter"
        ),
        pytest.param(
            lambda sim, n: http(
                sim,
                "POST",
                "/v1/messages/batch/interacted",
                {"message_ids": ["m"], "metadata": dict.fromkeys(ids(n), 1)},
            ),
            5,
            6,
            id="metadata",
        ),
        pytest.param(
            lambda sim, n: http(
                sim, "POST", "/v1/messages/batch/interacted", {"message_ids": ["m"], "metadata": {"a": [1][:n] or 1}}
            ),
            0,
            1,
            id="flat metadata",
        ),
    ],
)
def test_the_largest_values(sim: Simulator, send: Callable[[Simulator, int], Any], good: int, bad: int) -> None:
    response, problem = send(sim, good)
    assert response.status == 200, problem
    response, problem = send(sim, bad)
    assert (response.status, problem["code"]) == (422, "invalid_params")
