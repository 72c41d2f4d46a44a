"""Fields of workflow files: those that there are, and reading them; a field that is not known is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...._core.type_guards import is_array, is_object
from ...state.names import did_you_mean
from ...workflows.runtime.step_settings import parse_duration

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import timedelta

    from ...state.json_objects import JSON

READ_ONLY = (
    *("key", "active", "valid", "environment", "created_at", "updated_at", "deleted_at", "sha"),
    *("created_by", "updated_by"),
)
WORKFLOW = (
    *("name", "steps", "description", "categories", "tags", "conditions", "settings", "trigger_frequency"),
    *("trigger_data_json_schema", "goal_attachment", "$schema", "__readonly"),
    *READ_ONLY,
)
WORKFLOW_SETTINGS = ("is_commercial", "override_preferences")
FREQUENCIES = ("every_trigger", "once_per_recipient", "once_per_recipient_per_tenant")
COMMON = ("type", "ref", "name", "description")

STEPS: Mapping[str, tuple[str, ...]] = {
    "channel": (
        *("channel_key", "channel_group_key", "channel_type", "template", "channel_overrides", "send_windows"),
        *("conditions", "guide_key"),
    ),
    "branch": ("branches",),
    "random_cohort": ("cohort_branches", "cohort_key", "conditions", "settings"),
}
"""Fields of a step besides the common ones, by its type; other types have `settings` and `conditions`."""

ARM = ("name", "conditions", "steps", "terminates", "ref", "default")
COHORT_ARM = ("name", "percentage", "steps", "terminates", "ref")

SETTINGS: Mapping[str, tuple[str, ...]] = {
    "ai_agent": (
        *("model", "request_prompt", "response_type", "response_schema", "web_search_enabled", "halt_on_error"),
    ),
    "batch": (
        *("batch_key", "batch_window", "batch_until_field_path", "batch_window_type", "batch_order"),
        *("batch_window_extension_limit", "batch_items_max_limit", "batch_items_render_limit"),
        *("batch_execution_mode", "workflow_version_mode"),
    ),
    "delay": ("delay_for", "delay_until_field_path"),
    "http_fetch": (
        *("method", "url", "headers", "query_params", "body", "response_path", "signing_key", "inputs"),
        *("json_body",),
    ),
    "random_cohort": ("cohort_key",),
    "throttle": ("throttle_window", "throttle_window_field_path", "throttle_limit", "throttle_key"),
    "trigger_workflow": ("workflow_key", "recipients", "actor", "tenant", "data", "cancellation_key"),
    "update_data": ("data",),
    "update_object": ("recipient_gid", "update_properties"),
    "update_tenant": ("recipient_mode", "recipient_gid", "update_properties"),
    "update_user": ("recipient_mode", "recipient_gid", "update_properties"),
    "wait_for_event": ("event", "match_conditions", "expires_after", "on_match", "on_timeout"),
}

WINDOW = ("day", "type", "from", "until")


def check_names(value: JSON, known: Collection[str], what: str) -> None:
    """Check that an object has no other fields than these.

    Raises:
        ValueError: It has; the message begins with `what`.
    """
    for name in value:
        if name not in known and name.removesuffix("@") not in known:
            listed = f"; it has {', '.join(known)}" if known else "; it has no fields"
            raise ValueError(f"{what} has no field {name!r}{did_you_mean(name, known) or listed}")


def object_at(content: JSON, name: str) -> JSON:
    """Return the object in a field; an empty one if the field is absent or null.

    Raises:
        TypeError: The field is not an object.
    """
    value = content.get(name)
    if value is None:
        return {}
    if not is_object(value):
        raise TypeError(f"{name} is not an object")
    return value


def objects_at(content: JSON, name: str) -> list[JSON]:
    """Return the list of objects in a field; an empty one if the field is absent or null.

    Raises:
        TypeError: The field is not a list of objects.
    """
    value = content.get(name)
    if value is None:
        return []
    if not is_array(value) or not all(is_object(each) for each in value):
        raise TypeError(f"{name} is not a list of objects")
    return value


def text_at(content: JSON, name: str) -> str | None:
    """Return the text in a field; None if it is absent, null or empty.

    Raises:
        TypeError: The field is not a text.
    """
    value = content.get(name)
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{name} is not a text")
    return value or None


def required_text_at(content: JSON, name: str) -> str:
    """Return the text in a field.

    Raises:
        TypeError, ValueError: It is missing, or no text.
    """
    value = text_at(content, name)
    if value is None:
        raise ValueError(f"{name} is missing")
    return value


def number_at(content: JSON, name: str, default: int | None) -> int | None:
    """Return the integer in a field, or a default if it is absent or null.

    Raises:
        TypeError: The field is no integer.
    """
    value = content.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} is not an integer")
    return value


def flag_at(content: JSON, name: str, *, default: bool = False) -> bool:
    """Return the boolean in a field, or a default if it is absent or null.

    Raises:
        TypeError: The field is no boolean.
    """
    value = content.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise TypeError(f"{name} is neither true nor false")
    return value


def choice_at(content: JSON, name: str, choices: Iterable[str], default: str) -> Any:
    """Return the value of a field that has certain values, or a default if it is absent or null.

    Raises:
        ValueError: It has another one.
    """
    value = content.get(name)
    listed = tuple(choices)
    if value is None:
        return default
    if value not in listed:
        raise ValueError(f"{name}: {value!r} is not one of {', '.join(listed)}{did_you_mean(value, listed)}")
    return value


def duration_at(content: JSON, name: str) -> timedelta | None:
    """Return the duration in a field; None if it is absent or null.

    Raises:
        ValueError: The field is no duration.
    """
    value = content.get(name)
    if value is None:
        return None
    parsed = parse_duration(value)
    if parsed is None:
        raise ValueError(f"{name} is not a duration such as {{'unit': 'minutes', 'value': 5}}")
    return parsed
