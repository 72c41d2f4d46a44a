"""An examination: what the checks have found out so far, for those that follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Thread
from typing import TYPE_CHECKING

from ..._core.deadline import Deadline
from ..._core.lifetime import Lifetime
from .findings import Finding, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ..._core.secret import Secret
    from ..._core.wire.proxies import Proxy
    from ..._core.wire.url import Origin
    from ..._sync.engines.stream import Stream
    from .asking import Answer

_GRACE = 1.0
"""Seconds that a check has beyond its limit, which it observes itself where it can."""


@dataclass
class Examination:
    """What is examined, and what is known of it."""

    environ: Mapping[str, str]
    base_url: str | None
    """The URL from the command line."""
    branch: str | None
    """The branch from the command line."""
    limit: float
    """Seconds that a check may take."""
    origin: Origin | None = None
    key: Secret | None = None
    """A key that can be sent."""
    proxy: Proxy | None = None
    can_connect: bool = True
    """Whether the settings of proxies can be used."""
    stream: Stream | None = None
    """A connection that is ready for requests."""
    connect_time: float = 0.0
    tls_time: float = 0.0
    answer: Answer | None = None
    """The first response."""
    lifetime: Lifetime = field(default_factory=Lifetime)

    def deadline(self) -> Deadline:
        """Return the deadline of a check that begins now."""
        return Deadline.after(self.limit)


Check = tuple[str, "Callable[[Examination], Iterable[Finding]]"]
"""The name of a check, and what carries it out."""


def examine(examination: Examination, checks: Iterable[Check]) -> Iterator[Finding]:
    """Carry out checks one after another, and yield what they find; none hides those that follow."""
    for name, check in checks:
        yield from _within_limit(name, check, examination)


def _within_limit(
    name: str, check: Callable[[Examination], Iterable[Finding]], examination: Examination
) -> list[Finding]:
    """Return what a check finds; one that does not end in time is left alone in its thread."""
    found: list[Finding] = []
    ended: list[BaseException | None] = []

    def run() -> None:
        try:
            found.extend(check(examination))
        except Exception as error:  # noqa: BLE001 (whatever one check meets must not hide the others)
            ended.append(error)
        else:
            ended.append(None)

    thread = Thread(target=run, name=f"knock doctor: {name}", daemon=True)
    thread.start()
    thread.join(examination.limit + _GRACE)
    if not ended:
        return [problem(name, f"it took longer than {examination.limit:g} s", "Try again with a longer --limit.")]
    if (error := ended[0]) is not None:
        text = f"it could not be examined: {type(error).__name__}"
        return [problem(name, text, "This is a mistake in knock-sdk: please report it.", error=type(error).__name__)]
    return found
