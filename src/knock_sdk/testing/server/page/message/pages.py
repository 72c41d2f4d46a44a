"""The page of one message, and what belongs to it: the HTML in its frames, and the file of an email."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.responses import Response

from ....._core.type_guards import is_array, is_object
from ....messaging import messages
from ...state_access import locked
from ..message_rows import row_of
from ..page_routes import not_found, page_route
from ..rendering import render
from . import email_file, sandbox
from .actions import actions_for, carry_out
from .drawings import draw
from .links import links_in

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from ....state.records import Message
    from ....state.world import World
    from ...environments import Environments
    from ..page_request import PageRequest

_MOST_EVENTS = 200


def routes(environments: Environments) -> list[BaseRoute]:
    """Return the routes of messages."""
    return [
        page_route(environments, "/messages/{id}", _show_message),
        page_route(environments, "/messages/{id}/actions", carry_out, ["POST"]),
        page_route(environments, "/messages/{id}/html", _show_html),
        page_route(environments, "/messages/{id}/blocks/{index}", _show_block),
        page_route(environments, "/messages/{id}/email.eml", _download_email),
    ]


def _show_message(page: PageRequest) -> Response:
    with locked(page.simulator) as world:
        message = _find(page, world)
        context: dict[str, Any] = {
            "row": row_of(world, message),
            "drawing": draw(world, message),
            "json": messages.render(message),
            "contents": message.contents,
            "call": {name: value for name, value in message.call.items() if name != "attachments"},
            "events": message.events[-_MOST_EVENTS:],
            "left_out": max(0, len(message.events) - _MOST_EVENTS),
            "scheduled_at": message.scheduled_at,
            "actions": actions_for(message),
            "links": links_in(message),
            "run": message.run.id if messages.source_type_of(message) == "workflow" else None,
            "step": message.step_ref,
        }
    return render(page, "message/page.html", **context)


def _show_html(page: PageRequest) -> Response:
    with locked(page.simulator) as world:
        html = (_find(page, world).contents or {}).get("html_body")
    if not isinstance(html, str):
        raise not_found("This message has no HTML")
    return sandbox.email_document(html)


def _show_block(page: PageRequest) -> Response:
    index = page.ids["index"]
    with locked(page.simulator) as world:
        blocks: Any = (_find(page, world).contents or {}).get("blocks")
    known = is_array(blocks) and index.isascii() and index.isdigit() and len(index) < 5 and int(index) < len(blocks)
    block: Any = blocks[int(index)] if known else None
    rendered = block.get("rendered") if is_object(block) else None
    if not isinstance(rendered, str):
        raise not_found("This message has no such block of HTML")
    return sandbox.fragment(rendered)


def _download_email(page: PageRequest) -> Response:
    with locked(page.simulator) as world:
        message = _find(page, world)
        if message.channel.type != "email":
            raise not_found("This message is not an email")
        built = email_file.build(message)
        name = email_file.file_name(f"{(message.contents or {}).get('subject_line') or 'email'}.eml")
    disposition = f"attachment; filename=\"email.eml\"; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"content-disposition": disposition, "cache-control": "no-store", "x-content-type-options": "nosniff"}
    return Response(built, media_type="message/rfc822", headers=headers)


def _find(page: PageRequest, world: World) -> Message:
    message_id = page.ids["id"]
    message = world.messages.get(message_id)
    if message is None:
        hint = "It may have been deleted, or belong to another environment, or to a state from before a reset."
        raise not_found(f"There is no message {message_id}", hint)
    return message
