"""The state of an export between two runs: what is exported, and how far it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from .._core.type_guards import is_object
from ._errors import ExportStateError
from ._files import replace_durably

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

VERSION: Literal[1] = 1
"""Version of the state file and of the columns; a file with another one is refused."""
_ANEW = "start over with resume=False"


class State(BaseModel):
    """How far an export is; the file of it never has the API key."""

    model_config = ConfigDict(extra="forbid", strict=True)

    version: Literal[1] = VERSION
    export: dict[str, Any]
    """What is exported: the list, its filters, the format."""
    phase: Literal["listing", "listed", "ready"] = "listing"
    """Whether pages are missing, all are there, or the output is complete and needs only its name."""
    cursor: str | None = None
    """Cursor of the next page; None for the first one."""
    length: int = 0
    """Length of the part file, in bytes, up to which it is complete."""
    items: int = 0
    """Number of items in it."""

    def after(self, length: int, items: int, cursor: str | None) -> State:
        """Return the state after another page of this length, with the cursor of the next one; None after the last."""
        return State(
            export=self.export,
            phase="listing" if cursor is not None else "listed",
            cursor=cursor,
            length=self.length + length,
            items=self.items + items,
        )

    def save(self, path: Path) -> None:
        """Write the state to its file, atomically."""
        replace_durably(path, json.dumps(self.model_dump(), indent=1).encode("ascii") + b"\n")


def load(path: Path, export: Mapping[str, Any]) -> State | None:
    """Return the state in a file; None if there is no file.

    Raises:
        ExportStateError: It is damaged, or belongs to another export.
        OSError: The file cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    state = _parse(content, path)
    if differences := "; ".join(_differences(state.export, export)):
        raise ExportStateError(
            f"belongs to another export: {differences}. Make the call as before, name another path, or {_ANEW}",
            str(path),
        )
    return state


def _parse(content: bytes, path: Path) -> State:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        raise ExportStateError(f"is damaged: it is not JSON; {_ANEW}", str(path)) from None
    if is_object(value) and isinstance(version := value.get("version"), int) and version != VERSION:
        raise ExportStateError(
            f"has version {version}, and this version of knock-sdk reads {VERSION}: finish the export with the version"
            f" that began it, or {_ANEW}",
            str(path),
        )
    try:
        state = State.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ExportStateError(f"is damaged: {place or 'it'}: {first['msg']}; {_ANEW}", str(path)) from None
    if state.length < 0 or state.items < 0:
        raise ExportStateError(f"is damaged: a length is negative; {_ANEW}", str(path))
    return state


def _differences(there: Mapping[str, Any], here: Mapping[str, Any], within: str = "") -> Iterator[str]:
    """Yield what differs between two exports, one sentence for each field."""
    for name in sorted(there.keys() | here.keys()):
        old, new = there.get(name), here.get(name)
        if is_object(old) and is_object(new):
            yield from _differences(old, new, f"{within}{name}.")
        elif old != new:
            yield f"{within}{name} is {_show(old)} there and {_show(new)} here"


def _show(value: object) -> str:
    return "absent" if value is None else json.dumps(value, ensure_ascii=False)
