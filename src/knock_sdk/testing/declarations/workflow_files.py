"""Workflows from files as Knock's CLI pulls them: `workflow.json`, with templates in files beside it.

A name that ends with `@` holds the path of a file instead of a value, relative to the file that it stands in.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import from_json

from ..._core.type_guards import is_array, is_object
from .workflow_file_steps import Unsupported, step_of

if TYPE_CHECKING:
    from os import PathLike

    from ..state.json_objects import JSON
    from ..state.steps import Step

FILE = "workflow.json"
_REFERENCE = "@"


class Loaded(NamedTuple):
    """A workflow from a file."""

    file: Path
    key: str
    options: dict[str, Any]
    """What `Simulator.workflow` takes besides."""
    channels: dict[str, str]
    """The types of the channels that it sends to, by their keys."""


def load(path: str | PathLike[str], *, skip_unsupported: bool) -> list[Loaded]:
    """Read workflows.

    Args:
        path: a file, the folder of a workflow, or a folder of such folders.
        skip_unsupported: whether steps that are not simulated are passed over instead of refused.

    Raises:
        ValueError: A file is malformed, or has a step that is not simulated.
        OSError: A file cannot be read.
    """
    place = Path(path)
    if not place.is_dir():
        return [_workflow(place, skip_unsupported=skip_unsupported)]
    files = [place / FILE] if (place / FILE).is_file() else sorted(place.glob(f"*/{FILE}"))
    if not files:
        raise FileNotFoundError(f"{place}: there is no {FILE} in it, nor in a folder in it")
    return [_workflow(file, skip_unsupported=skip_unsupported) for file in files]


def _workflow(file: Path, *, skip_unsupported: bool) -> Loaded:
    content = _resolved(_json(file), file)
    listed = content.get("steps")
    if not is_array(listed):
        raise ValueError(f"{file}: steps is missing")
    read_only = content.get("__readonly")
    known: JSON = {**content, **(read_only if is_object(read_only) else {})}
    steps: list[Step] = []
    channels: dict[str, str] = {}
    for index, each in enumerate(listed):
        at = f"{file}: steps.{index}"
        if not is_object(each):
            raise ValueError(f"{at} is no object")
        try:
            step, kind = step_of(each)
        except Unsupported as error:
            if skip_unsupported:
                continue
            raise ValueError(f"{at} ({each.get('ref')}): {error}; unsupported='skip' passes over it") from None
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{at} ({each.get('ref')}): {error}") from error
        steps.append(step)
        channels.update(kind)
    settings = content.get("settings")
    settings = settings if is_object(settings) else {}
    options: dict[str, Any] = {
        "active": known.get("active", True),
        "categories": known.get("categories") or (),
        "commercial": settings.get("is_commercial", False),
        "conditions": known.get("conditions") or (),
        "data_schema": known.get("trigger_data_json_schema"),
        "name": known.get("name"),
        "override_preferences": settings.get("override_preferences", False),
        "steps": steps,
        "trigger_frequency": known.get("trigger_frequency") or "every_trigger",
    }
    return Loaded(file, str(known.get("key") or file.absolute().parent.name), options, channels)


def _json(file: Path) -> JSON:
    try:
        content: Any = from_json(file.read_bytes())
    except ValueError as error:
        raise ValueError(f"{file}: is not JSON: {error}") from None
    if not is_object(content):
        raise ValueError(f"{file}: holds no object")
    return content


def _resolved(value: Any, file: Path) -> Any:
    """Return a value with the content of the files that it refers to in their place."""
    if is_array(value):
        return [_resolved(element, file) for element in value]
    if not is_object(value):
        return value
    found: JSON = {}
    for name, inner in value.items():
        if name.endswith(_REFERENCE) and isinstance(inner, str):
            found[name.removesuffix(_REFERENCE)] = _content(_inside(file, inner))
        else:
            found[name] = _resolved(inner, file)
    return found


def _content(file: Path) -> Any:
    if file.suffix == ".json":
        return _resolved(from_json(file.read_bytes()), file)
    return file.read_text(encoding="utf-8")


def _inside(file: Path, relative: str) -> Path:
    """Return the file that a path means; paths that lead out of the folder are refused."""
    target = (file.parent / relative).resolve()
    if not target.is_relative_to(file.parent.resolve()):
        raise ValueError(f"{file}: {relative} leads out of the folder")
    return target
