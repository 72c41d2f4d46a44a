"""Clients that an application makes by itself reach the simulator, and nothing leaves the process."""

from __future__ import annotations

import asyncio
import os
import pickle
import socket
from contextlib import ExitStack, suppress
from threading import Thread
from typing import TYPE_CHECKING, Any

import httpx
import knockapi
import pytest
import respx
import trio

from knock_sdk import (
    APIConnectionError,
    APITimeoutError,
    AsyncKnock,
    ConfigurationError,
    InternalServerError,
    Knock,
    NotFoundError,
    OutcomeUnknownError,
)
from knock_sdk._core import mocks
from knock_sdk.testing import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "sk_test_app"


def run_async(call: Callable[[AsyncKnock], Any], **options: Any) -> Any:
    async def main() -> Any:
        async with AsyncKnock(**options) as client:
            return await call(client)

    return asyncio.run(main())


def run_sync(call: Callable[[Knock], Any], **options: Any) -> Any:
    with Knock(**options) as client:
        return call(client)


BOTH = pytest.mark.parametrize("run", [run_sync, run_async], ids=["sync", "async"])
ENGINES = pytest.mark.parametrize("engine", [{}, {"http_client": "httpx"}], ids=["own", "httpx"])


@pytest.fixture(autouse=True)
def _no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every connection fail: what is intercepted needs none."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@BOTH
@ENGINES
def test_a_client_of_the_environment_reaches_the_simulator(sim: Simulator, run: Any, engine: Any) -> None:
    sim.workflow("welcome", channels=["email"])
    with sim.intercept():
        run(
            lambda client: client.workflows.trigger("welcome", recipients=[{"id": "ä b", "email": "a@x.example"}]),
            **engine,
        )
        assert run(lambda client: client.users.get("ä b"), **engine).email == "a@x.example"
        with pytest.raises(NotFoundError, match="workflow_missing"):
            run(lambda client: client.workflows.trigger("other", recipients=["a"]), **engine)
    sim.assert_sent(to="ä b", channel="email")
    assert [request.path for request in sim.requests[:2]] == ["/v1/workflows/welcome/trigger", "/v1/users/ä b"]
    assert sim.requests[0].headers["authorization"] == "Bearer sk_test_simulator"


def test_clients_made_before_reach_the_simulator_of_each_test() -> None:
    client, asynchronous, vendor = Knock(api_key=KEY), AsyncKnock(api_key=KEY), knockapi.Knock(api_key=KEY)
    derived = client.with_options(max_retries=0)
    for _ in range(2):
        sim = Simulator()
        with sim.intercept():
            client.users.update("ana")
            asyncio.run(asynchronous.users.update("ben"))
            trio.run(asynchronous.users.update, "cem")
            vendor.users.update("dora", name="Dora")
            derived.users.update("eva")
        assert [user.id for user in sim.client().users.list()] == ["ana", "ben", "cem", "dora", "eva"]
        assert {request.headers["authorization"] for request in sim.requests[:5]} == {f"Bearer {KEY}"}


