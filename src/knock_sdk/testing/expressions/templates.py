"""Contents of messages: a rendered template, or else the workflow's name and the trigger data."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from ..._core.type_guards import is_array, is_object
from ..state.arguments import check_type
from . import liquid, markdown

if TYPE_CHECKING:
    from ..state.json_objects import JSON

# Fields of a template, by channel type. Settings, such as the layout of an email, are accepted but have no effect.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "chat": ("body", "json_body", "markdown_body", "settings", "summary"),
    "email": ("body", "html_body", "is_mjml", "settings", "subject", "text_body", "visual_blocks"),
    "in_app_feed": ("action_buttons", "action_url", "body", "markdown_body", "settings"),
    "push": ("body", "settings", "text_body", "title"),
    "sms": ("body", "settings", "text_body"),
}
_IGNORED = ("is_mjml", "settings")


def check(kind: str, template: Mapping[str, object], at: str) -> None:
    """Check that a declared template is valid.

    Args:
        kind: channel type.
        template: the fields, with texts in Liquid.
        at: path of the template, for error messages.

    Raises:
        TypeError: It is no mapping.
        ValueError: It has a field that templates of this channel type do not have, or a text that is not valid Liquid.
    """
    check_type(at, template, Mapping, "the texts of a template by field")
    allowed = _FIELDS.get(kind)
    if allowed is None:
        raise ValueError(f"{at}: {kind} channels do not support templates: their messages have no contents")
    if unknown := template.keys() - set(allowed):
        raise ValueError(
            f"{at}: unknown field {', '.join(sorted(unknown))}; {kind} templates have {', '.join(allowed)}"
        )
    for name, value in template.items():
        if name not in _IGNORED:
            _check_texts(value, f"{at}.{name}")


def _check_texts(value: object, at: str) -> None:
    if isinstance(value, str):
        liquid.check(value, at)
    elif is_object(value):
        for name, inner in value.items():
            _check_texts(inner, f"{at}.{name}")
    elif is_array(value):
        for index, inner in enumerate(value):
            _check_texts(inner, f"{at}.{index}")


def render(kind: str, template: Mapping[str, object], context: Mapping[str, Any]) -> JSON:
    """Return the fields of a message's contents that its template determines.

    Raises:
        TemplateError: It cannot be rendered with this context.
    """
    fields: JSON = {name: _render_texts(value, context) for name, value in template.items() if name not in _IGNORED}
    body: str = fields.get("body", "")
    if kind == "email":
        html = fields.get("html_body")
        if html is None:
            blocks = fields.get("visual_blocks")
            html = markdown.to_html(body) if blocks is None else "".join(map(_render_visual_block, blocks))
        text = fields.get("text_body", body) or markdown.to_text(html)
        return {"html_body": html, "subject_line": fields.get("subject", ""), "text_body": text}
    if kind == "in_app_feed":
        return {"blocks": _render_feed_blocks(template, fields)}
    if kind == "chat":
        return _render_chat(fields, fields.get("markdown_body", body))
    text = fields.get("text_body", body)
    return {"body": text, "title": fields.get("title", "")} if kind == "push" else {"body": text}


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


def _render_texts(value: Any, context: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return liquid.render(value, context)
    if is_object(value):
        return {name: _render_texts(inner, context) for name, inner in value.items()}
    return [_render_texts(inner, context) for inner in value] if is_array(value) else value


def _render_feed_blocks(template: Mapping[str, Any], fields: JSON) -> list[JSON]:
    """Return the blocks of an in-app message; each has the template and the rendered text."""
    name = "markdown_body" if "markdown_body" in fields else "body"
    body: str = fields.get(name, "")
    html = markdown.to_html(body)
    blocks: list[JSON] = [{"content": template.get(name, ""), "name": "body", "rendered": html, "type": "markdown"}]
    if url := fields.get("action_url"):
        blocks.append({"content": template["action_url"], "name": "action_url", "rendered": url, "type": "text"})
    if buttons := fields.get("action_buttons"):
        # The names that Knock gives to buttons are not documented; these are a guess.
        shown = [
            {"action": button["action"], "label": button["label"], "name": "primary" if index == 0 else "secondary"}
            for index, button in enumerate(buttons)
        ]
        blocks.append({"buttons": shown, "name": "actions", "type": "button_set"})
    return blocks


def _render_chat(fields: JSON, body: str) -> JSON:
    summary = fields.get("summary")
    if "json_body" not in fields:
        block = {"content": body, "name": "body", "type": "markdown"}
        return {"template": {"blocks": [block], "json_content": None, "summary": summary}}
    content = fields["json_body"]
    if isinstance(content, str):
        try:
            content = from_json(content)
        except ValueError as error:
            raise liquid.TemplateError(f"json_body is not JSON: {error}") from error
    return {"template": {"blocks": None, "json_content": content, "summary": summary}}


def _render_visual_block(block: JSON) -> str:
    """Return one block of an email as plain HTML, without Knock's design."""
    kind = block.get("type")
    if kind == "markdown":
        return markdown.to_html(block.get("content", ""))
    if kind == "button_set":
        return "".join(
            f'<a href="{escape(button.get("action", ""))}">{escape(button.get("label", ""))}</a>'
            for button in block.get("buttons", ())
        )
    if kind == "image":
        return f'<img src="{escape(block.get("url", ""))}" alt="{escape(block.get("alt") or "")}">'
    if kind == "divider":
        return "<hr>"
    if kind == "row":
        columns = (column for column in block.get("columns", ()))
        return "".join("".join(map(_render_visual_block, column.get("blocks", ()))) for column in columns)
    return block["content"] if isinstance(block.get("content"), str) else ""


def _to_text(value: Any) -> str:
    return value if isinstance(value, str) else to_json(value).decode("utf-8")
