"""The simulator's channel data: in both forms, by provider, and merged with the tenant's when a message is sent."""

from __future__ import annotations

from typing import Any

import pytest

from knock_sdk import NotFoundError, UnprocessableEntityError
from knock_sdk.testing import Simulator
from tests.simulator.support.pair import http

from ..rules.table import rule

PHONE = {"token": "t1", "locale": "en-GB", "timezone": None}
OTHER = {"token": "t2", "locale": None, "timezone": None}
WEBHOOK = {"incoming_webhook": {"url": "https://hooks.example/1"}}
TEAM_ID = "1f7a6f4e-0a53-4d4e-9a6b-0d2f3c0b7a11"

# Provider, data sent, data read.
FORMS = [
    (
        "push_fcm",
        {"tokens": ["t1", "t2"]},
        {"tokens": ["t1", "t2"], "devices": [{"token": "t1", "locale": None, "timezone": None}, OTHER]},
    ),
    ("push_apns", {"devices": [PHONE, {"token": "t2"}]}, {"tokens": ["t1", "t2"], "devices": [PHONE, OTHER]}),
    ("push_expo", {"tokens": []}, {"tokens": [], "devices": []}),
    (
        "push_aws_sns",
        {"target_arns": ["a"]},
        {"target_arns": ["a"], "devices": [{"target_arn": "a", "locale": None, "timezone": None}]},
    ),
    (
        "push_aws_sns",
        {"devices": [{"target_arn": "a", "timezone": "Europe/Paris"}]},
        {"target_arns": ["a"], "devices": [{"target_arn": "a", "locale": None, "timezone": "Europe/Paris"}]},
    ),
    ("push_one_signal", {"player_ids": [TEAM_ID]}, {"player_ids": [TEAM_ID]}),
    (
        "chat_slack",
        {"connections": [{"access_token": "x", "channel_id": "C1"}, WEBHOOK]},
        {"connections": [{"access_token": "x", "channel_id": "C1"}, WEBHOOK], "token": None},
    ),
    (
        "chat_slack",
        {"connections": [{"user_id": "U1"}], "token": {"access_token": "x"}},
        {"connections": [{"user_id": "U1"}], "token": {"access_token": "x"}},
    ),
    (
        "chat_ms_teams",
        {"connections": [{"ms_teams_team_id": TEAM_ID, "ms_teams_channel_id": TEAM_ID}, WEBHOOK]},
        {
            "connections": [{"ms_teams_team_id": TEAM_ID, "ms_teams_channel_id": TEAM_ID}, WEBHOOK],
            "ms_teams_tenant_id": None,
        },
    ),
    (
        "chat_discord",
        {"connections": [{"channel_id": "D1"}, WEBHOOK]},
        {"connections": [{"channel_id": "D1"}, WEBHOOK]},
    ),
    *(
        (
            provider,
            {
                "connections": [
                    {**each, "knock_tenant_id": tenant} for each in (direct, WEBHOOK) for tenant in ("a", None)
                ]
            },
            {
                "connections": [
                    {**each, "knock_tenant_id": tenant} for each in (direct, WEBHOOK) for tenant in ("a", None)
                ],
                **shared,
            },
        )
        for provider, direct, shared in (
            ("chat_slack", {"channel_id": "C1"}, {"token": None}),
            ("chat_ms_teams", {"ms_teams_user_id": TEAM_ID}, {"ms_teams_tenant_id": None}),
            ("chat_discord", {"channel_id": "D1"}, {}),
        )
    ),
]


def declare_channel(sim: Simulator, provider: str) -> str:
    """Declare a channel of a provider and return its id."""
    return sim.channel("it", type=provider.partition("_")[0], provider=provider).id


def to_dict(data: Any) -> Any:
    return data.model_dump(exclude_unset=True)


