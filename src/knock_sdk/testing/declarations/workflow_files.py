"""Workflow files as pulled by Knock's CLI: `workflow.json`, with templates in files beside it.

A field whose name ends with `@` contains the path of a file with the value, relative to the file of the field.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import from_json

from ..._core.type_guards import is_array, is_object
from . import workflow_file_channels as channel_types
from . import workflow_file_fields as fields
from .workflow_file_steps import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from ..state.json_objects import JSON

FILE = "workflow.json"
_REFERENCE_SUFFIX = "@"
_PARSED_FILE = "visual_blocks.json"
"""Name of the files that are JSON; all others are texts, also those with Liquid that renders to JSON."""


class LoadedWorkflow(NamedTuple):
    """A workflow from a file."""

    file: Path
    key: str
    options: dict[str, Any]
    """The other arguments of `Simulator.workflow`."""
    channels: dict[str, str]
    """Types of the channels that the workflow sends to, by their keys."""


def load(
    path: str | PathLike[str],
    *,
    skip_unsupported: bool,
    channels: Mapping[str, str],
    groups: Mapping[str, str],
) -> list[LoadedWorkflow]:
    """Read workflow files.

    Args:
        path: a file, the folder of a workflow, or a folder of such folders.
        skip_unsupported: whether to leave out steps of types that are not known, instead of raising.
        channels: types of the declared channels, by key.
        groups: types of the declared channel groups, by key.

    Raises:
        ValueError: A file is malformed, or contains a step that is not simulated.
        OSError: A file cannot be read.
    """
    root = Path(path)
    if not root.is_dir():
        files = [root]
    else:
        files = [root / FILE] if (root / FILE).is_file() else sorted(root.glob(f"*/{FILE}"))
        if not files:
            raise FileNotFoundError(f"{root}: there is no {FILE} in this folder or in a folder directly below it")
    contents = {file: _resolve_references(_read_json(file), file, FILE) for file in files}
    known = {**channels, **groups}
    for file, content in contents.items():
        try:
            # A step may leave out the type of a channel that another file gives.
            known = channel_types.find_types(content.get("steps"), known)
        except ValueError as error:
            raise ValueError(f"{file}: {error}") from None
    return [
        _load_file(file, content, known, groups, skip_unsupported=skip_unsupported)
        for file, content in contents.items()
    ]


def _load_file(
    file: Path, content: JSON, types: Mapping[str, str], groups: Mapping[str, str], *, skip_unsupported: bool
) -> LoadedWorkflow:
    try:
        steps = content.get("steps")
        read_only, settings = fields.object_at(content, "__readonly"), fields.object_at(content, "settings")
        fields.check_names(content, fields.WORKFLOW, "the workflow")
        fields.check_names(settings, fields.WORKFLOW_SETTINGS, "settings")
        channel_types.check_known(steps, types, groups)
        given: JSON = {**content, **read_only}
        options: dict[str, Any] = {
            "active": fields.flag_at(given, "active", default=True),
            "categories": given.get("categories") or (),
            "commercial": fields.flag_at(settings, "is_commercial"),
            "conditions": given.get("conditions") or (),
            "data_schema": given.get("trigger_data_json_schema"),
            "name": fields.text_at(given, "name"),
            "override_preferences": fields.flag_at(settings, "override_preferences"),
            "steps": Reader(types, skip_unsupported=skip_unsupported).read(steps, "steps"),
            "trigger_frequency": fields.choice_at(given, "trigger_frequency", fields.FREQUENCIES, "every_trigger"),
        }
        channels = channel_types.channels_of(steps, types)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{file}: {error}") from error
    return LoadedWorkflow(file, str(given.get("key") or file.absolute().parent.name), options, channels)


def _read_json(file: Path) -> JSON:
    try:
        content: Any = from_json(file.read_bytes())
    except ValueError as error:
        raise ValueError(f"{file}: is not JSON: {error}") from None
    if not is_object(content):
        raise ValueError(f"{file}: is not a JSON object")
    return content


def _resolve_references(value: Any, file: Path, at: str) -> Any:
    """Return a value in which references to files are replaced by the content of the files."""
    if is_array(value):
        return [_resolve_references(element, file, f"{at}.{index}") for index, element in enumerate(value)]
    if not is_object(value):
        return value
    resolved: JSON = {}
    for name, inner in value.items():
        here = f"{at}.{name}"
        if not name.endswith(_REFERENCE_SUFFIX) or not isinstance(inner, str):
            resolved[name] = _resolve_references(inner, file, here)
        elif (plain := name.removesuffix(_REFERENCE_SUFFIX)) not in value:  # a value in place wins over a file
            resolved[plain] = _read_content(_resolve_path(file, inner, here), here)
    return resolved


def _read_content(file: Path, at: str) -> Any:
    try:
        if file.name != _PARSED_FILE:
            return file.read_text(encoding="utf-8")
        content = from_json(file.read_bytes())
    except FileNotFoundError:
        raise FileNotFoundError(f"{at}: there is no file {file}") from None
    except ValueError as error:
        raise ValueError(f"{at}: {file}: {error}") from None
    return _resolve_references(content, file, at)


def _resolve_path(file: Path, relative: str, at: str) -> Path:
    """Return the file at a path relative to another file, within the folder of the workflow.

    Raises:
        ValueError: The path is outside the folder.
    """
    folder = next((each for each in file.absolute().parents if (each / FILE).exists()), file.parent)
    target = (file.parent / relative).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise ValueError(f"{at}: {file}: {relative} is outside the folder of this file")
    return target
