"""Channels of workflow files: their types, which the files of Knock's CLI may leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...._core.type_guards import is_array, is_object
from ...state.channels import PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...state.json_objects import JSON

_NAMES: Mapping[str, str] = {"webhook": "http"}
"""Channel types whose name in files differs from that in the API."""

# Fields that templates of one channel type alone have.
_TELLING_FIELDS: Mapping[str, tuple[str, ...]] = {
    "email": ("subject", "html_body", "visual_blocks", "is_mjml", "preview_text"),
    "http": ("method", "url"),
    "in_app_feed": ("action_url", "action_buttons"),
    "chat": ("json_body", "summary"),
    "push": ("title",),
}
_TELLING_SETTINGS: Mapping[str, str] = {
    "attachment_key": "email",
    "delivery_type": "push",
    "layout_key": "email",
    "pre_content": "email",
    "to_number": "sms",
}


def find_types(steps: object, declared: Mapping[str, str]) -> dict[str, str]:
    """Return the types of the channels and channel groups that steps name, by key, as far as they can be known.

    The type is that in a step; else that of the declared channel; else it follows from the template.

    Raises:
        ValueError: A step gives a type that does not exist, or another one than that of the declared channel.
    """
    found: dict[str, str] = {}
    inferred: dict[str, str] = {}
    for at, step in _channel_steps(steps, "steps"):
        key = step.get("channel_key") or step.get("channel_group_key")
        if not isinstance(key, str):
            continue
        given = step.get("channel_type")
        if given is not None:
            kind = _NAMES.get(str(given), str(given))
            if kind not in PROVIDERS:
                raise ValueError(f"{at}: channel_type: {given!r} is not a channel type ({', '.join(PROVIDERS)})")
            if declared.get(key, kind) != kind:
                raise ValueError(f"{at}: channel_type: is {kind}, but {key!r} is declared as {declared[key]}")
            found[key] = kind
        elif (guess := _infer(step)) is not None:
            inferred.setdefault(key, guess)
    own = {key: key for key in PROVIDERS}
    return {**inferred, **own, **found, **declared}


def check_known(steps: object, types: Mapping[str, str], groups: Mapping[str, object]) -> None:
    """Check that the type of each channel is known, and each channel group declared.

    Raises:
        ValueError: One is not; the message says how to declare it.
    """
    for at, step in _channel_steps(steps, "steps"):
        key, group = step.get("channel_key"), step.get("channel_group_key")
        if isinstance(key, str) and key not in types:
            raise ValueError(
                f"{at}: the type of the channel {key!r} is not known: add channel_type to the step, or call "
                f"sim.channel({key!r}, type=…) before the workflow is loaded"
            )
        if key is None and isinstance(group, str) and group not in groups:
            raise ValueError(
                f"{at}: no channel group {group!r} is declared: call sim.channel_group({group!r}, […]) before the "
                "workflow is loaded"
            )


def channels_of(steps: object, types: Mapping[str, str]) -> dict[str, str]:
    """Return the types of the channels that steps name, by key."""
    keys = (step.get("channel_key") for _, step in _channel_steps(steps, "steps"))
    return {key: types[key] for key in keys if isinstance(key, str)}


def _channel_steps(steps: object, at: str) -> Iterator[tuple[str, JSON]]:
    """Yield the channel steps in a list and in its branches, each with its path."""
    for index, step in enumerate(steps if is_array(steps) else ()):
        if not is_object(step):
            continue
        if step.get("type") == "channel":
            yield f"{at}.{index} ({step.get('ref')})", step
        for name in ("branches", "cohort_branches"):
            arms = step.get(name)
            for number, arm in enumerate(arms if is_array(arms) else ()):
                if is_object(arm):
                    yield from _channel_steps(arm.get("steps"), f"{at}.{index}.{name}.{number}.steps")


def _infer(step: JSON) -> str | None:
    """Return the channel type that the template of a step is for; None if it may be for several."""
    template = step.get("template")
    if not is_object(template):
        return None
    for kind, names in _TELLING_FIELDS.items():
        if any(name in template for name in names):
            return kind
    settings = template.get("settings")
    for name in settings if is_object(settings) else ():
        if name in _TELLING_SETTINGS:
            return _TELLING_SETTINGS[name]
    return "sms" if "text_body" in template and "body" not in template else None
