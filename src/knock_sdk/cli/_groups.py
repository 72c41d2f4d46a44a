"""Groups of commands, and those whose modules are imported only when they are used, so that others start quickly."""

from __future__ import annotations

from importlib import import_module
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import typer
from typer.core import TyperCommand
from typer.main import get_command
from typing_extensions import override

from ._errors import Commands

if TYPE_CHECKING:
    from collections.abc import Mapping


_NARROW = 60
"""Columns below which the frames and columns of Typer's help would cut the names of options."""


def new_group() -> typer.Typer:
    """Create a group of commands; with one command alone, it is that command."""
    return typer.Typer(cls=Commands, add_completion=False, rich_markup_mode=markup_mode())


def markup_mode() -> Literal["rich"] | None:
    """Return how Typer draws the help: in frames, or as plain text where there is little room."""
    return "rich" if get_terminal_size().columns >= _NARROW else None


def context_settings() -> dict[str, Any]:
    """Return what all commands have in common: the options that show help, and the width of plain help."""
    columns = get_terminal_size().columns
    return {"help_option_names": ["-h", "--help"], "terminal_width": columns if columns < _NARROW else None}


class Deferred(NamedTuple):
    """A command, or a group of commands, that is not imported yet."""

    module: str
    """Name of the module below `knock_sdk.cli`; its `app` has the command, or the group."""
    help: str
    """What the help of the whole command says about it."""
    panel: str
    """The part of the help in which it stands."""


class DeferredCommands(Commands):
    """The group of all commands, of which only the chosen one is imported. Subclasses set what there is."""

    deferred: Mapping[str, Deferred]

    def __init__(self, **attributes: Any) -> None:
        """Add what is not imported yet, for the help and for suggestions."""
        super().__init__(**attributes)
        self.commands = {
            **{
                name: TyperCommand(name, callback=None, help=each.help, rich_help_panel=each.panel)
                for name, each in self.deferred.items()
            },
            **self.commands,
        }

    @override
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Import the command that is named, and return it."""
        if (each := self.deferred.get(args[0])) is not None:
            self.commands[args[0]] = load(args[0], each)
        return super().resolve_command(ctx, args)


def load(name: str, deferred: Deferred) -> Any:
    """Return a command or a group, imported."""
    app: typer.Typer = import_module(f"{__package__}.{deferred.module}").app
    command = get_command(app)
    command.name, command.help = name, command.help or deferred.help
    return command
