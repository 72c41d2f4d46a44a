# Derived from src/knock_sdk/_async/bulk/job.py by `python -m codegen`; do not edit.
"""The beginning and the end of a bulk job: its arguments are checked, its journal is opened, and both are closed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ..._core.lifetime import Lifetime
from ..._core.rate_limits.limits import TIERS
from ...bulk._chunks import Cutter
from ...bulk._jobs import job_of
from ...bulk._journal import Journal
from ...bulk._settings import bar_or, check_keywords, check_options_of, default_concurrency, identity_of, path_of
from ...bulk._settling import Result, Settler
from ...bulk._tally import Tally
from .reader import Reader
from .runner import POLLERS, Runner
from .source import Source
from .workers import Workers, in_thread_to_end

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from ..._core.requests.options import RequestOptions
    from ..._core.requests.request import Request
    from ...bulk._failures import BulkProgress
    from ...bulk._report import BulkReport
    from ..transport import Transport


def run_job(  # noqa: PLR0917 (the methods that call it pass what they get)
    transport: Transport,
    name: str,
    argument: str,
    items: object,
    make_request: Callable[[list[Any]], Request[Any]],
    journal: str | os.PathLike[str] | None,
    on_progress: Callable[[BulkProgress], object] | None,
    concurrency: int | None,
    wait: bool,
    options: RequestOptions,
    *,
    single: bool,
) -> BulkReport:
    """Run a job to its end.

    Args:
        transport: the client's transport.
        name: the method.
        argument: the argument with the items.
        items: what yields the items.
        make_request: makes the request for some items, with the options.
        journal: path of the journal, None for none.
        on_progress: is told the progress.
        concurrency: number of requests at the same time, None for as many as the rate limit can use.
        wait: whether to wait for bulk operations.
        options: options of each request.
        single: whether each item is a request of its own.

    Raises:
        KnockError: An argument is invalid, an error concerns every item, or the journal cannot be used.
    """
    check_keywords(on_progress, concurrency, wait, options)
    path = path_of(journal)
    lifetime = Lifetime()
    transport.lifetimes.present.add(lifetime)
    own = transport.derive(transport.config, transport.rate_limit or TIERS, patient=True)
    try:
        job = job_of(name, argument, make_request, single=single)
        check_options_of(job, options)
        cutter = Cutter(job, transport.config, lifetime)
        source = Source(items, job.argument)
        opened: list[Journal] = []
        try:
            identity = identity_of(job, cutter, transport.config)
            in_thread_to_end(lambda: opened.append(Journal(path, identity)))
            (kept,) = opened
            tally = Tally(source.total, kept.already_done, kept.count_failures(), own.clock.monotonic())
            strict_once = transport.config.strict_once
            settler = Settler(cutter, kept, tally, own.clock, wait=wait, strict_once=strict_once)
            limit = concurrency or default_concurrency(job, transport.config.max_connections, own.has_own_clock)
            workers: Workers[Result] = Workers(limit + POLLERS)
            reader = Reader(source, cutter, kept, own.clock)
            runner = Runner(own, cutter, reader, settler, workers, limit)
            with bar_or(on_progress, job.name) as tell:
                run = partial(runner.run, kept, tally, tell)
                with workers:
                    return run()
        finally:
            for each in opened:  # also if the task was cancelled meanwhile
                each.close()
            source.close()
    finally:
        lifetime.end()
