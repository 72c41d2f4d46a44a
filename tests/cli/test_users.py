"""`knock-sdk users`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from knock_sdk import NotFoundError

if TYPE_CHECKING:
    from knock_sdk import Knock
    from knock_sdk.testing import Simulator
    from tests.cli.conftest import Run, Terminal


@pytest.fixture(autouse=True)
def users(client: Knock) -> None:
    client.users.update("jhammond", name="John Hammond", email="jhammond@ingen.net", properties={"plan": "pro"})
    client.users.update("dnedry", name="Dennis\tNedry")


class TestGet:
    def test_in_a_pipe(self, run: Run) -> None:
        result = run("users", "get", "jhammond")
        assert result == (0, "id\tjhammond\nname\tJohn Hammond\nemail\tjhammond@ingen.net\nplan\tpro\n", "")

    def test_as_json(self, run: Run) -> None:
        result = run("users", "get", "jhammond", "--json")
        assert (result.status, json.loads(result.out)["plan"]) == (0, "pro")

    def test_in_a_terminal(self, terminal: Terminal) -> None:
        status, screen = terminal("users", "get", "jhammond")
        assert (status, screen[:2]) == (0, ["id     jhammond", "name   John Hammond"])

    def test_nobody(self, run: Run) -> None:
        result = run("users", "get", "nobody")
        assert (result.status, result.out) == (1, "")
        assert result.err.startswith("Error: 404 resource_missing: The user 'nobody' does not exist")

    def test_an_id_that_cannot_be_one(self, run: Run) -> None:
        result = run("users", "get", "..")
        assert result.status == 2
        assert "user_id" in result.err


class TestList:
    def test_in_a_pipe(self, run: Run) -> None:
        result = run("users", "list")
        assert sorted(line.split("\t")[:2] for line in result.out.splitlines()) == [
            ["dnedry", "Dennis Nedry"],
            ["jhammond", "John Hammond"],
        ]

    def test_a_line_of_json_for_each(self, run: Run) -> None:
        result = run("users", "list", "--json")
        assert {json.loads(line)["id"] for line in result.out.splitlines()} == {"dnedry", "jhammond"}

    def test_no_more_than_the_limit_is_fetched(self, run: Run, sim: Simulator) -> None:
        assert len(run("users", "list", "--limit", "1").out.splitlines()) == 1
        assert sim.requests[-1].query["page_size"] == "2"

    def test_all(self, run: Run, client: Knock) -> None:
        for number in range(60):
            client.users.update(f"user-{number}")
        assert len(run("users", "list").out.splitlines()) == 50
        assert len(run("users", "list", "--all").out.splitlines()) == 62

    def test_in_a_narrow_terminal(self, terminal: Terminal) -> None:
        status, screen = terminal("users", "list", "--limit", "1", columns=40)
        assert status == 0
        assert all(len(line) <= 40 for line in screen)
        assert any("--all" in line for line in screen)

    def test_in_a_terminal_that_shows_all(self, terminal: Terminal) -> None:
        status, screen = terminal("users", "list", "--limit", "2")
        assert status == 0
        assert screen[0].split() == ["id", "name", "email", "updated"]
        assert not any("--all" in line for line in screen)


class TestUpdate:
    def test_a_new_user(self, run: Run, client: Knock) -> None:
        options = ("--name", "Ana", "--email", "ana@example.com", "--phone", "+15551234567", "--timezone", "Etc/UTC")
        result = run("users", "update", "ana", *options, "-p", "plan=pro", "-p", "seats:=5", "--json")
        assert (result.status, json.loads(result.out)["seats"]) == (0, 5)
        ana = client.users.get("ana")
        assert (ana.name, ana.email, ana.phone_number, ana.timezone) == (
            "Ana",
            "ana@example.com",
            "+15551234567",
            "Etc/UTC",
        )
        assert ana.properties == {"plan": "pro", "seats": 5}

    def test_data_has_named_fields_too_and_options_take_precedence(self, run: Run, client: Knock) -> None:
        data = '{"name": "Ana", "email": "old@example.com", "plan": "free", "team": {"id": 1}}'
        assert (
            run("users", "update", "ana", "--data", "-", "--email", "a@b.c", "-p", "plan=pro", stdin=data).status == 0
        )
        ana = client.users.get("ana")
        assert (ana.name, ana.email, ana.properties) == ("Ana", "a@b.c", {"plan": "pro", "team": {"id": 1}})

    def test_null_clears(self, run: Run, client: Knock) -> None:
        assert run("users", "update", "jhammond", "-p", "email:=null").status == 0
        assert client.users.get("jhammond").email is None
        assert client.users.get("jhammond").name == "John Hammond"

    @pytest.mark.parametrize(
        ("given", "problem"),
        [
            (("-p", "plan"), "'plan' is not NAME=VALUE"),
            (("-p", ":=1"), "':=1' is not NAME=VALUE"),
            (("-p", "seats:=five"), "'five' is not JSON"),
            (("-p", "seats:=NaN"), "NaN is not a value that JSON has"),
            (("--data", "[1]"), "'[1]' is not a JSON object"),
            (("--data", "@missing.json"), "missing.json cannot be read: No such file or directory"),
            (("--data", "@mis\0sing"), "cannot be read"),
            (("--data", "[" * 100_000), "nested too deeply"),
        ],
    )
    def test_misuse(self, run: Run, given: tuple[str, str], problem: str) -> None:
        result = run("users", "update", "ana", *given)
        assert (result.status, result.out) == (2, "")
        assert problem in result.err

    def test_input_that_is_no_text(self, run: Run) -> None:
        result = run("users", "update", "ana", "--data", "-", stdin=b"\xff{}")
        assert (result.status, "standard input is not text in UTF-8" in result.err) == (2, True)


class TestDelete:
    def test_with_yes(self, run: Run, client: Knock) -> None:
        assert run("users", "delete", "dnedry", "--yes") == (0, "Deleted the user dnedry.\n", "")
        with pytest.raises(NotFoundError):
            client.users.get("dnedry")

    def test_as_json(self, run: Run) -> None:
        assert json.loads(run("users", "delete", "dnedry", "-y", "--json").out) == {"deleted": "dnedry"}

    def test_nobody_can_be_asked_in_a_pipe(self, run: Run, client: Knock) -> None:
        result = run("users", "delete", "dnedry", stdin="y\n")
        assert (result.status, "--yes" in result.err) == (2, True)
        assert client.users.get("dnedry").id == "dnedry"


class TestMerge:
    def test_a_user_into_another(self, run: Run, client: Knock) -> None:
        client.users.update("anonymous", properties={"seen": True})
        result = run("users", "merge", "jhammond", "anonymous", "--yes", "--json")
        assert (result.status, json.loads(result.out)["seen"]) == (0, True)
        with pytest.raises(NotFoundError):
            client.users.get("anonymous")

    def test_it_asks(self, run: Run, client: Knock) -> None:
        assert run("users", "merge", "jhammond", "dnedry").status == 2
        assert client.users.get("dnedry").id == "dnedry"


class TestListsOfAUser:
    def test_messages(self, run: Run, client: Knock) -> None:
        client.workflows.trigger("welcome", recipients=["jhammond", "dnedry"])
        (message,) = client.users.list_messages("jhammond")
        result = run("users", "messages", "jhammond")
        assert result.out == f"{message.id}\t2026-01-05T09:00:00Z\tdelivered\tin_app_feed\tjhammond\twelcome\n"

    def test_schedules(self, run: Run, client: Knock) -> None:
        client.schedules.create(
            workflow="digest",
            recipients=["jhammond"],
            repeats=[{"frequency": "weekly", "days": ["wed", "mon"], "hours": 9, "minutes": 30}],
        )
        result = run("users", "schedules", "jhammond", "--workflow", "digest")
        assert result.out.split("\t")[1:4] == ["digest", "jhammond", "every week on mon, wed at 09:30"]
        assert run("users", "schedules", "jhammond", "--workflow", "other").out == ""

    def test_subscriptions(self, run: Run, client: Knock) -> None:
        client.objects.set("projects", "site-b")
        client.objects.add_subscriptions("projects", "site-b", recipients=["jhammond"], properties={"role": "owner"})
        result = run("users", "subscriptions", "jhammond")
        assert result.out.split("\t")[:3] == ["projects/site-b", "jhammond", '{"role": "owner"}']


class TestChannelData:
    PUSH = "6d1d5d7e-2c9c-4d6e-9c4b-0d3f6c2e9a11"

    def test_set_get_and_unset(self, run: Run, sim: Simulator) -> None:
        channel = sim.channel("fcm", type="push", provider="push_fcm")
        data = '{"tokens": ["device-1"]}'
        stored = run("users", "channel-data", "set", "jhammond", channel.id, "--data", data, "--json")
        assert json.loads(stored.out)["data"]["tokens"] == ["device-1"]
        assert "device-1" in run("users", "channel-data", "get", "jhammond", channel.id).out
        assert run("users", "channel-data", "unset", "jhammond", channel.id).status == 2
        assert run("users", "channel-data", "unset", "jhammond", channel.id, "--yes").status == 0
        assert run("users", "channel-data", "get", "jhammond", channel.id).status == 1

    def test_of_an_object(self, run: Run, sim: Simulator, client: Knock) -> None:
        channel = sim.channel("slack", type="chat", provider="chat_slack")
        data = '{"connections": [{"channel_id": "C1", "access_token": "xoxb-1"}]}'
        assert run("objects", "channel-data", "set", "projects/site-b", channel.id, "--data", data).status == 0
        assert client.objects.get_channel_data("projects", "site-b", channel.id).provider == "chat_slack"
        assert "C1" in run("objects", "channel-data", "get", "projects/site-b", channel.id).out
        assert run("objects", "channel-data", "unset", "projects/site-b", channel.id, "--yes").status == 0
