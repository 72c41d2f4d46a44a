"""Examples of `client.workflows`."""

from knock_sdk import AsyncKnock


async def workflows_trigger(client: AsyncKnock) -> None:
    run = await client.workflows.trigger(
        "comment-created",
        recipients=["jhammond", {"id": "imalcolm", "name": "Ian Malcolm", "email": "imalcolm@example.com"}],
        actor="agrant",
        data={"comment": "Life finds a way."},
        tenant="ingen",
        cancellation_key="comment-7",
    )
    print(run.workflow_run_id)


async def workflows_cancel(client: AsyncKnock) -> None:
    await client.workflows.cancel("comment-created", cancellation_key="comment-7", recipients=["jhammond"])
