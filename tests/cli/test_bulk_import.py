"""`knock-sdk bulk import` and `knock-sdk bulk trigger`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from knock_sdk import Knock
    from knock_sdk.testing import Simulator
    from tests.cli.conftest import Run, Terminal

USERS = 'id,name,seats:=,vip,address.city\nada,Ada,5,yes,Paris\nbob,"Bob\nB.",,,\n\neve,Eve,"[1,2]",0,Rome\n'


@pytest.fixture
def users(tmp_path: Path) -> str:
    path = tmp_path / "users.csv"
    path.write_text(USERS, encoding="utf-8")
    return str(path)


def messages(text: str) -> str:
    """Return what was printed, without frames and breaks."""
    return " ".join(text.replace("│", " ").split())


class TestUsers:
    def test_a_csv(self, run: Run, client: Knock, users: str) -> None:
        result = run("bulk", "import", "users", users, "--type", "vip=boolean")
        assert (result.status, result.err) == (0, "")
        assert dict(line.split("\t") for line in result.out.splitlines())["succeeded"] == "3"
        ada, bob, eve = (client.users.get(name) for name in ("ada", "bob", "eve"))
        assert (ada.name, ada.properties) == ("Ada", {"seats": 5, "vip": True, "address": {"city": "Paris"}})
        assert (bob.name, bob.properties) == ("Bob\nB.", {})
        assert eve.properties == {"seats": [1, 2], "vip": False, "address": {"city": "Rome"}}

    def test_json_lines_from_standard_input(self, run: Run, client: Knock) -> None:
        text = '\ufeff{"id": "ada", "tags": ["a"]}\r\n\r\n"bob"\r\n'
        result = run("bulk", "import", "users", "-", "--format", "jsonl", "--json", stdin=text)
        assert (result.status, result.err) == (0, "")
        report = json.loads(result.out)
        assert {name: report[name] for name in ("job", "succeeded", "failed", "unknown", "already_done")} == {
            "job": "users.bulk.identify_many",
            "succeeded": 2,
            "failed": 0,
            "unknown": 0,
            "already_done": 0,
        }
        assert client.users.get("ada").properties == {"tags": ["a"]}
        assert client.users.get("bob").id == "bob"

    def test_empty_cells(self, run: Run, client: Knock, tmp_path: Path) -> None:
        client.users.update("ada", name="Ada", email="ada@example.com", properties={"plan": "pro"})
        (tmp_path / "users.tsv").write_text("id\tname\temail\tplan\nada\t\t\t\n")
        given = ["bulk", "import", "users", str(tmp_path / "users.tsv")]
        assert run(*given).status == 0
        assert client.users.get("ada").email == "ada@example.com"
        assert run(*given, "--empty", "text").status == 0
        assert client.users.get("ada").properties == {"plan": ""}
        assert run(*given, "--empty", "null").status == 0
        assert client.users.get("ada").email is None

    def test_dots_as_they_are(self, run: Run, client: Knock) -> None:
        given = ["bulk", "import", "users", "-", "--format", "csv", "--delimiter", ";", "--flat"]
        assert run(*given, stdin="id;a;a.b\nada;1;2\n").status == 0
        assert client.users.get("ada").properties == {"a": "1", "a.b": "2"}

    def test_rows_that_the_api_refuses(self, run: Run, client: Knock, tmp_path: Path) -> None:
        text = 'id,timezone:=\nada,\n\nbob,5\neve,"""Europe/Paris"""\n'
        given = ["bulk", "import", "users", "-", "--format", "csv", "--failures", str(tmp_path / "failures")]
        result = run(*given, stdin=text)
        assert result.status == 1
        assert dict(line.split("\t") for line in result.out.splitlines())["failed"] == "1"
        assert result.err.startswith("Error: line 4: 422 invalid_params: ")
        (failure,) = map(json.loads, (tmp_path / "failures").read_text("utf-8").splitlines())
        assert (failure["line"], failure["item"]) == (4, {"id": "bob", "timezone": 5})
        assert failure["type"] == "UnprocessableEntityError"
        assert "timezone must be a string or null" in failure["error"]
        assert sorted(user.id for user in client.users.list()) == ["ada", "eve"]

    def test_many_failures_are_not_all_shown(self, run: Run) -> None:
        text = "id\n" + "".join(f"u{number},\n" for number in range(12))
        result = run("bulk", "import", "users", "-", "--format", "csv", stdin=text)
        assert result.err.splitlines()[0] == "Error: standard input, line 2: it has 2 cells, and the header 1"
        assert len(result.err.splitlines()) == 11
        assert result.err.splitlines()[-1] == (
            "Error: standard input cannot be read (--dry-run shows all 12); nothing was sent"
        )
        many = "".join(f'{{"id": "u{number}", "email": 5}}\n' for number in range(12))
        result = run("bulk", "import", "users", "-", "--format", "jsonl", stdin=many)
        assert (result.status, len(result.err.splitlines())) == (1, 11)
        assert result.err.splitlines()[-1] == "2 more failed; --failures FILE writes all."

    def test_a_journal_resumes(self, run: Run, sim: Simulator, users: str, tmp_path: Path) -> None:
        journal = str(tmp_path / "journal")
        given = ["bulk", "import", "users", users, "--type", "vip=boolean", "--journal", journal, "--json"]
        assert json.loads(run(*given).out)["succeeded"] == 3
        sent = len(sim.requests)
        assert json.loads(run(*given).out)["already_done"] == 3
        assert len(sim.requests) == sent
        result = run("bulk", "import", "tenants", users, "--journal", journal)
        assert (result.status, result.out) == (2, "")
        assert "is the journal of users.bulk.identify_many" in result.err

    def test_no_rows(self, run: Run, sim: Simulator) -> None:
        result = run("bulk", "import", "users", "-", "--format", "csv", "--json", stdin="id,name\n")
        assert (result.status, json.loads(result.out)["succeeded"]) == (0, 0)
        assert sim.requests == []


class TestOtherKinds:
    def test_objects(self, run: Run, client: Knock) -> None:
        given = ["bulk", "import", "objects", "-", "--format", "lines", "--collection", "projects"]
        assert run(*given, stdin="p1\n\n p2 \n").status == 0
        assert sorted(each.id for each in client.objects.list("projects")) == ["p1", "p2"]

    def test_tenants(self, run: Run, client: Knock) -> None:
        text = "id,name,settings.branding.primary_color\nacme,Acme,#ff0000\n"
        assert run("bulk", "import", "tenants", "-", "--format", "csv", stdin=text).status == 0
        tenant = client.tenants.get("acme")
        assert tenant.settings is not None
        assert tenant.settings.branding is not None
        assert (tenant.name, tenant.settings.branding.primary_color) == ("Acme", "#ff0000")

    def test_subscriptions(self, run: Run, client: Knock) -> None:
        for name in ("ada", "bob"):
            client.users.update(name)
        client.objects.set("projects", "p1")
        text = "id,recipient,properties.role\np1,ada,owner\np1,bob,\n"
        given = ["bulk", "import", "subscriptions", "-", "--format", "csv", "--collection", "projects"]
        assert run(*given, stdin=text).status == 0
        found = list(client.objects.list_subscriptions("projects", "p1"))
        roles = {each.recipient.id: each.properties for each in found if each.recipient is not None}
        assert roles.keys() == {"ada", "bob"}
        assert roles["ada"] == {"role": "owner"}

    def test_members(self, run: Run, client: Knock) -> None:
        given = ["bulk", "import", "members", "-", "--format", "lines", "--audience", "beta", "--create-audience"]
        result = run(*given, stdin="ada\nbob\n")
        assert (result.status, result.err) == (0, "")
        assert sorted(each.user_id for each in client.audiences.list_members("beta").entries) == ["ada", "bob"]

    def test_schedules(self, run: Run, client: Knock, sim: Simulator) -> None:
        sim.workflow("digest", channels=["email"])
        row = {"workflow": "digest", "recipient": "ada", "scheduled_at": "2026-06-01T09:00:00Z"}
        assert run("bulk", "import", "schedules", "-", "--format", "jsonl", stdin=json.dumps(row)).status == 0
        assert len(list(client.users.list_schedules("ada"))) == 1

    @pytest.mark.parametrize(("kind", "needs"), [("subscriptions", "id and recipients"), ("schedules", "workflow")])
    def test_kinds_that_are_no_ids(self, run: Run, kind: str, needs: str) -> None:
        place = ["--collection", "projects"] if kind == "subscriptions" else []
        result = run("bulk", "import", kind, "-", "--format", "lines", *place, stdin="p1\n")
        assert result.status == 1
        assert f"standard input, line 1: it is not an object with {needs}" in result.err


class TestUnreadable:
    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("id,name\nada\n", "line 2: it has 1 cell, and the header 2"),
            ("id,name\nada,Ada,x\n", "line 2: it has 3 cells, and the header 2"),
            ("id,\nada,\n", "line 1: the header has no name for column 2"),
            ("id,a..b\n", "line 1: 'a..b' is no name"),
            ("id,id\nada,x\n", "line 1: the header has 'id' twice"),
            ("id,a,a.b\n", "line 1: the header has both 'a' and 'a.b', which is in it; use --flat"),
            ('id,name\n\nada,"Ada\n', "line 3: unexpected end of data"),
            ("id,seats:=\nada,x\n", "line 2: seats: it is not JSON: expected value at line 1 column 1"),
            ("id,n\nada,05\n", "line 2: n: '05' is not a number such as 5 or -1.5"),
            ("id,n\nada,1e999\n", "line 2: n: '1e999' is not a number"),
            ("id,b\nada,si\n", "line 2: b: 'si' is not true, false, yes, no, 1 or 0"),
        ],
    )
    def test_csv(self, run: Run, sim: Simulator, text: str, problem: str) -> None:
        types = [each for name in ("n", "b") if f",{name}\n" in text for each in ("--type", f"{name}={TYPES[name]}")]
        result = run("bulk", "import", "users", "-", "--format", "csv", *types, stdin=text)
        assert (result.status, result.out, sim.requests) == (1, "", [])
        assert f"Error: standard input, {problem}" in result.err
        assert result.err.endswith("Error: standard input cannot be read; nothing was sent\n")

    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            (b"{", "it is not JSON: EOF while parsing"),
            (b'{"id": NaN}', "it is not JSON"),
            (b"[1]", "it is not a JSON object: [1]"),
            (b"5", "it is not a JSON object: 5"),
            (b'{"id": "\xff"}', "it is not "),
            (b"[" * 100_000, "it is not JSON"),
        ],
    )
    def test_json_lines(self, run: Run, tmp_path: Path, line: bytes, problem: str) -> None:
        path = tmp_path / "rows.jsonl"
        path.write_bytes(b'{"id": "ada"}\n' + line + b"\n")
        result = run("bulk", "import", "users", str(path))
        assert (result.status, result.out) == (1, "")
        assert f"Error: {path}, line 2: {problem}" in result.err

    @pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
    def test_another_encoding(self, run: Run, tmp_path: Path, encoding: str) -> None:
        (tmp_path / "rows.csv").write_text("id,name\nzoe,Zoé\n", encoding=encoding)
        result = run("bulk", "import", "users", str(tmp_path / "rows.csv"))
        assert (result.status, result.out) == (1, "")
        assert "it is not text in UTF-8; save the file as CSV in UTF-8" in result.err


TYPES = {"n": "number", "b": "boolean"}


class TestDryRun:
    def test_it_names_each_invalid_row(self, run: Run, sim: Simulator) -> None:
        text = 'id,email:=\nada,5\nbob\n\neve,"""e@example.com"""\n,\n'
        result = run("bulk", "import", "users", "-", "--format", "csv", "--dry-run", stdin=text)
        assert result.status == 1
        assert result.out.splitlines() == [
            "2\temail: must be a string or null",
            "3\tit has 1 cell, and the header 2",
            "6\tid: is missing",
        ]
        assert result.err == "4 rows, 3 of them invalid; nothing was sent.\n"
        assert sim.requests == []

    def test_as_json(self, run: Run) -> None:
        given = ["bulk", "trigger", "digest", "-", "--format", "jsonl", "--dry-run", "--json"]
        result = run(*given, stdin='"ada"\n{"name": "Bob"}\n')
        assert (result.status, json.loads(result.out)) == (1, {"line": 2, "problem": "id: is missing"})

    def test_a_valid_file(self, run: Run, users: str) -> None:
        assert run("bulk", "import", "users", users, "--dry-run") == (
            *(0, ""),
            "3 rows, 0 of them invalid; nothing was sent.\n",
        )

    def test_it_needs_no_key(self, run: Run, monkeypatch: pytest.MonkeyPatch, users: str) -> None:
        monkeypatch.delenv("KNOCK_BASE_URL")
        assert run("bulk", "import", "users", users, "--dry-run").status == 0


class TestTrigger:
    def test_recipients_in_a_file(self, run: Run, sim: Simulator, client: Knock, tmp_path: Path) -> None:
        sim.workflow("digest", channels=["in_app_feed"])
        client.tenants.set("acme")
        client.users.update("eve")
        (tmp_path / "followers.txt").write_text("ada\nbob\n")
        result = run(
            *("bulk", "trigger", "digest", str(tmp_path / "followers.txt"), "--data", '{"week": 7}', "-p", "plan=pro"),
            *("--tenant", "acme", "--actor", "eve", "--cancellation-key", "k", "--json"),
        )
        assert (result.status, json.loads(result.out)["succeeded"]) == (0, 2)
        body = json.loads(sim.requests[-1].body)
        assert body == {
            "recipients": ["ada", "bob"],
            "data": {"week": 7, "plan": "pro"},
            "tenant": "acme",
            "actor": "eve",
            "cancellation_key": "k",
        }

    def test_recipients_with_data_of_their_own(self, run: Run, sim: Simulator) -> None:
        text = "id,name,$trigger_data.amount:=\nada,Ada,5\n"
        assert run("bulk", "trigger", "invoice", "-", "--format", "csv", stdin=text).status == 0
        assert json.loads(sim.requests[-1].body)["recipients"] == [
            {"id": "ada", "name": "Ada", "$trigger_data": {"amount": 5}}
        ]

    def test_it_keeps_to_a_lower_rate(self, run: Run, sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
        from knock_sdk._core.rate_limits.line import Line

        shares: list[float] = []
        reserve = Line.reserve

        def noted(self: Line, now: float, longest: float, share: float = 1.0) -> float | None:
            shares.append(share)
            return reserve(self, now, longest, share)

        monkeypatch.setattr(Line, "reserve", noted)
        given = ["bulk", "trigger", "digest", "-", "--format", "lines", "--rate-limit", "50"]
        assert run(*given, stdin="ada\n").status == 0
        assert shares == [0.05]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["users", "nowhere.csv"], "nowhere.csv cannot be read: No such file or directory."),
        (["users", "."], "The format of . is not known"),
        (["users", "-"], "The format of standard input is not known: pass csv, jsonl or lines."),
        (["users", "rows.json"], "jq -c '.[]' rows.json"),
        (["users", "-", "--format", "xml"], "xml"),
        (["people", "-"], "people"),
        (["objects", "-", "--format", "csv"], "Invalid value for --collection: It is needed for objects."),
        (["users", "-", "--format", "csv", "--collection", "x"], "--collection: It is not for users."),
        (["members", "-", "--format", "csv"], "--audience: It is needed for members."),
        (["users", "-", "--format", "csv", "--create-audience"], "--create-audience: It is for members alone."),
        (["users", "-", "--format", "jsonl", "--type", "a=text"], "--type: It is for CSV alone."),
        (["users", "-", "--format", "jsonl", "--empty", "null"], "--empty: It is for CSV alone."),
        (["users", "-", "--format", "csv", "--type", "a=date"], "'a=date' is not NAME=TYPE"),
        (["users", "-", "--format", "csv", "--delimiter", "::"], "--delimiter: It is one character, or tab."),
        (["users", "-", "--format", "csv", "--rate-limit", "0"], "--rate-limit: It is a number"),
        (["users", "-", "--format", "csv", "--rate-limit", "nan"], "--rate-limit: It is a number"),
        (["users", "-", "--format", "csv", "--concurrency", "0"], "--concurrency"),
        (["users", "-", "--format", "csv", "--failures", "no/such/folder"], "no/such/folder cannot be written"),
        (["objects", "-", "--format", "csv", "--collection", ".."], "--collection: must not be '..'"),
    ],
)
def test_misused(run: Run, sim: Simulator, given: list[str], message: str) -> None:
    result = run("bulk", "import", *given, stdin="id\nada\n")
    assert (result.status, result.out, sim.requests) == (2, "", [])
    assert message in messages(result.err)


def test_the_input_is_not_overwritten(run: Run, users: str) -> None:
    result = run("bulk", "import", "users", users, "--failures", users)
    assert result.status == 2
    assert "is also read: name another file." in messages(result.err)
    assert Path(users).read_text("utf-8") == USERS


def test_a_column_that_is_not_there(run: Run, users: str) -> None:
    result = run("bulk", "import", "users", users, "--type", "plan=text")
    assert (result.status, result.out) == (1, "")
    assert "the header has no column 'plan', of which --type speaks" in result.err


@pytest.mark.parametrize("columns", [40, 80])
def test_in_a_terminal(terminal: Terminal, users: str, columns: int) -> None:
    status, screen = terminal("bulk", "import", "users", users, columns=columns)
    assert status == 0
    assert "succeeded     3" in screen
    assert all(len(line) <= columns for line in screen)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_an_interrupt(sim: Simulator, tmp_path: Path) -> None:
    """Interrupted while it waits for a response, the command ends at once, and the journal resumes it."""
    (tmp_path / "users.txt").write_text("".join(f"u{number}\n" for number in range(1500)))
    run: list[Any] = [sys.executable, "-m", "knock_sdk.cli", "bulk", "import", "users", tmp_path / "users.txt"]
    run += ["--journal", tmp_path / "journal"]
    slow = sim.fail("bulk_operations.get", next=None, status=503)
    with slow, subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while not sim.requests and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err == "Interrupted. The same command, with the same file and journal, resumes it.\n"
    ended = subprocess.run(run, capture_output=True, text=True, timeout=120, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    with sim.client() as client:
        assert len(client.users.list().collect()) == 1500
