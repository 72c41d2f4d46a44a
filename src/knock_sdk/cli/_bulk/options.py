"""Options of the commands that send a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .cells import CellType, Empty
from .rows import Format, Reading, format_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_HOW = "How the file is read"
_RUN = "How it is sent"

InputFile = Annotated[str, typer.Argument(metavar="FILE", help="The file; - for standard input.")]
FormatOption = Annotated[
    Format | None,
    typer.Option(
        "--format",
        help="CSV, JSON lines, or a plain id on each line; by the extension (.csv, .tsv, .jsonl, .ndjson, .txt) if"
        " left out.",
        rich_help_panel=_HOW,
    ),
]
Delimiter = Annotated[
    str | None,
    typer.Option(
        metavar="CHARACTER", help="What separates cells; a comma, or a tab for .tsv, if left out.", rich_help_panel=_HOW
    ),
]
Types = Annotated[
    list[str] | None,
    typer.Option(
        "--type",
        metavar="NAME=TYPE",
        help="Type of a column: text, number, boolean or json. May be repeated. Other columns are text, apart from"
        " those whose name in the header ends with := and which are json.",
        rich_help_panel=_HOW,
    ),
]
EmptyCells = Annotated[
    Empty,
    typer.Option(
        "--empty",
        help="What an empty cell does: omit leaves the field as it is stored, null clears it, text stores empty text.",
        rich_help_panel=_HOW,
    ),
]
Flat = Annotated[
    bool,
    typer.Option(
        "--flat", help="Take dots in names as they are; otherwise a.b is the field b of a.", rich_help_panel=_HOW
    ),
]
JournalFile = Annotated[
    str | None,
    typer.Option(
        "--journal",
        metavar="FILE",
        help="Record what was sent, so that the same command resumes after an interruption.",
        rich_help_panel=_RUN,
    ),
]
FailuresFile = Annotated[
    str | None,
    typer.Option(
        "--failures", metavar="FILE", help="Write rows that fail to a file, as JSON lines.", rich_help_panel=_RUN
    ),
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Check all rows on this machine, and send nothing.", rich_help_panel=_RUN),
]
RateLimitOption = Annotated[
    float | None,
    typer.Option(
        "--rate-limit",
        metavar="N",
        help="Send at most this many requests a second; the API's limit for the operation if left out.",
        rich_help_panel=_RUN,
    ),
]
Concurrency = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=1000,
        metavar="N",
        help="Requests at the same time; what the limit can use if left out.",
        rich_help_panel=_RUN,
    ),
]
NoWait = Annotated[
    bool,
    typer.Option("--no-wait", help="Do not wait until the API's bulk operations have ended.", rich_help_panel=_RUN),
]


def read_reading(
    file: str, format: Format | None, delimiter: str | None, types: Sequence[str] | None, empty: Empty, *, flat: bool
) -> Reading:
    """Return how a file is read.

    Raises:
        BadParameter: An option is malformed, or does not go with the format.
    """
    found = format_of(file, format)
    if found is not Format.CSV:
        given: dict[str, Any] = {"--delimiter": delimiter, "--type": types, "--flat": flat}
        name = next((name for name, value in given.items() if value), None)
        if name is not None or empty is not Empty.OMIT:
            raise typer.BadParameter("It is for CSV alone.", param_hint=name or "--empty")
        return Reading(found)
    if delimiter is None:
        delimiter = "\t" if file.lower().endswith(".tsv") else ","
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise typer.BadParameter("It is one character, or tab.", param_hint="--delimiter")
    return Reading(found, delimiter, _read_types(types or []), empty, flat)


def read_rate_limit(most: float | None) -> float | None:
    """Return a rate limit.

    Raises:
        BadParameter: It is not above zero.
    """
    if most is not None and not 0 < most < float("inf"):
        raise typer.BadParameter("It is a number of requests a second, above 0.", param_hint="--rate-limit")
    return most


def _read_types(given: Sequence[str]) -> dict[str, CellType]:
    types: dict[str, CellType] = {}
    names = [each.value for each in CellType]
    for text in given:
        name, sign, kind = text.rpartition("=")
        if not sign or not name or kind not in names:
            raise typer.BadParameter(
                f"{text!r} is not NAME=TYPE, with one of the types {', '.join(names)}.", param_hint="--type"
            )
        types[name] = CellType(kind)
    return types
