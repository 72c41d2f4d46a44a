"""The files of exports: bad paths, locks, and errors of the system."""

from __future__ import annotations

import errno
import os
import pickle
import subprocess
import sys
import traceback
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from knock_sdk import ConfigurationError, InvalidArgumentError, KnockError, export
from knock_sdk._core.file_lock import FileLock
from knock_sdk.export import ExportFileError, ExportLockedError, ExportStateError, _files, _parquet, _state
from knock_sdk.testing import Simulator
from tests.export.support import SIDES, Pages, lines, names_in, run, users

BAD: list[tuple[Any, str]] = [
    ("", "must be the path of a file"),
    ("a\0b", "must be the path of a file"),
    (b"bytes", "must be the path of a file, not bytes"),
    (5, "must be the path of a file, not int"),
    (None, "must be the path of a file, not NoneType"),
    (".", "is a folder: name a file in it"),
    ("new/", "is a folder: name a file in it"),
    (Path("missing/out"), "'missing/out' is in a folder that does not exist: create it first"),
    (os.devnull, "is not a regular file"),
    ("a\ud800", "contains a character that the system's file names cannot have"),
]


class BytesPath:
    """A path that is bytes."""

    def __fspath__(self) -> bytes:
        return b"out"


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("path", "problem"), [*BAD, (BytesPath(), "must be text, not bytes")])
def test_a_bad_path_is_refused_before_anything_is_sent(
    side: str, path: Any, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pages = Pages([])
    with pytest.raises(InvalidArgumentError, match=f"^path: .*{problem}") as caught:
        run(side, pages, "users", path)
    assert caught.value.argument == "path"
    assert pages.targets == []
    assert names_in(tmp_path) == []


ARGUMENTS: list[tuple[str, dict[str, Any], str]] = [
    ("format", {"format": "xml"}, "must be 'jsonl', 'csv' or 'parquet', not 'xml'"),
    ("format", {"format": None}, "must be 'jsonl', 'csv' or 'parquet', not None"),
    ("resume", {"resume": "yes"}, "must be True or False"),
    ("overwrite", {"overwrite": 1}, "must be True or False"),
    ("escape_formulas", {"escape_formulas": None}, "must be True or False"),
    ("on_progress", {"on_progress": 5}, "must be a function that takes the progress as its only argument, not int"),
    ("page_size", {"page_size": 51}, "from 1 to 50"),
    ("page_size", {"page_size": 0}, "from 1 to 50"),
    ("include", {"include": "preferences"}, "must be a list"),
    ("order", {"order": object()}, "cannot contain a value of type object"),
    ("timeout", {"timeout": -1}, "must be a positive number"),
]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("argument", "named", "problem"), ARGUMENTS)
def test_a_bad_argument_is_refused_before_anything_is_sent(
    side: str, argument: str, named: Any, problem: str, tmp_path: Path
) -> None:
    pages = Pages([])
    with pytest.raises(InvalidArgumentError, match=problem) as caught:
        run(side, pages, "users", tmp_path / "out", **named)
    assert caught.value.argument == argument
    assert pages.targets == []
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("side", SIDES)
def test_an_async_function_for_progress_is_refused(side: str, tmp_path: Path) -> None:
    async def tell(progress: export.ExportProgress) -> None: ...

    class Told:
        async def __call__(self, progress: export.ExportProgress) -> None: ...

    for each in (tell, partial(tell), Told(), Told().__call__):
        with pytest.raises(InvalidArgumentError, match="on_progress: must be a function that is not async"):
            run(side, Pages([]), "users", tmp_path / "out", on_progress=each)


@pytest.mark.parametrize("collection", ["", ".", "a\ud800"])
def test_a_bad_collection_is_refused(collection: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgumentError, match="collection"):
        run("sync", Pages([]), "objects", collection, tmp_path / "out")


def test_an_unknown_keyword_is_a_type_error(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="did you mean 'page_size'"):
        run("sync", Pages([]), "users", tmp_path / "out", pagesize=5)


