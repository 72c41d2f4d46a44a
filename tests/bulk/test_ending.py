"""A job that ends early: promptly, with nothing sent afterwards, and ready to go on."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from knock_sdk import APIConnectionError, AsyncKnock, Knock
from knock_sdk._core.rate_limits import tiers
from knock_sdk.bulk._journal import Journal
from tests.support.environment import plain_environment
from tests.support.server import Server, after, respond
from tests.wire.caller import KEY, Caller

from .engines import TRIGGERED, operation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from typing_extensions import Self

    from tests.support.server import Received, Reply

TRIGGERS = [{"key": "digest", "recipients": [f"u{number}"], "data": {"n": number}} for number in range(300)]


class Stop(Exception):  # noqa: N818 (what the caller's code raises)
    """Raised in the caller's code."""


class Recipients:
    """A server that carries triggers out, once per key, after a while."""

    def __init__(self, delay: float = 0.02) -> None:
        self.delay = delay
        self.keys: Counter[str] = Counter()
        self.carried_out: Counter[int] = Counter()
        self.server = Server.by(self._pick)

    def _pick(self, received: Received) -> Reply:
        key = received.headers["idempotency-key"]
        self.keys[key] += 1
        if self.keys[key] == 1:
            self.carried_out[received.json["data"]["n"]] += 1
        return after(self.delay, respond(json=TRIGGERED))

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.__exit__()

    def is_quiet(self) -> bool:
        """Return whether no request comes any more."""
        time.sleep(0.1)
        before = len(self.server.requests)
        time.sleep(0.15)
        return len(self.server.requests) == before


@pytest.fixture
def recipients() -> Iterator[Recipients]:
    with Recipients() as made:
        yield made


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    """Check that no thread of a job is left."""
    yield
    gc.collect()
    limit = time.monotonic() + 5
    while any(thread.name == "knock-sdk-bulk" for thread in threading.enumerate()):
        assert time.monotonic() < limit
        time.sleep(0.01)


def check_goes_on(caller: Caller, client: Any, recipients: Recipients, path: Path) -> None:
    """Check that the rest is carried out, and nothing twice."""
    report = caller(client.workflows.trigger_each, TRIGGERS, journal=path)
    assert report.succeeded + report.already_done == len(TRIGGERS)
    assert (report.failed, report.unknown) == (0, 0)
    assert recipients.carried_out == dict.fromkeys(range(len(TRIGGERS)), 1)


def stopping_at(number: int) -> Iterator[Any]:
    yield from TRIGGERS[:number]
    raise Stop


def test_an_exception_of_the_callers_iterator(caller: Caller, recipients: Recipients, tmp_path: Path) -> None:
    client = caller.client(recipients.server.url)
    with pytest.raises(Stop):
        caller(client.workflows.trigger_each, stopping_at(120), journal=tmp_path / "j")
    assert recipients.is_quiet()
    check_goes_on(caller, client, recipients, tmp_path / "j")


def test_an_exception_of_on_progress(caller: Caller, recipients: Recipients, tmp_path: Path) -> None:
    # In an event loop, an interrupt is a cancellation.
    kind: type[BaseException] = KeyboardInterrupt if caller.kind == "sync" else Stop

    def tell(progress: Any) -> None:
        if progress.done > 50:
            raise kind

    client = caller.client(recipients.server.url)
    with pytest.raises(kind):
        caller(client.workflows.trigger_each, TRIGGERS, journal=tmp_path / "j", on_progress=tell)
    assert recipients.is_quiet()
    assert len(recipients.server.requests) < 300
    check_goes_on(caller, client, recipients, tmp_path / "j")


