"""Fan-out: a trigger for an object sends to the object and its subscribers, each once, without the actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knock_sdk.testing import Simulator

from ..rules.table import rule

if TYPE_CHECKING:
    from knock_sdk.types import Message

ORG = {"collection": "orgs", "id": "org"}
ONE = {"collection": "teams", "id": "one"}
TWO = {"collection": "teams", "id": "two"}
DEEP = {"collection": "squads", "id": "deep"}

# Objects with their subscribers: the organisation has two teams and a guest; one team has a squad, whose member is one
# level too deep to be reached from the organisation.
TREE = [(ORG, [ONE, TWO, "guest"]), (ONE, ["ana", "ben"]), (TWO, ["ben", "cy", DEEP]), (DEEP, ["dee"])]


@pytest.fixture
def knock(knock: Any) -> Any:
    for name in ("ana", "ben", "cy", "dee", "guest", "zoe"):
        knock.users.update(name)
    for owner, _ in TREE:
        knock.objects.set(owner["collection"], owner["id"], name=owner["id"].title())
    for owner, subscribers in TREE:
        properties = {"via": owner["id"]}
        knock.objects.add_subscriptions(owner["collection"], owner["id"], recipients=subscribers, properties=properties)
    return knock


def recipient_id(message: Message) -> str:
    """Return the id of a message's recipient."""
    recipient = message.recipient
    return str(recipient if isinstance(recipient, str) else recipient.id)


def recipient_ids(sim: Simulator) -> list[str]:
    """Return the ids of the recipients of all messages, sorted."""
    return sorted(map(recipient_id, sim.messages()))


@rule("c/subscriptions", "a trigger for an object reaches it and its subscribers, two levels deep, each once")
@rule("c/subscriptions", "an actor is left out where it is reached through a subscription, and not where it is named")
@pytest.mark.parametrize(
    ("recipients", "actor", "expected"),
    [
        (["ana"], None, ["ana"]),
        ([ONE], None, ["ana", "ben", "one"]),
        ([ONE, "ben", TWO], None, ["ana", "ben", "cy", "deep", "dee", "one", "two"]),
        ([ORG], None, ["ana", "ben", "cy", "deep", "guest", "one", "org", "two"]),
        ([ORG, DEEP], None, ["ana", "ben", "cy", "dee", "deep", "guest", "one", "org", "two"]),
        ([ONE], "ben", ["ana", "one"]),
        ([ONE, "ben"], "ben", ["ana", "ben", "one"]),
        (["ben"], "ben", ["ben"]),
        ([ONE], ONE, ["ana", "ben", "one"]),
        ([ORG], ONE, ["ben", "cy", "deep", "guest", "org", "two"]),
        ([ORG], "zoe", ["ana", "ben", "cy", "deep", "guest", "one", "org", "two"]),
    ],
)
def test_an_object_and_its_subscribers_get_one_message_each(
    knock: Any, sim: Simulator, recipients: Any, actor: Any, expected: list[str]
) -> None:
    knock.workflows.trigger("w", recipients=recipients, actor=actor)
    assert recipient_ids(sim) == sorted(expected)


def test_circular_subscriptions_are_followed_once(knock: Any, sim: Simulator) -> None:
    knock.objects.add_subscriptions("teams", "one", recipients=[ORG, ONE])
    knock.workflows.trigger("w", recipients=[ORG])
    assert recipient_ids(sim) == ["ana", "ben", "cy", "deep", "guest", "one", "org", "two"]


def test_former_subscribers_get_no_message(knock: Any, sim: Simulator) -> None:
    knock.objects.delete_subscriptions("teams", "one", recipients=["ana"])
    knock.workflows.trigger("w", recipients=[ONE])
    assert recipient_ids(sim) == ["ben", "one"]


def test_trigger_data_of_a_recipient_is_not_passed_to_its_subscribers(knock: Any, sim: Simulator) -> None:
    recipients = [{**ONE, "$trigger_data": {"n": 2}}]
    knock.workflows.trigger("w", recipients=recipients, data={"n": 1})
    data = {recipient_id(message): message.data for message in sim.messages()}
    assert data == {"one": {"n": 2}, "ana": {"n": 1}, "ben": {"n": 1}}