@pytest.mark.parametrize("name", ["messages", "users", "tenants"])
def test_the_other_client_is_refused(name: str, tmp_path: Path) -> None:
    sim = Simulator()
    with pytest.raises(InvalidArgumentError, match=r"client: must be of the class Knock, not AsyncKnock; .* _async"):
        getattr(export, name)(sim.async_client(), tmp_path / "out")
    coroutine = getattr(export, f"{name}_async")(sim.client(), tmp_path / "out")
    with pytest.raises(InvalidArgumentError, match=r"must be of the class AsyncKnock, not Knock; .* do not end in"):
        coroutine.send(None)
    with pytest.raises(InvalidArgumentError, match=r"client: must be of the class Knock, not str$"):
        getattr(export, name)("sk_live_canary", tmp_path / "out")
    assert names_in(tmp_path) == []


def test_headers_are_shown_nowhere(tmp_path: Path) -> None:
    headers = {"x-knock-user-token": "canary-token-123"}
    for client, path in ((None, tmp_path / "out"), (Simulator().client(), tmp_path)):
        try:
            export.users(client, path, extra_headers=headers)  # type: ignore[arg-type]
        except InvalidArgumentError as error:
            trace = traceback.TracebackException.from_exception(error, capture_locals=True)
        own = [frame.locals for frame in trace.stack if "knock_sdk" in frame.filename]
        assert own
        assert "canary" not in repr(own)


@pytest.mark.parametrize("side", SIDES)
def test_two_exports_into_one_path_are_refused(side: str, tmp_path: Path) -> None:
    pages, inner = Pages(users(4)), Pages([])
    refused: list[str] = []

    def begin_another(number: int) -> None:
        for resume in (True, False):
            with pytest.raises(ExportLockedError, match="is being written by another export") as caught:
                run("sync", inner, "users", tmp_path / "out", resume=resume)
            refused.append(caught.value.path)

    if side == "sync":
        pages.before = begin_another  # type: ignore[assignment]
        run(side, pages, "users", tmp_path / "out", page_size=2)
        assert refused == [str(tmp_path / "out")] * 4
    else:
        lock = FileLock.acquire(tmp_path / "out.lock")
        assert lock is not None
        with pytest.raises(ExportLockedError):
            run(side, inner, "users", tmp_path / "out")
        lock.release()
        run(side, pages, "users", tmp_path / "out", page_size=2)
    assert inner.targets == []
    assert len(lines(tmp_path / "out")) == 4


def test_a_lock_of_another_process_counts_until_it_ends(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from knock_sdk._core.file_lock import FileLock\n"
        "lock = FileLock.acquire(pathlib.Path(sys.argv[1])); print('locked', flush=True); sys.stdin.read()"
    )
    path = tmp_path / "out.lock"
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout
    assert child.stdin
    try:
        assert child.stdout.readline() == "locked\n"
        assert FileLock.acquire(path) is None
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
        child.stdin.close()
    assert path.exists()  # it was killed; its lock is gone
    lock = FileLock.acquire(path)
    assert lock is not None
    lock.release()
    assert not path.exists()


def test_a_lock_file_that_was_removed_meanwhile_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, opened = tmp_path / "out.lock", []
    real = os.open

    def remove_after_opening(*args: Any) -> int:
        file = real(*args)
        if not opened:
            path.unlink()
        opened.append(file)
        return file

    monkeypatch.setattr(os, "open", remove_after_opening)
    lock = FileLock.acquire(path)
    monkeypatch.undo()
    assert lock is not None
    assert len(opened) == 2
    assert FileLock.acquire(path) is None
    lock.release()


