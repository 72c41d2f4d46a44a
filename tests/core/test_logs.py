"""Logging: off by default, with an allow-list of headers, and without secrets."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

import pytest

from knock_sdk._core.logs import log_failure, log_response, log_sent, log_wait, start_logging
from knock_sdk._core.outcome import Failure
from knock_sdk.errors import ConfigurationError

from .support import KEY, TOKEN, make_config, make_response, trigger

if TYPE_CHECKING:
    from collections.abc import Iterator

LOG = logging.getLogger("knock_sdk")
LEVELS = ["debug", "info", "warning", "error"]


@pytest.fixture(autouse=True)
def _reset_logger() -> Iterator[None]:
    handlers, level = LOG.handlers[:], LOG.level
    LOG.handlers[:] = [logging.NullHandler()]
    LOG.setLevel(logging.NOTSET)
    yield
    LOG.handlers[:] = handlers
    LOG.setLevel(level)


def log_a_failing_call(level: str) -> None:
    """Log each kind of line that a failing call logs; every text in them repeats the secrets."""
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
    response = make_response(503, f'{{"message": "no {KEY} {TOKEN}", "ssn": "123-45-6789"}}'.encode(), headers)
    log_sent(sent, 1)
    log_failure(sent, Failure(f"reset {KEY} {TOKEN}", sent=True), 1)
    log_wait(sent, 1, 0.25)
    log_response(sent, response, 2, 1.5)


@pytest.mark.parametrize("level", LEVELS)
def test_no_secret_at_any_level(level: str, caplog: pytest.LogCaptureFixture) -> None:
    log_a_failing_call(level)
    assert "CANARY" not in caplog.text
    assert all("CANARY" not in repr(record.args) for record in caplog.records)
    if level == "debug":
        assert caplog.text.count("[redacted]") == 8


@pytest.mark.parametrize("level", LEVELS[1:])
def test_bodies_and_headers_are_logged_at_debug_only(level: str, caplog: pytest.LogCaptureFixture) -> None:
    log_a_failing_call(level)
    for text in ("j@x.y", "123-45-6789", "recipients", "headers", "k1", "X-Custom", "x-custom"):
        assert text not in caplog.text


def test_info_logs_a_line_for_each_failure_wait_and_response(caplog: pytest.LogCaptureFixture) -> None:
    log_a_failing_call("info")
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        (
            "INFO",
            "POST /v1/workflows/{key}/trigger attempt=1 failed: reset [redacted] [redacted] (may have been received)",
        ),
        ("INFO", "POST /v1/workflows/{key}/trigger attempt 2 follows in 0.250s"),
        ("INFO", "POST /v1/workflows/{key}/trigger 503 attempt=2 elapsed=1.500s request_id=r1-[redacted]"),
    ]


def test_nothing_is_logged_above_info(caplog: pytest.LogCaptureFixture) -> None:
    log_a_failing_call("warning")
    assert caplog.records == []


def test_headers_at_debug_are_allow_listed(caplog: pytest.LogCaptureFixture) -> None:
    log_a_failing_call("debug")
    sent, _, _, _, received = [record.getMessage() for record in caplog.records]
    for name in ("authorization", "x-knock-user-token", "x-custom", "host"):
        assert f"'{name}': '[hidden]'" in sent
    for shown in ("'accept': 'application/json'", "'x-knock-branch': 'b1'", "'idempotency-key': 'k1'", "j@x.y"):
        assert shown in sent
    for name in ("set-cookie", "x-echo"):
        assert f"'{name}': '[hidden]'" in received
    assert "'content-type': 'application/json'" in received
    assert "'server': 'proxy [redacted]'" in received
    assert '{"message": "no [redacted] [redacted]", "ssn": "123-45-6789"}' in received


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


def test_only_allow_listed_headers_are_shown(caplog: pytest.LogCaptureFixture) -> None:
    LOG.setLevel("DEBUG")
    names = [*sorted(SHOWN), *sorted(HIDDEN)]
    headers = {name.title(): f"value {index}" for index, name in enumerate(names)}
    log_response(trigger(), make_response(200, headers=headers), 1, 0.1)
    expected = {name: f"value {index}" if name in SHOWN else "[hidden]" for index, name in enumerate(names)}
    assert caplog.records[-1].getMessage() == f"response headers={expected} body="


@pytest.mark.parametrize("size", [1023, 1024, 1025, 2048])
def test_bodies_are_shown_up_to_1024_bytes(size: int, caplog: pytest.LogCaptureFixture) -> None:
    LOG.setLevel("DEBUG")
    body = bytes(97 + index % 26 for index in range(size))
    log_response(trigger(), make_response(200, body), 1, 0.1)
    assert caplog.records[-1].getMessage() == f"response headers={{}} body={body[:1024].decode()}"
    log_sent(trigger()._replace(body=body), 1)
    assert caplog.records[-1].getMessage().endswith(f" body={body[:1024].decode()}")


@pytest.mark.parametrize("before", range(990, 1030, 3))
def test_bodies_are_truncated_without_a_part_of_a_key(before: int, caplog: pytest.LogCaptureFixture) -> None:
    LOG.setLevel("DEBUG")
    config = make_config()
    body = b"." * before + KEY.encode() + b"." * 10_000
    log_response(trigger(config), make_response(200, body), 1, 0.1)
    text = caplog.records[-1].getMessage()
    assert "CANARY" not in text
    assert "sk_test" not in text
    assert len(text) < 1100


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('{"token":{"access_token":"xoxb-1"},"n":1}', '{"token":{"access_token":"[hidden]"},"n":1}'),
        ('{"tokens": ["a1", "b2"], "n":1}', '{"tokens":"[hidden]", "n":1}'),
        ('{"clientSecret":"a\\"b","n":1}', '{"clientSecret":"[hidden]","n":1}'),
        ('{"password":"cut o', '{"password":"[hidden]"'),
        ('{"tokens":["cut o', '{"tokens":"[hidden]"'),
        ('{"token_count":5,"text":"a token: x"}', '{"token_count":5,"text":"a token: x"}'),
    ],
)
def test_credentials_in_bodies_are_hidden(caplog: pytest.LogCaptureFixture, body: str, shown: str) -> None:
    LOG.setLevel("DEBUG")
    log_response(trigger(), make_response(200, body.encode()), 1, 0.1)
    assert caplog.messages[-1].endswith(f"body={shown}")


def test_a_missing_request_id_is_logged_as_unknown(caplog: pytest.LogCaptureFixture) -> None:
    LOG.setLevel("INFO")
    log_response(trigger(), make_response(200), 1, 0.1)
    assert caplog.records[0].getMessage().endswith("request_id=unknown")


def test_a_failure_before_sending_is_logged_as_not_sent(caplog: pytest.LogCaptureFixture) -> None:
    LOG.setLevel("INFO")
    log_failure(trigger(), Failure("refused", sent=False), 3)
    assert caplog.records[0].getMessage().endswith("attempt=3 failed: refused (not sent)")


@pytest.mark.parametrize("unset", [None, "", "  "])
def test_logging_is_off_while_knock_log_is_not_set(monkeypatch: pytest.MonkeyPatch, unset: str | None) -> None:
    if unset is not None:
        monkeypatch.setenv("KNOCK_LOG", unset)
    start_logging()
    assert LOG.level == logging.NOTSET
    assert [type(handler) for handler in LOG.handlers] == [logging.NullHandler]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("form", [str, str.upper, lambda level: f" {level}\n"])
def test_knock_log_sets_the_level_and_adds_one_handler(
    monkeypatch: pytest.MonkeyPatch, level: str, form: type[str]
) -> None:
    monkeypatch.setenv("KNOCK_LOG", form(level))
    start_logging()
    start_logging()
    assert LOG.level == getattr(logging, level.upper())
    assert [type(handler) for handler in LOG.handlers] == [logging.NullHandler, logging.StreamHandler]


def test_knock_log_writes_to_the_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(LOG, "propagate", False)  # to the handlers of pytest
    monkeypatch.setenv("KNOCK_LOG", "info")
    start_logging()
    log_wait(trigger(), 1, 0.25)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.endswith("knock_sdk INFO POST /v1/workflows/{key}/trigger attempt 2 follows in 0.250s\n")


def test_no_handler_is_added_if_the_application_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    own = logging.StreamHandler(io.StringIO())
    LOG.addHandler(own)
    monkeypatch.setenv("KNOCK_LOG", "info")
    start_logging()
    assert LOG.handlers[1:] == [own]
    assert LOG.level == logging.INFO


@pytest.mark.parametrize("word", ["1", "true", "trace", "INFO,DEBUG", "critical"])
def test_an_unknown_level_is_rejected(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("KNOCK_LOG", word)
    with pytest.raises(ConfigurationError) as caught:
        start_logging()
    assert str(caught.value) == "KNOCK_LOG: must be one of debug, info, warning, error"
