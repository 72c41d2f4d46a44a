"""The same as quickstart.py with asyncio, ten calls at a time.

Run it with `python examples/quickstart_async.py`; quickstart.py explains the simulator, `KNOCK_API_KEY` and the
argument.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from _quickstart_data import DataError, Event, PreferenceSet, User, create_simulator, load
from _quickstart_report import Progress, report, show

from knock_sdk import AsyncKnock, KnockError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

T = TypeVar("T")

AT_A_TIME = 10


async def for_each(items: Iterable[T], work: Callable[[T], Awaitable[None]]) -> None:
    """Call `work` for every item, for ten items at a time."""
    remaining = iter(items)

    async def worker() -> None:
        for item in remaining:
            await work(item)

    workers = [asyncio.create_task(worker()) for _ in range(AT_A_TIME)]
    try:
        await asyncio.gather(*workers)
    finally:
        # If one has failed, the others end before the error is raised.
        for each in workers:
            each.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


async def main(folder: Path) -> None:
    """Identify users, set preferences, trigger workflows, and print a report."""
    data = load(folder)
    simulator = None if "KNOCK_API_KEY" in os.environ else create_simulator(data)
    started = simulator.now if simulator else datetime.now(timezone.utc)
    runs: dict[str, Event] = {}

    async with simulator.async_client() if simulator else AsyncKnock() as client:

        async def identify(user: User) -> None:
            await client.users.update(
                user.id,
                name=user.name,
                email=user.email,
                phone_number=user.phone_number,
                timezone=user.timezone,
                locale=user.locale,
                created_at=user.created_at,
                properties=user.properties,
            )
            progress.step()

        async def set_preferences(chosen: PreferenceSet) -> None:
            await client.users.set_preferences(chosen.user_id, chosen.set_id, **chosen.sections)

        async def trigger(event: Event) -> None:
            run = await client.workflows.trigger(
                event.workflow,
                recipients=event.recipients,
                actor=event.actor,
                tenant=event.tenant,
                data={**event.data, "occurred_at": event.at},
                idempotency_key=event.id,
            )
            runs[run.workflow_run_id] = event
            progress.step()

        progress = Progress("Users identified", len(data.users))
        await for_each(data.users.values(), identify)
        await for_each(data.preferences, set_preferences)
        progress = Progress("Workflows triggered", len(data.events))
        await for_each(data.events, trigger)

        # Knock creates and delivers messages after it has responded to the trigger.
        if simulator:
            simulator.advance(minutes=1)
        else:
            await asyncio.sleep(15)

        since = started - timedelta(days=1)
        messages = [
            message
            async for message in client.messages.list(inserted_at={"gte": since}, page_size=50)
            if message.source.workflow_run_id in runs
        ]
        preferences = {user_id: await client.users.list_preferences(user_id) for user_id in data.users}

    show(report(data, runs, messages, preferences))


if __name__ == "__main__":
    try:
        asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "data"))
    except (DataError, KnockError) as error:
        sys.exit(f"quickstart: {error}")
