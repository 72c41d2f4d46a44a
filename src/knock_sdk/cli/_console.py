"""Where commands print: tables and colours in a terminal, plain lines in a pipe, JSON where it is asked for."""

from __future__ import annotations

import json
import sys
from itertools import islice
from typing import TYPE_CHECKING, Any

from pydantic_core import to_jsonable_python
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeVar

    T = TypeVar("T")

_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160)), "\N{REPLACEMENT CHARACTER}")
"""Characters with which a text could move the cursor or rename the terminal."""


def output() -> Console:
    """Return the console of standard output; made anew, since tests and shells replace it."""
    return Console(highlight=False, markup=False, soft_wrap=not sys.stdout.isatty())


def print_error(message: str) -> None:
    """Print what went wrong to standard error, with a sign in front."""
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=not sys.stderr.isatty())
    console.print(Text.assemble(("Error: ", "bold red"), _encodable(clean(message), sys.stderr)))


def print_note(message: str) -> None:
    """Print something about the output, to standard error, so that pipes do not get it."""
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=not sys.stderr.isatty())
    console.print(Text(_encodable(clean(message), sys.stderr), "dim"))


def print_done(message: str) -> None:
    """Print that something has been carried out."""
    output().print(Text(_encodable(clean(message), sys.stdout)))


def print_line(text: str) -> None:
    """Print a line at once: whoever reads the pipe may wait for it."""
    print(_encodable(text, sys.stdout), flush=True)


def print_json(value: object) -> None:
    """Print a value as one line of JSON, in a terminal with indentation."""
    print_line(json.dumps(plain(value), ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))


def print_record(fields: Mapping[str, object], value: object, *, as_json: bool) -> None:
    """Print one thing: its fields below each other, or the value as JSON."""
    if as_json:
        print_json(value)
        return
    if not sys.stdout.isatty():
        for name, field in fields.items():
            print_line(f"{name}\t{_one_line(field)}")
        return
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, field in fields.items():
        grid.add_row(name, _cell(field))
    output().print(grid)


def print_list(
    items: Iterable[T],
    fields: Callable[[T], Mapping[str, object]],
    *,
    as_json: bool,
    limit: int | None = None,
    nothing: str = "There is nothing to show.",
) -> None:
    """Print many things: a table in a terminal, lines with tabs in a pipe, or a JSON object on each line.

    Args:
        items: what is shown; no more are fetched than the limit asks for.
        fields: returns the cells of an item, by the headings of their columns; the same headings for each item.
        as_json: whether JSON is printed.
        limit: the highest number of items; None for all.
        nothing: what is said, in a terminal, if there are none.
    """
    shown = islice(items, limit)
    if as_json:
        for item in shown:
            print_line(json.dumps(plain(item), ensure_ascii=False))
    elif not sys.stdout.isatty():
        for item in shown:
            print_line("\t".join(_one_line(value) for value in fields(item).values()))
    else:
        _print_table([fields(item) for item in shown], limit, nothing)


def _print_table(rows: list[Mapping[str, object]], limit: int | None, nothing: str) -> None:
    if not rows:
        print_note(nothing)
        return
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0), pad_edge=False)
    for heading in rows[0]:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(_cell, row.values()))
    output().print(table)
    if limit is not None and len(rows) == limit:
        print_note(f"The first {limit:,} are shown; --limit N shows more, --all shows all.")


def plain(value: object) -> object:
    """Return a value as JSON has it; models with the names that the API uses."""
    return to_jsonable_python(value, by_alias=True)


def clean(text: str) -> str:
    """Return a text from elsewhere without characters that command a terminal."""
    return text.translate(_CONTROL)


def _cell(value: object) -> Text:
    if isinstance(value, Text):
        return value
    return Text("" if value is None else _encodable(clean(_shown(value)), sys.stdout))


def _one_line(value: object) -> str:
    text = "" if value is None else value.plain if isinstance(value, Text) else _shown(value)
    return " ".join(clean(text).split())


def _shown(value: object) -> str:
    from datetime import datetime

    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return str(value)
    return json.dumps(plain(value), ensure_ascii=False)


def _encodable(text: str, stream: Any) -> str:
    """Return a text that the stream can encode: a pipe in Windows may know a few hundred characters only."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
