"""Frames of Phoenix channels, version 2: JSON arrays of join_ref, ref, topic, event and payload."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import from_json, to_json

from ...._core.type_guards import is_array, is_object

if TYPE_CHECKING:
    from ...state.json_objects import JSON

_FIELDS = 5
_LONGEST_REF = 64
_LONGEST_TOPIC = 1_024


class Frame(NamedTuple):
    """A frame that a client sent."""

    join_ref: str | None
    ref: str | None
    topic: str
    event: str
    payload: JSON


def parse(text: str) -> Frame:
    """Return the frame in a text.

    Raises:
        ValueError: It is not one.
    """
    values: Any = from_json(text, allow_inf_nan=False)
    if not is_array(values) or len(values) != _FIELDS:
        raise ValueError("a frame is an array of five values")
    join_ref, ref, topic, event, payload = values
    if not (_is_ref(join_ref) and _is_ref(ref)):
        raise ValueError("a reference is a text or null")
    if not (isinstance(topic, str) and len(topic) <= _LONGEST_TOPIC and isinstance(event, str) and is_object(payload)):
        raise ValueError("topic and event are texts, and the payload is an object")
    return Frame(join_ref, ref, topic, event, payload)


def reply(to: Frame, status: str, response: JSON) -> str:
    """Return the reply to a frame: `ok` or `error`, with what belongs to it."""
    return _write(to.join_ref, to.ref, to.topic, "phx_reply", {"status": status, "response": response})


def push(join_ref: str | None, topic: str, event: str, payload: JSON) -> str:
    """Return a frame that the server sends of its own accord, to the join with this reference."""
    return _write(join_ref, None, topic, event, payload)


def _is_ref(value: Any) -> bool:
    return value is None or (isinstance(value, str) and len(value) <= _LONGEST_REF)


def _write(join_ref: str | None, ref: str | None, topic: str, event: str, payload: JSON) -> str:
    return to_json([join_ref, ref, topic, event, payload]).decode()
