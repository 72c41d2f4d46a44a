"""Evaluation of preferences, against a second implementation of the rules that does not merge sets.

It reads one path of all sets at a time: a category, a workflow, a channel inside one of them, and so on. The highest
set with a setting at this path decides.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from hypothesis import given, note, settings
from hypothesis import strategies as st

from knock_sdk.testing import Simulator
from tests.simulator.support.pair import http

CHANNELS = ("email", "in_app_feed", "sms")
CATEGORIES = ("one", "two")
IDS = {kind: Simulator().channel(kind).id for kind in CHANNELS}
LEVEL = "high"
TENANT = "acme"

Setting: TypeAlias = "bool | list[str] | None"
"""True or false, or the levels that the data must all have, or None if nothing is set."""


class Case(NamedTuple):
    """Preference sets, and the workflow that is triggered."""

    environment: dict[str, Any]
    tenant_default: dict[str, Any] | None
    of_user: dict[str, dict[str, Any]]
    with_tenant: bool
    categories: list[str]
    commercial: bool
    override: bool


# The rules.


def may_send(case: Case, channel: str) -> bool:
    """Return whether a message may be sent on a channel."""
    if case.override:
        return True
    sets = [each for each in chain(case) if each is not None]
    decisive = [channel_setting(sets, channel)]
    for section, key in [("workflows", "w"), *(("categories", name) for name in case.categories)]:
        entries = entries_of(sets, section, key)
        decisive += [highest_setting(entries), channel_setting(object_entries(entries), channel)]
    if case.commercial:
        # `commercial_subscribed` in a recipient's set `default` precedes that of all other sets.
        own = case.of_user.get("default", {}).get("commercial_subscribed")
        decisive.append(highest_setting([own, *(each.get("commercial_subscribed") for each in sets)]))
    return all(map(allows, decisive))


def chain(case: Case) -> list[dict[str, Any] | None]:
    """Return the sets that apply, the highest first."""
    if case.with_tenant and (TENANT in case.of_user or case.tenant_default is not None):
        return [case.of_user.get(TENANT), case.tenant_default, case.environment]
    return [case.of_user.get("default"), case.environment]


def entries_of(sets: list[dict[str, Any]], section: str, key: str) -> list[Any]:
    """Return each set's entry for a workflow or category; one with the strategy `replace` hides those above it."""
    entries = [(each.get(section) or {}).get(key) for each in sets]
    replaces = [isinstance(entry, dict) and entry.get("__strategy__") == "replace" for entry in entries]
    return entries[replaces.index(True) :] if True in replaces else entries


def object_entries(entries: list[Any]) -> list[dict[str, Any]]:
    """Return the entries that are objects, down to the first that is a boolean."""
    found: list[dict[str, Any]] = []
    for entry in entries:
        if isinstance(entry, bool):
            break
        if entry is not None:
            found.append(entry)
    return found


def channel_setting(sets: list[dict[str, Any]], channel: str) -> Setting:
    """Return the setting for a channel; if there is none, the setting for its type."""
    of_this = highest_setting([(each.get("channels") or {}).get(IDS[channel]) for each in sets])
    if of_this is not None:
        return of_this
    return highest_setting([(each.get("channel_types") or {}).get(channel) for each in sets])


def highest_setting(values: list[Any]) -> Setting:
    """Return the highest setting at one path; an object there hides a boolean below it."""
    objects = False
    for value in values:
        if isinstance(value, bool):
            return None if objects else value
        if value is not None:
            objects = True
            if value.get("conditions") is not None:
                return [condition["argument"] for condition in value["conditions"]]
    return None


def allows(setting: Setting) -> bool:
    """Return whether a setting allows a message; None does."""
    if isinstance(setting, list):
        return all(level == LEVEL for level in setting)
    return setting is not False


# The generated cases.

