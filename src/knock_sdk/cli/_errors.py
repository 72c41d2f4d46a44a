"""What a command prints, and the status with which it ends, when it fails."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup
from typing_extensions import override

from ..errors import APIStatusError, ConfigurationError, InvalidArgumentError, KnockError
from ._console import print_error, print_note

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import NoReturn

DONE = 0
FAILED = 1
MISUSED = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells say


class Commands(TyperGroup):
    """A group of commands; without one, it shows its help."""

    # The context's class is part of Typer only in newer versions.
    @override
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments."""
        if not args and not ctx.resilient_parsing:
            print(ctx.get_help(), end="")
            raise typer.Exit(MISUSED)
        return super().parse_args(ctx, args)

    def __init__(self, **settings: Any) -> None:
        """Take the settings of a group."""
        super().__init__(**settings)
        self.help = _without_breaks(self.help)

    @override
    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, with help that fits any width."""
        command: Any = super().get_command(ctx, cmd_name)
        if command is not None:
            command.help = _without_breaks(command.help)
        return command

    @override
    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # Typer would end with 1
            _leave_pipe()


def carry_out(call: Callable[[], Any]) -> int:
    """Run the command, and print its error as one line, without a traceback; return the exit status."""
    try:
        status = call()
    except SystemExit as ended:
        status = ended.code
    except KeyboardInterrupt:
        status = INTERRUPTED
    except typer.Abort as aborted:  # a question was not answered
        status = INTERRUPTED if isinstance(aborted.__context__, KeyboardInterrupt) else FAILED
    except (typer.TyperException, KnockError, OSError) as error:
        status = _report(error)
    return status if isinstance(status, int) else DONE


@contextmanager
def naming(**options: str) -> Generator[None, None, None]:
    """Name options, by the arguments that they become, in errors about the arguments of a function."""
    try:
        yield
    except (ConfigurationError, InvalidArgumentError) as error:
        name, _, problem = str(error).partition(": ")
        if name not in options:
            raise
        fail(f"{options[name]}: {problem}", MISUSED)


def _without_breaks(text: str | None) -> str | None:
    """Return a docstring without the line breaks in its paragraphs, which Typer would show."""
    if text is None:
        return None
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in cleandoc(text).split("\n\n"))


def fail(message: str, status: int = FAILED) -> NoReturn:
    """Print an error and end the command."""
    print_error(message)
    raise typer.Exit(status)


def confirm(question: str, *, yes: bool) -> None:
    """Ask before something that cannot be undone, unless the option --yes was given.

    Raises:
        Exit: The answer is no, or nobody can be asked.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        fail(f"{question} Add --yes: nobody can be asked where the input is no terminal.", MISUSED)
    if not typer.confirm(question, err=True):
        print_note("Nothing was changed.")
        raise typer.Exit(FAILED)


def _report(error: typer.TyperException | KnockError | OSError) -> int:
    """Print an error; return the exit status."""
    if isinstance(error, typer.TyperException):
        print_error(error.format_message())
        if (context := getattr(error, "ctx", None)) is not None:
            print_note(f"{context.command_path} --help shows how it is used.")
        return MISUSED
    if isinstance(error, OSError):
        print_error(f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error))
        return FAILED
    print_error(str(error))
    if isinstance(error, APIStatusError):
        for each in error.errors:
            print_note("  " + ": ".join(part for part in (each.field, each.message or each.type) if part))
    return MISUSED if isinstance(error, ConfigurationError | InvalidArgumentError) else FAILED


def _leave_pipe() -> NoReturn:
    # Whoever reads has seen enough. Python must not write what is left when it ends.
    sys.stdout = None
    raise typer.Exit(DONE) from None
