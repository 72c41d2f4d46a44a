"""Workflow files as pulled by Knock's CLI: `workflow.json`, with templates in files beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..._core.type_guards import is_array, is_object
from . import knock_files
from .workflow_file_steps import Unsupported, parse_step

if TYPE_CHECKING:
    from os import PathLike

    from ..state.json_objects import JSON
    from ..state.steps import Step

FILE = "workflow.json"


class LoadedWorkflow(NamedTuple):
    """A workflow from a file."""

    file: Path
    key: str
    options: dict[str, Any]
    """The other arguments of `Simulator.workflow`."""
    channels: dict[str, str]
    """Types of the channels that the workflow sends to, by their keys."""


def load(path: str | PathLike[str], *, skip_unsupported: bool) -> list[LoadedWorkflow]:
    """Read workflow files.

    Args:
        path: a file, the folder of a workflow, or a folder of such folders.
        skip_unsupported: whether to leave out steps that are not simulated, instead of raising.

    Raises:
        ValueError: A file is malformed, or contains a step that is not simulated.
        OSError: A file cannot be read.
    """
    root = Path(path)
    if not root.is_dir():
        return [_load_file(root, skip_unsupported=skip_unsupported)]
    files = [root / FILE] if (root / FILE).is_file() else sorted(root.glob(f"*/{FILE}"))
    if not files:
        raise FileNotFoundError(f"{root}: there is no {FILE} in this folder or in a folder directly below it")
    return [_load_file(file, skip_unsupported=skip_unsupported) for file in files]


def _load_file(file: Path, *, skip_unsupported: bool) -> LoadedWorkflow:
    content = knock_files.read(file)
    step_contents = content.get("steps")
    if not is_array(step_contents):
        raise ValueError(f"{file}: steps is missing, or is not a list")
    read_only = content.get("__readonly")
    fields: JSON = {**content, **(read_only if is_object(read_only) else {})}
    steps: list[Step] = []
    channels: dict[str, str] = {}
    for index, each in enumerate(step_contents):
        at = f"{file}: steps.{index}"
        if not is_object(each):
            raise ValueError(f"{at} is not an object")
        try:
            step, channel_types = parse_step(each)
        except Unsupported as error:
            if skip_unsupported:
                continue
            raise ValueError(f"{at} ({each.get('ref')}): {error}; unsupported='skip' leaves it out") from None
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{at} ({each.get('ref')}): {error}") from error
        steps.append(step)
        channels.update(channel_types)
    settings = content.get("settings")
    settings = settings if is_object(settings) else {}
    options: dict[str, Any] = {
        "active": fields.get("active", True),
        "categories": fields.get("categories") or (),
        "commercial": settings.get("is_commercial", False),
        "conditions": fields.get("conditions") or (),
        "data_schema": fields.get("trigger_data_json_schema"),
        "name": fields.get("name"),
        "override_preferences": settings.get("override_preferences", False),
        "steps": steps,
        "trigger_frequency": fields.get("trigger_frequency") or "every_trigger",
    }
    return LoadedWorkflow(file, str(fields.get("key") or file.absolute().parent.name), options, channels)
