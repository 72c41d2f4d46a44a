"""Response bodies of the server, made from the example bodies of the tests."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from tests.support.examples import example

PAGE_SIZE = 50
RUN_ID: str = json.loads(example("TriggerWorkflowResponse"))["workflow_run_id"]
TRIGGERED = json.dumps({"workflow_run_id": RUN_ID}, separators=(",", ":")).encode()


def compact(data: object) -> bytes:
    """Return compact JSON, as servers send it."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()


@cache
def messages(count: int = PAGE_SIZE) -> bytes:
    """Return a page of `count` messages with every documented field; ids, recipients and times differ."""
    page = json.loads(example("ListMessagesResponse"))
    page["items"] = [_message(page["items"], number) for number in range(count)]
    return compact(page)


def _message(examples: list[dict[str, Any]], number: int) -> dict[str, Any]:
    message = deepcopy(examples[number % len(examples)])
    message["id"] = f"{message['id'][:-4]}{number:04}"
    message["data"]["invoice"] = str(20_000 + number)
    for record in (message, message["recipient_snapshot"]):
        for name, value in record.items():
            if name.endswith("_at"):
                record[name] = _later(value, number)
    return message


def _later(time: str, seconds: int) -> str:
    moved = datetime.fromisoformat(time.replace("Z", "+00:00")) + timedelta(seconds=seconds)
    return moved.isoformat().replace("+00:00", "Z")


@cache
def users(count: int) -> bytes:
    """Return `count` users, separated by commas: the inside of a list."""
    examples = json.loads(example("ListUsersResponse"))["entries"]
    return b",".join(compact({**examples[n % len(examples)], "id": f"user-{n:06}"}) for n in range(count))


def user_page(count: int, after: str | None, page_size: int = PAGE_SIZE) -> bytes:
    """Return a page of `count` users, with the cursor of the next page."""
    info = {"__typename": "PageInfo", "after": after, "before": None, "page_size": page_size}
    return b'{"entries":[%b],"page_info":%b}' % (users(count), compact(info))
