"""Settings: read from arguments and the environment, validated, and shown without secrets."""

from __future__ import annotations

import platform
from typing import Any

import pytest

from knock_sdk._core.requests.config import BASE_URL, VERSION, Config, configure, override
from knock_sdk._core.secret import Secret
from knock_sdk.errors import ConfigurationError
from tests.support.ids import short_id

from ..support import DEFAULTS, KEY, TOKEN, make_config, show_with_locals

SECONDS = "must be a positive number of seconds, 1,000,000 at most, or None for no limit"
AGENT = f"knock-sdk/{VERSION} python/{platform.python_version()}".encode()


def test_default_settings() -> None:
    config = make_config()
    assert config.api_key == Secret(KEY)
    assert config.secrets == (Secret(KEY),)
    assert config.origin.url == BASE_URL == "https://api.knock.app"
    assert (config.timeout, config.attempt_timeout, config.max_retries) == (60.0, 30.0, None)
    assert (config.max_connections, config.max_response_size) == (32, 16 * 1024 * 1024)
    assert (config.user_token, config.branch, config.strict, config.proxy) == (None, None, False, None)
    assert config.headers == (
        (b"host", b"api.knock.app"),
        (b"authorization", b"Bearer " + KEY.encode()),
        (b"accept", b"application/json"),
        (b"accept-encoding", b"gzip"),
        (b"user-agent", AGENT),
    )


def test_branch_and_user_token_become_headers() -> None:
    config = make_config(base_url="http://localhost:4000", branch="my-branch", user_token=TOKEN)
    headers = dict(config.headers)
    assert headers[b"host"] == b"localhost:4000"
    assert headers[b"x-knock-branch"] == b"my-branch"
    assert headers[b"x-knock-user-token"] == TOKEN.encode()
    assert config.secrets == (Secret(KEY), Secret(TOKEN))


def test_default_headers_are_added_to_and_replace_those_of_the_client() -> None:
    config = make_config(default_headers={"X-Team": "a", "Accept": "application/vnd.x", "x-team": "b"})
    assert dict(config.headers)[b"x-team"] == b"b"
    assert dict(config.headers)[b"accept"] == b"application/vnd.x"
    assert len({name for name, _ in config.headers}) == len(config.headers)


def test_an_idempotency_key_in_default_headers_is_rejected() -> None:
    with pytest.raises(ConfigurationError) as caught:
        make_config(default_headers={"Idempotency-Key": "k"})
    assert str(caught.value) == (
        "default_headers: must not contain 'idempotency-key': with the same key, the API would drop every trigger but"
        " the first; pass idempotency_key= to workflows.trigger"
    )


ENVIRON = {"KNOCK_API_KEY": KEY, "KNOCK_BASE_URL": "https://h/k", "KNOCK_BRANCH": "b1"}


def test_settings_are_read_from_the_environment() -> None:
    config = make_config(api_key=None, environ=ENVIRON)
    assert (config.api_key, config.origin.url, config.branch) == (Secret(KEY), "https://h/k", "b1")


def test_arguments_take_precedence_over_the_environment() -> None:
    config = make_config(api_key="sk_2", base_url="https://h2", branch="b2", environ=ENVIRON)
    assert (config.api_key, config.origin.url, config.branch) == (Secret("sk_2"), "https://h2", "b2")


def test_empty_variables_are_treated_as_unset() -> None:
    config = make_config(environ={"KNOCK_BASE_URL": "", "KNOCK_BRANCH": "", "HTTPS_PROXY": ""})
    assert (config.origin.url, config.branch, config.proxy) == (BASE_URL, None, None)


@pytest.mark.parametrize("name", ["max_connections", "max_response_size", "max_retries", "timeout", "attempt_timeout"])
def test_one_is_accepted_as_a_limit(name: str) -> None:
    assert getattr(make_config(**{name: 1}), name) == 1