CONDITIONS = st.lists(
    st.sampled_from([LEVEL, LEVEL, "low"]).map(
        lambda level: {"variable": "data.level", "operator": "equal_to", "argument": level}
    ),
    max_size=2,
)
SWITCH = st.one_of(st.booleans(), st.fixed_dictionaries({"conditions": CONDITIONS}))
CHANNEL_TYPES = st.dictionaries(st.sampled_from(CHANNELS), SWITCH, max_size=2)
IN_CHANNELS = st.dictionaries(st.sampled_from(list(IDS.values())), SWITCH, max_size=2)
FIELDS = {
    "channel_types": st.none() | CHANNEL_TYPES,
    "channels": st.none() | IN_CHANNELS,
    "conditions": st.none() | CONDITIONS,
}
ENTRY = st.one_of(st.booleans(), st.fixed_dictionaries({}, optional=FIELDS))
REPLACING = st.one_of(ENTRY, st.fixed_dictionaries({"__strategy__": st.just("replace")}, optional=FIELDS))


def preference_sets(entry: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    sections = {
        "categories": st.fixed_dictionaries({}, optional=dict.fromkeys(CATEGORIES, entry)),
        "channel_types": st.none() | CHANNEL_TYPES,
        "channels": st.none() | IN_CHANNELS,
        "workflows": st.none() | st.fixed_dictionaries({}, optional={"w": entry, "other": entry}),
    }
    return st.fixed_dictionaries({"commercial_subscribed": st.none() | SWITCH}, optional=sections)


CASES = st.builds(
    Case,
    environment=preference_sets(ENTRY),
    tenant_default=st.none() | preference_sets(REPLACING),
    of_user=st.fixed_dictionaries({}, optional=dict.fromkeys(["default", TENANT], preference_sets(ENTRY))),
    with_tenant=st.sampled_from([True, True, False]),
    categories=st.lists(st.sampled_from(CATEGORIES), unique=True),
    commercial=st.booleans(),
    override=st.sampled_from([False, False, False, True]),
)


def one_entry(entry: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return sets with a single category, so that no other setting hides its effect."""
    return st.fixed_dictionaries({"categories": st.fixed_dictionaries({}, optional={"one": entry})})


NARROW_CASES = st.builds(
    Case,
    environment=one_entry(ENTRY),
    tenant_default=one_entry(REPLACING),
    of_user=st.fixed_dictionaries({TENANT: one_entry(ENTRY)}),
    with_tenant=st.just(True),
    categories=st.just(["one"]),
    commercial=st.just(False),
    override=st.just(False),
)


def trigger_case(case: Case) -> set[str]:
    """Store the sets in a simulator, trigger the workflow, and return the channels that got a message."""
    sim = Simulator(default_preferences=case.environment)
    sim.workflow(
        "w",
        channels=CHANNELS,
        categories=case.categories,
        commercial=case.commercial,
        override_preferences=case.override,
    )

    def send(method: str, target: str, body: Any) -> None:
        response, problem = http(sim, method, target, body)
        assert response.status == 200, problem

    if case.tenant_default is not None:
        tenant = {"id": TENANT, "settings": {"preference_set": case.tenant_default}}
        send("POST", "/v1/workflows/w/trigger", {"recipients": [], "tenant": tenant})
    send("PUT", "/v1/users/ana", {"email": "ana@x.example", "phone_number": "+15550100"})
    for set_id, preference_set in case.of_user.items():
        send("PUT", f"/v1/users/ana/preferences/{set_id}", preference_set)
    trigger = {"recipients": ["ana"], "data": {"level": LEVEL}}
    send("POST", "/v1/workflows/w/trigger", {**trigger, "tenant": TENANT} if case.with_tenant else trigger)
    channels = {message.channel.type for message in sim.messages(to="ana")}
    assert channels | {skip.channel for skip in sim.skips(to="ana")} == set(CHANNELS)
    assert {skip.reason for skip in sim.skips(to="ana")} <= {"preferences"}
    return channels


def check(case: Case) -> None:
    expected = {channel for channel in CHANNELS if may_send(case, channel)}
    note(f"expected: {sorted(expected)}")
    assert trigger_case(case) == expected


@settings(max_examples=400)
@given(case=CASES)
def test_messages_are_sent_on_the_channels_that_the_rules_allow(case: Case) -> None:
    check(case)


@settings(max_examples=150)
@given(case=NARROW_CASES)
def test_a_tenants_replace_strategy_follows_the_rules(case: Case) -> None:
    check(case)
