"""Examples of `client.workflow_recipient_runs`."""

from knock_sdk import AsyncKnock


async def workflow_recipient_runs_list(client: AsyncKnock) -> None:
    async for run in client.workflow_recipient_runs.list(workflow="comment-created", status=["completed"]):
        print(run.id, run.recipient, run.error_count)


async def workflow_recipient_runs_get(client: AsyncKnock) -> None:
    page = await client.workflow_recipient_runs.list(recipient="jhammond", page_size=1)
    run = await client.workflow_recipient_runs.get(page[0].id)
    for event in run.events:
        print(event.event, event.step_ref, event.status)
