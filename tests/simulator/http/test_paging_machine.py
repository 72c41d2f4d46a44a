"""Pages of users, objects, messages and feeds, read both ways while rows are added and deleted, against a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from typing_extensions import override

from knock_sdk.testing import Simulator
from tests.simulator.support.pair import http

if TYPE_CHECKING:
    from collections.abc import Sequence

FEED = Simulator().channel("in_app_feed").id


@dataclass
class Iteration:
    """An iteration over pages: its direction, page size and next cursor."""

    direction: Literal["after", "before"]
    size: int
    cursor: str
    anchor: int
    """Index, in the machine's list, of the row from which the cursor continues."""
    due: set[str]
    """Rows that were ahead when it began, and are neither listed nor deleted since."""
    listed: list[str]


class PagesMachine(RuleBasedStateMachine):
    """A list of all rows in the order of their creation, deleted ones included, beside the simulator's pages."""

    target: str
    newest_first = False
    key = "entries"

    def __init__(self) -> None:
        super().__init__()
        self.sim = Simulator()
        self.made = 0
        self.rows: list[str] = []
        self.alive: set[str] = set()
        self.iterations: list[Iteration] = []

    def make(self, number: int) -> str:
        """Create a row; return its id."""
        raise NotImplementedError

    def unmake(self, name: str) -> None:
        """Delete a row."""
        raise NotImplementedError

    def send(self, method: str, target: str, body: Any = None) -> Any:
        """Send a request that must succeed."""
        response, result = http(self.sim, method, target, body)
        assert response.status < 300, result
        return result

    def page(self, size: int, **cursor: str) -> tuple[list[str], dict[str, Any]]:
        """Return the ids on a page, and its `page_info`."""
        extra = "".join(f"&{name}={value}" for name, value in cursor.items())
        page = self.send("GET", f"{self.target}?page_size={size}{extra}")
        assert page["page_info"]["page_size"] == size
        return [row["id"] for row in page[self.key]], page["page_info"]

    def ordered(self) -> list[str]:
        """Return every row, deleted ones included, in the order of the pages."""
        return self.rows[::-1] if self.newest_first else list(self.rows)

    def index(self, position: int) -> int:
        """Convert an index in the machine's list to one in the order of the pages."""
        return len(self.rows) - 1 - position if self.newest_first else position

    def expected(self, iteration: Iteration) -> list[str]:
        """Return the rows ahead of an iteration, nearest first."""
        ordered, at = self.ordered(), self.index(iteration.anchor)
        ahead = ordered[at + 1 :] if iteration.direction == "after" else ordered[:at][::-1]
        return [name for name in ahead if name in self.alive]

    @rule(count=st.integers(1, 4))
    def insert(self, count: int) -> None:
        for _ in range(count):
            self.made += 1
            name = self.make(self.made)
            self.rows.append(name)
            self.alive.add(name)

    @precondition(lambda self: self.alive)
    @rule(data=st.data(), count=st.integers(1, 3))
    def delete(self, data: st.DataObject, count: int) -> None:
        for _ in range(min(count, len(self.alive))):
            self.delete_one(data.draw(st.sampled_from(sorted(self.alive))))

    @precondition(lambda self: self.iterations)
    @rule(data=st.data())
    def delete_rows_ahead(self, data: st.DataObject) -> None:
        for name in self.expected(data.draw(st.sampled_from(self.iterations))):
            self.delete_one(name)

    def delete_one(self, name: str) -> None:
        """Delete a row, which no iteration has to list any more."""
        self.unmake(name)
        self.alive.remove(name)
        for iteration in self.iterations:
            iteration.due.discard(name)

    @rule(size=st.integers(1, 5))
    def begin(self, size: int) -> None:
        names, info = self.page(size)
        existing = [name for name in self.ordered() if name in self.alive]
        assert names == existing[:size]
        assert info["before"] is None
        assert (info["after"] is None) == (len(existing) <= size)
        if info["after"]:
            self.iterations.append(
                Iteration("after", size, info["after"], self.rows.index(names[-1]), set(existing[size:]), list(names))
            )

    @precondition(lambda self: self.iterations)
    @rule(data=st.data())
    def fetch_next(self, data: st.DataObject) -> None:
        iteration = data.draw(st.sampled_from(self.iterations))
        ahead = self.expected(iteration)
        names, info = self.page(iteration.size, **{iteration.direction: iteration.cursor})
        forward = iteration.direction == "after"
        assert names == (ahead[: iteration.size] if forward else ahead[: iteration.size][::-1])
        iteration.listed.extend(names)
        iteration.due -= set(names)
        onward = info[iteration.direction]
        assert (onward is None) == (len(ahead) <= iteration.size)
        self.check_cursor_back(iteration, names, info)
        if onward is None:
            assert not iteration.due, "a row that existed throughout was not listed"
            self.iterations.remove(iteration)
        else:
            iteration.cursor = onward
            iteration.anchor = self.rows.index(names[-1] if forward else names[0])
        if names and info["before" if forward else "after"]:
            self.turn_back(iteration, names, info)

    def check_cursor_back(self, iteration: Iteration, names: list[str], info: dict[str, Any]) -> None:
        """Assert that the page has a cursor back if, and only if, there are rows behind it."""
        ordered = self.ordered()
        here = names or [self.rows[iteration.anchor]]
        edge = ordered.index(here[0] if iteration.direction == "after" else here[-1])
        behind = ordered[:edge] if iteration.direction == "after" else ordered[edge + 1 :]
        if not names:
            behind.append(here[0])  # an empty page lies beyond the row from which its cursor continues
        any_behind = any(name in self.alive for name in behind)
        assert (info["before" if iteration.direction == "after" else "after"] is not None) == any_behind

    def turn_back(self, iteration: Iteration, names: Sequence[str], info: dict[str, Any]) -> None:
        """Begin an iteration in the opposite direction from the page that an iteration has reached."""
        back: Literal["after", "before"] = "before" if iteration.direction == "after" else "after"
        anchor = self.rows.index(names[0] if back == "before" else names[-1])
        turned = Iteration(back, iteration.size, info[back], anchor, set(), [])
        turned.due.update(self.expected(turned))
        self.iterations = [*self.iterations[-5:], turned]

    @invariant()
    def no_row_is_listed_twice(self) -> None:
        for iteration in self.iterations:
            assert len(iteration.listed) == len(set(iteration.listed))


