"""HTML of the page: Jinja2 templates, in which everything is escaped."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from pydantic_core import to_json
from starlette.responses import HTMLResponse

from ...messaging.messages import DELIVERY, ENGAGEMENT
from . import files, times
from .redaction import redact

if TYPE_CHECKING:
    from starlette.responses import Response

    from .page_request import PageRequest

NAVIGATION = (
    ("Inbox", ""),
    ("Not sent", "not-sent"),
    ("Workflows", "workflows"),
    ("People", "users"),
    ("Objects", "objects"),
    ("Tenants", "tenants"),
    ("Requests", "requests"),
    ("Webhooks", "webhooks"),
    ("Clock", "clock"),
)
"""Title and first part of the path of each section."""

_MOST_JSON = 200_000
"""Characters of a JSON text that a page shows."""
_MOST_TEXT = 20_000
"""Characters of other texts."""


def render(page: PageRequest, template: str, status: int = 200, **context: object) -> Response:
    """Return a page.

    Templates that extend `base.html` set `title`, and in the block `content` what the page shows. Elements with an `id`
    and `data-live` are updated while the page is open, when something of the `kinds` has changed: texts of `ChangeKind`
    with commas between them, such as `{% set kinds = "message,run" %}`; `state` is always among them.

    Args:
        page: The request.
        template: Name of the template.
        status: Status of the response.
        context: Variables of the template, besides `page`, `now` and those of `rendering.py`.
    """
    now = page.simulator.now
    html = _environment().get_template(template).render(page=page, now=now, **context)
    return HTMLResponse(html, status, headers={"cache-control": "no-store"})


def show_json(value: Any) -> str:
    """Return a value as indented JSON without secrets; a long one is cut."""
    text = to_json(redact(value), indent=2, fallback=str, inf_nan_mode="constants").decode("utf-8", "replace")
    return shorten(text, _MOST_JSON)


def shorten(text: str, length: int = _MOST_TEXT) -> str:
    """Return a text, cut to a length; what is left out is counted."""
    return text if len(text) <= length else f"{text[:length]}… ({len(text) - length:,} more characters)"


@cache
def _environment() -> Environment:
    environment: Any = Environment(  # Jinja2 does not say what its filters and variables are
        loader=FunctionLoader(lambda name: files.read(f"templates/{name}").decode("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(
        shown_json=show_json,
        shorten=shorten,
        iso=times.iso,
        full_time=times.full,
        short_time=times.short,
        duration=times.duration,
    )
    environment.globals.update(
        navigation=NAVIGATION,
        version=files.version(),
        delivery_statuses=DELIVERY,
        engagement_statuses=ENGAGEMENT,
    )
    made: Environment = environment
    return made