class FullDisk:
    """A file that takes a number of bytes and no more."""

    def __init__(self, file: Any, room: int) -> None:
        self._file = file
        self._room = room

    def write(self, data: Any) -> int:
        if self._room <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        taken: int = self._file.write(data[: self._room])
        self._room -= taken
        return taken

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("room", [0, 10, 200, 300])
def test_a_full_disk_is_an_error_that_can_be_resumed(
    side: str, room: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = _files.open_part
    monkeypatch.setattr("knock_sdk.export._output.open_part", lambda path, length: FullDisk(real(path, length), room))
    path = tmp_path / "out"
    with pytest.raises(ExportFileError, match="No space left on device; what was exported so far is kept") as caught:
        run(side, Pages(users(9)), "users", path, page_size=2)
    assert caught.value.path == str(tmp_path / "out.part")
    assert isinstance(caught.value.__cause__, OSError)
    monkeypatch.undo()
    report = run(side, Pages(users(9)), "users", path, page_size=2)
    assert report.earlier_items == room // 146 * 2  # pages of 146 bytes
    assert lines(path) == [f"u{number}" for number in range(9)]


@pytest.mark.parametrize("side", SIDES)
def test_a_state_that_cannot_be_saved_ends_the_export(
    side: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, data: bytes) -> None:
        raise OSError(errno.EIO, "Input/output error", str(path))

    monkeypatch.setattr(_state, "replace_durably", refuse)
    with pytest.raises(ExportFileError, match="Input/output error") as caught:
        run(side, Pages([]), "users", tmp_path / "out")
    assert caught.value.path == str(tmp_path / "out.resume")
    assert names_in(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_an_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ExportFileError, match="Permission denied"):
        run("sync", Pages([]), "users", tmp_path / "out")
    tmp_path.chmod(0o700)


@pytest.mark.parametrize("side", SIDES)
def test_a_name_that_is_too_long_is_an_error(side: str, tmp_path: Path) -> None:
    with pytest.raises(ExportFileError, match="File name too long"):
        run(side, Pages([]), "users", tmp_path / ("x" * 254))
    with pytest.raises(ExportFileError, match="File name too long"):
        run(side, Pages([]), "users", tmp_path / ("x" * 300))


def test_what_a_signal_handler_raises_is_no_error_of_a_file(tmp_path: Path) -> None:
    import signal

    def expire(number: int, frame: Any) -> None:
        raise TimeoutError("of the caller")  # an OSError

    previous = signal.signal(signal.SIGUSR1, expire)
    try:
        with pytest.raises(TimeoutError, match="of the caller"), _files.reported(tmp_path):
            signal.raise_signal(signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, previous)


@pytest.mark.parametrize("side", SIDES)
def test_parquet_without_pyarrow_names_the_extra(side: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    _parquet.load_arrow.cache_clear()
    pages = Pages([])
    with pytest.raises(ConfigurationError, match=r"Parquet needs pyarrow: pip install 'knock-sdk\[parquet\]'"):
        run(side, pages, "users", tmp_path / "out", format="parquet")
    assert pages.targets == []
    assert names_in(tmp_path) == []
    _parquet.load_arrow.cache_clear()


@pytest.mark.parametrize("kind", [export.ExportError, ExportFileError, ExportLockedError, ExportStateError])
def test_errors_can_be_pickled_and_rebuilt(kind: type[export.ExportError]) -> None:
    error = kind("is full", "/data/out")
    twin = pickle.loads(pickle.dumps(error))
    assert (type(twin), str(twin), twin.path) == (kind, "/data/out: is full", "/data/out")
    rebuilt = kind(*error.args)
    assert (str(rebuilt), rebuilt.path) == ("/data/out: is full", "")
    assert isinstance(error, KnockError)


def test_the_folder_and_links_are_those_of_the_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path / "a")
    pages = Pages(users(4))
    pages.before = lambda number: os.chdir(tmp_path)  # type: ignore[func-returns-value]
    report = run("sync", pages, "users", "out", page_size=2)
    assert report.path == Path("out")
    assert names_in(tmp_path / "a") == ["out"]
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InvalidArgumentError, match="exists already"):
        run("sync", pages, "users", tmp_path / "link")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")  # noqa: PTH110
@pytest.mark.parametrize("side", SIDES)
def test_a_disk_that_is_full_when_parquet_is_written_leaves_no_lock(side: str, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path, full = tmp_path / "out", tmp_path / "out.converting"
    pages = Pages(users(4))
    pages.before = lambda number: full.symlink_to("/dev/full") if number == 1 else None  # type: ignore[func-returns-value]
    with pytest.raises(ExportFileError, match="No space left on device; what was exported so far is kept"):
        run(side, pages, "users", path, format="parquet", page_size=2)
    assert names_in(tmp_path) == ["out.converting", "out.part", "out.resume"]
    full.unlink()
    assert run(side, Pages([]), "users", path, format="parquet").earlier_items == 4


@pytest.mark.parametrize("side", SIDES)
def test_a_part_that_cannot_be_closed_leaves_no_lock(
    side: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refusing(FullDisk):
        def close(self) -> None:
            self._file.close()
            raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))  # as network file systems do

    real = _files.open_part
    monkeypatch.setattr("knock_sdk.export._output.open_part", lambda path, length: Refusing(real(path, length), 200))
    with pytest.raises(ExportFileError, match="No space left on device"):
        run(side, Pages(users(9)), "users", tmp_path / "out", page_size=2)
    assert names_in(tmp_path) == ["out.part", "out.resume"]
