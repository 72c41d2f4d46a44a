"""The journal of a bulk job: an SQLite file with what was about to be sent, and what became of it.

Each chunk is written before its request is sent for the first time, with the bytes and the key that every later try
uses, and marked when it is done. So a job that was killed goes on where it was: nothing is lost, and nothing is sent
under another key. Without a path, only failures are kept, in a temporary file of SQLite's own.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4
from weakref import finalize

from .. import errors
from .._core.file_lock import lock_file
from ..errors import KnockError, OutcomeUnknownError
from ._chunks import Chunk, as_json, key_of
from ._errors import BulkItemError, BulkOperationFailedError, JournalError
from ._failures import BulkFailure

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence

VERSION = 1
SENT, ACCEPTED, DONE, UNKNOWN, SPLIT = range(5)
"""States of a chunk: about to be sent or sent; processed by a bulk operation; done; unknown; replaced by its parts."""
STATES = ("sent", "accepted", "done", "unknown", "split")
_PAGE = 500
_OWN: Mapping[str, type[KnockError]] = {each.__name__: each for each in (BulkItemError, BulkOperationFailedError)}
_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY, root INTEGER, start INTEGER NOT NULL, count INTEGER NOT NULL, size INTEGER NOT NULL,
    positions TEXT, digest BLOB NOT NULL, target TEXT, key TEXT, body BLOB, first_sent_at REAL NOT NULL,
    state INTEGER NOT NULL, operation TEXT, succeeded INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX unfinished ON chunks (id) WHERE state < 2;
CREATE TABLE failures (
    id INTEGER PRIMARY KEY, chunk INTEGER NOT NULL, position INTEGER, item TEXT, error TEXT NOT NULL,
    message TEXT NOT NULL, unknown INTEGER NOT NULL
);
"""
_CHUNK = "id, start, count, size, positions, target, key, body, first_sent_at, operation"


class Failed(NamedTuple):
    """An item that was not processed, or perhaps not."""

    position: int | None
    item: bytes | None
    """The item as JSON."""
    error: KnockError

    @property
    def unknown(self) -> bool:
        """Whether it may have been processed."""
        return isinstance(self.error, OutcomeUnknownError)


class Finished(NamedTuple):
    """What became of a chunk."""

    chunk: Chunk
    succeeded: int
    failed: Sequence[Failed] = ()
    parts: Sequence[Chunk] = ()
    """The chunks that replace it."""


class Root(NamedTuple):
    """A chunk of an earlier run, to be compared with the input."""

    chunk: Chunk
    digest: bytes
    state: int


class Identity(NamedTuple):
    """What a journal belongs to."""

    job: str
    arguments: str
    """A digest of the arguments, apart from the items."""
    environment: str
    """The API's URL, the branch, and the kind of the key."""


