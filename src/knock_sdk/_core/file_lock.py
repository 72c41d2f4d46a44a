"""A lock on a path that ends with the process, however it ends."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import Self

if sys.platform == "win32":
    import msvcrt

    def _take(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

    def _give_back(file: int) -> None:
        os.lseek(file, 0, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _give_back(file: int) -> None:
        # Closing would not do while a child of `fork` has the file open too.
        fcntl.flock(file, fcntl.LOCK_UN)


class FileLock:
    """A file whose lock the operating system keeps: that of a process that was killed blocks nobody.

    The lock counts only while the file has its name: whoever gives it back removes the file, and another process may
    have opened it just before.
    """

    def __init__(self, path: Path, file: int) -> None:
        """Store a file that is locked."""
        self._path = path
        self._file = file

    @classmethod
    def acquire(cls, path: Path) -> Self | None:
        """Lock a path; return None if it is locked.

        Raises:
            OSError: The file cannot be made or locked.
        """
        while True:
            file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                taken = _take(file)
                if taken and _is_at(file, path):
                    return cls(path, file)
            except BaseException:
                os.close(file)
                raise
            os.close(file)
            if not taken:
                return None

    def release(self) -> None:
        """Remove the file and unlock it."""
        # Windows removes no file that is open; it then stays, unlocked and empty.
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        try:
            with suppress(OSError):
                _give_back(self._file)
        finally:
            os.close(self._file)


def _is_at(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False
