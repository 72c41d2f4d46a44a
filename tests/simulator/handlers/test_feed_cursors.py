"""What a live feed in a browser needs of the list of items: a cursor in each, and times that tell them apart."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from knock_sdk.testing import Send, Simulator

if TYPE_CHECKING:
    from collections.abc import Sequence


def _trigger(knock: Any, recipients: Sequence[str], times: int) -> None:
    for user in recipients:
        knock.users.update(user, email=f"{user}@example.com")
    for _ in range(times):
        knock.workflows.trigger("comment", recipients=recipients)


def test_an_item_s_cursor_is_what_before_and_after_take(sim: Simulator, knock: Any) -> None:
    channel = sim.channel("in_app_feed").id
    _trigger(knock, ["ana"], 4)
    items = knock.users.feeds.list_items("ana", channel).items
    cursor = items[2].cursor
    assert cursor
    newer = knock.users.feeds.list_items("ana", channel, before=cursor).items
    older = knock.users.feeds.list_items("ana", channel, after=cursor).items
    assert [item.id for item in newer] == [item.id for item in items[:2]]
    assert [item.id for item in older] == [items[3].id]


def test_items_of_one_instant_differ_by_a_millisecond(sim: Simulator, knock: Any) -> None:
    channel = sim.channel("in_app_feed").id
    _trigger(knock, ["ana", "ben"], 3)
    for user in ("ana", "ben"):
        items = knock.users.feeds.list_items(user, channel).items
        apart = [timedelta(milliseconds=each) for each in (2, 1, 0)]
        assert [item.inserted_at - sim.now for item in items] == apart
        assert all(item.updated_at >= item.inserted_at for item in items)


def test_an_item_after_an_advance_has_the_time_of_the_clock(sim: Simulator, knock: Any) -> None:
    channel = sim.channel("in_app_feed").id
    _trigger(knock, ["ana"], 2)
    sim.advance(seconds=1)
    _trigger(knock, ["ana"], 1)
    assert knock.users.feeds.list_items("ana", channel).items[0].inserted_at == sim.now


def test_messages_of_other_channels_have_the_time_of_the_clock(sim: Simulator, knock: Any) -> None:
    sim.workflow("comment", steps=[Send("email"), Send("in_app_feed")])
    _trigger(knock, ["ana"], 2)
    assert {message.inserted_at for message in sim.messages(channel="email")} == {sim.now}
