"""`knock-sdk bulk export`, `bulk status` and `bulk journal`."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from knock_sdk import Knock
    from knock_sdk.testing import Simulator
    from tests.cli.conftest import Run, Terminal


def messages(text: str) -> str:
    """Return what was printed, without frames and breaks."""
    return " ".join(text.replace("│", " ").split())


class TestExport:
    def test_users_as_json_lines(self, run: Run, client: Knock, tmp_path: Path) -> None:
        client.users.update("ada", name="Ada", properties={"plan": "pro"})
        path = tmp_path / "users.jsonl"
        result = run("bulk", "export", "users", str(path))
        assert (result.status, result.err) == (0, "")
        assert result.out.startswith(f"file\t{path}\nitems\t1\nby earlier runs\t0\nelapsed\t")
        assert json.loads(path.read_text("utf-8"))["plan"] == "pro"

    def test_objects_as_csv(self, run: Run, client: Knock, tmp_path: Path) -> None:
        client.objects.set("projects", "p1", name="=1+1")
        path = tmp_path / "out"
        given = ["bulk", "export", "objects", str(path), "--collection", "projects", "--format", "csv", "--json"]
        assert json.loads(run(*given, "--preferences").out)["items"] == 1
        with path.open(encoding="utf-8", newline="") as file:
            assert json.loads(next(csv.DictReader(file))["properties"]) == {"name": "=1+1", "preferences": {}}

    @pytest.mark.parametrize(("given", "name"), [([], "'=1+1"), (["--formulas"], "=1+1")])
    def test_formulas(self, run: Run, client: Knock, tmp_path: Path, given: list[str], name: str) -> None:
        client.tenants.set("acme", name="=1+1")
        path = tmp_path / "tenants.csv"
        assert run("bulk", "export", "tenants", str(path), *given).status == 0
        with path.open(encoding="utf-8", newline="") as file:
            assert next(csv.DictReader(file))["name"] == name

    def test_filters_of_messages(self, run: Run, client: Knock, sim: Simulator, tmp_path: Path) -> None:
        sim.workflow("welcome", channels=["in_app_feed"])
        sim.workflow("digest", channels=["in_app_feed"])
        client.users.update("ada")
        for workflow in ("welcome", "digest"):
            client.workflows.trigger(workflow, recipients=["ada"])
        path = tmp_path / "messages.ndjson"
        given = ["bulk", "export", "messages", str(path), "--workflow", "digest", "--status", "delivered"]
        given += ["--since", "2026-01-01", "--until", "2027-01-01T00:00:00+02:00", "--status", "sent"]
        assert run(*given).status == 0
        (message,) = map(json.loads, path.read_text("utf-8").splitlines())
        assert message["source"]["key"] == "digest"
        assert run(*given[:3], str(tmp_path / "none.jsonl"), "--until", "2026-01-01").status == 0
        assert (tmp_path / "none.jsonl").read_text() == ""

    def test_a_file_that_exists(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "users.jsonl"
        path.write_text("mine")
        result = run("bulk", "export", "users", str(path))
        assert (result.status, result.out, path.read_text()) == (2, "", "mine")
        assert "exists; --overwrite replaces it." in messages(result.err)
        assert run("bulk", "export", "users", str(path), "--overwrite").status == 0
        assert path.read_text() == ""

    def test_an_error_names_options(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "users.jsonl.part").write_text("of another program")
        result = run("bulk", "export", "users", str(tmp_path / "users.jsonl"))
        assert (result.status, result.out) == (1, "")
        assert result.err.endswith("remove it, or start over with --start-over\n")
        assert run("bulk", "export", "users", str(tmp_path / "users.jsonl"), "--start-over").status == 0

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            (["users", "users.xls"], "The format of users.xls is not known"),
            (["users", "no/folder.csv"], "FILE: 'no/folder.csv' is in a folder that does not exist"),
            (["people", "x.csv"], "people"),
            (["objects", "x.csv"], "--collection: It is needed for objects."),
            (["users", "x.csv", "--collection", "c"], "--collection: It is not for users."),
            (["tenants", "x.csv", "--preferences"], "--preferences: It is not for tenants."),
            (["users", "x.csv", "--status", "sent"], "--status: It is a filter of messages."),
            (["messages", "x.csv", "--since", "noon"], "--since: 'noon' is not a time"),
            (["objects", "x.csv", "--collection", ".."], "--collection: must not be '..'"),
        ],
    )
    def test_misused(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: list[str], message: str
    ) -> None:
        monkeypatch.chdir(tmp_path)
        result = run("bulk", "export", *given)
        assert (result.status, result.out) == (2, "")
        assert message in messages(result.err)
        assert list(tmp_path.iterdir()) == []

    def test_what_the_api_refuses(self, run: Run, tmp_path: Path) -> None:
        result = run("bulk", "export", "messages", str(tmp_path / "x.csv"), "--status", "nonsense")
        assert (result.status, result.out) == (1, "")
        assert "422 invalid_params" in result.err

    def test_in_a_narrow_terminal(self, terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        status, screen = terminal("bulk", "export", "users", "users.csv", columns=40)
        assert status == 0
        assert "items            0" in screen

    @pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
    def test_an_interrupt(self, client: Knock, sim: Simulator, tmp_path: Path) -> None:
        for number in range(60):
            client.users.update(f"u{number}")
        run: list[Any] = [sys.executable, "-m", "knock_sdk.cli", "bulk", "export", "users", tmp_path / "users.jsonl"]
        before = len(sim.requests)
        with (
            sim.fail("users.list", next=None, status=503, retry_after=30),
            subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process,
        ):
            deadline = time.monotonic() + 60
            while len(sim.requests) == before and time.monotonic() < deadline:
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        assert len(sim.requests) > before
        assert (process.returncode, out, err) == (130, "", "Interrupted. The same command goes on with it.\n")
        assert subprocess.run(run, capture_output=True, timeout=60, check=False).returncode == 0
        assert len((tmp_path / "users.jsonl").read_text("utf-8").splitlines()) == 60


class TestStatus:
    def test_wait(self, run: Run, client: Knock) -> None:
        operation = client.users.bulk.identify(users=[{"id": "ada"}])
        result = run("bulk", "status", operation.id, "--wait")
        assert (result.status, result.err) == (0, "")
        fields = dict(line.split("\t") for line in result.out.splitlines())
        assert (fields["name"], fields["status"], fields["succeeded"], fields["failed"]) == (
            *("users.identify", "completed"),
            *("1", "0"),
        )

    def test_as_json(self, run: Run, client: Knock) -> None:
        operation = client.users.bulk.identify(users=[{"id": "ada"}])
        assert json.loads(run("bulk", "status", operation.id, "--json").out)["id"] == operation.id

    def test_one_that_failed(self, run: Run, client: Knock, sim: Simulator) -> None:
        sim.fail_bulk_operations("users.identify")
        operation = client.users.bulk.identify(users=[{"id": "ada"}])
        result = run("bulk", "status", operation.id, "--wait")
        assert (result.status, result.err) == (1, "")
        assert "status\tfailed\n" in result.out

    def test_rows_that_failed(self, run: Run, client: Knock) -> None:
        operation = client.objects.bulk.add_subscriptions(
            "projects", subscriptions=[{"id": "nothing", "recipients": ["ada"]}]
        )
        result = run("bulk", "status", operation.id, "--wait")
        assert result.status == 1
        assert "failed rows\tprojects/nothing\n" in result.out

    def test_none(self, run: Run) -> None:
        result = run("bulk", "status", "5b9e6a2c-6f7d-4a38-9c6b-0f3d2a1b4c5d")
        assert (result.status, result.out) == (1, "")
        assert result.err.startswith("Error: 404 ")
        assert run("bulk", "status", "x", "--wait-timeout", "5").status == 2

    def test_in_a_terminal(self, terminal: Terminal, client: Knock) -> None:
        operation = client.users.bulk.identify(users=[{"id": "ada"}])
        status, screen = terminal("bulk", "status", operation.id, "--wait", columns=40)
        assert status == 0
        assert "status     completed" in screen


class TestJournal:
    @pytest.fixture
    def journal(self, client: Knock, tmp_path: Path) -> str:
        path = tmp_path / "journal"
        client.users.bulk.identify_many([{"id": "ada"}, {"id": "bob", "email": 5}], journal=path)
        return str(path)

    def test_in_a_pipe(self, run: Run, journal: str) -> None:
        result = run("bulk", "journal", journal)
        lines = result.out.splitlines()
        assert (result.status, result.err, lines[0]) == (0, "", "users.bulk.identify_many")
        assert [line.split()[1] for line in lines[2:5]] == ["1", "1", "0"]
        assert lines[-1].startswith("  item 1: ")

    def test_as_json(self, run: Run, journal: str) -> None:
        summary = json.loads(run("bulk", "journal", journal, "--json").out)
        assert (summary["done"], summary["failed"], summary["unknown"], summary["not_finished"]) == (1, 1, 0, 0)
        assert (summary["failures"][0]["index"], summary["requests"]["done"]) == (1, 1)
        assert json.loads(run("bulk", "journal", journal, "--json", "--failures", "0").out)["failures"] == []

    def test_what_is_no_journal(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("text that is no database, and longer than a header of one would be" * 10)
        result = run("bulk", "journal", str(tmp_path / "file"))
        assert (result.status, result.out) == (2, "")
        assert "cannot be read: file is not a database" in result.err
        assert run("bulk", "journal", str(tmp_path / "nothing")).status == 2
        assert run("bulk", "journal", str(tmp_path / "nothing"), "--failures", "-1").status == 2
