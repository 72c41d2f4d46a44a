"""Contents of messages: a rendered template, or else the workflow's name and the trigger data."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from ..._core.type_guards import is_array, is_mapping, is_object
from ..state.arguments import check_type
from ..state.names import did_you_mean
from . import webhooks
from .emails import emails, visual_blocks
from .liquid import liquid, markdown
from .template_fields import settings_of, text_at

if TYPE_CHECKING:
    from ..state.json_objects import JSON

TemplateError = liquid.TemplateError

# Fields of a template and of its settings, by channel type. `body` is this package's own: a text in Markdown.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "chat": ("body", "json_body", "markdown_body", "settings", "summary"),
    "email": (
        "body",
        "html_body",
        "is_mjml",
        "preview_text",
        "settings",
        "subject",
        "text_body",
        "visual_blocks",
    ),
    "http": ("body", "headers", "method", "query_params", "settings", "url"),
    "in_app_feed": ("action_buttons", "action_url", "body", "markdown_body", "settings"),
    "push": ("body", "settings", "text_body", "title"),
    "sms": ("body", "settings", "text_body"),
}
_SETTINGS: Mapping[str, tuple[str, ...]] = {
    "email": ("attachment_key", "layout_key", "pre_content"),
    "push": ("delivery_type", "payload_overrides"),
    "sms": ("payload_overrides", "to_number"),
}
# What a step overrides of its channel.
_OVERRIDES: Mapping[str, tuple[str, ...]] = {
    "chat": ("email_based_user_id_resolution", "link_tracking"),
    "email": (
        "bcc_address",
        "cc_address",
        "from_address",
        "from_name",
        "json_overrides",
        "link_tracking",
        "open_tracking",
        "reply_to_address",
        "to_address",
    ),
    "in_app_feed": ("link_tracking",),
    "push": ("token_deregistration",),
    "sms": ("link_tracking",),
}
_SWITCHES = ("email_based_user_id_resolution", "link_tracking", "open_tracking", "token_deregistration")
_DELIVERY_TYPES = ("content", "silent")
_REPLACE = "__strategy__"


def check(kind: str, template: Mapping[str, object], at: str) -> None:
    """Check that a declared template is valid.

    Args:
        kind: channel type.
        template: the fields, with texts in Liquid.
        at: path of the template, for error messages.

    Raises:
        TypeError: It is no mapping.
        ValueError: It has a field that templates of this channel type do not have, or a text that is not valid Liquid.
        ImportError: A library is not installed.
    """
    check_type(at, template, Mapping, "the texts of a template by field")
    allowed = _FIELDS.get(kind)
    if allowed is None:
        raise ValueError(f"{at}: {kind} channels do not support templates: their messages have no contents")
    _check_names(template, allowed, at, f"{kind} templates have")
    settings = template.get("settings")
    if is_mapping(settings) and (names := _SETTINGS.get(kind)):
        _check_names(settings, names, f"{at}.settings", f"settings of {kind} templates are")
        delivery_type = settings.get("delivery_type")
        if delivery_type is not None and delivery_type not in _DELIVERY_TYPES:
            near = did_you_mean(delivery_type, _DELIVERY_TYPES)
            raise ValueError(f"{at}.settings.delivery_type: takes {' or '.join(_DELIVERY_TYPES)}{near}")
    method = template.get("method")
    if kind == "http" and method is not None and method not in webhooks.METHODS:
        near = did_you_mean(method, webhooks.METHODS)
        raise ValueError(f"{at}.method: {method!r} is not one of {', '.join(webhooks.METHODS)}{near}")
    if kind == "in_app_feed":
        markdown.require()
    if kind == "email":
        emails.require(template)
        if template.get("html_body") is not None and template.get("visual_blocks") is not None:
            raise ValueError(f"{at}: takes either html_body or visual_blocks")
        visual_blocks.check(template.get("visual_blocks"), f"{at}.visual_blocks")
    liquid.load_environment()  # what is missing is said now, even if no text has Liquid yet
    for name, value in template.items():
        liquid.check_texts(value, f"{at}.{name}")


def check_overrides(kind: str, overrides: Mapping[str, object], at: str) -> None:
    """Check what a declared step overrides of its channel.

    Raises:
        ValueError: It overrides what channels of this type do not have, a text is not valid Liquid, or a switch is
            neither true nor false.
    """
    _check_names(overrides, _OVERRIDES.get(kind, ()), f"{at}.overrides", f"steps of {kind} channels override")
    for name, value in overrides.items():
        if name in _SWITCHES and value is not None and not isinstance(value, bool):
            raise ValueError(f"{at}.overrides.{name}: must be true or false, not {value!r}")
        liquid.check_texts(value, f"{at}.overrides.{name}")


def _check_names(fields: Mapping[Any, Any], allowed: tuple[str, ...], at: str, have: str) -> None:
    for name in sorted(fields.keys() - set(allowed)):
        raise ValueError(f"{at}: unknown field {name}; {have} {', '.join(allowed)}{did_you_mean(name, allowed)}")


def render(kind: str, template: Mapping[str, object], context: Mapping[str, Any]) -> JSON:
    """Return the fields of a message's contents that its template determines.

    Raises:
        TemplateError: It is malformed, or cannot be rendered with this context.
    """
    if kind == "email":
        return emails.render(template, context)
    if kind == "in_app_feed":
        return {"blocks": _render_feed_blocks(template, context)}
    if kind == "chat":
        return {"template": _render_chat(template, context)}
    text = text_at(template, "text_body" if "text_body" in template else "body", context)
    if kind == "sms":
        return {"body": text}
    if setting_of(template, "delivery_type") == "silent":
        return {"body": "", "title": ""}
    return {"body": text, "title": text_at(template, "title", context)}


def setting_of(template: Mapping[str, Any] | None, name: str) -> Any:
    """Return one of the settings of a template, or None.

    Raises:
        TemplateError: The settings are no object.
    """
    return None if template is None else settings_of(template).get(name)


def render_object(source: object, context: Mapping[str, Any], field: str) -> JSON:
    """Return the JSON object that a template renders to, or an empty one if there is no template.

    Raises:
        TemplateError: It cannot be rendered with this context, or does not render to a JSON object.
    """
    value = liquid.render_texts(source, context, field)
    if isinstance(value, str):
        value = _parse_json(value, field) if value.strip() else None
    if value is None:
        return {}
    if not is_object(value):
        raise TemplateError("must render to a JSON object", field)
    return value


def apply_overrides(payload: JSON, overrides: JSON) -> JSON:
    """Return a payload with overrides: merged into it or, with the strategy `replace`, instead of it."""
    if overrides.get(_REPLACE) == "replace":
        return {name: value for name, value in overrides.items() if name != _REPLACE}
    merged = dict(payload)
    for name, value in overrides.items():
        present = merged.get(name)
        merged[name] = apply_overrides(present, value) if is_object(present) and is_object(value) else value
    return merged


def render_data(kind: str, title: str, data: JSON) -> JSON:
    """Return the fields of a message's contents for a step without a template."""
    lines = [f"{name}: {_to_text(value)}" for name, value in data.items()]
    text, all_text = "\n".join(lines), "\n".join([title, *lines])
    if kind == "email":
        html = "".join(f"<p>{escape(line)}</p>" for line in lines)
        return {"html_body": html, "subject_line": title, "text_body": text}
    if kind == "in_app_feed":
        html = "".join(f"<p>{escape(line)}</p>" for line in [title, *lines])
        block = {"content": "\n\n".join([title, *lines]), "name": "body", "rendered": html, "type": "markdown"}
        return {"blocks": [block]}
    if kind == "chat":
        block = {"content": all_text, "name": "body", "type": "text"}
        return {"template": {"blocks": [block], "json_content": None, "summary": title}}
    return {"body": text, "title": title} if kind == "push" else {"body": all_text}


