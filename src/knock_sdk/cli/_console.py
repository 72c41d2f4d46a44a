"""Where commands print: tables and colours in a terminal, plain lines in a pipe, JSON where it is asked for."""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from ._text import cell, clean, encodable, hide_keys, one_line, plain, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import TypeVar

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.text import Text

    T = TypeVar("T")

__all__ = [
    "Styled",
    "clean",
    "in_terminal",
    "output",
    "plain",
    "print_done",
    "print_error",
    "print_grid",
    "print_json",
    "print_json_line",
    "print_line",
    "print_list",
    "print_markdown",
    "print_note",
    "print_record",
    "print_row",
    "print_text",
    "to_text",
]

_LEAST = 14
"""Cells that a column of a table needs, unless its texts are shorter."""
_BELOW = "id"
"""The column that can stand below the others."""


class Styled(NamedTuple):
    """A value and the style that it has in a terminal."""

    value: object
    style: str


def in_terminal() -> bool:
    """Return whether standard output is a terminal, so that tables are drawn; colours do not depend on it alone."""
    return sys.stdout.isatty()


def output() -> Console:
    """Return the console of standard output; made anew, since tests and shells replace it."""
    from rich.console import Console

    return Console(highlight=False, markup=False, soft_wrap=not sys.stdout.isatty())


def print_error(message: str) -> None:
    """Print what went wrong to standard error, with a sign in front."""
    _print_to_stderr(("Error: ", "bold red"), message, "")


def print_note(message: str) -> None:
    """Print something about the output, to standard error, so that pipes do not get it."""
    _print_to_stderr(("", ""), message, "dim")


def print_done(message: str, value: object = None, *, as_json: bool = False) -> None:
    """Print that something has been carried out, or a value that says so as JSON."""
    if as_json:
        print_json(value)
    else:
        print_text(message)


def print_json(value: object) -> None:
    """Print a value as one line of JSON, in a terminal with indentation."""
    encoding = sys.stdout.encoding or "utf-8"
    print(to_json(value, encoding=encoding, indent=2 if sys.stdout.isatty() else None), flush=True)


def print_json_line(value: object) -> None:
    """Print a value as one line of JSON, in a terminal too."""
    print(to_json(value, encoding=sys.stdout.encoding or "utf-8"), flush=True)


def print_line(text: str) -> None:
    """Print a line at once: whoever reads the pipe may wait for it."""
    print(encodable(text, sys.stdout.encoding), flush=True)


def print_text(text: str) -> None:
    """Print a text of this program, with line ends between words in a terminal."""
    if sys.stdout.isatty():
        output().print(to_text(text))
    else:
        print_line(clean(text))


