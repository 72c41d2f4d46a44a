# Derived from src/knock_sdk/_async/resources/workflow_recipient_runs.py by `python -m codegen`; do not edit.
"""Workflow recipient runs: runs of a workflow for a single recipient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import PageRequest, Request
from .._paginate import paginate
from ._base import Resource, key_of

if TYPE_CHECKING:
    from datetime import datetime

    from typing_extensions import Unpack

    from ... import params as p
    from ..._core.requests.options import RequestOptions
    from ..._core.values.argument_types import Items
    from ...workflows._workflow import Workflow
    from ..pages import Page


class WorkflowRecipientRuns(Resource):
    """Workflow recipient runs: runs of a workflow for a single recipient."""

    def list(
        self,
        *,
        after: str | None = None,
        before: str | None = None,
        page_size: int | None = None,
        workflow: str | Workflow[Any] | None = None,
        status: Items[t.WorkflowRecipientRunStatus] | None = None,
        tenant: str | None = None,
        has_errors: bool | None = None,
        recipient: p.RecipientReference | None = None,
        starting_at: datetime | str | None = None,
        ending_at: datetime | str | None = None,
        **options: Unpack[RequestOptions],
    ) -> Page[t.WorkflowRecipientRun]:
        """List workflow recipient runs.

        `GET /v1/workflow_recipient_runs`. Returns runs of workflows, one for each recipient of a trigger, a page at
        a time; filters combine. Runs past the account's retention period are left out; limited to 5 calls a second.

        Args:
            after: Cursor from `page_info.after` of an earlier page: returns the entries after it.
            before: Cursor from `page_info.before` of an earlier page: returns the entries before it.
            page_size: Number of entries on a page, 1 to 50; 50 if absent.
            workflow: Only runs of the workflow with this key, or of this `Workflow`.
            status: Only runs whose status is one of these.
            tenant: Only runs for the tenant with this id.
            has_errors: True for only runs in which a step failed, false for only runs without errors.
            recipient: Only runs for this recipient, a user id or an object reference.
            starting_at: Start of the period to look in, ISO 8601; earlier runs are left out.
            ending_at: End of the period to look in, ISO 8601; later runs are left out.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The first page; iterate over it for all items.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return paginate(
            self._transport,
            PageRequest(
                op.LIST_WORKFLOW_RECIPIENT_RUNS,
                t.ListWorkflowRecipientRunsResponse,
                query={
                    "after": after,
                    "before": before,
                    "page_size": page_size,
                    "workflow": key_of(workflow),
                    "status": status,
                    "tenant": tenant,
                    "has_errors": has_errors,
                    "recipient": recipient,
                    "starting_at": starting_at,
                    "ending_at": ending_at,
                },
                options=options,
            ),
        )

    def get(
        self,
        id: str,
        **options: Unpack[RequestOptions],
    ) -> t.WorkflowRecipientRunDetail:
        """Get a workflow recipient run.

        `GET /v1/workflow_recipient_runs/{id}`. Returns one recipient's run of a workflow together with the events
        of its steps. Limited to 5 calls a second.

        Args:
            id: Id of the run for one recipient, not the `workflow_run_id` of the trigger.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The run with its events.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(op.GET_WORKFLOW_RECIPIENT_RUN, t.WorkflowRecipientRunDetail, path=(id,), options=options)
        )
