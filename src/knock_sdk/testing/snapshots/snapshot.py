"""Snapshots of a simulator's state, to restore it later or to save it in a file.

In memory a snapshot is a pickle, which is fast and never leaves the process. In a file it is JSON, as in
`serialization`, so that loading it never runs code from the file; a checksum detects damaged or truncated files.
"""

# ruff: noqa: TC001, TC003 - annotations of public methods can be evaluated
from __future__ import annotations

import copy
import gc
import json
import os
import pickle
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from typing_extensions import Self, override

from ..environment import Environment
from ..http.exchange import ReceivedRequest
from ..http.signing_key import SecureMode, check_stored_key
from ..state.arguments import check_type
from ..state.lock import StateLock
from ..state.outside import Functions
from ..state.world import World
from ..webhook_sender import WebhookSender
from . import serialization

VERSION = 5
"""Version of the file format, incremented with every change that older or newer versions cannot read."""

_MAGIC = b"knock_sdk simulator state "


class SnapshotError(ValueError):
    """The data is not a saved simulator state, is damaged, or has another version of the format."""


class Snapshot:
    """The state of a simulator at one moment; immutable.

    It contains everything except declared faults. Bytes and pickles of it contain no requests either, since their
    headers contain API keys, and no declared functions.
    """

    __slots__ = ("_functions", "_received", "_state")

    _state: bytes
    _received: tuple[ReceivedRequest, ...]
    _functions: Functions

    def __init__(self, world: World, received: Sequence[ReceivedRequest] = ()) -> None:
        """Copy the state and the requests."""
        with _garbage_collection_paused():
            self._state = pickle.dumps(world, pickle.HIGHEST_PROTOCOL)
        self._received = tuple(received)
        self._functions = dict(world.functions)

    def world(self) -> World:
        """Return a new copy of the state."""
        with _garbage_collection_paused():
            world: World = pickle.loads(self._state)  # noqa: S301 (pickled by this object itself; files are JSON)
        world.functions = dict(self._functions)
        return world

    def requests(self) -> list[ReceivedRequest]:
        """Return the requests received up to the snapshot."""
        return list(self._received)

    def to_bytes(self) -> bytes:
        """Return the state, without requests: a line with the format's version and a checksum, then JSON."""
        with _garbage_collection_paused():
            body = json.dumps(serialization.pack(self.world()), separators=(",", ":")).encode("ascii")
        return b"%s%d %s\n%s\n" % (_MAGIC, VERSION, sha256(body).hexdigest().encode("ascii"), body)

    @classmethod
    def from_bytes(cls, written: bytes) -> Self:
        """Read a snapshot from the bytes that `to_bytes` returned, without running code from them.

        Args:
            written: The bytes.

        Raises:
            SnapshotError: The bytes are not a saved simulator state, are damaged, or have another version.
        """
        head, _, rest = written.partition(b"\n")
        if not head.startswith(_MAGIC):
            raise SnapshotError("not a saved simulator state")
        version, _, checksum = head.removeprefix(_MAGIC).partition(b" ")
        if version != b"%d" % VERSION:
            shown = version[:20].decode("ascii", "replace")
            raise SnapshotError(
                f"the state has format version {shown}, and this version of knock-sdk reads version {VERSION}: "
                "delete the file, or load it with the version of knock-sdk that saved it"
            )
        body = rest.removesuffix(b"\n")
        if sha256(body).hexdigest().encode("ascii") != checksum:
            raise SnapshotError("the state is damaged or truncated: delete the file, and save the state again")
        try:
            with _garbage_collection_paused():
                world = serialization.unpack(json.loads(body))
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            raise SnapshotError(f"the state cannot be read: {error}") from error
        if not isinstance(world, World):
            raise SnapshotError("not a saved simulator state")
        return cls(world)

    def __deepcopy__(self, memo: object) -> Self:
        """Return the snapshot itself, which nothing changes."""
        return self

    @override
    def __reduce__(self) -> tuple[object, tuple[bytes]]:
        return type(self).from_bytes, (self.to_bytes(),)

    @override
    def __repr__(self) -> str:
        return f"<Snapshot of {len(self._state):,} bytes>"


