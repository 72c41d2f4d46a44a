"""Long runs: random faults, and memory."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tests.support.ledger import Ledger
from tests.support.many import errors, in_tasks, in_threads
from tests.support.process_usage import descriptors, resident
from tests.support.server import Server, respond

from ..row import Outcome, Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.subjects import Subject

FAILURES = 5
GROWTH = 5 * 1024 * 1024
BATCH = 500


def _soak(subject: Subject, count: int, call: Callable[[Any, int], Any]) -> tuple[Ledger, dict[int, Any]]:
    """Make `count` calls, half from threads and half from tasks; return the ledger and the outcomes."""
    ledger = Ledger()

    async def with_tasks(url: str) -> dict[int, Any]:
        async with subject.async_client(url) as client:
            return await in_tasks(lambda number: call(client, number), range(count // 2, count))

    with ledger.server() as server:
        with subject.client(server.url) as client:
            outcomes = in_threads(lambda number: call(client, number), range(count // 2))
        outcomes |= asyncio.run(with_tasks(server.url))
    return ledger, outcomes


def _lost(ledger: Ledger, outcomes: dict[int, Any]) -> int:
    """Return the number of calls that returned without having been carried out."""
    return len(outcomes.keys() - errors(outcomes).keys() - ledger.committed.keys())


def _says_whether_sent(error: Exception) -> bool:
    """Return whether an error says how far the request got: a response, not sent, or perhaps received."""
    return hasattr(error, "status_code") or (
        isinstance(getattr(error, "sent", None), bool)
        and any(words in str(error) for words in ("not sent", "may have been received"))
    )


def triggers(subject: Subject) -> Outcome:
    """Make 2,000 triggers with 20 % faults."""
    ledger, outcomes = _soak(
        subject, 2000, lambda client, number: client.workflows.trigger("flow", recipients=["u1"], data={"n": number})
    )
    failed = errors(outcomes)
    mute = sum(not _says_whether_sent(error) for error in failed.values())
    strange = sum(not isinstance(error, subject.error) for error in failed.values())
    done = sum(number in ledger.committed for number in failed)
    counts = (ledger.doubled, ledger.altered, ledger.shared_keys, _lost(ledger, outcomes), mute, strange)
    return Outcome(
        f"{ledger.doubled} duplicates, {_lost(ledger, outcomes)} lost, {ledger.altered} with another key or body,"
        f" {len(failed)} failed of 2,000 ({done} of them carried out; {mute} do not say whether sent);"
        f" faults {ledger.share:.1%}",
        held=not any(counts) and len(failed) <= FAILURES and ledger.share > 0.19,
    )


def schedules(subject: Subject) -> Outcome:
    """Make 1,000 schedules, which have no idempotency key, with 20 % faults."""
    ledger, outcomes = _soak(
        subject,
        1000,
        lambda client, number: client.schedules.create(recipients=["u1"], workflow="flow", data={"n": number}),
    )
    failed = errors(outcomes)
    unknown = sum(type(error).__name__ == "OutcomeUnknownError" for error in failed.values())
    by_status = sum(hasattr(error, "status_code") for error in failed.values())
    # Any other error must say, correctly, that nothing was sent.
    unsent = sum(
        getattr(error, "sent", None) is False and number not in ledger.attempts for number, error in failed.items()
    )
    untyped = len(failed) - unknown - by_status - unsent
    lost = _lost(ledger, outcomes)
    return Outcome(
        f"{ledger.doubled} created twice or more, {lost} lost; {len(failed)} failed of 1,000: {unknown} with the"
        f" outcome unknown, {by_status} by status, {unsent} not sent, {untyped} otherwise; faults {ledger.share:.1%}",
        held=not ledger.doubled and not lost and not untyped and unknown > 0 and ledger.share > 0.19,
    )


def memory(subject: Subject) -> Outcome:
    """Make 20,000 calls, after 1,000 that fill pools and caches."""
    user = {"__typename": "User", "id": "u1", "updated_at": "2026-01-01T00:00:00Z", "name": "A", "plan": "pro"}
    failed = 0

    async def with_tasks(url: str, count: int) -> None:
        nonlocal failed
        async with subject.async_client(url) as client:
            for start in range(0, count, BATCH):
                outcomes = await in_tasks(lambda number: client.users.get(f"u{number}"), range(start, start + BATCH))
                failed += len(errors(outcomes))
                server.requests.clear()

    def with_threads(url: str, count: int) -> None:
        nonlocal failed
        with subject.client(url) as client:
            for start in range(0, count, BATCH):
                outcomes = in_threads(lambda number: client.users.get(f"u{number}"), range(start, start + BATCH))
                failed += len(errors(outcomes))
                server.requests.clear()

    def run(count: int) -> None:
        with_threads(server.url, count)
        asyncio.run(with_tasks(server.url, count))
        server.wait_for(lambda server: server.open == 0)

    with Server(respond(json=user)) as server:
        run(BATCH)
        before = resident(), descriptors()
        run(10_000)
        growth, gained = resident() - before[0], descriptors() - before[1]
    return Outcome(
        f"RSS {growth / 1024 / 1024:+.1f} MB, {gained:+d} descriptors, {failed} failed",
        held=growth <= GROWTH and gained <= 0 and not failed,
    )


ROWS: list[Row] = [
    Row(
        1,
        "20 % mixed faults, 2,000 triggers",
        "0 duplicates; same key and bytes; ≤ 5 failures, each saying whether sent",
        triggers,
    ),
    Row(
        2,
        "20 % mixed faults, 1,000 `schedules.create`",
        "0 double commits; ambiguous outcomes raise typed errors",
        schedules,
    ),
    Row(33, "20,000 calls", "RSS ≤ +5 MB, 0 descriptors", memory),
]
