"""`knock-sdk webhook`."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from contextlib import closing, contextmanager
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import httpx
import pytest

from knock_sdk import webhooks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knock_sdk.testing import Simulator
    from tests.cli.conftest import Run

SECRET = "whsec_of_these_tests"
EVENT = {"type": "message.sent", "created_at": "2026-01-05T09:00:00Z", "data": {"id": "m1", "recipient": "ada"}}
BODY = json.dumps(EVENT, separators=(",", ":"))


@pytest.fixture(autouse=True)
def known_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOCK_WEBHOOK_SECRET", SECRET)


def signature(body: str = BODY, **named: datetime) -> str:
    return webhooks.sign(body, secret=SECRET, **named)["x-knock-signature"]


class TestVerify:
    def test_an_event(self, run: Run) -> None:
        result = run("webhook", "verify", "--signature", signature(), stdin=BODY)
        assert (result.status, result.err) == (0, "")
        assert dict(line.split("\t") for line in result.out.splitlines()) == {
            "signature": "valid",
            "type": "message.sent",
            "created": "2026-01-05T09:00:00Z",
            "id": "m1",
            "recipient": "ada",
        }

    def test_as_json_from_a_file(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "body").write_text(BODY)
        header = f"X-Knock-Signature: {signature()}"
        result = run("webhook", "verify", str(tmp_path / "body"), "-H", "content-type: x", "-H", header, "--json")
        assert (result.status, json.loads(result.out)) == (0, {"valid": True, "event": EVENT})

    def test_a_body_that_is_no_event(self, run: Run) -> None:
        header = f"x-webhook-signature: {signature('hello')}"
        given = ["webhook", "verify", "--header-name", "x-webhook-signature", "--header", header]
        assert run(*given, stdin="hello") == (0, "signature\tvalid\nevent\t\n", "")

    @pytest.mark.parametrize(
        ("sent", "given", "advice"),
        [
            (BODY, BODY + "\n", "without the line break at its end"),
            ("a\nb", "a\r\nb", "other line breaks"),
            (BODY, json.dumps(EVENT, indent=2), "other white space"),
            (json.dumps({"name": "é"}), '{"name":"é"}', "other white space"),
            (BODY, BODY.replace("ada", "eve"), "raw one, before any parsing.\n"),
        ],
    )
    def test_another_body(self, run: Run, sent: str, given: str, advice: str) -> None:
        result = run("webhook", "verify", "--signature", signature(sent), stdin=given)
        assert (result.status, result.out) == (1, "")
        assert "does not match the body" in result.err
        assert advice in result.err

    def test_another_secret_as_json(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("another\n")
        result = run(
            *("webhook", "verify", "--signature", signature(), "--secret-file", str(tmp_path / "secret"), "--json"),
            stdin=BODY,
        )
        assert result.status == 1
        assert json.loads(result.out)["error"] == "SignatureMismatchError"
        assert "another" not in result.out.replace("another ", "")

    def test_an_old_one(self, run: Run) -> None:
        old = signature(at=datetime(2026, 1, 1, tzinfo=timezone.utc))
        result = run("webhook", "verify", "--signature", old, stdin=BODY)
        assert result.status == 1
        assert "the tolerance is 300 s: check the clock" in result.err
        assert run("webhook", "verify", "--signature", old, "--any-age", stdin=BODY).status == 0

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            (["--signature", "x"], "must have the form t=<milliseconds>,s=<base64>"),
            (["--header", "content-type: text/plain"], "no header x-knock-signature"),
        ],
    )
    def test_no_signature(self, run: Run, given: list[str], message: str) -> None:
        result = run("webhook", "verify", *given, stdin=BODY)
        assert result.status == 1
        assert message in result.err

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ([], "--signature or"),
            (["--header", "x"], "NAME: VALUE"),
            (["nowhere", "--signature", "x"], "nowhere cannot be read: No such file"),
            (["--signature", "x", "--tolerance", "-1"], "--tolerance"),
            (["--signature", "x", "--secret-file", "nowhere"], "nowhere cannot be read"),
        ],
    )
    def test_misused(self, run: Run, given: list[str], message: str) -> None:
        result = run("webhook", "verify", *given, stdin=BODY)
        assert (result.status, result.out) == (2, "")
        assert message in result.err


class TestSign:
    def test_a_header_for_curl(self, run: Run) -> None:
        name, _, value = run("webhook", "sign", stdin=BODY).out.strip().partition(": ")
        assert webhooks.unwrap(BODY, {name: value}, secret=SECRET).type == "message.sent"

    def test_at_another_time_as_json(self, run: Run) -> None:
        result = run("webhook", "sign", "--at", "2026-01-05T09:00:00Z", "--json", stdin=BODY)
        moment = datetime(2026, 1, 5, 9, tzinfo=timezone.utc)
        assert json.loads(result.out) == {"x-knock-signature": signature(at=moment)}

    def test_bytes_that_are_no_text(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "body").write_bytes(b"\xff\x00")
        value = run("webhook", "sign", str(tmp_path / "body")).out.strip().partition(": ")[2]
        webhooks.verify(b"\xff\x00", value, secret=SECRET)

    @pytest.mark.parametrize(
        ("secret", "message"),
        [
            (None, "there is no secret: set KNOCK_WEBHOOK_SECRET"),
            ("", "KNOCK_WEBHOOK_SECRET: is empty"),
            (" secret", "KNOCK_WEBHOOK_SECRET: has white space around it"),
        ],
    )
    def test_without_a_secret(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, secret: str | None, message: str
    ) -> None:
        monkeypatch.delenv("KNOCK_WEBHOOK_SECRET")
        if secret is not None:
            monkeypatch.setenv("KNOCK_WEBHOOK_SECRET", secret)
        for command in (["sign"], ["listen", "--port", "0"]):
            result = run("webhook", *command, stdin=BODY)
            assert (result.status, result.out) == (2, "")
            assert message.casefold() in result.err.casefold()

    def test_a_malformed_time(self, run: Run) -> None:
        result = run("webhook", "sign", "--at", "noon", stdin=BODY)
        assert result.status == 2
        assert "'noon' is not a time" in result.err


@contextmanager
def listening(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `webhook listen`; provide the process and its URL."""
    program = [sys.executable, "-m", "knock_sdk.cli", "webhook", "listen", "--port", "0", *arguments]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            yield process, process.stderr.readline().split(",")[0].removeprefix("Listening on ").strip()
        finally:
            process.kill()


