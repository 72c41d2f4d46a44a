"""`python -m knock_sdk.testing`: how it starts, what it keeps, and how it ends."""

from __future__ import annotations

import json
import logging
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from knock_sdk import Knock, NotFoundError, RateLimitError
from knock_sdk.testing import Simulator
from knock_sdk.testing import __main__ as command
from tests.simulator.support.pair import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUN = [sys.executable, "-m", "knock_sdk.testing"]
PATIENCE = 20


class Running:
    """A server in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        self.process = process
        self.line = process.stdout.readline()
        assert self.line, process.communicate(timeout=PATIENCE)
        self.url = self.line.rpartition(" ")[2].strip()
        self.client = Knock(api_key=KEY, base_url=self.url, max_retries=0, allow_http=True)

    def end(self, by: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """End it; return its status and what it wrote after its first line."""
        self.client.close()
        self.process.send_signal(by)
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out + err


@contextmanager
def running(*arguments: str) -> Iterator[Running]:
    command_line = [*RUN, "--port", "0", *arguments]
    with subprocess.Popen(command_line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            made = Running(process)
            with made.client:
                yield made
        finally:
            process.kill()


def refused(*arguments: str) -> str:
    """Run it in vain; return what it says."""
    done = subprocess.run([*RUN, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stdout) in [(1, ""), (2, "")]
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_and_ends_in_good_order(by: signal.Signals) -> None:
    with running() as server:
        assert server.line == f"The simulator listens on {server.url}\n"
        assert server.client.users.update("ana", name="Ana").name == "Ana"
        assert server.end(by) == (0, "")


def test_the_state_survives(tmp_path: Path) -> None:
    file = tmp_path / "state"
    with running("--state", str(file), "--seed", "7", "--now", "2026-03-01T12:00:00Z") as first:
        first.client.users.update("ana", name="Ana")
        run = first.client.workflows.trigger("welcome", recipients=["ana"]).workflow_run_id
        assert first.end() == (0, "")
    with running("--state", str(file)) as second:
        assert second.client.users.get("ana").name == "Ana"
        (message,) = second.client.messages.list(workflow_run_id=run)
        assert message.inserted_at == datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
        second.client.users.delete("ana")
        assert second.end(signal.SIGINT) == (0, "")
    with running("--state", str(file)) as third, pytest.raises(NotFoundError):
        third.client.users.get("ana")
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_the_state_is_saved_while_it_runs(tmp_path: Path) -> None:
    file = tmp_path / "state"
    with running("--state", str(file)) as server:
        server.client.users.update("ana", name="Ana")
        deadline = time.monotonic() + PATIENCE
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        server.process.kill()
    assert Simulator.load(file).client().users.get("ana").name == "Ana"


def test_a_state_that_cannot_be_saved_is_told(tmp_path: Path) -> None:
    with running("--state", str(tmp_path / "missing" / "state")) as server:
        server.client.users.update("ana", name="Ana")
        status, said = server.end()
    assert status == 1
    assert said.startswith("The state could not be saved: ")


def test_a_damaged_state_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "state"
    file.write_bytes(b"{}")
    assert refused("--state", str(file)).startswith(f"python -m knock_sdk.testing: {file}: ")
    assert file.read_bytes() == b"{}"


def test_the_clock_stands_still_or_runs() -> None:
    with running("--now", "2026-03-01T12:00:00+02:00") as still:
        times = {still.client.users.update("ana", name=name).updated_at for name in ("a", "b")}
        assert times == {datetime(2026, 3, 1, 10, tzinfo=timezone.utc)}
    with running("--real-time") as moving:
        first = moving.client.users.update("ana", name="a").updated_at
        time.sleep(0.2)
        second = moving.client.users.update("ana", name="b").updated_at
        assert first
        assert second
        assert second - first >= timedelta(seconds=0.2)
        assert abs(datetime.now(timezone.utc) - second) < timedelta(minutes=1)


def test_the_same_seed_gives_the_same_ids() -> None:
    def first_run(seed: str) -> str:
        with running("--seed", seed) as server:
            return server.client.workflows.trigger("welcome", recipients=["ana"]).workflow_run_id

    assert first_run("1") == first_run("1") != first_run("2")


def test_workflows_come_from_files(tmp_path: Path) -> None:
    folder = tmp_path / "welcome"
    folder.mkdir()
    steps = [{"ref": "email_1", "type": "channel", "channel_key": "postmark", "channel_type": "email"}]
    (folder / "workflow.json").write_text(json.dumps({"name": "Welcome", "steps": steps}), encoding="utf-8")
    with running("--workflows", str(tmp_path)) as server:
        server.client.users.update("ana", email="ana@example.com")
        server.client.workflows.trigger("welcome", recipients=["ana"])
        assert [message.channel_id is not None for message in server.client.users.list_messages("ana")] == [True]
        with pytest.raises(NotFoundError, match="workflow_missing"):
            server.client.workflows.trigger("other", recipients=["ana"])
    (folder / "workflow.json").write_text("{", encoding="utf-8")
    assert "workflow.json: is not JSON" in refused("--workflows", str(tmp_path))
    assert "No such file" in refused("--workflows", str(tmp_path / "none.json"))


def test_rate_limits_are_enforced_where_asked() -> None:
    with running("--rate-limits") as server:
        server.client.users.bulk.delete(user_ids=["ana"])
        with pytest.raises(RateLimitError) as caught:
            server.client.users.bulk.delete(user_ids=["ana"])
    assert caught.value.retry_after == 1


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused("--port", str(port))
    assert said.startswith(f"python -m knock_sdk.testing: 127.0.0.1:{port}: Address already in use")


def test_other_machines_are_let_in_only_where_asked() -> None:
    assert "add --allow-remote" in refused("--host", "0.0.0.0")
    with running("--host", "0.0.0.0", "--allow-remote") as server:
        assert server.url.startswith("http://0.0.0.0:")
        assert server.client.users.list().items == []


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="there is no IPv6 here")
def test_ipv6() -> None:
    with running("--host", "::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert server.client.users.list().items == []


@pytest.mark.parametrize("given", [["--now", "tomorrow"], ["--port", "x"], ["--port", "70000"], ["--seed", "x"]])
def test_arguments_that_make_no_sense(given: list[str]) -> None:
    assert given[0].removeprefix("--") in refused(*given)


@pytest.mark.parametrize("missing", ["starlette", "uvicorn"])
def test_without_the_extra_it_says_what_to_install(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == missing or ".testing.server." in name]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    assert command.main([]) == 1
    assert capsys.readouterr().err == (
        f"python -m knock_sdk.testing: the server needs {missing}: pip install 'knock-sdk[simulator]'\n"
    )
    with pytest.raises(ImportError, match="knock-sdk"):
        Simulator().serve()


def test_logging_is_left_to_the_program() -> None:
    handlers = list(logging.getLogger().handlers)
    with Simulator().serve():
        assert logging.getLogger().handlers == handlers
        assert not logging.getLogger("uvicorn").handlers