def test_closing_the_client(caller: Caller, recipients: Recipients, tmp_path: Path) -> None:
    client = caller.client(recipients.server.url)
    ended: list[Any] = []
    outcome, _ = caller.together(
        [
            lambda: client.workflows.trigger_each(TRIGGERS, journal=tmp_path / "j"),
            caller.when(lambda: len(recipients.server.requests) > 20, client.close, ended),
        ]
    )
    assert isinstance(outcome, APIConnectionError)
    assert "the client was closed meanwhile" in str(outcome)
    assert recipients.is_quiet()
    assert len(recipients.server.requests) < 300
    check_goes_on(caller, client, recipients, tmp_path / "j")


def test_closing_the_client_while_the_job_waits_for_an_operation(caller: Caller) -> None:
    with Server(respond(json=operation("op-1", "processing"))) as server:
        client = caller.client(server.url)
        began = time.monotonic()
        outcome, _ = caller.together(
            [
                lambda: client.users.bulk.identify_many([{"id": "u"}]),
                caller.when(lambda: len(server.requests) > 2, client.close),
            ]
        )
    assert isinstance(outcome, APIConnectionError)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("kind", ["asyncio", "trio"])
@pytest.mark.parametrize("moment", [0.0, 0.005, 0.03, 0.1, 0.15])
def test_the_scope_of_a_time_limit(kind: str, moment: float, tmp_path: Path) -> None:
    async def limited(client: AsyncKnock) -> bool:
        with anyio.move_on_after(moment) as scope:
            await client.workflows.trigger_each(TRIGGERS, journal=tmp_path / "j")
        return scope.cancelled_caught

    with Recipients() as recipients, Caller(kind) as caller:
        client = caller.client(recipients.server.url)
        began = time.monotonic()
        assert caller(limited, client)
        assert time.monotonic() - began < moment + 2
        assert recipients.is_quiet()
        check_goes_on(caller, client, recipients, tmp_path / "j")


@pytest.mark.parametrize("moment", [0.0, 0.002, 0.004, 0.006, 0.008, 0.01, 0.02, 0.05, 0.12])
def test_a_task_that_is_cancelled(moment: float, tmp_path: Path) -> None:
    """asyncio's own cancellation comes through at any await, also while a thread writes the journal."""

    async def main(url: str) -> None:
        async with AsyncKnock(api_key=KEY, base_url=url) as client:
            others = asyncio.all_tasks()
            job = asyncio.create_task(client.workflows.trigger_each(TRIGGERS, journal=tmp_path / "j"))
            await asyncio.sleep(moment)
            job.cancel()
            with pytest.raises(asyncio.CancelledError):
                await job
            await asyncio.sleep(0.1)
            assert asyncio.all_tasks() == others
            report = await client.workflows.trigger_each(TRIGGERS, journal=tmp_path / "j")
            assert report.succeeded + report.already_done == len(TRIGGERS)

    with Recipients(0.01) as recipients:
        asyncio.run(main(recipients.server.url))
        assert recipients.carried_out == dict.fromkeys(range(len(TRIGGERS)), 1)


def test_one_of_several_jobs_that_fails_ends_the_others(tmp_path: Path) -> None:
    async def main(url: str) -> None:
        async with AsyncKnock(api_key=KEY, base_url=url) as client, anyio.create_task_group() as group:

            async def run(name: str) -> None:
                await client.workflows.trigger_each(TRIGGERS[100:], journal=tmp_path / name)

            async def fail() -> None:
                await anyio.sleep(0.1)
                raise Stop

            group.start_soon(run, "j")
            group.start_soon(fail)

    with Recipients() as recipients:
        with pytest.raises(BaseException) as caught:
            asyncio.run(main(recipients.server.url))
        assert isinstance(caught.value.exceptions[0], Stop)  # type: ignore[attr-defined]
        assert recipients.is_quiet()


