"""The quickstarts: they run as a newcomer runs them, and print the expected tables."""

from __future__ import annotations

import json
import os
import re
import shutil
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from .programs import FOLDER, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DATA = FOLDER / "data"
EVENTS = json.loads((DATA / "events.json").read_text(encoding="utf-8"))
WORKFLOWS = {row["key"]: row for row in json.loads((DATA / "workflows.json").read_text(encoding="utf-8"))}
QUICKSTARTS = ["quickstart.py", "quickstart_async.py"]


@pytest.fixture(scope="module", params=QUICKSTARTS)
def output(request: pytest.FixtureRequest) -> str:
    finished = run(request.param)
    assert finished.returncode == 0, finished.stderr
    assert "Users identified: 40 of 40" in finished.stderr
    assert f"Workflows triggered: {len(EVENTS)} of {len(EVENTS)}" in finished.stderr
    return finished.stdout


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "utf-16"])
@pytest.mark.parametrize("name", QUICKSTARTS)
def test_the_output_can_have_any_encoding(name: str, encoding: str) -> None:
    """Such as that of a Windows console, or of a machine without a locale, where files are not UTF-8 by default."""
    finished = run(name, encoding=encoding, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert finished.returncode == 0, finished.stderr
    assert "Tomasz Zieli" in finished.stdout


def table(output: str, title: str) -> list[list[str]]:
    """Return a table's rows, with the blanks of its first column filled in."""
    after = output.partition(f"\n{title}\n")[2]
    lines = after.partition("\n\n")[0].splitlines()
    starts = [match.start() for match in re.finditer("-+", lines[1])]
    ends: list[int | None] = [*starts[1:], None]
    rows = [[line[start:end].strip() for start, end in zip(starts, ends, strict=True)] for line in lines[2:]]
    for above, row in pairwise(rows):
        row[0] = row[0] or above[0]
    return rows


def test_the_first_line_counts_events_and_messages(output: str) -> None:
    sent = sum(int(count) for row in table(output, "Who got what") for count in row[2:] if count != "-")
    first = output.splitlines()[0]
    assert first == f"{len(EVENTS)} events became {sent} messages: {sent} delivered."
    missed = sum(int(row[4]) for row in table(output, "What was not sent"))
    due = sum(len(event["recipients"]) * len(WORKFLOWS[event["workflow"]]["channels"]) for event in EVENTS)
    assert sent + missed == due


def events_for(user: str, workflow: str) -> int:
    return sum(user in event["recipients"] and event["workflow"] == workflow for event in EVENTS)


def test_messages_are_counted_by_recipient_workflow_and_channel(output: str) -> None:
    got = {(user, workflow): counts for user, workflow, *counts in table(output, "Who got what")}
    # Farid has an address for each channel, and opted out of nothing.
    assert got["Farid Rahimi", "mention"] == [str(events_for("farid", "mention"))] * 3
    assert got["Farid Rahimi", "payment-failed"] == [str(events_for("farid", "payment-failed"))] * 3
    # Dmitri opted out of email and SMS.
    assert got["Dmitri Volkov", "export-ready"] == [str(events_for("dmitri", "export-ready")), "-", "-"]
    # Ike opted out of the category of comments and mentions.
    assert ("Ike Okafor", "comment-created") not in got
    assert events_for("ike", "comment-created")
    # Jamal receives tasks of high priority only, and his task has another priority.
    assert ("Jamal Whitaker", "task-assigned") not in got
    # Katya's opt-out from security alerts has no effect: that workflow overrides preferences.
    assert got["Katya Moroz", "security-alert"] == ["-", *[str(events_for("katya", "security-alert"))] * 2]


def test_opt_outs_are_listed(output: str) -> None:
    rows = table(output, "Who opted out")
    assert ["Amina Mwangi", "default", "channel_types.sms"] in rows
    assert ["Ben Castellano", "tern-logistics", "categories.collaboration.channel_types.email"] in rows
    assert ["Dmitri Volkov", "default", "channel_types.email"] in rows
    assert ["Dmitri Volkov", "default", "channel_types.sms"] in rows
    assert ["Jamal Whitaker", "default", "workflows.task-assigned unless data.priority is equal to high"] in rows
    assert ["Katya Moroz", "default", "categories.security"] in rows
    assert ["Mei Castillo", "default", "commercial_subscribed"] in rows
    assert len({row[0] for row in rows}) == 18


def test_unsent_messages_are_listed_with_the_reason(output: str) -> None:
    rows = table(output, "What was not sent")
    assert ["Amina Mwangi", "mention", "SMS", "preferences", str(events_for("amina", "mention"))] in rows
    assert ["Mei Castillo", "product-news", "Email", "preferences", str(events_for("mei", "product-news"))] in rows
    assert [
        "Hugo Marchetti",
        "security-alert",
        "SMS",
        "no phone number",
        str(events_for("hugo", "security-alert")),
    ] in rows
    assert [
        "Leila Haddad",
        "product-news",
        "Email",
        "no email address",
        str(events_for("leila", "product-news")),
    ] in rows


def test_both_quickstarts_print_the_same() -> None:
    one, two = (run(name).stdout for name in QUICKSTARTS)
    assert one == two


def spoil_column(folder: Path) -> None:
    path = folder / "users.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[6] = lines[6].rpartition(",")[0]
    path.write_text("\n".join(lines), encoding="utf-8")


def spoil_row(file: str, line: int, old: str, new: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        path = folder / file
        lines = path.read_text(encoding="utf-8").splitlines()
        assert re.search(old, lines[line - 1])
        lines[line - 1] = re.sub(old, new, lines[line - 1], count=1)
        path.write_text("\n".join(lines), encoding="utf-8")

    return spoil


BAD: list[tuple[Callable[[Path], None], str]] = [
    (spoil_column, "users.csv, line 7: has more or fewer columns than the first line"),
    (spoil_row("users.csv", 5, "^[^,]*", ""), "users.csv, line 5: has no id"),
    (spoil_row("users.csv", 5, "^[^,]*", "amina"), "users.csv, line 5: the id 'amina' was used before"),
    (spoil_row("users.csv", 5, "@", " at "), "users.csv, line 5: 'jonas at tern-logistics.example' is not an email"),
    (spoil_row("users.csv", 9, r"2023-[^,]*", "soon"), "users.csv, line 9: 'soon' is not a date and time"),
    (
        spoil_row("events.json", 5, '"recipients": .', '"recipients": ["x", '),
        "events.json, line 5: there is no user 'x'",
    ),
    (spoil_row("events.json", 5, 'w": "[^"]*"', 'w": "x"'), "events.json, line 5: there is no workflow 'x'"),
    (spoil_row("events.json", 5, '"tenant"', '"tenent"'), "events.json, line 5: has no tenant"),
    (spoil_row("events.json", 5, '"data": ', '"data": 5, "x": '), "events.json, line 5: data is not a JSON object"),
    (spoil_row("events.json", 5, ",$", ""), "events.json, line 5: is not JSON: expected , or ]"),
    (spoil_row("events.json", 1, r"\[", "{"), "events.json, line 1: is not JSON: expected ["),
    (spoil_row("workflows.json", 2, "email", "pigeon"), "workflows.json, line 2: there is no channel type 'pigeon'"),
    (
        spoil_row("preferences.json", 2, "channel_types", "channel_kinds"),
        "preferences.json, line 2: there is no preference section 'channel_kinds'",
    ),
    (spoil_row("preferences.json", 3, "{.*}", "17"), "preferences.json, line 3: the row is not a JSON object"),
    (lambda folder: (folder / "workflows.json").unlink(), "workflows.json: cannot be read"),
    (lambda folder: (folder / "users.csv").write_bytes(b"\xff"), "users.csv: cannot be read"),
]


@pytest.mark.parametrize(("spoil", "message"), BAD, ids=[message[:40] for _, message in BAD])
def test_an_invalid_row_is_reported_with_its_line(
    tmp_path: Path, spoil: Callable[[Path], object], message: str
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    spoil(folder)
    finished = run("quickstart.py", str(folder))
    assert finished.returncode == 1
    assert finished.stdout == ""
    assert finished.stderr.startswith(f"quickstart: {folder}{os.sep}{message}")
    assert finished.stderr.count("\n") == 1


@pytest.mark.parametrize("name", QUICKSTARTS)
def test_with_a_key_the_real_api_is_called(name: str) -> None:
    finished = run(name, KNOCK_API_KEY="sk_test_1", KNOCK_BASE_URL="http://127.0.0.1:9")
    assert finished.returncode == 1
    assert re.match(r"quickstart: PUT /v1/users/\{user_id\}: cannot connect", finished.stderr)


def test_the_events_cover_one_day_and_every_workflow() -> None:
    assert len(EVENTS) >= 60
    assert len({event["at"][:10] for event in EVENTS}) == 1
    used: dict[str, Any] = {event["workflow"]: event for event in EVENTS}
    assert used.keys() == WORKFLOWS.keys()
