"""What was sent, and what was not, as text that is shown when a test fails. It holds no keys, headers or bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic_core import to_json

from .criteria import MessageCriteria, subject_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..http.exchange import ReceivedRequest
    from ..state.records import Message
    from ..state.world import World
    from .triggers import Triggered

_Row = TypeVar("_Row")

_MOST_ROWS = 20
_WIDEST = 60
_SUCCESS = range(200, 300)


def tell(world: World, received: Sequence[ReceivedRequest], wanted: MessageCriteria | None = None) -> str:
    """Return what was sent, what was not and why, and which requests went wrong.

    Args:
        world: the state.
        received: the requests.
        wanted: what is looked for: what of the data and of the text is shown.
    """
    wanted = wanted or MessageCriteria()
    sent = [message for _, message in world.message_order.iterate()]
    titles = ["to", "channel", "workflow", "status", *_more_titles(wanted)]
    parts = [_table("sent", titles, [_message_row(message, wanted) for message in _last(sent)], len(sent))]
    if world.skips:
        rows = [
            [_name(skip.to), skip.channel or "any", skip.workflow, f"{skip.reason}: {skip.detail}"]
            for skip in _last(world.skips)
        ]
        parts.append(_table("not sent", ["to", "channel", "workflow", "why"], rows, len(world.skips)))
    wrong = [request for request in received if request.status not in _SUCCESS]
    if wrong:
        rows = [[request.method, request.path, _outcome(request)] for request in _last(wrong)]
        parts.append(_table("requests that failed", ["", "", ""], rows, len(wrong)))
    return "\n".join(parts)


def tell_triggers(triggers: Sequence[Triggered], names: Iterable[str]) -> str:
    """Return what was triggered, with some of the data."""
    shown = list(names)
    rows = [
        [
            trigger.workflow,
            _cut(", ".join(map(_name, trigger.recipients))),
            *(_value(trigger.data[name]) if name in trigger.data else "-" for name in shown),
        ]
        for trigger in _last(triggers)
    ]
    return _table("triggered", ["workflow", "recipients", *shown], rows, len(triggers))


def _more_titles(wanted: MessageCriteria) -> list[str]:
    titles: list[str] = []
    if wanted.tenant is not None:
        titles.append("tenant")
    if wanted.subject is not None:
        titles.append("subject")
    if wanted.contains is not None:
        titles.append("text")
    return [*titles, *(f"data.{name}" for name in wanted.data or ())]


def _message_row(message: Message, wanted: MessageCriteria) -> list[str]:
    trigger = message.run.trigger
    row = [_name(message.recipient.json()), message.channel.key, trigger.workflow.key, message.status]
    if wanted.tenant is not None:
        row.append(trigger.tenant or "-")
    if wanted.subject is not None:
        row.append(_cut(subject_of(message) or "-"))
    if wanted.contains is not None:
        row.append(_cut(" | ".join(texts_of(message)) or "-"))
    row += [_value(message.data[name]) if name in message.data else "-" for name in wanted.data or ()]
    return row


def _outcome(request: ReceivedRequest) -> str:
    status = "no answer" if request.status is None else str(request.status)
    return f"→ {status} ({request.fault})" if request.fault else f"→ {status}"


def _name(recipient: object) -> str:
    """Write a recipient: a user's id, or an object's collection and id."""
    if isinstance(recipient, dict):
        return f"{recipient['collection']}/{recipient['id']}"
    return str(recipient)


def _value(value: object) -> str:
    return _cut(value if isinstance(value, str) else to_json(value).decode())


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDEST else f"{line[: _WIDEST - 1]}…"


def _last(rows: Sequence[_Row]) -> Sequence[_Row]:
    return rows[-_MOST_ROWS:]


def _table(title: str, titles: list[str], rows: list[list[str]], total: int) -> str:
    lines = [f"{title}: {total:,}" if total else f"{title}: nothing"]
    if rows:
        head = [titles] if any(titles) else []
        widths = [max(map(len, column)) for column in zip(*head, *rows, strict=True)]
        lines += [_line(row, widths) for row in [*head, *rows]]
    if total > len(rows):
        lines.insert(len(lines) - len(rows), f"  … {total - len(rows):,} earlier")
    return "\n".join(lines)


def _line(row: list[str], widths: list[int]) -> str:
    return "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
