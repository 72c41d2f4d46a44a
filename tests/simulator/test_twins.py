"""A simulator and copies of it, which are made in any way and at any moment, go the same way.

Workflows of every type of step, requests and time are random. Whatever happens, nothing but an error of the API comes
out of a request, no run stays `processing`, and ids are unique.
"""

from __future__ import annotations

import copy
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from knock_sdk import APIStatusError
from knock_sdk.testing import (
    Agent,
    Arm,
    Batch,
    Branch,
    Cohort,
    CohortArm,
    Delay,
    Fetch,
    FetchResponse,
    Guide,
    Send,
    Simulator,
    Throttle,
    TriggerWorkflow,
    UpdateAudience,
    UpdateData,
    UpdateObject,
    UpdateTenant,
    UpdateUser,
    Wait,
)

WORKFLOWS = ("w0", "w1", "w2")
USERS = ("u0", "u1", "u2")
PROJECT = {"collection": "projects", "id": "p"}
LENGTHS = st.sampled_from([timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)])
IS_ONE = [{"variable": "data.x", "operator": "equal_to", "argument": 1}]
CONDITIONS = st.sampled_from(
    [
        (),
        (),
        IS_ONE,
        [{"variable": "recipient", "operator": "is_audience_member", "argument": "pro"}],
        [{"variable": "recipient.plan", "operator": "not_equal_to", "argument": "pro"}],
    ]
)
EVENTS = st.sampled_from(
    [
        {"event_type": "recipient"},
        {"event_type": "audience", "audience_key": "pro", "event_key": "enter"},
        {"event_type": "integration_source", "integration_source_key": "shop", "event_key": "paid"},
    ]
)
CHANNELS = st.sampled_from(["email", "sms", "push", "chat", "in_app_feed", "http", "texts"])
ENDS = st.sampled_from(["continue", "halt"])
LEAVES = st.one_of(
    st.builds(Send, CHANNELS, conditions=CONDITIONS),
    st.builds(Send, st.just("in_app_feed"), st.just({"markdown_body": "{{ recipient.name }} {{ data.x | plus: 1 }}"})),
    st.builds(Delay, LENGTHS, conditions=CONDITIONS),
    st.builds(Delay, until=st.just("data.until")),
    st.builds(Batch, LENGTHS, key=st.sampled_from([None, "x"]), max_activities=st.sampled_from([None, 2])),
    st.builds(Batch, LENGTHS, sliding=st.just(True), flush_leading=st.booleans()),
    st.builds(Throttle, LENGTHS, limit=st.integers(1, 2)),
    st.builds(Fetch, st.just("https://x.example/{{ recipient.id }}"), conditions=CONDITIONS),
    st.builds(UpdateData, st.sampled_from(['{"x": 1}', '{"x": {{ data.x }}}', "{{ data.nothing }}"])),
    st.builds(UpdateUser, st.sampled_from([{"plan": "pro"}, {"plan": "free"}]), st.sampled_from([None, "u1", "new"])),
    st.builds(UpdateObject, st.just("projects"), st.just("p"), st.just({"x": 1})),
    st.builds(UpdateTenant, st.just({"name": "Acme"}), st.sampled_from([None, "acme"])),
    st.builds(UpdateAudience, st.sampled_from(["beta", "pro"]), st.sampled_from(["add", "remove"])),
    st.builds(TriggerWorkflow, st.just("leaf"), conditions=CONDITIONS),
    st.builds(Wait, EVENTS, LENGTHS, on_match=ENDS, on_timeout=ENDS),
    st.builds(Agent, st.just("Sum up {{ data.x }}"), halt_on_error=st.booleans()),
    st.builds(Guide, st.just("tour")),
)


