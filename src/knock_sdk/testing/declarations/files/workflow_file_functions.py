"""Function steps of a `workflow.json`: parsing their settings into steps of the simulator."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args

from ...._core.type_guards import is_object
from ...state.steps.function_steps import (
    Agent,
    Fetch,
    Method,
    TriggerWorkflow,
    UpdateData,
    UpdateObject,
    UpdateTenant,
    UpdateUser,
    Wait,
)
from ...state.steps.steps import Batch, Delay, Throttle
from . import workflow_file_fields as fields

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ...state.json_objects import JSON
    from ...state.steps.steps import Step

_GID = re.compile(r"gid://Object/([^/]+)/(.+)", re.DOTALL)
_GO_ON = ("continue", "halt")
_MODES = ("current", "reference")


class Unsupported(Exception):  # noqa: N818 (the caller may leave the step out)
    """A step that is not simulated."""


def _parse_delay(settings: JSON, common: dict[str, Any]) -> Delay:
    wait, until = fields.duration_at(settings, "delay_for"), fields.text_at(settings, "delay_until_field_path")
    return Delay(wait, until, **common)


def _parse_batch(settings: JSON, common: dict[str, Any]) -> Batch:
    limit = fields.duration_at(settings, "batch_window_extension_limit")
    sliding = fields.choice_at(settings, "batch_window_type", ("fixed", "sliding"), "fixed") == "sliding"
    mode = fields.choice_at(settings, "batch_execution_mode", ("accumulate", "flush_leading"), "accumulate")
    return Batch(
        fields.duration_at(settings, "batch_window"),
        fields.text_at(settings, "batch_until_field_path"),
        key=fields.text_at(settings, "batch_key"),
        order=fields.choice_at(settings, "batch_order", ("asc", "desc"), "asc"),
        max_activities=fields.number_at(settings, "batch_items_max_limit", None),
        sliding=sliding,
        sliding_limit=limit if sliding else None,
        flush_leading=mode == "flush_leading",
        version=fields.choice_at(settings, "workflow_version_mode", ("latest", "pinned"), "pinned"),
        render_limit=fields.number_at(settings, "batch_items_render_limit", None) or Batch.render_limit,
        **common,
    )


def _parse_throttle(settings: JSON, common: dict[str, Any]) -> Throttle:
    limit = fields.number_at(settings, "throttle_limit", None)
    return Throttle(
        fields.duration_at(settings, "throttle_window"),
        fields.text_at(settings, "throttle_window_field_path"),
        limit=Throttle.limit if limit is None else limit,
        key=fields.text_at(settings, "throttle_key"),
        **common,
    )


def _parse_fetch(settings: JSON, common: dict[str, Any]) -> Fetch:
    if settings.get("inputs"):
        raise Unsupported("fetches with reusable requests are not simulated")
    if settings.get("method") is None:
        raise ValueError("method is missing")
    body = settings.get("body", settings.get("json_body"))
    if body is not None and not isinstance(body, str):
        raise TypeError("body is not a text")
    return Fetch(
        fields.required_text_at(settings, "url"),
        fields.choice_at(settings, "method", get_args(Method), "get"),
        headers=_read_pairs(settings, "headers"),
        query=_read_pairs(settings, "query_params"),
        body=body or None,
        response_path=fields.text_at(settings, "response_path"),
        **common,
    )


def _read_pairs(settings: JSON, name: str) -> dict[str, str] | str | None:
    """Return a list of `key` and `value`, or Liquid that renders to an object."""
    value = settings.get(name)
    if value is None or isinstance(value, str):
        return value or None
    pairs: dict[str, str] = {}
    for pair in fields.objects_at(settings, name):
        fields.check_names(pair, ("key", "value"), name)
        pairs[fields.required_text_at(pair, "key")] = fields.text_at(pair, "value") or ""
    return pairs


def _parse_update_data(settings: JSON, common: dict[str, Any]) -> UpdateData:
    return UpdateData(_read_object(settings, "data"), **common)


def _parse_update_user(settings: JSON, common: dict[str, Any]) -> UpdateUser:
    return UpdateUser(_read_object(settings, "update_properties"), _read_reference(settings, "$users"), **common)


def _parse_update_tenant(settings: JSON, common: dict[str, Any]) -> UpdateTenant:
    return UpdateTenant(_read_object(settings, "update_properties"), _read_reference(settings, "$tenants"), **common)


def _parse_update_object(settings: JSON, common: dict[str, Any]) -> UpdateObject:
    collection, object_id = _parse_gid(settings)
    return UpdateObject(collection, object_id, _read_object(settings, "update_properties"), **common)


def _read_object(settings: JSON, name: str) -> JSON | str:
    value = settings.get(name)
    if not value:
        raise ValueError(f"{name} is missing")
    if isinstance(value, str) or is_object(value):
        return value
    raise TypeError(f"{name} is neither a text nor an object")


def _read_reference(settings: JSON, collection: str) -> str | None:
    """Return the id of the user or tenant that a step refers to; None for that of the run."""
    if settings.get("recipient_mode") is None:
        raise ValueError("recipient_mode is missing")
    if fields.choice_at(settings, "recipient_mode", _MODES, "current") == "current":
        return None
    return _parse_gid(settings, collection)[1]


def _parse_gid(settings: JSON, collection: str | None = None) -> tuple[str, str]:
    """Return the collection and the id in a global id such as `gid://Object/projects/p1`."""
    gid = fields.required_text_at(settings, "recipient_gid")
    found = _GID.fullmatch(gid)
    if found is None or collection not in (None, found[1]):
        raise ValueError(f"recipient_gid: {gid!r} is not like 'gid://Object/{collection or '<collection>'}/<id>'")
    return found[1], found[2]


def _parse_trigger(settings: JSON, common: dict[str, Any]) -> TriggerWorkflow:
    given = {
        name: fields.text_at(settings, name)
        for name in ("recipients", "actor", "tenant", "data", "cancellation_key")
        if settings.get(name) is not None
    }
    texts: dict[str, Any] = {name: value or "" for name, value in given.items()}
    return TriggerWorkflow(fields.required_text_at(settings, "workflow_key"), **texts, **common)


def _parse_wait(settings: JSON, common: dict[str, Any]) -> Wait:
    timeout = fields.duration_at(settings, "expires_after")
    if timeout is None:
        # The API has a default that is not documented.
        raise ValueError("expires_after is missing")
    return Wait(
        fields.object_at(settings, "event"),
        timeout,
        _read_matching(settings),
        fields.choice_at(settings, "on_match", _GO_ON, "continue"),
        fields.choice_at(settings, "on_timeout", _GO_ON, "halt"),
        **common,
    )


def _read_matching(settings: JSON) -> Any:
    """Return the groups of conditions on an event, one of which must hold: a guess."""
    groups: list[JSON] = []
    for group in fields.objects_at(settings, "match_conditions"):
        fields.check_names(group, ("operator", "conditions"), "match_conditions")
        fields.choice_at(group, "operator", ("and",), "and")
        groups.append({"all": fields.objects_at(group, "conditions")})
    return {"any": groups} if groups else ()


def _parse_agent(settings: JSON, common: dict[str, Any]) -> Agent:
    schema = settings.get("response_schema")
    if isinstance(schema, str):
        from pydantic_core import from_json

        try:
            schema = from_json(schema) if schema else None
        except ValueError as error:
            raise ValueError(f"response_schema is not JSON: {error}") from None
    return Agent(
        fields.required_text_at(settings, "request_prompt"),
        fields.required_text_at(settings, "model"),
        fields.choice_at(settings, "response_type", ("text", "json"), "text"),
        schema,
        fields.flag_at(settings, "halt_on_error", default=True),
        fields.flag_at(settings, "web_search_enabled"),
        **common,
    )


PARSERS: Mapping[str, Callable[[JSON, dict[str, Any]], Step]] = {
    "ai_agent": _parse_agent,
    "batch": _parse_batch,
    "delay": _parse_delay,
    "http_fetch": _parse_fetch,
    "throttle": _parse_throttle,
    "trigger_workflow": _parse_trigger,
    "update_data": _parse_update_data,
    "update_object": _parse_update_object,
    "update_tenant": _parse_update_tenant,
    "update_user": _parse_update_user,
    "wait_for_event": _parse_wait,
}
"""Functions by the type of the step; each takes its settings and the fields that all steps have."""
