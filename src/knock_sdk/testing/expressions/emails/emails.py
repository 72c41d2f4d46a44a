"""Emails: the body in its layout, with styles inlined, and the text version."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from ...state.content import DEFAULT_LAYOUT, Layout
from ...state.json_objects import object_at
from ...state.names import did_you_mean
from ..liquid import liquid, markdown, partials
from ..liquid.rendering import TemplateError
from ..liquid.variables import lookup_of
from ..template_fields import settings_of, source_of, text_at
from . import mjml, plain_text, visual_blocks
from .branding import branding_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from ...state.json_objects import JSON
    from ..liquid.rendering import Rendering

_MISSING = "emails with styles need css-inline: pip install 'knock-sdk[simulator]'"
_CONTENT = re.compile(r"\{\{-?\s*content\b")
_DOCUMENT = re.compile(r"<(?:!doctype|html|body)\b", re.IGNORECASE)
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_HTML = re.compile(r"<html\b[^>]*>", re.IGNORECASE)

# What Knock's own layout looks like is not documented: a guess.
DEFAULT = Layout(
    DEFAULT_LAYOUT,
    """<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font-family: Helvetica, Arial, sans-serif; font-size: 16px; line-height: 24px; margin: 0; }
.layout { border-collapse: collapse; margin: 0 auto; max-width: 600px; width: 100%; }
.preview { display: none; }
</style>
</head>
<body>
{% if preview_text != "" %}<div class="preview">{{ preview_text }}</div>{% endif -%}
<table class="layout" role="presentation"><tbody>
{%- if vars.branding.logo_url %}
<tr><td><img src="{{ vars.branding.logo_url }}" alt="" height="32"></td></tr>
{%- endif %}
<tr><td>
{{ content }}
</td></tr>
{%- if footer_links != "" %}
<tr><td>{{ footer_links }}</td></tr>
{%- endif %}
</tbody></table>
</body>
</html>
""",
    None,
    (),
    is_mjml=False,
    branding={},
)


def require(template: Mapping[str, Any]) -> None:
    """Check that an email can be rendered.

    Raises:
        ImportError: A library is not installed.
    """
    _load_inliner()
    markdown.require()
    if template.get("is_mjml"):
        mjml.require()


def check_layout(layout: Layout, at: str) -> None:
    """Check a declared layout.

    Raises:
        ValueError: A text is not valid Liquid, has no place for the content, or is not a document.
    """
    for name, source in (("html_layout", layout.html), ("text_layout", layout.text)):
        if source is not None:
            liquid.check(source, f"{at}.{name}")
            if _CONTENT.search(source) is None:
                raise ValueError(f"{at}.{name}: has no {{{{ content }}}}, where the content of an email goes")
    if layout.is_mjml:
        mjml.require()
    root = "<mjml" if layout.is_mjml else "<html"
    if root not in layout.html.lower():
        raise ValueError(f"{at}.html_layout: is no {root[1:].upper()} document: {root}> is missing")


def render(template: Mapping[str, Any], context: Mapping[str, Any]) -> JSON:
    """Return the subject, HTML and text of an email.

    Raises:
        TemplateError: The template is malformed, or cannot be rendered with this context.
    """
    settings = settings_of(template)
    layout = _find_layout(template, settings, context)
    is_mjml = bool(template.get("is_mjml"))
    if layout is not None and is_mjml and not layout.is_mjml:
        raise TemplateError(f"the layout {layout.key!r} is not MJML, which a template in MJML needs", "is_mjml")
    subject = text_at(template, "subject", context)
    scope = _scope_of(layout, context, text_at(template, "preview_text", context))
    rendering = liquid.begin(scope)
    before = _render_before(settings, rendering)
    body = _Body(lambda: _render_body(template, rendering))
    scope["content"] = body
    if layout is None:
        html = before + str(body)
        html = mjml.to_html(html) if is_mjml else html
        html = _inline(html) if _DOCUMENT.search(html) else html
    else:
        html = before + rendering.render(layout.html, f"layout {layout.key}")
        html = mjml.to_html(html) if layout.is_mjml else html
        html = _inline(_insert_styles(html, [visual_blocks.CSS, *scope[partials.STYLES]]))
    text = _render_text(template, body, layout, context)
    return {"html_body": html, "subject_line": subject, "text_body": text}


class _Body:
    """The content of an email: rendered where the layout prints it, so that what it assigns is seen below."""

    def __init__(self, render_body: Callable[[], str]) -> None:
        self._render = render_body
        self.html = ""

    @override
    def __str__(self) -> str:
        self.html = self._render()
        return self.html


def _find_layout(template: Mapping[str, Any], settings: Mapping[str, Any], context: Mapping[str, Any]) -> Layout | None:
    """Return the layout; blocks of a template that names none are put into the one that each account has."""
    key = settings.get("layout_key", DEFAULT_LAYOUT if "visual_blocks" in template else None)
    if key is None:
        return None
    if not isinstance(key, str):
        raise TemplateError("must be the key of a layout", "settings.layout_key")
    lookup = lookup_of(context)
    found = None if lookup is None else lookup.layout(key)
    if found is None:
        if key == DEFAULT_LAYOUT:
            return DEFAULT
        near = did_you_mean(key, [] if lookup is None else lookup.keys("layouts"))
        raise TemplateError(
            f"no layout {key!r} is declared, with sim.layout() or in layouts/{key}/{near}", "settings.layout_key"
        )
    return found


def _scope_of(layout: Layout | None, context: Mapping[str, Any], preview: str) -> dict[str, Any]:
    """Return the context with what a layout reads beside it."""
    scope: dict[str, Any] = {**context, "preview_text": preview, "footer_links": "", partials.STYLES: []}
    if layout is not None:
        if layout.branding:
            values: JSON = object_at(scope, "vars")
            tenant = object_at(scope, "tenant")
            scope["vars"] = {**values, "branding": branding_of(values, tenant, layout.branding)}
        links = [
            f'<a href="{_render_link(link, "url", scope)}">{_render_link(link, "text", scope)}</a>'
            for link in layout.footer_links
        ]
        scope["footer_links"] = " | ".join(links)
    return scope


def _render_link(link: Mapping[str, Any], name: str, scope: Mapping[str, Any]) -> str:
    return liquid.render(str(link.get(name, "")), scope, f"footer_links.{name}")


def _render_body(template: Mapping[str, Any], rendering: Rendering) -> str:
    if "visual_blocks" in template:
        return visual_blocks.render(template["visual_blocks"], rendering, "visual_blocks")
    if template.get("html_body") is not None:
        return rendering.render(source_of(template, "html_body"), "html_body")
    return rendering.render(markdown.template_to_html(source_of(template, "body")), "body")


def _render_before(settings: Mapping[str, Any], rendering: Rendering) -> str:
    """Return what goes before the HTML and before the text: assignments, as a rule, which leave nothing."""
    return rendering.render(source_of(settings, "pre_content", "settings."), "settings.pre_content").lstrip()


def _render_text(template: Mapping[str, Any], body: _Body, layout: Layout | None, context: Mapping[str, Any]) -> str:
    """Return the text version: the template's own, or made of the HTML without the layout."""
    scope: dict[str, Any] = dict(context)
    rendering = liquid.begin(scope)
    text = _render_before(settings_of(template), rendering)
    name = "text_body" if template.get("text_body") is not None else "body"
    if template.get(name) is not None:
        text += rendering.render(source_of(template, name), name)
    else:
        text += plain_text.to_text(body.html)
    if layout is not None and layout.text is not None:
        scope["content"] = text
        return rendering.render(layout.text, f"layout {layout.key}")
    return text


def _insert_styles(html: str, sheets: list[str]) -> str:
    """Return a document with style sheets at the beginning of its head."""
    styles = f"<style>{''.join(sheets)}</style>"
    if head := _HEAD.search(html):
        return html[: head.end()] + styles + html[head.end() :]
    if root := _HTML.search(html):
        return f"{html[: root.end()]}<head>{styles}</head>{html[root.end() :]}"
    return styles + html


def _load_inliner() -> ModuleType:
    try:
        import css_inline
    except ImportError as error:
        raise ImportError(_MISSING) from error
    return css_inline


def _inline(html: str) -> str:
    """Return a document whose styles are in its elements; what stands in no element, such as `@media`, is kept."""
    css_inline = _load_inliner()
    try:
        inlined: str = css_inline.inline(html, keep_at_rules=True, keep_link_tags=True, load_remote_stylesheets=False)
    except (css_inline.InlineError, ValueError) as error:
        raise TemplateError(f"the styles cannot be inlined: {error}", "html_body") from error
    return inlined