@rule(
    "managing-recipients/setting-channel-data",
    "push channels take tokens or devices, with locale and time zone, and return both",
)
@rule("int/push/aws-sns", "Amazon SNS has `target_arns`, OneSignal `player_ids`")
@rule("int/chat", "Slack, Teams and Discord have connections to a channel, a user or an incoming webhook")
@rule("managing-recipients/setting-channel-data", "setting channel data creates a user that does not exist")
@pytest.mark.parametrize(("provider", "sent", "read"), FORMS)
def test_data_set_for_a_user_is_read_in_every_form(
    knock: Any, sim: Simulator, provider: str, sent: Any, read: Any
) -> None:
    channel = declare_channel(sim, provider)
    stored = knock.users.set_channel_data("ana", channel, data=sent)
    assert stored == knock.users.get_channel_data("ana", channel)
    assert (stored.typename, stored.channel_id, stored.provider) == ("ChannelData", channel, provider)
    assert http(sim, "GET", f"/v1/users/ana/channel_data/{channel}")[1]["data"] == read
    assert knock.users.get("ana").properties == {}


@pytest.mark.parametrize(("provider", "sent", "read"), FORMS)
def test_data_that_was_read_can_be_set_again(sim: Simulator, provider: str, sent: Any, read: Any) -> None:
    target = f"/v1/objects/projects/p1/channel_data/{declare_channel(sim, provider)}"
    http(sim, "PUT", target, {"data": sent})
    response, stored = http(sim, "PUT", target, {"data": read})
    assert (response.status, stored["data"]) == (200, read)


@rule("managing-recipients/setting-channel-data", "inline users, objects and tenants set their channel data")
@pytest.mark.parametrize(("provider", "sent", "read"), FORMS)
def test_inline_identification_sets_channel_data(sim: Simulator, provider: str, sent: Any, read: Any) -> None:
    channel = declare_channel(sim, provider)
    inline = {"channel_data": {channel: sent}}
    http(sim, "PUT", "/v1/users/ana", inline)
    http(sim, "PUT", "/v1/objects/projects/p1", inline)
    http(sim, "PUT", "/v1/tenants/acme", inline)
    http(
        sim,
        "POST",
        "/v1/workflows/w/trigger",
        {"recipients": [{"id": "ben", **inline}], "tenant": {"id": "t", **inline}},
    )
    for owner in ("users/ana", "users/ben", "objects/projects/p1", "objects/$tenants/acme", "objects/$tenants/t"):
        response, stored = http(sim, "GET", f"/v1/{owner}/channel_data/{channel}")
        assert (response.status, stored["data"]) == (200, read)


@rule("managing-recipients/setting-channel-data", "setting channel data replaces what was there")
def test_setting_replaces_data_and_unsetting_removes_it(knock: Any, sim: Simulator) -> None:
    channel = sim.channel("push").id
    knock.objects.set_channel_data("projects", "p1", channel, data={"tokens": ["t1", "t2"]})
    stored = knock.objects.set_channel_data("projects", "p1", channel, data={"tokens": ["t3"]})
    assert to_dict(stored.data)["tokens"] == ["t3"]
    assert knock.objects.get("projects", "p1").properties == {}
    assert knock.objects.unset_channel_data("projects", "p1", channel) is None
    assert knock.objects.unset_channel_data("projects", "p1", channel) is None
    with pytest.raises(NotFoundError):
        knock.objects.get_channel_data("projects", "p1", channel)


@rule("old/channel_data", "channel data that is not set, and unknown channels, are not found")
def test_missing_data_and_unknown_channels_are_not_found(knock: Any, sim: Simulator) -> None:
    channel = sim.channel("push").id
    knock.users.update("ana")
    for name in ("ana", "nobody"):
        with pytest.raises(NotFoundError, match="channel data"):
            knock.users.get_channel_data(name, channel)
    for call in (
        lambda: knock.users.get_channel_data("ana", TEAM_ID),
        lambda: knock.users.set_channel_data("ana", TEAM_ID, data={"tokens": []}),
        lambda: knock.users.unset_channel_data("ana", TEAM_ID),
    ):
        with pytest.raises(NotFoundError, match=f"channel '{TEAM_ID}'"):
            call()


def test_the_default_channel_of_a_type_needs_no_declaration(knock: Any, sim: Simulator) -> None:
    channel = Simulator().channel("chat").id
    stored = knock.users.set_channel_data("ana", channel, data={"connections": [WEBHOOK]})
    assert (stored.channel_id, stored.provider) == (channel, "chat_slack")
    assert sim.channel("chat").id == channel


