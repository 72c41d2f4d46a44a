"""`python -m knock_sdk.testing`: options, saved state and shutdown."""

from __future__ import annotations

import json
import logging
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import httpx
import pytest

from knock_sdk import AuthenticationError, Knock, NotFoundError, RateLimitError, webhooks
from knock_sdk.testing import Simulator
from knock_sdk.testing import __main__ as command
from knock_sdk.testing.state.clock import START
from knock_sdk.user_tokens import sign_user_token
from tests.simulator.support.pair import KEY
from tests.simulator.support.webhook_server import listen, wait_until
from tests.support.signing_keys import PRIVATE, PUBLIC

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUN = [sys.executable, "-m", "knock_sdk.testing"]
PATIENCE = 20


class ServerProcess:
    """A simulator server in a subprocess."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        self.process = process
        self.line = process.stdout.readline()
        assert self.line, process.communicate(timeout=PATIENCE)
        self.advice = process.stdout.readline()
        self.feeds = process.stdout.readline()
        self.url = self.line.rpartition(" ")[2].strip()
        self.client = Knock(api_key=KEY, base_url=self.url, max_retries=0, allow_http=True)

    def stop(self, by: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Stop the server; return its exit status and its output after the first three lines."""
        self.client.close()
        self.process.send_signal(by)
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out + err


