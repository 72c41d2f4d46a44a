"""Limits that Redis keeps, with a real server: alone, between processes, while it is away, and with bad settings."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
import time
import traceback
from contextlib import ExitStack
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from knock_sdk import AsyncKnock, ConfigurationError, Knock
from knock_sdk._core.rate_limits.clock import SYSTEM_CLOCK
from knock_sdk._core.rate_limits.line import Line
from knock_sdk.rate_limits import RedisRateLimit, Reservation
from tests.support.environment import plain_environment
from tests.support.limited_server import LimitedServer
from tests.support.paths import ROOT
from tests.support.redis_server import RedisServer
from tests.support.server import Server, respond
from tests.wire.caller import KEY, USER, Caller

if TYPE_CHECKING:
    from collections.abc import Iterator

FOREVER = float("inf")
PASSWORD = "canary-pw-31415926"


@pytest.fixture
def limit(redis: RedisServer) -> Iterator[RedisRateLimit]:
    made = RedisRateLimit(redis.url, fallback_share=0.25)
    yield made
    made.close()


def warnings_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


class TestScript:
    def test_slots_of_two_processes_follow_one_another(self, redis: RedisServer) -> None:
        one, two = (RedisRateLimit(redis.url, fallback_share=0.5) for _ in range(2))
        moments = []
        for number in range(20):
            reservation = (one, two)[number % 2].ask("scope", 1.02, FOREVER, 0.0)
            assert reservation is not None
            moments.append(time.monotonic() + reservation.wait)
        # A slot is later by the time that its answer took.
        assert [after - before for before, after in pairwise(moments)] == pytest.approx([1.02] * 19, abs=0.2)
        assert moments[-1] - moments[0] == pytest.approx(19 * 1.02, abs=0.2)
        one.close()
        two.close()

    def test_a_slot_beyond_the_longest_wait_is_not_taken(self, limit: RedisRateLimit) -> None:
        waits = [limit.ask("scope", 10.0, longest, 0.0) for longest in (0.0, 5.0, 5.0, 15.0, 15.0)]
        granted = [each is not None for each in waits]
        assert granted == [True, False, False, True, False]

    def test_nobody_gets_a_slot_before_the_backlog_of_one(self, limit: RedisRateLimit) -> None:
        first = limit.ask("scope", 1.0, FOREVER, 5.0)
        second = limit.ask("scope", 1.0, FOREVER, 0.0)
        assert first == Reservation(5.0)
        assert second is not None
        assert second.wait == pytest.approx(6.0, abs=0.2)

    @pytest.mark.parametrize(
        "value",
        [b"garbage", b"", b"inf", b"nan", b"1e300", b"-5", b"\xff", b"99999999999999999999", b"1 x", ["a list"]],
    )
    def test_what_another_program_has_written_counts_as_nothing(
        self, limit: RedisRateLimit, redis: RedisServer, value: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        with redis.client() as client:
            if isinstance(value, bytes):
                client.set("knock-sdk:rate:scope", value)
            else:
                client.lpush("knock-sdk:rate:scope", *value)
            line = Line(1)
            slots = [limit.reserve("scope", line, SYSTEM_CLOCK, 30.0) for _ in range(2)]
            assert all(isinstance(slot, float) for slot in slots)
            assert slots[1] - slots[0] == pytest.approx(1.02, abs=0.2)  # type: ignore[operator]
            assert 0 < client.pttl("knock-sdk:rate:scope") <= 3040
        assert not warnings_in(caplog)

    @pytest.mark.parametrize("longest", [3.0, 60.0])
    def test_a_clock_that_was_set_back_delays_nobody(
        self, limit: RedisRateLimit, redis: RedisServer, longest: float
    ) -> None:
        """The server was started again with another time, and had saved the slots of an hour later."""
        with redis.client() as client:
            seconds, micros = client.time()
            later = (seconds + 3600) * 10**6 + micros
            client.set("knock-sdk:rate:scope", f"{later + 5 * 10**6} {later}")
        waits = [limit.ask("scope", 1.0, longest, 0.0) for _ in range(2)]
        expected = [None, None] if longest < 5 else [5.0, 6.0]
        assert [each if each is None else each.wait for each in waits] == [
            each if each is None else pytest.approx(each, abs=0.2) for each in expected
        ]
        with redis.client() as client:
            moment, changed = (int(each) for each in client.get("knock-sdk:rate:scope").split())
        # Also if nobody could wait for so long: from now on, time passes.
        assert changed == pytest.approx(seconds * 10**6, abs=5 * 10**6)
        assert moment == pytest.approx(seconds * 10**6, abs=15 * 10**6)

    def test_scopes_are_apart_and_their_keys_expire(self, limit: RedisRateLimit, redis: RedisServer) -> None:
        for scope in ("a", "b"):
            assert limit.ask(scope, 1.02, 0.0, 0.0) == Reservation(0.0)
        with redis.client() as client:
            assert sorted(client.keys()) == [b"knock-sdk:rate:a", b"knock-sdk:rate:b"]
            assert 0 < client.pttl("knock-sdk:rate:a") <= 2020

    def test_the_prefix_is_the_callers(self, redis: RedisServer) -> None:
        made = RedisRateLimit(redis.client(), fallback_share=1, prefix="ours:")
        made.ask("a", 1.0, 0.0, 0.0)
        made.close()
        with redis.client() as client:
            assert client.keys() == [b"ours:a"]

    def test_each_grant_takes_one_call(self, limit: RedisRateLimit, redis: RedisServer) -> None:
        line = Line(1000)
        for _ in range(200):
            assert limit.reserve("scope", line, SYSTEM_CLOCK, FOREVER) is not None
        assert redis.calls("evalsha") <= 1.02 * 200
        assert redis.calls("script|load") <= 1
        assert redis.calls("eval") == 0


class TestCalls:
    def test_they_wait(self, caller: Caller, limit: RedisRateLimit, redis: RedisServer) -> None:
        with LimitedServer(60, second=0.85) as server:
            client = caller.client(server.url, rate_limit=limit, max_retries=0)
            results = caller.together([partial(client.put, f"/v1/users/u{number}", body={}) for number in range(80)])
            counts = server.counts()
        assert not [each for each in results if isinstance(each, Exception)]
        assert (counts.refused, len(counts.accepted)) == (0, 80)
        assert counts.seconds > 1.2
        assert redis.calls("evalsha") <= 1.02 * 80 or counts.was_busy

    def test_keys_in_redis_show_neither_key_nor_user(self, limit: RedisRateLimit, redis: RedisServer) -> None:
        with (
            Server(respond(json={"entries": [], "page_info": {}})) as server,
            Knock(api_key=KEY, base_url=server.url, rate_limit=limit) as client,
        ):
            client.get("/v1/users/ana/feeds/f1")
        with redis.client() as stored:
            (key,) = stored.keys()
        assert b"listUserInAppFeedItems" in key
        assert KEY.encode() not in key
        assert b"ana" not in key

    def test_four_processes(self, redis: RedisServer) -> None:
        with LimitedServer(60, second=0.85) as server, ExitStack() as stack:
            programs = [
                stack.enter_context(
                    subprocess.Popen(
                        [sys.executable, "-m", "tests.rate_limits.hammer", server.url, redis.url, "30", "0.25"],
                        cwd=ROOT,
                        env=plain_environment(),
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        text=True,
                    )
                )
                for _ in range(4)
            ]
            for program in programs:
                assert program.stdout is not None
                assert program.stdout.readline() == "ready\n"
            for program in programs:
                assert program.stdin is not None
                program.stdin.write("\n")
                program.stdin.flush()
            ends = [program.communicate()[0].split() for program in programs]
            counts = server.counts()
        assert ends == [["0", "0"]] * 4
        assert len(counts.accepted) == 120
        assert not counts.refused or counts.was_busy
        assert counts.seconds > 1.9
        assert redis.calls("evalsha") <= 1.02 * 120 + 4 or counts.was_busy


class TestAway:
    def test_it_is_killed_and_comes_back(
        self, caller: Caller, own_redis: RedisServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "knock_sdk.rates")
        limit = RedisRateLimit(own_redis.url, fallback_share=0.5)
        with Server(respond(json=USER)) as server:
            client = caller.client(server.url, rate_limit=limit)
            caller(client.put, "/v1/users/u1", body={})
            own_redis.kill()
            for number in range(10):
                caller(client.put, f"/v1/users/u{number}", body={})
            assert limit._away
            own_redis.start()
            limit._ask_again_at = 0.0
            for number in range(10):
                caller(client.put, f"/v1/users/u{number}", body={})
        assert len(server.requests) == 21
        assert len(warnings_in(caplog)) == 1
        assert not limit._away
        assert own_redis.calls("evalsha") >= 10
        limit.close()

    def test_a_connection_that_was_closed_meanwhile_is_opened_again(
        self, own_redis: RedisServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        limit = RedisRateLimit(own_redis.url, fallback_share=0.5)
        line = Line(1000)
        assert limit.reserve("scope", line, SYSTEM_CLOCK, 1.0) is not None
        own_redis.kill()
        own_redis.start()
        assert limit.reserve("scope", line, SYSTEM_CLOCK, 1.0) is not None
        assert not warnings_in(caplog)
        assert own_redis.calls("evalsha") >= 1
        limit.close()

    @pytest.mark.parametrize("backend", ["asyncio", "trio"])
    def test_it_hangs_while_an_event_loop_goes_on(
        self, own_redis: RedisServer, caplog: pytest.LogCaptureFixture, backend: str
    ) -> None:
        limit = RedisRateLimit(own_redis.url, fallback_share=1)
        longest = 0.0

        async def tick() -> None:
            nonlocal longest
            while True:
                before = time.monotonic()
                await anyio.sleep(0.005)
                longest = max(longest, time.monotonic() - before)

        async def main(url: str) -> None:
            async with (
                AsyncKnock(api_key=KEY, base_url=url, rate_limit=limit) as client,
                anyio.create_task_group() as group,
            ):
                group.start_soon(tick)
                await client.put("/v1/users/u1", body={})
                own_redis.freeze()
                async with anyio.create_task_group() as calls:
                    for number in range(20):
                        calls.start_soon(partial(client.put, f"/v1/users/u{number}", body={}))
                group.cancel_scope.cancel()

        with Server(respond(json=USER)) as server:
            try:
                anyio.run(main, server.url, backend=backend)
            finally:
                own_redis.thaw()
        assert len(server.requests) == 21
        assert len(warnings_in(caplog)) == 1
        assert longest < 0.4  # a read from Redis takes half a second until it is given up

    def test_what_accepts_connections_and_never_answers(self, caller: Caller, caplog: pytest.LogCaptureFixture) -> None:
        with socket.create_server(("127.0.0.1", 0), backlog=50) as silent, Server(respond(json=USER)) as server:
            limit = RedisRateLimit(f"redis://127.0.0.1:{silent.getsockname()[1]}", fallback_share=1)
            client = caller.client(server.url, rate_limit=limit, timeout=20)
            for number in range(3):
                caller(client.put, f"/v1/users/u{number}", body={})
            limit.close()
        assert len(server.requests) == 3
        assert len(warnings_in(caplog)) == 1

    def test_a_wrong_password_counts_as_away_and_is_not_shown(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        with RedisServer("another-password") as redis, Server(respond(json=USER)) as server:
            limit = RedisRateLimit(f"redis://:{PASSWORD}@127.0.0.1:{redis.port}", fallback_share=1)
            with Knock(api_key=KEY, base_url=server.url, rate_limit=limit) as client:
                client.put("/v1/users/u1", body={})
            limit.close()
        (warning,) = warnings_in(caplog)
        assert "AuthenticationError" in warning
        assert PASSWORD not in caplog.text
        assert PASSWORD not in repr(limit)

    def test_the_right_password(self) -> None:
        with RedisServer(PASSWORD) as redis:
            limit = RedisRateLimit(redis.url, fallback_share=1)
            assert limit.ask("scope", 1.0, 0.0, 0.0) == Reservation(0.0)
            limit.close()

    def test_threads_share_it(self, limit: RedisRateLimit) -> None:
        line = Line(1000)
        slots: list[float] = []
        start = threading.Barrier(8)

        def work() -> None:
            start.wait()
            for _ in range(50):
                slot = limit.reserve("scope", line, SYSTEM_CLOCK, FOREVER)
                assert isinstance(slot, float)
                slots.append(slot)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        distances = [after - before for before, after in pairwise(sorted(slots))]
        assert len(slots) == 400
        # The answers take unequally long. Together, the slots are as far apart as the limit asks.
        assert min(distances) >= 0.7 * line.interval
        assert sum(distances) >= 398 * line.interval

    @pytest.mark.parametrize("query", ["", "?max_connections=2"])
    def test_more_threads_than_connections_wait_for_one(
        self, redis: RedisServer, query: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        limit = RedisRateLimit(redis.url + query, fallback_share=0.5)
        line = Line(1000)
        start = threading.Barrier(120)

        def work() -> None:
            start.wait()
            limit.reserve("scope", line, SYSTEM_CLOCK, FOREVER)

        threads = [threading.Thread(target=work) for _ in range(120)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not warnings_in(caplog)
        assert redis.calls("evalsha") >= 120
        with redis.client() as client:
            assert len(client.client_list()) <= 60
            limit.close()
            end = time.monotonic() + 20
            while len(client.client_list()) > 1:
                assert time.monotonic() < end
                time.sleep(0.01)


class TestSettings:
    @pytest.mark.parametrize(
        ("given", "text"),
        [
            ("", "is not a URL of Redis"),
            ("localhost:6379", "is not a URL of Redis"),
            (f"http://:{PASSWORD}@localhost", "is not a URL of Redis"),
            (f"redis://:{PASSWORD}@localhost:port", "is not a URL of Redis"),
            (f"redis://:{PASSWORD}@localhost?socket_timeout=soon", "is not a URL of Redis"),
            (f"redis://:{PASSWORD}@localhost?unknown_setting=1", "is not a URL of Redis"),
            (f"redis://:{PASSWORD}@localhost?protocol=9", "is not a URL of Redis"),
            (f"redis://:{PASSWORD}@localhost?encoding=nothing", "is not a URL of Redis"),
            (f"rediss://:{PASSWORD}@localhost?ssl_cert_reqs={PASSWORD}", "is not a URL of Redis"),
            (None, "not NoneType"),
            (5, "not int"),
            (b"redis://localhost", "not bytes"),
        ],
    )
    def test_what_is_no_url_is_refused_and_not_shown(self, given: Any, text: str) -> None:
        with pytest.raises(ConfigurationError, match=f"redis: .*{text}") as caught:
            RedisRateLimit(given, fallback_share=0.5)
        trace = caught.value.__traceback__
        assert trace is not None
        shown = traceback.TracebackException(ConfigurationError, caught.value, trace.tb_next, capture_locals=True)
        assert PASSWORD not in "".join(shown.format())
        assert caught.value.__context__ is None

    def test_an_asynchronous_client_is_refused(self) -> None:
        from redis.asyncio import Redis

        with pytest.raises(ConfigurationError, match="an asynchronous client is not needed for AsyncKnock"):
            RedisRateLimit(Redis(), fallback_share=0.5)  # type: ignore[arg-type]

    def test_a_client_with_an_unknown_encoding_is_refused(self) -> None:
        from redis import Redis

        with pytest.raises(ConfigurationError, match="redis: has an encoding that does not exist") as caught:
            RedisRateLimit(Redis(encoding="nothing"), fallback_share=0.5)
        assert caught.value.__context__ is None

    @pytest.mark.parametrize(("prefix", "text"), [(None, "must be text"), (b"a", "must be text"), ("\ud800", "half a")])
    def test_a_prefix_is_text(self, prefix: Any, text: str) -> None:
        with pytest.raises(ConfigurationError, match=f"prefix: .*{text}"):
            RedisRateLimit("redis://localhost", fallback_share=0.5, prefix=prefix)

    def test_without_the_extra(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "redis", None)
        with pytest.raises(ConfigurationError, match=r"pip install 'knock-sdk\[redis\]'"):
            RedisRateLimit("redis://localhost", fallback_share=0.5)

    def test_it_shows_no_url(self) -> None:
        limit = RedisRateLimit(f"redis://:{PASSWORD}@localhost", fallback_share=0.5, prefix="ours:")
        assert repr(limit) == "<RedisRateLimit, prefix 'ours:'>"
