"""Steps of a `workflow.json`: parsing into steps of the simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._core.type_guards import is_object
from ..state.steps import Batch, Delay, Send, Throttle
from ..workflows.step_settings import parse_duration

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta

    from ..state.json_objects import JSON
    from ..state.steps import Step

_CHANNEL_TYPES: Mapping[str, str] = {"webhook": "http"}
"""Channel types whose name in files differs from that in the API."""


class Unsupported(Exception):  # noqa: N818 (the caller may leave the step out)
    """A step that is not simulated."""


def parse_step(content: JSON) -> tuple[Step, dict[str, str]]:
    """Parse a step; return it with the types of the channels that it sends to, by their keys.

    Raises:
        Unsupported: The step is not simulated.
        KeyError, TypeError, ValueError: The step is malformed.
    """
    parse = _PARSERS.get(content.get("type", ""))
    if parse is None:
        types = ", ".join(_PARSERS)
        raise Unsupported(f"steps of type {content.get('type')!r} are not simulated, only {types}")
    step = parse(content, _object_at(content, "settings"))
    return step, {step.channel: _channel_type_of(content)} if isinstance(step, Send) else {}


def _parse_channel(content: JSON, _settings: JSON) -> Send:
    key = content.get("channel_key")
    if not isinstance(key, str):
        if "channel_group_key" in content:
            raise Unsupported("channel groups are not simulated")
        raise TypeError("channel_key is missing")
    if content.get("send_windows"):
        raise Unsupported("send windows are not simulated")
    template = _object_at(content, "template")
    overrides = _object_at(content, "channel_overrides")
    return Send(key, template or None, overrides=overrides or None, **_parse_common(content))


def _parse_delay(content: JSON, settings: JSON) -> Delay:
    return Delay(_duration_at(settings, "delay_for"), settings.get("delay_until_field_path"), **_parse_common(content))


def _parse_batch(content: JSON, settings: JSON) -> Batch:
    limit = _duration_at(settings, "batch_window_extension_limit")
    sliding = settings.get("batch_window_type") == "sliding"
    return Batch(
        _duration_at(settings, "batch_window"),
        settings.get("batch_until_field_path"),
        key=settings.get("batch_key"),
        order=settings.get("batch_order") or "asc",
        max_activities=settings.get("batch_items_max_limit"),
        sliding=sliding,
        sliding_limit=limit if sliding else None,
        flush_leading=settings.get("batch_execution_mode") == "flush_leading",
        render_limit=settings.get("batch_items_render_limit") or Batch.render_limit,
        **_parse_common(content),
    )


def _parse_throttle(content: JSON, settings: JSON) -> Throttle:
    return Throttle(
        _duration_at(settings, "throttle_window"),
        settings.get("throttle_window_field_path"),
        limit=settings.get("throttle_limit") or Throttle.limit,
        key=settings.get("throttle_key"),
        **_parse_common(content),
    )


_PARSERS: Mapping[str, Callable[[JSON, JSON], Step]] = {
    "batch": _parse_batch,
    "channel": _parse_channel,
    "delay": _parse_delay,
    "throttle": _parse_throttle,
}


def _parse_common(content: JSON) -> dict[str, Any]:
    return {"conditions": content.get("conditions") or (), "ref": content.get("ref")}


def _channel_type_of(content: JSON) -> str:
    kind = content.get("channel_type") or content["channel_key"]
    return _CHANNEL_TYPES.get(kind, kind)


def _object_at(content: JSON, name: str) -> JSON:
    value = content.get(name)
    if value is None:
        return {}
    if not is_object(value):
        raise TypeError(f"{name} is not an object")
    return value


def _duration_at(settings: JSON, name: str) -> timedelta | None:
    value = settings.get(name)
    if value is None:
        return None
    parsed = parse_duration(value)
    if parsed is None:
        raise ValueError(f"{name} is not a duration such as {{'unit': 'minutes', 'value': 5}}")
    return parsed
