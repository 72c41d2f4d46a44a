"""The vendor's client for browsers, in Node: its feed is live.

Where it is not installed, these tests are skipped, as those of `test_node` are.
"""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import Knock
from knock_sdk.testing import Simulator
from knock_sdk.user_tokens import sign_user_token
from tests.support.signing_keys import PRIVATE, PUBLIC

from .callers import KEY
from .node_caller import NODE, skip_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INSTALLED = NODE / "node_modules" / "@knocklabs" / "client" / "package.json"
REASON = skip_reason() or (None if INSTALLED.exists() else "@knocklabs/client is not installed")
pytestmark = pytest.mark.skipif(REASON is not None and "NODE_TESTS_REQUIRED" not in os.environ, reason=str(REASON))


PATIENCE = 25
"""Seconds after which Node is ended: far longer than it takes on a busy machine."""


class Feed:
    """A feed that a process of Node listens to."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._seen: list[Any] = []

    def wait_for(self, condition: Callable[[Any], bool]) -> Any:
        """Return the next line for which a condition holds."""
        assert self._process.stdout
        for line in self._process.stdout:
            self._seen.append(json.loads(line))
            if condition(self._seen[-1]):
                return self._seen[-1]
        raise AssertionError(self._seen)

    def wait_until_ready(self) -> None:
        """Wait until the feed was listed and joined: the client loses what it hears of while it lists."""
        self.wait_for(lambda _: any("__typename" in each for each in self._seen) and {"joined": "ok"} in self._seen)

    def wait_for_counts(self, *, total: int, unread: int) -> Any:
        """Return the feed when it has so many items, and so many of them are unread."""
        return self.wait_for(
            lambda line: (
                "ids" in line
                and (line["total_count"], line["unread_count"], len(line["ids"])) == (total, unread, total)
            )
        )

    def do(self, action: str) -> None:
        """Have the page do something."""
        assert self._process.stdin
        self._process.stdin.write(f"{action}\n")
        self._process.stdin.flush()


@contextmanager
def listening(url: str, sim: Simulator, token: str = "") -> Iterator[Feed]:
    command = ["node", "feed.mjs", url, "pk_test", "ana", sim.channel("in_app_feed").id, token]
    with subprocess.Popen(
        command, cwd=NODE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        too_late = Timer(PATIENCE, process.kill)
        too_late.start()
        try:
            yield Feed(process)
        finally:
            too_late.cancel()
            process.kill()


@pytest.fixture
def sim() -> Simulator:
    assert REASON is None, REASON
    return Simulator()


def test_a_feed_is_live(sim: Simulator) -> None:
    with sim.serve() as url, Knock(api_key=KEY, base_url=url) as knock, listening(url, sim) as feed:
        knock.users.update("ana")
        feed.wait_until_ready()
        for number in range(1, 4):
            knock.workflows.trigger("w", recipients=["ana"])
            found = feed.wait_for_counts(total=number, unread=number)
            newest_first = [message.id for message in reversed(sim.messages(to="ana"))]
            assert found["ids"] == newest_first
        feed.do("read")
        feed.wait_for_counts(total=3, unread=2)
        feed.wait_for(lambda line: line.get("done") == "read")
        feed.do("archive all")
        feed.wait_for(lambda line: line.get("done") == "archive all")
        knock.workflows.trigger("w", recipients=["ana"])
        feed.wait_for_counts(total=1, unread=1)


def test_a_signed_token_is_needed_in_secure_mode(sim: Simulator) -> None:
    sim.signing_key = PUBLIC
    with sim.serve() as url, Knock(api_key=KEY, base_url=url) as knock:
        knock.users.update("ana")
        with listening(url, sim) as feed:
            assert feed.wait_for(lambda line: "joined" in line) == {"joined": "error", "reason": "unauthorized"}
        # By the clock of Node, too, the token must not have expired.
        with listening(url, sim, sign_user_token("ana", signing_key=PRIVATE, expires_in=360_000_000)) as feed:
            feed.wait_until_ready()
            knock.workflows.trigger("w", recipients=["ana"])
            feed.wait_for_counts(total=1, unread=1)
