"""Values that commands take as text: JSON, files with JSON, properties."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import typer

from .._core.type_guards import is_object

_SHOWN = 40


def read_object(text: str | None, option: str = "--data") -> dict[str, Any] | None:
    """Return a JSON object that was given itself, as `@FILE`, or as `-` for standard input.

    Raises:
        BadParameter: It is no JSON object, or the file cannot be read.
    """
    if text is None:
        return None
    value = read_json(text, option)
    if not is_object(value):
        raise typer.BadParameter(
            f"{_describe(text)} is not a JSON object such as " + """'{"name": "Ian"}'.""", param_hint=option
        )
    return value


def read_json(text: str, option: str) -> Any:
    """Return what JSON says that was given itself, as `@FILE`, or as `-` for standard input."""
    source = text
    if text == "-":
        source = sys.stdin.read()
    elif text.startswith("@"):
        try:
            source = Path(text[1:]).read_text("utf-8-sig")
        except OSError as error:
            raise typer.BadParameter(f"{text[1:]} cannot be read: {error.strerror}.", param_hint=option) from None
        except UnicodeDecodeError:
            raise typer.BadParameter(f"{text[1:]} is not text in UTF-8.", param_hint=option) from None
    try:
        return json.loads(source, parse_constant=_refuse_constant)
    except ValueError as error:
        raise typer.BadParameter(f"{_describe(text)} is not JSON: {error}.", param_hint=option) from None


def read_properties(given: list[str] | None, option: str = "--property") -> dict[str, Any]:
    """Return properties that were given as `name=text` or `name:=json`."""
    properties: dict[str, Any] = {}
    for text in given or []:
        name, sign, value = text.partition("=")
        if not sign or not name.removesuffix(":"):
            raise typer.BadParameter(f"{text!r} is not NAME=VALUE.", param_hint=option)
        properties[name.removesuffix(":")] = read_json(value, option) if name.endswith(":") else value
    return properties


def _describe(text: str) -> str:
    if text == "-":
        return "standard input"
    if text.startswith("@"):
        return text[1:]
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a value that JSON has")
