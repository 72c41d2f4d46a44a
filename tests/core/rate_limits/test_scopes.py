"""What is counted together: by operation, key, user token and, for feeds, user; also for requests by path."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

import pytest
from typing_extensions import override

from knock_sdk import AsyncKnock, ConfigurationError, Knock
from knock_sdk._core.outcome import Response
from knock_sdk._core.rate_limits.limits import MAX_LINES, RateLimit
from knock_sdk._core.rate_limits.tiers import PER_SECOND
from knock_sdk._core.requests import operations
from knock_sdk._core.requests.operation import Operation

if TYPE_CHECKING:
    from collections.abc import Callable

    from knock_sdk._core.rate_limits.clock import Clock
    from knock_sdk._core.rate_limits.line import Line
    from knock_sdk._core.requests.encode import Outgoing

KEY = "sk_test_canary_271828"
OPERATIONS = [each for each in vars(operations).values() if isinstance(each, Operation)]
ANSWER = Response(200, [(b"content-type", b"application/json")], b'{"id": "u1", "entries": [], "page_info": {}}')


class Noting(RateLimit):
    """Notes the scope of each request and the rate of its line, and lets it go."""

    def __init__(self) -> None:
        self.noted: list[tuple[str, float]] = []

    @override
    def line_of(self, clock: Clock, owner: str, outgoing: Outgoing) -> tuple[str, Line] | None:
        found = super().line_of(clock, owner, outgoing)
        self.noted.append(("", 0.0) if found is None else (found[0], found[1].rate))
        return found

    @override
    def reserve(self, scope: str, line: Line, clock: Clock, longest: float) -> float:
        return clock.monotonic()


class Stub:
    """An engine that answers each request alike."""

    def __init__(self) -> None:
        self.clock = None

    def exchange(self, *_: object) -> Response:
        return ANSWER

    def close(self) -> None:
        """Do nothing."""


class AsyncStub(Stub):
    async def exchange(self, *_: object) -> Response:  # type: ignore[override]
        return ANSWER

    async def close(self) -> None:  # type: ignore[override]
        """Do nothing."""


@pytest.fixture(params=["sync", "async"])
def scopes(request: pytest.FixtureRequest) -> Callable[..., list[tuple[str, float]]]:
    """Provide a function that makes calls with a client of some settings and returns their scopes and rates."""

    def note(*calls: Callable[[Any], Any], **settings: Any) -> list[tuple[str, float]]:
        limits = Noting()
        kind, stub = (Knock, Stub()) if request.param == "sync" else (AsyncKnock, AsyncStub())
        client = kind(**{"api_key": KEY, "http_client": stub, "rate_limit": limits, **settings})

        async def make() -> None:
            for call in calls:
                result = call(client)
                if inspect.isawaitable(result):
                    await result

        asyncio.run(make())
        return limits.noted

    return note


def get_user(client: Any) -> Any:
    return client.users.get("u1")


def test_requests_of_one_operation_are_counted_together(scopes: Any) -> None:
    first, second, other = scopes(get_user, lambda client: client.users.get("u2"), lambda client: client.users.list())
    assert first == second
    assert first[0] != other[0]
    assert first[1] == 200


@pytest.mark.parametrize(
    "settings",
    [
        {"api_key": "sk_test_another_key"},
        {"user_token": "token-of-ana"},
        {"base_url": "https://knock.example.com"},
        {"default_headers": {"authorization": "Bearer sk_test_another_key"}},
        {"default_headers": {"x-knock-user-token": "token-of-ana"}},
    ],
)
def test_another_key_or_user_is_counted_apart(scopes: Any, settings: dict[str, Any]) -> None:
    assert scopes(get_user)[0][0] != scopes(get_user, **settings)[0][0]


@pytest.mark.parametrize(
    ("headers", "same_as"),
    [
        ({"Authorization": "Bearer sk_test_another_key"}, {"api_key": "sk_test_another_key"}),
        ({"x-knock-user-token": "token-of-ana"}, {"user_token": "token-of-ana"}),
        ({"x-trace": "1"}, {}),
        ({"x-api-key": "of-a-proxy"}, {}),
    ],
)
def test_a_call_with_another_key_or_user_is_counted_apart(
    scopes: Any, headers: dict[str, str], same_as: dict[str, str]
) -> None:
    (found,) = scopes(lambda client: client.users.get("u1", extra_headers=headers))
    assert [found] == scopes(get_user, **same_as)


def test_clients_of_one_key_are_counted_together(scopes: Any) -> None:
    assert scopes(get_user) == scopes(get_user, timeout=5.0, branch="a-branch", default_headers={"x-trace": "1"})


def test_two_user_tokens_are_counted_apart(scopes: Any) -> None:
    ana, ben = (scopes(get_user, user_token=f"token-of-{name}")[0][0] for name in ("ana", "ben"))
    assert ana != ben


def test_copies_with_another_key_are_counted_apart(scopes: Any) -> None:
    kept, changed = (
        scopes(get_user, lambda client: get_user(client.with_options(timeout=1)), api_key=KEY),
        scopes(lambda client: get_user(client.with_options(api_key="sk_test_another_key"))),
    )
    assert kept[0] == kept[1]
    assert changed[0][0] != kept[0][0]


def test_feeds_are_counted_by_user(scopes: Any) -> None:
    ana, other_feed, ben, by_path = scopes(
        lambda client: client.users.feeds.list_items("ana@example.com", "f1"),
        lambda client: client.users.feeds.list_items("ana@example.com", "f2", page_size=5),
        lambda client: client.users.feeds.list_items("ben", "f1"),
        lambda client: client.get("/v1/users/ana%40example.com/feeds/f1?page_size=5"),
    )
    assert ana == other_feed == by_path
    assert ana[1] == 5
    assert ana[0] != ben[0]


@pytest.mark.parametrize("base_url", ["https://api.knock.app", "https://proxy.example.com/knock/v1/users"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_a_request_by_path_joins_the_line_of_the_operation_with_this_path(
    scopes: Any, operation: Operation, base_url: str
) -> None:
    path = "/".join("some%2Fid" if part.startswith("{") else part for part in operation.path.split("/"))
    ((scope, rate),) = scopes(
        lambda client: client.request(operation.method, f"{path}?page_size=3", body=None), base_url=base_url
    )
    assert scope.split(":")[1] == operation.name
    assert rate == PER_SECOND[operation.tier]


@pytest.mark.parametrize("path", ["/v1/nothing", "/v2/users", "/v1/users/u1/nothing/here", "/", "/v1"])
def test_a_path_that_no_operation_has_is_not_limited(scopes: Any, path: str) -> None:
    assert scopes(lambda client: client.get(path)) == [("", 0.0)]


def test_ids_that_look_like_paths_do_not_mislead(scopes: Any) -> None:
    ((scope, _),) = scopes(lambda client: client.get("/v1/objects/v1/users"))
    assert scope.endswith(":getObject")


def test_neither_key_nor_token_nor_user_can_be_read(scopes: Any) -> None:
    ((scope, _),) = scopes(
        lambda client: client.users.feeds.list_items("ana@example.com", "f1"), user_token="token-of-ana"
    )
    assert len(scope) <= 100
    for secret in (KEY, "token-of-ana", "ana"):
        assert secret not in scope


@pytest.mark.parametrize("client", [Knock, AsyncKnock])
def test_an_object_that_compares_itself_in_its_own_way_is_no_rate_limit(client: Any) -> None:
    class Vector:
        def __eq__(self, other: object) -> bool:
            raise ValueError("of an array with several values")

        __hash__ = None  # type: ignore[assignment]

    with pytest.raises(ConfigurationError, match="rate_limit: takes 'tiers'"):
        client(api_key=KEY, rate_limit=Vector())


class FixedClock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.lines: dict[str, Line] = {}
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    time = monotonic


def test_lines_of_many_users_are_forgotten_when_they_are_idle() -> None:
    clock, limits = FixedClock(), RateLimit()

    def ask(user: int) -> None:
        outgoing: Any = type(
            "Outgoing",
            (),
            {"operation": operations.LIST_USER_IN_APP_FEED_ITEMS, "target": f"/v1/users/u{user}/feeds/f"},
        )
        found = limits.line_of(clock, "owner", outgoing)
        assert found is not None
        limits.reserve(*found, clock, 0.0)

    for user in range(MAX_LINES):
        ask(user)
    assert len(clock.lines) == MAX_LINES
    ask(MAX_LINES)  # none is idle
    assert len(clock.lines) == MAX_LINES + 1
    clock.now += 1
    ask(-1)
    assert len(clock.lines) == 1