def test_an_interrupt_from_the_keyboard(tmp_path: Path) -> None:
    """As a user sends it, to a program that waits."""
    program = (
        "import sys\n"
        "from knock_sdk import Knock\n"
        "items = [{'key': 'digest', 'recipients': [f'u{n}'], 'data': {'n': n}} for n in range(300)]\n"
        "with Knock(api_key='sk_test_1', base_url=sys.argv[1]) as client:\n"
        "    print(client.workflows.trigger_each(items, journal=sys.argv[2]).already_done)\n"
    )
    with Recipients(0.5) as recipients:
        run = [sys.executable, "-W", "error", "-c", program, recipients.server.url, str(tmp_path / "j")]
        child = subprocess.Popen(
            run, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=plain_environment()
        )
        recipients.server.wait_for(lambda server: len(server.requests) > 35)
        child.send_signal(signal.SIGINT)
        began = time.monotonic()
        out, error = child.communicate(timeout=30)
        assert time.monotonic() - began < 5
        assert out == ""
        assert error.rstrip().endswith("KeyboardInterrupt")
        assert "During handling" not in error
        again = subprocess.run(run, capture_output=True, text=True, check=True, env=plain_environment())
        assert int(again.stdout) > 0
        assert recipients.carried_out == dict.fromkeys(range(len(TRIGGERS)), 1)


def test_a_program_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from knock_sdk import Knock\n"
        "items = ({'key': 'digest', 'recipients': [f'u{n}'], 'data': {'n': n}} for n in range(300))\n"
        "with Knock(api_key='sk_test_1', base_url=sys.argv[1]) as client:\n"
        "    report = client.workflows.trigger_each(items, journal=sys.argv[2])\n"
        "print(report.succeeded, report.already_done, report.failed, report.unknown)\n"
    )
    with Recipients(0.1) as recipients:
        run = [sys.executable, "-W", "error", "-c", program, recipients.server.url, str(tmp_path / "j")]
        for turn in range(3):
            child = subprocess.Popen(run, env=plain_environment(), stdout=subprocess.DEVNULL)
            recipients.server.wait_for(lambda server, turn=turn: len(recipients.carried_out) > 60 * (turn + 1))
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
        last = subprocess.run(run, capture_output=True, text=True, check=True, env=plain_environment())
        succeeded, done, failed, unknown = map(int, last.stdout.split())
    assert (succeeded + done, failed, unknown) == (300, 0, 0)
    assert done > 0
    assert recipients.carried_out == dict.fromkeys(range(300), 1)


def test_schedules_of_a_program_that_is_killed_are_unknown(tmp_path: Path) -> None:
    created: Counter[int] = Counter()

    def pick(received: Received) -> Reply:
        if received.method == "GET":
            return respond(json=operation("op", "completed"))
        numbers = [int(each["recipient"][1:]) for each in received.json["schedules"]]
        created.update(numbers)
        return after(0 if 0 in numbers else 30, respond(json=operation("op")))

    program = (
        "import json, sys\n"
        "from knock_sdk import Knock\n"
        "items = ({'workflow': 'digest', 'recipient': f'u{n}'} for n in range(2500))\n"
        "with Knock(api_key='sk_test_1', base_url=sys.argv[1]) as client:\n"
        "    report = client.schedules.bulk.create_many(items, journal=sys.argv[2])\n"
        "print(json.dumps([report.succeeded, report.already_done, [f.index for f in report.failures]]))\n"
    )
    with Server.by(pick) as server:
        run = [sys.executable, "-W", "error", "-c", program, server.url, str(tmp_path / "j")]
        child = subprocess.Popen(run, env=plain_environment(), stdout=subprocess.DEVNULL)
        server.wait_for(lambda _: len(created) == 2000)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        # From now on the server answers at once.
        server._pick = lambda received: (
            created.update(int(each["recipient"][1:]) for each in received.json["schedules"])
            or respond(json=operation("op"))
            if received.method == "POST"
            else respond(json=operation("op", "completed"))
        )
        last = subprocess.run(run, capture_output=True, text=True, check=True, env=plain_environment())
    succeeded, done, unknown = json.loads(last.stdout)
    assert (succeeded + done, unknown) == (1500, list(range(1000, 2000)))
    assert set(created.values()) == {1}