def status_of_large(url: str) -> int:
    """Announce a body that is too large, and return the status of the response."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
    with closing(connection):
        connection.request("POST", "/", headers={"content-length": "20000000"})
        return connection.getresponse().status


class TestListen:
    def test_events_of_a_simulator(self, sim: Simulator) -> None:
        with listening("--count", "2", "--json") as (process, url):
            sim.webhook(url, ["message.sent", "message.delivered"], secret=SECRET)
            sim.workflow("welcome", channels=["email"])
            with sim.client() as client:
                client.workflows.trigger("welcome", recipients=[{"id": "ada", "email": "ada@example.com"}])
            sim.advance(minutes=1)
            out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
        assert [json.loads(line)["type"] for line in out.splitlines()] == ["message.sent", "message.delivered"]
        assert all(each.attempts[-1].status == 204 for each in sim.webhook_deliveries)

    def test_what_is_not_from_knock_is_refused(self) -> None:
        with listening("--count", "1") as (process, url):
            assert httpx.post(url, content=BODY, headers={"x-knock-signature": signature("x")}).status_code == 400
            assert httpx.post(url, content=iter([b"chunks"])).status_code == 411
            assert status_of_large(url) == 413
            assert httpx.get(url).status_code == 501
            assert httpx.post(url, content=BODY, headers={"x-knock-signature": signature()}).status_code == 204
            out, err = process.communicate(timeout=60)
        assert process.returncode == 0
        assert out == "message.sent\t2026-01-05 09:00:00+00:00\tm1\tada\n"
        assert err == (
            "Error: refused a request: the signature does not match the body: check that the secret is that of this"
            " webhook, and that the body is the raw one, before any parsing\n"
        )

    def test_a_port_in_use(self, run: Run) -> None:
        with listening() as (_, url):
            result = run("webhook", "listen", "--port", url.rpartition(":")[2])
        assert (result.status, result.out) == (1, "")
        assert result.err.startswith("Error: 127.0.0.1:")
        assert "choose another port with --port" in result.err

    @pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
    def test_an_interrupt_ends_it(self) -> None:
        import signal

        with listening() as (process, _):
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (130, "", "")
