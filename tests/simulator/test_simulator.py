"""The simulator itself: ids, time, declarations, clients, concurrent calls."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from threading import Thread
from typing import Any

import pytest
import trio

from knock_sdk.testing import Simulator


def test_the_seed_determines_the_ids() -> None:
    def ids(seed: int) -> list[str]:
        sim = Simulator(seed=seed)
        sim.client().workflows.trigger("w", recipients=[{"id": "ana"}, {"id": "ben"}])
        return [name for message in sim.messages() for name in (message.id, message.source.workflow_run_id or "")]

    assert ids(1) == ids(1)
    assert not set(ids(1)) & set(ids(2))
    assert all(len(name) == 27 and name.isalnum() for name in ids(1)[::2])
    assert len(set(ids(1))) == 3


def test_the_clock_stands_still_and_moves_forward_only() -> None:
    start = datetime(2030, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    sim = Simulator(now=start)
    client = sim.client(strict=True)
    assert client.users.update("ana").updated_at == start
    sim.advance(hours=1, minutes=1, seconds=1)
    assert sim.now == start + timedelta(seconds=3661)
    assert client.users.update("ana").updated_at == sim.now
    before = sim.now
    sim.advance(timedelta(hours=1), weeks=2, days=1.5)
    assert sim.now - before == timedelta(days=15, hours=13)
    with pytest.raises(ValueError, match="backwards"):
        sim.advance(days=-1, hours=23)
    with pytest.raises(ValueError, match="time zone"):
        Simulator(now=datetime(2030, 1, 1))  # noqa: DTZ001 (naive on purpose)


def test_declarations_are_checked(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="carrier-pigeon"):
        sim.workflow("w", channels=["carrier-pigeon"])
    with pytest.raises(TypeError, match="channels: takes a list, not one string"):
        sim.workflow("w", channels="email")
    with pytest.raises(ValueError, match="pigeon"):
        sim.channel("x", type="pigeon")
    given = sim.channel("mine", type="email", channel_id="4f1c9a52-7d0e-4f53-9a9b-2f3f5c1d8e60")
    assert sim.channel("mine") == given
    assert given.id == "4f1c9a52-7d0e-4f53-9a9b-2f3f5c1d8e60"
    assert sim.channel("sms").id == Simulator().channel("sms").id


@pytest.mark.parametrize(
    ("call", "error", "problem"),
    [
        (
            lambda _: Simulator(now="2026-01-01"),
            TypeError,
            "now: takes a time, such as datetime(2026, 1, 5, tzinfo=timezone.utc), not str",
        ),
        (lambda sim: sim.advance(3600), TypeError, "wait: takes a timedelta, not int"),
        (
            lambda sim: sim.advance_to("2030-01-01"),
            TypeError,
            "moment: takes a time, such as datetime(2026, 1, 5, tzinfo=timezone.utc), not str",
        ),
        (lambda sim: sim.advance_to(datetime(2030, 1, 1)), ValueError, "moment: takes a time with a time zone"),  # noqa: DTZ001
        (lambda _: Simulator(default_preferences={"chanel_types": {}}), ValueError, "did you mean 'channel_types'"),
        (
            lambda _: Simulator(default_preferences={"channel_types": {"emial": False}}),
            ValueError,
            "default_preferences.channel_types: there is no field 'emial'; did you mean 'email'",
        ),
        (lambda sim: sim.assert_sent(count="1"), TypeError, "count: takes a whole number"),
        (lambda sim: sim.assert_sent(count=False), TypeError, "count: takes a whole number"),
        (lambda sim: sim.assert_triggered("w", count=-1), ValueError, "count: takes 0 or more"),
        (lambda sim: sim.fail_bulk_operations("users.identfy"), ValueError, "did you mean 'users.identify'"),
        (
            lambda sim: sim.fail_bulk_operations("objects.p.sets"),
            ValueError,
            "'objects.p.sets'; did you mean 'objects.<collection>.set'",
        ),
        (lambda sim: sim.fail_bulk_operations("x"), ValueError, "there are messages.archived, "),
        (lambda sim: sim.audience("new", workflows=["coment-created"]), ValueError, "did you mean 'comment-created'"),
        (
            lambda sim: sim.guide("tour", content={}, audience="beta-user"),
            ValueError,
            "did you mean 'beta-users'",
        ),
        (
            lambda sim: sim.delivery("email", outcome="bounced", workflow="comment-craeted"),
            ValueError,
            "workflow: 'comment-craeted' is not declared; did you mean 'comment-created'? If not, declare",
        ),
        (lambda sim: sim.fail_bulk_operations(next=0), ValueError, "next: takes 1 or more"),
    ],
)
def test_arguments_are_checked(sim: Simulator, call: Any, error: type[Exception], problem: str) -> None:
    sim.workflow("comment-created")
    sim.audience("beta-users")
    with pytest.raises(error, match=re.escape(problem)):
        call(sim)


def test_names_may_be_declared_after_what_refers_to_them(sim: Simulator) -> None:
    sim.workflow("comment-created")
    sim.workflow("digest-1")
    sim.audience("vip", workflows=["comment-updated", "digest-2", "comment-created"])
    sim.guide("tour", content={}, audience="vap")
    sim.delivery("email", outcome="bounced", workflow="invoice")


def test_redeclaring_a_channel_changes_it_for_its_workflows(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["email"])
    sim.channel("email", provider="email_postmark", name="Postmark")
    knock.workflows.trigger("w", recipients=[{"id": "ana", "email": "ana@x.example"}])
    (message,) = sim.messages()
    assert message.channel is not None
    assert (message.channel.type, message.channel.provider) == ("email", "email_postmark")


def test_clients_of_one_simulator_share_its_state(sim: Simulator) -> None:
    with sim.client() as one:
        one.users.update("ana", name="Ana")
    with sim.client(api_key="pk_test_1", default_headers={"x-test": "1"}) as two:
        assert two.users.get("ana").name == "Ana"
    assert sim.requests[-1].headers["authorization"] == "Bearer pk_test_1"
    assert sim.requests[-1].headers["x-test"] == "1"


def test_concurrent_triggers_from_threads_send_one_message_each(sim: Simulator) -> None:
    client = sim.client()
    client.users.update("ana")

    def trigger() -> None:
        for _ in range(50):
            client.workflows.trigger("w", recipients=["ana"])

    threads = [Thread(target=trigger) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    messages = sim.messages()
    assert len(messages) == len({message.id for message in messages}) == 400


def test_the_asynchronous_client_runs_on_trio_too(sim: Simulator) -> None:
    async def main() -> None:
        async with sim.async_client() as client:
            await client.workflows.trigger("w", recipients=[{"id": "ana"}])

    trio.run(main)
    assert [message.recipient for message in sim.messages()] == ["ana"]


def test_importing_the_simulator_loads_neither_pydantic_nor_httpx() -> None:
    check = (
        "import sys, knock_sdk.testing as t; assert 'pydantic' not in sys.modules; t.Simulator().client(); "
        "assert 'httpx' not in sys.modules; [getattr(t, n) for n in t.__all__]"
    )
    subprocess.run([sys.executable, "-c", check], check=True)


def test_concurrent_triggers_with_one_idempotency_key_run_once(sim: Simulator) -> None:
    async def main() -> list[str]:
        async with sim.async_client() as client:
            await client.users.update("ana")
            runs = await asyncio.gather(
                *(client.workflows.trigger("w", recipients=["ana"], idempotency_key="k") for _ in range(50))
            )
        return [run.workflow_run_id for run in runs]

    assert len(set(asyncio.run(main()))) == 1
    assert len(sim.messages()) == 1
