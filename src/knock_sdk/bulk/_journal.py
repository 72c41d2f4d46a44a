"""The journal of a bulk job: what was about to be sent, and what became of it.

Each chunk is written before its request is sent for the first time, with the bytes and the key that every later try
uses, and marked when it is done. So a job that was killed can be resumed: nothing is lost, and nothing is sent
under another key. Without a path, only failures are kept, in a temporary file of SQLite's own.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import errors
from ..errors import KnockError
from ._chunks import Chunk, as_json, digest_of, key_of
from ._errors import BulkItemError, BulkOperationFailedError
from ._failures import BulkFailure
from ._jobs import read_json
from ._journal_file import (
    ACCEPTED,
    DONE,
    SENT,
    SPLIT,
    UNKNOWN,
    UNSENT,
    Identity,
    JournalFile,
    connect_to_read,
    damaged,
    named_errors,
)
from ._outcomes import Failed, Finished

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_PAGE = 500
_OWN: Mapping[str, type[KnockError]] = {each.__name__: each for each in (BulkItemError, BulkOperationFailedError)}
_CHUNK = "id, start, count, size, positions, target, key, body, first_sent_at, operation, digest, succeeded, state"


class Root(NamedTuple):
    """A chunk of an earlier run, to be compared with the input."""

    chunk: Chunk
    state: int


class Journal:
    """The journal of one job.

    Attributes:
        already_done: number of items that earlier runs have processed.
    """

    already_done: int

    def __init__(self, path: str | None, identity: Identity) -> None:
        """Open or create it.

        Raises:
            JournalError: It is in use, of another job, version or environment, or cannot be opened.
        """
        self._file: JournalFile = JournalFile(path, identity)
        with self._file.use() as connection:
            (self._next_id,) = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM chunks").fetchone()
            row = connection.execute("SELECT coalesce(sum(succeeded), 0) FROM chunks").fetchone()
            self.already_done = row[0]

    @property
    def path(self) -> str | None:
        """Where it is; None if it does not outlive the job."""
        return self._file.path

    @property
    def resumed(self) -> bool:
        """Whether an earlier run has written it."""
        return self._file.resumed

    def freeze(self, chunks: Sequence[Chunk], now: float, *, keyed: bool) -> None:
        """Write chunks that are about to be sent for the first time, and give them ids and keys.

        Args:
            chunks: the chunks, of the input or parts of others.
            now: the time, in seconds since 1970.
            keyed: whether their requests carry an idempotency key.
        """
        self._name(chunks, now, keyed=keyed)
        with self._file.write() as connection:
            for chunk in chunks:
                self._insert(connection, chunk, None)

    def _name(self, chunks: Iterable[Chunk], now: float, *, keyed: bool) -> None:
        for chunk in chunks:
            chunk.id = self._next_id
            self._next_id += 1
            chunk.first_sent_at = now
            if keyed and chunk.key is None:
                chunk.key = key_of(self._file.job_id, chunk)

    def _insert(self, connection: Any, chunk: Chunk, root: int | None) -> None:
        invalid = [Failed(each.position, as_json(each.item), each.error) for each in chunk.invalid]
        self._insert_failures(connection, chunk, invalid)
        if self.path is None:
            return
        connection.execute(
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

    def accept(self, chunks: Iterable[Chunk]) -> None:
        """Note the bulk operations that process chunks."""
        with self._file.write() as connection:
            for chunk in chunks:
                if self.path is None:
                    connection.execute(
                        "INSERT INTO chunks (id, start, count, size, digest, first_sent_at, state)"
                        " VALUES (?, ?, ?, ?, ?, ?, ?)",
                        (chunk.id, chunk.start, chunk.count, chunk.size, b"", chunk.first_sent_at, SENT),
                    )
                connection.execute(
                    "UPDATE chunks SET state = ?, operation = ?, succeeded = ? WHERE id = ?",
                    (ACCEPTED, chunk.operation, chunk.size if chunk.counted else 0, chunk.id),
                )

    def finish(self, finished: Iterable[Finished], now: float, *, keyed: bool) -> None:
        """Note what became of chunks, and write the parts that replace them."""
        with self._file.write() as connection:
            for each in finished:
                self._insert_failures(connection, each.chunk, each.failed)
                self._name(each.parts, now, keyed=keyed)
                for part in each.parts:
                    self._insert(connection, part, each.chunk.id)
                state = SPLIT if each.parts else DONE
                if each.failed and all(failed.unknown for failed in each.failed):
                    state = UNKNOWN
                connection.execute(
                    "UPDATE chunks SET state = ?, succeeded = ?, target = NULL, body = NULL WHERE id = ?",
                    (state, each.succeeded, each.chunk.id),
                )

    def set_unsent(self, chunks: Iterable[Chunk]) -> None:
        """Note that chunks were certainly not carried out, so that a later run can send them whenever it comes."""
        with self._file.write() as connection:
            connection.executemany("UPDATE chunks SET state = ? WHERE id = ?", [(UNSENT, each.id) for each in chunks])

    def set_sent(self, chunk: Chunk, now: float) -> None:
        """Note that a chunk which was not carried out in an earlier run is about to be sent."""
        chunk.first_sent_at = now
        with self._file.write() as connection:
            connection.execute("UPDATE chunks SET state = ?, first_sent_at = ? WHERE id = ?", (SENT, now, chunk.id))

    def _insert_failures(self, connection: Any, chunk: Chunk, failed: Iterable[Failed]) -> None:
        connection.executemany(
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
            with self._file.use() as connection:
                rows = connection.execute(
                    f"SELECT {_CHUNK} FROM chunks WHERE id > ? AND root IS NULL ORDER BY id LIMIT ?",  # noqa: S608 (a constant)
                    (last, _PAGE),
                ).fetchall()
            for row in rows:
                last = row[0]
                yield Root(self._chunk(row), row[-1])
            if len(rows) < _PAGE:
                return

    def parts(self) -> list[Root]:
        """Return the parts of chunks that an earlier run has not finished."""
        with self._file.use() as connection:
            rows = connection.execute(
                f"SELECT {_CHUNK} FROM chunks WHERE state < ? AND root IS NOT NULL ORDER BY id",  # noqa: S608 (a constant)
                (DONE,),
            ).fetchall()
        return [Root(self._chunk(row), row[-1]) for row in rows]

    def _chunk(self, row: Sequence[Any]) -> Chunk:
        id_, start, count, size, positions, target, key, body, first_sent_at, operation, digest, succeeded, state = row
        if state < DONE and digest not in (
            digest_of(count, size, target, body),
            digest_of(count, size, target, body, key),
        ):
            raise damaged(self.path)
        return Chunk(
            start,
            count,
            target or "",
            body or b"",
            size,
            None if positions is None else json.loads(positions),
            key=key,
            digest=digest,
            id=id_,
            first_sent_at=first_sent_at,
            doubtful=state == SENT,
            stored=state == SENT,
            counted=succeeded > 0,
            operation=operation,
        )

    def count_failures(self) -> tuple[int, int]:
        """Return the number of items that failed, and of those whose outcome is unknown."""
        with self._file.use() as connection:
            row = connection.execute("SELECT coalesce(sum(1 - unknown), 0), coalesce(sum(unknown), 0) FROM failures")
            failed, unknown = row.fetchone()
        return failed, unknown

    def failures(self) -> Iterator[BulkFailure]:
        """Iterate over the items that failed or whose outcome is unknown."""
        last = 0
        while True:
            query = "SELECT id, item, error, message, position FROM failures WHERE id > ? ORDER BY id LIMIT ?"
            rows = self._read(query, (last, _PAGE))
            for last, item, error, message, position in rows:  # noqa: B007 (the next page begins after it)
                yield BulkFailure(None if item is None else read_json(item), rebuild(error, message), position)
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
        if self._file.is_open:
            with self._file.use() as connection:
                return connection.execute(query, arguments).fetchall()
        with named_errors(self.path):
            connection = connect_to_read(self.path or "")
            try:
                return connection.execute(query, arguments).fetchall()
            finally:
                connection.close()

    def close(self) -> None:
        """End writing; a journal that is kept can be read afterwards, and used by another job."""
        if self.path is not None:
            self._file.close()


def rebuild(name: str, message: str) -> KnockError:
    """Return an error from its class and text."""
    cls = _OWN.get(name) or getattr(errors, name, None)
    if not isinstance(cls, type) or not issubclass(cls, KnockError):
        cls = KnockError
    return cls(message)
