"""The file of a journal: an SQLite database that one job at a time writes, and whose errors are named."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4
from weakref import finalize

from .._core.file_lock import FileLock
from ._errors import JournalError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

VERSION = 1
UNSENT, SENT, ACCEPTED, DONE, UNKNOWN, SPLIT = range(6)
"""States of a chunk: certainly not carried out; about to be sent, or sent; accepted, so that a bulk operation processes
it; done; unknown; replaced by its parts.
"""
STATES = ("not sent", "sent", "accepted", "done", "unknown", "split")
_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY, root INTEGER, start INTEGER NOT NULL, count INTEGER NOT NULL, size INTEGER NOT NULL,
    positions TEXT, digest BLOB NOT NULL, target TEXT, key TEXT, body BLOB, first_sent_at REAL NOT NULL,
    state INTEGER NOT NULL, operation TEXT, succeeded INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX unfinished ON chunks (id) WHERE state < 3;
CREATE TABLE failures (
    id INTEGER PRIMARY KEY, chunk INTEGER NOT NULL, position INTEGER, item TEXT, error TEXT NOT NULL,
    message TEXT NOT NULL, unknown INTEGER NOT NULL
);
"""
_META = frozenset({"version", "id", "job", "arguments", "environment"})


class Identity(NamedTuple):
    """What a journal belongs to."""

    job: str
    arguments: str
    """A digest of the arguments, apart from the items."""
    environment: str
    """The API's URL, the branch, and the kind of the key."""


class JournalFile:
    """A connection to the file, or to a temporary one without a path."""

    def __init__(self, path: str | None, identity: Identity) -> None:
        """Open or create it.

        Raises:
            JournalError: It is in use, of another job, version or environment, or cannot be opened.
        """
        self.path = path
        self._one_at_a_time = threading.RLock()
        with named_errors(path):
            release = _lock(path) if path is not None else None
            try:
                connection = _connect(path)
                try:
                    self.resumed = _has_tables(connection)
                    self.job_id = _check(connection, path or "", identity) if self.resumed else uuid4().hex
                    _prepare(connection, path)
                    if not self.resumed:
                        _create(connection, self.job_id, identity)
                except BaseException:
                    connection.close()
                    raise
            except BaseException:
                if release is not None:
                    release()
                raise
        self.connection = connection
        # Also when nobody refers to it any more, such as a job that was cancelled while it was opened in a thread.
        self._closed = finalize(self, _close, connection, release, os.getpid())

    @property
    def is_open(self) -> bool:
        """Whether it was not closed yet."""
        return self._closed.alive

    def close(self) -> None:
        """Close it; another job can use it then."""
        with self._one_at_a_time:
            self._closed()

    @contextmanager
    def use(self) -> Generator[sqlite3.Connection, None, None]:
        """Provide the connection, to one thread at a time."""
        with self._one_at_a_time, named_errors(self.path):
            yield self.connection

    @contextmanager
    def write(self) -> Generator[sqlite3.Connection, None, None]:
        """Provide the connection for a transaction, to one thread at a time.

        A job that is cancelled while a thread writes goes on to write what has ended.
        """
        with self.use() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite has ended it itself if the disk is full
                    connection.execute("ROLLBACK")
                raise


def _close(connection: sqlite3.Connection, release: Callable[[], None] | None, process: int) -> None:
    if os.getpid() != process:
        return  # a child of `fork`, which must leave the job's file and its lock to the job
    try:
        # A single file again, which can be copied, and read without writing. Meanwhile another program may read it.
        with suppress(sqlite3.Error):
            connection.execute("PRAGMA journal_mode = DELETE")
        connection.close()
    finally:
        if release is not None:
            release()


def _lock(path: str) -> Callable[[], None]:
    if os.path.isdir(path):  # noqa: PTH112 (text is what SQLite takes)
        raise JournalError(f"{path}: is a folder: name a file in it")
    # A link is another name of the same journal.
    file = os.path.realpath(path)
    if not os.path.exists(os.path.dirname(file)):  # noqa: PTH110, PTH120 (as above)
        raise JournalError(f"{path}: is in a folder that does not exist: create it first")
    if os.path.exists(file) and not os.path.isfile(file):  # noqa: PTH110, PTH113 (as above)
        raise JournalError(f"{path}: is a device or a pipe: name a file")
    lock = FileLock.acquire(Path(file + "-lock"))
    if lock is None:
        raise JournalError(f"{path}: another job is using this journal; wait until it has ended")
    return lock.release


def _connect(path: str | None) -> sqlite3.Connection:
    if path is not None:
        # It has data of users: nobody else should read it.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    return sqlite3.connect(path or "", isolation_level=None, check_same_thread=False)


def _has_tables(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None


def _prepare(connection: sqlite3.Connection, path: str | None) -> None:
    """Set how it is written, which changes the file: only once it is known to be a journal."""
    if path is None:
        # What does not outlive the job need not outlive the system.
        connection.execute("PRAGMA synchronous = OFF")
    else:
        # With WAL, one synchronization of the disk for each transaction.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")


def _create(connection: sqlite3.Connection, job_id: str, identity: Identity) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for statement in _SCHEMA.split(";"):
        connection.execute(statement)
    values = {"version": str(VERSION), "id": job_id, **identity._asdict()}
    connection.executemany("INSERT INTO meta VALUES (?, ?)", values.items())
    connection.execute("COMMIT")


def _check(connection: sqlite3.Connection, path: str, identity: Identity) -> str:
    """Return the id of the job, which must be this one."""
    found = read_meta(connection, path)
    if found["job"] != identity.job:
        raise JournalError(f"{path}: is the journal of {found['job']}, not of {identity.job}: use another file")
    if found["environment"] != identity.environment:
        raise JournalError(
            f"{path}: is the journal of a job with {found['environment']}, not with {identity.environment}:"
            " use another file"
        )
    if found["arguments"] != identity.arguments:
        raise JournalError(
            f"{path}: is the journal of a call with other arguments: repeat the call unchanged, or use another file"
        )
    return found["id"]


def connect_to_read(path: str) -> sqlite3.Connection:
    """Return a connection that only reads, also while a job writes."""
    if not os.path.exists(path):  # noqa: PTH110 (as above)
        raise JournalError(f"{path}: there is no such file")
    address = Path(path).absolute().as_uri() + "?mode=ro"
    return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)


def read_meta(connection: sqlite3.Connection, path: str) -> dict[str, str]:
    """Return what a journal says of itself.

    Raises:
        JournalError: It is none, or of another version.
    """
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables >= {"meta", "chunks", "failures"}:
        raise JournalError(f"{path}: is not a journal: use another file")
    found: dict[str, str] = dict(connection.execute("SELECT name, value FROM meta"))
    if found.get("version") != str(VERSION):
        raise JournalError(
            f"{path}: is a journal of version {found.get('version')}, which this version of knock-sdk does not read:"
            " finish the job with the one that began it"
        )
    if not found.keys() >= _META:
        raise damaged(path)
    return found


def damaged(path: str | None) -> JournalError:
    """Return the error for a journal whose content does not fit together."""
    return JournalError(f"{path}: is damaged: use another file")


@contextmanager
def named_errors(path: str | None) -> Generator[None, None, None]:
    """Raise errors of the file and of SQLite as JournalError, with the path."""
    problem = None
    try:
        yield
    except sqlite3.Error as error:
        problem = str(error)
    except OSError as error:
        problem = error.strerror or type(error).__name__
    if problem is not None:
        raise JournalError(f"{path or 'the temporary file of a bulk job'}: cannot be used: {problem}")
