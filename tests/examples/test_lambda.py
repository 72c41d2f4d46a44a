"""The function for AWS Lambda: what it tells SQS, and how it keeps to the time of its invocation."""

from __future__ import annotations

import importlib
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Simulator

from .programs import FOLDER, KEY, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Context:
    """An invocation whose time is over after a number of calls."""

    def __init__(self, *milliseconds: int) -> None:
        self._milliseconds = list(milliseconds)

    def get_remaining_time_in_millis(self) -> int:
        return self._milliseconds.pop(0) if len(self._milliseconds) > 1 else self._milliseconds[0]


@pytest.fixture
def handle(monkeypatch: pytest.MonkeyPatch, intercepted_knock: Simulator) -> Iterator[Callable[..., Any]]:
    """The handler, in a module that was loaded anew; its client reaches the simulator."""
    monkeypatch.syspath_prepend(FOLDER)
    intercepted_knock.workflow("welcome", channels=["email"])
    yield importlib.import_module("lambda_handler").handle
    del sys.modules["lambda_handler"]


def record(number: int, **changes: object) -> dict[str, str]:
    body = {"id": f"evt-{number}", "workflow": "welcome", "recipients": [{"id": f"u{number}", "email": "u@x.example"}]}
    return {"messageId": f"m{number}", "body": json.dumps({**body, **changes})}


def failures(result: dict[str, list[dict[str, str]]]) -> list[str]:
    (failed,) = result.values()
    return [each["itemIdentifier"] for each in failed]


def test_a_batch_is_sent_and_nobody_is_notified_twice(handle: Callable[..., Any], knock_simulator: Simulator) -> None:
    batch = {"Records": [record(number) for number in range(25)]}
    for _ in range(2):  # SQS may deliver a batch twice
        assert handle(batch, Context(60_000)) == {"batchItemFailures": []}
    assert {message.recipient for message in knock_simulator.messages()} == {f"u{number}" for number in range(25)}
    assert len(knock_simulator.messages()) == 25


def test_only_messages_that_failed_return_to_the_queue(
    handle: Callable[..., Any], knock_simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    knock_simulator.fail(lambda request: b'"u3"' in request.body, status=503, next=None)
    malformed = {"messageId": "m4", "body": '{"id": "secret"}'}
    batch = {
        "Records": [record(1), record(2, workflow="wellcome"), record(3), malformed, record(5, recipients=["u"] * 1001)]
    }
    assert failures(handle(batch, Context(60_000))) == ["m2", "m3", "m4", "m5"]
    knock_simulator.assert_sent(to="u1")
    assert len(knock_simulator.messages()) == 1
    assert "message m2: 404 workflow_missing" in caplog.text
    assert "message m4: 2 validation errors" in caplog.text
    assert "secret" not in caplog.text


def test_a_call_takes_no_longer_than_the_invocation(handle: Callable[..., Any], knock_simulator: Simulator) -> None:
    """A client of the simulator times out at once if the response would come later than its time limit."""
    knock_simulator.slow(4, "workflows.trigger", next=None)
    assert failures(handle({"Records": [record(1)]}, Context(5_000))) == ["m1"]
    assert failures(handle({"Records": [record(1)]}, Context(9_000))) == []


def test_what_there_is_no_time_for_returns_to_the_queue_unsent(
    handle: Callable[..., Any], knock_simulator: Simulator
) -> None:
    assert failures(handle({"Records": [record(1), record(2)]}, Context(1_999))) == ["m1", "m2"]
    assert knock_simulator.requests == []


def test_as_a_program(tmp_path: Path) -> None:
    sim = Simulator()
    lines = [record(1)["body"], "{}"]
    (tmp_path / "messages.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with sim.serve() as url:
        done = run("lambda_handler.py", str(tmp_path / "messages.jsonl"), KNOCK_API_KEY=KEY, KNOCK_BASE_URL=url)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "2 messages, failed: ['2']\n"
    sim.assert_sent(to="u1", workflow="welcome")


def test_a_function_without_a_key_fails_when_it_is_loaded() -> None:
    done = run("-c", "import lambda_handler")
    assert done.returncode == 1
    assert "KNOCK_API_KEY" in done.stderr.splitlines()[-1]