@contextmanager
def run_server(*arguments: str) -> Iterator[ServerProcess]:
    command_line = [*RUN, "--port", "0", *arguments]
    with subprocess.Popen(command_line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            made = ServerProcess(process)
            with made.client:
                yield made
        finally:
            process.kill()


def fail_to_start(*arguments: str) -> str:
    """Run the command, which must fail without a traceback; return its error output."""
    done = subprocess.run([*RUN, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stdout) in [(1, ""), (2, "")]
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_its_address_and_exits_with_0_on_a_signal(by: signal.Signals) -> None:
    with run_server() as server:
        assert server.line == f"The simulator listens on {server.url}\n"
        assert f"KNOCK_BASE_URL={server.url} " in server.advice
        assert server.advice.endswith(f" {server.url}/\n")
        feed = Simulator().channel("in_app_feed").id
        assert server.feeds == (
            f"Point a feed in a browser at it with host={server.url} apiKey=pk_test feedId={feed} "
            "(the channel in_app_feed)\n"
        )
        assert server.client.users.update("ana", name="Ana").name == "Ana"
        assert server.stop(by) == (0, "")


def test_saved_state_is_loaded_at_the_next_start(tmp_path: Path) -> None:
    file = tmp_path / "state"
    with run_server("--state", str(file), "--seed", "7", "--now", "2026-03-01T12:00:00Z") as first:
        first.client.users.update("ana", name="Ana")
        run = first.client.workflows.trigger("welcome", recipients=["ana"]).workflow_run_id
        assert first.stop() == (0, "")
    with run_server("--state", str(file)) as second:
        assert second.client.users.get("ana").name == "Ana"
        (message,) = second.client.messages.list(workflow_run_id=run)
        assert message.inserted_at == datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
        second.client.users.delete("ana")
        assert second.stop(signal.SIGINT) == (0, f"Loaded from {file}: 0 workflows, 1 recipient, 1 message\n")
    with run_server("--state", str(file)) as third:
        with pytest.raises(NotFoundError):
            third.client.users.get("ana")
        assert third.stop() == (0, f"Loaded from {file}: 0 workflows, 0 recipients, 1 message\n")
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_the_state_is_saved_while_it_runs(tmp_path: Path) -> None:
    file = tmp_path / "state"
    with run_server("--state", str(file)) as server:
        server.client.users.update("ana", name="Ana")
        deadline = time.monotonic() + PATIENCE
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        server.process.kill()
    assert Simulator.load(file).client().users.get("ana").name == "Ana"


def test_a_state_that_cannot_be_saved_is_reported(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with run_server("--state", str(folder / "state")) as server:
        shutil.rmtree(folder)
        server.client.users.update("ana", name="Ana")
        status, output = server.stop()
    assert status == 1
    assert output.startswith("The state could not be saved: ")


def test_a_state_in_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    output = fail_to_start("--state", str(tmp_path / "missing" / "state"))
    assert output == f"python -m knock_sdk.testing: --state: the folder {tmp_path / 'missing'} does not exist\n"
    assert "Is a directory" in fail_to_start("--state", str(tmp_path))


def test_a_state_file_has_one_server(tmp_path: Path) -> None:
    file, link = tmp_path / "state", tmp_path / "link"
    Simulator().save(file)
    link.symlink_to(file)
    with run_server("--state", str(file)) as server:
        server.client.users.update("ana", name="Ana")
        for path in (file, link):
            output = fail_to_start("--state", str(path), "--port", "0")
            assert output.endswith(f": --state: another server uses {path}: give each a file of its own\n")
        server.process.kill()
    with run_server("--state", str(file)) as next_one:  # one that was killed blocks nobody
        assert next_one.stop() == (0, f"Loaded from {file}: 0 workflows, 1 recipient, 0 messages\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "state"]


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_right_after_the_address_ends_it_cleanly(by: signal.Signals) -> None:
    for _ in range(5):
        with subprocess.Popen([*RUN, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout
            assert process.stdout.readline().startswith(b"The simulator listens on ")
            process.send_signal(by)
            _, errors = process.communicate(timeout=PATIENCE)
            assert (process.returncode, errors) == (0, b"")


def test_two_signals_end_it_cleanly_too() -> None:
    with run_server() as server:
        server.process.send_signal(signal.SIGTERM)
        assert server.stop() == (0, "")


def test_a_webhook_gets_the_events_that_are_chosen() -> None:
    with (
        listen() as (url, received),
        run_server(
            "--webhook", url, "--webhook-secret", "of ours", "--webhook-events", "message.read, message.seen"
        ) as server,
    ):
        server.client.workflows.trigger("welcome", recipients=[{"id": "ana"}])
        (message,) = server.client.messages.list()
        server.client.messages.mark_as_seen(message.id)
        server.client.messages.mark_as_read(message.id)
        wait_until(lambda: len(received) == 2)
        assert "of ours" not in server.stop()[1] + server.line + server.advice
    events = [webhooks.unwrap(*each, secret="of ours").type for each in received]
    assert events == ["message.seen", "message.read"]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (["--webhook", "http://["], "--webhook: 'http://[' is not a URL"),
        (["--webhook", "ftp://x.example"], "--webhook: takes a URL that begins with http:// or https://"),
        (
            ["--webhook", "http://x", "--webhook-events", "message.sen"],
            "--webhook-events: no webhook gets 'message.sen'",
        ),
        (["--webhook", "http://x", "--webhook-events", ","], "argument --webhook-events: ',' is not a list"),
        (["--webhook", "http://x", "--webhook-secret", " s3cret"], "--webhook-secret: is empty or has white space"),
        (["--webhook-secret", "s3cret"], "--webhook-secret needs --webhook"),
        (["--webhook-events", "message.sent"], "--webhook-events needs --webhook"),
        (["--allow-origin", "*"], "--allow-origin: takes an origin such as"),
        (["--allow-host", "http://x"], "--allow-host: takes the name or address of a host"),
    ],
)
def test_options_that_cannot_be_used_are_refused(given: list[str], problem: str) -> None:
    output = fail_to_start(*given)
    assert problem in output
    assert "s3cret" not in output


def test_origins_and_hosts_are_permitted_by_options() -> None:
    with run_server("--allow-origin", "https://app.example", "--allow-host", "knock", "--allow-host", "a.b") as server:
        for host in ("knock", "a.b", "localhost"):
            assert httpx.get(f"{server.url}/_simulator/", headers={"host": host}).status_code == 200
        assert httpx.get(f"{server.url}/_simulator/", headers={"host": "c.d"}).status_code == 403
        asked = {"origin": "https://app.example", "access-control-request-method": "PUT"}
        assert httpx.options(f"{server.url}/v1/users/ana", headers=asked).status_code == 204


def test_the_page_is_opened_when_the_server_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = tmp_path / "opened"
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\necho "$1" > {opened}.part && mv {opened}.part {opened}\n', encoding="ascii")
    program.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(program))
    with run_server("--open") as server:
        wait_until(opened.exists)
        assert opened.read_text(encoding="ascii") == f"{server.url}/\n"


def test_a_damaged_state_file_is_rejected_and_left_unchanged(tmp_path: Path) -> None:
    file = tmp_path / "state"
    file.write_bytes(b"{}")
    assert fail_to_start("--state", str(file)).startswith(f"python -m knock_sdk.testing: {file}: ")
    assert file.read_bytes() == b"{}"


def test_the_clock_stands_still_or_runs() -> None:
    with run_server("--now", "2026-03-01T12:00:00+02:00") as still:
        times = {still.client.users.update("ana", name=name).updated_at for name in ("a", "b")}
        assert times == {datetime(2026, 3, 1, 10, tzinfo=timezone.utc)}
    with run_server("--real-time") as moving:
        first = moving.client.users.update("ana", name="a").updated_at
        time.sleep(0.2)
        second = moving.client.users.update("ana", name="b").updated_at
        assert first
        assert second
        assert second - first >= timedelta(seconds=0.2)
        assert abs(datetime.now(timezone.utc) - second) < timedelta(minutes=1)


def test_events_reach_a_webhook_in_real_time() -> None:
    with listen(503) as (url, received), run_server("--real-time") as server:
        declared = {"target": url, "events": ["message.sent"], "secret": "a secret of ours"}
        assert httpx.post(f"{server.url}/_simulator/webhook", json=declared).json() == {"result": "a secret of ours"}
        httpx.post(f"{server.url}/_simulator/workflow", json={"key": "mail", "channels": ["email"]})
        server.client.workflows.trigger("mail", recipients=[{"id": "ana", "email": "ana@x.example"}])
        wait_until(lambda: len(received) == 1)  # a second later, without another request
        [item] = httpx.get(f"{server.url}/_simulator/webhook_deliveries").json()["items"]
    webhooks.verify(*received[0], secret="a secret of ours")
    assert (item["type"], item["target"], item["outcome"]) == ("message.sent", url, "pending")
    assert [attempt["status"] for attempt in item["attempts"]] == [503]


def test_the_same_seed_gives_the_same_ids() -> None:
    def first_run(seed: str) -> str:
        with run_server("--seed", seed) as server:
            return server.client.workflows.trigger("welcome", recipients=["ana"]).workflow_run_id

    assert first_run("1") == first_run("1") != first_run("2")


def test_workflows_are_loaded_from_files(tmp_path: Path) -> None:
    folder = tmp_path / "welcome"
    folder.mkdir()
    steps = [{"ref": "email_1", "type": "channel", "channel_key": "postmark", "channel_type": "email"}]
    (folder / "workflow.json").write_text(json.dumps({"name": "Welcome", "steps": steps}), encoding="utf-8")
    with run_server("--workflows", str(tmp_path)) as server:
        server.client.users.update("ana", email="ana@example.com")
        server.client.workflows.trigger("welcome", recipients=["ana"])
        assert [message.channel_id is not None for message in server.client.users.list_messages("ana")] == [True]
        with pytest.raises(NotFoundError, match="workflow_missing"):
            server.client.workflows.trigger("other", recipients=["ana"])
        assert server.stop() == (0, f"Loaded from {tmp_path}: 1 workflow, 0 recipients, 0 messages\n")
    (folder / "workflow.json").write_text("{", encoding="utf-8")
    assert "workflow.json: is not JSON" in fail_to_start("--workflows", str(tmp_path))
    assert "No such file" in fail_to_start("--workflows", str(tmp_path / "none.json"))
    (tmp_path / "empty").mkdir()
    assert "there is no workflow.json" in fail_to_start("--workflows", str(tmp_path / "empty"))


def test_the_ids_of_declared_feeds_are_printed(tmp_path: Path) -> None:
    file = tmp_path / "state"
    sim = Simulator()
    ids = [sim.channel(key, type="in_app_feed").id for key in ("inbox", "news")]
    sim.channel("postmark", type="email")
    sim.save(file)
    with run_server("--state", str(file)) as server:
        assert server.feeds.endswith(f" feedId={ids[0]} (the channel inbox) or {ids[1]} (the channel news)\n")


def test_rate_limits_are_enforced_if_requested() -> None:
    with run_server("--rate-limits") as server:
        server.client.users.bulk.delete(user_ids=["ana"])
        with pytest.raises(RateLimitError) as caught:
            server.client.users.bulk.delete(user_ids=["ana"])
    assert caught.value.retry_after == 1


def test_user_tokens_are_checked_if_a_signing_key_is_given(tmp_path: Path) -> None:
    public, state = tmp_path / "public.pem", tmp_path / "state"
    public.write_text(PUBLIC, encoding="ascii")
    token = sign_user_token("ana", signing_key=PRIVATE, now=START)
    for arguments in (["--signing-key", str(public)], []):  # the second time, the key is in the saved state
        with run_server("--state", str(state), *arguments) as server:
            server.client.users.update("ana", name="Ana")
            with Knock(api_key="pk_test", user_token=token, base_url=server.url) as ana:
                assert ana.users.get("ana").name == "Ana"
                with pytest.raises(AuthenticationError, match="invalid_user_token"):
                    ana.users.get("ben")
                with pytest.raises(AuthenticationError, match="missing_user_token"):
                    ana.with_options(user_token=None).users.get("ana")
            server.stop()


def test_a_signing_key_that_cannot_be_used_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    assert f"{file}: No such file" in fail_to_start("--signing-key", str(file))
    file.write_text(PRIVATE, encoding="ascii")
    output = fail_to_start("--signing-key", str(file))
    assert output.startswith("python -m knock_sdk.testing: signing_key: is a private key; pass the public one")
    assert PRIVATE.splitlines()[2] not in output
    for part in (PRIVATE, PRIVATE.splitlines()[2], PRIVATE.splitlines()[1]):
        output = fail_to_start("--signing-key", part)
        assert "signing_key: " in output
        assert not any(line in output for line in PRIVATE.splitlines()[1:-1])


def test_a_port_in_use_is_reported() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        output = fail_to_start("--port", str(port))
    assert output == (
        f"python -m knock_sdk.testing: 127.0.0.1:{port}: Address already in use; "
        "end the program that listens there, or choose another port with --port (0 picks a free one)\n"
    )


def test_a_public_address_requires_allow_remote() -> None:
    assert "add --allow-remote" in fail_to_start("--host", "0.0.0.0")
    with run_server("--host", "0.0.0.0", "--allow-remote") as server:
        assert server.url.startswith("http://0.0.0.0:")
        assert server.client.users.list().items == []


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_ipv6() -> None:
    with run_server("--host", "::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert server.client.users.list().items == []


@pytest.mark.parametrize("given", [["--now", "tomorrow"], ["--port", "x"], ["--port", "70000"], ["--seed", "x"]])
def test_invalid_arguments_are_rejected(given: list[str]) -> None:
    assert given[0].removeprefix("--") in fail_to_start(*given)


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


def test_serving_adds_no_log_handlers() -> None:
    handlers = list(logging.getLogger().handlers)
    with Simulator().serve():
        assert logging.getLogger().handlers == handlers
        assert not logging.getLogger("uvicorn").handlers
