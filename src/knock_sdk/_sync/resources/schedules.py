# Derived from src/knock_sdk/_async/resources/schedules.py by `python -m codegen`; do not edit.
"""Schedules: workflows that run later, once or repeatedly."""

from __future__ import annotations

import builtins
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import PageRequest, Request
from ..._core.sentinel import NOT_GIVEN
from .._paginate import paginate
from ._base import Resource, key_of

if TYPE_CHECKING:
    from datetime import datetime

    from typing_extensions import Unpack

    from ... import params as p
    from ..._core.requests.options import RequestOptions
    from ..._core.sentinel import NotGiven
    from ..._core.values.argument_types import Items, JSONModel, JSONObject
    from ...workflows._workflow import DataOf, M, Workflow
    from ..pages import Page
    from .schedules_bulk import SchedulesBulk


class Schedules(Resource):
    """Schedules: workflows that run later, once or repeatedly."""

    @cached_property
    def bulk(self) -> SchedulesBulk:
        """Creation of many schedules, in the background."""
        from .schedules_bulk import SchedulesBulk

        return SchedulesBulk(self._transport)

    def list(
        self,
        *,
        workflow: str | Workflow[Any],
        recipients: Items[p.RecipientReference] | None = None,
        tenant: str | None = None,
        after: str | None = None,
        before: str | None = None,
        page_size: int | None = None,
        **options: Unpack[RequestOptions],
    ) -> Page[t.Schedule]:
        """List a workflow's schedules.

        `GET /v1/schedules`. Returns the schedules of one workflow, a page at a time, optionally only those of some
        recipients or one tenant.

        Args:
            workflow: Key of the workflow whose schedules to list, or a `Workflow`; required.
            recipients: Only schedules of these recipients, each a user id or an object reference.
            tenant: Only schedules for the tenant with this id.
            after: Cursor from `page_info.after` of an earlier page: returns the entries after it.
            before: Cursor from `page_info.before` of an earlier page: returns the entries before it.
            page_size: Number of entries on a page, 1 to 50; 50 if absent.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The first page; iterate over it for all items.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return paginate(
            self._transport,
            PageRequest(
                op.LIST_SCHEDULES,
                t.ListSchedulesResponse,
                query={
                    "workflow": key_of(workflow),
                    "recipients": recipients,
                    "tenant": tenant,
                    "after": after,
                    "before": before,
                    "page_size": page_size,
                },
                options=options,
            ),
        )

    def update(
        self,
        *,
        schedule_ids: Items[str],
        actor: p.RecipientReference | NotGiven | None = NOT_GIVEN,
        data: JSONObject | NotGiven | None = NOT_GIVEN,
        ending_at: datetime | str | NotGiven | None = NOT_GIVEN,
        repeats: Items[p.ScheduleRepeatRule | JSONModel] | NotGiven = NOT_GIVEN,
        scheduled_at: datetime | str | NotGiven | None = NOT_GIVEN,
        tenant: p.InlineTenantRequest | NotGiven | None = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> builtins.list[t.Schedule]:
        """Update schedules.

        `PUT /v1/schedules`. Updates up to 100 schedules with the same values. Clearing `repeats` and setting
        `scheduled_at` makes a repeating schedule run once; a tenant given inline is created or updated.

        Args:
            schedule_ids: Ids of the schedules to change, at most 100.
            actor: Actor of the runs, as a user id or an object reference.
            data: Values for each run of the workflow, at most 10 MB.
            ending_at: Time after which the schedules no longer run, in UTC; None for no end.
            repeats: Rules by which to repeat; without any, and with `scheduled_at` set, the schedules run once.
            scheduled_at: Time of the only run or, with `repeats`, start of the repetition, in UTC.
            tenant: Tenant that the runs belong to, as an id or with properties to store first.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The schedules after the change.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.UPDATE_SCHEDULES,
                builtins.list[t.Schedule],
                body={
                    "actor": actor,
                    "data": data,
                    "ending_at": ending_at,
                    "repeats": repeats,
                    "schedule_ids": schedule_ids,
                    "scheduled_at": scheduled_at,
                    "tenant": tenant,
                },
                options=options,
            )
        )

    @overload
    def create(
        self,
        *,
        recipients: Items[p.RecipientRequest],
        workflow: str | Workflow[JSONObject],
        actor: p.RecipientRequest | NotGiven | None = NOT_GIVEN,
        data: JSONObject | NotGiven | None = NOT_GIVEN,
        ending_at: datetime | str | NotGiven | None = NOT_GIVEN,
        repeats: Items[p.ScheduleRepeatRule | JSONModel] | NotGiven = NOT_GIVEN,
        scheduled_at: datetime | str | NotGiven | None = NOT_GIVEN,
        tenant: p.InlineTenantRequest | NotGiven | None = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> builtins.list[t.Schedule]: ...

    @overload
    def create(
        self,
        *,
        recipients: Items[p.RecipientRequest],
        workflow: Workflow[None],
        actor: p.RecipientRequest | NotGiven | None = NOT_GIVEN,
        data: NotGiven = NOT_GIVEN,
        ending_at: datetime | str | NotGiven | None = NOT_GIVEN,
        repeats: Items[p.ScheduleRepeatRule | JSONModel] | NotGiven = NOT_GIVEN,
        scheduled_at: datetime | str | NotGiven | None = NOT_GIVEN,
        tenant: p.InlineTenantRequest | NotGiven | None = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> builtins.list[t.Schedule]: ...

    @overload
    def create(
        self,
        *,
        recipients: Items[p.RecipientRequest],
        workflow: Workflow[M],
        actor: p.RecipientRequest | NotGiven | None = NOT_GIVEN,
        data: DataOf[M],
        ending_at: datetime | str | NotGiven | None = NOT_GIVEN,
        repeats: Items[p.ScheduleRepeatRule | JSONModel] | NotGiven = NOT_GIVEN,
        scheduled_at: datetime | str | NotGiven | None = NOT_GIVEN,
        tenant: p.InlineTenantRequest | NotGiven | None = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> builtins.list[t.Schedule]: ...

    # No function is data, although `DataOf` has one.
    def create(  # type: ignore[misc]  # pyright: ignore[reportInconsistentOverload]
        self,
        *,
        recipients: Items[p.RecipientRequest],
        workflow: str | Workflow[Any],
        actor: p.RecipientRequest | NotGiven | None = NOT_GIVEN,
        data: JSONObject | NotGiven | None = NOT_GIVEN,
        ending_at: datetime | str | NotGiven | None = NOT_GIVEN,
        repeats: Items[p.ScheduleRepeatRule | JSONModel] | NotGiven = NOT_GIVEN,
        scheduled_at: datetime | str | NotGiven | None = NOT_GIVEN,
        tenant: p.InlineTenantRequest | NotGiven | None = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> builtins.list[t.Schedule]:
        """Create schedules.

        `POST /v1/schedules`. Creates one schedule of a workflow for each of up to 100 recipients, once at
        `scheduled_at` or repeatedly by `repeats`. Recipients, actor and tenant given inline are created or updated;
        subscribers of an object are not included. Repeating the call creates the schedules again.

        Args:
            recipients: Users and objects to make schedules for, at most 100; subscribers of an object are not
                included.
            workflow: Key of the workflow to run, or a `Workflow`, whose data is checked.
            actor: User or object that performed the action, by reference or with properties to store; None for
                none.
            data: Data passed to each run of the workflow, at most 10 MB; None for none. For a `Workflow` with a type,
                data of this type.
            ending_at: Time in UTC after which the schedules no longer fire; None for no end.
            repeats: Rules for when the schedules repeat; leave out for a single run at `scheduled_at`.
            scheduled_at: Time in UTC of the first or only run; None to let `repeats` alone decide.
            tenant: Tenant to run the workflow for, as an id or with properties to store; None for none.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The new schedules, one for each recipient.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        if not isinstance(workflow, str):
            from ...workflows._calls import check_call

            try:
                workflow, data, recipients = check_call(workflow, data, recipients)
            except Exception as error:
                self._transport.refuse(error, op.CREATE_SCHEDULES)
                raise
        return self._transport.send(
            Request(
                op.CREATE_SCHEDULES,
                builtins.list[t.Schedule],
                body={
                    "actor": actor,
                    "data": data,
                    "ending_at": ending_at,
                    "recipients": recipients,
                    "repeats": repeats,
                    "scheduled_at": scheduled_at,
                    "tenant": tenant,
                    "workflow": workflow,
                },
                options=options,
            )
        )

    def delete(
        self,
        *,
        schedule_ids: Items[str],
        **options: Unpack[RequestOptions],
    ) -> builtins.list[t.Schedule]:
        """Delete schedules.

        `DELETE /v1/schedules`. Permanently deletes up to 100 schedules and returns them. They do not run again;
        runs that have already started continue. The ids go in a JSON body, unusual for a DELETE.

        Args:
            schedule_ids: Ids of the schedules to delete, at most 100.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The schedules that were deleted.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.DELETE_SCHEDULES, builtins.list[t.Schedule], body={"schedule_ids": schedule_ids}, options=options
            )
        )
