# Derived from src/knock_sdk/_async/resources/workflows.py by `python -m codegen`; do not edit.
"""Workflows: triggering them to notify recipients, and cancelling their runs."""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING, Any, overload

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import Request
from ..._core.sentinel import NOT_GIVEN
from ._base import Resource, key_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from typing_extensions import Unpack

    from ... import params as p
    from ..._core.requests.options import RequestOptions
    from ..._core.sentinel import NotGiven
    from ..._core.values.argument_types import Items, JSONModel, JSONObject, ManyItems
    from ...bulk import BulkProgress, BulkReport, Trigger
    from ...workflows._workflow import DataOf, M, Workflow


class Workflows(Resource):
    """Workflows: triggering them to notify recipients, and cancelling their runs."""

    @overload
    def trigger(
        self,
        key: str | Workflow[JSONObject],
        *,
        recipients: Items[p.RecipientRequest],
        actor: p.RecipientRequest | NotGiven | None = NOT_GIVEN,
        cancellation_key: str | NotGiven | None = NOT_GIVEN,
        data: JSONObject | NotGiven | None = NOT_GIVEN,
        settings: p.TriggerWorkflowSettings | JSONModel | NotGiven | None = NOT_GIVEN,
        tenant: p.InlineTenantRequest | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> t.TriggerWorkflowResponse: ...

    @overload
    def trigger(
        self,
        key: Workflow[None],
        *,
        recipients: Items[p.RecipientRequest],
        actor: p.RecipientRequest | NotGiven | None = NOT_GIVEN,
        cancellation_key: str | NotGiven | None = NOT_GIVEN,
        data: NotGiven = NOT_GIVEN,
        settings: p.TriggerWorkflowSettings | JSONModel | NotGiven | None = NOT_GIVEN,
        tenant: p.InlineTenantRequest | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> t.TriggerWorkflowResponse: ...

    @overload
    def trigger(
        self,
        key: Workflow[M],
        *,
        recipients: Items[p.RecipientRequest],
        actor: p.RecipientRequest | NotGiven | None = NOT_GIVEN,
        cancellation_key: str | NotGiven | None = NOT_GIVEN,
        data: DataOf[M],
        settings: p.TriggerWorkflowSettings | JSONModel | NotGiven | None = NOT_GIVEN,
        tenant: p.InlineTenantRequest | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> t.TriggerWorkflowResponse: ...

    # No function is data, although `DataOf` has one.
    def trigger(  # type: ignore[misc]  # pyright: ignore[reportInconsistentOverload]
        self,
        key: str | Workflow[Any],
        *,
        recipients: Items[p.RecipientRequest],
        actor: p.RecipientRequest | NotGiven | None = NOT_GIVEN,
        cancellation_key: str | NotGiven | None = NOT_GIVEN,
        data: JSONObject | NotGiven | None = NOT_GIVEN,
        settings: p.TriggerWorkflowSettings | JSONModel | NotGiven | None = NOT_GIVEN,
        tenant: p.InlineTenantRequest | NotGiven | None = NOT_GIVEN,
        idempotency_key: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> t.TriggerWorkflowResponse:
        """Trigger a workflow.

        `POST /v1/workflows/{key}/trigger`. Starts a workflow for up to 1,000 recipients and returns at once; the
        runs are asynchronous, one for each recipient and, for an object, each of its subscribers. Recipients, actor
        and tenant given inline are created or updated first. `data` may have up to 10 MB, and `Idempotency-Key`
        makes repeating the request safe.

        Args:
            key: Key of the workflow, as set in the Knock dashboard, or a `Workflow`, whose data is checked.
            recipients: Recipients to notify, at most 1,000: user ids, object references, or users and objects with
                properties to store first.
            actor: User or object that caused the notification, as an id or with properties to store first; None for
                no actor.
            cancellation_key: Key by which these runs can be cancelled later; make it unique for each trigger.
                Without one they cannot be cancelled.
            data: Values for the workflow's templates and conditions, at most 10 MB; the logs cut strings above
                1,024 bytes. For a `Workflow` with a type, data of this type; without a type, none. The
                `$trigger_data` of an inline recipient replaces single fields of it for this recipient.
            settings: Settings for the runs of this trigger alone, or None for the usual behaviour.
            tenant: Tenant whose branding and preferences apply and whose id marks the messages, as an id or with
                properties to store first.
            idempotency_key: Key under which the API carries this trigger out once within 24 hours, 1 to 255 visible
                ASCII characters; without one, the client creates one for its own retries.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The id of the workflow run.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        if not isinstance(key, str):
            from ...workflows._calls import check_call

            try:
                key, data, recipients = check_call(key, data, recipients)
            except Exception as error:
                self._transport.refuse(error, op.TRIGGER_WORKFLOW)
                raise
        return self._transport.send(
            Request(
                op.TRIGGER_WORKFLOW,
                t.TriggerWorkflowResponse,
                path=(key,),
                body={
                    "actor": actor,
                    "cancellation_key": cancellation_key,
                    "data": data,
                    "recipients": recipients,
                    "settings": settings,
                    "tenant": tenant,
                },
                idempotency_key=idempotency_key,
                options=options,
            )
        )

    def cancel(
        self,
        key: str | Workflow[Any],
        *,
        cancellation_key: str,
        recipients: Items[p.RecipientReference] | NotGiven | None = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> None:
        """Cancel workflow runs.

        `POST /v1/workflows/{key}/cancel`. Requests the cancellation of the runs triggered with a cancellation key,
        for all recipients or for those given and their subscribers; nothing is returned, and the runs are cancelled
        afterwards. Only runs that are waiting, in a batch, delay or the like, are affected. A call within 5 seconds
        of the trigger may miss its runs.

        Args:
            key: Key of the workflow, as set in the Knock dashboard, or a `Workflow`.
            cancellation_key: The cancellation key that the runs were triggered with.
            recipients: Cancel only for these recipients, at most 1,000; None or absent cancels for all of them.
            **options: Options of this call, see `RequestOptions`.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        self._transport.send(
            Request(
                op.CANCEL_WORKFLOW,
                NoneType,
                path=(key_of(key),),
                body={"cancellation_key": cancellation_key, "recipients": recipients},
                options=options,
            )
        )

    @overload
    def trigger_many(
        self,
        key: str | Workflow[JSONObject],
        *,
        recipients: ManyItems[p.RecipientRequest],
        actor: p.RecipientRequest | NotGiven | None = NOT_GIVEN,
        cancellation_key: str | NotGiven | None = NOT_GIVEN,
        data: JSONObject | NotGiven | None = NOT_GIVEN,
        settings: p.TriggerWorkflowSettings | JSONModel | NotGiven | None = NOT_GIVEN,
        tenant: p.InlineTenantRequest | NotGiven | None = NOT_GIVEN,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport: ...

    @overload
    def trigger_many(
        self,
        key: Workflow[None],
        *,
        recipients: ManyItems[p.RecipientRequest],
        actor: p.RecipientRequest | NotGiven | None = NOT_GIVEN,
        cancellation_key: str | NotGiven | None = NOT_GIVEN,
        data: NotGiven = NOT_GIVEN,
        settings: p.TriggerWorkflowSettings | JSONModel | NotGiven | None = NOT_GIVEN,
        tenant: p.InlineTenantRequest | NotGiven | None = NOT_GIVEN,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport: ...

    @overload
    def trigger_many(
        self,
        key: Workflow[M],
        *,
        recipients: ManyItems[p.RecipientRequest],
        actor: p.RecipientRequest | NotGiven | None = NOT_GIVEN,
        cancellation_key: str | NotGiven | None = NOT_GIVEN,
        data: DataOf[M],
        settings: p.TriggerWorkflowSettings | JSONModel | NotGiven | None = NOT_GIVEN,
        tenant: p.InlineTenantRequest | NotGiven | None = NOT_GIVEN,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport: ...

    # No function is data, although `DataOf` has one.
    def trigger_many(  # type: ignore[misc]  # pyright: ignore[reportInconsistentOverload]
        self,
        key: str | Workflow[Any],
        *,
        recipients: ManyItems[p.RecipientRequest],
        actor: p.RecipientRequest | NotGiven | None = NOT_GIVEN,
        cancellation_key: str | NotGiven | None = NOT_GIVEN,
        data: JSONObject | NotGiven | None = NOT_GIVEN,
        settings: p.TriggerWorkflowSettings | JSONModel | NotGiven | None = NOT_GIVEN,
        tenant: p.InlineTenantRequest | NotGiven | None = NOT_GIVEN,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Trigger a workflow for any number of recipients, with the same data for all of them.

        `POST /v1/workflows/{key}/trigger`, in as many requests as needed, with at most 1,000 recipients each. Temporary
        errors are retried; each request has its own idempotency key, so that a retry notifies nobody twice. The keys
        are new in each call, unless a journal has kept them: repeating a call without one notifies again. Requests
        keep to the operation's rate limit, which all clients of the same key in this process share. A recipient that
        the API refuses fails alone.

        Args:
            key: Key of the workflow, as set in the Knock dashboard, or a `Workflow`, whose data is checked. If it does
                not exist, the job ends with a `NotFoundError`.
            recipients: Recipients to notify: any iterable or asynchronous iterable of user ids, object references, or
                users and objects with properties to store first. It is read as requests are sent.
            actor: User or object that caused the notification; None for no actor.
            cancellation_key: Key by which all of these runs can be cancelled later.
            data: Values for the workflow's templates and conditions, at most 10 MB.
            settings: Settings for the runs of these triggers alone.
            tenant: Tenant whose branding and preferences apply.
            journal: Path of a file that records what was sent, so that the same call resumes where an earlier one
                ended; it is created if it does not exist. None for no journal.
            on_progress: Function that is called with a `BulkProgress`, at most ten times a second. Without it, a
                terminal shows a progress bar if the extra `progress` is installed.
            concurrency: Number of requests at the same time, 1 to 1,000; if None, what the rate limit can use.
            wait: Has no effect: the API accepts triggers at once.
            **options: Options of each request, see `RequestOptions`, without `max_retries`.

        Returns:
            The numbers of items that succeeded and failed, and the failures, to iterate over.

        Raises:
            InvalidArgumentError: An argument is invalid; nothing was sent. An invalid item is a failure in the report
                instead.
            JournalError: The journal is of another job or input, in use, or cannot be written.
            KnockError: An error concerns every item, such as a wrong key, or nothing has succeeded for five minutes.
        """

        def request(items: list[Any]) -> Request[t.TriggerWorkflowResponse]:
            checked = key, data, items
            if not isinstance(key, str):
                from ...workflows._calls import check_call

                checked = check_call(*checked)
            body = {
                "actor": actor,
                "cancellation_key": cancellation_key,
                "data": checked[1],
                "recipients": checked[2],
                "settings": settings,
                "tenant": tenant,
            }
            return Request(
                op.TRIGGER_WORKFLOW, t.TriggerWorkflowResponse, path=(checked[0],), body=body, options=options
            )

        return self._run_job(
            "workflows.trigger_many",
            "recipients",
            recipients,
            request,
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )

    def trigger_each(
        self,
        triggers: ManyItems[Trigger | JSONObject],
        *,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Trigger workflows any number of times, each time with data of its own.

        `POST /v1/workflows/{key}/trigger` for each item. Temporary errors are retried; each request has its own
        idempotency key, so that a retry notifies nobody twice. The keys are new in each call, unless the item has one
        or a journal has kept it: repeating a call with neither notifies again. Requests keep to the operation's rate
        limit, which all clients of the same key in this process share. A trigger that the API refuses fails alone.

        Args:
            triggers: Any iterable or asynchronous iterable of mappings with `key` and the arguments of `trigger`:
                `recipients`, `data`, `actor`, `tenant`, `cancellation_key`, `settings` and `idempotency_key`. It is
                read as requests are sent.
            journal: Path of a file that records what was sent, so that the same call resumes where an earlier one
                ended; it is created if it does not exist. None for no journal.
            on_progress: Function that is called with a `BulkProgress`, at most ten times a second. Without it, a
                terminal shows a progress bar if the extra `progress` is installed.
            concurrency: Number of requests at the same time, 1 to 1,000; if None, what the rate limit can use.
            wait: Has no effect: the API accepts triggers at once.
            **options: Options of each request, see `RequestOptions`, without `max_retries`.

        Returns:
            The numbers of items that succeeded and failed, and the failures, to iterate over.

        Raises:
            InvalidArgumentError: An argument is invalid; nothing was sent. An invalid item is a failure in the report
                instead.
            JournalError: The journal is of another job or input, in use, or cannot be written.
            KnockError: An error concerns every item, such as a wrong key, or nothing has succeeded for five minutes.
        """

        def request(items: list[Any]) -> Request[t.TriggerWorkflowResponse]:
            from ...bulk._triggers import read_trigger

            trigger = read_trigger(items)
            checked = trigger.key, trigger.body.get("data", NOT_GIVEN), trigger.body["recipients"]
            if not isinstance(trigger.key, str):
                from ...workflows._calls import check_call

                checked = check_call(*checked)
            return Request(
                op.TRIGGER_WORKFLOW,
                t.TriggerWorkflowResponse,
                path=(checked[0],),
                body={**trigger.body, "data": checked[1], "recipients": checked[2]},
                idempotency_key=trigger.idempotency_key,
                options=options,
            )

        return self._run_job(
            "workflows.trigger_each",
            "triggers",
            triggers,
            request,
            journal,
            on_progress,
            concurrency,
            wait,
            options,
            single=True,
        )
