"""`knock-sdk messages mark`."""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from .._console import print_done, print_json_line
from .._inputs import one_of, read_properties
from .._options import JSONOutput, Property
from .._session import client_of

if TYPE_CHECKING:
    from ..._sync.client import Knock
    from ...types import Message

_MARKS = ("seen", "unseen", "read", "unread", "interacted", "archived", "unarchived")

_AT_ONCE = 50
"""Messages that one request may mark."""


def mark_messages(
    context: typer.Context,
    mark: Annotated[
        str,
        typer.Argument(metavar="MARK", help=f"One of {', '.join(_MARKS)}.", **one_of(*_MARKS)),
    ],
    message_ids: Annotated[
        list[str], typer.Argument(metavar="MESSAGE...", help="Ids of messages, or - for standard input, one a line.")
    ],
    *,
    properties: Property = None,
    json: JSONOutput = False,
) -> None:
    """Mark messages as seen, read, archived and so on, or take such a mark back.

    The properties are the metadata of an interaction.
    """
    metadata = read_properties(properties)
    if metadata and mark != "interacted":
        raise typer.BadParameter("Only an interaction has metadata.", param_hint="--property")
    ids = iter(dict.fromkeys(_read_ids(message_ids)))
    count = 0
    with client_of(context) as client:
        while chunk := list(islice(ids, _AT_ONCE)):
            for message in _send(client, mark, chunk, metadata):
                count += 1
                if json:
                    print_json_line(message)
    if not json:
        print_done(f"{count} {'message is' if count == 1 else 'messages are'} {mark}.")


def _read_ids(given: list[str]) -> list[str]:
    if given != ["-"]:
        return given
    return [line.strip() for line in sys.stdin if line.strip()]


def _send(client: Knock, mark: str, ids: list[str], metadata: dict[str, object]) -> list[Message]:
    batch = client.messages.batch
    if mark == "interacted":
        return batch.mark_as_interacted(message_ids=ids, metadata=metadata or None)
    calls = {
        "seen": batch.mark_as_seen,
        "unseen": batch.mark_as_unseen,
        "read": batch.mark_as_read,
        "unread": batch.mark_as_unread,
        "archived": batch.archive,
        "unarchived": batch.unarchive,
    }
    return calls[mark](message_ids=ids)
