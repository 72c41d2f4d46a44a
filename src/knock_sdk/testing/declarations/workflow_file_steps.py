"""Steps of a `workflow.json`, as steps of the simulator."""

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
"""Kinds of channel that files name in their own way."""


class Unsupported(Exception):  # noqa: N818 (the caller may pass over it)
    """A step that the simulator does not have."""


def step_of(written: JSON) -> tuple[Step, dict[str, str]]:
    """Return a step, and the types of the channels that it sends to, by their keys.

    Raises:
        Unsupported: The simulator does not have it.
        KeyError, TypeError, ValueError: It is malformed.
    """
    make = _KINDS.get(written.get("type", ""))
    if make is None:
        kinds = ", ".join(_KINDS)
        raise Unsupported(f"steps of type {written.get('type')!r} are not simulated, only {kinds}")
    step = make(written, _part(written, "settings"))
    return step, {step.channel: _channel_type(written)} if isinstance(step, Send) else {}


def _channel(written: JSON, _settings: JSON) -> Send:
    key = written.get("channel_key")
    if not isinstance(key, str):
        if "channel_group_key" in written:
            raise Unsupported("channel groups are not simulated")
        raise TypeError("channel_key is missing")
    if written.get("send_windows"):
        raise Unsupported("send windows are not simulated")
    template = _part(written, "template") if _channel_type(written) != "http" else None
    return Send(key, template or None, **_common(written))


def _delay(written: JSON, settings: JSON) -> Delay:
    return Delay(_duration(settings, "delay_for"), settings.get("delay_until_field_path"), **_common(written))


def _batch(written: JSON, settings: JSON) -> Batch:
    limit = _duration(settings, "batch_window_extension_limit")
    sliding = settings.get("batch_window_type") == "sliding"
    return Batch(
        _duration(settings, "batch_window"),
        settings.get("batch_until_field_path"),
        key=settings.get("batch_key"),
        order=settings.get("batch_order") or "asc",
        max_activities=settings.get("batch_items_max_limit"),
        sliding=sliding,
        sliding_limit=limit if sliding else None,
        flush_leading=settings.get("batch_execution_mode") == "flush_leading",
        render_limit=settings.get("batch_items_render_limit") or Batch.render_limit,
        **_common(written),
    )


def _throttle(written: JSON, settings: JSON) -> Throttle:
    return Throttle(
        _duration(settings, "throttle_window"),
        settings.get("throttle_window_field_path"),
        limit=settings.get("throttle_limit") or Throttle.limit,
        key=settings.get("throttle_key"),
        **_common(written),
    )


_KINDS: Mapping[str, Callable[[JSON, JSON], Step]] = {
    "batch": _batch,
    "channel": _channel,
    "delay": _delay,
    "throttle": _throttle,
}


def _common(written: JSON) -> dict[str, Any]:
    return {"conditions": written.get("conditions") or (), "ref": written.get("ref")}


def _channel_type(written: JSON) -> str:
    kind = written.get("channel_type") or written["channel_key"]
    return _CHANNEL_TYPES.get(kind, kind)


def _part(written: JSON, name: str) -> JSON:
    value = written.get(name)
    if value is None:
        return {}
    if not is_object(value):
        raise TypeError(f"{name} is no object")
    return value


def _duration(settings: JSON, name: str) -> timedelta | None:
    value = settings.get(name)
    if value is None:
        return None
    found = parse_duration(value)
    if found is None:
        raise ValueError(f"{name} is not a time such as {{'unit': 'minutes', 'value': 5}}")
    return found
