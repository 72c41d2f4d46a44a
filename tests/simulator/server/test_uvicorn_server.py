"""The simulator as a server: the API over real connections."""

from __future__ import annotations

import asyncio
import http.client
import socket
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from knock_sdk import (
    APIConnectionError,
    APIResponseValidationError,
    APITimeoutError,
    AsyncKnock,
    InternalServerError,
    Knock,
    OutcomeUnknownError,
)
from knock_sdk.testing import Simulator
from knock_sdk.testing.server import uvicorn_server
from tests.simulator.support.pair import KEY, SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADERS = {"authorization": SECRET}


@pytest.fixture
def raw(url: str) -> Iterator[http.client.HTTPConnection]:
    """Yield a plain HTTP connection to the server."""
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)) as made:
        yield made


def test_written_data_can_be_read_back(sim: Simulator, client: Knock) -> None:
    client.users.update("ana", name="Ana", email="ana@example.com")
    client.workflows.trigger("welcome", recipients=["ana"], data={"n": 1})
    (message,) = client.users.list_messages("ana")
    assert (message.data, message.status) == ({"n": 1}, "delivered")
    assert [received.operation for received in sim.requests] == [
        "identifyUser",
        "triggerWorkflow",
        "listMessagesForUser",
    ]
    info = client.users.get("ana").response_info
    assert info is not None
    assert info.request_id == sim.requests[-1].request_id


def test_concurrent_calls_of_the_async_client_are_handled(sim: Simulator, url: str) -> None:
    names = [f"user-{number:02}" for number in range(20)]

    async def main() -> list[str]:
        async with AsyncKnock(api_key=KEY, base_url=url, strict=True) as client:
            await asyncio.gather(*(client.users.update(name, name=name) for name in names))
            return [user.id async for user in client.users.list(page_size=7)]

    assert sorted(asyncio.run(main())) == names
    assert len(sim.requests) == 20 + 3


def test_concurrent_triggers_from_threads_get_a_run_each(sim: Simulator, client: Knock) -> None:
    def trigger(number: int) -> str:
        return client.workflows.trigger("welcome", recipients=[f"user-{number % 5}"]).workflow_run_id

    client.users.bulk.identify(users=[{"id": f"user-{number}"} for number in range(5)])
    with ThreadPoolExecutor(8) as pool:
        runs = list(pool.map(trigger, range(100)))
    assert len(set(runs)) == 100
    assert len(sim.messages()) == 100


def test_a_connection_carries_many_requests(raw: http.client.HTTPConnection) -> None:
    raw.connect()
    first = raw.sock
    for number in range(3):
        raw.request("PUT", f"/v1/users/user-{number}", b'{"name":"x"}', HEADERS)
        response = raw.getresponse()
        assert (response.status, response.getheader("content-type")) == (200, "application/json; charset=utf-8")
        response.read()
        assert raw.sock is first
    raw.request("DELETE", "/v1/users/user-0", headers=HEADERS)
    response = raw.getresponse()
    assert (response.status, response.read(), raw.sock) == (204, b"", first)


def test_a_kept_connection_does_not_wait_between_the_parts_of_a_response(raw: http.client.HTTPConnection) -> None:
    taken: list[float] = []
    for _ in range(30):
        started = time.perf_counter()
        raw.request("PUT", "/v1/users/ana", b'{"name":"x"}', HEADERS)
        assert raw.getresponse().read()
        taken.append(time.perf_counter() - started)
    assert statistics.median(taken) < 0.02  # 40 ms with Nagle's algorithm, half a millisecond without
    with closing(uvicorn_server.bind("127.0.0.1", 0)) as listening:
        assert listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_the_target_arrives_as_it_was_sent(sim: Simulator, raw: http.client.HTTPConnection) -> None:
    target = "/v1/objects/a%2Fb/%C3%A4%20%3F%25?page_size=5&x=%26&x[]=%C3%A4"
    raw.request("GET", target, headers=HEADERS)
    raw.getresponse().read()
    (received,) = sim.requests
    assert received.target == target
    assert received.path == "/v1/objects/a/b/ä ?%"


def test_a_chunked_body_is_received_whole(sim: Simulator, raw: http.client.HTTPConnection) -> None:
    name = "x" * 200_000
    chunks = [b'{"name":"', *[name[:100_000].encode()] * 2, b'"}']
    raw.request("PUT", "/v1/users/ana", iter(chunks), HEADERS, encode_chunked=True)
    assert raw.getresponse().status == 200
    assert sim.requests[0].json == {"name": name}


def test_unsupported_methods_return_405(raw: http.client.HTTPConnection) -> None:
    for method in ("HEAD", "OPTIONS", "PATCH"):
        raw.request(method, "/v1/users", headers=HEADERS)
        response = raw.getresponse()
        assert (response.status, response.getheader("allow")) == (405, "GET")
        assert bool(response.read()) == (method != "HEAD")