@rule("c/subscriptions", "the properties of the subscription are `recipient.subscription`")
@pytest.mark.parametrize(
    ("variable", "argument", "expected"),
    [
        ("recipient.subscription.via", "one", ["ana", "ben"]),
        ("recipient.subscription.via", "org", ["guest", "one", "two"]),
        ("recipient.subscription.object.id", "two", ["cy", "deep"]),
        ("recipient.subscription.object.name", "One", ["ana", "ben"]),
        ("recipient.subscription.object.collection", "orgs", ["guest", "one", "two"]),
        ("recipient.subscription.via", "", ["org"]),
    ],
)
def test_conditions_read_the_subscription(
    knock: Any, sim: Simulator, variable: str, argument: str, expected: list[str]
) -> None:
    conditions = [{"variable": variable, "operator": "equal_to", "argument": argument}]
    users = ["ana", "ben", "cy", "guest"]
    for name in users:
        knock.users.set_preferences(name, "default", workflows={"w": {"conditions": conditions}})
    for owner, _ in TREE:
        knock.objects.set_preferences(
            owner["collection"], owner["id"], "default", workflows={"w": {"conditions": conditions}}
        )
    knock.workflows.trigger("w", recipients=[ORG])
    assert recipient_ids(sim) == sorted(expected)


def test_a_recipient_of_the_trigger_itself_has_no_subscription(knock: Any, sim: Simulator) -> None:
    conditions = [{"variable": "recipient.subscription", "operator": "exists", "argument": ""}]
    knock.users.set_preferences("ana", "default", workflows={"w": {"conditions": conditions}})
    knock.workflows.trigger("w", recipients=[ONE])
    assert "ana" in recipient_ids(sim)
    sim.client().workflows.trigger("w", recipients=[ONE, "ana"])
    assert recipient_ids(sim).count("ana") == 1


NODES = ["a", "b", "c", "d"]
EDGES = st.sets(st.tuples(st.sampled_from(NODES), st.sampled_from([*NODES, "u", "v"])))


def as_recipient(name: str) -> str | dict[str, str]:
    """Return a user for `u` and `v`, an object for all other names."""
    return name if name in "uv" else {"collection": "nodes", "id": name}


@given(EDGES, st.sets(st.sampled_from([*NODES, "u"])), st.sampled_from([None, *NODES, "u", "v"]))
@settings(max_examples=60)
def test_fan_out_reaches_two_levels_of_any_subscriptions(
    edges: set[tuple[str, str]], named: set[str], actor: str | None
) -> None:
    sim = Simulator()
    client = sim.client()
    client.users.bulk.identify(users=[{"id": "u"}, {"id": "v"}])
    client.objects.bulk.set("nodes", objects=[{"id": name} for name in NODES])
    for owner, subscriber in sorted(edges):
        client.objects.add_subscriptions("nodes", owner, recipients=[as_recipient(subscriber)])

    def subscribers(names: set[str]) -> set[str]:
        return {subscriber for owner, subscriber in edges if owner in names} - {actor or ""}

    recipients = [as_recipient(name) for name in sorted(named)]
    client.workflows.trigger("w", recipients=recipients, actor=None if actor is None else as_recipient(actor))
    first = subscribers(named)
    assert recipient_ids(sim) == sorted(named | first | subscribers(first))


def test_all_subscribers_of_a_large_object_get_the_message(knock: Any, sim: Simulator) -> None:
    names = [f"u{number}" for number in range(250)]
    for start in range(0, 250, 100):
        described = [{"id": name} for name in names[start : start + 100]]
        knock.objects.add_subscriptions("squads", "deep", recipients=described)
    knock.workflows.trigger("w", recipients=[DEEP])
    assert recipient_ids(sim) == sorted(["dee", "deep", *names])
