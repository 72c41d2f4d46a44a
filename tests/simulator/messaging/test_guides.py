"""Guides: engagement of users."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import NotFoundError, UnprocessableEntityError
from tests.simulator.support.pair import PUBLIC, http

from ..rules.table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator


@pytest.fixture
def knock(knock: Any) -> Any:
    knock.users.update("ana")
    knock.users.update("ben")
    return knock


class Tour:
    """A guide with two steps, and the engagement of users with it."""

    def __init__(self, knock: Any, sim: Simulator) -> None:
        self.guides = knock.users.guides
        self.channel = sim.channel("in_app_guide").id
        self.id = sim.guide("tour", type="modal", steps={"hello": {"title": "Hello"}, "bye": {"title": "Bye"}})

    def do(self, action: str, step: str = "hello", user: str = "ana", **more: Any) -> Any:
        """Record an engagement of a user with a step."""
        names = {"channel_id": self.channel, "guide_id": self.id, "guide_key": "tour", "guide_step_ref": step}
        if action == "seen":
            more.setdefault("content", {})
        return getattr(self.guides, f"mark_message_as_{action}")(user, **names, **more)

    def get(self, user: str = "ana", **query: Any) -> Any:
        """Return the guides of a user, with the ineligible ones."""
        return self.guides.get_channel(user, self.channel, **query)

    def shown(self, user: str = "ana", **query: Any) -> list[str]:
        """Return the keys of the guides that the user may see."""
        return [guide.key for guide in self.get(user, **query).entries]


@pytest.fixture
def tour(knock: Any, sim: Simulator) -> Tour:
    return Tour(knock, sim)


def reasons(response: Any) -> dict[str, str]:
    return {guide.key: guide.reason for guide in response.ineligible_guides}


def test_a_new_guide_has_no_engagement(sim: Simulator, tour: Tour) -> None:
    response = tour.get()
    [guide] = response.entries
    assert (guide.id, guide.key, guide.type, guide.active) == (tour.id, "tour", "modal", True)
    assert guide.channel_id == tour.channel
    assert [(step.ref, step.content) for step in guide.steps] == [
        ("hello", {"title": "Hello"}),
        ("bye", {"title": "Bye"}),
    ]
    for step in guide.steps:
        assert set(step.message.model_dump().values()) == {None}
    [group] = response.guide_groups
    assert (group.key, group.display_sequence, group.display_interval) == ("default", ["tour"], None)
    assert response.guide_group_display_logs == {}
    assert response.ineligible_guides == []
    assert guide.inserted_at == sim.now


@rule("g/handling-engagement", "engagement is recorded for a user and a step; an interaction counts as reading")
def test_engagement_is_stored_per_user_and_step(sim: Simulator, tour: Tour) -> None:
    assert tour.do("seen", content={"title": "Hello"}).status == "ok"
    seen_at = sim.now
    sim.advance(minutes=1)
    tour.do("interacted", metadata={"button": "ok"})
    hello, bye = tour.get().entries[0].steps
    assert (hello.message.seen_at, hello.message.interacted_at, hello.message.read_at) == (seen_at, sim.now, sim.now)
    assert hello.message.archived_at is None
    assert hello.message.id
    assert bye.message.id is None
    assert tour.get("ben").entries[0].steps[0].message.id is None
    tour.do("seen")
    assert tour.get().entries[0].steps[0].message.seen_at == sim.now
    assert tour.get().entries[0].steps[0].message.id == hello.message.id


@rule("g/handling-engagement", "an archived step is over, and the guide with its last one")
def test_a_guide_is_archived_with_its_last_step(sim: Simulator, tour: Tour) -> None:
    tour.do("archived", "hello")
    assert [step.message.archived_at for step in tour.get().entries[0].steps] == [sim.now, None]
    tour.do("archived", "bye")
    response = tour.get()
    assert response.entries == []
    assert reasons(response) == {"tour": "marked_as_archived"}
    assert response.ineligible_guides[0].message
    assert tour.shown("ben") == ["tour"]


@rule("api/markUserGuideAsUnarchived", "a guide that is unarchived is shown again")
def test_a_guide_archived_with_is_final_can_be_unarchived(tour: Tour) -> None:
    tour.do("seen")
    tour.do("archived", is_final=True)
    assert reasons(tour.get()) == {"tour": "marked_as_archived"}
    assert tour.guides.unarchive_guide_message("ana", guide_key="tour").status == "ok"
    hello = tour.get().entries[0].steps[0].message
    assert hello.archived_at is None
    assert hello.seen_at is not None


def test_a_reset_clears_the_engagement_of_one_user(tour: Tour) -> None:
    tour.do("seen")
    tour.do("archived", is_final=True)
    tour.do("seen", user="ben")
    assert tour.guides.reset_guide_engagements("ana", guide_key="tour").status == "ok"
    assert tour.get().entries[0].steps[0].message.seen_at is None
    assert tour.get("ben").entries[0].steps[0].message.seen_at is not None


def test_engagement_is_separate_per_tenant(tour: Tour) -> None:
    tour.do("seen")
    tour.do("archived", is_final=True, tenant="acme")
    assert tour.shown() == ["tour"]
    assert tour.shown(tenant="acme") == []
    assert tour.shown(tenant="globex") == ["tour"]
    tour.guides.unarchive_guide_message("ana", guide_key="tour")
    assert tour.shown(tenant="acme") == []
    tour.guides.reset_guide_engagements("ana", guide_key="tour", tenant="acme")
    assert tour.shown(tenant="acme") == ["tour"]
    assert tour.get().entries[0].steps[0].message.seen_at is not None


@rule("g/order-guides", "the group shows when its last guide was archived, unless `unthrottled` says otherwise")
def test_the_display_interval_begins_when_a_guide_is_archived(sim: Simulator, tour: Tour) -> None:
    sim.guide_group(display_interval=3600)
    assert tour.get().guide_groups[0].display_interval == 3600
    tour.do("seen")
    tour.do("archived", "hello", unthrottled=True)
    assert tour.get().guide_group_display_logs == {}
    sim.advance(minutes=1)
    tour.do("archived", "bye")
    assert tour.get().guide_group_display_logs == {"default": sim.now}
    assert tour.get("ben").guide_group_display_logs == {}


@rule("py/resources/users/guides", "engagement can be sent to the older paths, with the id of a message")
def test_the_older_paths_with_a_message_id_are_accepted(tour: Tour) -> None:
    for action in ("seen", "interacted", "archived"):
        assert tour.do(action, message_id="2hf8").status == "ok"
    message = tour.get().entries[0].steps[0].message
    assert None not in (message.seen_at, message.interacted_at, message.archived_at)


@rule("api/GuideActivationUrlPattern", "rules about URLs are passed on to the page")
def test_redeclaring_a_guide_updates_it_and_keeps_its_engagement(sim: Simulator, tour: Tour) -> None:
    tour.do("seen")
    declared_at = sim.now
    sim.advance(minutes=1)
    patterns = [{"directive": "allow", "pathname": "/home"}]
    rules = [{"directive": "block", "variable": "pathname", "operator": "equal_to", "argument": "/login"}]
    again = sim.guide(
        "tour", steps={"hello": {"title": "Hi"}}, url_patterns=patterns, url_rules=rules, bypass_group_limit=True
    )
    assert again == tour.id
    [guide] = tour.get().entries
    assert (guide.inserted_at, guide.updated_at) == (declared_at, sim.now)
    assert [pattern.model_dump(exclude_unset=True) for pattern in guide.activation_url_patterns] == patterns
    assert [rule.model_dump(exclude_unset=True) for rule in guide.activation_url_rules] == rules
    assert guide.bypass_global_group_limit is True
    assert [(step.content, step.message.seen_at) for step in guide.steps] == [({"title": "Hi"}, declared_at)]


def test_engagement_is_transferred_by_a_merge_and_deleted_with_the_user(knock: Any, tour: Tour) -> None:
    tour.do("archived", is_final=True)
    knock.users.merge("ben", from_user_id="ana")
    assert tour.shown("ben") == []
    knock.users.delete("ben")
    knock.users.update("ben")
    assert tour.shown("ben") == ["tour"]


@pytest.mark.parametrize(
    ("changed", "status", "fields"),
    [
        ({"guide_key": "other"}, 404, []),
        ({"guide_id": "6f0d8f4e-7d0b-4d5c-8a33-7d1a4b1b0a11"}, 422, ["guide_id"]),
        ({"channel_id": "6f0d8f4e-7d0b-4d5c-8a33-7d1a4b1b0a11"}, 422, ["channel_id"]),
        ({"guide_step_ref": "middle"}, 422, ["guide_step_ref"]),
        ({"guide_step_ref": 1}, 422, ["guide_step_ref"]),
    ],
)
def test_engagement_requires_an_existing_guide_and_step(
    sim: Simulator, tour: Tour, changed: dict[str, Any], status: int, fields: list[str]
) -> None:
    body = {"channel_id": tour.channel, "guide_id": tour.id, "guide_key": "tour", "guide_step_ref": "hello"}
    for action in ("seen", "interacted", "archived"):
        sent = {**body, "content": {}, **changed}
        response, problem = http(sim, "PUT", f"/v1/users/ana/guides/messages/{action}", sent)
        assert response.status == status
        assert problem["code"] == {404: "resource_missing", 422: "invalid_params"}[status]
        assert [error["field"] for error in problem.get("errors", [])] == fields
    assert tour.get().entries[0].steps[0].message.id is None


def test_unknown_users_guides_and_channels_are_rejected(knock: Any, sim: Simulator, tour: Tour) -> None:
    with pytest.raises(NotFoundError):
        tour.do("seen", user="nobody")
    for change in (knock.users.guides.unarchive_guide_message, knock.users.guides.reset_guide_engagements):
        with pytest.raises(NotFoundError):
            change("ana", guide_key="other")
        with pytest.raises(NotFoundError):
            change("nobody", guide_key="tour")
    with pytest.raises(NotFoundError):
        knock.users.guides.get_channel("ana", "6f0d8f4e-7d0b-4d5c-8a33-7d1a4b1b0a11")
    with pytest.raises(UnprocessableEntityError) as other:
        knock.users.guides.get_channel("ana", sim.channel("in_app_feed").id)
    assert other.value.code == "channel_invalid"


def test_a_public_key_may_read_guides(sim: Simulator, tour: Tour) -> None:
    response, _ = http(sim, "GET", f"/v1/users/ana/guides/{tour.channel}", key=PUBLIC)
    assert response.status == 200


def test_a_snapshot_restores_guides_and_their_engagement(sim: Simulator, tour: Tour) -> None:
    tour.do("seen")
    tour.do("archived", tenant="acme")
    sim.guide_group(display_interval=60)
    before = tour.get(), tour.get(tenant="acme")
    saved = type(sim.snapshot()).from_bytes(sim.snapshot().to_bytes())
    tour.guides.reset_guide_engagements("ana", guide_key="tour")
    sim.guide("more", content={})
    assert tour.get() != before[0]
    sim.restore(saved)
    assert (tour.get(), tour.get(tenant="acme")) == before


def test_engagement_has_simulated_timestamps(sim: Simulator, tour: Tour) -> None:
    sim.advance(timedelta(days=400))
    tour.do("seen")
    assert tour.get().entries[0].steps[0].message.seen_at == sim.now


@rule(
    "mt/schema-reference",
    "the content of a guide is Liquid that reads the recipient, the data, the tenant and the variables",
)
def test_liquid_in_the_content_is_rendered_for_the_user(knock: Any, sim: Simulator) -> None:
    channel = sim.channel("in_app_guide").id
    sim.set_variables({"app": "Ingen"})
    sim.translation("fr", {"hello": "Bonjour {{ name }}"})
    knock.users.update("ana", name="Ana", locale="fr")
    knock.tenants.set("acme", name="Acme")
    content = {
        "title": "{{ 'hello' | t: name: recipient.name }}",
        "items": [{"text": "{{ tenant.name }} {{ vars.app }} {{ data.plan }}"}],
        "number": 5,
    }
    sim.guide("tour", content=content)
    response = knock.users.guides.get_channel("ana", channel, tenant="acme", data='{"plan": "pro"}')
    assert response.entries[0].steps[0].content == {
        "title": "Bonjour Ana",
        "items": [{"text": "Acme Ingen pro"}],
        "number": 5,
    }


def test_a_guide_that_cannot_be_rendered_is_not_shown(knock: Any, sim: Simulator) -> None:
    channel = sim.channel("in_app_guide").id
    sim.guide("tour", content={"title": "{{ 1 | divided_by: data.n }}"})
    response = knock.users.guides.get_channel("ana", channel, data='{"n": 0}')
    assert response.entries == []
    assert [(guide.key, guide.message) for guide in response.ineligible_guides] == [
        ("tour", "The guide cannot be evaluated: step_1.content.title: divided_by: can't divide by 0")
    ]
    with pytest.raises(ValueError, match=r"guide 'tour'\.step_1\.title: unknown Liquid filter: no"):
        sim.guide("tour", content={"title": "{{ x | no }}"})
