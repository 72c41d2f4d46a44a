"""The keywords that all bulk methods have, and what they become."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager, suppress
from hashlib import sha256
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

from .._core.requests.options import check_flags
from .._core.type_guards import is_mapping
from .._core.values.callbacks import check_on_progress
from ..errors import InvalidArgumentError
from ._journal_file import Identity

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from .._core.requests.config import Config
    from .._core.requests.options import RequestOptions
    from ._chunks import Cutter
    from ._failures import BulkProgress
    from ._jobs import Job

_MOST = 1000
_CONCURRENCY = {1: 4, 2: 8, 3: 16, 4: 32, 5: 64}
"""Requests at the same time, by tier: what the limit can use if each takes some tenths of a second."""


def check_keywords(on_progress: object, concurrency: object, wait: object, options: object) -> None:
    """Check what all bulk methods take besides a journal.

    Raises:
        InvalidArgumentError: A value is of a wrong type, or out of range.
    """
    check_on_progress(on_progress)
    if concurrency is not None and (
        isinstance(concurrency, bool) or not isinstance(concurrency, int) or not 1 <= concurrency <= _MOST
    ):
        raise InvalidArgumentError("concurrency", f"must be a whole number from 1 to {_MOST:,}, or None")
    check_flags(wait=wait)
    if not isinstance(options, dict):
        return
    if "max_retries" in options:
        raise InvalidArgumentError(
            "max_retries", "is not taken by bulk jobs, which retry temporary errors by themselves: leave it out"
        )


def check_options_of(job: Job, options: RequestOptions) -> None:
    """Check that no option replaces what each request has of its own: its items and its idempotency key.

    Raises:
        InvalidArgumentError: One does.
    """
    name = job.argument
    headers: object = options.get("extra_headers")
    if is_mapping(headers) and any(str(each).lower() == "idempotency-key" for each in headers):
        raise InvalidArgumentError(
            "extra_headers",
            "has an idempotency key, which would be that of all requests: leave it out; a job has a key for each",
        )
    extra: object = options.get("extra_query" if job.in_query else "extra_body")
    if not job.single and is_mapping(extra) and not extra.keys().isdisjoint({name, f"{name}[]"}):
        where = "extra_query" if job.in_query else "extra_body"
        raise InvalidArgumentError(f"{where}.{name}", "would replace the items: leave it out")


def path_of(journal: str | os.PathLike[str] | None) -> str | None:
    """Return the absolute path of a journal.

    Raises:
        InvalidArgumentError: It is no path.
    """
    if journal is None:
        return None
    path: object = None
    with suppress(TypeError):
        path = cast("object", os.fspath(journal))
    if not isinstance(path, str) or not path or "\0" in path:
        raise InvalidArgumentError("journal", "must be the path of a file, as a str or a Path, or None")
    return os.path.abspath(path)  # noqa: PTH100 (text is what SQLite takes)


def default_concurrency(job: Job, max_connections: int, own_clock: bool) -> int:
    """Return how many requests are sent at the same time.

    One if a request must not be sent twice: so no more than one has an unknown outcome when the program ends. One too
    if the engine has a clock of its own, which does not move while requests are on their way.
    """
    if own_clock or job.operation.repeat == "never":
        return 1
    return min(_CONCURRENCY[job.operation.tier], max_connections)


def identity_of(job: Job, cutter: Cutter, config: Config) -> Identity:
    """Return what a journal of the job belongs to."""
    template = cutter.template
    arguments = sha256(f"{job.operation.name}\n{template.target}\n".encode() + template.body).hexdigest()
    # Of a key of another form nothing is kept, since it may begin with what is secret.
    kind = re.match(r"[sp]k(_test|_live)?_", config.api_key.reveal())
    environment = config.origin.url
    if config.branch is not None:
        environment += f", branch {config.branch}"
    if kind is not None:
        environment += f", keys {kind[0]}…"
    return Identity(job.name, arguments, environment)


@contextmanager
def bar_or(
    on_progress: Callable[[BulkProgress], object] | None, name: str
) -> Generator[Callable[[BulkProgress], object] | None, None, None]:
    """Provide what is told the progress: the caller's function, or a bar where there is a terminal and the extra."""
    if on_progress is not None:
        yield on_progress
    elif _has_terminal() and find_spec("rich") is not None:
        from ._bar import bar

        with bar(name) as tell:
            yield tell
    else:
        yield None


def _has_terminal() -> bool:
    # There is no standard error in a program without a console, and it may have been closed.
    return sys.stderr is not None and not sys.stderr.closed and sys.stderr.isatty()
