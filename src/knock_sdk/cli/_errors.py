"""What a command prints, and the status with which it ends, when it fails."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup
from typing_extensions import override

from ..errors import ConfigurationError, InvalidArgumentError, KnockError
from ._console import print_error

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import NoReturn

FAILED = 1
MISUSED = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells say


class Commands(TyperGroup):
    """Commands whose errors are printed as one line, without a traceback."""

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
    def invoke(self, ctx: Any) -> Any:  # the context's class is part of Typer only in newer versions
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except (ConfigurationError, InvalidArgumentError) as error:
            fail(str(error), MISUSED)
        except KnockError as error:
            fail(str(error))
        except BrokenPipeError:
            # Whoever reads has seen enough. Python must not write what is left when it ends.
            sys.stdout = None
            raise typer.Exit(0) from None
        except OSError as error:
            fail(f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error))
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None


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
