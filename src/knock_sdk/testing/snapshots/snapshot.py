"""The state of a simulator, put aside: to come back to, and to keep in a file.

In memory it is a pickle, which is quick and never leaves the process. Written, it is JSON (see `plain`), so that
reading a file runs none of what it holds; a checksum tells a file that is damaged or cut off.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import tempfile
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import Self, override

from ..environment import Environment
from ..state.world import World
from . import serialization

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from ..http.exchange import ReceivedRequest

VERSION = 2
"""Raised whenever what is written cannot be read by an older version, or the reverse."""

_MAGIC = b"knock_sdk simulator state "


class SnapshotError(ValueError):
    """What was to be read is no state of a simulator, is damaged, or is of another version."""


class Snapshot:
    """The state of a simulator at one moment; it does not change.

    It holds everything but the faults that are declared. Written, it also leaves out the requests, whose headers hold
    keys.
    """

    __slots__ = ("_received", "_state")

    _state: bytes
    _received: tuple[ReceivedRequest, ...]

    def __init__(self, world: World, received: Sequence[ReceivedRequest] = ()) -> None:
        """Copy a state."""
        with _uncollected():
            self._state = pickle.dumps(world, pickle.HIGHEST_PROTOCOL)
        self._received = tuple(received)

    def world(self) -> World:
        """Return a copy of the state, independent of all others."""
        with _uncollected():
            world: World = pickle.loads(self._state)  # noqa: S301 (made by this object; what comes from outside is JSON)
        return world

    def requests(self) -> list[ReceivedRequest]:
        """Return the requests that had been received."""
        return list(self._received)

    def to_bytes(self) -> bytes:
        """Return the state as JSON, behind a line with its version and a checksum; the requests are left out."""
        with _uncollected():
            body = json.dumps(serialization.pack(self.world()), separators=(",", ":")).encode("ascii")
        return b"%s%d %s\n%s\n" % (_MAGIC, VERSION, sha256(body).hexdigest().encode("ascii"), body)

    @classmethod
    def from_bytes(cls, written: bytes) -> Self:
        """Read what `to_bytes` returned; nothing that it holds is run.

        Args:
            written: The bytes.

        Raises:
            SnapshotError: They are something else, are damaged, or of another version.
        """
        head, _, rest = written.partition(b"\n")
        if not head.startswith(_MAGIC):
            raise SnapshotError("this is no state of a simulator")
        version, _, checksum = head.removeprefix(_MAGIC).partition(b" ")
        if version != b"%d" % VERSION:
            shown = version[:20].decode("ascii", "replace")
            raise SnapshotError(
                f"the state has version {shown}, and this version of knock-sdk reads version {VERSION}: "
                "delete the file, or load it with the version of knock-sdk that saved it"
            )
        body = rest.removesuffix(b"\n")
        if sha256(body).hexdigest().encode("ascii") != checksum:
            raise SnapshotError("the state is damaged or cut off")
        try:
            with _uncollected():
                world = serialization.unpack(json.loads(body))
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            raise SnapshotError(f"the state cannot be read: {error}") from error
        if not isinstance(world, World):
            raise SnapshotError("this is no state of a simulator")
        return cls(world)

    @override
    def __reduce__(self) -> tuple[object, tuple[bytes]]:
        return type(self).from_bytes, (self.to_bytes(),)

    @override
    def __repr__(self) -> str:
        return f"<Snapshot of {len(self._state):,} bytes>"


class SnapshotMethods(Environment):
    """The state as a whole: put aside, brought back, kept in a file."""

    def snapshot(self) -> Snapshot:
        """Put the state aside: everything but the faults that are declared."""
        with self._lock:
            return Snapshot(self._world, self._received)

    def restore(self, snapshot: Snapshot) -> None:
        """Bring a state back, as often as is wanted; it may be another simulator's. Faults that are declared end.

        Args:
            snapshot: What `snapshot` returned.
        """
        world, received = snapshot.world(), snapshot.requests()
        with self._lock:
            self._world = world
            self._received = received
            self._faults.clear()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the state to a file, without the requests; the file is replaced as a whole or not at all.

        Args:
            path: The file; its folder must exist.

        Raises:
            OSError: The file cannot be written.
        """
        with self._lock:
            snapshot = Snapshot(self._world)
        _replace(Path(path), snapshot.to_bytes())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Return a simulator with the state of a file that `save` wrote.

        Args:
            path: The file.

        Raises:
            SnapshotError: The file is something else, is damaged, or of another version.
            OSError: The file cannot be read.
        """
        try:
            snapshot = Snapshot.from_bytes(Path(path).read_bytes())
        except SnapshotError as error:
            raise SnapshotError(f"{path}: {error}") from error
        simulator = cls()
        simulator.restore(snapshot)
        return simulator


@contextmanager
def _uncollected() -> Generator[None, None, None]:
    """Have the garbage collector wait: it would look at all of a growing state again and again, and find nothing."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _replace(path: Path, content: bytes) -> None:
    """Write a file beside the one that is to be, then put it in its place."""
    folder = path.resolve().parent
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=folder)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path.resolve())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if hasattr(os, "O_DIRECTORY"):  # elsewhere a folder cannot be opened
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
