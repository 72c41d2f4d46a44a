"""Values that commands take as text: JSON, files with JSON, properties."""

from __future__ import annotations

import json
import re
import sys
from datetime import datetime, timedelta, timezone
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from .._core.type_guards import is_object

if TYPE_CHECKING:
    from collections.abc import Collection

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
    try:
        return json.loads(read_source(text, option), parse_constant=_refuse_constant)
    except ValueError as error:
        raise typer.BadParameter(f"{_describe(text)} is not JSON: {error}.", param_hint=option) from None
    except RecursionError:
        raise typer.BadParameter(f"{_describe(text)} is JSON that is nested too deeply.", param_hint=option) from None


def read_source(text: str, option: str) -> str:
    """Return a text that was given itself, as `@FILE`, or as `-` for standard input."""
    if text != "-" and not text.startswith("@"):
        return text
    try:
        return sys.stdin.read() if text == "-" else Path(text[1:]).read_text("utf-8-sig")
    except OSError as error:
        raise typer.BadParameter(f"{text[1:]} cannot be read: {error.strerror}.", param_hint=option) from None
    except UnicodeDecodeError:
        raise typer.BadParameter(f"{_describe(text)} is not text in UTF-8.", param_hint=option) from None
    except ValueError as error:  # such as a path with a NUL
        raise typer.BadParameter(f"{text[1:]} cannot be read: {error}.", param_hint=option) from None


def read_properties(given: list[str] | None, option: str = "--property") -> dict[str, Any]:
    """Return properties that were given as `name=text` or `name:=json`."""
    properties: dict[str, Any] = {}
    for text in given or []:
        name, sign, value = text.partition("=")
        if not sign or not name.removesuffix(":"):
            raise typer.BadParameter(f"{text!r} is not NAME=VALUE.", param_hint=option)
        properties[name.removesuffix(":")] = read_json(value, option) if name.endswith(":") else value
    return properties


def read_data(data: str | None, properties: list[str] | None) -> dict[str, Any] | None:
    """Return the data that `--data` and `--property` say; None if neither was given."""
    if data is None and not properties:
        return None
    return {**(read_object(data) or {}), **read_properties(properties)}


def read_fields(
    data: str | None, properties: list[str] | None, named: dict[str, Any], known: Collection[str]
) -> dict[str, Any]:
    """Return the arguments of a method that stores named fields and custom properties.

    Args:
        data: the value of `--data`, which may have both.
        properties: the values of `--property`, which may have both too.
        named: the values of options of their own, None where one was not given; they take precedence.
        known: the named fields that the method has besides.
    """
    fields = read_data(data, properties) or {}
    arguments = {name: fields.pop(name) for name in (*named, *known) if name in fields}
    arguments |= {name: value for name, value in named.items() if value is not None}
    return {**arguments, "properties": fields} if fields else arguments


def one_of(*names: str) -> dict[str, Any]:
    """Return what an option needs whose value is one of several names: it is checked, and shells complete it."""

    def read_name(text: str) -> str:
        if text not in names:
            near = get_close_matches(text, names, 1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise typer.BadParameter(f"{text!r} is not one of {', '.join(names)}.{hint}")
        return text

    def complete(incomplete: str) -> list[str]:
        return [name for name in names if name.startswith(incomplete)]

    return {"parser": read_name, "autocompletion": complete}


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


def read_past(text: str, option: str) -> datetime:
    """Return a moment that was given in ISO 8601, or as a time before now such as `2h`."""
    return _read_near(text, option, -1)


def read_future(text: str, option: str) -> datetime:
    """Return a moment that was given in ISO 8601, or as a time from now such as `2h`."""
    return _read_near(text, option, 1)


def _read_near(text: str, option: str, direction: int) -> datetime:
    if _DURATION.fullmatch(text.strip()) is None:
        return read_moment(text, option)
    try:
        return datetime.now(timezone.utc) + direction * read_duration(text, option)
    except OverflowError:
        raise typer.BadParameter(f"{text!r} is further away than time goes.", param_hint=option) from None


def _describe(text: str) -> str:
    if text == "-":
        return "standard input"
    if text.startswith("@"):
        return text[1:]
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a value that JSON has")
