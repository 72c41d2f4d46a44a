"""The environments of a server: simulators that do not share state, each chosen by what stands behind `@` in a key."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING

from .named_snapshots import NamedSnapshots, is_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..base import BaseSimulator

MAIN = ""
"""Name of the environment of keys without `@`."""
MOST_ENVIRONMENTS = 100
"""How many a server has at most, besides the main one: each takes memory until it is deleted."""
_RULE = (
    "the name of an environment, behind the @ of a key, takes up to 64 letters, digits, '.', '_' and '-', and begins "
    "with a letter or digit"
)


class Environments:
    """The main environment, which the server was started with, and others, which begin with its first state."""

    def __init__(self, main: BaseSimulator) -> None:
        """Start with the main one."""
        self.main: BaseSimulator = main
        self._named: dict[str, BaseSimulator] = {}
        self._snapshots: dict[str, NamedSnapshots] = {}
        self._initial = main.snapshot()
        self._lock = RLock()
        """Held while environments are created and deleted, which threads may do at the same time."""
        self._when_begun: list[Callable[[str, BaseSimulator], None]] = []
        self._when_deleted: list[Callable[[str], None]] = []

    @property
    def names(self) -> Sequence[str]:
        """The names of all environments, in order of creation; the main one, `""`, is the first."""
        with self._lock:
            return [MAIN, *self._named]

    def get(self, name: str = MAIN) -> BaseSimulator:
        """Return the environment with a name, which is created if there is none.

        Raises:
            ValueError: The name is malformed, or there are too many environments.
        """
        if name == MAIN:
            return self.main
        found = self._named.get(name)
        return self._create(name) if found is None else found

    def has(self, name: str, simulator: BaseSimulator) -> bool:
        """Tell whether a simulator is that of the environment with a name; it is not any more when that was deleted."""
        return (self.main if name == MAIN else self._named.get(name)) is simulator

    def get_for_key(self, key: str) -> BaseSimulator:
        """Return the environment that an API key is for, which is created if there is none.

        Raises:
            ValueError: Its name is malformed, or there are too many environments.
        """
        if key.endswith("@") and key.count("@") == 1:  # a variable that was to be filled in and is not set
            raise ValueError(f"{_RULE}; it is empty")
        return self.get(name_in(key))

    def _create(self, name: str) -> BaseSimulator:
        if not is_name(name):
            raise ValueError(_RULE)
        with self._lock:
            found = self._named.get(name)
            if found is not None:
                return found
            if len(self._named) >= MOST_ENVIRONMENTS:
                raise ValueError(f"there are {MOST_ENVIRONMENTS} environments besides the main one: delete some")
            created = type(self.main)()
            created.restore(self._initial)
            self._named[name] = created
            self._tell_begun(name)
            return created

    def reset(self, name: str = MAIN) -> None:
        """Return an environment to the state that the main one had when the server started, and end its faults."""
        self.get(name).restore(self._initial)
        self._tell_begun(name)

    def delete(self, name: str) -> bool:
        """Forget an environment, its state and its snapshots; return whether there was one.

        Raises:
            ValueError: It is the main one, which can be reset only.
        """
        if name == MAIN:
            raise ValueError("the main environment cannot be deleted: reset it instead")
        with self._lock:
            deleted = self._named.pop(name, None)
            self._snapshots.pop(name, None)
            if deleted is None:
                return False
            for when_deleted in self._when_deleted:
                when_deleted(name)
        deleted.restore(self._initial)  # pages and sockets that look at it are told, and look at the new one
        return True

    def snapshots(self, name: str = MAIN) -> NamedSnapshots:
        """Return the named snapshots of an environment, which is created if there is none.

        Raises:
            ValueError: The name is malformed, or there are too many environments.
        """
        with self._lock:
            simulator = self.get(name)
            found = self._snapshots.get(name)
            if found is None:
                found = self._snapshots[name] = NamedSnapshots(simulator)
            return found

    def watch(self, begun: Callable[[str, BaseSimulator], None], deleted: Callable[[str], None]) -> None:
        """Call functions when an environment is created or reset, with its simulator, and when one is deleted.

        They are called by any thread, while environments are locked, and must be quick.
        """
        with self._lock:
            self._when_begun.append(begun)
            self._when_deleted.append(deleted)
            for name in self.names:
                begun(name, self.get(name))

    def _tell_begun(self, name: str) -> None:
        with self._lock:
            for begun in self._when_begun:
                begun(name, self.get(name))


def name_in(key: str) -> str:
    """Return the name of the environment that an API key is for: what follows its first `@`."""
    return key.partition("@")[2]