def branch(steps: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return branches and experiments of steps."""
    listed = st.lists(steps, max_size=2)
    return st.one_of(
        st.builds(
            lambda one, two, ends: Branch([Arm(one, IS_ONE, terminates=ends), Arm(two)]), listed, listed, st.booleans()
        ),
        st.builds(lambda one, two: Cohort([CohortArm("A", 50, one), CohortArm("B", 50, two)]), listed, listed),
    )


STEPS = st.lists(st.one_of(LEAVES, st.recursive(LEAVES, branch, max_leaves=4)), min_size=1, max_size=5)
RECIPIENTS = st.lists(st.sampled_from([*USERS, PROJECT]), min_size=1, max_size=3)
DATA = st.sampled_from([{}, {"x": 1}, {"x": "text"}, {"x": None, "until": {"unit": "minutes", "value": 10}}])


def copied(simulator: Simulator, way: str) -> Simulator:
    """Return a copy of a simulator, made in one of the ways that there are."""
    if way == "deepcopy":
        return copy.deepcopy(simulator)
    if way == "save":
        with tempfile.TemporaryDirectory() as folder:
            simulator.save(Path(folder, "state"))
            return Simulator.load(Path(folder, "state"))
    made = Simulator()
    made.restore(simulator.snapshot())
    return made


def seen_in(simulator: Simulator) -> list[Any]:
    """Return what can be seen in a simulator."""
    client = simulator.client()
    return [
        client.messages.list().collect(),
        client.workflow_recipient_runs.list().collect(),
        [client.audiences.list_members(key).entries for key in ("beta", "pro")],
        client.users.list(include=["preferences"]).collect(),
        simulator.skips(),
        simulator.waiting(),
        simulator.now,
    ]


class Twins(RuleBasedStateMachine):
    """Two simulators that are asked to do the same."""

    @initialize(steps=st.tuples(STEPS, STEPS, STEPS))
    def begin(self, steps: tuple[list[Any], ...]) -> None:
        """Declare workflows, and what their steps refer to."""
        first = Simulator()
        first.channel_group("texts", ["sms"])
        for key, listed in zip(WORKFLOWS, steps, strict=True):
            first.workflow(key, steps=[Send("in_app_feed"), *listed])
        first.audience("beta", workflows=["leaf"])
        segments: Any = [{"conditions": [{"property": "plan", "operator": "equal_to", "argument": "pro"}]}]
        first.audience("pro", workflows=["leaf"], segments=segments)
        first.workflow("leaf", channels=["email"])
        first.guide("tour", content={"title": "Hello"})
        first.http("http_fetch_1", FetchResponse({"y": 1}))
        first.http("http_fetch_2", FetchResponse(None, 503))
        first.agent("ai_agent_1", "Hello")
        first.delivery("push", outcome="bounced", to="u1")
        client = first.client()
        push, chat = first.channel("push").id, first.channel("chat").id
        for user in USERS:
            client.users.update(user, name=user, email=f"{user}@x.example", phone_number="+15550100")
            client.users.set_channel_data(user, push, data={"tokens": [user, "shared"]})
            client.users.set_channel_data(user, chat, data={"connections": [{"access_token": "x", "channel_id": "C"}]})
        client.objects.set("projects", "p")
        client.objects.add_subscriptions("projects", "p", recipients=["u0", "u1"])
        self.pair = [first, copied(first, "snapshot")]

    def both(self, act: Any) -> None:
        """Do something in both simulators, which must return or raise the same."""
        found: list[object] = []
        for simulator in self.pair:
            try:
                found.append(act(simulator))
            except APIStatusError as error:
                found.append((error.status_code, error.code))
        assert found[0] == found[1]

    @rule(key=st.sampled_from(WORKFLOWS), steps=STEPS, once=st.booleans(), active=st.sampled_from([True, True, False]))
    def declare(self, key: str, steps: list[Any], once: bool, active: bool) -> None:
        """Declare a workflow anew."""
        frequency: Any = "once_per_recipient" if once else "every_trigger"
        self.both(lambda sim: sim.workflow(key, steps=steps, trigger_frequency=frequency, active=active))

    @rule(
        key=st.sampled_from(WORKFLOWS),
        recipients=RECIPIENTS,
        data=DATA,
        more=st.sampled_from([{}, {"tenant": "acme"}, {"actor": "u2"}, {"settings": {"skip_delay": True}}]),
    )
    def trigger(self, key: str, recipients: list[Any], data: Any, more: dict[str, Any]) -> None:
        """Trigger a workflow; it may not be declared."""
        options: Any = {"recipients": recipients, "data": data, "cancellation_key": "c", **more}
        self.both(lambda sim: sim.client().workflows.trigger(key, idempotency_key=f"{len(sim.requests)}", **options))

    @rule(key=st.sampled_from(WORKFLOWS), recipients=st.one_of(st.none(), RECIPIENTS))
    def cancel(self, key: str, recipients: list[Any] | None) -> None:
        """Cancel the runs of a workflow."""
        self.both(lambda sim: sim.client().workflows.cancel(key, cancellation_key="c", recipients=recipients))

    @rule(length=LENGTHS)
    def advance(self, length: timedelta) -> None:
        """Advance the time."""
        self.both(lambda sim: sim.advance(length))

    @rule(user=st.sampled_from(USERS), plan=st.sampled_from(["pro", "free"]), bulk=st.booleans())
    def identify(self, user: str, plan: str, bulk: bool) -> None:
        """Change a user."""
        if bulk:
            self.both(lambda sim: sim.client().users.bulk.identify(users=[{"id": user, "plan": plan}]).name)
        else:
            self.both(lambda sim: sim.client().users.update(user, properties={"plan": plan}))

    @rule(user=st.sampled_from(USERS), other=st.sampled_from(USERS), merges=st.booleans())
    def remove(self, user: str, other: str, merges: bool) -> None:
        """Delete a user, or merge it into another."""
        if merges and user != other:
            self.both(lambda sim: sim.client().users.merge(other, from_user_id=user))
        else:
            self.both(lambda sim: sim.client().users.delete(user))

    @rule(user=st.sampled_from(USERS), allowed=st.booleans())
    def prefer(self, user: str, allowed: bool) -> None:
        """Change the preferences of a user."""
        kinds: Any = {"email": allowed, "push": {"conditions": IS_ONE}}
        self.both(lambda sim: sim.client().users.set_preferences(user, "default", channel_types=kinds))

    @rule(user=st.sampled_from(USERS), adds=st.booleans())
    def change_audience(self, user: str, adds: bool) -> None:
        """Add a user to the static audience, or remove it."""
        members: Any = [{"user": {"id": user}, "tenant": "acme"}]
        self.both(
            lambda sim: (
                sim.client().audiences.add_members("beta", members=members)
                if adds
                else sim.client().audiences.remove_members("beta", members=members)
            )
        )

    @rule(user=st.sampled_from([None, *USERS]))
    def happen(self, user: str | None) -> None:
        """Let an event of a source happen."""
        self.both(lambda sim: sim.event("paid", source="shop", user=user))

    @rule(key=st.sampled_from(WORKFLOWS), user=st.sampled_from(USERS))
    def schedule(self, key: str, user: str) -> None:
        """Create a schedule."""
        repeats: Any = [{"frequency": "hourly", "interval": 5}]
        self.both(lambda sim: sim.client().schedules.create(recipients=[user], workflow=key, repeats=repeats)[0].id)

    @rule(action=st.sampled_from(["mark_as_read", "archive", "mark_as_interacted"]), position=st.integers(0, 3))
    def engage(self, action: str, position: int) -> None:
        """Change the engagement of a message."""

        def act(sim: Simulator) -> object:
            found = sim.client().messages.list().items[position : position + 1]
            return [getattr(sim.client().messages, action)(message.id).id for message in found]

        self.both(act)

    @rule(way=st.sampled_from(["snapshot", "deepcopy", "save"]))
    def replace(self, way: str) -> None:
        """Replace the second simulator by a copy of the first."""
        self.pair[1] = copied(self.pair[0], way)

    @invariant()
    def they_are_the_same(self) -> None:
        """Compare what can be seen in both."""
        one, two = (seen_in(simulator) for simulator in self.pair)
        assert one == two
        messages, runs = one[0], one[1]
        assert len({message.id for message in messages}) == len(messages)
        assert {run.status for run in runs} <= {"queued", "paused", "completed", "cancelled"}


TestTwins = Twins.TestCase
TestTwins.settings = settings(
    max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
