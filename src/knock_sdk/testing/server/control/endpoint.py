"""What a control endpoint is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...base import BaseSimulator
    from ..environments import Environments
    from .inputs import Input

    Call = Callable[["Selected", Any], object]


class Selected(NamedTuple):
    """The environment that a request is for."""

    environments: Environments
    name: str

    @property
    def simulator(self) -> BaseSimulator:
        """Its simulator, which is created if there is none."""
        return self.environments.get(self.name)


class Endpoint(NamedTuple):
    """A control endpoint."""

    verb: str
    path: str
    """Path below `/_simulator`."""
    input: type[Input]
    call: Call


def on_simulator(function: Callable[[BaseSimulator, Any], object]) -> Call:
    """Return the call of an endpoint that needs nothing but the simulator of the environment."""

    def call(selected: Selected, given: Any) -> object:
        return function(selected.simulator, given)

    return call
