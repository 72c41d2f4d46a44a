"""The faults that are declared, and which of them a request meets.

Of several that a request could meet, it meets the one that was declared first, so that faults declared in a row are a
script; slowness comes on top, and adds up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .exchange import HTTPResponse

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from .exchange import Outcome, ReceivedRequest
    from .faults import Fault


class MatchedFaults:
    """The faults that a request meets."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Take the faults."""
        self._faults = faults
        self.delay: float = sum(fault.delay for fault in faults)
        self.names: str = ", ".join(fault.name for fault in faults)

    def replacement(self, request: ReceivedRequest) -> Outcome | None:
        """Return what comes instead of carrying the request out; None if it is carried out."""
        outcomes = (fault.replacement(request) for fault in self._faults)
        return next((outcome for outcome in outcomes if outcome is not None), None)

    def rate_limited(self, ids: Collection[str]) -> set[str]:
        """Return which ids of a batch are left as they are."""
        return {name for fault in self._faults for name in fault.rate_limited(ids)}

    def transform_response(self, response: HTTPResponse) -> Outcome:
        """Return what comes in place of the answer."""
        outcome: Outcome = response
        for fault in self._faults:
            if isinstance(outcome, HTTPResponse):
                outcome = fault.transform_response(outcome)
        return outcome


NO_MATCH = MatchedFaults(())


class FaultPlan:
    """The faults that are declared, in order."""

    def __init__(self) -> None:
        """Start without faults."""
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Add a fault behind the others."""
        self._faults = [*(known for known in self._faults if not known.over), fault]

    def clear(self) -> None:
        """End all faults."""
        for fault in self._faults:
            fault.end()
        self._faults = []

    def match(self, request: ReceivedRequest) -> MatchedFaults:
        """Return what happens to a request, and count it."""
        matched: list[Fault] = []
        for fault in self._faults:
            if (fault.adds_up or all(other.adds_up for other in matched)) and fault.matches(request):
                fault.count()
                matched.append(fault)
        return MatchedFaults(matched) if matched else NO_MATCH


NO_FAULTS = FaultPlan()