@pytest.mark.parametrize(
    ("provider", "sent", "field"),
    [
        ("push_fcm", {"target_arns": ["a"]}, "data.tokens"),
        ("push_fcm", {"player_ids": [TEAM_ID]}, "data.tokens"),
        ("push_fcm", {"connections": [WEBHOOK]}, "data.tokens"),
        ("push_fcm", {"devices": [{"target_arn": "a"}]}, "data.devices.0.token"),
        ("push_aws_sns", {"tokens": ["t"]}, "data.target_arns"),
        ("push_one_signal", {"tokens": ["t"]}, "data.player_ids"),
        ("chat_slack", {"tokens": ["t"]}, "data.connections"),
        ("chat_slack", {"connections": [{"access_token": "x"}]}, "data.connections.0"),
        ("chat_discord", {"connections": [{"user_id": "U1"}]}, "data.connections.0"),
        ("chat_slack", {"connections": [{**WEBHOOK, "knock_tenant_id": 5}]}, "data.connections.0.knock_tenant_id"),
        ("chat_ms_teams", {"connections": [{"channel_id": "C1"}]}, "data.connections.0"),
    ],
)
def test_data_of_another_provider_is_rejected(knock: Any, sim: Simulator, provider: str, sent: Any, field: str) -> None:
    channel = declare_channel(sim, provider)
    with pytest.raises(UnprocessableEntityError) as caught:
        knock.users.set_channel_data("ana", channel, data=sent)
    assert [error.field for error in caught.value.errors] == [field]
    with pytest.raises(UnprocessableEntityError) as caught:
        knock.users.update("ana", channel_data={channel: sent})
    assert [error.field for error in caught.value.errors] == [f"channel_data.{channel}{field.removeprefix('data')}"]
    with pytest.raises(NotFoundError):
        knock.users.get("ana")


@rule("managing-recipients/setting-channel-data", "malformed channel data is refused")
@pytest.mark.parametrize("sent", [None, [], "t", {}, {"tokens": "t"}, {"tokens": [1]}, {"devices": [{}]}])
def test_malformed_data_is_rejected(sim: Simulator, sent: Any) -> None:
    channel = sim.channel("push").id
    response, problem = http(sim, "PUT", f"/v1/users/ana/channel_data/{channel}", {"data": sent})
    assert (response.status, problem["code"]) == (422, "invalid_params")
    assert problem["errors"][0]["field"].startswith("data")


@pytest.mark.parametrize("kind", ["email", "sms", "in_app_feed", "http"])
def test_other_channel_types_accept_no_data(knock: Any, sim: Simulator, kind: str) -> None:
    with pytest.raises(UnprocessableEntityError) as caught:
        knock.users.set_channel_data("ana", sim.channel(kind).id, data={"tokens": ["t"]})
    assert caught.value.code == "channel_invalid"


def test_an_unknown_channel_in_inline_data_is_rejected(knock: Any, sim: Simulator) -> None:
    recipients = [{"id": "ana"}, {"id": "ben", "channel_data": {TEAM_ID: {"tokens": ["t"]}}}]
    with pytest.raises(UnprocessableEntityError, match=TEAM_ID) as caught:
        knock.workflows.trigger("w", recipients=recipients)
    assert caught.value.code == "channel_invalid"
    assert sim.messages() == []
    assert knock.users.list().items == []


@rule("managing-recipients/merging-users", "channel data is added only if absent")
def test_merging_users_fills_in_missing_channel_data(knock: Any, sim: Simulator) -> None:
    push, chat = sim.channel("push").id, sim.channel("chat").id
    knock.users.update("old", channel_data={push: {"tokens": ["old"]}, chat: {"connections": [WEBHOOK]}})
    knock.users.update("new", channel_data={push: {"tokens": ["new"]}})
    knock.users.merge("new", from_user_id="old")
    assert to_dict(knock.users.get_channel_data("new", push).data)["tokens"] == ["new"]
    assert to_dict(knock.users.get_channel_data("new", chat).data)["connections"] == [WEBHOOK]


def connections(sim: Simulator) -> list[Any]:
    """Return the connections of the messages."""
    contents = [sim.client().messages.get_content(message.id).data for message in sim.messages()]
    return [each.model_dump(exclude_unset=True)["connection"] for each in contents]


