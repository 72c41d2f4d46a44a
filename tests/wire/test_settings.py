"""Settings as the server sees them: arguments, the environment, and changes by `with_options`."""

from __future__ import annotations

import copy
import logging
import pickle
import traceback
from typing import TYPE_CHECKING

import pytest

from knock_sdk import APIResponseValidationError, AsyncKnock, ConfigurationError, Knock
from tests.support.server import Server, respond

from .caller import KEY, USER

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .caller import Caller

SECRET_HEADERS = ("authorization", "x-knock-user-token", "x-knock-branch")


def sent(server: Server) -> list[tuple[str | None, ...]]:
    return [tuple(received.headers.get(name) for name in SECRET_HEADERS) for received in server.requests]


@pytest.mark.parametrize("kind", [Knock, AsyncKnock])
def test_the_key_is_read_from_the_environment_and_not_shown(kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="KNOCK_API_KEY"):
        kind()
    monkeypatch.setenv("KNOCK_API_KEY", KEY)
    assert repr(kind()) == f"{kind.__name__}(base_url='https://api.knock.app')"
    assert KEY not in str(vars(kind()))


@pytest.mark.parametrize("kind", [Knock, AsyncKnock])
def test_errors_of_invalid_settings_contain_no_secret(kind: type) -> None:
    """Nor do tracebacks with local variables, such as a client whose constructor failed."""
    for make in (kind, kind(api_key=KEY).with_options):
        with pytest.raises(ConfigurationError) as caught:
            make(api_key=KEY, user_token="token.canary", timeout=-1)
        ours = [
            frame
            for frame, _ in traceback.walk_tb(caught.value.__traceback__)
            if "knock_sdk" in frame.f_code.co_filename
        ]
        shown = repr([frame.f_locals for frame in ours])
        assert "Secret('***')" in shown
        assert KEY not in shown
        assert "token.canary" not in shown
    assert repr(kind.__new__(kind)) == f"<{kind.__name__}, not initialized>"


def test_arguments_take_precedence_over_the_environment(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(respond(json=USER)) as server:
        monkeypatch.setenv("KNOCK_API_KEY", "sk_from_environment")
        monkeypatch.setenv("KNOCK_BASE_URL", f"{server.url}/")
        monkeypatch.setenv("KNOCK_BRANCH", "from-environment")
        # The environment is read once, when a client is made; arguments take precedence.
        plain = caller.client(None, api_key=None)
        given = caller.client(server.url, branch="given", user_token="t.1")
        for name in ("KNOCK_API_KEY", "KNOCK_BASE_URL", "KNOCK_BRANCH"):
            monkeypatch.setenv(name, "changed")
        caller(plain.users.get, "u1")
        caller(given.users.get, "u1")
        caller(given.with_options(branch=None, user_token=None).users.get, "u1")
        assert sent(server) == [
            ("Bearer sk_from_environment", None, "from-environment"),
            (f"Bearer {KEY}", "t.1", "given"),
            (f"Bearer {KEY}", None, None),
        ]


def test_with_options_changes_the_given_settings_only(caller: Caller) -> None:
    with Server(respond(json=USER)) as server:
        client = caller.client(server.url, default_headers={"x-a": "1"}, default_query={"q": "1"})
        changed = client.with_options(api_key="pk_other", default_headers={"x-b": "2"}, default_query={"r": [1, 2]})
        caller(changed.users.get, "u1")
        caller(client.users.get, "u1")
        first, second = server.requests
        assert (first.headers["authorization"], second.headers["authorization"]) == ("Bearer pk_other", f"Bearer {KEY}")
        assert (first.headers["x-a"], first.headers["x-b"]) == ("1", "2")
        assert (second.headers["x-a"], "x-b" in second.headers) == ("1", False)
        assert (first.target, second.target) == ("/v1/users/u1?q=1&r%5B%5D=1&r%5B%5D=2", "/v1/users/u1?q=1")
        assert type(changed) is type(client)
        with pytest.raises(TypeError, match="base_url"):
            client.with_options(base_url="https://other.example")


@pytest.mark.parametrize(
    ("changes", "headers", "target"),
    [
        ({"default_headers": {"x-a": None}}, {"x-b": "2"}, "?q=1&r=2"),
        ({"default_headers": {"X-a": "3", "x-C": "4"}}, {"x-a": "3", "x-b": "2", "x-c": "4"}, "?q=1&r=2"),
        ({"default_headers": {"X-A": None, "x-a": "3"}}, {"x-a": "3", "x-b": "2"}, "?q=1&r=2"),
        ({"default_headers": {"X-Absent": None}}, {"x-a": "1", "x-b": "2"}, "?q=1&r=2"),
        ({"default_headers": None}, {}, "?q=1&r=2"),
        ({"default_headers": {}, "default_query": {}}, {"x-a": "1", "x-b": "2"}, "?q=1&r=2"),
        ({"default_query": {"q": None}}, {"x-a": "1", "x-b": "2"}, "?r=2"),
        ({"default_query": {"q": 3, "R": 4}}, {"x-a": "1", "x-b": "2"}, "?q=3&r=2&R=4"),
        ({"default_query": None}, {"x-a": "1", "x-b": "2"}, ""),
    ],
)
def test_with_options_merges_headers_and_query(
    caller: Caller, changes: dict[str, Any], headers: dict[str, str], target: str
) -> None:
    with Server(respond(json=USER)) as server:
        client = caller.client(server.url, default_headers={"X-A": "1", "X-B": "2"}, default_query={"q": 1, "r": 2})
        caller(client.with_options(**changes).with_options(timeout=5).users.get, "u1")
        caller(client.users.get, "u1")
        changed, own = server.requests
        assert {name: value for name, value in changed.headers.items() if name.startswith("x-")} == headers
        assert changed.target == f"/v1/users/u1{target}"
        assert (own.headers["x-a"], own.headers["x-b"], own.target) == ("1", "2", "/v1/users/u1?q=1&r=2")


def test_a_removed_header_of_the_client_s_own_name_gives_way_to_the_usual_one(caller: Caller) -> None:
    with Server(respond(json=USER)) as server:
        client = caller.client(server.url, default_headers={"Accept": "text/plain"})
        caller(client.with_options(default_headers={"accept": None}).users.get, "u1")
        assert server.requests[0].headers["accept"] == "application/json"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"default_headers": {"a b": None}}, "default_headers: contains a name that is not a valid header name"),
        ({"default_headers": {1: None}}, "default_headers: contains a name that is not a valid header name"),
        ({"default_headers": {"x-a": 1}}, "default_headers: the value of 'x-a' must be a string"),
        ({"default_headers": "x-a"}, "default_headers: must be a mapping, not str"),
        ({"default_query": {1: None}}, "query: names must be strings, not int"),
        ({"default_query": ["a"]}, "default_query: must be a mapping, not list"),
    ],
)
def test_with_options_checks_what_it_merges(caller: Caller, changes: dict[str, Any], problem: str) -> None:
    client = caller.client("https://api.knock.app", default_headers={"x-a": "1"}, default_query={"q": "1"})
    with pytest.raises(ConfigurationError) as caught:
        client.with_options(**changes)
    assert str(caught.value).startswith(problem)


