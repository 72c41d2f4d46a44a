"""Pages: in both directions, while rows are added and deleted."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knock_sdk.testing import Simulator
from knock_sdk.testing.state.rows import OrderedRows
from tests.simulator.support.pair import http

from ..rules.table import rule

NAMES = [f"u{number:02}" for number in range(12)]


def names(page: Any) -> list[str]:
    return [user.id for user in page.items]


@rule("reference/content", "`after` and `before` are the cursors to the next page and the one before")
@pytest.mark.parametrize("size", [1, 5, 6, 11, 12, 13, 50])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_all_pages_forward_and_backward_list_the_same_rows(knock: Any, size: int, order: str) -> None:
    for name in NAMES:
        knock.users.update(name)
    page = knock.users.list(page_size=size, order=order)
    assert page.page_info.before is None
    pages = [page]
    while page.page_info.after:
        page = knock.users.list(page_size=size, order=order, after=page.page_info.after)
        pages.append(page)
        assert len(pages) <= len(NAMES)
    assert all(page.page_info.page_size == size for page in pages)
    forward = [name for page in pages for name in names(page)]
    assert forward == (NAMES if order == "asc" else NAMES[::-1])
    backward = [page]
    while page.page_info.before:
        page = knock.users.list(page_size=size, order=order, before=page.page_info.before)
        backward.append(page)
        assert len(backward) <= len(NAMES)
    assert [name for page in reversed(backward) for name in names(page)] == forward
    assert page.page_info.before is None
    for one, two in pairwise(pages):
        assert names(knock.users.list(page_size=size, order=order, before=two.page_info.before)) == names(one)


def test_iteration_fetches_every_page(knock: Any, sim: Simulator) -> None:
    for name in NAMES:
        knock.users.update(name)
    with sim.client() as client:
        assert [user.id for user in client.users.list(page_size=5)] == NAMES
    assert [request.query.get("page_size") for request in sim.requests[-3:]] == ["5"] * 3


@rule("reference/content", "a page has 50 rows unless the request says otherwise")
def test_an_empty_list_has_no_cursors_and_filters_apply_before_paging(knock: Any) -> None:
    page = knock.messages.list()
    assert (page.items, page.page_info.after, page.page_info.before) == ([], None, None)
    assert page.page_info.page_size == 50
    knock.users.update("ana")
    for number in range(9):
        knock.workflows.trigger("even" if number % 2 == 0 else "odd", recipients=["ana"], data={"n": number})
    page = knock.messages.list(source="even", page_size=2)
    assert [message.data["n"] for message in page.items] == [8, 6]
    page = knock.messages.list(source="even", page_size=2, after=page.page_info.after)
    assert [message.data["n"] for message in page.items] == [4, 2]
    page = knock.messages.list(source="even", page_size=2, after=page.page_info.after)
    assert ([message.data["n"] for message in page.items], page.page_info.after) == ([0], None)


def test_events_are_paged(knock: Any, sim: Simulator) -> None:
    knock.users.update("ana")
    knock.workflows.trigger("w", recipients=["ana"])
    name = sim.messages()[0].id
    for _ in range(3):
        knock.messages.mark_as_seen(name)
    first = knock.messages.list_events(name, page_size=3)
    second = knock.messages.list_events(name, page_size=3, after=first.page_info.after)
    assert len({event.id for event in [*first.items, *second.items]}) == 5
    assert second.page_info.after is None


def test_new_rows_do_not_shift_the_pages(knock: Any) -> None:
    knock.users.update("ana")
    for number in range(4):
        knock.workflows.trigger("w", recipients=["ana"], data={"n": number})
    first = knock.messages.list(page_size=2)
    knock.workflows.trigger("w", recipients=["ana"], data={"n": 4})
    second = knock.messages.list(page_size=2, after=first.page_info.after)
    assert [message.data["n"] for message in [*first.items, *second.items]] == [3, 2, 1, 0]
    newer = knock.messages.list(page_size=2, before=first.page_info.after)
    assert [message.data["n"] for message in newer.items] == [4, 3]


def test_a_cursor_outlives_its_row(knock: Any) -> None:
    for name in NAMES:
        knock.users.update(name)
    first = knock.users.list(page_size=4)
    for name in NAMES[2:6]:
        knock.users.delete(name)
    assert names(knock.users.list(page_size=4, after=first.page_info.after)) == NAMES[6:10]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_an_empty_page_has_a_cursor_back(knock: Any, order: str) -> None:
    for name in NAMES:
        knock.users.update(name)
    listed = NAMES if order == "asc" else NAMES[::-1]
    first = knock.users.list(page_size=4, order=order)
    second = knock.users.list(page_size=4, order=order, after=first.page_info.after)
    for name in listed[4:]:
        knock.users.delete(name)
    beyond = knock.users.list(page_size=4, order=order, after=first.page_info.after)
    assert (names(beyond), beyond.page_info.after) == ([], None)
    assert names(knock.users.list(page_size=4, order=order, before=beyond.page_info.before)) == listed[:4]
    knock.users.update("new")
    for name in listed[:4]:
        knock.users.delete(name)
    ahead = knock.users.list(page_size=4, order=order, before=second.page_info.before)
    assert names(ahead) == ([] if order == "asc" else ["new"])
    if order == "asc":
        assert ahead.page_info.before is None
        assert names(knock.users.list(page_size=4, order=order, after=ahead.page_info.after)) == ["new"]


@pytest.mark.parametrize("name", ["after", "before"])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"after:3x", id="text-behind"),
        pytest.param(b"after:3\n", id="newline-behind"),
        pytest.param(b"after:3after:4", id="twice"),
        pytest.param(b" after:3", id="blank-before"),
        pytest.param(b"before:3", id="another-word"),
        pytest.param(b"after:", id="no-number"),
        pytest.param(b"after:-3", id="negative"),
        pytest.param(b"after:" + b"9" * 19, id="too-long"),
    ],
)
def test_malformed_cursors_are_rejected(sim: Simulator, name: str, text: bytes) -> None:
    good, bad = (urlsafe_b64encode(cursor).decode() for cursor in (b"after:3", text))
    assert http(sim, "GET", f"/v1/users?{name}={good}")[0].status == 200
    response, problem = http(sim, "GET", f"/v1/users?{name}={bad}")
    assert (response.status, problem["errors"][0]["field"], problem["errors"][0]["type"]) == (422, name, "format")


def test_after_wins_over_before(sim: Simulator) -> None:
    for name in NAMES:
        http(sim, "PUT", f"/v1/users/{name}", {})
    _, first = http(sim, "GET", "/v1/users?page_size=3")
    _, second = http(sim, "GET", f"/v1/users?page_size=3&after={first['page_info']['after']}")
    cursor = second["page_info"]["after"]
    _, page = http(sim, "GET", f"/v1/users?page_size=3&after={cursor}&before={cursor}")
    assert [user["id"] for user in page["entries"]] == NAMES[6:9]


CHANGE = st.tuples(st.sampled_from(["add", "delete"]), st.integers(0, 40))


@settings(max_examples=60)
@given(
    start=st.integers(0, 20),
    size=st.integers(1, 7),
    order=st.sampled_from(["asc", "desc"]),
    changes=st.lists(st.lists(CHANGE, max_size=3), max_size=25),
)
def test_rows_that_exist_throughout_are_listed_once(
    start: int, size: int, order: str, changes: list[list[tuple[str, int]]]
) -> None:
    sim = Simulator()
    client = sim.client()
    present = {f"u{number}" for number in range(start)}
    for name in sorted(present):
        client.users.update(name)
    stayed = set(present)
    listed: list[str] = []
    rounds = iter(changes)
    page = client.users.list(page_size=size, order="asc" if order == "asc" else "desc")
    for _ in range(200):
        listed.extend(user.id for user in page.items)
        for kind, number in next(rounds, []):
            name = f"u{number}"
            if kind == "add":
                client.users.update(name)
            else:
                client.users.delete(name)
                stayed.discard(name)
        if page.page_info is None or page.page_info.after is None:
            break
        page = client.users.list(page_size=size, order="asc" if order == "asc" else "desc", after=page.page_info.after)
    else:
        pytest.fail("the pages do not end")
    once = [name for name in listed if name in stayed]
    assert sorted(once) == sorted(stayed)


@given(
    serials=st.lists(st.integers(0, 50), unique=True), removed=st.sets(st.integers(0, 50)), start=st.integers(-1, 51)
)
def test_ordered_rows_are_iterated_in_order_from_any_serial(serials: list[int], removed: set[int], start: int) -> None:
    rows: OrderedRows[str] = OrderedRows()
    for serial in serials:
        rows.add(serial, str(serial))
    for serial in removed & set(serials):
        rows.remove(serial)
    left = sorted(set(serials) - removed)
    assert len(rows) == len(left)
    assert [serial for serial, _ in rows.iterate()] == left
    assert [serial for serial, _ in rows.iterate(start)] == [serial for serial in left if serial > start]
    assert [row for _, row in rows.iterate(start, backward=True)] == [str(s) for s in reversed(left) if s < start]
