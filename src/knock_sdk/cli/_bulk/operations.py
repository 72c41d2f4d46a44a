"""`knock-sdk bulk status` and `knock-sdk bulk journal`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from .._console import clean, print_json, print_line, print_record
from .._errors import FAILED
from .._options import JSONOutput
from .._session import client_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from ...types import BulkOperation

STATUS_EXAMPLE = "knock-sdk bulk status 5b9e6a2c-6f7d-4a38-9c6b-0f3d2a1b4c5d --wait"
JOURNAL_EXAMPLE = "knock-sdk bulk journal import.sqlite --failures 100"


def show_operation(
    context: typer.Context,
    operation_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the bulk operation.")],
    *,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until it has ended.")] = False,
    wait_timeout: Annotated[
        float | None, typer.Option(min=0.001, metavar="SECONDS", help="Longest wait; no limit if left out.")
    ] = None,
    json: JSONOutput = False,
) -> None:
    """Show a bulk operation of the API, such as a bulk deletion.

    The exit status is 1 if it has failed, or if a row of it has.
    """
    from ...bulk import BulkOperationFailedError

    if wait_timeout is not None and not wait:
        raise typer.BadParameter("It needs --wait.", param_hint="--wait-timeout")
    with client_of(context) as client:
        if wait:
            with _progress() as tell:
                try:
                    operation = client.bulk_operations.wait(operation_id, timeout=wait_timeout, on_progress=tell)
                except BulkOperationFailedError as error:
                    if error.operation is None:
                        raise
                    operation = error.operation
        else:
            operation = client.bulk_operations.get(operation_id)
    failed = [item.id if item.collection is None else f"{item.collection}/{item.id}" for item in operation.error_items]
    fields: dict[str, object] = {
        "id": operation.id,
        "name": operation.name,
        "status": operation.status,
        "rows": operation.estimated_total_rows,
        "processed": operation.processed_rows,
        "succeeded": operation.success_count,
        "failed": operation.error_count,
        "created": operation.inserted_at,
        "completed": operation.completed_at,
    }
    print_record({**fields, **({"failed rows": ", ".join(failed)} if failed else {})}, operation, as_json=json)
    if operation.status == "failed" or operation.error_count:
        raise typer.Exit(FAILED)


def show_journal(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The journal.")],
    *,
    failures: Annotated[int, typer.Option(min=0, metavar="N", help="Show at most this many failures.")] = 10,
    json: JSONOutput = False,
) -> None:
    """Show what the journal of a bulk job holds, also while the job runs; nothing is changed."""
    from ...bulk._summary import read_summary

    summary = read_summary(file, failures)
    if json:
        print_json(summary)
        return
    for line in summary.lines():
        print_line(clean(line))


@contextmanager
def _progress() -> Generator[Callable[[BulkOperation], object] | None, None, None]:
    """Show how far an operation is, if standard error is a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("waiting", total=None)

        def tell(present: BulkOperation) -> None:
            progress.update(
                task,
                description=present.status,
                completed=present.processed_rows,
                total=max(present.estimated_total_rows, present.processed_rows) or None,
            )

        yield tell
