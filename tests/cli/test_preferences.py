"""`knock-sdk preferences`."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.cli._preferences.evidence import Workflow, collect
from knock_sdk.cli._preferences.reasons import (
    about_address,
    about_preferences,
    about_recipient,
    channels_for,
    verdict_of,
)
from knock_sdk.cli._preferences.why import terms_of
from knock_sdk.testing import Send, Simulator

if TYPE_CHECKING:
    from knock_sdk import Knock
    from tests.cli.conftest import Run, Terminal


@pytest.fixture(autouse=True)
def ana(client: Knock) -> None:
    client.users.update("ana", name="Ana", email="ana@example.com", properties={"plan": "pro"})


class TestSets:
    def test_set_merges(self, run: Run, client: Knock) -> None:
        client.users.set_preferences("ana", "default", workflows={"digest": False})
        result = run(
            *("preferences", "set", "ana", "--channel-type", "email=off", "--category", "a=b=on"),
            *("--workflow", "welcome=no", "--channel", "c1=true", "--no-commercial"),
        )
        assert result.out.splitlines() == [
            "commercial\toff",
            "workflows.digest\toff",
            "workflows.welcome\toff",
            "categories.a=b\ton",
            "channel_types.email\toff",
            "channels.c1\ton",
        ]
        assert run("preferences", "get", "ana").out == result.out

    def test_set_replaces_if_it_is_said(self, run: Run, client: Knock) -> None:
        client.users.set_preferences("ana", "default", workflows={"digest": False})
        assert (
            run("preferences", "set", "ana", "--channel-type", "sms=off", "--replace").out == "channel_types.sms\toff\n"
        )
        assert run("preferences", "set", "ana", "--replace").out == "everything\ton\n"

    def test_set_takes_json(self, run: Run) -> None:
        condition = {"variable": "data.n", "operator": "equal_to", "argument": "1"}
        entry = {"conditions": [condition], "channel_types": {"sms": False}}
        result = run(
            "preferences", "set", "ana", "--data", json.dumps({"workflows": {"w": entry}}), "--workflow", "x=on"
        )
        assert result.out.splitlines() == [
            f"workflows.w\tif {json.dumps([dict(sorted(condition.items()))])}",
            "workflows.w.channel_types.sms\toff",
            "workflows.x\ton",
        ]

    def test_sets_of_a_tenant_and_of_an_object(self, run: Run, client: Knock) -> None:
        assert run("preferences", "set", "ana", "--set", "ingen", "--channel-type", "email=off").status == 0
        assert client.users.list_preferences("ana")[0].id == "ingen"
        assert run("preferences", "set", "projects/site-b", "--channel-type", "chat=off").status == 0
        assert run("preferences", "get", "projects/site-b").out == "channel_types.chat\toff\n"
        assert run("preferences", "get", "ana", "--all").out == "ingen:\nchannel_types.email\toff\n"
        shown = json.loads(run("preferences", "get", "ana", "--all", "--json").out)
        assert shown["channel_types"] == {"email": False}

    def test_unset(self, run: Run, client: Knock) -> None:
        client.users.set_preferences("ana", "default", workflows={"digest": False})
        assert run("preferences", "unset", "ana").status == 2
        assert run("preferences", "unset", "ana", "--yes").out == "Removed the preference set default of ana.\n"
        assert run("preferences", "get", "ana").out == "everything\ton\n"
        run("preferences", "set", "projects/site-b", "--channel-type", "chat=off")
        done = {"recipient": "projects/site-b", "unset": "default"}
        assert json.loads(run("preferences", "unset", "projects/site-b", "-y", "--json").out) == done

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            ((), "There is nothing to change"),
            (("--channel-type", "email"), "'email' is not NAME=on or NAME=off"),
            (("--workflow", "=on"), "'=on' is not"),
            (("--category", "a=maybe"), "'a=maybe' is not"),
        ],
    )
    def test_misuse(self, run: Run, options: tuple[str, ...], problem: str) -> None:
        result = run("preferences", "set", "ana", *options)
        assert (result.status, problem in result.err) == (2, True)


class TestWhy:
    def why(self, run: Run, *arguments: str) -> dict[str, Any]:
        result = run("preferences", "why", *arguments, "--json")
        assert (result.status, result.err) == (0, "")
        explained: dict[str, Any] = json.loads(result.out)
        return explained

    def test_a_setting_that_blocks(self, run: Run, sim: Simulator, client: Knock) -> None:
        sim.workflow("digest", channels=["email", "in_app_feed"], categories=["marketing"])
        client.workflows.trigger("digest", recipients=["ana"])
        client.users.set_preferences("ana", "default", categories={"marketing": {"channel_types": {"email": False}}})
        client.workflows.trigger("digest", recipients=["ana"])
        result = run("preferences", "why", "ana", "digest")
        assert result.out.splitlines()[:11] == [
            "yes\tThe user exists: Ana.",
            "Categories of digest: marketing",
            "",
            "in_app_feed\tyes",
            "yes\tNo setting is about it, so it is wanted.",
            "",
            "email\tno",
            "no\tOff: categories.marketing.channel_types.email in the recipient's set default.",
            "yes\tThe address is ana@example.com.",
            "",
            "Its last messages to the recipient:",
        ]
        assert (
            'step.skipped email_1 {"reason": "preferences", "detail": "categories.marketing.channel_types.email"}'
            in result.out
        )

    def test_nothing_is_known(self, run: Run) -> None:
        explained = self.why(run, "ana", "digest")
        verdicts = {channel["type"]: channel["verdict"] for channel in explained["channels"]}
        assert verdicts == {
            "email": "yes",
            "sms": "no",
            "push": "open",
            "chat": "open",
            "in_app_feed": "yes",
            "http": "yes",
        }
        assert (explained["messages"], explained["run"]) == ([], None)

    def test_a_user_that_does_not_exist(self, run: Run) -> None:
        explained = self.why(run, "nobody", "digest", "--channel-type", "email")
        assert [reason["verdict"] for reason in explained["reasons"]] == ["no"]
        assert explained["channels"][0]["verdict"] == "no"

    def test_the_sets_of_a_tenant(self, run: Run, client: Knock) -> None:
        client.tenants.set("ingen", settings={"preference_set": {"channel_types": {"email": False}}})
        explained = self.why(run, "ana", "digest", "--tenant", "ingen", "--channel-type", "email")
        (channel,) = explained["channels"]
        assert channel["reasons"][0]["text"] == "Off: channel_types.email in the default of ingen."
        client.users.set_preferences("ana", "ingen", channel_types={"email": True})
        (channel,) = self.why(run, "ana", "digest", "--tenant", "ingen", "--channel-type", "email")["channels"]
        assert channel["reasons"][0]["text"] == "On: channel_types.email in the recipient's set ingen."
        missing = self.why(run, "ana", "digest", "--tenant", "biosyn", "--channel-type", "email")
        assert "does not exist" in missing["reasons"][1]["text"]

    def test_the_default_of_the_environment(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        with Simulator(default_preferences={"workflows": {"digest": False}}).serve() as url:
            monkeypatch.setenv("KNOCK_BASE_URL", url)
            (channel,) = self.why(run, "ana", "digest", "--channel-type", "email")["channels"]
        assert channel["reasons"][0]["text"] == "Off: workflows.digest in the default of the environment."

    @pytest.mark.parametrize(
        "case",
        [
            (("recipient.plan", "equal_to", "pro"), (), "yes", 'its value is "pro"'),
            (("recipient.seats", "greater_than", "3"), (), "no", "it has no value"),
            (("data.n", "greater_than", "3"), (), "open", "give the data of the trigger with -p or --data"),
            (("data.n", "greater_than", "3"), ("-p", "n:=4"), "yes", "its value is 4"),
            (("data.n", "greater_than", "3"), ("--data", "{}"), "no", "it has no value"),
            (("recipient.plan", "equal_to", "data.plan"), (), "open", "give the data of the trigger with -p or --data"),
            (("recipient.plan", "equal_to", "data.plan"), ("-p", "plan=pro"), "yes", 'its value is "pro"'),
            (("actor.id", "equal_to", "ben"), (), "open", "actor.id is known only while the workflow runs"),
            (("recipient.subscription.x", "exists", None), (), "open", "known only while the workflow runs"),
            (("workflow.key", "equal_to", "digest"), (), "yes", 'its value is "digest"'),
            (("tenant.id", "equal_to", "ingen"), ("--tenant", "ingen"), "yes", 'its value is "ingen"'),
            (("recipient", "is_audience_member", "beta"), (), "yes", "a member"),
            (("recipient", "is_not_audience_member", "beta"), ("--tenant", "ingen"), "yes", "no member"),
            (("recipient", "is_audience_member", "gamma"), (), "open", "has more members than the API lists"),
        ],
    )
    def test_conditions(
        self, run: Run, sim: Simulator, client: Knock, case: tuple[Any, tuple[str, ...], str, str]
    ) -> None:
        (variable, operator, argument), options, verdict, detail = case
        sim.audience("beta")
        client.audiences.add_members("beta", members=[{"user": {"id": "ana"}}])
        client.tenants.set("ingen")
        condition: Any = {"variable": variable, "operator": operator, "argument": argument}
        client.users.set_preferences("ana", "default", workflows={"digest": {"conditions": [condition]}})
        (channel,) = self.why(run, "ana", "digest", "--channel-type", "in_app_feed", *options)["channels"]
        (reason,) = channel["reasons"]
        assert (reason["verdict"], channel["verdict"]) == (verdict, verdict)
        assert reason["details"][0].endswith(detail)

    def test_tokens_and_connections(self, run: Run, sim: Simulator, client: Knock) -> None:
        push = sim.channel("fcm", type="push", provider="push_fcm")
        sim.workflow("alert", channels=["fcm"])
        client.workflows.trigger("alert", recipients=["ana"])
        asked = ("ana", "alert", "--channel", push.id, "--channel-type", "push")
        (channel,) = self.why(run, *asked)["channels"]
        assert "no token and no connection" in channel["reasons"][-1]["text"]
        client.users.set_channel_data("ana", push.id, data={"tokens": []})
        assert "is empty" in self.why(run, *asked)["channels"][0]["reasons"][-1]["text"]
        client.users.set_channel_data("ana", push.id, data={"tokens": ["a", "b"]})
        assert "2 tokens are stored" in self.why(run, *asked)["channels"][0]["reasons"][-1]["text"]

    def test_a_setting_for_a_channel_that_was_not_named(self, run: Run, client: Knock) -> None:
        client.users.set_preferences("ana", "default", channels={"c1": False})
        (channel,) = self.why(run, "ana", "digest", "--channel-type", "email")["channels"]
        assert (channel["verdict"], "c1" in channel["reasons"][0]["text"]) == ("open", True)
        (channel,) = self.why(run, "ana", "digest", "--channel-type", "email", "--channel", "c1")["channels"]
        assert channel["verdict"] == "no"

    def test_commercial_messages(self, run: Run, client: Knock) -> None:
        client.users.set_preferences("ana", "default", commercial_subscribed=False)
        (channel,) = self.why(run, "ana", "digest", "--channel-type", "email")["channels"]
        assert channel["verdict"] == "open"
        (channel,) = self.why(run, "ana", "digest", "--channel-type", "email", "--commercial")["channels"]
        assert channel["verdict"] == "no"

    def test_an_object(self, run: Run, client: Knock) -> None:
        client.objects.set("projects", "site-b", properties={"email": "b@ingen.net"})
        (channel,) = self.why(run, "projects/site-b", "digest", "--channel-type", "email")["channels"]
        assert channel["verdict"] == "yes"
        assert channel["reasons"][-1]["text"] == "The address is b@ingen.net."

    def test_misuse(self, run: Run) -> None:
        assert run("preferences", "why", "ana", "digest", "--channel", "c1").status == 2
        assert "Did you mean 'email'?" in run("preferences", "why", "ana", "digest", "--channel-type", "emial").err

    @pytest.mark.parametrize("columns", [40, 80])
    def test_in_a_terminal(self, terminal: Terminal, client: Knock, columns: int) -> None:
        client.users.set_preferences("ana", "default", channel_types={"email": False})
        status, screen = terminal("preferences", "why", "ana", "digest", "--channel-type", "email", columns=columns)
        assert (status, screen[3]) == (0, "email  no")
        assert any(line.startswith("no   Off: channel_types.email") for line in screen)


def random_preferences(random: Random) -> dict[str, Any]:
    """Return a set with settings that may be about the workflow `w`, its category `c` and its channel."""

    def switch() -> Any:
        condition = {"variable": "data.n", "operator": "equal_to", "argument": random.choice(["1", "2"])}
        return random.choice([True, False, {"conditions": [condition]}])

    def switches() -> dict[str, Any]:
        chosen: dict[str, Any] = {}
        if random.random() < 0.4:
            chosen["channel_types"] = {"email": switch()}
        if random.random() < 0.3:
            chosen["channels"] = {"EMAIL": switch()}
        return chosen

    def entry() -> Any:
        return random.choice([True, True, False, {**switches(), **(random.choice([{}, {"conditions": []}]))}])

    found = switches()
    for section, names in (("workflows", ["w", "other"]), ("categories", ["c", "d", "other"])):
        if random.random() < 0.5:
            found[section] = {name: entry() for name in names if random.random() < 0.7}
    if random.random() < 0.3:
        found["commercial_subscribed"] = random.choice([True, False])
    return found


@pytest.mark.parametrize("seed", range(120))
def test_the_verdict_is_what_happens(seed: int) -> None:
    random = Random(seed)
    defaults = random_preferences(random) if random.random() < 0.5 else {}
    simulator = Simulator(default_preferences=defaults)
    channel = simulator.channel("email")
    commercial, tenant = random.random() < 0.3, random.choice([None, "ingen"])
    simulator.workflow("w", steps=[Send("email")], categories=["c", "d"], commercial=commercial)

    def preferences() -> Any:
        return json.loads(json.dumps(random_preferences(random)).replace("EMAIL", channel.id))

    with simulator.client() as client:
        client.users.update("ana", **({"email": "ana@example.com"} if random.random() < 0.9 else {}))
        if random.random() < 0.8:
            client.users.set_preferences("ana", "default", **preferences())
        if random.random() < 0.4:
            client.users.set_preferences("ana", "ingen", **preferences())
        client.tenants.set("ingen", settings={"preference_set": preferences()} if random.random() < 0.4 else {})
        data = {"n": random.choice([1, 2])}
        evidence = collect(client, "ana", "w", tenant)
        workflow = Workflow("w", ("c", "d"), commercial)
        terms = terms_of(client, evidence, workflow, data)
        (asked,) = channels_for(evidence, [channel.id], ["email"])
        reasons = [
            *about_recipient(evidence),
            *about_preferences(evidence, workflow, asked, terms),
            *about_address(client, evidence, asked),
        ]
        client.workflows.trigger("w", recipients=["ana"], data=data, **({"tenant": tenant} if tenant else {}))
    happened = "yes" if simulator.messages() else "no"
    # What the API does not say about the workflow leaves open whether commercial messages are meant.
    assert verdict_of([reason for reason in reasons if "Commercial" not in reason.text]) == happened