def test_the_path_of_the_base_url_prefixes_every_path(caller: Caller) -> None:
    with Server(respond(json=USER)) as server:
        client = caller.client(f"{server.url}/proxy/knock/")
        caller(client.users.get, "a/b ä")
        assert server.requests[0].target == "/proxy/knock/v1/users/a%2Fb%20%C3%A4"


def test_localhost_is_called_by_its_name(caller: Caller) -> None:
    """`localhost` may resolve to IPv6 first, where nothing listens."""
    with Server(respond(json=USER)) as server:
        assert caller(caller.client(f"http://localhost:{server.port}").users.get, "u1").id == "u1"
        assert server.requests[0].headers["host"] == f"localhost:{server.port}"


INVALID = {**USER, "updated_at": "yesterday"}


class TestStrict:
    def test_invalid_fields_are_read_leniently_by_default(
        self, caller: Caller, caplog: pytest.LogCaptureFixture
    ) -> None:
        with Server(respond(json=INVALID)) as server, caplog.at_level(logging.WARNING):
            user = caller(caller.client(server.url).users.get, "u1")
            assert (user.id, user.updated_at) == ("u1", "yesterday")
            assert user.response_info.status_code == 200

    def test_strict_mode_raises_an_error_for_invalid_fields(self, caller: Caller) -> None:
        with Server(respond(json=INVALID)) as server:
            client = caller.client(server.url, strict=True)
            with pytest.raises(APIResponseValidationError, match="does not match User: updated_at"):
                caller(client.users.get, "u1")
            assert caller(client.with_options(strict=False).users.get, "u1").id == "u1"


def test_an_engine_of_the_caller_sends_the_requests(caller: Caller) -> None:
    """Any object with `exchange` and `close` is an engine, such as the simulator."""
    from knock_sdk._core.outcome import Response

    class Engine:
        def __init__(self) -> None:
            self.seen: list[str] = []

        def exchange(self, outgoing: object, _: object) -> Response:
            self.seen.append(outgoing.target)  # type: ignore[attr-defined]
            return Response(200, [], b'{"id": "u1"}')

        def close(self) -> None:
            self.seen.append("closed")

    class AsyncEngine(Engine):
        async def exchange(self, outgoing: object, _: object) -> Response:  # type: ignore[override]
            return super().exchange(outgoing, _)

        async def close(self) -> None:  # type: ignore[override]
            super().close()

    engine = Engine() if caller.kind == "sync" else AsyncEngine()
    client = caller.client("https://api.knock.example", http_client=engine)
    assert caller(client.users.get, "u1").id == "u1"
    caller(client.close)
    assert engine.seen == ["/v1/users/u1", "closed"]


class TestCopies:
    """A client stands for a key and connections: copies share them, and nothing takes them elsewhere."""

    @pytest.mark.parametrize("given", ["its own engine", "httpx", "an httpx client"])
    @pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda client: client.with_options(timeout=5)])
    def test_a_copy_shares_the_connections(self, caller: Caller, duplicate: Callable[[Any], Any], given: str) -> None:
        http_client = {"httpx": "httpx", "an httpx client": caller.httpx()}.get(given)
        with Server(respond(json=USER)) as server:
            client = caller.client(server.url, http_client=http_client)
            for each in (client, duplicate(client), duplicate(duplicate(client))):
                assert caller(each.users.get, "u1").id == "u1"
            caller(client.close)
            assert server.accepted == 1
            assert [received.headers["authorization"] for received in server.requests] == [f"Bearer {KEY}"] * 3

    @pytest.mark.parametrize("part", ["client", "resource", "method"])
    def test_a_pickle_is_refused_with_advice(self, caller: Caller, part: str) -> None:
        client = caller.client("https://api.knock.example", http_client=caller.httpx())
        given = {"client": client, "resource": client.users, "method": client.users.get}[part]
        with pytest.raises(
            TypeError, match=rf"a client cannot be pickled.*{type(client).__name__}\(\) in each"
        ) as caught:
            pickle.dumps({"nested": given})
        assert KEY not in str(caught.value)
