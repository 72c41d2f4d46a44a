"""Limits that a store of any kind keeps: its answers, its silence, and what the calls do meanwhile."""

from __future__ import annotations

import copy
import logging
import pickle
import signal
import threading
import time
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from typing_extensions import override

from knock_sdk import APIConnectionError, APITimeoutError, AsyncKnock, ConfigurationError, Knock
from knock_sdk._core.rate_limits.clock import SYSTEM_CLOCK
from knock_sdk._core.rate_limits.line import Line
from knock_sdk.rate_limits import RateLimit, Reservation, SharedRateLimit
from tests.support.server import SECONDS, Server, respond
from tests.wire.caller import KEY, USER, Caller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INTERVAL = 1.02


class Store(SharedRateLimit):
    """Answers as a function says; the list has what it was asked."""

    def __init__(self, answer: Callable[[int], Any], share: float = 0.25) -> None:
        super().__init__(fallback_share=share)
        self.asked: list[tuple[str, float, float]] = []
        self.earliest = 0.0
        self._answer = answer

    @override
    def ask(self, scope: str, interval: float, longest: float, earliest: float) -> Any:
        self.asked.append((scope, interval, longest))
        self.earliest = earliest
        return self._answer(len(self.asked))


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(respond(json={**USER, "workflow_run_id": "r1"})) as made:
        yield made


def bulk(client: Any, **options: Any) -> Any:
    """Make a call of tier 1."""
    return client.post("/v1/users/bulk/identify", body={}, **options)


def warnings_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


