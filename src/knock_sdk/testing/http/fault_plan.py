"""The plan of declared faults, and which of them apply to a request.

If several faults match a request, only the one declared first applies, so that faults declared one after another form
a script. Slowness applies in addition, and several delays add up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .exchange import HTTPResponse

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from .exchange import Outcome, ReceivedRequest
    from .faults import Fault


class MatchedFaults:
    """The faults that apply to a request."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Combine the faults, in order of declaration."""
        self._faults = faults
        self.delay: float = sum(fault.delay for fault in faults)
        self.names: str = ", ".join(fault.name for fault in faults)

    def replacement(self, request: ReceivedRequest) -> Outcome | None:
        """Return the outcome that replaces handling the request; None if it is to be handled."""
        outcomes = (fault.replacement(request) for fault in self._faults)
        return next((outcome for outcome in outcomes if outcome is not None), None)

    def rate_limited(self, ids: Collection[str]) -> set[str]:
        """Return the message ids of a batch that must not be changed."""
        return {name for fault in self._faults for name in fault.rate_limited(ids)}

    def transform_response(self, response: HTTPResponse) -> Outcome:
        """Return the outcome of a request whose response is `response`."""
        outcome: Outcome = response
        for fault in self._faults:
            if isinstance(outcome, HTTPResponse):
                outcome = fault.transform_response(outcome)
        return outcome


NO_MATCH = MatchedFaults(())


class FaultPlan:
    """The declared faults, in order."""

    def __init__(self) -> None:
        """Start without faults."""
        self._faults: list[Fault] = []

    @property
    def present(self) -> Sequence[Fault]:
        """The faults that have not ended, in order of declaration."""
        return [fault for fault in self._faults if not fault.over]

    def add(self, fault: Fault) -> None:
        """Append a fault."""
        self._faults = [*(other for other in self._faults if not other.over), fault]

    def clear(self) -> None:
        """End all faults."""
        for fault in self._faults:
            fault.end()
        self._faults = []

    def match(self, request: ReceivedRequest) -> MatchedFaults:
        """Return the faults that apply to a request, and count the request for each."""
        matched: list[Fault] = []
        for fault in self._faults:
            if (fault.adds_up or all(other.adds_up for other in matched)) and fault.matches(request):
                fault.count()
                matched.append(fault)
        return MatchedFaults(matched) if matched else NO_MATCH


NO_FAULTS = FaultPlan()
