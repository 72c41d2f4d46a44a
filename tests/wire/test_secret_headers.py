"""Headers of the caller that hold secrets: what a server repeats of them is shown nowhere."""

from __future__ import annotations

import logging
import pickle
import traceback
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import ConfigurationError, InvalidArgumentError, KnockError
from tests.support.secret_headers import HEADERS, REPLIES, TOKEN, secret_of
from tests.support.server import Server, respond

from .caller import USER

if TYPE_CHECKING:
    from collections.abc import Callable

    from .caller import Caller

ENGINES: dict[str, Callable[[Caller], Any]] = {
    "own": lambda _: None,
    "httpx": lambda _: "httpx",
    "given": lambda caller: caller.httpx(),
}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, caller: Caller) -> Any:
    return ENGINES[request.param](caller)


def check(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    """Fail if an error or the log shows a part of a secret."""
    own = error.__traceback__
    assert own is not None
    # Without the frame of the test itself, which knows the secrets.
    shown = traceback.TracebackException(type(error), error, _after_the_call(own), capture_locals=True)
    texts = ["".join(shown.format()), str(error), repr(error), repr(vars(error)), caplog.text]
    texts.append(pickle.dumps(error).decode("latin-1"))
    for text in texts:
        assert "canary" not in text


def _after_the_call(frames: Any) -> Any:
    while "/knock_sdk/" not in frames.tb_frame.f_code.co_filename:
        frames = frames.tb_next
    return frames


@pytest.mark.parametrize("reply", REPLIES)
def test_a_secret_in_a_header_of_one_call_is_redacted(
    caller: Caller, caplog: pytest.LogCaptureFixture, engine: Any, reply: str
) -> None:
    caplog.set_level(logging.DEBUG)
    for name, value in HEADERS.items():
        caplog.clear()
        with Server(REPLIES[reply](secret_of(name))) as server:
            client = caller.client(server.url, http_client=engine, max_retries=0)
            with pytest.raises(KnockError) as caught:
                caller(client.users.get, "u1", extra_headers={name: value})
            assert server.requests[0].headers[name.lower()] == value
        check(caught.value, caplog)


def test_a_secret_in_a_header_of_every_call_is_redacted(
    caller: Caller, caplog: pytest.LogCaptureFixture, engine: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    headers = {"X-Gateway-Secret": TOKEN}
    with Server(REPLIES["message"](TOKEN)) as server:
        client = caller.client(server.url, http_client=engine, default_headers=headers, max_retries=0)
        other = caller.client(server.url, http_client=engine, max_retries=0).with_options(default_headers=headers)
        for each in (client, client.with_options(timeout=9), other):
            with pytest.raises(KnockError, match=r"bad: \[redacted\]") as caught:
                caller(each.users.get, "u1")
            check(caught.value, caplog)


def test_a_secret_in_the_headers_of_a_success_is_redacted(caller: Caller, engine: Any) -> None:
    with Server(respond(json=USER, x_echo=f"Bearer {TOKEN}", x_request_id=TOKEN)) as server:
        client = caller.client(server.url, http_client=engine)
        info = caller(client.users.get, "u1", extra_headers={"X-Knock-User-Token": TOKEN}).response_info
    assert info.headers["x-echo"] == "Bearer [redacted]"
    assert info.request_id == "[redacted]"


@pytest.mark.parametrize("verb", ["get", "post", "put", "delete"])
def test_a_secret_of_a_raw_call_is_redacted(caller: Caller, caplog: pytest.LogCaptureFixture, verb: str) -> None:
    with Server(REPLIES["message"](TOKEN)) as server:
        client = caller.client(server.url, max_retries=0)
        with pytest.raises(KnockError) as caught:
            caller(getattr(client, verb), "/v1/x", extra_headers={"X-Knock-User-Token": TOKEN})
        assert server.requests[0].headers["x-knock-user-token"] == TOKEN
    check(caught.value, caplog)


@pytest.mark.parametrize(
    ("sent", "echo"),
    [
        ("Bearer canary/of/ours", "canary\\/of\\/ours"),
        ("Bearer canary-with-\xe9\xe8\xea", "canary-with-\xe9\xe8\xea"),
        ("Bearer canary-with-\xe9\xe8\xea", "canary-with-\\u00e9\\u00e8\\u00ea"),
        ('Bearer canary"quoted"', 'canary\\"quoted\\"'),
        ("Basic ZWxsaWU6Y2FuYXJ5LXBhc3N3b3Jk", "canary-password"),
        ("Basic ZWxsaWU6Y2FuYXJ5LXBhc3N3b3Jk", "ellie:canary-password"),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 500])
def test_a_secret_is_redacted_however_it_is_written(
    caller: Caller, caplog: pytest.LogCaptureFixture, sent: str, echo: str, status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    with Server(respond(status, body=f'{{"message": "no {echo}"'.encode())) as server:
        client = caller.client(server.url, max_retries=0)
        with pytest.raises(KnockError) as caught:
            caller(client.users.get, "u1", extra_headers={"Authorization": sent})
    check(caught.value, caplog)


REFUSED: list[tuple[dict[str, Any], type[Exception]]] = [
    ({"extra_headers": {"X-Token": TOKEN}, "timeout": -1}, InvalidArgumentError),
    ({"extra_headers": {"X-Token": TOKEN}, "nonsense": 1}, TypeError),
    ({"extra_header": {"X-Token": TOKEN}}, TypeError),
    ({"extra_headers": {"X-Token": TOKEN, "bad name": "x"}}, InvalidArgumentError),
    ({"extra_headers": {"X-Token": TOKEN, "X-Other": "\n"}}, InvalidArgumentError),
    ({"extra_headers": {"X-Token": f"{TOKEN}\n"}}, InvalidArgumentError),
    ({"extra_headers": {"X-Token": TOKEN.encode()}}, InvalidArgumentError),
    ({"extra_headers": [("X-Token", TOKEN)]}, InvalidArgumentError),
    ({"extra_headers": f"X-Token: {TOKEN}"}, InvalidArgumentError),
]


@pytest.mark.parametrize(("options", "kind"), REFUSED)
def test_an_option_that_is_refused_shows_no_header(
    caller: Caller, caplog: pytest.LogCaptureFixture, options: dict[str, Any], kind: type[Exception]
) -> None:
    client = caller.client("https://api.knock.app")
    for call in (lambda **given: client.users.get("u1", **given), lambda **given: client.get("/v1/x", **given)):
        with pytest.raises(kind) as caught:
            caller(call, **options)
        check(caught.value, caplog)


@pytest.mark.parametrize(
    "headers", [[("X-Token", TOKEN)], {"X-Token": TOKEN, "bad name": "x"}, {"X-Token": f"{TOKEN}\n"}, TOKEN]
)
def test_a_default_header_that_is_refused_is_not_shown(
    caller: Caller, caplog: pytest.LogCaptureFixture, headers: Any
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        caller.client("https://api.knock.app", default_headers=headers)
    check(caught.value, caplog)
    with pytest.raises(ConfigurationError) as caught:
        caller.client("https://api.knock.app").with_options(default_headers=headers)
    check(caught.value, caplog)


def test_a_misspelt_setting_is_not_shown(caller: Caller, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(TypeError, match="did you mean 'api_key'") as caught:
        caller.client("https://api.knock.app").with_options(apikey=TOKEN)
    check(caught.value, caplog)


def test_what_is_not_secret_is_shown(caller: Caller) -> None:
    """Neither other headers nor values that are too short to be told from words."""
    headers = {
        "X-Region": "europe-west",
        "X-Author": "Melville-H",
        "X-Keyboard": "qwertyuiop",
        "X-Token": "dark",
        "Cookie": "theme=dark",
    }
    with Server(respond(400, json={"message": "europe-west Melville-H qwertyuiop dark"})) as server:
        client = caller.client(server.url)
        with pytest.raises(KnockError, match="europe-west Melville-H qwertyuiop dark"):
            caller(client.users.get, "u1", extra_headers=headers)


def test_a_setting_that_is_refused_shows_no_header(caller: Caller, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ConfigurationError) as caught:
        caller.client("https://api.knock.app", default_headers={"X-Token": TOKEN, "X Y": "1"})
    check(caught.value, caplog)
    client = caller.client("https://api.knock.app")
    with pytest.raises(InvalidArgumentError) as refused:
        caller(client.users.get, "", extra_headers={"X-Token": TOKEN})
    check(refused.value, caplog)
