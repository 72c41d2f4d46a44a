"""`knock-sdk messages`."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from knock_sdk.testing import Send

if TYPE_CHECKING:
    from knock_sdk import Knock
    from knock_sdk.testing import Simulator
    from tests.cli.conftest import Run, Terminal

EMAIL = {
    "subject": "New comment by {{ data.author }}",
    "visual_blocks": [
        {
            "type": "markdown",
            "content": "# Hello {{ recipient.name }}\n\nHe wrote:\n\n> {{ data.comment }}\n\n- one\n- two\n\n"
            "| a | b |\n|---|---|\n| 1 | 2 |\n\nSee [the page](https://ingen.example/c/1).",
        },
        {"type": "button_set", "buttons": [{"label": "Open", "action": "https://ingen.example"}]},
    ],
}
DATA = {"author": "Ian", "comment": "Life finds a way."}


@pytest.fixture(autouse=True)
def ana(client: Knock) -> None:
    client.users.update("ana", name="Ana", email="ana@example.com", phone_number="+15551234567")


def send(sim: Simulator, client: Knock, channel: str, template: dict[str, object], **data: object) -> str:
    """Send a message to Ana on a channel; return its id."""
    sim.workflow(f"to-{channel}", steps=[Send(channel, template)])
    client.workflows.trigger(f"to-{channel}", recipients=["ana"], data=data)
    return sim.messages()[-1].id


class TestList:
    @pytest.fixture
    def messages(self, sim: Simulator, client: Knock) -> None:
        sim.workflow("feed", channels=["in_app_feed"], categories=["social"])
        sim.workflow("mail", channels=["email"])
        client.users.update("ben", name="Ben")
        client.objects.set("projects", "site-b", name="Site B")
        client.workflows.trigger("feed", recipients=["ana", "ben"], tenant="ingen", data={"page": 1})
        sim.advance(hours=1)
        client.workflows.trigger("feed", recipients=[{"collection": "projects", "id": "site-b"}])
        client.workflows.trigger("mail", recipients=["ana"])

    @pytest.mark.parametrize(
        ("options", "found"),
        [
            ((), ["mail ana", "feed projects/site-b", "feed ben", "feed ana"]),
            (("--recipient", "ana"), ["mail ana", "feed ana"]),
            (("-r", "projects/site-b"), ["feed projects/site-b"]),
            (("-r", "ana", "-w", "mail"), ["mail ana"]),
            (("--workflow", "mail"), ["mail ana"]),
            (("--category", "social", "-n", "1"), ["feed projects/site-b"]),
            (("--tenant", "ingen"), ["feed ben", "feed ana"]),
            (("--status", "queued", "--status", "sent"), ["mail ana"]),
            (("--engagement", "read"), []),
            (("--data", '{"page": 1}'), ["feed ben", "feed ana"]),
            (("--since", "2026-01-05T09:30:00Z"), ["mail ana", "feed projects/site-b"]),
            (("--until", "2026-01-05T09:30"), ["feed ben", "feed ana"]),
        ],
    )
    @pytest.mark.usefixtures("messages")
    def test_filters(self, run: Run, options: tuple[str, ...], found: list[str]) -> None:
        result = run("messages", "list", *options)
        rows = [line.split("\t") for line in result.out.splitlines()]
        assert (result.status, [f"{row[5]} {row[4]}" for row in rows]) == (0, found)

    @pytest.mark.usefixtures("messages")
    def test_by_channel_and_run(self, run: Run, sim: Simulator) -> None:
        message = sim.messages(workflow="mail")[0]
        for option in (("--channel", message.channel.id), ("--run", message.source.workflow_run_id or "")):
            assert json.loads(run("messages", "list", *option, "--json").out)["id"] == message.id

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            (("--status", "deliverd"), "Did you mean 'delivered'?"),
            (("--engagement", "x"), "'x' is not one of"),
            (("--since", "yesterday"), "'yesterday' is not a time"),
            (("--since", "999999999d"), "further away than time goes"),
            (("--recipient", "a/"), "'a/' is not COLLECTION/ID"),
        ],
    )
    def test_misuse(self, run: Run, options: tuple[str, str], problem: str) -> None:
        result = run("messages", "list", *options)
        assert (result.status, problem in result.err) == (2, True)

    @pytest.mark.usefixtures("messages")
    @pytest.mark.parametrize("columns", [40, 80, 120])
    def test_in_terminals_of_all_widths(self, terminal: Terminal, columns: int) -> None:
        status, screen = terminal("messages", "list", columns=columns)
        assert status == 0
        text = "\n".join(screen)
        assert text.count("2026-01-05") == 4
        assert "projects/site-b" in text
        if columns == 80:
            assert screen[0].split() == ["made", "status", "channel", "recipient", "source"]
            assert screen[2].startswith("  ")


class TestShow:
    def test_an_email_in_a_pipe(self, run: Run, sim: Simulator, client: Knock) -> None:
        message = send(sim, client, "email", EMAIL, **DATA)
        sim.advance(minutes=1)
        lines = run("messages", "show", message).out.splitlines()
        assert lines[0] == f"message\t{message}"
        assert {"status\tdelivered", "workflow\tto-email", "to\tana@example.com"} <= set(lines)
        shown = lines[lines.index("subject\tNew comment by Ian") :][2:22]
        # Versions of rich differ in the space around cells, and in the line below the head.
        assert [re.sub("[─━]+", "─", " ".join(line.split())) for line in shown] == [
            "# Hello Ana",
            "",
            "He wrote:",
            "",
            "▌ Life finds a way.",
            "",
            "• one",
            "• two",
            "",
            "",
            "a b",
            "─",
            "1 2",
            "",
            "",
            "See the page [1].",
            "",
            "Open [2]",
            "",
            "[1] https://ingen.example/c/1",
        ]
        assert lines[-4:] == [
            "2026-01-05T09:00:00Z\tcreated\t",
            "2026-01-05T09:00:00Z\tqueued\t",
            "2026-01-05T09:00:01Z\tsent\t",
            "2026-01-05T09:00:05Z\tdelivered\t",
        ]

    def test_an_email_in_a_narrow_terminal(self, terminal: Terminal, sim: Simulator, client: Knock) -> None:
        message = send(sim, client, "email", EMAIL, **DATA)
        status, screen = terminal("messages", "show", message, columns=40)
        assert (status, "Hello Ana" in screen, " • one" in screen) == (0, True, True)
        assert all(len(line) <= 40 for line in screen)

    def test_the_parts_of_an_email(self, run: Run, sim: Simulator, client: Knock) -> None:
        message = send(sim, client, "email", EMAIL, **DATA)
        assert run("messages", "show", message, "--part", "text").out.startswith("Hello Ana\n\nHe wrote:")
        assert run("messages", "show", message, "--part", "html").out.startswith("<!DOCTYPE html>")
        text = send(sim, client, "sms", {"text_body": "Hi"})
        assert run("messages", "show", text, "--part", "html").status == 1
        assert run("messages", "show", text, "--part", "pdf").status == 2

    def test_as_json(self, run: Run, sim: Simulator, client: Knock) -> None:
        message = send(sim, client, "email", EMAIL, **DATA)
        shown = json.loads(run("messages", "show", message, "--json").out)
        assert shown["message"]["id"] == message
        assert shown["content"]["data"]["subject_line"] == "New comment by Ian"
        assert [event["type"] for event in shown["events"]] == ["message.created", "message.queued"]

    def test_a_text_message(self, run: Run, sim: Simulator, client: Knock) -> None:
        message = send(sim, client, "sms", {"text_body": "Hi *you*\nthere"})
        assert "\n\nto\t+15551234567\n\nHi *you*\nthere\n\n" in run("messages", "show", message).out

    def test_a_push_notification(self, run: Run, sim: Simulator, client: Knock) -> None:
        channel = sim.channel("fcm", type="push", provider="push_fcm")
        client.users.set_channel_data("ana", channel.id, data={"tokens": ["device-1"]})
        message = send(sim, client, "fcm", {"title": "Hello", "text_body": "You there"}, page=1)
        shown = run("messages", "show", message).out
        assert "\ndevice\tdevice-1\ntitle\tHello\n" in shown
        assert "\nYou there\n" in shown

    def test_a_chat_message_without_the_token_that_sends_it(self, run: Run, sim: Simulator, client: Knock) -> None:
        channel = sim.channel("slack", type="chat", provider="chat_slack")
        connections = [{"channel_id": "C1", "access_token": "xoxb-secret"}]
        client.users.set_channel_data("ana", channel.id, data={"connections": connections})
        message = send(sim, client, "slack", {"markdown_body": "*Hi* there"})
        shown = run("messages", "show", message).out
        assert "channel_id\tC1\naccess_token\t***\n\n*Hi* there\n" in shown
        assert "xoxb" not in shown

    def test_an_in_app_message(self, run: Run, sim: Simulator, client: Knock) -> None:
        template = {"markdown_body": "**Ian** [wrote](https://a.example)", "action_url": "https://b.example/x_y"}
        message = send(sim, client, "in_app_feed", template)
        shown = run("messages", "show", message).out
        assert "\nIan wrote [1]\n\n[1] https://a.example\n\n→ https://b.example/x_y\n" in shown

    def test_a_webhook(self, run: Run, sim: Simulator, client: Knock) -> None:
        message = send(sim, client, "http", {"url": "https://hook.example/in", "method": "post", "body": '{"a": 1}'})
        sim.advance(minutes=1)
        shown = run("messages", "show", message).out
        assert "request\tPOST hook.example/in\n" in shown

    def test_marks(self, run: Run, sim: Simulator, client: Knock) -> None:
        message = send(sim, client, "in_app_feed", {"markdown_body": "a"})
        client.messages.mark_as_read(message)
        shown = run("messages", "show", message).out
        assert "\nread\t2026-01-05T09:00:00Z\n" in shown
        assert shown.endswith("\tread\t\n")

    def test_nothing_of_it_commands_the_terminal(self, run: Run, sim: Simulator, client: Knock) -> None:
        body = "<p>&#27;[2J{{ data.x }}&#8238;</p>"
        message = send(sim, client, "email", {"subject": "{{ data.x }}", "html_body": body}, x="\x1b]0;a\x07\r\u202eb")
        shown = run("messages", "show", message)
        assert (shown.status, shown.err) == (0, "")
        assert not {"\x1b", "\x07", "\r", "\u202e"} & set(shown.out)

    def test_an_id_that_does_not_exist(self, run: Run) -> None:
        assert run("messages", "show", "nothing").status == 1


class TestListsOfAMessage:
    def test_events(self, run: Run, sim: Simulator, client: Knock) -> None:
        message = send(sim, client, "sms", {"text_body": "Hi"})
        rows = [line.split("\t")[1] for line in run("messages", "events", message).out.splitlines()]
        assert rows == ["message.created", "message.queued"]

    def test_delivery_logs(self, run: Run, sim: Simulator, client: Knock, terminal: Terminal) -> None:
        message = send(sim, client, "email", EMAIL, **DATA)
        assert run("messages", "delivery-logs", message).out == ""
        assert terminal("messages", "delivery-logs", message)[1][0] == "Nothing was handed to a provider yet."
        sim.advance(minutes=1)
        (row,) = run("messages", "delivery-logs", message).out.splitlines()
        assert row.split("\t")[2].startswith("POST ")
        assert json.loads(run("messages", "delivery-logs", message, "--json").out)["response"]["status"] < 300

    def test_activities(self, run: Run, sim: Simulator, client: Knock) -> None:
        sim.workflow("feed", channels=["in_app_feed"])
        client.workflows.trigger("feed", recipients=["ana"], actor="ana", data={"page": 1})
        row = run("messages", "activities", sim.messages()[-1].id).out.rstrip("\n").split("\t")
        assert row == ["2026-01-05T09:00:00Z", "ana", "ana", '{"page": 1}']


class TestMark:
    @pytest.fixture
    def ids(self, sim: Simulator, client: Knock) -> list[str]:
        for _ in range(3):
            client.workflows.trigger("feed", recipients=["ana"])
        return [message.id for message in sim.messages()]

    @pytest.mark.parametrize(
        "marks",
        [("read", "unread", "read_at"), ("seen", "unseen", "seen_at"), ("archived", "unarchived", "archived_at")],
    )
    def test_and_undo(self, run: Run, client: Knock, ids: list[str], marks: tuple[str, str, str]) -> None:
        mark, undo, field = marks
        assert run("messages", "mark", mark, ids[0]).out == f"1 message is {mark}.\n"
        assert getattr(client.messages.get(ids[0]), field) is not None
        assert getattr(client.messages.get(ids[1]), field) is None
        assert run("messages", "mark", undo, *ids).out == f"3 messages are {undo}.\n"
        assert getattr(client.messages.get(ids[0]), field) is None

    def test_an_interaction_has_metadata(self, run: Run, client: Knock, ids: list[str]) -> None:
        assert run("messages", "mark", "interacted", ids[0], "-p", "button=yes").status == 0
        assert client.messages.get(ids[0]).interacted_at is not None
        assert run("messages", "mark", "read", ids[0], "-p", "button=yes").status == 2

    def test_many_that_a_pipe_names(self, run: Run, sim: Simulator, client: Knock) -> None:
        for _ in range(60):
            client.workflows.trigger("feed", recipients=["ana"])
        listed = run("messages", "list", "--all").out
        ids = "".join(line.split("\t")[0] + "\n" for line in listed.splitlines())
        result = run("messages", "mark", "seen", "-", "--json", stdin=ids)
        assert [json.loads(line)["seen_at"] is not None for line in result.out.splitlines()] == [True] * 60
        assert [request.path for request in sim.requests[-2:]] == ["/v1/messages/batch/seen"] * 2

    def test_misuse(self, run: Run) -> None:
        result = run("messages", "mark", "rea", "id")
        assert (result.status, "Did you mean 'read'?" in result.err) == (2, True)
