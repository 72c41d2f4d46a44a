"""What a message says: its step's template, rendered, or else the workflow's name and the data of the trigger."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from ..._core.type_guards import is_array, is_object
from . import liquid, markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..state.json_objects import JSON

# What a template may have, by kind of channel, and which of it `body` stands for. Settings, such as the layout of
# an email, are let pass and change nothing.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "chat": ("body", "json_body", "markdown_body", "settings", "summary"),
    "email": ("body", "html_body", "is_mjml", "settings", "subject", "text_body", "visual_blocks"),
    "in_app_feed": ("action_buttons", "action_url", "body", "markdown_body", "settings"),
    "push": ("body", "settings", "text_body", "title"),
    "sms": ("body", "settings", "text_body"),
}
_IGNORED = ("is_mjml", "settings")


def check(kind: str, template: Mapping[str, object], at: str) -> None:
    """Find out what is wrong with a template before it is used.

    Args:
        kind: kind of channel.
        template: the fields, with Liquid in their texts.
        at: where it stands, for the error.

    Raises:
        ValueError: It has fields that this kind of channel does not have, or one is no Liquid.
    """
    allowed = _FIELDS.get(kind)
    if allowed is None:
        raise ValueError(f"{at}: messages on {kind} channels have no contents, so that they take no template")
    if unknown := template.keys() - set(allowed):
        raise ValueError(f"{at}: {', '.join(sorted(unknown))}: a template for {kind} has {', '.join(allowed)}")
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


def render(kind: str, template: Mapping[str, object], scope: Mapping[str, Any]) -> JSON:
    """Return the parts of a message's contents that its template gives.

    Raises:
        TemplateError: It cannot be rendered with this scope.
    """
    fields: JSON = {name: _render(value, scope) for name, value in template.items() if name not in _IGNORED}
    body: str = fields.get("body", "")
    if kind == "email":
        html = fields.get("html_body")
        if html is None:
            blocks = fields.get("visual_blocks")
            html = markdown.to_html(body) if blocks is None else "".join(map(_visual_block, blocks))
        text = fields.get("text_body", body) or markdown.to_text(html)
        return {"html_body": html, "subject_line": fields.get("subject", ""), "text_body": text}
    if kind == "in_app_feed":
        return {"blocks": _feed_blocks(template, fields)}
    if kind == "chat":
        return _chat(fields, fields.get("markdown_body", body))
    text = fields.get("text_body", body)
    return {"body": text, "title": fields.get("title", "")} if kind == "push" else {"body": text}


def render_data(kind: str, title: str, data: JSON) -> JSON:
    """Return the parts of a message's contents for a step without a template."""
    lines = [f"{name}: {_text(value)}" for name, value in data.items()]
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


def _render(value: Any, scope: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return liquid.render(value, scope)
    if is_object(value):
        return {name: _render(inner, scope) for name, inner in value.items()}
    return [_render(inner, scope) for inner in value] if is_array(value) else value


def _feed_blocks(template: Mapping[str, Any], fields: JSON) -> list[JSON]:
    """Return the blocks of an in-app message; each shows its template beside what became of it."""
    name = "markdown_body" if "markdown_body" in fields else "body"
    body: str = fields.get(name, "")
    html = markdown.to_html(body)
    blocks: list[JSON] = [{"content": template.get(name, ""), "name": "body", "rendered": html, "type": "markdown"}]
    if url := fields.get("action_url"):
        blocks.append({"content": template["action_url"], "name": "action_url", "rendered": url, "type": "text"})
    if buttons := fields.get("action_buttons"):
        # Knock names the buttons of a set itself; how is a guess.
        shown = [
            {"action": button["action"], "label": button["label"], "name": "primary" if index == 0 else "secondary"}
            for index, button in enumerate(buttons)
        ]
        blocks.append({"buttons": shown, "name": "actions", "type": "button_set"})
    return blocks


def _chat(fields: JSON, body: str) -> JSON:
    summary = fields.get("summary")
    if "json_body" not in fields:
        block = {"content": body, "name": "body", "type": "markdown"}
        return {"template": {"blocks": [block], "json_content": None, "summary": summary}}
    content = fields["json_body"]
    if isinstance(content, str):
        try:
            content = from_json(content)
        except ValueError as error:
            raise liquid.TemplateError(f"json_body is no JSON: {error}") from error
    return {"template": {"blocks": None, "json_content": content, "summary": summary}}


def _visual_block(block: JSON) -> str:
    """Return one block of an email as plain HTML; Knock's own design is not imitated."""
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
        return "".join("".join(map(_visual_block, column.get("blocks", ()))) for column in columns)
    return block["content"] if isinstance(block.get("content"), str) else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else to_json(value).decode("utf-8")
