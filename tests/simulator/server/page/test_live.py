"""The stream of events that keeps an open page up to date."""

from __future__ import annotations

import asyncio
import json
from threading import Thread
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from knock_sdk.testing.server.page import live
from knock_sdk.testing.state.changes import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knock_sdk.testing import Simulator
    from tests.simulator.server.page.conftest import Site

MESSAGE = Change("message", "m1", "created")


def events(response: httpx.Response) -> Iterator[dict[str, Any]]:
    for line in response.iter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def test_an_open_page_is_told_what_has_changed(site: Site, sim: Simulator) -> None:
    with sim.client() as client, site.http.stream("GET", "/_page/events", params={"kinds": "message,run"}) as response:
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        stream = events(response)
        assert next(stream) == {"kinds": {}, "now": "Mon 5 Jan 2026, 09:00:00 UTC", "total": 0}
        client.workflows.trigger("welcome", recipients=[{"id": "ana"}, {"id": "ben"}])
        told = next(stream)
        assert told["total"] == 2
        assert told["kinds"]["message"] >= 2
        assert told["kinds"].keys() == {"message", "run"}  # not the request, of which it has not asked
        sim.advance(hours=1)
        assert next(stream) == {"kinds": {"clock": 1}, "now": "Mon 5 Jan 2026, 10:00:00 UTC", "total": 2}
        sim.reset()
        assert "state" in next(stream)["kinds"]


def test_no_message_is_lost_in_the_count(site: Site, sim: Simulator) -> None:
    with sim.client() as client, site.http.stream("GET", "/_page/events", params={"kinds": "message"}) as response:
        stream = events(response)
        next(stream)

        def send() -> None:
            for _ in range(40):
                client.workflows.trigger("welcome", recipients=[{"id": f"user-{number}"} for number in range(50)])

        sender = Thread(target=send)
        sender.start()
        received = 0
        while (event := next(stream))["total"] < 2_000:
            received += 1
        assert event["total"] == 2_000
        assert received < 40  # many changes are one event
        sender.join()


def test_the_stream_of_a_deleted_environment_ends_so_that_its_page_finds_the_next_one(site: Site) -> None:
    query = {"environment": "w1", "kinds": "message"}
    key = {"authorization": "Bearer sk_test@w1"}
    site.http.put("/v1/users/ana", json={}, headers=key)
    with site.http.stream("GET", "/_page/events", params=query) as response:
        stream = events(response)
        next(stream)
        site.http.post("/_simulator/delete_environment", json={"name": "w1"})
        assert [event["kinds"] for event in stream] == [{"state": 1}]
    site.http.post("/v1/workflows/w/trigger", json={"recipients": [{"id": "ana"}]}, headers=key)
    with site.http.stream("GET", "/_page/events", params=query) as response:
        assert next(events(response))["total"] == 1


def test_a_stream_that_is_left_is_not_told_any_more(site: Site, sim: Simulator) -> None:
    with site.http.stream("GET", "/_page/events") as response:
        stream = events(response)
        next(stream)
        assert len(sim._listeners) == 1
    for _ in range(1_000):
        if not sim._listeners:  # the server has noticed that the connection has ended
            break
        site.get()
    assert sim._listeners == ()


def test_a_server_that_ends_does_not_wait_for_open_pages(sim: Simulator) -> None:
    with httpx.Client(trust_env=False) as http:
        with sim.serve() as url:
            stream = http.send(http.build_request("GET", f"{url}/_page/events"), stream=True)
            lines = events(stream)
            next(lines)
        assert list(lines) == []  # the response has a proper end
        stream.close()
    assert sim._listeners == ()


@pytest.mark.parametrize("kinds", ["", "nonsense", "message,nonsense", ",,,"])
def test_unknown_kinds_are_ignored(site: Site, sim: Simulator, kinds: str) -> None:
    with site.http.stream("GET", "/_page/events", params={"kinds": kinds}) as response:
        stream = events(response)
        next(stream)
        sim.advance(hours=1)
        assert next(stream)["kinds"] == {"clock": 1}


def test_changes_are_gathered_without_growing() -> None:
    async def gather() -> dict[str, int]:
        gathered = live.Gathered(frozenset({"message"}))
        for _ in range(10_000):
            gathered.add([MESSAGE, MESSAGE, Change("request", "r1")])
        assert gathered._counts == {"message": 20_000}
        await gathered.wait()
        return gathered.take()

    assert asyncio.run(gather()) == {"message": 20_000}


def test_changes_after_the_end_of_the_loop_are_no_error() -> None:
    """A thread may change the state while the server ends."""

    async def make() -> live.Gathered:
        return live.Gathered(frozenset({"message"}))

    gathered = asyncio.run(make())
    gathered.add([MESSAGE])
    assert gathered.take() == {"message": 1}


def test_static_files_are_served(site: Site) -> None:
    page = site.get()
    addresses = [page.one("script").attributes["src"], *(each.attributes["href"] for each in page.all("link"))]
    types = [site.http.get(address).headers["content-type"].partition(";")[0] for address in addresses]
    assert {"text/javascript", "image/svg+xml", "text/css"} == set(types)
    assert all(site.http.get(address).status_code == 200 for address in addresses)
    assert site.http.get("/favicon.ico").headers["content-type"].startswith("image/svg+xml")
    assert site.http.get("/_page/static/../rendering.py").status_code == 404
    assert site.http.get("/_page/static/%2e%2e/rendering.py").status_code == 404
