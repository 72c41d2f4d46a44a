"""Send notifications from AWS Lambda, for messages of an SQS queue.

It shows a client that warm invocations share, a time limit taken from the invocation, and partial failures: only the
messages that failed return to the queue.

The function needs `KNOCK_API_KEY`, and as its handler `lambda_handler.handle`. In the event source mapping, switch on
`ReportBatchItemFailures`; give the queue a visibility timeout of six times that of the function, and a dead-letter
queue for messages that fail again and again. The body of a message is JSON:

    {"id": "evt-1", "workflow": "welcome", "recipients": [{"id": "ellie"}], "data": {"plan": "pro"}}

To try it without an account, start a simulated Knock (`pip install 'knock-sdk[simulator]'`), and send it the messages
of a file, one on a line:

    python -m knock_sdk.testing --port 8400
    KNOCK_API_KEY=sk_test KNOCK_BASE_URL=http://127.0.0.1:8400 python lambda_handler.py messages.jsonl
"""

from __future__ import annotations

import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypedDict

from pydantic import BaseModel, ConfigDict, ValidationError

from knock_sdk import Knock, KnockError

logger = logging.getLogger(__name__)

# Made when Lambda loads the module: invocations share its connections. Lambda may freeze the process between two of
# them for longer than a connection lives; the client notices, and opens another one.
knock = Knock(attempt_timeout=5)

AT_A_TIME = 10
"""Calls at the same time."""
LONGEST = 20.0
"""Seconds that a call may take, if the invocation has as many left."""
RESERVE = 2.0
"""Seconds of an invocation that are kept for its response: one that is late counts as failed, with all messages."""


class Notification(BaseModel):
    """The body of a message."""

    model_config = ConfigDict(hide_input_in_errors=True)  # logs show no personal data

    id: str
    workflow: str
    recipients: list[str | dict[str, Any]]
    data: dict[str, Any] = {}


class Record(TypedDict):
    """A message of the queue; it has further keys."""

    messageId: str
    body: str


class Event(TypedDict):
    """A batch of messages."""

    Records: list[Record]


class Failure(TypedDict):
    """A message that failed."""

    itemIdentifier: str


class Result(TypedDict):
    """What SQS is told: these messages failed, all others are done."""

    batchItemFailures: list[Failure]


class Context(Protocol):
    """What Lambda says about the invocation."""

    def get_remaining_time_in_millis(self) -> int:
        """Return how many milliseconds are left until Lambda ends the invocation."""


def handle(event: Event, context: Context) -> Result:
    """Send a batch of notifications; return the messages that failed, which SQS delivers again.

    The order of messages does not count here. With a FIFO queue, take them one after another, and report all that
    follow a failed one as well.
    """
    records = event["Records"]
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        sent = threads.map(partial(send, context), records)
        failed = [record["messageId"] for record, done in zip(records, sent, strict=True) if not done]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def send(context: Context, record: Record) -> bool:
    """Send the notification of a message; return whether that succeeded."""
    remaining = context.get_remaining_time_in_millis() / 1000 - RESERVE
    if remaining <= 0:
        logger.warning("message %s: the invocation has no time left", record["messageId"])
        return False
    try:
        notification = Notification.model_validate_json(record["body"])
        knock.workflows.trigger(
            notification.workflow,
            recipients=notification.recipients,
            data=notification.data,
            # SQS may deliver a message twice, and its producer may send an event twice. The id of the event is the same
            # in all of them, so that Knock carries it out once in 24 hours.
            idempotency_key=notification.id,
            timeout=min(remaining, LONGEST),
        )
    except (KnockError, ValidationError) as error:
        # Whether it may pass or not: a message that keeps failing ends in the dead-letter queue, and none is lost.
        logger.error("message %s: %s", record["messageId"], error)  # noqa: TRY400 - its text says it all
        return False
    return True


class Minute:
    """An invocation outside of Lambda."""

    def get_remaining_time_in_millis(self) -> int:
        """Return a minute."""
        return 60_000


if __name__ == "__main__":
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    result = handle({"Records": [{"messageId": str(n), "body": line} for n, line in enumerate(lines, 1)]}, Minute())
    print(f"{len(lines)} messages, failed: {[each['itemIdentifier'] for each in result['batchItemFailures']]}")
