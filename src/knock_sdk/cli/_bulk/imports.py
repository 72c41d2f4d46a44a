"""`knock-sdk bulk import` and `knock-sdk bulk trigger`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ... import NOT_GIVEN
from .._errors import naming
from .._inputs import read_object, read_properties
from .._options import Data, JSONOutput, Property
from .._session import client_of
from . import jobs
from .cells import Empty
from .kinds import KINDS, ImportKind
from .options import (
    Concurrency,
    Delimiter,
    DryRun,
    EmptyCells,
    FailuresFile,
    Flat,
    FormatOption,
    InputFile,
    JournalFile,
    NoWait,
    RateLimitOption,
    Types,
    read_rate_limit,
    read_reading,
)
from .rows import open_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ... import Knock
    from ...bulk import BulkReport

IMPORT_EXAMPLE = "knock-sdk bulk import users users.csv --type seats=number --journal import.sqlite"
TRIGGER_EXAMPLE = "knock-sdk bulk trigger digest followers.txt --data '{\"week\": 7}' --journal digest.sqlite"

_KINDS_HELP = f"What the rows are: {', '.join(ImportKind)}."
_NAMES = {"journal": "--journal", "concurrency": "--concurrency", "collection": "--collection", "key": "--audience"}
"""Options, by the arguments that they become."""


def import_file(
    context: typer.Context,
    kind: Annotated[
        ImportKind, typer.Argument(metavar="KIND", help="What the rows are: " + ", ".join(ImportKind) + ".")
    ],
    file: InputFile,
    *,
    collection: Annotated[
        str | None, typer.Option(metavar="NAME", help="Collection of the objects, or of those that are subscribed to.")
    ] = None,
    audience: Annotated[str | None, typer.Option(metavar="KEY", help="Audience of the members.")] = None,
    create_audience: Annotated[
        bool, typer.Option("--create-audience", help="Create the audience if it does not exist.")
    ] = False,
    format: FormatOption = None,
    delimiter: Delimiter = None,
    types: Types = None,
    empty: EmptyCells = Empty.OMIT,
    flat: Flat = False,
    dry_run: DryRun = False,
    journal: JournalFile = None,
    failures: FailuresFile = None,
    rate_limit: RateLimitOption = None,
    concurrency: Concurrency = None,
    no_wait: NoWait = False,
    json: JSONOutput = False,
) -> None:
    """Create or update what the rows of a file say, any number of them.

    All rows are read before the first one is sent: one that cannot be read ends the command. A row that the API
    refuses fails alone. The exit status is 1 if any row has failed.
    """
    found = KINDS[kind]
    place = _place_of(kind, {"--collection": collection, "--audience": audience})
    options: dict[str, Any] = {"journal": journal, "concurrency": concurrency, "wait": not no_wait}
    if create_audience:
        if kind is not ImportKind.MEMBERS:
            raise typer.BadParameter("It is for members alone.", param_hint="--create-audience")
        options["create_audience"] = True
    reading = read_reading(file, format, delimiter, types, empty, flat=flat)
    most = read_rate_limit(rate_limit)
    with open_rows(file, reading) as rows:

        def send(client: Knock, items: Iterable[Any], options: Mapping[str, Any]) -> BulkReport:
            with naming(**_NAMES):
                return found.send(client, items, options, *([] if place is None else [place]))

        job = jobs.Job(rows, found.prepare, found.schema, send, options, failures, most)
        _check_or_run(context, job, dry_run=dry_run, as_json=json)


def trigger_from_file(
    context: typer.Context,
    workflow: Annotated[str, typer.Argument(metavar="WORKFLOW", help="Key of the workflow.")],
    file: InputFile,
    *,
    data: Data = None,
    properties: Property = None,
    tenant: Annotated[str | None, typer.Option(metavar="TENANT", help="Id of the tenant.")] = None,
    actor: Annotated[str | None, typer.Option(metavar="USER", help="Id of the user who caused it.")] = None,
    cancellation_key: Annotated[
        str | None, typer.Option(metavar="KEY", help="Key by which the runs can be cancelled later.")
    ] = None,
    format: FormatOption = None,
    delimiter: Delimiter = None,
    types: Types = None,
    empty: EmptyCells = Empty.OMIT,
    flat: Flat = False,
    dry_run: DryRun = False,
    journal: JournalFile = None,
    failures: FailuresFile = None,
    rate_limit: RateLimitOption = None,
    concurrency: Concurrency = None,
    json: JSONOutput = False,
) -> None:
    """Trigger a workflow for the recipients in a file, any number of them.

    A row is an id, or a user or an object with properties to store first. Without a journal, the same command
    notifies all of them again.
    """
    given = {**(read_object(data) or {}), **read_properties(properties)}
    reading = read_reading(file, format, delimiter, types, empty, flat=flat)
    most = read_rate_limit(rate_limit)
    options = {"journal": journal, "concurrency": concurrency}

    def send(client: Knock, items: Iterable[Any], options: Mapping[str, Any]) -> BulkReport:
        with naming(**{**_NAMES, "key": "WORKFLOW"}):
            return client.workflows.trigger_many(
                workflow,
                recipients=items,
                data=given or NOT_GIVEN,
                tenant=NOT_GIVEN if tenant is None else tenant,
                actor=NOT_GIVEN if actor is None else actor,
                cancellation_key=NOT_GIVEN if cancellation_key is None else cancellation_key,
                **options,
            )

    with open_rows(file, reading) as rows:
        job = jobs.Job(rows, _recipient, "RecipientRequest", send, options, failures, most)
        _check_or_run(context, job, dry_run=dry_run, as_json=json)


def _recipient(row: Any) -> object:
    return row


def _check_or_run(context: typer.Context, job: jobs.Job, *, dry_run: bool, as_json: bool) -> None:
    if dry_run:
        jobs.check(job, as_json=as_json)
        return
    with client_of(context) as client:
        jobs.run(job, client, as_json=as_json)


def _place_of(kind: ImportKind, given: Mapping[str, str | None]) -> str | None:
    """Return where the rows belong, as the option says that the kind has.

    Raises:
        BadParameter: It is missing, or the kind has no such option.
    """
    wanted = KINDS[kind].place
    for option, value in given.items():
        if option == wanted and value is None:
            raise typer.BadParameter(f"It is needed for {kind.value}.", param_hint=option)
        if option != wanted and value is not None:
            raise typer.BadParameter(f"It is not for {kind.value}.", param_hint=option)
    return given.get(wanted or "")
