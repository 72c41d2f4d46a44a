"""In-app feeds: items, filters, counts, excluded fields and settings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import NotFoundError, UnprocessableEntityError
from knock_sdk.testing import Simulator
from tests.simulator.support.pair import PUBLIC, http

from ..rules.table import rule

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def sim() -> Simulator:
    sim = Simulator()
    sim.workflow("comment", channels=["in_app_feed", "email"], categories=["collaboration"])
    sim.workflow("invoice", categories=["billing", "finance"])
    return sim


@pytest.fixture
def knock(knock: Any) -> Any:
    knock.users.update("ana", email="ana@x.example")
    knock.users.update("ben", name="Ben", properties={"team": {"name": "Red", "size": 3}})
    return knock


@pytest.fixture
def feed(sim: Simulator) -> str:
    return sim.channel("in_app_feed").id


def fill(knock: Any, sim: Simulator) -> dict[str, str]:
    """Put four items into a feed, one of them archived; return their short names by id."""
    knock.workflows.trigger("comment", recipients=["ana"], actor="ben", tenant="acme", data={"n": 1, "note": "x"})
    sim.advance(minutes=1)
    knock.workflows.trigger("invoice", recipients=["ana", "ben"], data={"n": 2, "lines": [{"sum": 5}]})
    sim.advance(minutes=1)
    knock.workflows.trigger("comment", recipients=["ana"], tenant="globex", data={"n": 1})
    sim.advance(minutes=1)
    knock.workflows.trigger("invoice", recipients=["ana"], data={"n": 4})
    ids = [message.id for message in sim.messages(to="ana", channel="in_app_feed")]
    knock.messages.mark_as_seen(ids[0])
    knock.messages.mark_as_read(ids[0])
    knock.messages.mark_as_seen(ids[1])
    knock.messages.archive(ids[3])
    return dict(zip(ids, ["first", "second", "third", "archived"], strict=True))


FILTERS: list[tuple[str, Callable[[Simulator], dict[str, Any]], list[str]]] = [
    ("none", lambda _sim: {}, ["third", "second", "first"]),
    ("all", lambda _sim: {"status": "all"}, ["third", "second", "first"]),
    ("unread", lambda _sim: {"status": "unread"}, ["third", "second"]),
    ("read", lambda _sim: {"status": "read"}, ["first"]),
    ("unseen", lambda _sim: {"status": "unseen"}, ["third"]),
    ("seen", lambda _sim: {"status": "seen"}, ["second", "first"]),
    ("not archived", lambda _sim: {"archived": "exclude"}, ["third", "second", "first"]),
    ("archived too", lambda _sim: {"archived": "include"}, ["archived", "third", "second", "first"]),
    ("only archived", lambda _sim: {"archived": "only"}, ["archived"]),
    ("source", lambda _sim: {"source": "comment"}, ["third", "first"]),
    ("a tenant's and those of none", lambda _sim: {"tenant": "acme"}, ["second", "first"]),
    ("a tenant's alone", lambda _sim: {"tenant": "acme", "has_tenant": True}, ["first"]),
    ("any tenant's", lambda _sim: {"has_tenant": True}, ["third", "first"]),
    ("no tenant's", lambda _sim: {"has_tenant": False}, ["second"]),
    ("category", lambda _sim: {"workflow_categories": ["finance", "x"]}, ["second"]),
    ("data", lambda _sim: {"trigger_data": {"n": 1}}, ["third", "first"]),
    ("all the data", lambda _sim: {"trigger_data": {"n": 1, "note": "x"}}, ["first"]),
    ("later", lambda sim: {"inserted_at": {"gt": sim.now - timedelta(minutes=2)}}, ["third"]),
    ("from then on", lambda sim: {"inserted_at": {"gte": sim.now - timedelta(minutes=2)}}, ["third", "second"]),
    ("until", lambda sim: {"inserted_at": {"lte": sim.now - timedelta(minutes=2)}}, ["second", "first"]),
    ("before", lambda sim: {"inserted_at": {"lt": sim.now - timedelta(minutes=2)}}, ["first"]),
    ("a language", lambda _sim: {"locale": "de-DE", "source": "invoice"}, ["second"]),
]
UNSEEN = {"third", "archived"}
UNREAD = {"second", "third", "archived"}


@rule("f/filtering", "feeds are filtered by status, archived, source, categories, data, tenant and time")
@rule("f/filtering", "archived items are left out unless they are asked for")
@rule("mtn/tenant-scoping", "a tenant's feed has the items without a tenant too, unless `has_tenant` is true")
@rule("f/filtering", "the counts of a feed follow the filters")
@rule("f/overview", "the newest item comes first")
@pytest.mark.parametrize(("arguments", "expected"), [row[1:] for row in FILTERS], ids=[row[0] for row in FILTERS])
def test_filters_and_counts(
    knock: Any, sim: Simulator, feed: str, arguments: Callable[[Simulator], dict[str, Any]], expected: list[str]
) -> None:
    short = fill(knock, sim)
    page = knock.users.feeds.list_items("ana", feed, **arguments(sim))
    assert [short[item.id] for item in page.items] == expected
    assert page.meta.total_count == len(expected)
    assert page.meta.unseen_count == len(UNSEEN & set(expected))
    assert page.meta.unread_count == len(UNREAD & set(expected))
    # The counts cover the whole feed, not only the page.
    first = knock.users.feeds.list_items("ana", feed, page_size=1, **arguments(sim))
    assert first.meta == page.meta
    assert [short[item.id] for item in first.items] == expected[:1]


@rule("api/FeedItem", "an item has the blocks, the data, the source, the actors and the activities of its message")
def test_an_item_has_the_fields_of_its_message(knock: Any, sim: Simulator, feed: str) -> None:
    knock.workflows.trigger("comment", recipients=["ana"], actor="ben", tenant="acme", data={"n": 1, "deep": {"a": 2}})
    [message] = sim.messages(to="ana", channel="in_app_feed")
    [item] = knock.users.feeds.list_items("ana", feed).items
    assert (item.id, item.inserted_at, item.tenant) == (message.id, message.inserted_at, "acme")
    assert item.data == {"n": 1, "deep": {"a": 2}}
    assert item.source.key == "comment"
    assert item.source.categories == ["collaboration"]
    assert [actor.id for actor in item.actors] == ["ben"]
    assert (item.total_activities, item.total_actors) == (1, 1)
    [activity] = item.activities
    assert (activity.actor.id, activity.recipient.id, activity.data) == ("ben", "ana", item.data)
    contents = knock.messages.get_content(message.id)
    assert [block.rendered for block in item.blocks] == [block.rendered for block in contents.data.blocks]
    assert (item.seen_at, item.read_at, item.archived_at, item.interacted_at) == (None, None, None, None)
    sim.advance(minutes=1)
    knock.messages.mark_as_interacted(item.id)
    [item] = knock.users.feeds.list_items("ana", feed).items
    assert item.interacted_at == item.read_at == item.updated_at == sim.now


def test_a_deleted_actor_is_not_in_the_actors(knock: Any, sim: Simulator, feed: str) -> None:
    sim.workflow("digest", batch=timedelta(minutes=5))
    for name in ("ben", "carl"):
        knock.users.update(name)
        knock.workflows.trigger("digest", recipients=["ana"], actor=name)
    sim.advance(minutes=5)
    knock.users.delete("ben")
    [item] = knock.users.feeds.list_items("ana", feed).items
    assert [actor.id for actor in item.actors] == ["carl"]
    assert item.total_actors == 2
    assert [(activity.actor.id, activity.actor.name) for activity in item.activities] == [("ben", None), ("carl", None)]
    knock.users.delete("carl")
    [item] = knock.users.feeds.list_items("ana", feed, mode="compact").items
    assert item.actors == []


def test_an_item_shows_the_click_on_its_link(knock: Any, sim: Simulator, feed: str) -> None:
    knock.workflows.trigger("invoice", recipients=["ana"])
    [item] = knock.users.feeds.list_items("ana", feed).items
    assert (item.clicked_at, item.link_clicked_at) == (None, None)
    sim.advance(minutes=1)
    sim.click(item.id, "https://x.example/page")
    [item] = knock.users.feeds.list_items("ana", feed).items
    assert item.clicked_at == item.link_clicked_at == sim.now


@rule("api/FeedItem", "an item counts the activities and actors of its batch")
def test_a_batch_makes_one_item_with_all_activities(knock: Any, sim: Simulator, feed: str) -> None:
    sim.workflow("digest", batch=timedelta(minutes=5))
    for name in ("ben", "carl", "ben"):
        knock.users.update(name)
        knock.workflows.trigger("digest", recipients=["ana"], actor=name, data={"by": name})
    assert knock.users.feeds.list_items("ana", feed).items == []
    sim.advance(minutes=5)
    [item] = knock.users.feeds.list_items("ana", feed).items
    assert (item.total_activities, item.total_actors) == (3, 2)
    assert [activity.data for activity in item.activities] == [{"by": "ben"}, {"by": "carl"}, {"by": "ben"}]
    assert [actor.id for actor in item.actors] == ["ben", "carl"]


@rule("ui/api-overview", "compact items have no activities, no nested data and at most one actor")
def test_compact_items_omit_activities_and_nested_data(sim: Simulator, feed: str) -> None:
    client = sim.client()
    sim.workflow("digest", batch=timedelta(minutes=5))
    for name in ("ana", "ben", "carl"):
        client.users.update(name)
    data = {"n": 1, "list": [1], "object": {}, "none": None}
    client.workflows.trigger("invoice", recipients=["ana"], data=data)
    for name in ("ben", "carl"):
        client.workflows.trigger("digest", recipients=["ana"], actor=name)
    sim.advance(minutes=5)
    compact, rich = (
        http(sim, "GET", f"/v1/users/ana/feeds/{feed}?mode={mode}")[1]["entries"] for mode in ("compact", "rich")
    )
    assert not any({"activities", "total_activities"} & item.keys() for item in compact)
    assert [(len(item["activities"]), item["total_activities"]) for item in rich] == [(2, 2), (1, 1)]
    assert compact[1]["data"] == {"n": 1, "none": None}
    assert rich[1]["data"] == data
    assert [[actor["id"] for actor in item["actors"]] for item in compact] == [["ben"], []]
    assert [[actor["id"] for actor in item["actors"]] for item in rich] == [["ben", "carl"], []]
    assert [item["total_actors"] for item in compact] == [2, 0]


@rule("ui/api-overview", "`exclude` leaves out fields, up to three levels deep")
def test_fields_can_be_excluded(knock: Any, sim: Simulator, feed: str) -> None:
    fill(knock, sim)
    target = f"/v1/users/ana/feeds/{feed}"
    _, whole = http(sim, "GET", target)
    _, reduced = http(
        sim, "GET", f"{target}?exclude=entries.actors.team,entries.data%2C%20meta.total_count,vars,nothing.x"
    )
    assert whole.keys() - reduced.keys() == {"vars"}
    assert whole["meta"].keys() - reduced["meta"].keys() == {"total_count"}
    for before, after in zip(whole["entries"], reduced["entries"], strict=True):
        assert before.keys() - after.keys() == {"data"}
        assert [{**actor, "team": None} for actor in before["actors"]] == [
            {**actor, "team": None} for actor in after["actors"]
        ]
    ben = whole["entries"][-1]["actors"][0]
    assert ben["team"]["name"] == "Red"
    assert "team" not in reduced["entries"][-1]["actors"][0]
    response, problem = http(sim, "GET", f"{target}?exclude=entries.actors.team.name")
    assert (response.status, problem["errors"][0]["field"]) == (422, "exclude")


@rule("f/overview", "the feed of an unknown user is empty")
def test_an_unknown_or_deleted_user_has_an_empty_feed(knock: Any, sim: Simulator, feed: str) -> None:
    knock.workflows.trigger("invoice", recipients=["ana"])
    for name in ("nobody", "ben"):
        page = knock.users.feeds.list_items(name, feed)
        assert (page.items, page.meta.total_count, page.page_info.after) == ([], 0, None)
    assert knock.users.feeds.list_items("ana", feed).meta.total_count == 1
    knock.users.delete("ana")
    assert knock.users.feeds.list_items("ana", feed).meta.total_count == 0
    assert len(sim.messages(to="ana")) == 1


def test_messages_that_were_not_sent_are_not_in_the_feed(knock: Any, sim: Simulator, feed: str) -> None:
    knock.workflows.trigger("invoice", recipients=["ana"], settings={"sandbox_mode": True})
    assert [message.status for message in sim.messages(to="ana")] == ["not_sent"]
    assert knock.users.feeds.list_items("ana", feed).items == []


def test_each_channel_has_its_own_feed(knock: Any, sim: Simulator, feed: str) -> None:
    other = sim.channel("inbox", type="in_app_feed").id
    sim.workflow("both", channels=["in_app_feed", "inbox"])
    knock.workflows.trigger("both", recipients=["ana"])
    items = [knock.users.feeds.list_items("ana", name).items for name in (feed, other)]
    assert [len(each) for each in items] == [1, 1]
    assert items[0][0].id != items[1][0].id


def test_a_page_of_a_feed_has_at_most_200_items(knock: Any, sim: Simulator, feed: str) -> None:
    for _ in range(60):
        knock.workflows.trigger("invoice", recipients=["ana"])
    assert len(knock.users.feeds.list_items("ana", feed).items) == 50
    assert len(knock.users.feeds.list_items("ana", feed, page_size=200).items) == 60
    response, problem = http(sim, "GET", f"/v1/users/ana/feeds/{feed}?page_size=201")
    assert (response.status, problem["errors"][0]["field"]) == (422, "page_size")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=new", "status"),
        ("archived=yes", "archived"),
        ("has_tenant=1", "has_tenant"),
        ("mode=small", "mode"),
        ("trigger_data=n", "trigger_data"),
        ("trigger_data=%7B%22n%22:%5B1%5D%7D", "trigger_data.n"),
        ("inserted_at[gte]=soon", "inserted_at.gte"),
    ],
)
def test_bad_filters(sim: Simulator, feed: str, query: str, field: str) -> None:
    response, problem = http(sim, "GET", f"/v1/users/ana/feeds/{feed}?{query}")
    assert (response.status, problem["code"], problem["errors"][0]["field"]) == (422, "invalid_params", field)


def test_a_channel_without_a_feed_is_rejected(knock: Any, sim: Simulator) -> None:
    with pytest.raises(NotFoundError) as unknown:
        knock.users.feeds.list_items("ana", "6f0d8f4e-7d0b-4d5c-8a33-7d1a4b1b0a11")
    assert unknown.value.code == "resource_missing"
    with pytest.raises(UnprocessableEntityError) as other:
        knock.users.feeds.get_settings("ana", sim.channel("email").id)
    assert other.value.code == "channel_invalid"


@rule("api/getUserInAppFeedSettings", "the settings of a feed say whether Knock's branding is required")
def test_feed_settings_can_be_declared(knock: Any, sim: Simulator, feed: str) -> None:
    assert knock.users.feeds.get_settings("ana", feed).features.branding_required is False
    sim.feed_settings(branding_required=True)
    assert knock.users.feeds.get_settings("ana", feed).features.branding_required is True


@rule("ui/api-overview", "a feed comes with the variables of the environment")
def test_a_feed_returns_the_variables_of_the_environment(knock: Any, sim: Simulator, feed: str) -> None:
    assert knock.users.feeds.list_items("ana", feed).vars == {}
    sim.set_variables({"app_url": "https://app.x.example"})
    assert knock.users.feeds.list_items("ana", feed).vars == {"app_url": "https://app.x.example"}


def test_a_public_key_may_read_the_feed(sim: Simulator, feed: str) -> None:
    response, _ = http(sim, "GET", f"/v1/users/ana/feeds/{feed}", key=PUBLIC)
    assert response.status == 200
