"""Rows on 2xx responses with an invalid body, and on repeated cursors: 5 and 32."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.support.server import Server, head, raw, respond
from tests.support.sides import both

from ..row import Outcome, Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.server import Received, Reply
    from tests.support.subjects import Subject

    Call = Callable[[Any], Any]


MODEL: Call = lambda client: client.users.get("u1")  # noqa: E731 (a table of such calls follows)
LIST: Call = lambda client: client.messages.batch.mark_as_read(message_ids=["m1"])  # noqa: E731 (as above)
PAGE: Call = lambda client: client.users.list()  # noqa: E731 (as above)
ONE_OF_EACH = {"model": MODEL, "list": LIST, "page": PAGE}
"""Kinds of results, each with a call that returns one."""

EXAMPLES: dict[str, Call] = {
    "BulkOperation": lambda client: client.bulk_operations.get("b1"),
    "ChannelData": lambda client: client.users.get_channel_data("u1", "c1"),
    "GuidesResponse": lambda client: client.users.guides.get_channel("u1", "c1"),
    "ListActivitiesResponse": lambda client: client.messages.list_activities("m1"),
    "ListMessagesResponse": lambda client: client.messages.list(),
    "ListSchedulesResponse": lambda client: client.schedules.list(workflow="w"),
    "ListUsersResponse": PAGE,
    "ChannelsForSlackProviderResponse": lambda client: client.providers.slack.list_channels(
        "c1", access_token_object="a"
    ),
    "Message": lambda client: client.messages.get("m1"),
    "MessageContents": lambda client: client.messages.get_content("m1"),
    "Object": lambda client: client.objects.get("projects", "o1"),
    "PreferenceSet": lambda client: client.users.get_preferences("u1", "default"),
    "SchedulesResponse": lambda client: client.schedules.create(recipients=["u1"], workflow="w"),
    "Tenant": lambda client: client.tenants.get("t1"),
    "TriggerWorkflowResponse": lambda client: client.workflows.trigger("w", recipients=["u1"]),
    "User": MODEL,
    "UserInAppFeedResponse": lambda client: client.users.feeds.list_items("u1", "c1"),
    "WorkflowRecipientRunDetail": lambda client: client.workflow_recipient_runs.get("r1"),
}
"""Calls whose responses the example bodies are, by the schema."""


class SettableReply:
    """Picks the reply that was set last."""

    def __init__(self) -> None:
        self.reply: Reply = respond()

    def __call__(self, received: Received) -> Reply:
        return self.reply


def malformed(kind: str) -> dict[str, Reply]:
    """Return twelve 2xx responses that are invalid for a kind of result."""
    user = {"__typename": "User", "id": "u1"}
    text = json.dumps([user] if kind == "list" else {"entries": [user], "page_info": {}} if kind == "page" else user)
    no_type = raw(head(200, {}, length=0))
    wrong_kind, no_field = (user, [{"ok": 1}]) if kind == "list" else ([user], {"ok": 1})
    return {
        "HTML": respond(body=b"<html>welcome</html>", content_type="text/html"),
        "HTML as JSON": respond(body=b"<html>welcome</html>", content_type="application/json"),
        "empty": respond(body=b"", content_type="application/json"),
        "empty, no type": no_type,
        "204": respond(204),
        "null": respond(body=b"null", content_type="application/json"),
        "text": respond(body=b'"ok"', content_type="application/json"),
        "number": respond(body=b"1", content_type="application/json"),
        "wrong kind": respond(json=wrong_kind),
        "no known field": respond(json=no_field),
        "truncated": respond(body=text.encode()[:-5], content_type="application/json"),
        "bad UTF-8": respond(body=text.replace("u1", "\xff").encode("latin-1"), content_type="application/json"),
    }


def malformed_bodies(subject: Subject) -> Outcome:
    """Call methods whose 2xx responses have malformed bodies."""
    settable = SettableReply()
    raised: Counter[str] = Counter()
    total: Counter[str] = Counter()
    raw_errors: set[str] = set()
    false = 0
    with Server.by(settable) as server, both(subject, server.url) as sides:
        for side in sides:
            for kind, call in ONE_OF_EACH.items():
                for name, settable.reply in malformed(kind).items():
                    result = side.run(call)
                    total[name] += 1
                    raised[name] += isinstance(result, subject.error)
                    if not isinstance(result, Exception):
                        false += 1
                    elif not isinstance(result, subject.error):
                        raw_errors.add(type(result).__name__)
    always = sum(raised[name] == total[name] for name in total)
    shown = f"{always}/{len(total)} always raise; {false} false successes in {total.total()} calls"
    if raw_errors:
        shown += f", and raw {', '.join(sorted(raw_errors))}"
    return Outcome(shown, always == len(total) == 12)


def repeated_cursor(subject: Subject) -> Outcome:
    """Iterate lists whose server repeats its cursors."""
    limit = 500
    lists: dict[str, tuple[Call, Callable[[str], Any]]] = {
        "users": (PAGE, lambda cursor: {"entries": [{"id": "u1"}], "page_info": {"after": cursor, "page_size": 1}}),
        "slack": (
            EXAMPLES["ChannelsForSlackProviderResponse"],
            lambda cursor: {"slack_channels": [{"id": "C1", "name": "general"}], "next_cursor": cursor},
        ),
    }
    # Each response has the next of these cursors, in a cycle; the first one is repeated after a whole cycle.
    cycles = [["a"], ["a", "b"], ["a", "b", "c"]]
    requests: list[int] = []
    late = untyped = 0
    for call, envelope in lists.values():
        for cycle in cycles:
            for index in range(2):
                with (
                    Server.by(_cycle(cycle, envelope)) as server,
                    both(subject, server.url) as sides,
                ):
                    result = sides[index].iterate(call, limit)
                    requests.append(len(server.requests))
                    late += len(server.requests) != len(cycle) + 1
                    untyped += not isinstance(result, subject.error)
    ended = "endless" if max(requests) >= limit else "ends"
    shown = (
        f"{ended}: at most {max(requests)} requests in {len(requests)} iterations, "
        f"{late} too many, {untyped} without error"
    )
    return Outcome(shown, not late and not untyped)


def _cycle(cursors: list[str], envelope: Callable[[str], Any]) -> Callable[[Received], Reply]:
    return lambda received: respond(json=envelope(cursors[(received.number - 1) % len(cursors)]))


ROWS: list[Row] = [
    Row(5, "12 malformed 2xx bodies", "12/12 raise `KnockError`; 0 false successes", malformed_bodies),
    Row(32, "the server repeats a cursor", "stops at the first repetition; typed error", repeated_cursor),
]
