"""Preference sets: storing and merging them, and their effect on the channels of a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import UnprocessableEntityError
from knock_sdk.testing import Simulator
from knock_sdk.testing.state.ids import uuid_of
from tests.simulator.support.pair import http

from ..rules.table import rule

if TYPE_CHECKING:
    from collections.abc import Mapping

EMAIL_ID = uuid_of("channel email")
SECTIONS = ("categories", "channel_types", "channels", "commercial_subscribed", "workflows")


@rule("old/preferences", "a set that does not exist is read as an empty one")
@rule("api/PreferenceSet", "absent sections are null")
def test_a_set_that_was_never_stored_is_empty(knock: Any) -> None:
    found = knock.users.get_preferences("nobody", "default")
    assert found.id == "default"
    assert [getattr(found, section) for section in SECTIONS] == [None] * len(SECTIONS)
    assert knock.users.list_preferences("nobody") == []


@rule("preferences/overview", "setting preferences replaces the set")
@rule("old/users-preferences", "setting preferences creates a user that does not exist")
def test_put_replaces_and_creates_the_user(knock: Any) -> None:
    knock.users.set_preferences("ana", "default", workflows={"a": False}, channel_types={"email": False})
    stored = knock.users.set_preferences("ana", "default", workflows={"b": {"channel_types": {"sms": False}}})
    assert stored == knock.users.get_preferences("ana", "default")
    assert stored.channel_types is None
    assert stored.model_dump()["workflows"].keys() == {"b"}
    assert knock.users.get("ana").id == "ana"


@rule("preferences/overview", "with `__persistence_strategy__: merge`, a set is merged deeply")
def test_put_merges_deeply_with_the_merge_strategy(knock: Any) -> None:
    knock.users.set_preferences("ana", "default", categories={"c": {"channel_types": {"email": True, "sms": False}}})
    changes = {"c": {"channel_types": {"email": False}}, "d": False}
    knock.users.set_preferences("ana", "default", categories=changes, _persistence_strategy="merge")
    assert knock.users.get_preferences("ana", "default").model_dump(exclude_none=True)["categories"] == {
        "c": {"channel_types": {"email": False, "sms": False}},
        "d": False,
    }


def test_unknown_fields_of_a_set_are_dropped(sim: Simulator) -> None:
    condition = {"variable": "data.a", "operator": "exists", "argument": None}
    setting = {"channels": {EMAIL_ID: {"conditions": [condition]}}, "conditions": [condition], "channel_types": None}
    stored = {"categories": {"c": setting}, "channel_types": {"email": True}, "commercial_subscribed": False}
    more = {"extra": 1, "categories": {"c": {**setting, "extra": 1, "conditions": [{**condition, "extra": 1}]}}}
    sent = {**stored, **more, "channel_types": {"email": True, "fax": False}}
    for target in ("/v1/users/ana/preferences/default", "/v1/objects/projects/p1/preferences/default"):
        response, result = http(sim, "PUT", target, sent)
        assert response.status == 200
        assert result == {"id": "default", "channels": None, "workflows": None, **stored}


def test_sets_are_stored_separately_and_can_be_unset(knock: Any) -> None:
    knock.users.set_preferences("ana", "default", workflows={"a": False})
    knock.users.set_preferences("ana", "acme", workflows={"b": False})
    assert [one.id for one in knock.users.list_preferences("ana")] == ["default", "acme"]
    assert knock.users.unset_preferences("ana", "default") is None
    assert knock.users.unset_preferences("ana", "default") is None
    assert [one.id for one in knock.users.list_preferences("ana")] == ["acme"]
    assert knock.users.get_preferences("ana", "default").workflows is None


@rule("preferences/custom-preference-center", "a set is read over the default of the environment")
@rule("mtn/per-tenant-preferences", "with a tenant in the query, a set is read over the tenant's default too")
def test_get_merges_the_set_over_the_defaults() -> None:
    sim = Simulator(default_preferences={"channel_types": {"sms": False, "email": False}})
    client = sim.client(strict=True)
    tenant = {"id": "acme", "settings": {"preference_set": {"channel_types": {"sms": True}, "workflows": {"w": False}}}}
    client.workflows.trigger("w", recipients=[], tenant=tenant)
    client.users.set_preferences("ana", "default", channel_types={"email": True})
    own = client.users.get_preferences("ana", "default").model_dump(exclude_none=True)
    assert own == {"id": "default", "channel_types": {"sms": False, "email": True}}
    layered = client.users.get_preferences("ana", "default", tenant="acme").model_dump(exclude_none=True)
    assert layered == {"id": "default", "channel_types": {"sms": True, "email": True}, "workflows": {"w": False}}
    of_tenant = client.users.get_preferences("ana", "acme").model_dump(exclude_none=True)
    assert of_tenant == {"id": "acme", "channel_types": {"sms": True, "email": False}, "workflows": {"w": False}}


def test_a_malformed_default_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"default_preferences\.channel_types\.email: "):
        Simulator(default_preferences={"channel_types": {"email": "no"}})


ALL = {"in_app_feed", "email", "sms"}
HIGH = {"conditions": [{"variable": "data.priority", "operator": "equal_to", "argument": "high"}]}
LOW = {"conditions": [{"variable": "data.priority", "operator": "equal_to", "argument": "low"}]}

# The workflow `w` has the categories `one` and `two` and the data {"priority": "high"}.
SINGLE = [
    ({}, ALL),
    ({"workflows": {"w": True}}, ALL),
    ({"workflows": {"w": False}}, set()),
    ({"workflows": {"other": False}}, ALL),
    ({"workflows": {"w": {}}}, ALL),
    ({"workflows": {"w": {"channel_types": {"email": False}}}}, ALL - {"email"}),
    ({"workflows": {"w": {"channels": {EMAIL_ID: False}}}}, ALL - {"email"}),
    ({"workflows": {"w": {"channels": {EMAIL_ID: True}, "channel_types": {"email": False}}}}, ALL),
    ({"workflows": {"w": {"channels": {EMAIL_ID: False}, "channel_types": {"email": True}}}}, ALL - {"email"}),
    ({"workflows": {"w": HIGH}}, ALL),
    ({"workflows": {"w": LOW}}, set()),
    ({"workflows": {"w": {**HIGH, "channel_types": {"sms": False}}}}, ALL - {"sms"}),
    ({"workflows": {"w": {"channel_types": {"sms": LOW, "email": HIGH}}}}, ALL - {"sms"}),
    ({"workflows": {"w": {"conditions": HIGH["conditions"] + LOW["conditions"]}}}, set()),
    ({"workflows": {"w": {"conditions": []}}}, ALL),
    ({"categories": {"one": False}}, set()),
    ({"categories": {"one": True, "two": False}}, set()),
    ({"categories": {"three": False}}, ALL),
    (
        {"categories": {"one": {"channel_types": {"email": False}}, "two": {"channel_types": {"sms": False}}}},
        {"in_app_feed"},
    ),
    ({"categories": {"one": False}, "workflows": {"w": {"channel_types": {"email": True}}}}, set()),
    ({"categories": {"two": LOW}}, set()),
    ({"channel_types": {"email": False}}, ALL - {"email"}),
    ({"channel_types": {"email": False}, "channels": {EMAIL_ID: True}}, ALL),
    ({"channel_types": {"email": True}, "channels": {EMAIL_ID: False}}, ALL - {"email"}),
    ({"channel_types": {"email": LOW}, "channels": {EMAIL_ID: HIGH}}, ALL),
    ({"channel_types": {"push": False}}, ALL),
    ({"channel_types": {"email": False}, "workflows": {"w": {"channel_types": {"email": True}}}}, ALL - {"email"}),
    ({"channels": {EMAIL_ID: True}, "workflows": {"w": {"channel_types": {"email": False}}}}, ALL - {"email"}),
    ({"channel_types": {"in_app_feed": False, "email": False, "sms": False}}, set()),
    ({"commercial_subscribed": False}, ALL),
]


def make_simulator(**workflow: Any) -> Simulator:
    sim = Simulator(default_preferences=workflow.pop("default", None))
    sim.workflow("w", channels=["in_app_feed", "email", "sms"], categories=["one", "two"], **workflow)
    return sim


def trigger(sim: Simulator, sets: Mapping[str, Any], tenant: Any = None) -> set[str]:
    """Trigger the workflow for a user with preference sets; return the types of the channels that got a message."""
    ana = {"id": "ana", "email": "ana@x.example", "phone_number": "+12025550100", "preferences": sets}
    sim.client(strict=True).workflows.trigger("w", recipients=[ana], data={"priority": "high"}, tenant=tenant)
    sent = {message.channel.type for message in sim.messages(to="ana")}
    skipped = {skip.channel for skip in sim.skips(to="ana")}
    assert sent | skipped == ALL
    assert not sent & skipped
    assert {skip.reason for skip in sim.skips()} <= {"preferences"}
    return sent


@rule("preferences/overview", "what is not set allows a message")
@rule(
    "preferences/overview",
    "all settings that apply must allow a message: of the workflow, each category, and the channel",
)
@rule("preferences/overview", "a setting for a channel precedes that for its type")
@rule("preferences/preference-conditions", "a setting can have conditions, all of which must hold")
@pytest.mark.parametrize(("preferences", "expected"), SINGLE)
def test_a_users_set_selects_the_channels(preferences: dict[str, Any], expected: set[str]) -> None:
    assert trigger(make_simulator(), {"default": preferences}) == expected


@rule("preferences/overview", "the environment's default applies to all who set nothing else")
@pytest.mark.parametrize(("preferences", "expected"), SINGLE)
def test_the_environments_default_selects_the_channels(preferences: dict[str, Any], expected: set[str]) -> None:
    assert trigger(make_simulator(default=preferences), {}) == expected


@pytest.mark.parametrize(("preferences", "expected"), SINGLE)
def test_a_tenants_default_selects_the_channels(preferences: dict[str, Any], expected: set[str]) -> None:
    assert trigger(make_simulator(), {}, {"id": "acme", "settings": {"preference_set": preferences}}) == expected


NO_EMAIL = {"channel_types": {"email": False}}
YES_EMAIL = {"channel_types": {"email": True}}
NO_SMS = {"channel_types": {"sms": False}}
REPLACES = {"channel_types": {"__strategy__": "replace", "email": False}}

# The environment's default, the tenant's default, the recipient's sets, whether the trigger has the tenant.
LAYERS = [
    (NO_EMAIL, None, {"default": YES_EMAIL}, False, ALL),
    (NO_EMAIL, None, {"default": NO_SMS}, False, {"in_app_feed"}),
    (None, NO_EMAIL, {"default": YES_EMAIL}, False, ALL),
    (None, NO_EMAIL, {"acme": NO_SMS}, False, ALL),
    (None, NO_EMAIL, {}, True, ALL - {"email"}),
    (None, NO_EMAIL, {"default": YES_EMAIL}, True, ALL - {"email"}),
    (None, NO_EMAIL, {"acme": YES_EMAIL}, True, ALL),
    (None, NO_EMAIL, {"acme": NO_SMS}, True, {"in_app_feed"}),
    (None, None, {"acme": NO_SMS, "default": NO_EMAIL}, True, ALL - {"sms"}),
    (None, None, {"default": NO_EMAIL}, True, ALL - {"email"}),
    (NO_SMS, None, {"default": NO_EMAIL}, True, {"in_app_feed"}),
    (NO_SMS, NO_EMAIL, {}, True, {"in_app_feed"}),
    (NO_EMAIL, YES_EMAIL, {}, True, ALL),
    (None, REPLACES, {"acme": YES_EMAIL}, True, ALL - {"email"}),
    (None, {"channel_types": {"__strategy__": "merge", "email": False}}, {"acme": YES_EMAIL}, True, ALL),
    (
        None,
        {"categories": {"one": {"__strategy__": "replace", **NO_EMAIL}}},
        {"acme": {"categories": {"one": True}}},
        True,
        ALL - {"email"},
    ),
    (None, {"categories": {"one": NO_EMAIL}}, {"acme": {"categories": {"one": True}}}, True, ALL),
]


@rule(
    "mtn/per-tenant-preferences",
    "with a tenant: the recipient's set for it, over the tenant's, over the environment's, leaf by leaf",
)
@rule(
    "mtn/per-tenant-preferences",
    "if neither recipient nor tenant has a set for the tenant, the recipient's default set applies",
)
@pytest.mark.parametrize(("environment", "tenant", "own", "with_tenant", "expected"), LAYERS)
def test_the_sets_of_environment_tenant_and_recipient_are_layered(
    environment: dict[str, Any] | None,
    tenant: dict[str, Any] | None,
    own: dict[str, Any],
    with_tenant: bool,
    expected: set[str],
) -> None:
    sim = make_simulator(default=environment)
    inline = {"id": "acme", **({"settings": {"preference_set": tenant}} if tenant is not None else {})}
    sim.client().workflows.trigger("w", recipients=[], tenant=inline)
    assert trigger(sim, own, "acme" if with_tenant else None) == expected


@rule(
    "mtn/per-tenant-preferences",
    "an entry of a tenant with the strategy `replace` hides the user's, until it is lifted",
)
def test_a_tenants_replace_strategy_is_shown_and_can_be_lifted(sim: Simulator) -> None:
    client = sim.client()
    entry = {"__strategy__": "replace", "channel_types": {"email": False}}

    def set_default(entry: dict[str, Any], **more: Any) -> None:
        preferences = {"categories": {"one": entry}, **more}
        client.workflows.trigger("w", recipients=[], tenant={"id": "acme", "settings": {"preference_set": preferences}})

    client.users.set_preferences("ana", "acme", categories={"one": YES_EMAIL})
    set_default(entry)
    shown = client.users.get_preferences("ana", "acme").model_dump(exclude_none=True)
    assert shown["categories"] == {"one": entry}
    set_default({"channel_types": {"email": False}})
    assert client.users.get_preferences("ana", "acme").model_dump(exclude_none=True) == shown
    set_default({"__strategy__": "merge"})
    lifted = client.users.get_preferences("ana", "acme").model_dump(exclude_none=True)
    assert lifted["categories"]["one"]["channel_types"] == {"email": True}
    set_default(entry)
    set_default({"channel_types": {"sms": False}}, __persistence_strategy__="replace")
    replaced = client.users.get_preferences("ana", "acme").model_dump(exclude_none=True)
    assert replaced["categories"] == {"one": {"channel_types": {"email": True, "sms": False}}}


@rule(
    "mtn/per-tenant-preferences",
    "workflows, categories, channel types and channels can have a strategy, which is read back",
)
@pytest.mark.parametrize("strategy", ["merge", "replace"])
def test_a_strategy_is_shown_wherever_it_is_documented(sim: Simulator, strategy: str) -> None:
    client = sim.client(strict=True)
    channels = {"__strategy__": strategy, uuid_of("channel"): False}
    sections: dict[str, Any] = {
        "channel_types": {"__strategy__": strategy, "email": False},
        "channels": channels,
        "workflows": {"w": {"__strategy__": strategy, "channels": channels}},
    }
    stored = client.users.set_preferences("ana", "acme", **sections)
    assert stored.model_dump(exclude_none=True).items() >= sections.items()
    with pytest.raises(UnprocessableEntityError, match="channels"):
        client.users.set_preferences("ana", "acme", channels={uuid_of("channel"): strategy})


@rule("mtn/per-tenant-preferences", "without its set, a tenant has no effect on preferences")
def test_a_tenants_default_can_be_cleared() -> None:
    sim = make_simulator()
    client = sim.client()
    client.workflows.trigger("w", recipients=[], tenant={"id": "acme", "settings": {"preference_set": NO_EMAIL}})
    client.workflows.trigger("w", recipients=[], tenant={"id": "acme", "settings": {"preference_set": None}})
    assert trigger(sim, {"default": NO_SMS}, "acme") == ALL - {"sms"}


def test_a_workflow_may_override_preferences() -> None:
    assert trigger(make_simulator(override_preferences=True), {"default": {"workflows": {"w": False}}}) == ALL


@rule(
    "preferences/commercial-unsubscribe",
    "`commercial_subscribed` in the recipient's default set precedes that of all other sets",
)
@rule("preferences/commercial-unsubscribe", "who is subscribed still needs all other settings to allow a message")
@pytest.mark.parametrize(
    ("sets", "tenant", "expected"),
    [
        ({}, None, ALL),
        ({"default": {"commercial_subscribed": True}}, None, ALL),
        ({"default": {"commercial_subscribed": False}}, None, set()),
        ({"default": {"commercial_subscribed": LOW}}, None, set()),
        ({"default": {"commercial_subscribed": HIGH}}, None, ALL),
        ({"default": {"commercial_subscribed": False}, "acme": {"commercial_subscribed": True}}, "acme", set()),
        ({"default": {"commercial_subscribed": True}, "acme": {"commercial_subscribed": False}}, "acme", ALL),
        ({"default": {"commercial_subscribed": True, "workflows": {"w": False}}}, None, set()),
    ],
)
def test_commercial_workflows_follow_commercial_subscribed(
    sets: dict[str, Any], tenant: str | None, expected: set[str]
) -> None:
    assert trigger(make_simulator(commercial=True), sets, tenant) == expected


@pytest.mark.parametrize(
    ("preferences", "path"),
    [
        ({"workflows": {"w": False}}, "workflows.w"),
        ({"workflows": {"w": NO_EMAIL}}, "workflows.w.channel_types.email"),
        ({"categories": {"two": {"channels": {EMAIL_ID: False}}}}, f"categories.two.channels.{EMAIL_ID}"),
        (NO_EMAIL, "channel_types.email"),
    ],
)
def test_skips_name_the_setting_that_prevented_the_message(preferences: dict[str, Any], path: str) -> None:
    sim = make_simulator()
    trigger(sim, {"default": preferences})
    (skip,) = sim.skips(to="ana", channel="email", workflow="w")
    assert (skip.reason, skip.detail) == ("preferences", path)