class TestAnswers:
    def test_a_wait_is_waited(self, caller: Caller, server: Server) -> None:
        store = Store(lambda number: Reservation(0.0 if number == 1 else 0.5))
        client = caller.client(server.url, rate_limit=store, timeout=30)
        caller(client.workflows.trigger, "welcome", recipients=["u1"])
        caller(client.workflows.trigger, "welcome", recipients=["u1"])
        first, second = server.requests
        assert second.at - first.at >= 0.5
        (scope, interval, longest), _ = store.asked
        assert scope.endswith(":triggerWorkflow")
        assert interval == pytest.approx(1.02 / 1000)
        assert 29 < longest <= 30

    def test_none_is_a_timeout(self, caller: Caller, server: Server) -> None:
        client = caller.client(server.url, rate_limit=Store(lambda _: None))
        with pytest.raises(APITimeoutError, match="rate limit") as caught:
            caller(bulk, client)
        assert caught.value.sent is False
        assert not server.requests

    def test_without_a_slot_it_is_asked_again(self, caller: Caller, server: Server) -> None:
        store = Store(lambda number: Reservation(0.1, granted=False) if number < 4 else Reservation(0.0))
        caller(bulk, caller.client(server.url, rate_limit=store))
        assert len(store.asked) == 4
        assert len(server.requests) == 1

    def test_it_is_not_asked_again_after_the_time_limit(self, caller: Caller, server: Server) -> None:
        store = Store(lambda _: Reservation(5.0, granted=False))
        client = caller.client(server.url, rate_limit=store, timeout=2)
        with pytest.raises(APITimeoutError, match="rate limit"):
            caller(bulk, client)
        assert len(store.asked) == 1

    def test_close_ends_the_wait_for_a_slot(self, caller: Caller, server: Server) -> None:
        store = Store(lambda _: Reservation(60.0, granted=False))
        client = caller.client(server.url, rate_limit=store, timeout=None)
        waiting, _ = caller.together(
            [partial(bulk, client), caller.when(lambda: bool(store.asked), client.close)],
        )
        assert isinstance(waiting, APIConnectionError)
        assert "closed" in str(waiting)
        assert not server.requests

    def test_a_call_without_a_time_limit(self, caller: Caller, server: Server) -> None:
        store = Store(lambda _: Reservation(0.0))
        caller(bulk, caller.client(server.url, rate_limit=store, timeout=None))
        assert store.asked[0][2] == float("inf")

    @pytest.mark.parametrize(
        "answer",
        [
            Reservation(-1.0),
            Reservation(float("nan")),
            Reservation(float("inf")),
            Reservation(1e10),
            Reservation(10**400),
            Reservation(Decimal("NaN")),  # type: ignore[arg-type]
            Reservation("1"),  # type: ignore[arg-type]
            5,
            (0.0, True),
            "",
        ],
    )
    def test_nonsense_counts_as_an_absent_store(
        self, server: Server, answer: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        with Knock(api_key=KEY, base_url=server.url, rate_limit=Store(lambda _: answer)) as client:
            bulk(client)
        assert len(server.requests) == 1
        assert len(warnings_in(caplog)) == 1

    @pytest.mark.parametrize("wait", [Decimal("0.01"), Fraction(1, 100), True, 0])
    def test_a_wait_is_any_kind_of_number(self, caller: Caller, server: Server, wait: Any) -> None:
        client = caller.client(server.url, rate_limit=Store(lambda _: Reservation(wait)))
        caller(bulk, client)
        assert len(server.requests) == 1

    def test_a_wait_that_is_longer_than_the_request_can_wait_is_no_slot(self, caller: Caller, server: Server) -> None:
        store = Store(lambda _: Reservation(10_000.0))
        client = caller.client(server.url, rate_limit=store, timeout=30)
        with pytest.raises(APITimeoutError, match="rate limit"):
            caller(bulk, client)
        store._away, store._ask_again_at = True, float("inf")
        caller(bulk, client)  # nobody has the slots until then
        assert len(server.requests) == 1

    @pytest.mark.parametrize("wait", [0.0, 1e-12])
    def test_a_store_that_never_has_a_slot_ends_the_call_in_time(
        self, caller: Caller, server: Server, wait: float
    ) -> None:
        store = Store(lambda _: Reservation(wait, granted=False))
        client = caller.client(server.url, rate_limit=store, timeout=0.1)
        with pytest.raises(APITimeoutError, match="rate limit"):
            caller(bulk, client)
        assert len(store.asked) <= 101  # each time after a wait
        assert not server.requests


class TestAbsence:
    def test_calls_go_on_with_a_share_and_one_warning(
        self, caller: Caller, server: Server, caplog: pytest.LogCaptureFixture
    ) -> None:
        def fail(_: int) -> Any:
            raise OSError("canary-of-the-store")

        store = Store(fail)
        client = caller.client(server.url, rate_limit=store)
        results = caller.together([partial(client.users.update, f"u{number}", name="x") for number in range(12)])
        assert not [each for each in results if isinstance(each, Exception)]
        times = sorted(request.at for request in server.requests)
        assert len(times) == 12
        assert times[-1] - times[0] > 0.9 * 11 * 4 * 0.017
        (warning,) = warnings_in(caplog)
        assert "OSError" in warning
        assert "0.25 of each limit" in warning
        assert "canary" not in caplog.text

    def test_one_call_a_second_asks_it_and_when_it_answers_it_is_used(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "knock_sdk")
        now = [100.0]
        clock = type("Clock", (), {"monotonic": staticmethod(lambda: now[0])})
        monkeypatch.setattr("knock_sdk.rate_limits._shared.time", clock)

        def answer(number: int) -> Any:
            if number in {1, 2, 4}:
                raise OSError
            return Reservation(0.0)

        store = Store(answer)

        def reserve() -> None:
            line = Line(1000)
            assert store.reserve("scope", line, SYSTEM_CLOCK, 1.0) is not None

        counts = []
        for moment in (100.0, 100.1, 100.9, 101.1, 101.2, 102.2, 102.3, 102.4, 103.0):
            now[0] = moment
            reserve()
            counts.append(len(store.asked))
        #        away  here-> still  asked  wait  answers  asks again and is away
        assert counts == [1, 1, 1, 2, 2, 3, 4, 4, 4]
        levels = [record.levelname for record in caplog.records]
        assert levels == ["WARNING", "INFO", "WARNING"]

    def test_what_went_on_without_it_is_said_when_it_answers_again(self) -> None:
        def answer(number: int) -> Any:
            if number == 1:
                raise OSError
            return Reservation(2.0)

        store = Store(answer, 0.25)
        line = Line(60)
        for _ in range(10):
            store.reserve("scope", line, SYSTEM_CLOCK, 60.0)
        store._ask_again_at = 0.0
        store.reserve("scope", line, SYSTEM_CLOCK, 60.0)
        # And a second, within which all processes find out.
        said = store.earliest
        assert 1.3 < said <= 1 + 10 * 4 * 0.017
        store.reserve("scope", line, SYSTEM_CLOCK, 60.0)
        assert said - 0.3 < store.earliest <= said  # until the same moment

    def test_only_one_of_many_threads_asks_it_again(self) -> None:
        asking = threading.Event()
        go_on = threading.Event()

        def answer(number: int) -> Any:
            if number > 1:
                asking.set()
                assert go_on.wait(SECONDS)
            raise OSError

        store = Store(answer)
        line = Line(1000)
        store.reserve("scope", line, SYSTEM_CLOCK, 60.0)
        store._ask_again_at = 0.0
        hanging = threading.Thread(target=store.reserve, args=("scope", line, SYSTEM_CLOCK, 60.0))
        hanging.start()
        assert asking.wait(SECONDS)
        for _ in range(20):
            assert store.reserve("scope", line, SYSTEM_CLOCK, 60.0) is not None
        assert len(store.asked) == 2
        go_on.set()
        hanging.join()

    def test_answers_that_were_on_their_way_are_no_change(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO, "knock_sdk")
        line = Line(1000)

        def answer(number: int) -> Any:
            if number in {1, 2}:  # while this one is asked for, others ask and get theirs
                store.reserve("scope", line, SYSTEM_CLOCK, 60.0)
            if number == 3:
                raise OSError
            return Reservation(0.0)

        store = Store(answer)
        assert store.reserve("scope", line, SYSTEM_CLOCK, 60.0) is not None
        assert store._away  # both successes were asked for before the failure
        assert [record.levelname for record in caplog.records] == ["WARNING"]

    @pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs setitimer")
    @pytest.mark.parametrize("wrapped", [False, True])
    def test_what_a_signal_handler_raises_is_the_callers(
        self, server: Server, caplog: pytest.LogCaptureFixture, wrapped: bool
    ) -> None:
        class TooLateError(Exception):
            pass

        def handler(*_: object) -> None:
            raise TooLateError

        def answer(_: int) -> Any:
            try:
                signal.raise_signal(signal.SIGALRM)
            except TooLateError as error:
                if wrapped:  # as redis-py does with some
                    raise OSError("canary-of-the-store") from error
                raise

        before = signal.signal(signal.SIGALRM, handler)
        try:
            with (
                Knock(api_key=KEY, base_url=server.url, rate_limit=Store(answer)) as client,
                pytest.raises(TooLateError),
            ):
                bulk(client)
        finally:
            signal.signal(signal.SIGALRM, before)
        assert not warnings_in(caplog)
        assert not server.requests


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
class TestEventLoop:
    def test_it_goes_on_while_the_store_hangs(self, server: Server, backend: str) -> None:
        free = threading.Event()
        store = Store(lambda _: Reservation(0.0) if free.wait(SECONDS) else None)
        ticks = 0

        async def main() -> None:
            nonlocal ticks

            async def call() -> None:
                await bulk(client)

            async with AsyncKnock(api_key=KEY, base_url=server.url, rate_limit=store) as client:
                async with anyio.create_task_group() as group:
                    for _ in range(30):
                        group.start_soon(call)
                    while len(store.asked) < 8:  # noqa: ASYNC110 (threads ask)
                        await anyio.sleep(0.005)
                    for _ in range(20):
                        await anyio.sleep(0.001)
                        ticks += 1
                    # The threads of the application are free.
                    assert anyio.to_thread.current_default_thread_limiter().borrowed_tokens == 0
                    assert len(store.asked) == 8
                    group.cancel_scope.cancel()
                free.set()

        anyio.run(main, backend=backend)
        assert ticks == 20
        assert not server.requests

    def test_a_call_ends_in_time_while_the_store_hangs(self, server: Server, backend: str) -> None:
        free = threading.Event()
        store = Store(lambda _: Reservation(0.0) if free.wait(SECONDS) else None)

        async def main() -> None:
            async with AsyncKnock(api_key=KEY, base_url=server.url, rate_limit=store, timeout=0.3) as client:
                with pytest.raises(APITimeoutError, match="rate limit"):
                    await bulk(client)
                assert not free.is_set()
                free.set()

        anyio.run(main, backend=backend)
        assert not server.requests

    def test_the_slot_of_a_call_that_is_cancelled_meanwhile_goes_to_another(self, server: Server, backend: str) -> None:
        free = threading.Event()

        def answer(number: int) -> Any:
            assert free.wait(SECONDS)
            return Reservation(0.0) if number == 1 else None

        store = Store(answer)

        async def main() -> None:
            async with AsyncKnock(api_key=KEY, base_url=server.url, rate_limit=store, timeout=5) as client:
                with anyio.move_on_after(0.1):
                    await client.workflows.trigger("welcome", recipients=["u1"])
                assert len(store.asked) == 1
                free.set()
                (line,) = store._lines_here.values()
                while not line._freed and line._next < 0:  # noqa: ASYNC110 (a thread gives it)
                    await anyio.sleep(0.005)
                # Its moment has passed, so it is the next one's turn to ask.
                with pytest.raises(APITimeoutError):
                    await client.workflows.trigger("welcome", recipients=["u1"])
            assert len(store.asked) == 2

        anyio.run(main, backend=backend)
        assert not server.requests

    def test_a_slot_that_came_while_the_program_was_busy_is_exchanged_once(self, server: Server, backend: str) -> None:
        store = Store(lambda _: Reservation(0.05))

        async def main() -> None:
            async with (
                AsyncKnock(api_key=KEY, base_url=server.url, rate_limit=store) as client,
                anyio.create_task_group() as group,
            ):
                group.start_soon(bulk, client)
                for number in (1, 2):
                    while len(store.asked) < number:  # noqa: ASYNC110 (a thread asks)
                        await anyio.sleep(0.001)
                    time.sleep(0.4)  # noqa: ASYNC251 (others may have the slots of now)

        anyio.run(main, backend=backend)
        assert len(store.asked) == 2
        assert len(server.requests) == 1


@pytest.mark.parametrize("share", [0, -1, 1.01, float("nan"), float("inf"), "1", None, True])
def test_a_share_is_a_number_above_0_and_at_most_1(share: Any) -> None:
    with pytest.raises(ConfigurationError, match="fallback_share: must be a number above 0, at most 1"):
        Store(lambda _: None, share)


def test_it_is_not_pickled_and_copies_share_it() -> None:
    store = Store(lambda _: None, 1)
    with pytest.raises(TypeError, match="create one in each process"):
        pickle.dumps(store)
    assert copy.deepcopy({"rate_limit": store})["rate_limit"] is store
    assert isinstance(store, RateLimit)
