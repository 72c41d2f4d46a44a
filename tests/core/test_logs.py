"""Logging: off until asked for, allow-listed, and never with a secret."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

import pytest

from knock_sdk._core.logs import log_failure, log_response, log_sent, log_wait, start_logging
from knock_sdk._core.outcome import Failure
from knock_sdk.errors import ConfigurationError

from .support import KEY, TOKEN, make_answer, make_config, trigger

if TYPE_CHECKING:
    from collections.abc import Iterator

LOG = logging.getLogger("knock_sdk")
LEVELS = ["debug", "info", "warning", "error"]


@pytest.fixture(autouse=True)
def _fresh_logger() -> Iterator[None]:
    handlers, level = LOG.handlers[:], LOG.level
    LOG.handlers[:] = [logging.NullHandler()]
    LOG.setLevel(logging.NOTSET)
    yield
    LOG.handlers[:] = handlers
    LOG.setLevel(level)


def run_through(level: str) -> None:
    """Log everything that a call with trouble logs; every text in it repeats the secrets."""
    LOG.setLevel(level.upper())
    config = make_config(user_token=TOKEN, branch="b1", default_headers={"X-Custom": f"{KEY} {TOKEN}"})
    body = {"recipients": ["u1"], "data": {"email": "j@x.y", "key": KEY, "token": TOKEN}}
    sent = trigger(config, body=body, idempotency_key="k1")
    headers = {
        "X-Request-Id": f"r1-{KEY}",
        "Server": f"proxy {TOKEN}",
        "Content-Type": "application/json",
        "Set-Cookie": f"session={KEY}",
        "X-Echo": f"Bearer {KEY}",
    }
    answer = make_answer(503, f'{{"message": "no {KEY} {TOKEN}", "ssn": "123-45-6789"}}'.encode(), headers)
    log_sent(sent, 1, config)
    log_failure(sent, Failure("reset", sent=True), 1)
    log_wait(sent, 1, 0.25)
    log_response(sent, answer, 2, 1.5, config)


@pytest.mark.parametrize("level", LEVELS)
def test_no_secret_at_any_level(level: str, caplog: pytest.LogCaptureFixture) -> None:
    run_through(level)
    assert "CANARY" not in caplog.text
    assert all("CANARY" not in repr(record.args) for record in caplog.records)
    if level == "debug":
        assert caplog.text.count("[redacted]") == 7


@pytest.mark.parametrize("level", LEVELS[1:])
def test_no_body_and_no_header_below_debug(level: str, caplog: pytest.LogCaptureFixture) -> None:
    run_through(level)
    for part in ("j@x.y", "123-45-6789", "recipients", "headers", "k1", "X-Custom", "x-custom"):
        assert part not in caplog.text


def test_lines_at_info(caplog: pytest.LogCaptureFixture) -> None:
    run_through("info")
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("INFO", "POST /v1/workflows/{key}/trigger attempt=1 failed: reset (may have been received)"),
        ("INFO", "POST /v1/workflows/{key}/trigger attempt 2 follows in 0.250s"),
        ("INFO", "POST /v1/workflows/{key}/trigger 503 attempt=2 elapsed=1.500s request_id=r1-[redacted]"),
    ]


def test_silence_above_info(caplog: pytest.LogCaptureFixture) -> None:
    run_through("warning")
    assert caplog.records == []


def test_headers_at_debug_are_allow_listed(caplog: pytest.LogCaptureFixture) -> None:
    run_through("debug")
    sent, _, _, _, answered = [record.getMessage() for record in caplog.records]
    for name in ("authorization", "x-knock-user-token", "x-custom", "host"):
        assert f"'{name}': '[hidden]'" in sent
    for shown in ("'accept': 'application/json'", "'x-knock-branch': 'b1'", "'idempotency-key': 'k1'", "j@x.y"):
        assert shown in sent
    for name in ("set-cookie", "x-echo"):
        assert f"'{name}': '[hidden]'" in answered
    assert "'content-type': 'application/json'" in answered
    assert "'server': 'proxy [redacted]'" in answered
    assert '{"message": "no [redacted] [redacted]", "ssn": "123-45-6789"}' in answered


SHOWN = {
    "accept",
    "accept-encoding",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "idempotency-key",
    "idempotent-replayed",
    "original-x-request-id",
    "retry-after",
    "retry-after-ms",
    "server",
    "user-agent",
    "x-knock-branch",
    "x-request-id",
}
HIDDEN = {"authorization", "cookie", "host", "location", "set-cookie", "x-knock-user-token", "x-request", "x-other", ""}


def test_the_allow_list(caplog: pytest.LogCaptureFixture) -> None:
    LOG.setLevel("DEBUG")
    names = [*sorted(SHOWN), *sorted(HIDDEN)]
    headers = {name.title(): f"value {place}" for place, name in enumerate(names)}
    log_response(trigger(), make_answer(200, headers=headers), 1, 0.1, make_config())
    expected = {name: f"value {place}" if name in SHOWN else "[hidden]" for place, name in enumerate(names)}
    assert caplog.records[-1].getMessage() == f"response headers={expected} body="


@pytest.mark.parametrize("size", [1023, 1024, 1025, 2048])
def test_bodies_are_shown_up_to_1024_bytes(size: int, caplog: pytest.LogCaptureFixture) -> None:
    LOG.setLevel("DEBUG")
    body = bytes(97 + place % 26 for place in range(size))
    log_response(trigger(), make_answer(200, body), 1, 0.1, make_config())
    assert caplog.records[-1].getMessage() == f"response headers={{}} body={body[:1024].decode()}"
    log_sent(trigger()._replace(body=body), 1, make_config())
    assert caplog.records[-1].getMessage().endswith(f" body={body[:1024].decode()}")


@pytest.mark.parametrize("before", range(990, 1030, 3))
def test_bodies_are_cut_and_leave_no_half_of_a_key(before: int, caplog: pytest.LogCaptureFixture) -> None:
    LOG.setLevel("DEBUG")
    config = make_config()
    body = b"." * before + KEY.encode() + b"." * 10_000
    log_response(trigger(config), make_answer(200, body), 1, 0.1, config)
    text = caplog.records[-1].getMessage()
    assert "CANARY" not in text
    assert "sk_test" not in text
    assert len(text) < 1100


def test_a_request_without_an_id(caplog: pytest.LogCaptureFixture) -> None:
    LOG.setLevel("INFO")
    log_response(trigger(), make_answer(200), 1, 0.1, make_config())
    assert caplog.records[0].getMessage().endswith("request_id=unknown")


def test_a_failure_before_anything_was_sent(caplog: pytest.LogCaptureFixture) -> None:
    LOG.setLevel("INFO")
    log_failure(trigger(), Failure("refused", sent=False), 3)
    assert caplog.records[0].getMessage().endswith("attempt=3 failed: refused (not sent)")


@pytest.mark.parametrize("unset", [None, "", "  "])
def test_off_until_asked_for(monkeypatch: pytest.MonkeyPatch, unset: str | None) -> None:
    if unset is not None:
        monkeypatch.setenv("KNOCK_LOG", unset)
    start_logging()
    assert LOG.level == logging.NOTSET
    assert [type(handler) for handler in LOG.handlers] == [logging.NullHandler]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("form", [str, str.upper, lambda level: f" {level}\n"])
def test_asked_for(monkeypatch: pytest.MonkeyPatch, level: str, form: type[str]) -> None:
    monkeypatch.setenv("KNOCK_LOG", form(level))
    start_logging()
    start_logging()
    assert LOG.level == getattr(logging, level.upper())
    assert [type(handler) for handler in LOG.handlers] == [logging.NullHandler, logging.StreamHandler]


def test_lines_on_the_standard_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("KNOCK_LOG", "info")
    start_logging()
    log_wait(trigger(), 1, 0.25)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.endswith("knock_sdk INFO POST /v1/workflows/{key}/trigger attempt 2 follows in 0.250s\n")


def test_the_applications_own_handler_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    own = logging.StreamHandler(io.StringIO())
    LOG.addHandler(own)
    monkeypatch.setenv("KNOCK_LOG", "info")
    start_logging()
    assert LOG.handlers[1:] == [own]
    assert LOG.level == logging.INFO


@pytest.mark.parametrize("word", ["1", "true", "trace", "INFO,DEBUG", "critical"])
def test_another_word_is_refused(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("KNOCK_LOG", word)
    with pytest.raises(ConfigurationError) as caught:
        start_logging()
    assert str(caught.value) == "KNOCK_LOG: must be one of debug, info, warning, error"
