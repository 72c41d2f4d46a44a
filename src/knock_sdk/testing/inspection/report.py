"""Reports for tests that fail: messages, waiting runs, skips, triggers and failed requests; no keys or bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

from pydantic_core import to_json

from ..state.channels import GUIDE
from ..state.clock import iso
from ..state.webhooks import Webhooks
from .criteria import MessageCriteria, subject_of, texts_of
from .waiting import list_waiting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..http.exchange import ReceivedRequest
    from ..state.records import Message
    from ..state.webhooks import WebhookDelivery
    from ..state.world import World
    from .triggers import Triggered

_Row = TypeVar("_Row")

_MAX_ROWS = 20
_MAX_WIDTH = 60
_MAX_ERROR_WIDTH = 160
_SUCCESS = range(200, 300)


def render_report(world: World, received: Sequence[ReceivedRequest], wanted: MessageCriteria) -> str:
    """Return a text that lists messages, what waits, skips with their reasons, and the requests that failed.

    Args:
        world: the state.
        received: the received requests.
        wanted: the criteria of the assertion; their fields are shown as columns.
    """
    made = [message for _, message in world.message_order.iterate()]
    sent = [message for message in made if message.channel.type != GUIDE or wanted.matches(message)]
    titles = ["to", "channel", "workflow", "status", *_extra_titles(wanted)]
    tables = [
        _format_table("sent", titles, [_format_message(message, wanted) for message in _last_rows(sent)], len(sent))
    ]
    if waiting := list_waiting(world, MessageCriteria()):
        rows = [
            [_format_recipient(each.to), each.workflow, each.step, iso(each.until) or "something other than time"]
            for each in waiting[:_MAX_ROWS]
        ]
        titles = ["to", "workflow", "step", "until"]
        tables.append(_format_table("waiting (advance() moves the time)", titles, rows, len(waiting), shows="first"))
    if world.skips:
        rows = [
            [_format_recipient(skip.to), skip.channel or "any", skip.workflow, f"{skip.reason}: {skip.detail}"]
            for skip in _last_rows(world.skips)
        ]
        tables.append(_format_table("not sent", ["to", "channel", "workflow", "why"], rows, len(world.skips)))
    deliveries = world.of(Webhooks).deliveries.values()
    if failing := [each for each in deliveries if each.attempts and each.outcome != "delivered"]:
        rows = [[each.type, each.target, str(len(each.attempts)), _format_last(each)] for each in _last_rows(failing)]
        titles = ["event", "webhook", "attempts", "the last"]
        tables.append(_format_table("events that no webhook took", titles, rows, len(failing)))
    failed = [request for request in received if request.status not in _SUCCESS]
    if failed:
        rows = [[request.method, request.path, _format_outcome(request)] for request in _last_rows(failed)]
        tables.append(_format_table("requests that failed", ["", "", ""], rows, len(failed)))
    return "\n".join(tables)


def render_triggers(triggers: Sequence[Triggered], names: Iterable[str]) -> str:
    """Return a text that lists the triggers, with the fields of their data that have these names."""
    shown = list(names)
    rows = [
        [
            trigger.workflow,
            _truncate(", ".join(map(_format_recipient, trigger.recipients))),
            *(_format_value(trigger.data[name]) if name in trigger.data else "-" for name in shown),
        ]
        for trigger in _last_rows(triggers)
    ]
    return _format_table("triggered", ["workflow", "recipients", *shown], rows, len(triggers))


def _extra_titles(wanted: MessageCriteria) -> list[str]:
    titles: list[str] = []
    if wanted.tenant is not None:
        titles.append("tenant")
    if wanted.subject is not None:
        titles.append("subject")
    if wanted.contains is not None:
        titles.append("text")
    return [*titles, *(f"data.{name}" for name in wanted.data or ())]


def _format_message(message: Message, wanted: MessageCriteria) -> list[str]:
    trigger = message.run.trigger
    row = [_format_recipient(message.recipient.json()), message.channel.key, trigger.workflow.key, message.status]
    if wanted.tenant is not None:
        row.append(trigger.tenant or "-")
    if wanted.subject is not None:
        row.append(_truncate(subject_of(message) or "-"))
    if wanted.contains is not None:
        row.append(_truncate(" | ".join(texts_of(message)) or "-"))
    row += [_format_value(message.data[name]) if name in message.data else "-" for name in wanted.data or ()]
    return row


def _format_outcome(request: ReceivedRequest) -> str:
    status = "no response" if request.status is None else str(request.status)
    if request.fault:
        return f"→ {status} ({request.fault})"
    return f"→ {status}" if request.error is None else f"→ {status} {_truncate(request.error, _MAX_ERROR_WIDTH)}"


def _format_last(delivery: WebhookDelivery) -> str:
    last = delivery.attempts[-1]
    return f"→ {last.status}" if last.error is None else _truncate(last.error, _MAX_ERROR_WIDTH)


def _format_recipient(recipient: object) -> str:
    """Return a user's id, or an object's collection and id."""
    if isinstance(recipient, dict):
        return f"{recipient['collection']}/{recipient['id']}"
    return str(recipient)


def _format_value(value: object) -> str:
    return _truncate(value if isinstance(value, str) else to_json(value).decode())


def _truncate(text: str, width: int = _MAX_WIDTH) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 1]}…"


def _last_rows(rows: Sequence[_Row]) -> Sequence[_Row]:
    return rows[-_MAX_ROWS:]


def _format_table(
    title: str, titles: list[str], rows: list[list[str]], total: int, *, shows: Literal["first", "last"] = "last"
) -> str:
    """Return a table of the first or the last rows of all."""
    lines = [f"{title}: {total:,}" if total else f"{title}: nothing"]
    if rows:
        head = [titles] if any(titles) else []
        widths = [max(map(len, column)) for column in zip(*head, *rows, strict=True)]
        lines += [_format_line(row, widths) for row in [*head, *rows]]
    if total > len(rows):
        place, what = (len(lines), "more") if shows == "first" else (len(lines) - len(rows), "earlier")
        lines.insert(place, f"  … {total - len(rows):,} {what}")
    return "\n".join(lines)


def _format_line(row: list[str], widths: list[int]) -> str:
    return "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