class Journal:
    """The journal of one job."""

    def __init__(self, path: str | os.PathLike[str] | None, identity: Identity) -> None:
        """Open or create it.

        Raises:
            JournalError: It is in use, of another job, version or environment, or cannot be opened.
        """
        self.path: str | None = None if path is None else os.path.abspath(os.fspath(path))  # noqa: PTH100 (text is what SQLite takes)
        self.resumed = False
        self._release: Callable[[], None] | None = None
        with self._named_errors():
            if self.path is not None:
                self._release = self._lock(self.path)
            try:
                self._connection = self._open()
                self._check(identity)
            except BaseException:
                self._unlock()
                raise
        self._closed = finalize(self, self._connection.close)

    @property
    def kept(self) -> bool:
        """Whether it outlives the job."""
        return self.path is not None

    def _lock(self, path: str) -> Callable[[], None]:
        try:
            release = lock_file(path + "-lock")
        except OSError as error:
            raise JournalError(f"{path}: cannot be written: {error.strerror or type(error).__name__}") from None
        if release is None:
            raise JournalError(f"{path}: another job is using this journal; wait until it has ended")
        return release

    def _unlock(self) -> None:
        if self._release is not None:
            self._release()
            self._release = None

    def _open(self) -> sqlite3.Connection:
        if self.path is not None:
            # It has data of users: nobody else should read it.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(self.path or "", isolation_level=None, check_same_thread=False)
        try:
            if self.path is not None:
                connection.execute("PRAGMA journal_mode = WAL")
            # With WAL, one synchronization of the disk for each batch; what does not outlive the job needs none.
            connection.execute(f"PRAGMA synchronous = {'FULL' if self.path is not None else 'OFF'}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _check(self, identity: Identity) -> None:
        connection = self._connection
        if not connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            self.job_id = uuid4().hex
            values = {"version": str(VERSION), "id": self.job_id, **identity._asdict()}
            with self._transaction():
                for statement in _SCHEMA.split(";"):
                    connection.execute(statement)
                connection.executemany("INSERT INTO meta VALUES (?, ?)", values.items())
            self._next_id = 1
            self.already_done = 0
            return
        self.resumed = True
        found = read_meta(connection, self.path or "")
        if found["job"] != identity.job:
            raise JournalError(
                f"{self.path}: is the journal of {found['job']}, not of {identity.job}: use another file"
            )
        if found["environment"] != identity.environment:
            raise JournalError(
                f"{self.path}: is the journal of a job with {found['environment']}, not with {identity.environment}:"
                " use another file"
            )
        if found["arguments"] != identity.arguments:
            raise JournalError(
                f"{self.path}: is the journal of a call with other arguments: repeat the call unchanged, or use another"
                " file"
            )
        self.job_id = found["id"]
        (self._next_id,) = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM chunks").fetchone()
        (self.already_done,) = connection.execute("SELECT coalesce(sum(succeeded), 0) FROM chunks").fetchone()

    def freeze(self, chunks: Sequence[Chunk], now: float, *, keyed: bool) -> None:
        """Write chunks that are about to be sent for the first time, and give them ids and keys.

        Args:
            chunks: the chunks, of the input or parts of others.
            now: the time, in seconds since 1970.
            keyed: whether their requests carry an idempotency key.
        """
        for chunk in chunks:
            chunk.id = self._next_id
            self._next_id += 1
            chunk.first_sent_at = now
            if keyed and chunk.key is None:
                chunk.key = key_of(self.job_id, chunk)
        with self._named_errors(), self._transaction():
            for chunk in chunks:
                self._insert(chunk, None)

    def _insert(self, chunk: Chunk, root: int | None) -> None:
        invalid = [Failed(each.position, as_json(each.item), each.error) for each in chunk.invalid]
        self._insert_failures(chunk, invalid)
        if not self.kept:
            return
        self._connection.execute(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 0)",
            (
                chunk.id,
                root,
                chunk.start,
                chunk.count,
                chunk.size,
                None if chunk.positions is None else json.dumps(chunk.positions),
                chunk.digest,
                chunk.target,
                chunk.key,
                chunk.body,
                chunk.first_sent_at,
                SENT if chunk.size else DONE,
            ),
        )

    def accept(self, chunk: Chunk, operation: str) -> None:
        """Note the bulk operation that processes a chunk."""
        with self._named_errors(), self._transaction():
            if not self.kept:
                row = (chunk.id, chunk.start, chunk.count, chunk.size, b"", chunk.first_sent_at, ACCEPTED, operation)
                self._connection.execute(
                    "INSERT INTO chunks (id, start, count, size, digest, first_sent_at, state, operation)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    row,
                )
            self._connection.execute(
                "UPDATE chunks SET state = ?, operation = ? WHERE id = ?", (ACCEPTED, operation, chunk.id)
            )

    def finish(self, finished: Iterable[Finished], now: float, *, keyed: bool) -> None:
        """Note what became of chunks, and write the parts that replace them."""
        with self._named_errors(), self._transaction():
            for each in finished:
                self._insert_failures(each.chunk, each.failed)
                for part in each.parts:
                    part.id = self._next_id
                    self._next_id += 1
                    part.first_sent_at = now
                    if keyed:
                        part.key = key_of(self.job_id, part)
                    self._insert(part, each.chunk.id)
                state = SPLIT if each.parts else DONE
                if each.failed and all(failed.unknown for failed in each.failed):
                    state = UNKNOWN
                self._connection.execute(
                    "UPDATE chunks SET state = ?, succeeded = ?, target = NULL, body = NULL WHERE id = ?",
                    (state, each.succeeded, each.chunk.id),
                )

    def _insert_failures(self, chunk: Chunk, failed: Iterable[Failed]) -> None:
        self._connection.executemany(
            "INSERT INTO failures (chunk, position, item, error, message, unknown) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    chunk.id,
                    each.position,
                    None if each.item is None else each.item.decode(),
                    type(each.error).__name__,
                    str(each.error),
                    each.unknown,
                )
                for each in failed
            ],
        )

    def roots(self) -> Iterator[Root]:
        """Iterate over the chunks of the input of an earlier run, in its order."""
        last = 0
        while True:
            with self._named_errors():
                rows = self._connection.execute(
                    f"SELECT {_CHUNK}, digest, state FROM chunks WHERE id > ? AND root IS NULL ORDER BY id LIMIT ?",  # noqa: S608 (a constant)
                    (last, _PAGE),
                ).fetchall()
            for row in rows:
                last = row[0]
                yield Root(_chunk(row), row[-2], row[-1])
            if len(rows) < _PAGE:
                return

    def parts(self) -> list[Chunk]:
        """Return the parts of chunks that an earlier run has not finished."""
        with self._named_errors():
            rows = self._connection.execute(
                f"SELECT {_CHUNK} FROM chunks WHERE state < ? AND root IS NOT NULL ORDER BY id",  # noqa: S608 (a constant)
                (DONE,),
            ).fetchall()
        return [_chunk(row) for row in rows]

    def count_failures(self) -> tuple[int, int]:
        """Return the number of items that failed, and of those whose outcome is unknown."""
        with self._named_errors():
            row = self._connection.execute(
                "SELECT coalesce(sum(1 - unknown), 0), coalesce(sum(unknown), 0) FROM failures"
            )
            failed, unknown = row.fetchone()
        return failed, unknown

    def failures(self) -> Iterator[BulkFailure]:
        """Iterate over the items that failed or whose outcome is unknown."""
        last = 0
        while True:
            query = "SELECT id, item, error, message, position FROM failures WHERE id > ? ORDER BY id LIMIT ?"
            rows = self._read(query, (last, _PAGE))
            for last, item, error, message, position in rows:  # noqa: B007 (the next page begins after it)
                yield BulkFailure(None if item is None else json.loads(item), rebuild(error, message), position)
            if len(rows) < _PAGE:
                return

    def operations(self) -> Iterator[str]:
        """Iterate over the ids of bulk operations."""
        last = 0
        while True:
            query = "SELECT id, operation FROM chunks WHERE id > ? AND operation IS NOT NULL ORDER BY id LIMIT ?"
            rows = self._read(query, (last, _PAGE))
            for last, operation in rows:  # noqa: B007 (the next page begins after it)
                yield operation
            if len(rows) < _PAGE:
                return

    def _read(self, query: str, arguments: tuple[Any, ...]) -> list[Any]:
        with self._named_errors():
            if self._closed.alive:
                return self._connection.execute(query, arguments).fetchall()
            connection = connect_to_read(self.path or "")
            try:
                return connection.execute(query, arguments).fetchall()
            finally:
                connection.close()

    def close(self) -> None:
        """End writing; a journal that is kept can be read afterwards, and used by another job."""
        if self.kept:
            self._closed()
            self._unlock()

    @contextmanager
    def _transaction(self) -> Generator[None, None, None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextmanager
    def _named_errors(self) -> Generator[None, None, None]:
        problem = None
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            problem = str(error)
        if problem is not None:
            raise JournalError(f"{self.path or 'the temporary file of a bulk job'}: cannot be used: {problem}")


def connect_to_read(path: str) -> sqlite3.Connection:
    """Return a connection that only reads, also while a job writes."""
    if not os.path.exists(path):  # noqa: PTH110 (as above)
        raise JournalError(f"{path}: there is no such file")
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


def read_meta(connection: sqlite3.Connection, path: str) -> dict[str, str]:
    """Return what a journal says of itself.

    Raises:
        JournalError: It is none, or of another version.
    """
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables >= {"meta", "chunks", "failures"}:
        raise JournalError(f"{path}: is not a journal: use another file")
    found = dict(connection.execute("SELECT name, value FROM meta"))
    if found.get("version") != str(VERSION):
        raise JournalError(
            f"{path}: is a journal of version {found.get('version')}, which this version of knock-sdk does not read:"
            " finish the job with the one that began it"
        )
    return found


def rebuild(name: str, message: str) -> KnockError:
    """Return an error from its class and text."""
    cls = _OWN.get(name) or getattr(errors, name, None)
    if not isinstance(cls, type) or not issubclass(cls, KnockError):
        cls = KnockError
    return cls(message)


def _chunk(row: Sequence[Any]) -> Chunk:
    id_, start, count, size, positions, target, key, body, first_sent_at, operation = row[:10]
    return Chunk(
        start,
        count,
        target or "",
        body or b"",
        size,
        None if positions is None else json.loads(positions),
        key=key,
        id=id_,
        first_sent_at=first_sent_at,
        operation=operation,
    )