def test_a_client_that_disconnects_during_its_body_is_ignored(sim: Simulator, url: str, client: Knock) -> None:
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(b"PUT /v1/users/ana HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n{")
    client.users.update("ben", name="Ben")
    assert [received.path for received in sim.requests] == ["/v1/users/ben"]


def test_connections_are_dropped(sim: Simulator, raw: http.client.HTTPConnection) -> None:
    sim.drop(next=1)
    raw.request("PUT", "/v1/users/ana", b'{"name":"x"}', HEADERS)
    with pytest.raises(http.client.RemoteDisconnected):
        raw.getresponse()
    assert sim.messages() == []
    raw.close()
    raw.request("GET", "/v1/users/ana", headers=HEADERS)
    assert raw.getresponse().status == 404


def test_a_dropped_response_is_retried_only_if_repeating_is_safe(sim: Simulator, url: str) -> None:
    sim.workflow("welcome")
    with Knock(api_key=KEY, base_url=url) as client:
        client.users.update("ana", name="Ana")
        with sim.drop("workflows.trigger", when="after", next=2) as fault:
            client.workflows.trigger("welcome", recipients=["ana"])
        assert fault.times == 2
        assert len(sim.messages(to="ana")) == 1  # its idempotency key prevents further runs
        sim.drop("users.merge", when="after")
        client.users.update("bea", name="Bea")
        with pytest.raises(OutcomeUnknownError):
            client.users.merge("ana", from_user_id="bea")


def test_a_dropped_connection_is_a_connection_error_and_not_a_timeout(sim: Simulator, client: Knock) -> None:
    sim.drop("users.get")
    with pytest.raises(APIConnectionError) as caught:
        client.users.get("ana")
    assert not isinstance(caught.value, APITimeoutError)


def test_a_slow_response_takes_real_time(sim: Simulator, client: Knock) -> None:
    client.users.update("ana", name="Ana")
    sim.slow(0.3, "users.get", next=1)
    started, shown = time.monotonic(), sim.now
    assert client.users.get("ana").name == "Ana"
    assert time.monotonic() - started >= 0.3
    assert (sim.now - shown).total_seconds() == pytest.approx(0.3)
    sim.slow(30, "users.get", next=1)
    with pytest.raises(APITimeoutError):
        client.users.get("ana", timeout=0.2)


def test_other_requests_are_handled_while_a_slow_one_waits(sim: Simulator, client: Knock) -> None:
    client.users.update("ana", name="Ana")
    sim.slow(1, "users.get", next=1)
    answered = 0
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.users.get, "ana")
        while sim.requests[-1].operation != "getUser":
            time.sleep(0.01)
        while not waiting.done():
            assert client.users.get("ana").name == "Ana"
            answered += 1
        assert waiting.result().name == "Ana"
    assert answered > 3  # one or two could come after it, before the loop sees that


def test_declared_errors_and_malformed_responses_raise(sim: Simulator, client: Knock) -> None:
    client.users.update("ana", name="Ana")
    sim.fail("users.get", status=503, retry_after=7)
    with pytest.raises(InternalServerError) as caught:
        client.users.get("ana")
    assert (caught.value.status_code, caught.value.retry_after) == (503, 7)
    for kind in ("truncated", "html", "empty"):
        sim.malform("users.get", kind=kind)
        with pytest.raises(APIResponseValidationError):
            client.users.get("ana")
    assert client.users.get("ana").name == "Ana"


def test_two_servers_do_not_share_state(client: Knock) -> None:
    client.users.update("ana", name="Ana")
    with Simulator().serve() as url, Knock(api_key=KEY, base_url=url) as other:
        other.users.update("ben", name="Ben")
        assert [user.id for user in other.users.list()] == ["ben"]
    assert [user.id for user in client.users.list()] == ["ana"]


def test_a_chosen_port_is_free_again_after_the_server_has_stopped(sim: Simulator) -> None:
    with sim.serve() as first:
        port = urlsplit(first).port
        assert port is not None
        with pytest.raises(OSError, match="in use"), sim.serve(port=port):
            pass
    with sim.serve(port=port) as second:
        assert second == first


def test_it_stops_while_a_request_is_in_progress() -> None:
    sim = Simulator()
    sim.slow(60)
    with ThreadPoolExecutor(1) as pool:
        with sim.serve() as url, Knock(api_key=KEY, base_url=url, max_retries=0) as client:
            waiting = pool.submit(client.users.get, "ana")
            while not sim.requests:
                time.sleep(0.01)
            started = time.monotonic()
        assert time.monotonic() - started < 30
        with pytest.raises((APIConnectionError, InternalServerError)):
            waiting.result()


def test_a_failed_start_raises_and_is_logged(sim: Simulator, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    async def broken(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no"})

    monkeypatch.setattr(uvicorn_server, "app", lambda *_, **__: broken)
    with pytest.raises(RuntimeError, match="did not start"), sim.serve():
        pass
    assert "startup failed" in caplog.text
