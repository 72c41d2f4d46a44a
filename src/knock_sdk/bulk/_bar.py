"""A bar of progress in a terminal, drawn by rich."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from ._failures import BulkProgress


@contextmanager
def bar(name: str) -> Generator[Callable[[BulkProgress], object], None, None]:
    """Show a bar on standard error while a job runs; provide what is told the progress."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[state]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(name, total=None, state="")

        def tell(present: BulkProgress) -> None:
            ended = present.done + present.failed + present.unknown
            state = [f"{present.rate:,.0f}/s"]
            state += [f"{present.failed:,} failed"] if present.failed else []
            state += [f"{present.unknown:,} unknown"] if present.unknown else []
            state += [f"{_duration(present.remaining)} left"] if present.remaining is not None else []
            progress.update(task, completed=ended, total=present.total, state=", ".join(state))

        yield tell


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
