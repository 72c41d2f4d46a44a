"""The keywords that all bulk methods have, and what they become."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from hashlib import sha256
from importlib.util import find_spec
from typing import TYPE_CHECKING

from ..errors import InvalidArgumentError
from ._journal import Identity

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from .._core.requests.config import Config
    from ._chunks import Cutter
    from ._failures import BulkProgress
    from ._jobs import Job

_MOST = 1000
_CONCURRENCY = {1: 4, 2: 8, 3: 16, 4: 32, 5: 64}
"""Requests at the same time, by tier: what the limit can use if each takes some tenths of a second."""


def check_concurrency(concurrency: object) -> None:
    """Raise InvalidArgumentError unless the value is None or a number of requests."""
    if concurrency is None:
        return
    if isinstance(concurrency, bool) or not isinstance(concurrency, int) or not 1 <= concurrency <= _MOST:
        raise InvalidArgumentError("concurrency", f"must be a whole number from 1 to {_MOST:,}, or None")


def default_concurrency(job: Job, max_connections: int, own_clock: bool) -> int:
    """Return how many requests are sent at the same time."""
    return 1 if own_clock else min(_CONCURRENCY[job.operation.tier], max_connections)


def identity_of(job: Job, cutter: Cutter, config: Config) -> Identity:
    """Return what a journal of the job belongs to."""
    template = cutter.template
    arguments = sha256(f"{job.operation.name}\n{template.target}\n".encode() + template.body).hexdigest()
    kind = re.match(r"[a-z]+(_[a-z]+)?(?=_)", config.api_key.reveal())
    environment = config.origin.url
    if config.branch is not None:
        environment += f", branch {config.branch}"
    if kind is not None:
        environment += f", keys {kind[0]}_…"
    return Identity(job.name, arguments, environment)


@contextmanager
def bar_or(
    on_progress: Callable[[BulkProgress], object] | None, name: str
) -> Generator[Callable[[BulkProgress], object] | None, None, None]:
    """Provide what is told the progress: the caller's function, or a bar where there is a terminal and the extra."""
    if on_progress is not None:
        if not callable(on_progress):
            raise InvalidArgumentError("on_progress", "must be a function that takes a BulkProgress")
        yield on_progress
    elif sys.stderr is not None and sys.stderr.isatty() and find_spec("rich") is not None:
        from ._bar import bar

        with bar(name) as tell:
            yield tell
    else:
        yield None