def test_the_environment_of_the_process_is_read_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOCK_API_KEY", "sk_env")
    monkeypatch.setenv("KNOCK_ALLOW_HTTP", "true")
    monkeypatch.setenv("KNOCK_BASE_URL", "http://10.0.0.1")
    config = configure(**{**DEFAULTS, "api_key": None})
    assert (config.api_key, config.origin.url) == (Secret("sk_env"), "http://10.0.0.1")


def test_the_proxy_stays_when_other_settings_change() -> None:
    config = make_config(environ={"HTTPS_PROXY": "http://proxy:3128"})
    assert config.proxy is not None
    assert config.proxy.url == "http://proxy:3128"
    assert override(config, {"timeout": 5}).proxy == config.proxy


def test_a_malformed_proxy_is_rejected() -> None:
    with pytest.raises(ConfigurationError, match=r"^HTTPS_PROXY: must be the URL of a proxy"):
        make_config(environ={"HTTPS_PROXY": "ftp://proxy"})


@pytest.mark.parametrize(
    ("word", "allowed"), [("1", True), ("true", True), (" YES ", True), ("0", False), ("no", False), ("", False)]
)
def test_knock_allow_http_permits_plain_http(word: str, allowed: bool) -> None:
    environ = {"KNOCK_ALLOW_HTTP": word}
    if allowed:
        assert make_config(base_url="http://h", environ=environ).origin.scheme == "http"
    else:
        with pytest.raises(ConfigurationError, match=r"^base_url: http:// would send the key in the clear"):
            make_config(base_url="http://h", environ=environ)


KEY_PROBLEM = "contains a space, a line break or another character that is not visible ASCII; remove it"
EMPTY = "is empty; give it a value, or leave it out"
SCHEME = "must start with https:// and name a host, like https://api.knock.app"
NAME = "contains a name that is not a valid header name; use letters, digits and hyphens"
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"api_key": None}, "api_key: is missing; pass it, or set KNOCK_API_KEY"),
    ({"api_key": ""}, f"api_key: {EMPTY}"),
    ({"api_key": None, "environ": {"KNOCK_API_KEY": ""}}, "KNOCK_API_KEY: is empty; give it a value, or unset it"),
    ({"api_key": None, "environ": {"KNOCK_API_KEY": f"{KEY}\n"}}, f"KNOCK_API_KEY: {KEY_PROBLEM}"),
    ({"api_key": f"{KEY} "}, f"api_key: {KEY_PROBLEM}"),
    ({"api_key": f"{KEY}\r\n"}, f"api_key: {KEY_PROBLEM}"),
    ({"api_key": KEY.encode()}, "api_key: must be a string, not bytes"),
    ({"user_token": f"{TOKEN}\n"}, f"user_token: {KEY_PROBLEM}"),
    ({"user_token": ""}, f"user_token: {EMPTY}"),
    ({"user_token": 5}, "user_token: must be a string, not int"),
    ({"branch": ""}, f"branch: {EMPTY}"),
    ({"branch": "a b"}, f"branch: {KEY_PROBLEM}"),
    ({"branch": 5}, "branch: must be a string, not int"),
    ({"environ": {"KNOCK_BRANCH": "a\nb"}}, f"KNOCK_BRANCH: {KEY_PROBLEM}"),
    ({"base_url": ""}, f"base_url: {SCHEME}"),
    ({"base_url": "", "environ": ENVIRON}, f"base_url: {SCHEME}"),
    ({"environ": {"KNOCK_BASE_URL": "ftp://h"}}, f"KNOCK_BASE_URL: {SCHEME}"),
    ({"timeout": 0}, f"timeout: {SECONDS}"),
    ({"timeout": "5"}, f"timeout: {SECONDS}"),
    ({"attempt_timeout": -1}, f"attempt_timeout: {SECONDS}"),
    ({"max_retries": -1}, "max_retries: must be a whole number, 0 or more"),
    ({"max_retries": True}, "max_retries: must be a whole number, 0 or more"),
    ({"max_connections": 0}, "max_connections: must be a whole number, 1 or more"),
    ({"max_connections": True}, "max_connections: must be a whole number, 1 or more"),
    ({"max_response_size": 1.5}, "max_response_size: must be a whole number, 1 or more"),
    ({"default_headers": ["X-A"]}, "default_headers: must be a mapping, not list"),
    ({"default_headers": (("x-a", "1"),)}, "default_headers: must be a mapping, not tuple"),
    ({"default_headers": {"a b": "c"}}, f"default_headers: {NAME}"),
    ({"default_query": "a=b"}, "default_query: must be a mapping, not str"),
    ({"default_query": {"a": object()}}, "a: cannot contain a value of type object: pass text or a number"),
]


