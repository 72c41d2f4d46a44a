"""`examples/distributed/knock_import.py` and the reading of files: what a worker does with rows, bad ones included."""

from __future__ import annotations

import importlib
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from .programs import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from knock_sdk.testing import Simulator

MODULES = ("knock_import", "celery_import")


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, intercepted_knock: Simulator) -> Iterator[ModuleType]:
    """Import the module anew; its client reaches the simulator, and no Redis."""
    intercepted_knock.workflow("welcome", channels=["in_app_feed"])
    monkeypatch.syspath_prepend(str(FOLDER))
    for name in MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:9/0")
    module = importlib.import_module("knock_import")
    yield module
    module.knock().close()
    for name in MODULES:
        sys.modules.pop(name, None)


def bodies(sim: Simulator, operation: str) -> list[Any]:
    return [json.loads(each.body) for each in sim.requests if each.operation == operation]


def test_users_are_identified_and_welcomed(program: ModuleType, knock_simulator: Simulator) -> None:
    reports = program.import_users([{"id": "ana", "name": "Ana", "plan": "pro"}, {"id": "ben", "name": "Ben"}])
    assert [(report["job"], report["succeeded"], report["failed"], report["failures"]) for report in reports] == [
        ("users.bulk.identify_many", 2, 0, []),
        ("workflows.trigger_each", 2, 0, []),
    ]
    assert bodies(knock_simulator, "bulkIdentifyUsers") == [
        {"users": [{"id": "ana", "name": "Ana", "plan": "pro"}, {"id": "ben", "name": "Ben"}]}
    ]
    assert [message.recipient for message in knock_simulator.messages()] == ["ana", "ben"]


def test_rows_that_are_repeated_change_nothing(program: ModuleType, knock_simulator: Simulator) -> None:
    rows = [{"id": f"user-{index}", "name": f"User {index}"} for index in range(5)]
    first, again = program.import_users(rows), program.import_users(rows[::-1])
    assert [report["succeeded"] for report in (*first, *again)] == [5] * 4
    assert len(knock_simulator.messages()) == 5
    assert sum(each.replayed for each in knock_simulator.requests) == 5


def test_another_import_welcomes_again(
    program: ModuleType, knock_simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.import_users([{"id": "ana"}])
    monkeypatch.setattr(program, "IMPORT", "users-2026-02")
    program.import_users([{"id": "ana"}])
    assert len(knock_simulator.messages()) == 2


def test_an_empty_cell_leaves_a_field_as_it_is(program: ModuleType, knock_simulator: Simulator) -> None:
    program.import_users([{"id": "ana", "name": "Ana", "email": "ana@example.com", "tags": ["a"]}])
    program.import_users([{"id": "ana", "name": "Anna", "email": "", "tags": None}])
    user = knock_simulator.client().users.get("ana")
    assert (user.name, user.email, user.properties) == ("Anna", "ana@example.com", {"tags": ["a"]})


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"name": "Nobody"}, "id is missing"),
        ({"id": "", "name": "Nobody"}, "id is missing"),
        ({"id": 7}, "id must be a string"),
        ({"id": "cy", "score": float("nan")}, "].score"),
        ({"id": "cy", "photo": b"x"}, "].photo"),
    ],
)
def test_a_bad_row_fails_alone_and_is_not_welcomed(
    program: ModuleType, knock_simulator: Simulator, bad: dict[str, Any], reason: str
) -> None:
    imported, welcomed = program.import_users([{"id": "ana"}, bad, {"id": "ben"}])
    assert (imported["succeeded"], imported["failed"], welcomed["succeeded"]) == (2, 1, 2)
    (failure,) = imported["failures"]
    assert reason in failure["error"]
    assert failure["index"] == 1
    assert [message.recipient for message in knock_simulator.messages()] == ["ana", "ben"]
    json.dumps(imported)  # an engine can take it


def test_no_rows_send_nothing(program: ModuleType, knock_simulator: Simulator) -> None:
    assert [report["succeeded"] for report in program.import_users([])] == [0, 0]
    assert knock_simulator.requests == []


def test_a_process_has_one_client(program: ModuleType) -> None:
    assert program.knock() is program.knock()


def test_reports_are_added_up(program: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    reports = [
        *program.import_users([{"id": "ana"}, {"id": "ben"}]),
        *program.import_users([{"id": "cy"}, {"name": "Nobody"}]),
    ]
    assert program.conclude(reports) == 1
    first, second, failure = capsys.readouterr().out.splitlines()
    assert first == "users.bulk.identify_many: 3 succeeded, 1 failed, 0 unknown"
    assert second == "workflows.trigger_each: 3 succeeded, 0 failed, 0 unknown"
    assert failure.startswith("  {'name': 'Nobody'}: ")
    assert program.conclude(reports[:2]) == 0


@pytest.mark.usefixtures("program")
def test_a_file_is_read_in_chunks(tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_text("id,name\nana,Ana\nben,Ben\ncy\n", encoding="utf-8")
    assert list(importlib.import_module("celery_import").chunks(path, 2)) == [
        [{"id": "ana", "name": "Ana"}, {"id": "ben", "name": "Ben"}],
        [{"id": "cy", "name": None}],
    ]


@pytest.mark.usefixtures("program")
def test_a_row_with_more_cells_than_names_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_text("id,name\nana,Ana\nben,Ben,7\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"users\.csv: a row up to line 3 has more cells than the first line"):
        list(importlib.import_module("celery_import").chunks(path, 2))
