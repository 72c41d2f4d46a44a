"""The data pipeline: from files to users, objects and an audience, also after an interruption."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet
import pytest

from knock_sdk.testing import Simulator

from .programs import FOLDER, KEY, run

if TYPE_CHECKING:
    from pathlib import Path
    from subprocess import CompletedProcess

USERS = FOLDER / "data" / "users.csv"
ACCOUNTS = FOLDER / "data" / "accounts.csv"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ADMINS = {row["id"] for row in rows(USERS) if row["role"] == "admin"}


def pipeline(folder: Path, users: Path = USERS, accounts: Path = ACCOUNTS, **settings: str) -> CompletedProcess[str]:
    script = str(FOLDER / "data_pipeline.py")
    return run(script, str(users), str(accounts), "--journals", str(folder / "journals"), folder=folder, **settings)


def counts(output: str, name: str) -> list[int]:
    return [int(line.split()[-1]) for line in output.splitlines() if line.startswith(f"  {name} ")]


def check_result(sim: Simulator) -> None:
    client = sim.client()
    assert {user.id for user in client.users.list()} == {row["id"] for row in rows(USERS)}
    amina = client.users.get("amina")
    assert (amina.email, amina.plan) == ("amina@tern-logistics.example", "business")
    assert {account.id for account in client.objects.list("accounts")} == {row["id"] for row in rows(ACCOUNTS)}
    assert client.objects.get("accounts", "moss-energy").properties["plan"] == "enterprise"
    assert {member.user.id for member in client.audiences.list_members("account-admins").entries} == ADMINS


def to_parquet(path: Path, target: Path) -> Path:
    """Write a table with empty cells, as a warehouse exports it, in several groups of rows."""
    filled = [{name: cell or None for name, cell in row.items()} for row in rows(path)]
    pyarrow.parquet.write_table(pa.Table.from_pylist(filled), target, row_group_size=16)
    return target


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_files_become_users_objects_and_an_audience(tmp_path: Path, kind: str) -> None:
    users, accounts = USERS, ACCOUNTS
    if kind == "parquet":
        users = to_parquet(USERS, tmp_path / "users.parquet")
        accounts = to_parquet(ACCOUNTS, tmp_path / "accounts.parquet")
    sim = Simulator()
    with sim.serve() as url:
        done = pipeline(tmp_path, users, accounts, KNOCK_API_KEY=KEY, KNOCK_BASE_URL=url)
    assert done.returncode == 0, done.stderr
    assert counts(done.stdout, "succeeded") == [3, 40, len(ADMINS)]
    check_result(sim)
    sent = b"".join(request.body for request in sim.requests)
    assert b'""' not in sent  # as which an empty cell would overwrite what Knock has
    assert b"null" not in sent


def test_an_interrupted_run_goes_on(tmp_path: Path) -> None:
    sim = Simulator()
    with sim.serve() as url:
        settings = {"KNOCK_API_KEY": KEY, "KNOCK_BASE_URL": url}
        with sim.fail("audiences.add_members", status=401, next=None):  # the key was revoked at night
            done = pipeline(tmp_path, **settings)
        assert done.returncode == 1
        assert done.stderr.startswith("data_pipeline: 401 ")
        done = pipeline(tmp_path, **settings)
    assert done.returncode == 0, done.stderr
    assert counts(done.stdout, "succeeded") == [0, 0, len(ADMINS)]
    assert counts(done.stdout, "already done") == [3, 40, 0]
    operations = [request.operation for request in sim.requests if request.method != "GET"]
    assert operations == ["bulkSetObjects", "bulkIdentifyUsers", "addAudienceMembers", "addAudienceMembers"]
    check_result(sim)


def test_without_an_account_the_simulated_knock_is_kept(tmp_path: Path) -> None:
    for already_done in ([0, 0, 0], [3, 40, len(ADMINS)]):
        done = pipeline(tmp_path)
        assert done.returncode == 0, done.stderr
        assert counts(done.stdout, "already done") == already_done
    check_result(Simulator.load(tmp_path / "journals" / "knock.state"))


def test_rows_that_are_not_accepted_are_reported(tmp_path: Path) -> None:
    users = tmp_path / "users.csv"
    users.write_text(
        "id,name,role\nana,Ana,admin\n,Nobody,member\na/b,Slash,member\nben,Ben,member\n", encoding="utf-8"
    )
    done = pipeline(tmp_path, users)
    assert done.returncode == 1
    assert done.stderr == ""
    lines = (tmp_path / "journals" / "failures.jsonl").read_text(encoding="utf-8").splitlines()
    assert [(row["job"], row["row"]) for row in map(json.loads, lines)] == [
        ("users.bulk.identify_many", 1),
        ("users.bulk.identify_many", 2),
    ]
    known = {user.id for user in Simulator.load(tmp_path / "journals" / "knock.state").client().users.list()}
    assert known == {"ana", "ben"}


def test_files_that_changed_are_refused(tmp_path: Path) -> None:
    users = tmp_path / "users.csv"
    users.write_text("id\nana\nben\n", encoding="utf-8")
    assert pipeline(tmp_path, users).returncode == 0
    users.write_text("id\nana\ncem\n", encoding="utf-8")
    done = pipeline(tmp_path, users)
    assert done.returncode == 1
    assert "users.sqlite" in done.stderr


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    done = pipeline(tmp_path, tmp_path / "none.csv")
    assert done.returncode == 1
    assert "none.csv" in done.stderr
    assert "Traceback" not in done.stderr
