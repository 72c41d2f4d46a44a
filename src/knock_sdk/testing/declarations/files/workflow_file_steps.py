"""Steps of a `workflow.json`: parsing into steps of the simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...._core.type_guards import is_array, is_object
from ...state.names import did_you_mean
from ...state.steps.function_steps import Guide
from ...state.steps.steps import Arm, Branch, Cohort, CohortArm, Send, SendWindow
from . import workflow_file_fields as fields
from .workflow_file_functions import PARSERS, Unsupported

if TYPE_CHECKING:
    from ...state.json_objects import JSON
    from ...state.steps.steps import Step

_GUIDE = "in_app_guide"
_UNDOCUMENTED = ("update_audience",)
"""Types of steps that Knock has, and of which it does not document the fields."""


class Reader:
    """Reads the steps of a file.

    Args:
        skip_unsupported: whether to leave out steps of types that are not known.
    """

    def __init__(self, *, skip_unsupported: bool) -> None:
        """Prepare to read the steps of a file."""
        self._skip_unsupported = skip_unsupported

    def read(self, contents: Any, at: str) -> list[Step]:
        """Return the steps in a list.

        Raises:
            ValueError: A step is malformed, or has a type that is not known; the message begins with its path.
        """
        steps: list[Step] = []
        if not is_array(contents):
            raise ValueError(f"{at} is missing, or is not a list")
        for index, content in enumerate(contents):
            here = f"{at}.{index}"
            if not is_object(content):
                raise ValueError(f"{here} is not an object")
            ref = content.get("ref")
            try:
                steps.append(self._read_step(content, here))
            except Unsupported as error:
                if not self._skip_unsupported:
                    raise ValueError(f"{here} ({ref}): {error}; unsupported='skip' leaves it out") from None
            except _PathError:
                raise
            except (KeyError, TypeError, ValueError) as error:
                raise _PathError(f"{here} ({ref}): {error}") from error
        return steps

    def _read_step(self, content: JSON, at: str) -> Step:
        kind = str(content.get("type"))
        if kind not in PARSERS and kind not in fields.STEPS:
            known = sorted({*PARSERS, *fields.STEPS})
            near = did_you_mean(kind, known)
            if near and kind not in _UNDOCUMENTED:
                raise ValueError(f"there is no step of type {kind!r}{near}")
            raise Unsupported(f"steps of type {kind!r} are not simulated, only {', '.join(known)}")
        allowed = fields.STEPS.get(kind, ("settings", "conditions"))
        fields.check_names(content, (*fields.COMMON, *allowed), "the step")
        settings = fields.object_at(content, "settings")
        fields.check_names(settings, fields.SETTINGS.get(kind, ()), "settings")
        if kind == "channel":
            return self._read_channel(content)
        if kind == "branch":
            arms = enumerate(fields.objects_at(content, "branches"))
            return Branch([self._read_arm(arm, f"{at}.branches.{index}") for index, arm in arms], content.get("ref"))
        if kind == "random_cohort":
            cohorts = enumerate(fields.objects_at(content, "cohort_branches"))
            return Cohort(
                [self._read_cohort(arm, f"{at}.cohort_branches.{index}") for index, arm in cohorts],
                fields.text_at(content, "cohort_key") or fields.text_at(settings, "cohort_key"),
                content.get("ref"),
            )
        return PARSERS[kind](settings, _read_common(content))

    def _read_channel(self, content: JSON) -> Send | Guide:
        key, group = fields.text_at(content, "channel_key"), fields.text_at(content, "channel_group_key")
        if content.get("channel_type") == _GUIDE:
            return Guide(fields.required_text_at(content, "guide_key"), **_read_common(content))
        if (key is None) == (group is None):
            raise TypeError("channel_key is missing" if key is None else "channel_key or channel_group_key, not both")
        overrides = fields.object_at(content, "channel_overrides")
        return Send(
            str(key or group),
            fields.object_at(content, "template") or None,
            windows=_read_windows(content),
            overrides={name: value for name, value in overrides.items() if value is not None} or None,
            **_read_common(content),
        )

    def _read_arm(self, content: JSON, at: str) -> Arm:
        try:
            fields.check_names(content, fields.ARM, "the branch")
            name, ends = fields.text_at(content, "name"), fields.flag_at(content, "terminates")
        except (TypeError, ValueError) as error:
            raise _PathError(f"{at}: {error}") from error
        return Arm(self.read(content.get("steps"), f"{at}.steps"), content.get("conditions") or (), name, ends)

    def _read_cohort(self, content: JSON, at: str) -> CohortArm:
        try:
            fields.check_names(content, fields.COHORT_ARM, "the cohort")
            name, ends = fields.required_text_at(content, "name"), fields.flag_at(content, "terminates")
            share = float(content["percentage"])
        except (KeyError, TypeError, ValueError) as error:
            raise _PathError(f"{at}: {error}") from error
        return CohortArm(name, share, self.read(content.get("steps"), f"{at}.steps"), ends)


class _PathError(ValueError):
    """A problem whose message begins with its path in the file."""


def _read_common(content: JSON) -> dict[str, Any]:
    return {"conditions": content.get("conditions") or (), "ref": fields.text_at(content, "ref")}


def _read_windows(content: JSON) -> tuple[SendWindow, ...]:
    """Return the windows; days on which nothing is sent have none."""
    windows: list[SendWindow] = []
    listed = fields.objects_at(content, "send_windows")
    for window in listed:
        fields.check_names(window, fields.WINDOW, "send_windows")
        day = fields.required_text_at(window, "day")
        if fields.choice_at(window, "type", ("send", "do_not_send"), "send") == "send":
            start = fields.text_at(window, "from") or SendWindow.start
            windows.append(SendWindow(day, start, fields.text_at(window, "until")))  # type: ignore[arg-type]
    if listed and not windows:
        # What the API does with such a step is not documented.
        raise ValueError("send_windows: no day has a window, so that nothing could ever be sent")
    return tuple(windows)
