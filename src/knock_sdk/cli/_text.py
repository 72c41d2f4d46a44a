"""Text from elsewhere, made safe for terminals and for outputs of any encoding."""

from __future__ import annotations

import json
import os
import re
from datetime import datetime, timezone
from typing import Any

_COMMANDS = (*range(9), 11, 12, 13, *range(14, 32), *range(127, 160))
"""Control characters, which can move the cursor, rename the terminal or hide what stands before them."""
_DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""Characters that change the order in which the rest of a line is shown."""
_UNSAFE = dict.fromkeys((*_COMMANDS, *_DIRECTIONS), "\N{REPLACEMENT CHARACTER}")
_ESCAPED = {code: f"\\u{code:04x}" for code in (*range(127, 160), *_DIRECTIONS)}
"""The same inside JSON, which escapes the others itself."""
_KEY = re.compile(r"\bsk_\w{4,}")


def clean(text: str) -> str:
    """Return a text from elsewhere without characters that command a terminal; it may have several lines."""
    return text.replace("\r\n", "\n").translate(_UNSAFE)


def hide_keys(text: str) -> str:
    """Return a message without secret keys that someone typed in the wrong place."""
    key = os.environ.get("KNOCK_API_KEY")
    return _KEY.sub("sk_***", text.replace(key, "sk_***") if key else text)


def one_line(value: object) -> str:
    """Return a value as text without tabs and line ends, for a line of a pipe; times in UTC."""
    if isinstance(value, datetime):
        return _in_zone(value, timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
    return " ".join(clean(_describe(value)).split())


def cell(value: object, *, seconds: bool = True) -> str:
    """Return a value as text for a terminal; times in the zone of this machine."""
    if isinstance(value, datetime):
        return show_moment(value, seconds=seconds)
    return clean(_describe(value))


def to_json(value: object, *, encoding: str = "utf-8", indent: int | None = None) -> str:
    """Return a value as JSON that changes no terminal and loses nothing in an output of this encoding."""
    data = plain(value)
    text = json.dumps(data, ensure_ascii=False, indent=indent).translate(_ESCAPED)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return json.dumps(data, indent=indent)
    return text


def plain(value: object) -> Any:
    """Return a value as JSON has it; models with the names that the API uses."""
    from pydantic_core import to_jsonable_python

    return to_jsonable_python(value, by_alias=True)


def encodable(text: str, encoding: str | None) -> str:
    """Return a text that an output can encode: a pipe in Windows may know a few hundred characters only."""
    return text.encode(encoding or "utf-8", "replace").decode(encoding or "utf-8")


def show_moment(moment: datetime, *, seconds: bool = True) -> str:
    """Return a time in the zone of this machine, to the second or to the minute."""
    return _in_zone(moment, None).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def _in_zone(moment: datetime, zone: timezone | None) -> datetime:
    try:
        return moment.astimezone(zone)
    except (OSError, OverflowError, ValueError):  # the first and the last days that there are
        return moment


def _describe(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return str(value)
    return json.dumps(plain(value), ensure_ascii=False)
