"""Values that commands take as text: JSON, files with JSON, properties."""

from __future__ import annotations

import json
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import typer

from .._core.type_guards import is_object

_SHOWN = 40
_DURATION = re.compile(r"([0-9]{1,9})\s*([smhd]?)", re.ASCII)
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}


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


def read_bytes(path: str, option: str) -> bytes:
    """Return what is in a file; `-` is standard input."""
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be read: {error.strerror}.", param_hint=option) from None


def read_secret(path: str | None, option: str) -> str | None:
    """Return the text of a file that holds a key or a secret, without the line break at its end; None without a path.

    No error repeats a part of it.
    """
    if path is None:
        return None
    try:
        return read_bytes(path, option).decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise typer.BadParameter(f"{path} is not text in UTF-8.", param_hint=option) from None


def read_duration(text: str, option: str) -> timedelta:
    """Return a time such as `90s`, `15m`, `1h` or `7d`; a number alone is seconds."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise typer.BadParameter(f"{text!r} is not a time such as 90s, 15m, 1h or 7d.", param_hint=option)
    return timedelta(seconds=int(found[1]) * _SECONDS[found[2]])


def read_moment(text: str, option: str) -> datetime:
    """Return a moment that was given in ISO 8601; without an offset, it is in UTC."""
    from ..testing.state.clock import parse_moment

    moment = parse_moment(text)
    if moment is None:
        raise typer.BadParameter(f"{text!r} is not a time such as 2026-01-05T09:00:00Z.", param_hint=option)
    return moment


def _describe(text: str) -> str:
    if text == "-":
        return "standard input"
    if text.startswith("@"):
        return text[1:]
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a value that JSON has")
