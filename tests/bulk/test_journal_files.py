"""Journals that are refused, files that are none, and what a journal shows and hides."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.bulk import JournalError
from knock_sdk.bulk import __main__ as command
from knock_sdk.bulk._journal_file import JournalFile
from knock_sdk.testing import Simulator
from tests.support.environment import plain_environment
from tests.support.paths import ROOT

from .conftest import client_of
from .engines import KEY, Answering, operation, reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.wire.caller import Caller


from .test_journals import TRIGGERS, USERS, Stop, killed, up_to


def other_item(client: Any, path: Path) -> Any:
    return client.users.bulk.identify_many([{"id": "other"}, *USERS[1:]], journal=path)


def other_order(client: Any, path: Path) -> Any:
    return client.users.bulk.identify_many(USERS[::-1], journal=path)


def less_input(client: Any, path: Path) -> Any:
    return client.users.bulk.identify_many(USERS[:10], journal=path)


def other_method(client: Any, path: Path) -> Any:
    return client.users.bulk.delete_many([user["id"] for user in USERS], journal=path)


def other_options(client: Any, path: Path) -> Any:
    return client.users.bulk.identify_many(USERS, journal=path, extra_query={"a": "b"})


OTHERS: dict[str, tuple[Callable[[Any, Path], Any], str]] = {
    "another item": (other_item, "items 0 to 999 are not those of the earlier run: repeat the call with the same"),
    "another order": (other_order, "items 0 to 999 are not those of the earlier run: repeat the call with the same"),
    "less input": (less_input, "the input ends at item 10, and an earlier run has read more"),
    "another method": (
        other_method,
        "is the journal of users.bulk.identify_many, not of users.bulk.delete_many: use another file",
    ),
    "other arguments": (other_options, "is the journal of a call with other arguments: repeat the call unchanged"),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_the_journal_of_another_call_is_refused(
    caller: Caller, sim: Simulator, client: Any, tmp_path: Path, kind: str
) -> None:
    caller(client.users.bulk.identify_many, USERS, journal=tmp_path / "j")
    sent = len(sim.requests)
    call, message = OTHERS[kind]
    with pytest.raises(JournalError) as caught:
        caller(call, client, tmp_path / "j")
    assert str(caught.value).startswith(f"{tmp_path / 'j'}: {message}")
    assert len(sim.requests) == sent
    report = caller(client.users.bulk.identify_many, USERS, journal=tmp_path / "j")
    assert report.already_done == 2500


@pytest.mark.parametrize(
    ("settings", "environment"),
    [
        ({"api_key": "sk_live_1"}, "https://api.knock.app, keys sk_live_…"),
        ({"api_key": "another"}, "https://api.knock.app"),
        ({"branch": "my-branch"}, "https://api.knock.app, branch my-branch, keys sk_test_…"),
    ],
)
def test_the_journal_of_another_environment_is_refused(  # noqa: PLR0917 (fixtures)
    caller: Caller, sim: Simulator, client: Any, tmp_path: Path, settings: Any, environment: str
) -> None:
    caller(client.workflows.trigger_each, TRIGGERS[:3], journal=tmp_path / "j")
    other = client_of(caller, sim, **settings)
    with pytest.raises(JournalError) as caught:
        caller(other.workflows.trigger_each, TRIGGERS[:3], journal=tmp_path / "j")
    assert str(caught.value) == (
        f"{tmp_path / 'j'}: is the journal of a job with https://api.knock.app, keys sk_test_…, not with {environment}:"
        " use another file"
    )


def test_other_idempotency_keys_are_another_input(caller: Caller, sim: Simulator, client: Any, tmp_path: Path) -> None:
    trigger = {"key": "digest", "recipients": ["ada"]}
    caller(client.workflows.trigger_each, [{**trigger, "idempotency_key": "k-1"}], journal=tmp_path / "j")
    with pytest.raises(JournalError, match="items 0 to 0 are not those of the earlier run"):
        caller(client.workflows.trigger_each, [{**trigger, "idempotency_key": "k-2"}], journal=tmp_path / "j")
    assert len(sim.requests) == 1


def test_a_journal_of_another_version_is_refused(caller: Caller, sim: Simulator, client: Any, tmp_path: Path) -> None:
    caller(client.workflows.trigger_each, TRIGGERS[:3], journal=tmp_path / "j")
    killed(tmp_path / "j", "UPDATE meta SET value = '2' WHERE name = 'version'")
    with pytest.raises(JournalError, match="is a journal of version 2, which this version of knock-sdk does not read"):
        caller(client.workflows.trigger_each, TRIGGERS[:3], journal=tmp_path / "j")


def not_sqlite(path: Path) -> None:
    path.write_text("id,name\n" * 1000, encoding="utf-8")


def another_database(path: Path) -> None:
    killed(path, "CREATE TABLE orders (id INTEGER)")


def without_meta(path: Path) -> None:
    killed(path, "DELETE FROM meta WHERE name = 'id'")


def with_other_bytes(path: Path) -> None:
    killed(path, "UPDATE chunks SET state = 1, target = '/v1/x', body = ? WHERE id = 2", b"{}")


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def overwritten(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 : 4096 * 3] = b"\xff" * 8192
    path.write_bytes(content)


DAMAGED: dict[str, tuple[Callable[[Path], None], str]] = {
    "no database": (not_sqlite, "cannot be used: file is not a database"),
    "another database": (another_database, "is not a journal: use another file"),
    "without an id": (without_meta, "is damaged: use another file"),
    "with other bytes": (with_other_bytes, "is damaged: use another file"),
    "cut off": (cut_off, "cannot be used: database disk image is malformed"),
    "overwritten": (overwritten, "cannot be used: "),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_what_is_no_journal_is_refused_and_left_alone(
    caller: Caller, sim: Simulator, client: Any, tmp_path: Path, kind: str
) -> None:
    damage, message = DAMAGED[kind]
    path = tmp_path / "j"
    if kind not in {"no database", "another database"}:
        caller(client.workflows.trigger_each, TRIGGERS, journal=path)
    damage(path)
    content, sent = path.read_bytes(), len(sim.requests)
    with pytest.raises(JournalError) as caught:
        caller(client.workflows.trigger_each, TRIGGERS, journal=path)
    assert str(caught.value).startswith(f"{path}: {message}")
    assert caught.value.__cause__ is None
    assert len(sim.requests) == sent
    if "database" in kind:
        assert path.read_bytes() == content


def test_places_that_cannot_be_written(caller: Caller, sim: Simulator, client: Any, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for path, problem in (
        (tmp_path / "missing" / "j", "is in a folder that does not exist: create it first"),
        (file / "j", "cannot be used: Not a directory"),
        (tmp_path, "is a folder: name a file in it"),
    ):
        with pytest.raises(JournalError) as caught:
            caller(client.workflows.trigger_each, TRIGGERS, journal=path)
        assert str(caught.value) == f"{path}: {problem}"
    assert sim.requests == []
    assert list(tmp_path.iterdir()) == [file]


def test_a_full_disk(
    caller: Caller, sim: Simulator, client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = JournalFile.__init__

    def limited(self: JournalFile, *args: Any) -> None:
        make(self, *args)
        self.connection.execute("PRAGMA max_page_count = 60")

    monkeypatch.setattr(JournalFile, "__init__", limited)
    with pytest.raises(JournalError) as caught:
        caller(
            client.users.bulk.identify_many,
            ({"id": f"u{n}", "x": "x" * 50} for n in range(9000)),
            journal=tmp_path / "j",
        )
    assert str(caught.value) == f"{tmp_path / 'j'}: cannot be used: database or disk is full"
    sent = len(sim.requests)
    assert sent
    monkeypatch.undo()
    items = [{"id": f"u{n}", "x": "x" * 50} for n in range(9000)]
    report = caller(client.users.bulk.identify_many, items, journal=tmp_path / "j")
    assert report.succeeded + report.already_done == 9000


def test_one_job_at_a_time_uses_a_journal(caller: Caller, sim: Simulator, client: Any, tmp_path: Path) -> None:
    path = tmp_path / "j"
    refused: list[str] = []

    def tell(_: object) -> None:
        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join()

    def try_it() -> None:
        try:
            Simulator().client().workflows.trigger_each(TRIGGERS, journal=path)
        except JournalError as error:
            refused.append(str(error))

    caller(client.workflows.trigger_each, TRIGGERS, journal=path, on_progress=tell)
    assert set(refused) == {f"{path}: another job is using this journal; wait until it has ended"}


def test_a_link_is_another_name_of_the_same_journal(tmp_path: Path, sim: Simulator) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "j")
    seen: list[str] = []

    def tell(_: object) -> None:
        with pytest.raises(JournalError) as caught:
            Simulator().client().workflows.trigger_each(TRIGGERS, journal=tmp_path / "link")
        seen.append(str(caught.value))

    sim.client().workflows.trigger_each(TRIGGERS, journal=tmp_path / "j", on_progress=tell)
    assert set(seen) == {f"{tmp_path / 'link'}: another job is using this journal; wait until it has ended"}
    assert sim.client().workflows.trigger_each(TRIGGERS, journal=tmp_path / "link").already_done == 200


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_what_is_no_file_is_left_alone(caller: Caller, sim: Simulator, client: Any, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path(os.devnull)):
        with pytest.raises(JournalError) as caught:
            caller(client.workflows.trigger_each, TRIGGERS, journal=path)
        assert str(caught.value) == f"{path}: is a device or a pipe: name a file"
    assert sim.requests == []
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]
    assert not Path(f"{os.devnull}-journal").exists()


def test_another_process_cannot_use_it_meanwhile(tmp_path: Path, sim: Simulator) -> None:
    program = (
        "import sys; from knock_sdk.testing import Simulator\n"
        "try: Simulator().client().users.bulk.identify_many([{'id': 'a'}], journal=sys.argv[1])\n"
        "except Exception as error: print(type(error).__name__)"
    )
    run = [sys.executable, "-W", "error", "-c", program, str(tmp_path / "j")]
    seen: list[str] = []

    def tell(_: object) -> None:
        if not seen:
            seen.append(subprocess.run(run, capture_output=True, text=True, check=True, env=plain_environment()).stdout)

    sim.client().users.bulk.identify_many([{"id": "a"}], journal=tmp_path / "j", on_progress=tell)
    assert seen == ["JournalError\n"]
    again = subprocess.run(run, capture_output=True, text=True, check=True, env=plain_environment())
    assert (again.stdout, again.stderr) == ("", "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_child_of_fork_leaves_it_to_the_job(tmp_path: Path) -> None:
    """When it ends, and when it frees its memory."""
    program = (
        "import gc, os, sys\n"
        "from knock_sdk.testing import Simulator\n"
        "def rows():\n"
        "    for n in range(20):\n"
        "        yield {'key': 'digest', 'recipients': [f'u{n}']}\n"
        "        if n == 10:\n"
        "            if (child := os.fork()) == 0:\n"
        "                sys.exit()\n"
        "            os.waitpid(child, 0)\n"
        "            print(os.path.exists(sys.argv[1] + '-lock'))\n"
        "            try: other.workflows.trigger_each([], journal=sys.argv[1])\n"
        "            except Exception as error: print(type(error).__name__)\n"
        "other = Simulator().client()\n"
        "print(Simulator().client().workflows.trigger_each(rows(), journal=sys.argv[1]).succeeded)\n"
    )
    run = [sys.executable, "-c", program, str(tmp_path / "j")]
    done = subprocess.run(run, capture_output=True, text=True, check=True, env=plain_environment())
    assert done.stdout.split() == ["True", "JournalError", "20"]
    assert [path.name for path in tmp_path.iterdir()] == ["j"]


def test_only_its_owner_can_read_it(caller: Caller, client: Any, tmp_path: Path) -> None:
    caller(client.workflows.trigger_each, TRIGGERS, journal=tmp_path / "j")
    assert stat.S_IMODE((tmp_path / "j").stat().st_mode) == 0o600


def test_the_key_is_not_in_it(caller: Caller, tmp_path: Path) -> None:
    contents: list[bytes] = []

    def tell(_: object) -> None:
        contents.extend(path.read_bytes() for path in tmp_path.iterdir())

    api = Answering(lambda path, _: reply(200, operation("op", "completed" if "operations" in path else "queued")))
    client = api.client(caller, user_token=None)
    secret = {"extra_headers": {"X-Knock-User-Token": "canary-token"}}
    report = caller(client.users.bulk.identify_many, USERS, journal=tmp_path / "j", on_progress=tell, **secret)
    contents.extend(path.read_bytes() for path in tmp_path.iterdir())
    everything = b"".join(contents)
    assert b"sk_test_" in everything
    assert b"canary" not in everything
    assert KEY.encode()[:12] not in everything
    assert "canary" not in repr(report) + str(report)


def test_the_key_is_not_in_the_chain_of_an_error(caller: Caller, tmp_path: Path) -> None:
    """Not in the local variables of any frame either, as tools show them."""

    def answer(_: str, __: Any) -> Any:
        return reply(401, {"code": "api_key_expired", "message": f"{KEY} has expired"})

    api = Answering(answer)
    with pytest.raises(Exception, match=r"^401") as caught:
        caller(api.client(caller).users.bulk.identify_many, USERS, journal=tmp_path / "j")
    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    shown = [line for line in frames.format() if "test_journals" not in line and "tests/" not in line]
    assert "canary" not in "".join(shown)


def test_a_report_outlives_its_job(caller: Caller, client: Any, tmp_path: Path) -> None:
    bad = [{"id": float("nan")}, *USERS[:1200], {"id": 5}]
    kept = caller(client.users.bulk.identify_many, bad, journal=tmp_path / "j")
    not_kept = caller(client.users.bulk.identify_many, bad)
    for report in (kept, not_kept):
        assert [failure.index for failure in report.failures] == [0, 1201]
        assert [failure.index for failure in report.failures] == [0, 1201]
        assert len(list(report.operations)) == 2
    (tmp_path / "j").unlink()
    with pytest.raises(JournalError, match="there is no such file"):
        list(kept.failures)


def test_a_command_shows_what_it_holds(caller: Caller, client: Any, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "a journal?#%.sqlite"
    with pytest.raises(Stop):
        caller(client.users.bulk.identify_many, up_to([{"id": float("nan")}, {"id": 5}, *USERS], 2100), journal=path)
    files = {each: each.read_bytes() for each in tmp_path.iterdir()}
    assert command.main([str(path), "--failures", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["users.bulk.identify_many", "  https://api.knock.app, keys sk_test_…"]
    assert lines[-1] == "  To resume, repeat the call with the same input and this journal."
    fields = {line[2:16].strip(): line[16:].strip() for line in lines[2:]}
    assert fields["failed"] == "2"
    assert int(fields["done"].replace(",", "")) + int(fields["not finished"].replace(",", "")) == 1998
    assert sum(line.startswith("  item ") for line in lines) == 1
    assert {each: each.read_bytes() for each in tmp_path.iterdir()} == files
    caller(client.users.bulk.identify_many, [{"id": float("nan")}, {"id": 5}, *USERS], journal=path)
    assert command.main([str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "To resume" not in lines[-1]
    assert sum(line.startswith("  item ") for line in lines) == 2


@pytest.mark.parametrize("number", ["-1", "x"])
def test_a_bad_number_of_failures_is_refused(tmp_path: Path, capsys: Any, number: str) -> None:
    with pytest.raises(SystemExit):
        command.main([str(tmp_path / "j"), "--failures", number])
    assert "argument --failures: invalid" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "there is no such file"),
        (not_sqlite, "cannot be read: file is not a database"),
        (another_database, "is not a journal: use another file"),
    ],
)
def test_the_command_says_what_is_wrong(
    tmp_path: Path, capsys: Any, make: Callable[[Path], None], message: str
) -> None:
    make(tmp_path / "j")
    assert command.main([str(tmp_path / "j")]) == 1
    assert capsys.readouterr().err == f"{tmp_path / 'j'}: {message}\n"


def test_the_command_is_a_program(tmp_path: Path, sim: Simulator) -> None:
    sim.client().users.bulk.identify_many(USERS, journal=tmp_path / "j")
    run = [sys.executable, "-W", "error", "-m", "knock_sdk.bulk", str(tmp_path / "j")]
    shown = subprocess.run(
        run,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**plain_environment(), "PYTHONIOENCODING": "ascii"},
    )
    assert "2,500" in shown.stdout
    assert "keys sk_test_?" in shown.stdout
    assert shown.stderr == ""
    assert {path.name for path in tmp_path.iterdir()} == {"j"}
