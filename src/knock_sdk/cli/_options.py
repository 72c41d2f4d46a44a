"""Options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

JSONOutput = Annotated[
    bool, typer.Option("--json", help="Print JSON: one object, or for lists one object on each line.")
]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, metavar="N", help="Show at most this many.")]
All = Annotated[bool, typer.Option("--all", help="Show all, whatever their number.")]
Data = Annotated[
    str | None,
    typer.Option("--data", metavar="JSON", help="A JSON object: itself, @FILE, or - for standard input."),
]
Property = Annotated[
    list[str] | None,
    typer.Option(
        "--property",
        "-p",
        metavar="NAME=VALUE",
        help="A property: plan=pro is text, seats:=5 is JSON. May be repeated.",
    ),
]
UserId = Annotated[str, typer.Argument(metavar="USER", help="Id of the user.")]
