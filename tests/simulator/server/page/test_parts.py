"""Times, pages of lists, and addresses, apart from any page."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from starlette.requests import Request

from knock_sdk.testing.server.environments import MAIN, Environments
from knock_sdk.testing.server.page import lists, times
from knock_sdk.testing.server.page.page_request import PageRequest
from knock_sdk.testing.server.page.redaction import HIDDEN, redact
from knock_sdk.testing.server.page.rendering import shorten, show_json
from knock_sdk.testing.state.clock import START

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator
    from tests.simulator.server.page.conftest import Site


def asked(sim: Simulator, query: str = "", *, environment: str = MAIN, root: str = "") -> PageRequest:
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": "/a b",
        "raw_path": b"/a%20b",
        "query_string": query.encode(),
        "headers": [],
        "root_path": root,
    }
    return PageRequest(Environments(sim), environment, sim, Request(scope), {}, {})


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (timedelta(), "0 s"),
        (timedelta(seconds=0.4), "0 s"),
        (timedelta(seconds=59.6), "1 min"),
        (timedelta(minutes=90), "1 h 30 min"),
        (timedelta(days=3, hours=2, minutes=1), "3 d 2 h"),
        (timedelta(seconds=-5), "0 s"),
    ],
)
def test_durations(length: timedelta, shown: str) -> None:
    assert times.duration(length) == shown


def test_times_are_shown_in_utc() -> None:
    moment = datetime(2026, 1, 6, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert times.full(moment) == "Mon 5 Jan 2026, 23:30:00 UTC"
    assert times.iso(moment) == "2026-01-05T23:30:00.000Z"
    assert times.short(moment, START) == "23:30:00"
    assert times.short(moment, START + timedelta(days=1)) == "5 Jan, 23:30"
    assert times.short(moment, START + timedelta(days=400)) == "5 Jan 2026, 23:30"


@pytest.mark.parametrize(
    ("offset", "first", "before", "after"),
    [
        ("", 0, None, "/a%20b?offset=50"),
        ("50", 50, "/a%20b", "/a%20b?offset=100"),
        ("60", 50, "/a%20b", "/a%20b?offset=100"),
        ("100", 100, "/a%20b?offset=50", None),
        ("999", 100, "/a%20b?offset=50", None),
        ("-1", 0, None, "/a%20b?offset=50"),
        ("x", 0, None, "/a%20b?offset=50"),
    ],
)
def test_pages_of_a_sequence(sim: Simulator, offset: str, first: int, before: str | None, after: str | None) -> None:
    found = lists.cut(asked(sim, f"offset={offset}"), range(120))
    assert (found.items[0], found.before, found.after) == (first, before, after)
    assert (found.start, found.total, found.is_first) == (first + 1, 120, first == 0)


def test_an_empty_sequence_has_one_page(sim: Simulator) -> None:
    found = lists.cut(asked(sim, "offset=50"), [])
    assert (found.items, found.before, found.after, found.start, found.total) == ([], None, None, None, 0)


def test_addresses_stay_in_their_environment_and_below_their_root(sim: Simulator) -> None:
    page = asked(sim, "q=a%26b&environment=worker-1", environment="worker-1", root="/knock")
    assert page.to() == "/knock/?environment=worker-1"
    assert page.to("users", "a/b %\n?") == "/knock/users/a%2Fb%20%25%0A%3F?environment=worker-1"
    assert page.to("users", page="", offset=None, q="x y") == "/knock/users?q=x+y&environment=worker-1"
    assert page.here(offset=50) == "/a%20b?q=a%26b&environment=worker-1&offset=50"
    assert page.here(q=None) == "/a%20b?environment=worker-1"
    assert page.static("page.css") == "/knock/_page/static/page.css"


def test_secrets_are_hidden_at_every_depth() -> None:
    value = {"a": [{"Access_Token": "x", "token": ""}], "tokens": ["x"], "text": "token", "n": 1}
    assert redact(value) == {
        "a": [{"Access_Token": HIDDEN, "token": ""}],
        "tokens": HIDDEN,
        "text": "token",
        "n": 1,
    }


def test_json_of_any_depth_and_number_is_shown() -> None:
    deep: Any = "core"
    for _ in range(500):
        deep = [deep]
    assert "too deep" in show_json(deep)
    assert show_json({"n": float("inf"), "t": "ä"}) == '{\n  "n": Infinity,\n  "t": "ä"\n}'


def test_texts_that_are_cut_say_so() -> None:
    assert shorten("abc", 3) == "abc"
    assert shorten("a" * 1_503, 3) == "aaa… (1,500 more characters)"


def test_what_is_no_page_is_answered_by_the_api(site: Site) -> None:
    response = site.http.get("/nothing")
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("application/json")