def print_record(fields: Mapping[str, object], value: object, *, as_json: bool) -> None:
    """Print one thing: its fields below each other, or the value as JSON."""
    if as_json:
        print_json(value)
    elif not sys.stdout.isatty():
        for name, field in fields.items():
            print_line(f"{name}\t{one_line(_value_of(field))}")
    else:
        output().print(_record(fields))


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
        items: what is shown; no more are fetched than the limit asks for, and one, to see whether there are more.
        fields: returns the cells of an item, by the headings of their columns; the same headings for each item.
        as_json: whether JSON is printed.
        limit: the highest number of items; None for all.
        nothing: what is said, in a terminal, if there are none.
    """
    if as_json:
        for item in islice(items, limit):
            print_json_line(item)
    elif not sys.stdout.isatty():
        for item in islice(items, limit):
            print_line("\t".join(one_line(_value_of(value)) for value in fields(item).values()))
    else:
        rows = [fields(item) for item in islice(items, None if limit is None else limit + 1)]
        _print_table(rows[:limit], nothing)
        if limit is not None and len(rows) > limit:
            print_note(f"The first {limit:,} are shown; --limit N shows more, --all shows all.")


def print_row(row: Mapping[str, object], value: object, *, as_json: bool) -> None:
    """Print one of many things that come one after another: a line, at once."""
    if as_json:
        print_json_line(value)
    elif not sys.stdout.isatty():
        print_line("\t".join(one_line(_value_of(each)) for each in row.values()))
    else:
        from rich.text import Text

        ordered = sorted(row.items(), key=lambda each: each[0] == _BELOW)
        parts = [to_text(value) for _, value in ordered if value is not None]
        output().print(Text("  ").join(parts), overflow="fold")


def print_grid(rows: Sequence[Sequence[object]]) -> None:
    """Print rows of cells, the last of which is as wide as it needs to be: in columns, or with tabs in a pipe."""
    if not sys.stdout.isatty():
        for row in rows:
            print_line("\t".join(one_line(_value_of(value)) for value in row))
        return
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    for _ in rows[0]:
        grid.add_column(overflow="fold")
    for row in rows:
        grid.add_row(*map(to_text, row))
    output().print(grid)


def to_text(value: object, *, seconds: bool = True, lines: bool = False) -> Text:
    """Return a value as text for a terminal: in one line, unless it may have several; times to the second."""
    from rich.text import Text

    value, style = (value.value, value.style) if isinstance(value, Styled) else (value, "")
    shown = cell(value, seconds=seconds)
    return Text(encodable(shown if lines else " ".join(shown.split()), sys.stdout.encoding), style)


def _print_table(rows: Sequence[Mapping[str, object]], nothing: str) -> None:
    """Print a table or, where it does not fit, one with the ids below the rows, or the fields below each other."""
    if not rows:
        print_note(nothing)
        return
    console = output()
    cells = [{heading: to_text(value, seconds=False) for heading, value in row.items()} for row in rows]
    widths = {heading: max(len(heading), *(row[heading].cell_len for row in cells)) for heading in cells[0]}
    others = [heading for heading in widths if heading != _BELOW]
    if _room(widths.values()) <= console.width:
        _print_lines(console, cells, widths)
    elif _BELOW in widths and _room(widths[each] for each in others) <= console.width:
        _print_lines(console, cells, {heading: widths[heading] for heading in others})
    elif _room(min(width, _LEAST) for width in widths.values()) <= console.width:
        _print_folded(console, cells)
    else:
        for index, row in enumerate(rows):
            if index:
                console.print()
            console.print(_record(row))


def _room(widths: Iterable[int]) -> int:
    listed = list(widths)
    return sum(listed) + 2 * (len(listed) - 1)


def _print_lines(console: Console, rows: Sequence[Mapping[str, Text]], widths: Mapping[str, int]) -> None:
    """Print a line for each row, and its id on a second one if it has no column."""
    from rich.text import Text

    def print_row(row: Mapping[str, Text], style: str = "") -> None:
        padded = (Text.assemble(row[name], " " * (widths[name] - row[name].cell_len)) for name in widths)
        line = Text("  ", style).join(padded)
        line.rstrip()
        console.print(line, style=style)

    print_row({name: Text(name) for name in widths}, "bold")
    for row in rows:
        print_row(row)
        if _BELOW in row and _BELOW not in widths:
            console.print(Text.assemble("  ", row[_BELOW]), style="dim")


def _print_folded(console: Console, rows: Sequence[Mapping[str, Text]]) -> None:
    from rich.table import Table

    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0), pad_edge=False)
    for heading in rows[0]:
        table.add_column(heading, overflow="fold")
    for each in rows:
        table.add_row(*each.values())
    console.print(table)


def _record(fields: Mapping[str, object]) -> RenderableType:
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", overflow="fold")
    grid.add_column(overflow="fold")
    for name, field in fields.items():
        grid.add_row(to_text(name), to_text(field, lines=True))
    return grid


def _value_of(field: object) -> object:
    return field.value if isinstance(field, Styled) else field


def _print_to_stderr(sign: tuple[str, str], message: str, style: str) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=not sys.stderr.isatty())
    text = encodable(hide_keys(clean(message)), sys.stderr.encoding)
    console.print(Text.assemble(sign, (text, style)))


def print_markdown(text: str) -> None:
    """Print Markdown: drawn in a terminal, and with the same lines in a pipe, of eighty columns at most."""
    from io import StringIO

    from rich.console import Console
    from rich.markdown import Heading, Markdown
    from rich.text import Text

    class LeftHeading(Heading):
        """A heading that begins where its text does."""

        def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
            sign = "" if sys.stdout.isatty() else "#" * int(self.tag[1:]) + " "
            shown = Text.assemble(sign, self.text)
            shown.justify = "left"
            yield shown

    class Drawn(Markdown):
        elements: ClassVar = {**Markdown.elements, "heading_open": LeftHeading}

    drawn = Drawn(encodable(text, sys.stdout.encoding), hyperlinks=False)
    if sys.stdout.isatty():
        output().print(drawn)
        return
    console = Console(file=StringIO(), width=80, color_system=None, force_terminal=False)
    with console.capture() as captured:
        console.print(drawn)
    for line in captured.get().splitlines():
        print_line(line.rstrip())
