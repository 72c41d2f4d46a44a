"""Send the notifications for a day of product events.

Run it with `python examples/quickstart.py`. Without an account it uses the in-memory simulator. If
`KNOCK_API_KEY` is set, it uses your Knock environment. The workflows of `data/workflows.json` must exist there: create
them in the dashboard, with the same keys, channels and categories. The optional argument is a folder with the same four
files.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from _quickstart_data import DataError, Event, create_simulator, load
from _quickstart_report import Progress, report, show

from knock_sdk import Knock, KnockError


def main(folder: Path) -> None:
    """Identify users, set preferences, trigger workflows, and print a report."""
    data = load(folder)
    simulator = None if "KNOCK_API_KEY" in os.environ else create_simulator(data)
    started = simulator.now if simulator else datetime.now(timezone.utc)

    with simulator.client() if simulator else Knock() as client:
        # Create or update every user. Properties that Knock does not define, such as the plan, are custom properties.
        progress = Progress("Users identified", len(data.users))
        for user in data.users.values():
            client.users.update(
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

        for chosen in data.preferences:
            client.users.set_preferences(chosen.user_id, chosen.set_id, **chosen.sections)

        # One trigger per event notifies all recipients, each on the channels that they want. Since the idempotency key
        # is the id of the event, running this again within 24 hours sends nothing twice.
        progress = Progress("Workflows triggered", len(data.events))
        runs: dict[str, Event] = {}
        for event in data.events:
            run = client.workflows.trigger(
                event.workflow,
                recipients=event.recipients,
                actor=event.actor,
                tenant=event.tenant,
                data={**event.data, "occurred_at": event.at},
                idempotency_key=event.id,
            )
            runs[run.workflow_run_id] = event
            progress.step()

        # Knock creates and delivers messages after it has responded to the trigger.
        if simulator:
            simulator.advance(minutes=1)
        else:
            time.sleep(15)

        # Iterating over a list fetches all of its pages.
        since = started - timedelta(days=1)
        messages = [
            message
            for message in client.messages.list(inserted_at={"gte": since}, page_size=50)
            if message.source.workflow_run_id in runs
        ]
        preferences = {user_id: client.users.list_preferences(user_id) for user_id in data.users}

    show(report(data, runs, messages, preferences))


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "data")
    except (DataError, KnockError) as error:
        sys.exit(f"quickstart: {error}")
