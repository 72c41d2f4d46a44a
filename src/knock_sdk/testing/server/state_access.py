"""Access to the state of a simulator, for what its public methods do not show."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..workflows import audience_triggers

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from ..base import BaseSimulator
    from ..http.faults import Fault
    from ..state.changes import Change
    from ..state.world import World


@contextmanager
def locked(simulator: BaseSimulator) -> Generator[World, None, None]:
    """Lock the state of a simulator while a `with` block reads it."""
    with simulator._lock:  # noqa: SLF001
        yield simulator._world  # noqa: SLF001


@contextmanager
def changing(simulator: BaseSimulator) -> Generator[World, None, None]:
    """Lock the state of a simulator while a `with` block changes it; then what follows from that happens."""
    with simulator._lock:  # noqa: SLF001
        world = simulator._world  # noqa: SLF001
        yield world
        audience_triggers.settle(world)
    simulator._sender.send_due()  # noqa: SLF001


def faults_of(simulator: BaseSimulator) -> Sequence[Fault]:
    """Return the declared faults that have not ended, in order of declaration."""
    with simulator._lock:  # noqa: SLF001
        return simulator._faults.present  # noqa: SLF001


def watch(simulator: BaseSimulator, listener: Callable[[Sequence[Change]], None]) -> Callable[[], None]:
    """Call a function with all changes of the state from now on; return a function that ends this.

    The function is called while the state is locked, by the thread that has changed it: it must be quick, and must not
    raise. What it is told of can be found in the state from then on.
    """
    return simulator._watch(listener)  # noqa: SLF001