@pytest.mark.parametrize("library", ["knockapi", "httpx"])
def test_other_clients_reach_it_too(sim: Simulator, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def with_vendor() -> None:
        async with knockapi.AsyncKnock() as client:
            await client.workflows.trigger("welcome", recipients=["ana"], data={"n": 1})

    async def by_hand() -> None:
        async with httpx.AsyncClient(headers={"authorization": f"Bearer {KEY}"}) as client:
            url = "https://api.knock.app/v1/workflows/welcome/trigger"
            response = await client.post(url, json={"recipients": ["ana"], "data": {"n": 1}})
            assert response.raise_for_status().json()["workflow_run_id"]

    with sim.intercept():
        asyncio.run(with_vendor() if library == "knockapi" else by_hand())
        with knockapi.Knock() as vendor:
            vendor.users.update("ana")
            assert [message.data for message in vendor.users.list_messages("ana")] == []
    sim.assert_triggered("welcome", recipients=["ana"], data={"n": 1})


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_given_clients_of_httpx_and_its_successor_reach_it(sim: Simulator, library: str) -> None:
    module: Any = pytest.importorskip(library)
    with module.Client() as client, sim.intercept():
        Knock(http_client=client).users.update("ana")

    async def main() -> None:
        async with module.AsyncClient() as client:
            with sim.intercept():
                await AsyncKnock(http_client=client).users.update("ben")

    asyncio.run(main())
    assert [request.path for request in sim.requests] == ["/v1/users/ana", "/v1/users/ben"]


def test_requests_to_other_hosts_are_left_alone(sim: Simulator) -> None:
    with (
        httpx.Client(transport=httpx.HTTPTransport()) as client,
        sim.intercept(),
        pytest.raises(AssertionError, match="a connection was opened"),
    ):
        client.get("http://127.0.0.1:9/v1/users")
    assert sim.requests == []


@pytest.mark.parametrize("outer", ["respx", "simulator"])
def test_mocks_of_other_hosts_work_beside_it(sim: Simulator, outer: str) -> None:
    mock = respx.mock(assert_all_called=True)
    mock.get("https://other.example/x").respond(json={"n": 1})
    blocks = [mock, sim.intercept()]
    with ExitStack() as stack:
        for block in blocks if outer == "respx" else reversed(blocks):
            stack.enter_context(block)
        assert httpx.get("https://other.example/x").json() == {"n": 1}
        run_sync(lambda client: client.users.update("ana"))
        run_async(lambda client: client.users.update("ben"))
        knockapi.Knock().users.update("cem")
    assert [request.path[-3:] for request in sim.requests] == ["ana", "ben", "cem"]
    assert not mocks.are_active()


def test_any_thread_reaches_it(sim: Simulator) -> None:
    with sim.intercept():
        threads = [Thread(target=run_sync, args=[lambda client: client.users.update("ana")]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(sim.requests) == 4


@BOTH
@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "https://knock.example/proxy/knock"])
@pytest.mark.parametrize("given", ["variable", "argument"])
def test_other_urls_of_the_api(sim: Simulator, run: Any, url: str, given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if given == "variable":
        monkeypatch.setenv("KNOCK_BASE_URL", url)
    with sim.intercept(base_url=None if given == "variable" else url):
        run(lambda client: client.users.update("ana"), **({} if given == "variable" else {"base_url": url}))
        run(lambda client: client.users.update("ben"), base_url="https://api.knock.app")
    assert [request.target for request in sim.requests] == ["/v1/users/ana", "/v1/users/ben"]


def test_a_malformed_url_is_refused(sim: Simulator) -> None:
    with pytest.raises(ConfigurationError, match="base_url"), sim.intercept(base_url="knock"):
        pass


@BOTH
@ENGINES
def test_faults_are_those_of_a_server(sim: Simulator, run: Any, engine: Any) -> None:
    with sim.intercept():
        sim.fail("users.get", status=503)
        with pytest.raises(InternalServerError):
            run(lambda client: client.users.get("ana", max_retries=0), **engine)
        sim.drop("users.merge", when="after")
        run(lambda client: client.users.bulk.identify(users=[{"id": "ana"}, {"id": "bea"}]), **engine)
        with pytest.raises(OutcomeUnknownError):
            run(lambda client: client.users.merge("ana", from_user_id="bea"), **engine)
        sim.drop("users.get", when="connect")
        with pytest.raises(APIConnectionError) as caught:
            run(lambda client: client.users.get("ana", max_retries=0), **engine)
        assert caught.value.sent is False
        sim.slow(50, "users.get")
        with pytest.raises(APITimeoutError):
            run(lambda client: client.users.get("ana", max_retries=0), **engine)  # at once


@BOTH
def test_waits_between_attempts_take_simulated_time(sim: Simulator, run: Any) -> None:
    with sim.intercept():
        start = sim.now
        sim.fail("users.get", next=1, status=429, retry_after=30)
        run(lambda client: client.users.update("ana"))
        assert run(lambda client: client.users.get("ana")).id == "ana"
    assert (sim.now - start).total_seconds() >= 30


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")  # other tests start threads
@ENGINES
def test_a_forked_process_is_told_that_it_has_only_a_copy(sim: Simulator, engine: Any) -> None:
    reading, writing = os.pipe()
    with sim.intercept():
        child = os.fork()
        if child == 0:
            with suppress(BaseException):
                try:
                    Knock(**engine, max_retries=0).users.update("ana")
                except APIConnectionError as error:
                    os.write(writing, f"{error.sent} {error}".encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as said:
            text = said.read().decode()
        os.waitpid(child, 0)
    assert text.startswith("False ")
    assert engine or "sim.serve()" in text
    assert sim.requests == []


def test_everything_is_put_back(sim: Simulator) -> None:
    before = (httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request)
    for _ in range(2):
        with pytest.raises(KeyError), sim.intercept():  # noqa: PT012 (the block is what fails)
            assert mocks.are_active()
            assert os.environ["KNOCK_API_KEY"]
            raise KeyError
        assert (httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request) == before
        assert not mocks.are_active()
        assert "KNOCK_API_KEY" not in os.environ
    assert sim.requests == []


@pytest.mark.parametrize("key", [KEY, "sk_test_simulator", ""])
def test_a_key_of_the_environment_stays(sim: Simulator, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOCK_API_KEY", key)
    with sim.intercept():
        run_sync(lambda client: client.users.update("ana"))
    assert os.environ["KNOCK_API_KEY"] == key
    assert sim.requests[0].headers["authorization"] == f"Bearer {key or 'sk_test_simulator'}"


def test_of_two_the_one_that_began_last_gets_the_requests_whichever_ends_first() -> None:
    one, two = Simulator(), Simulator()
    outer, inner = one.intercept(), two.intercept()
    client = Knock(api_key=KEY)
    with outer:
        client.users.update("ana")
        with inner:
            client.users.update("ben")
        client.users.update("cem")
    assert [len(sim.requests) for sim in (one, two)] == [2, 1]
    first, second = one.intercept(), two.intercept()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    client.users.update("dora")
    second.__exit__(None, None, None)
    assert [len(sim.requests) for sim in (one, two)] == [2, 2]
    assert not mocks.are_active()


def test_requests_are_recorded_as_they_were_sent(sim: Simulator) -> None:
    sim.fail(next=None, status=500)
    with sim.intercept():
        for engine in ({}, {"http_client": "httpx"}):
            with pytest.raises(InternalServerError):
                run_sync(
                    lambda client: client.get("/v1/users/%C3%A4%2525", query={"x": "ä&[b]"}), max_retries=0, **engine
                )
    one, two = sim.requests
    assert (one.target, one.headers["authorization"]) == (two.target, two.headers["authorization"])


def test_errors_can_be_pickled(sim: Simulator) -> None:
    with sim.intercept(), pytest.raises(NotFoundError) as caught:
        run_sync(lambda client: client.users.get("nobody"))
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