def _render_feed_blocks(template: Mapping[str, Any], context: Mapping[str, Any]) -> list[JSON]:
    """Return the blocks of an in-app message; each has the template and the rendered text."""
    name = "markdown_body" if "markdown_body" in template else "body"
    html = markdown.to_html(text_at(template, name, context))
    blocks: list[JSON] = [{"content": template.get(name) or "", "name": "body", "rendered": html, "type": "markdown"}]
    if url := text_at(template, "action_url", context):
        blocks.append({"content": template["action_url"], "name": "action_url", "rendered": url, "type": "text"})
    buttons = template.get("action_buttons") or ()
    if not is_array(buttons) and buttons != ():
        raise TemplateError("must be a list of buttons", "action_buttons")
    # The names that Knock gives to buttons are not documented; these are a guess.
    shown = [
        {**_render_button(button, context, index), "name": "primary" if index == 0 else "secondary"}
        for index, button in enumerate(buttons)
    ]
    if shown:
        blocks.append({"buttons": shown, "name": "actions", "type": "button_set"})
    return blocks


def _render_button(button: object, context: Mapping[str, Any], index: int) -> JSON:
    at = f"action_buttons.{index}"
    if not is_mapping(button):
        raise TemplateError("must be an object with label and action", at)
    for name in ("label", "action"):
        if button.get(name) is None:
            raise TemplateError("is missing", f"{at}.{name}")
    return {name: text_at(button, name, context, f"{at}.") for name in ("action", "label")}


def _render_chat(template: Mapping[str, Any], context: Mapping[str, Any]) -> JSON:
    summary = text_at(template, "summary", context) if "summary" in template else None
    if template.get("json_body") is None:
        text = text_at(template, "markdown_body" if "markdown_body" in template else "body", context)
        return {
            "blocks": [{"content": text, "name": "body", "type": "markdown"}],
            "json_content": None,
            "summary": summary,
        }
    content = liquid.render_texts(template["json_body"], context, "json_body")
    if isinstance(content, str):
        content = _parse_json(content, "json_body")
    return {"blocks": None, "json_content": content, "summary": summary}


def _parse_json(text: str, field: str) -> Any:
    try:
        return from_json(text)
    except ValueError as error:
        raise TemplateError(f"is not JSON once rendered: {error}", field) from error


def _to_text(value: Any) -> str:
    return value if isinstance(value, str) else to_json(value).decode("utf-8")
