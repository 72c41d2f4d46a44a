"""Commands made of the programs `python -m knock_sdk.…`: the same options, declared once, as Typer has them."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .._core.programs import ProgramError
from ._errors import fail

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._core.programs import Options


class _Declared:
    """Takes what `argparse.ArgumentParser.add_argument` takes, and makes parameters of a Typer command of it."""

    def __init__(self, parameters: list[Parameter], panel: str | None = None) -> None:
        """Collect parameters for a panel of the help."""
        self._parameters = parameters
        self._panel = panel

    def add_argument_group(self, title: str) -> _Declared:
        """Return what takes the options below a heading."""
        return _Declared(self._parameters, title[0].upper() + title[1:])

    def add_argument(self, *names: str, **settings: Any) -> None:
        """Declare an option or an argument."""
        action, default, parse = settings.get("action"), settings.get("default"), settings.get("type")
        text: str = settings["help"]
        texts: dict[str, Any] = {
            "help": f"{text[0].upper()}{text[1:]}.",
            "metavar": settings.get("metavar"),
            "rich_help_panel": self._panel,
        }
        if names[0].startswith("-"):
            if parse is not None:
                texts["parser"] = _parser(parse)
            # Defaults are part of the help.
            declared: Any = typer.Option(*names, show_default=False, **texts)
            name = next(each for each in names if each.startswith("--"))
        else:
            declared = typer.Argument(show_default=False, **texts)
            name = names[0]
        kind: Any = str | None
        if action == "store_true":
            kind, default = bool, False
        elif action == "append" or settings.get("nargs") == "+":
            kind = list[str]
        self._parameters.append(
            Parameter(
                name.removeprefix("--").replace("-", "_"),
                Parameter.KEYWORD_ONLY,
                default=Parameter.empty if settings.get("nargs") == "+" else default,
                annotation=Annotated[kind, declared],
            )
        )


def program(
    declare: Callable[[Options], None],
    check: Callable[[Namespace], None],
    run: Callable[[Namespace], int],
) -> Callable[..., None]:
    """Return a function that Typer can make a command of.

    Args:
        declare: declares the options, as for `argparse`.
        check: raises a ValueError if options cannot be used together.
        run: does the work, and returns the exit status.
    """
    parameters: list[Parameter] = []
    declare(_Declared(parameters))

    def command(**given: Any) -> None:
        options = Namespace(**given)
        try:
            check(options)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
        try:
            status = run(options)
        except ProgramError as error:
            fail(str(error), error.status)
        raise typer.Exit(status)

    command.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    return command


def _parser(parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def parse_as_typer(value: Any) -> Any:
        try:
            return parse(value) if isinstance(value, str) else value  # a default is parsed already
        except (ArgumentTypeError, ValueError) as error:
            raise typer.BadParameter(str(error)) from None

    return parse_as_typer
