"""`knock-sdk trigger`, `cancel` and `schedules`."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
import typer

from knock_sdk.cli._sending.repeats import read_repeats
from knock_sdk.testing import Delay, Send

if TYPE_CHECKING:
    from pathlib import Path

    from knock_sdk import Knock
    from knock_sdk.testing import Simulator
    from tests.cli.conftest import Run, Terminal


@pytest.fixture(autouse=True)
def ana(client: Knock) -> None:
    client.users.update("ana", name="Ana", phone_number="+15551234567")
    client.users.update("ben", name="Ben")


def body(sim: Simulator) -> Any:
    """Return the JSON that the last request had."""
    return json.loads(sim.requests[-1].body)


class TestTrigger:
    def test_the_id_of_the_run_alone_is_printed(self, run: Run, sim: Simulator) -> None:
        result = run("trigger", "welcome", "-r", "ana")
        assert result.status == 0
        (message,) = sim.messages(to="ana")
        assert result.out == f"{message.source.workflow_run_id}\n"
        assert result.err == f"What it sends: knock-sdk messages list --run {result.out}"
        assert body(sim) == {"recipients": ["ana"]}

    def test_all_options(self, run: Run, sim: Simulator, client: Knock) -> None:
        client.objects.set("projects", "site-b")
        client.tenants.set("ingen", name="InGen")
        result = run(
            *("trigger", "welcome", "-r", "ana", "-r", "projects/site-b", "-r", '{"id": "eve", "name": "Eve"}'),
            *("--object", "projects/site-b", "--data", '{"page": 1, "plan": "free"}', "-p", "plan=pro", "-p", "n:=[1]"),
            *("--actor", "ben", "--tenant", "ingen", "--cancellation-key", "c", "--idempotency-key", "i"),
            *("--sandbox", "--skip-delays", "--json"),
        )
        assert (result.status, list(json.loads(result.out))) == (0, ["workflow_run_id"])
        site = {"collection": "projects", "id": "site-b"}
        assert body(sim) == {
            "recipients": ["ana", site, {"id": "eve", "name": "Eve"}, site],
            "data": {"page": 1, "plan": "pro", "n": [1]},
            "actor": "ben",
            "tenant": "ingen",
            "cancellation_key": "c",
            "settings": {"sandbox_mode": True, "skip_delay": True},
        }
        assert sim.requests[-1].headers["idempotency-key"] == "i"

    @pytest.mark.parametrize(
        "text",
        [
            '["ana", {"id": "ben"}]',
            'ana\n\n  {"id": "ben"}\n',
            '[\n"ana",\n{"id": "ben"}]',
            '\ufeffana\r\n{"id": "ben"}',
        ],
    )
    def test_recipients_of_a_file(self, run: Run, sim: Simulator, tmp_path: Path, text: str) -> None:
        (tmp_path / "list").write_bytes(text.encode())
        assert run("trigger", "welcome", "--recipients", f"@{tmp_path / 'list'}").status == 0
        assert body(sim)["recipients"] == ["ana", {"id": "ben"}]

    def test_recipients_of_a_pipe(self, run: Run, sim: Simulator) -> None:
        assert run("trigger", "welcome", "--recipients", "-", "-r", "eve", stdin="ana\nprojects/site-b\n").status == 0
        assert body(sim)["recipients"] == ["eve", "ana", {"collection": "projects", "id": "site-b"}]

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            ((), "There is none: name one with --recipient"),
            (("--recipients", ""), "There is none"),
            (("-r", "{"), "'{' is not JSON"),
            (("--object", "site-b"), "'site-b' is not COLLECTION/ID"),
            (("--recipients", "@missing"), "missing cannot be read"),
            (("-r", "ana", "--data", "[]"), "'[]' is not a JSON object"),
            (("-r", "ana", "--tenant", "{x"), "'{x' is not JSON"),
            (("-r", "ana", "--wait", "soon"), "valid number"),
            (("--recipients", json.dumps([f"u{number}" for number in range(1001)])), "1,000"),
        ],
    )
    def test_misuse(self, run: Run, sim: Simulator, options: tuple[str, ...], problem: str) -> None:
        before = len(sim.requests)
        result = run("trigger", "welcome", *options)
        assert (result.status, result.out, len(sim.requests)) == (2, "", before)
        assert problem in result.err

    def test_a_workflow_that_does_not_exist(self, run: Run, sim: Simulator) -> None:
        sim.workflow("welcome", channels=["in_app_feed"])
        result = run("trigger", "welcom", "-r", "ana")
        assert (result.status, result.out) == (1, "")
        assert "workflow_missing" in result.err

    def test_wait_shows_the_messages(self, run: Run, sim: Simulator) -> None:
        sim.workflow("both", channels=["in_app_feed", "sms"])
        result = run("trigger", "both", "-r", "ana", "-r", "ben", "--wait", "10")
        rows = [line.split("\t") for line in result.out.splitlines()[1:]]
        assert sorted((row[3], row[4]) for row in rows) == [
            ("in_app_feed", "ana"),
            ("in_app_feed", "ben"),
            ("sms", "ana"),
        ]
        assert (result.status, result.err) == (0, "Runs that have ended: 2 completed. Messages: 3.\n")

    def test_wait_shows_them_as_json(self, run: Run) -> None:
        result = run("trigger", "welcome", "-r", "ana", "--wait", "10", "--json")
        run_id, message = map(json.loads, result.out.splitlines())
        assert message["source"]["workflow_run_id"] == run_id["workflow_run_id"]

    def test_wait_says_that_nothing_was_sent(self, run: Run, sim: Simulator) -> None:
        sim.workflow("text", channels=["sms"])
        result = run("trigger", "text", "-r", "ben", "--wait", "10")
        assert result.err.splitlines() == [
            "Runs that have ended: 1 completed. Messages: 0.",
            "Why a user got none: knock-sdk preferences why USER text",
        ]

    def test_wait_ends(self, run: Run, sim: Simulator) -> None:
        sim.workflow("later", steps=[Delay(timedelta(hours=1)), Send("in_app_feed")])
        result = run("trigger", "later", "-r", "ana", "--wait", "0.1")
        assert (result.status, result.err) == (1, "Error: After 0.1 s, not all runs have ended: 1 paused.\n")

    def test_wait_fails_with_the_run(self, run: Run, sim: Simulator) -> None:
        sim.workflow("wrong", steps=[Send("sms", {"text_body": "{{ 1 | divided_by: data.n }}"})])
        result = run("trigger", "wrong", "-r", "ana", "-p", "n:=0", "--wait", "0.1")
        assert (result.status, "errors" in result.err) == (1, True)

    def test_in_a_terminal(self, terminal: Terminal) -> None:
        status, screen = terminal("trigger", "welcome", "-r", "ana", "--wait", "10", columns=120)
        assert status == 0
        assert "delivered  in_app_feed  ana  welcome" in screen[1]


class TestCancel:
    @pytest.fixture
    def waiting(self, sim: Simulator, client: Knock) -> None:
        sim.workflow("later", steps=[Delay(timedelta(hours=1)), Send("in_app_feed")])
        client.workflows.trigger("later", recipients=["ana", "ben"], cancellation_key="c")
        sim.advance(seconds=6)

    @pytest.mark.usefixtures("waiting")
    def test_all(self, run: Run, sim: Simulator) -> None:
        assert run("cancel", "later", "c") == (0, "Those runs of later that wait are being cancelled.\n", "")
        sim.advance(hours=2)
        assert sim.messages() == []

    @pytest.mark.usefixtures("waiting")
    def test_for_one_recipient(self, run: Run, sim: Simulator) -> None:
        result = run("cancel", "later", "c", "-r", "ana", "--json")
        assert json.loads(result.out) == {"workflow": "later", "cancellation_key": "c", "cancelling": True}
        sim.advance(hours=2)
        assert [message.recipient for message in sim.messages()] == ["ben"]

    def test_misuse(self, run: Run) -> None:
        assert run("cancel", "later").status == 2


class TestRepeats:
    @pytest.mark.parametrize(
        ("given", "rule"),
        [
            ({"every": "day", "at": "09:00"}, {"frequency": "daily", "hours": 9, "minutes": 0}),
            (
                {"every": "2 Weeks", "days": "mon, Wednesday"},
                {"frequency": "weekly", "interval": 2, "days": ["mon", "wed"]},
            ),
            ({"every": "hour", "at": ":30"}, {"frequency": "hourly", "minutes": 30}),
            ({"every": "month", "day_of_month": 1}, {"frequency": "monthly", "day_of_month": 1}),
            ({"every": "weekday"}, {"frequency": "weekly", "days": "weekdays"}),
            ({"every": "monday"}, {"frequency": "weekly", "days": ["mon"]}),
            ({"every": "sundays"}, {"frequency": "weekly", "days": ["sun"]}),
            ({"days": "weekends"}, {"frequency": "weekly", "days": "weekends"}),
            ({"days": "thurs,thu"}, {"frequency": "weekly", "days": ["thu"]}),
            (
                {"day_of_month": 31, "at": "7:05"},
                {"frequency": "monthly", "day_of_month": 31, "hours": 7, "minutes": 5},
            ),
            ({"as_json": '{"frequency": "daily"}'}, {"frequency": "daily"}),
            ({"as_json": '[{"frequency": "daily"}]'}, {"frequency": "daily"}),
        ],
    )
    def test_rules(self, given: dict[str, Any], rule: dict[str, Any]) -> None:
        assert read_repeats(
            **{"every": None, "days": None, "day_of_month": None, "at": None, "as_json": None} | given
        ) == [rule]

    def test_none(self) -> None:
        assert read_repeats(None, None, None, None, None) is None

    @pytest.mark.parametrize(
        ("given", "problem"),
        [
            ({"at": "09:00"}, "It needs --every"),
            ({"every": "year"}, "'year' is not a time such as"),
            ({"every": "0 days"}, "never comes"),
            ({"every": "2 mondays"}, "is not a time such as"),
            ({"every": "mo"}, "is not a time such as"),
            ({"every": "monday", "days": "tue"}, "names the days already"),
            ({"days": "mon,,tue"}, "'' is no day of the week"),
            ({"every": "day", "at": "9"}, "'9' is not a time such as 09:00"),
            ({"every": "day", "at": "24:00"}, "is not a time"),
            ({"every": "day", "at": ":30"}, "is not a time"),
            ({"every": "hour", "at": "09:30"}, "is not a minute such as :30"),
            ({"every": "day", "at": "09:01"}, "must be a multiple of 5"),
            ({"every": "day", "as_json": "{}"}, "It takes the place of"),
        ],
    )
    def test_misuse(self, given: dict[str, Any], problem: str) -> None:
        with pytest.raises(typer.BadParameter, match=problem):
            read_repeats(**{"every": None, "days": None, "day_of_month": None, "at": None, "as_json": None} | given)


class TestSchedules:
    def test_create_list_update_and_delete(self, run: Run, sim: Simulator, client: Knock) -> None:
        made = run(
            "schedules", "create", "digest", "-r", "ana", "--every", "monday", "--at", "09:30", "-p", "a=b", "--json"
        )
        schedule = json.loads(made.out)
        assert (schedule["data"], schedule["next_occurrence_at"]) == ({"a": "b"}, "2026-01-05T09:30:00Z")
        listed = run("schedules", "list", "digest", "-r", "ana").out
        assert listed == f"{schedule['id']}\tdigest\tana\tevery week on mon at 09:30\t2026-01-05T09:30:00Z\t\n"
        changed = run("schedules", "update", schedule["id"], "--days", "tue,thu", "--at", "08:00")
        assert "every week on tue, thu at 08:00" in changed.out
        assert run("schedules", "delete", schedule["id"]).status == 2
        assert run("schedules", "delete", schedule["id"], "--yes").out.startswith(schedule["id"])
        assert run("schedules", "list", "digest").out == ""

    def test_once(self, run: Run, sim: Simulator) -> None:
        result = run("schedules", "create", "digest", "-r", "ana", "--start", "2026-01-06T10:00:00Z")
        assert result.out.split("\t")[3:5] == ["once", "2026-01-06T10:00:00Z"]

    def test_times_from_now(self, run: Run, sim: Simulator) -> None:
        now = datetime.now(timezone.utc)
        assert (
            run("schedules", "create", "digest", "-r", "ana", "--start", "2h", "--every", "day", "--end", "7d").status
            == 0
        )
        sent = body(sim)
        assert datetime.fromisoformat(sent["scheduled_at"].replace("Z", "+00:00")) >= now + timedelta(hours=2)
        assert datetime.fromisoformat(sent["ending_at"].replace("Z", "+00:00")) >= now + timedelta(days=7)

    @pytest.mark.parametrize(
        ("arguments", "problem"),
        [
            (("create", "digest", "-r", "ana"), "Say when it runs"),
            (("create", "digest", "--every", "day"), "There is none: name one"),
            (("create", "digest", "-r", "ana", "--start", "tomorrow"), "'tomorrow' is not a time"),
            (("update", "id"), "There is nothing to change"),
        ],
    )
    def test_misuse(self, run: Run, arguments: tuple[str, ...], problem: str) -> None:
        result = run("schedules", *arguments)
        assert (result.status, problem in result.err) == (2, True)
