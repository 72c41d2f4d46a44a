"""Lifetimes: what begins with a client or when it was closed, and ends when it is closed the next time."""

from __future__ import annotations

from contextlib import suppress
from typing import Protocol
from weakref import ref

from .outcome import Failure

CLOSED = "the client was closed meanwhile"


class Wait(Protocol):
    """A wait that can be ended from outside, by any thread."""

    def end(self) -> None:
        """End it now."""
        ...


class Lifetime:
    """Calls that begin in a lifetime end with it.

    Attributes:
        over: whether the client was closed since; then nothing may be sent any more.
    """

    __slots__ = ("__weakref__", "_waits", "over")

    def __init__(self) -> None:
        """Start without waits."""
        self.over: bool = False
        # Weak, so that an interrupted wait leaves nothing behind.
        self._waits: set[ref[Wait]] = set()

    def add(self, wait: Wait) -> None:
        """Have a wait ended with this lifetime, which may be over already."""
        self._waits.add(ref(wait, self._waits.discard))
        if self.over:
            wait.end()

    def end(self) -> None:
        """End the waits."""
        self.over = True
        for each in list(self._waits):
            if (wait := each()) is not None:
                wait.end()


class Lifetimes:
    """The lifetimes of a client, which can be used again after it was closed; shared by clients of `with_options`.

    Attributes:
        present: the lifetime of the calls that begin now.
    """

    __slots__ = ("_ending", "present")

    def __init__(self) -> None:
        """Start with the first."""
        self.present: Lifetime = Lifetime()
        self._ending: list[Lifetime] = []

    def end(self) -> None:
        """End the present lifetime, and begin the next."""
        # Kept until it has ended: what an exception of a signal handler leaves undone here, the next call does.
        self._ending.append(self.present)
        self.present = Lifetime()
        for each in list(self._ending):
            each.end()
            with suppress(ValueError):  # another thread was faster
                self._ending.remove(each)


def closed() -> Failure:
    """Return the failure of a call that was waiting when its client was closed; it made no attempt since."""
    return Failure(CLOSED, sent=False, permanent=True, attempted=False)
