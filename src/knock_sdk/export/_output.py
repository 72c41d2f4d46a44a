"""The output of an export: its part file, its state, and the change into the complete file."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from .._core.file_lock import FileLock
from ..errors import InvalidArgumentError
from ._errors import ExportFileError, ExportLockedError, ExportStateError
from ._files import open_part, reported, sync_folder, write_all
from ._state import State, load

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from io import FileIO
    from pathlib import Path

    from .._core.responses.raw_page import RawItem
    from ._parquet import Conversion
    from ._plan import Plan

SECONDS = 1.0
"""Time between two states that are written, at least."""


class Output:
    """Writes pages so that a process which is killed at any moment loses and doubles nothing.

    The part file is made durable before a state that counts its length; on resumption, it is cut to that length. A
    state "ready" says that the output is complete: from then on, files are only renamed and removed.

    Each method waits for the one before: an asynchronous caller that is cancelled leaves a thread behind.
    """

    def __init__(self, plan: Plan) -> None:
        """Store what to write; nothing is opened yet."""
        self._plan = plan
        self._files = plan.files
        self._state = State(export=plan.export)
        self._mutex = Lock()
        self._lock: FileLock | None = None
        self._part: FileIO | None = None
        self._conversion: Conversion | None = None
        self._saved = monotonic()
        self._is_closed = False

    @property
    def items(self) -> int:
        """Number of items written, by earlier runs too."""
        return self._state.items

    @property
    def cursor(self) -> str | None:
        """Cursor of the next page."""
        return self._state.cursor

    @property
    def is_listing(self) -> bool:
        """Whether pages are missing."""
        return self._state.phase == "listing"

    def open(self) -> None:
        """Lock the path, and open the files where an earlier run left them.

        Raises:
            ConfigurationError: The format needs a package that is not installed.
            ExportLockedError: Another export writes to the path.
            ExportStateError: What an earlier run left cannot be continued.
            InvalidArgumentError: There is a complete file, and it must not be replaced.
            ExportFileError: The system refuses an operation on a file.
        """
        files = self._files
        if self._plan.table_for_parquet is not None:
            from ._parquet import load_arrow

            load_arrow()
        with self._step():
            self._lock = FileLock.acquire(files.lock)
            if self._lock is None:
                raise ExportLockedError(
                    "is being written by another export: wait until it has ended, or name another path",
                    str(files.given),
                )
            state = load(files.state, self._plan.export) if self._plan.resume else None
            self._check_target(state)
            if state is None:
                self._begin_anew()
            else:
                self._resume(state)

    def add(self, items: Sequence[RawItem], cursor: str | None) -> None:
        """Write a page; `cursor` is that of the next one, None after the last."""
        data = self._plan.lines.encode(items)
        with self._step():
            if self._part is None:
                raise RuntimeError("the output is closed")
            write_all(self._part, data)
            # In one assignment: Ctrl-C may come between two, and the state is then saved as it is.
            self._state = self._state.after(len(data), len(items), cursor)
            if monotonic() - self._saved >= SECONDS:
                self._save()

    def complete(self) -> bool:
        """Do the next step from the last page to the complete output; return whether another one is needed."""
        with self._step():
            if self._state.phase == "ready":
                return False
            if self._part is not None:
                self._save()
                part, self._part = self._part, None
                part.close()
            if self._plan.table_for_parquet is not None:
                if self._conversion is None:
                    from ._parquet import Conversion

                    self._conversion = Conversion(self._files.part, self._files.converted, self._plan.table_for_parquet)
                if self._conversion.step():
                    return True
            self._state.phase = "ready"
            self._save()
            return False

    def publish(self) -> None:
        """Give the complete output its name, and remove the other files."""
        files, source = self._files, self._source
        with self._step():
            if source.exists():
                if not self._plan.overwrite and os.path.lexists(files.path):
                    raise ExportFileError(
                        "was made by another program meanwhile: remove it, or pass overwrite=True, and make the same"
                        " call again; it sends no request any more",
                        str(files.given),
                    )
                source.replace(files.path)
                sync_folder(files.path.parent)
            files.part.unlink(missing_ok=True)
            files.state.unlink(missing_ok=True)

    def close(self) -> None:
        """Save how far the export is, close the files, and unlock the path; what fails now is not raised."""
        with self._mutex:
            self._is_closed = True
            try:
                if self._part is not None:
                    with suppress(OSError):  # the last state that was saved remains valid
                        self._save()
                    part, self._part = self._part, None
                    with suppress(OSError):
                        part.close()
                if self._conversion is not None:
                    conversion, self._conversion = self._conversion, None
                    conversion.close()
            finally:
                if self._lock is not None:
                    lock, self._lock = self._lock, None
                    lock.release()

    @property
    def _source(self) -> Path:
        return self._files.part if self._plan.table_for_parquet is None else self._files.converted

    @contextmanager
    def _step(self) -> Generator[None]:
        with self._mutex, reported(self._files.part):
            if self._is_closed:  # by a caller that was cancelled before the thread began: the lock is another's now
                raise RuntimeError("the output is closed")
            yield

    def _check_target(self, state: State | None) -> None:
        files = self._files
        if self._plan.overwrite or not os.path.lexists(files.path):
            return
        if state is not None and state.phase == "ready" and not self._source.exists():
            return  # the run before was killed between renaming the output and removing its state
        raise InvalidArgumentError(
            "path", f"{str(files.given)!r} exists already: name another file, or pass overwrite=True to replace it"
        )

    def _begin_anew(self) -> None:
        files = self._files
        if self._plan.resume and os.path.lexists(files.part):
            raise ExportStateError(
                f"exists, but {files.state.name}, which says what it has, does not: remove it, or start over with"
                " resume=False",
                str(files.part),
            )
        # A part file is never without a state: this is removed after it, and written before it.
        for leftover in (files.part, files.converted, files.state):
            leftover.unlink(missing_ok=True)
        self._state.save(files.state)
        self._open_empty_part()

    def _open_empty_part(self) -> None:
        self._part = open_part(self._files.part, 0)
        start = self._plan.lines.start()
        write_all(self._part, start)
        self._state.length = len(start)

    def _resume(self, state: State) -> None:
        files = self._files
        self._state = state
        if state.phase == "ready":
            if not self._source.exists() and not os.path.lexists(files.path):
                raise ExportStateError(
                    f"is missing, although {files.state.name} says that it is complete; start over with resume=False",
                    str(self._source),
                )
            return
        if state.length == 0 and state.phase == "listing":
            self._open_empty_part()
            return
        size = files.part.stat().st_size if files.part.exists() else 0
        if size < state.length:
            raise ExportStateError(
                f"has {size:,} bytes, and {files.state.name} says that it had {state.length:,}; start over with"
                " resume=False",
                str(files.part),
            )
        self._part = open_part(files.part, state.length)

    def _save(self) -> None:
        if self._part is not None:
            os.fsync(self._part.fileno())
        self._state.save(self._files.state)
        self._saved = monotonic()