FOR_ANY = {"channel_id": "any", "knock_tenant_id": None}
FOR_ACME = {"channel_id": "acme", "knock_tenant_id": "acme"}
FOR_BETA = {"channel_id": "beta", "knock_tenant_id": "beta"}

# The recipient's data, the tenant's, and the connections that are used.
MERGED = [
    (
        {"connections": [{"channel_id": "C"}]},
        {"token": {"access_token": "T"}},
        [{"channel_id": "C", "access_token": "T"}],
    ),
    (
        {"connections": [{"channel_id": "C", "access_token": "own"}]},
        {"token": {"access_token": "T"}},
        [{"channel_id": "C", "access_token": "own"}],
    ),
    (
        {"connections": [{"channel_id": "C"}], "token": {"access_token": "mine"}},
        {"token": {"access_token": "T"}},
        [{"channel_id": "C", "access_token": "mine"}],
    ),
    ({"connections": [WEBHOOK]}, {"token": {"access_token": "T"}}, [WEBHOOK]),
    (None, {"connections": [{"channel_id": "TC", "access_token": "T"}]}, [{"channel_id": "TC", "access_token": "T"}]),
    ({"connections": [{"channel_id": "C"}]}, None, [{"channel_id": "C"}]),
    ({"connections": [FOR_ANY, FOR_BETA, FOR_ACME]}, None, [FOR_ACME, FOR_ANY]),
    ({"connections": [FOR_BETA, FOR_ANY]}, None, [FOR_ANY]),
    ({"connections": [FOR_ANY]}, {"connections": [FOR_ACME]}, [FOR_ANY]),
    ({"connections": [FOR_BETA]}, {"connections": [FOR_ACME]}, [FOR_ACME]),
    (None, {"connections": [FOR_BETA, FOR_ACME]}, [FOR_ACME]),
]


@rule(
    "managing-recipients/setting-channel-data",
    "the channel data of the run's tenant is merged with the recipient's when a message is sent",
)
@pytest.mark.parametrize(("own", "of_tenant", "expected"), MERGED)
def test_the_tenants_data_is_merged_when_a_message_is_sent(own: Any, of_tenant: Any, expected: Any) -> None:
    sim = Simulator()
    sim.workflow("w", channels=["chat"])
    chat = sim.channel("chat").id
    client = sim.client()
    client.users.update("ana")
    client.tenants.set("acme")
    for target, data in (("users/ana", own), ("objects/$tenants/acme", of_tenant)):
        if data is not None:
            sent = {"data": {"connections": [], **data}}
            assert http(sim, "PUT", f"/v1/{target}/channel_data/{chat}", sent)[0].status == 200
    client.workflows.trigger("w", recipients=["ana"], tenant="acme")
    assert connections(sim) == expected


def test_the_data_of_a_tenant_is_used_only_in_its_runs(sim: Simulator) -> None:
    sim.workflow("w", channels=["chat"])
    client = sim.client()
    client.users.update("ana")
    client.objects.set_channel_data("$tenants", "acme", sim.channel("chat").id, data={"connections": [WEBHOOK]})
    client.workflows.trigger("w", recipients=["ana"])
    assert sim.messages() == []
    assert [skip.detail for skip in sim.skips()] == ["channel_data"]
    client.workflows.trigger("w", recipients=["ana"], tenant="acme")
    assert connections(sim) == [WEBHOOK]


def test_a_connection_for_a_tenant_is_not_used_in_other_runs(sim: Simulator) -> None:
    sim.workflow("w", channels=["chat"])
    client = sim.client()
    client.users.update("ana")
    client.users.set_channel_data("ana", sim.channel("chat").id, data={"connections": [FOR_ACME]})
    client.workflows.trigger("w", recipients=["ana"])
    client.workflows.trigger("w", recipients=["ana"], tenant="beta")
    assert sim.messages() == []
    assert [skip.detail for skip in sim.skips()] == ["channel_data", "channel_data"]
    client.workflows.trigger("w", recipients=["ana"], tenant="acme")
    assert connections(sim) == [FOR_ACME]
