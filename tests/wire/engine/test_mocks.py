"""respx sees every request of the default engine, and its responses and errors arrive like those of a server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import respx

from knock_sdk import APIConnectionError, APITimeoutError, OutcomeUnknownError

from ..caller import KEY, USER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..caller import Caller

URL = "https://api.knock.app"


@pytest.fixture(params=[{}, {"using": "httpcore"}], ids=["default", "httpcore"])
def router(request: pytest.FixtureRequest) -> Iterator[respx.MockRouter]:
    with respx.mock(**request.param) as made:
        yield made


def test_a_request_is_seen_and_gets_the_mocked_response(caller: Caller, router: respx.MockRouter) -> None:
    route = router.post(f"{URL}/v1/workflows/flow/trigger").respond(200, json={"workflow_run_id": "r1"})
    client = caller.client(URL)
    for _ in range(2):
        assert caller(client.workflows.trigger, "flow", recipients=["u1"]).workflow_run_id == "r1"
    assert route.call_count == 2
    request = route.calls.last.request
    assert json.loads(request.content) == {"recipients": ["u1"]}
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_mocked_failures_are_retried(caller: Caller, router: respx.MockRouter, waits: list[float]) -> None:
    route = router.get(f"{URL}/v1/users/u1")
    route.side_effect = [httpx.Response(503), httpx.ConnectError, httpx.Response(200, json=USER)]
    assert caller(caller.client(URL).users.get, "u1").response_info.attempts == 3
    assert route.call_count == 3
    assert len(waits) == 2


def test_mocked_pages_are_iterated(caller: Caller, router: respx.MockRouter) -> None:
    def page(request: httpx.Request) -> httpx.Response:
        after = request.url.params.get("after")
        info = {"__typename": "PageInfo", "after": None if after else "c1", "before": None, "page_size": 1}
        return httpx.Response(200, json={"entries": [{**USER, "id": after or "c0"}], "page_info": info})

    route = router.get(f"{URL}/v1/users").mock(side_effect=page)
    client = caller.client(URL)
    assert [user.id for user in caller.iterate(client.users.list)] == ["c0", "c1"]
    assert route.call_count == 2


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (httpx.ConnectError, (APIConnectionError, False)),
        (httpx.ReadTimeout, (APITimeoutError, True)),
        (httpx.ReadError("reset"), (APIConnectionError, True)),
    ],
    ids=["ConnectError", "ReadTimeout", "ReadError"],
)
def test_a_mocked_error_is_reported_like_that_of_a_server(
    caller: Caller, router: respx.MockRouter, waits: list[float], error: Any, expected: tuple[type, bool]
) -> None:
    _, sent = expected
    router.get(f"{URL}/v1/users/u1").mock(side_effect=error)
    created = router.post(f"{URL}/v1/schedules").mock(side_effect=error)
    client = caller.client(URL)
    with pytest.raises(APIConnectionError) as caught:
        caller(client.users.get, "u1")
    assert (type(caught.value), caught.value.sent) == expected
    assert caught.value.attempts == 3
    with pytest.raises(APIConnectionError) as caught:
        caller(client.schedules.create, recipients=["u1"], workflow="flow")
    assert created.call_count == (1 if sent else 3)
    assert isinstance(caught.value, OutcomeUnknownError) == sent
    assert len(waits) == created.call_count + 1