@pytest.mark.parametrize(("changes", "problem"), REFUSED, ids=short_id)
def test_an_invalid_setting_is_rejected(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        make_config(**changes)
    assert str(caught.value) == problem


@pytest.mark.parametrize(("changes", "problem"), REFUSED, ids=short_id)
def test_no_traceback_of_an_invalid_setting_shows_a_key(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], problem: str
) -> None:
    changes = {"user_token": TOKEN, **changes}
    for name, value in (changes.pop("environ", {})).items():
        monkeypatch.setenv(name, value)
    if changes.get("api_key", KEY) is not None:
        changes.setdefault("api_key", KEY)
    with pytest.raises(ConfigurationError, match=problem.partition(":")[0]) as caught:
        configure(**{**DEFAULTS, **changes})
    shown = show_with_locals(caught.value)
    assert "in configure" in shown
    assert "CANARY" not in shown


def test_settings_show_no_secret() -> None:
    config = make_config(user_token=TOKEN, default_headers={"Authorization": f"Bearer {KEY}"})
    assert "CANARY" not in f"{config!r} {config} {config.headers!r} {config.default_headers!r} {config._asdict()!r}"


def test_override_changes_only_the_given_settings() -> None:
    config = make_config(
        base_url="http://[::1]:4000/k",
        branch="b1",
        user_token=TOKEN,
        max_connections=5,
        strict=True,
        default_headers={"X-A": "caf\xe9", "Authorization": "Bearer other"},
        default_query={"q": [1]},
    )
    assert override(config, {}) == config
    changed = override(config, {"timeout": None, "attempt_timeout": 1, "max_retries": 0, "strict": False})
    assert changed == config._replace(timeout=None, attempt_timeout=1, max_retries=0, strict=False)
    changed = override(config, {"api_key": "sk_2", "user_token": None, "branch": None})
    assert dict(changed.headers)[b"authorization"] == b"Bearer other"
    assert {b"x-knock-branch", b"x-knock-user-token"}.isdisjoint(dict(changed.headers))
    changed = override(config, {"default_headers": None, "default_query": None})
    assert dict(changed.headers)[b"authorization"] == b"Bearer " + KEY.encode()
    assert (changed.default_headers, changed.default_query) == ((), ())
    assert override(config, {"max_response_size": 7}).max_response_size == 7


def test_override_does_not_read_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    config: Config = make_config()
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    assert override(config, {"branch": None}) == config


def test_override_keeps_an_allowed_http_url() -> None:
    config = make_config(base_url="http://10.0.0.1", allow_http=True)
    assert override(config, {"timeout": 1}).origin.url == "http://10.0.0.1"


@pytest.mark.parametrize("name", ["base_url", "max_connections", "allow_http", "http_client", "environ", "time_out"])
def test_override_rejects_settings_that_cannot_change(name: str) -> None:
    with pytest.raises(TypeError) as caught:
        override(make_config(), {"timeout": 1, name: "x"})
    assert str(caught.value).partition(";")[0] == f"unexpected keyword argument {name!r}"


def test_override_rejects_an_invalid_setting_without_showing_a_key() -> None:
    with pytest.raises(ConfigurationError) as caught:
        override(make_config(user_token=TOKEN), {"timeout": -1})
    assert str(caught.value) == f"timeout: {SECONDS}"
    assert "CANARY" not in show_with_locals(caught.value)
