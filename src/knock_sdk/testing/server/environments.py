"""The environments of a server: simulators that do not share state, each chosen by what stands behind `@` in a key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..base import BaseSimulator

MAIN = ""
"""Name of the environment of keys without `@`."""
MOST_ENVIRONMENTS = 100
"""How many a server has at most, besides the main one: each takes memory until it is deleted."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Environments:
    """The main environment, which the server was started with, and others, which begin with its first state."""

    def __init__(self, main: BaseSimulator) -> None:
        """Start with the main one."""
        self.main: BaseSimulator = main
        self._named: dict[str, BaseSimulator] = {}
        self._initial = main.snapshot()

    @property
    def names(self) -> Sequence[str]:
        """The names of all environments, in order of creation; the main one, `""`, is the first."""
        return [MAIN, *self._named]

    def get(self, name: str = MAIN) -> BaseSimulator:
        """Return the environment with a name, which is created if there is none.

        Raises:
            ValueError: The name is malformed, or there are too many environments.
        """
        if name == MAIN:
            return self.main
        found = self._named.get(name)
        if found is None:
            if not _NAME.fullmatch(name):
                raise ValueError(
                    "the name of an environment, behind the @ of a key, takes up to 64 letters, digits, '.', '_' and "
                    "'-', and begins with a letter or digit"
                )
            if len(self._named) >= MOST_ENVIRONMENTS:
                raise ValueError(f"there are {MOST_ENVIRONMENTS} environments besides the main one: delete some")
            found = type(self.main)()
            found.restore(self._initial)
            self._named[name] = found
        return found

    def delete(self, name: str) -> bool:
        """Forget an environment and its state; return whether there was one.

        Raises:
            ValueError: It is the main one, which can be reset only.
        """
        if name == MAIN:
            raise ValueError("the main environment cannot be deleted: reset it instead")
        return self._named.pop(name, None) is not None


def name_in(key: str) -> str:
    """Return the name of the environment that an API key is for: what follows its first `@`."""
    return key.partition("@")[2]
