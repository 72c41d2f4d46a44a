"""Pages of users, objects, messages and feeds, walked both ways while rows come and go, against a plain list."""

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
class Cursor:
    """A walk: which way it goes, by how many, and what a page gave it to go on."""

    direction: Literal["after", "before"]
    size: int
    text: str
    anchor: int
    """Index in the machine's list of the row next to which the walk stands, on this side of it."""
    due: set[str]
    """What was there ahead of it when it began, and has not been deleted since."""
    listed: list[str]


class PagesMachine(RuleBasedStateMachine):
    """Rows in the order in which the list shows them when nothing is deleted; deleted ones keep their place."""

    target: str
    newest_first = False
    key = "entries"

    def __init__(self) -> None:
        super().__init__()
        self.sim = Simulator()
        self.made = 0
        self.rows: list[str] = []
        self.alive: set[str] = set()
        self.walks: list[Cursor] = []

    def make(self, number: int) -> str:
        """Make a row, and return what the list will show it as."""
        raise NotImplementedError

    def unmake(self, name: str) -> None:
        """Delete a row."""
        raise NotImplementedError

    def send(self, method: str, target: str, body: Any = None) -> Any:
        """Send a request that must succeed."""
        response, answer = http(self.sim, method, target, body)
        assert response.status < 300, answer
        return answer

    def page(self, size: int, **cursor: str) -> tuple[list[str], dict[str, Any]]:
        """Return the names on a page, and what it says of its neighbours."""
        extra = "".join(f"&{name}={value}" for name, value in cursor.items())
        answer = self.send("GET", f"{self.target}?page_size={size}{extra}")
        assert answer["page_info"]["page_size"] == size
        return [row["id"] for row in answer[self.key]], answer["page_info"]

    def ordered(self) -> list[str]:
        """Return every row that ever was, in the list's order."""
        return self.rows[::-1] if self.newest_first else list(self.rows)

    def index(self, position: int) -> int:
        """Turn the index of a row in the machine's list into one in the list's order."""
        return len(self.rows) - 1 - position if self.newest_first else position

    def expected(self, walk: Cursor) -> list[str]:
        """Return what is ahead of a walk at this moment, nearest first."""
        ordered, at = self.ordered(), self.index(walk.anchor)
        ahead = ordered[at + 1 :] if walk.direction == "after" else ordered[:at][::-1]
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

    @precondition(lambda self: self.walks)
    @rule(data=st.data())
    def delete_what_is_ahead(self, data: st.DataObject) -> None:
        for name in self.expected(data.draw(st.sampled_from(self.walks))):
            self.delete_one(name)

    def delete_one(self, name: str) -> None:
        """Delete a row, which no walk has to list any more."""
        self.unmake(name)
        self.alive.remove(name)
        for walk in self.walks:
            walk.due.discard(name)

    @rule(size=st.integers(1, 5))
    def begin(self, size: int) -> None:
        names, info = self.page(size)
        there = [name for name in self.ordered() if name in self.alive]
        assert names == there[:size]
        assert info["before"] is None
        assert (info["after"] is None) == (len(there) <= size)
        if info["after"]:
            self.walks.append(
                Cursor("after", size, info["after"], self.rows.index(names[-1]), set(there[size:]), list(names))
            )

    @precondition(lambda self: self.walks)
    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        walk = data.draw(st.sampled_from(self.walks))
        ahead = self.expected(walk)
        names, info = self.page(walk.size, **{walk.direction: walk.text})
        forward = walk.direction == "after"
        assert names == (ahead[: walk.size] if forward else ahead[: walk.size][::-1])
        walk.listed.extend(names)
        walk.due -= set(names)
        onward = info[walk.direction]
        assert (onward is None) == (len(ahead) <= walk.size)
        self.check_the_way_back(walk, names, info)
        if onward is None:
            assert not walk.due, "something that was there all the time has not been listed"
            self.walks.remove(walk)
        else:
            walk.text = onward
            walk.anchor = self.rows.index(names[-1] if forward else names[0])
        if names and info["before" if forward else "after"]:
            self.turn(walk, names, info)

    def check_the_way_back(self, walk: Cursor, names: list[str], info: dict[str, Any]) -> None:
        """Assert that the page knows whether there is anything behind it."""
        ordered = self.ordered()
        here = names or [self.rows[walk.anchor]]
        edge = ordered.index(here[0] if walk.direction == "after" else here[-1])
        behind = ordered[:edge] if walk.direction == "after" else ordered[edge + 1 :]
        if not names:
            behind.append(here[0])  # an empty page begins where the row ended that led to it
        there = any(name in self.alive for name in behind)
        assert (info["before" if walk.direction == "after" else "after"] is not None) == there

    def turn(self, walk: Cursor, names: Sequence[str], info: dict[str, Any]) -> None:
        """Begin a walk that goes back from the page that a walk has come to."""
        back: Literal["after", "before"] = "before" if walk.direction == "after" else "after"
        anchor = self.rows.index(names[0] if back == "before" else names[-1])
        turned = Cursor(back, walk.size, info[back], anchor, set(), [])
        turned.due.update(self.expected(turned))
        self.walks = [*self.walks[-5:], turned]

    @invariant()
    def nothing_is_listed_twice(self) -> None:
        for walk in self.walks:
            assert len(walk.listed) == len(set(walk.listed))


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
        # An archived item is gone from the feed, though its message is not.
        self.send("PUT", f"/v1/messages/{name}/archived")

    @invariant()
    def the_counts_follow(self) -> None:
        answer = self.send("GET", f"{self.target}?page_size=1")
        assert answer["meta"]["total_count"] == len(self.alive)


@pytest.mark.hypothesis
@pytest.mark.parametrize("machine", [Users, NewestUsers, Objects, Messages, Feed])
def test_no_row_is_lost_or_listed_twice(machine: type[PagesMachine]) -> None:
    limits = settings(max_examples=25, stateful_step_count=30)
    machine.TestCase.settings = limits
    machine.TestCase("runTest").runTest()
