"""Workflow files as pulled by Knock's CLI: `workflow.json`, with templates in files beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ....workflows._files import find_files, key_of_file
from . import knock_files
from . import workflow_file_channels as channel_types
from . import workflow_file_fields as fields
from .workflow_file_steps import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike
    from pathlib import Path

    from ...state.json_objects import JSON


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
        path: a file or a folder, as `find_files` takes it.
        skip_unsupported: whether to leave out steps of types that are not known, instead of raising.
        channels: types of the declared channels, by key.
        groups: types of the declared channel groups, by key.

    Raises:
        ValueError: A file is malformed, or contains a step that is not simulated.
        OSError: A file cannot be read.
    """
    files = find_files(path)
    contents = {file: knock_files.read(file) for file in files}
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
            "steps": Reader(skip_unsupported=skip_unsupported).read(steps, "steps"),
            "trigger_frequency": fields.choice_at(given, "trigger_frequency", fields.FREQUENCIES, "every_trigger"),
        }
        channels = channel_types.channels_of(steps, types)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{file}: {error}") from error
    return LoadedWorkflow(file, key_of_file(file, content), options, channels)
