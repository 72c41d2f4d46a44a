"""Collect the comments of a day in one email, and watch the day pass.

Run it with `python examples/daily_digest.py` (`pip install 'knock-sdk[simulator]'`). In the simulator, time moves when
the program says so: a day takes no time, and the program checks what was sent at each moment of it. If `KNOCK_API_KEY`
is set, the comments go to your Knock environment instead. There, create the workflow `comment-digest` in the dashboard,
with a batch step of a day and an email step; the digest comes when a day has passed.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from pydantic import BaseModel

from knock_sdk import Knock, KnockError, Workflow
from knock_sdk.testing import Batch, Send, Simulator
from knock_sdk.types import MessageEmailContent

MORNING = datetime(2026, 1, 5, 8, 0, tzinfo=timezone.utc)
READERS = {"ellie": "Ellie Sattler", "ian": "Ian Malcolm", "ray": "Ray Arnold"}

TEMPLATE = {
    "subject": "{{ total_activities }} new {{ total_activities | pluralize: 'comment', 'comments' }}",
    "visual_blocks": [
        {
            "type": "markdown",
            "content": (
                "Hello {{ recipient.name }},\n\n"
                "{% for activity in activities %}"
                "- **{{ activity.actor.name }}** on {{ activity.document }}: {{ activity.comment }}\n"
                "{% endfor %}"
            ),
        }
    ],
}


class CommentData(BaseModel):
    """Data of the workflow."""

    document: str
    comment: str


COMMENT_DIGEST = Workflow("comment-digest", data=CommentData)


class Comment(NamedTuple):
    """A comment, which is announced when it is written."""

    at: timedelta
    author: str
    document: str
    text: str
    readers: list[str]


DAY = [
    Comment(timedelta(minutes=12), "ian", "Island survey", "Life finds a way.", ["ellie"]),
    Comment(timedelta(hours=2, minutes=5), "ray", "Fences", "Hold on to your butts.", ["ellie", "ian"]),
    Comment(timedelta(hours=7, minutes=40), "ian", "Fences", "Must go faster.", ["ellie", "ray"]),
]


def identify(client: Knock) -> None:
    """Identify the users; one of them wants no email."""
    for user_id, name in READERS.items():
        client.users.update(user_id, name=name, email=f"{user_id}@example.com")
    client.users.set_preferences("ray", "default", channel_types={"email": False}, _persistence_strategy="merge")


def announce(client: Knock, number: int, comment: Comment) -> None:
    """Announce a comment. Each is a trigger of its own: the batch step of the workflow collects them."""
    client.workflows.trigger(
        COMMENT_DIGEST,
        recipients=comment.readers,
        actor=comment.author,
        data=CommentData(document=comment.document, comment=comment.text),
        idempotency_key=f"comment-digest/{number}",
    )


def simulate() -> None:
    """Let a day pass, check what is sent when, and print the emails."""
    knock = Simulator(now=MORNING)
    knock.workflow(COMMENT_DIGEST, steps=[Batch(timedelta(days=1)), Send("email", TEMPLATE)])
    client = knock.client()
    identify(client)

    for number, comment in enumerate(DAY):
        knock.advance_to(MORNING + comment.at)
        announce(client, number, comment)
        print(f"{knock.now:%a %H:%M}  {comment.author} comments on {comment.document}")
    # The window of each reader begins with the first comment, and nothing is sent until it closes.
    knock.assert_not_sent(workflow=COMMENT_DIGEST)
    for waiting in knock.waiting(workflow=COMMENT_DIGEST):
        print(f"           the digest of {waiting.to} comes at {waiting.until:%a %H:%M}")

    knock.advance_to(MORNING + DAY[0].at + timedelta(days=1))
    knock.assert_sent(to="ellie", subject="3 new comments", contains="Life finds a way.", count=1)
    knock.assert_not_sent(to="ian")  # whose window is open for two more hours
    knock.advance(days=1)
    knock.assert_sent(to="ian", subject="1 new comment", count=1)
    knock.assert_not_sent(to="ray")

    for message in knock.messages(workflow=COMMENT_DIGEST):
        content = client.messages.get_content(message.id).data
        if isinstance(content, MessageEmailContent):
            print(f"\n{message.inserted_at:%a %H:%M}  To: {content.to}  Subject: {content.subject_line}")
            print(content.text_body)
    for skip in knock.skips():
        print(f"\nNot sent: the digest of {skip.to}, for {skip.detail}")


def send() -> None:
    """Announce all comments at once, in your Knock environment."""
    with Knock() as client:
        identify(client)
        for number, comment in enumerate(DAY):
            announce(client, number, comment)
    print(f"{len(DAY)} comments were announced. The digests come when the window of the batch step closes.")


if __name__ == "__main__":
    try:
        send() if "KNOCK_API_KEY" in os.environ else simulate()
    except KnockError as error:
        sys.exit(f"daily_digest: {error}")
