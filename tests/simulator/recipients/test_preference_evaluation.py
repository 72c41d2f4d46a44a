"""Whether a message is wanted, against the rules stated anew, as plainly as they can be: no sets are merged here.

Every question about a set is asked of one place in it: of a category, a workflow, a channel inside one of them, and so
on. The answer is that of the highest set that says something there.
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

Said: TypeAlias = "bool | list[str] | None"
"""Yes, no, the levels that the data must have all at once, or nothing."""


class Case(NamedTuple):
    """What is set, and what is triggered."""

    environment: dict[str, Any]
    tenant_default: dict[str, Any] | None
    of_user: dict[str, dict[str, Any]]
    with_tenant: bool
    categories: list[str]
    commercial: bool
    override: bool


# The rules.


def wanted(case: Case, channel: str) -> bool:
    """Return whether a message on a channel goes out."""
    if case.override:
        return True
    sets = [each for each in chain(case) if each is not None]
    questions = [of_channel(sets, channel)]
    for section, key in [("workflows", "w"), *(("categories", name) for name in case.categories)]:
        entries = entries_of(sets, section, key)
        questions += [said(entries), of_channel(inside(entries), channel)]
    if case.commercial:
        # What a recipient says of commercial messages in the set `default` goes before all other sets.
        own = case.of_user.get("default", {}).get("commercial_subscribed")
        questions.append(said([own, *(each.get("commercial_subscribed") for each in sets)]))
    return all(map(allows, questions))


def chain(case: Case) -> list[dict[str, Any] | None]:
    """Return the sets that count, the highest first."""
    if case.with_tenant and (TENANT in case.of_user or case.tenant_default is not None):
        return [case.of_user.get(TENANT), case.tenant_default, case.environment]
    return [case.of_user.get("default"), case.environment]


def entries_of(sets: list[dict[str, Any]], section: str, key: str) -> list[Any]:
    """Return what each set says of a workflow or category; one that insists silences those above it."""
    entries = [(each.get(section) or {}).get(key) for each in sets]
    insists = [isinstance(entry, dict) and entry.get("__strategy__") == "replace" for entry in entries]
    return entries[insists.index(True) :] if True in insists else entries


def inside(entries: list[Any]) -> list[dict[str, Any]]:
    """Return the entries that have channels, down to the first plain yes or no, which has none."""
    found: list[dict[str, Any]] = []
    for entry in entries:
        if isinstance(entry, bool):
            break
        if entry is not None:
            found.append(entry)
    return found


def of_channel(sets: list[dict[str, Any]], channel: str) -> Said:
    """Return what is said of a channel; only if nothing is, what is said of its type."""
    of_this = said([(each.get("channels") or {}).get(IDS[channel]) for each in sets])
    if of_this is not None:
        return of_this
    return said([(each.get("channel_types") or {}).get(channel) for each in sets])


def said(values: list[Any]) -> Said:
    """Return the highest answer at one place; an object there hides a plain yes or no below it."""
    objects = False
    for value in values:
        if isinstance(value, bool):
            return None if objects else value
        if value is not None:
            objects = True
            if value.get("conditions") is not None:
                return [condition["argument"] for condition in value["conditions"]]
    return None


def allows(answer: Said) -> bool:
    """Return whether an answer lets a message through: nothing said is a yes."""
    if isinstance(answer, list):
        return all(level == LEVEL for level in answer)
    return answer is not False


# What can be set.

CONDITIONS = st.lists(
    st.sampled_from([LEVEL, LEVEL, "low"]).map(
        lambda level: {"variable": "data.level", "operator": "equal_to", "argument": level}
    ),
    max_size=2,
)
SWITCH = st.one_of(st.booleans(), st.fixed_dictionaries({"conditions": CONDITIONS}))
CHANNEL_TYPES = st.dictionaries(st.sampled_from(CHANNELS), SWITCH, max_size=2)
IN_CHANNELS = st.dictionaries(st.sampled_from(list(IDS.values())), SWITCH, max_size=2)
PARTS = {
    "channel_types": st.none() | CHANNEL_TYPES,
    "channels": st.none() | IN_CHANNELS,
    "conditions": st.none() | CONDITIONS,
}
ENTRY = st.one_of(st.booleans(), st.fixed_dictionaries({}, optional=PARTS))
INSISTING = st.one_of(ENTRY, st.fixed_dictionaries({"__strategy__": st.just("replace")}, optional=PARTS))


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
    tenant_default=st.none() | preference_sets(INSISTING),
    of_user=st.fixed_dictionaries({}, optional=dict.fromkeys(["default", TENANT], preference_sets(ENTRY))),
    with_tenant=st.sampled_from([True, True, False]),
    categories=st.lists(st.sampled_from(CATEGORIES), unique=True),
    commercial=st.booleans(),
    override=st.sampled_from([False, False, False, True]),
)


def one_entry(entry: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return sets with a single category, so that nothing else hides what becomes of it."""
    return st.fixed_dictionaries({"categories": st.fixed_dictionaries({}, optional={"one": entry})})


NARROW_CASES = st.builds(
    Case,
    environment=one_entry(ENTRY),
    tenant_default=one_entry(INSISTING),
    of_user=st.fixed_dictionaries({TENANT: one_entry(ENTRY)}),
    with_tenant=st.just(True),
    categories=st.just(["one"]),
    commercial=st.just(False),
    override=st.just(False),
)


def sent(case: Case) -> set[str]:
    """Set everything in a simulator, trigger the workflow, and return the channels that got a message."""
    sim = Simulator(default_preferences=case.environment)
    sim.workflow(
        "w",
        channels=CHANNELS,
        categories=case.categories,
        commercial=case.commercial,
        override_preferences=case.override,
    )

    def send(method: str, target: str, body: Any) -> None:
        response, answer = http(sim, method, target, body)
        assert response.status == 200, answer

    if case.tenant_default is not None:
        # In passing: the answer to a PUT would show `__strategy__`, which the contract does not have.
        tenant = {"id": TENANT, "settings": {"preference_set": case.tenant_default}}
        send("POST", "/v1/workflows/w/trigger", {"recipients": [], "tenant": tenant})
    send("PUT", "/v1/users/ana", {"email": "ana@x.example", "phone_number": "+15550100"})
    for set_id, preference_set in case.of_user.items():
        send("PUT", f"/v1/users/ana/preferences/{set_id}", preference_set)
    trigger = {"recipients": ["ana"], "data": {"level": LEVEL}}
    send("POST", "/v1/workflows/w/trigger", {**trigger, "tenant": TENANT} if case.with_tenant else trigger)
    channels = {message.channel.type for message in sim.messages(to="ana") if message.channel}
    assert channels | {skip.channel for skip in sim.skips(to="ana")} == set(CHANNELS)
    assert {skip.reason for skip in sim.skips(to="ana")} <= {"preferences"}
    return channels


def check(case: Case) -> None:
    expected = {channel for channel in CHANNELS if wanted(case, channel)}
    note(f"expected: {sorted(expected)}")
    assert sent(case) == expected


@settings(max_examples=400)
@given(case=CASES)
def test_what_goes_out_is_what_is_wanted(case: Case) -> None:
    check(case)


@settings(max_examples=150)
@given(case=NARROW_CASES)
def test_a_tenant_can_insist(case: Case) -> None:
    check(case)