class Users(PagesMachine):
    target = "/v1/users"

    @override
    def make(self, number: int) -> str:
        self.send("PUT", f"/v1/users/u{number}", {})
        return f"u{number}"

    @override
    def unmake(self, name: str) -> None:
        self.send("DELETE", f"/v1/users/{name}")


class NewestUsers(Users):
    newest_first = True

    @override
    def page(self, size: int, **cursor: str) -> tuple[list[str], dict[str, Any]]:
        return super().page(size, order="desc", **cursor)


class Objects(PagesMachine):
    target = "/v1/objects/pages"

    @override
    def make(self, number: int) -> str:
        self.send("PUT", f"/v1/objects/pages/o{number}", {})
        return f"o{number}"

    @override
    def unmake(self, name: str) -> None:
        self.send("DELETE", f"/v1/objects/pages/{name}")


class Messages(PagesMachine):
    target = "/v1/messages"
    newest_first = True
    key = "items"

    def __init__(self) -> None:
        super().__init__()
        self.send("PUT", "/v1/users/ana", {})

    @override
    def make(self, number: int) -> str:
        self.send("POST", "/v1/workflows/w/trigger", {"recipients": ["ana"], "data": {"n": number}})
        return self.sim.messages(to="ana")[-1].id

    @override
    def unmake(self, name: str) -> None:
        [message] = [message for message in self.sim.messages(to="ana") if message.id == name]
        wanted = {"trigger_data": f'{{"n": {(message.data or {})["n"]}}}'}
        self.send("POST", f"/v1/channels/{FEED}/messages/bulk/delete", wanted)


class Feed(Messages):
    target = f"/v1/users/ana/feeds/{FEED}"
    key = "entries"

    @override
    def unmake(self, name: str) -> None:
        # An archived item leaves the feed; its message remains.
        self.send("PUT", f"/v1/messages/{name}/archived")

    @invariant()
    def counts_match_the_rows(self) -> None:
        page = self.send("GET", f"{self.target}?page_size=1")
        assert page["meta"]["total_count"] == len(self.alive)


@pytest.mark.parametrize("machine", [Users, NewestUsers, Objects, Messages, Feed])
def test_no_row_is_lost_or_listed_twice(machine: type[PagesMachine]) -> None:
    limits = settings(max_examples=25, stateful_step_count=30, deadline=None)
    machine.TestCase.settings = limits
    machine.TestCase("runTest").runTest()
