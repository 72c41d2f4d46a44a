"""Steps of a `workflow.json`: parsing into steps of the simulator."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..._core.type_guards import is_array, is_object
from ..state.function_steps import (
    Agent,
    Fetch,
    Guide,
    TriggerWorkflow,
    UpdateData,
    UpdateObject,
    UpdateTenant,
    UpdateUser,
    Wait,
)
from ..state.names import did_you_mean
from ..state.steps import Arm, Batch, Branch, Cohort, CohortArm, Delay, Send, SendWindow, Throttle
from . import workflow_file_fields as fields

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..state.json_objects import JSON
    from ..state.steps import Step

_GUIDE = "in_app_guide"
_GID = re.compile(r"gid://Object/([^/]+)/(.+)", re.DOTALL)
_FETCH_METHODS = ("get", "post", "put", "delete", "patch")
_UNDOCUMENTED = ("update_audience",)
"""Types of steps that Knock has, and of which it does not document the fields."""
_GO_ON = ("continue", "halt")
_MODES = ("current", "reference")


class Unsupported(Exception):  # noqa: N818 (the caller may leave the step out)
    """A step that is not simulated."""


class Reader:
    """Reads the steps of a file.

    Args:
        types: the types of the channels, by key.
        skip_unsupported: whether to leave out steps of types that are not known.
    """

    def __init__(self, types: Mapping[str, str], *, skip_unsupported: bool) -> None:
        """Prepare to read the steps of a file."""
        self._types = types
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
        if kind not in _PARSERS and kind not in fields.STEPS:
            known = sorted({*_PARSERS, *fields.STEPS})
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
        return _PARSERS[kind](settings, _read_common(content))

    def _read_channel(self, content: JSON) -> Send | Guide:
        key, group = fields.text_at(content, "channel_key"), fields.text_at(content, "channel_group_key")
        if content.get("channel_type") == _GUIDE:
            return Guide(fields.required_text_at(content, "guide_key"), **_read_common(content))
        if (key is None) == (group is None):
            raise TypeError("channel_key is missing" if key is None else "channel_key or channel_group_key, not both")
        name = str(key or group)
        template: JSON | None = fields.object_at(content, "template")
        if self._types.get(name) == "http":
            template = None
        return Send(
            name,
            template or None,
            windows=_read_windows(content),
            overrides=self._read_overrides(content, name),
            **_read_common(content),
        )

    def _read_overrides(self, content: JSON, channel: str) -> JSON | None:
        overrides = fields.object_at(content, "channel_overrides")
        known = fields.OVERRIDES.get(self._types.get(channel, ""))
        if known is not None:
            fields.check_names(overrides, known, "channel_overrides")
        return {name: value for name, value in overrides.items() if value is not None} or None

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
        fields.choice_at(settings, "method", _FETCH_METHODS, "get"),
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


_PARSERS: Mapping[str, Callable[[JSON, dict[str, Any]], Step]] = {
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
