"""Trigger a workflow whose data has a type.

Run it with `python examples/typed_workflow.py`. Without an account it uses the in-memory simulator. If
`KNOCK_API_KEY` is set, it uses your Knock environment, where the workflow `comment-created` must exist.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timezone
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from knock_sdk import InvalidArgumentError, Knock, KnockError, Workflow
from knock_sdk.testing import Simulator


class Author(BaseModel):
    """Who wrote a comment."""

    name: str


class CommentCreated(BaseModel):
    """Data of the workflow. Its templates read `data.commentText`, so that the field is sent by this alias."""

    comment_text: Annotated[str, Field(serialization_alias="commentText", max_length=200)]
    author: Author
    written_at: AwareDatetime


# Type checkers now refuse a trigger of this workflow with other data.
COMMENT_CREATED = Workflow("comment-created", data=CommentCreated)


def main() -> None:
    """Trigger the workflow, see a mistake refused, and print the messages."""
    simulator = None if "KNOCK_API_KEY" in os.environ else Simulator()
    if simulator:
        # It validates triggers against the JSON schema of the type.
        simulator.workflow(COMMENT_CREATED, channels=["in_app_feed"])

    with simulator.client() if simulator else Knock() as client:
        comment = CommentCreated(
            comment_text="Spared no expense.",
            author=Author(name="John Hammond"),
            written_at=datetime(2026, 1, 5, 8, 30, tzinfo=timezone.utc),
        )
        recipients: list[dict[str, object]] = [
            {"id": "esattler", "name": "Ellie Sattler"},
            # This recipient gets another text; the other fields are those of the comment.
            {"id": "imalcolm", "name": "Ian Malcolm", "$trigger_data": {"commentText": "Life finds a way."}},
        ]
        run = client.workflows.trigger(COMMENT_CREATED, recipients=recipients, data=comment)

        # A change is not checked when it is made, but when it is sent.
        comment.comment_text = "x" * 201
        try:
            client.workflows.trigger(COMMENT_CREATED, recipients=recipients, data=comment)
        except InvalidArgumentError as error:
            print("not sent:", error)

        for message in client.messages.list(workflow_run_id=run.workflow_run_id):
            print(message.recipient, message.data)


if __name__ == "__main__":
    try:
        main()
    except KnockError as error:
        sys.exit(f"typed_workflow: {error}")
