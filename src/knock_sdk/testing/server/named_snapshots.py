"""Snapshots of an environment that are kept by name, so that programs in other processes and the page can use them."""

from __future__ import annotations

import re
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from ..state.names import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ..base import BaseSimulator
    from ..snapshots.snapshot import Snapshot

MOST_SNAPSHOTS = 20
"""How many an environment has at most: each is a copy of its state, in memory."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class NamedSnapshot(NamedTuple):
    """A snapshot with a name."""

    name: str
    at: datetime
    """The time of the simulator's clock when it was taken."""
    snapshot: Snapshot


class NamedSnapshots:
    """The snapshots of one environment, until the server ends."""

    def __init__(self, simulator: BaseSimulator) -> None:
        """Start without any."""
        self._simulator = simulator
        self._taken: dict[str, NamedSnapshot] = {}
        self._lock = Lock()

    @property
    def taken(self) -> Sequence[NamedSnapshot]:
        """All of them, in the order in which they were first taken."""
        with self._lock:
            return list(self._taken.values())

    def take(self, name: str) -> None:
        """Copy the state, and keep it by a name; it replaces an earlier snapshot with this name.

        Raises:
            ValueError: The name is malformed, or there are too many snapshots.
        """
        if not is_name(name):
            raise ValueError(
                "name: takes up to 64 letters, digits, '.', '_' and '-', and begins with a letter or digit"
            )
        with self._lock:
            if name not in self._taken and len(self._taken) >= MOST_SNAPSHOTS:
                raise ValueError(f"there are {MOST_SNAPSHOTS} snapshots: delete some")
            at = self._simulator.now
            self._taken[name] = NamedSnapshot(name, at, self._simulator.snapshot())

    def restore(self, name: str) -> None:
        """Return to the state of a snapshot, and end all faults.

        Raises:
            ValueError: There is no snapshot with this name.
        """
        with self._lock:
            found = self._taken.get(name)
            if found is None:
                raise ValueError(f"name: there is no snapshot {name!r}{did_you_mean(name, self._taken)}")
        self._simulator.restore(found.snapshot)

    def delete(self, name: str) -> bool:
        """Forget a snapshot; return whether there was one."""
        with self._lock:
            return self._taken.pop(name, None) is not None


def is_name(text: str) -> bool:
    """Tell whether an environment or a snapshot may have this name."""
    return _NAME.fullmatch(text) is not None