class Created:
    """A server that creates schedules at once."""

    def __init__(self) -> None:
        self.numbers: Counter[int] = Counter()
        self.server = Server.by(self._pick)

    def _pick(self, received: Received) -> Reply:
        if received.method == "GET":
            return respond(json=operation("op", "completed"))
        self.numbers.update(int(each["recipient"][1:]) for each in received.json["schedules"])
        return respond(json=operation("op"))


def test_what_waited_for_its_turn_when_it_was_interrupted_was_not_sent(caller: Caller, tmp_path: Path) -> None:
    """One request a second is allowed, so that the next one waits for most of the time."""
    created = Created()
    schedules = [{"workflow": "digest", "recipient": f"u{number}"} for number in range(2500)]

    async def cancelled(client: AsyncKnock) -> None:
        with anyio.move_on_after(20):
            async with anyio.create_task_group() as group:

                def tell(progress: Any) -> None:
                    if progress.done:
                        group.cancel_scope.cancel()

                await client.schedules.bulk.create_many(schedules, journal=tmp_path / "j", on_progress=tell)

    def interrupt(progress: Any) -> None:
        if progress.done:
            raise KeyboardInterrupt

    with created.server as server:
        client = caller.client(server.url, api_key=f"sk_test_turns_{caller.kind}")
        if caller.kind == "sync":
            with pytest.raises(KeyboardInterrupt):
                client.schedules.bulk.create_many(schedules, journal=tmp_path / "j", on_progress=interrupt)
        else:
            caller(cancelled, client)
        assert len(created.numbers) == 1000
        report = caller(client.schedules.bulk.create_many, schedules, journal=tmp_path / "j")
    assert (report.succeeded, report.already_done, report.unknown) == (1500, 1000, 0)
    assert created.numbers == dict.fromkeys(range(2500), 1)


def test_clients_of_a_key_share_the_rate_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two jobs at once take as long as both one after the other."""
    monkeypatch.setitem(tiers.PER_SECOND, 5, 200)  # type: ignore[index]
    with Recipients(0) as recipients:
        jobs = [
            threading.Thread(target=_run_job, args=(recipients.server.url, TRIGGERS[start : start + 100]))
            for start in (0, 100)
        ]
        for job in jobs:
            job.start()
        for job in jobs:
            job.join()
        arrived = sorted(request.at for request in recipients.server.requests)
    assert len(arrived) == 200
    assert max(sum(start <= at < start + 1 for at in arrived) for start in arrived) <= 205


def _run_job(url: str, triggers: list[Any]) -> None:
    with Knock(api_key="sk_test_shared", base_url=url) as client:
        client.workflows.trigger_each(triggers)


def test_a_task_that_is_cancelled_while_its_journal_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its journal can be used at once, although a thread was about to lock it."""
    make = Journal.__init__
    opening, opened = threading.Event(), threading.Event()

    def slowly(self: Journal, *args: Any) -> None:
        opening.set()
        time.sleep(0.2)
        make(self, *args)
        opened.set()

    monkeypatch.setattr(Journal, "__init__", slowly)

    async def main(url: str) -> None:
        async with AsyncKnock(api_key=KEY, base_url=url) as client:
            job = asyncio.create_task(client.workflows.trigger_each(TRIGGERS, journal=tmp_path / "j"))
            while not opening.is_set():  # noqa: ASYNC110 (it is set in a thread)
                await asyncio.sleep(0.005)
            job.cancel()
            with pytest.raises(asyncio.CancelledError):
                await job
            assert opened.is_set()
            monkeypatch.undo()
            report = await client.workflows.trigger_each(TRIGGERS, journal=tmp_path / "j")
            assert report.succeeded == len(TRIGGERS)

    with Recipients(0.01) as recipients:
        asyncio.run(main(recipients.server.url))