class SnapshotMethods(Environment):
    """Methods that copy, restore, reset, save and load the whole state."""

    _initial: Snapshot | None = None
    """The state before the first request; None if there was no request since, or the state cannot be copied."""

    def snapshot(self) -> Snapshot:
        """Return a copy of the whole state, except for declared faults."""
        with self._lock:
            return Snapshot(self._world, self._received)

    def restore(self, snapshot: Snapshot) -> None:
        """Replace the state by that of a snapshot, and end all declared faults.

        Args:
            snapshot: A snapshot of this or another simulator; it can be restored any number of times.

        Raises:
            SnapshotError: The state has a signing key that is damaged.
            ImportError: The state has a signing key, which needs the extra: `pip install 'knock-sdk[tokens]'`.
        """
        check_type("snapshot", snapshot, Snapshot, "what snapshot() returned")
        world, received = snapshot.world(), snapshot.requests()
        try:
            check_stored_key(world.of(SecureMode))
        except ValueError as error:
            raise SnapshotError(f"the state cannot be used: {error}") from error
        with self._lock:
            world.changes = self._world.changes
            world.note("state")
            self._world = world
            self._received = received
            self._faults.clear()
            self._goals = []
            self._used, self._initial = False, None

    def reset(self) -> None:
        """Return to the state before the first request, and end all declared faults.

        What was declared before that request remains: workflows, channels, variables. What was stored or declared
        since is gone, and the clock and the ids begin again. After `restore` and `load`, the first request is the
        first one since then.

        Raises:
            ValueError: The state before the first request contained a value that cannot be copied, such as a function
                among variables.
        """
        with self._lock:
            if not self._used:
                self._faults.clear()
            elif self._initial is not None:
                self.restore(self._initial)
            else:
                raise ValueError(
                    "the state before the first request contains a value that cannot be copied: use values that pickle"
                    " accepts, or make a new simulator instead"
                )

    @override
    def _before_first_request(self) -> None:
        with suppress(Exception):  # whatever a value of the test's own raises: `reset` reports it, and only if called
            self._initial = Snapshot(self._world, self._received)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return a simulator with a copy of the state, the requests and the faults; clients stay with this one."""
        copied = object.__new__(type(self))
        memo[id(self)] = copied
        with self._lock:
            # Requests do not change any more.
            own: dict[str, Any] = {"_received": list(self._received), "_world": Snapshot(self._world).world()}
            own["_goals"] = []  # nobody is advancing the copy
            own["_lock"] = StateLock()
            own["_listeners"] = ()
            own["_sender"] = WebhookSender(own["_lock"], lambda: copied._world)
            for name, value in vars(self).items():
                setattr(copied, name, own[name] if name in own else copy.deepcopy(value, memo))
        return copied

    def save(self, path: str | os.PathLike[str]) -> None:
        """Save the state in a file, without requests, declared faults and functions; the file is replaced atomically.

        Args:
            path: The file; its folder must exist.

        Raises:
            OSError: The file cannot be written.
            TypeError: The state contains a value that JSON cannot represent, such as one set with `set_variables`.
        """
        with self._lock:
            snapshot = Snapshot(self._world)
        _replace_file(Path(path), snapshot.to_bytes())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Return a new simulator with the state of a file that `save` wrote.

        Args:
            path: The file.

        Raises:
            SnapshotError: The file is not a saved simulator state, is damaged, or has another version.
            OSError: The file cannot be read.
            ImportError: The state has a signing key, which needs the extra: `pip install 'knock-sdk[tokens]'`.
        """
        simulator = cls()
        try:
            simulator.restore(Snapshot.from_bytes(Path(path).read_bytes()))
        except SnapshotError as error:
            raise SnapshotError(f"{path}: {error}") from error
        return simulator


@contextmanager
def _garbage_collection_paused() -> Generator[None, None, None]:
    """Pause the garbage collector, which would scan the growing state repeatedly without finding garbage."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _replace_file(path: Path, content: bytes) -> None:
    """Replace a file atomically: write a temporary file beside it, then rename that."""
    folder = path.resolve().parent
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=folder)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path.resolve())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if hasattr(os, "O_DIRECTORY"):  # where folders can be opened: make the rename durable
        directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
