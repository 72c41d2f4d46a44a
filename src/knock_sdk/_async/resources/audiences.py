"""Audiences: named sets of users that workflows and conditions refer to."""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import Request
from ._base import AsyncResource

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from typing_extensions import Unpack

    from ... import params as p
    from ..._core.requests.options import RequestOptions
    from ..._core.values.argument_types import AsyncManyItems, Items, JSONModel
    from ...bulk import BulkProgress, BulkReport


class AsyncAudiences(AsyncResource):
    """Audiences: named sets of users that workflows and conditions refer to."""

    async def remove_members(
        self,
        key: str,
        *,
        members: Items[p.AudienceMemberRequest | JSONModel],
        **options: Unpack[RequestOptions],
    ) -> None:
        """Remove members from an audience.

        `DELETE /v1/audiences/{key}/members`. Removes up to 1,000 users from an audience; the users themselves are
        not deleted. The members go in a JSON body, unusual for a DELETE, and nothing is returned.

        Args:
            key: Key of the audience; an unknown key returns 404.
            members: The members to remove, each a user and optionally a tenant; at most 1,000.
            **options: Options of this call, see `RequestOptions`.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        await self._transport.send(
            Request(op.REMOVE_AUDIENCE_MEMBERS, NoneType, path=(key,), body={"members": members}, options=options)
        )

    async def list_members(
        self,
        key: str,
        **options: Unpack[RequestOptions],
    ) -> t.ListAudienceMembersResponse:
        """List an audience's members.

        `GET /v1/audiences/{key}/members`. Returns the members of an audience, each with its user and tenant. The
        response has page information, but no paging parameter is documented for this list.

        Args:
            key: Key of the audience; an unknown key returns 404.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            One page of audience members.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(op.LIST_AUDIENCE_MEMBERS, t.ListAudienceMembersResponse, path=(key,), options=options)
        )

    async def add_members(
        self,
        key: str,
        *,
        members: Items[p.AudienceMemberRequest | JSONModel],
        create_audience: bool | None = None,
        **options: Unpack[RequestOptions],
    ) -> None:
        """Add members to an audience.

        `POST /v1/audiences/{key}/members`. Adds up to 1,000 users to an audience, creating or updating each user
        from the properties given. Nothing is returned; an unknown audience is a 404 unless `create_audience` is
        set.

        Args:
            key: Key of the audience; an unknown key returns 404.
            members: Members to add, at most 1,000 in one request.
            create_audience: If true, creates the audience when no audience has this key.
            **options: Options of this call, see `RequestOptions`.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        await self._transport.send(
            Request(
                op.ADD_AUDIENCE_MEMBERS,
                NoneType,
                path=(key,),
                query={"create_audience": create_audience},
                body={"members": members},
                options=options,
            )
        )

    async def add_members_many(
        self,
        key: str,
        members: AsyncManyItems[p.AudienceMemberRequest | JSONModel],
        *,
        create_audience: bool | None = None,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Add any number of members to an audience.

        `POST /v1/audiences/{key}/members`, in as many requests as needed. Users are created or updated from the
        properties given. Requests keep to the operation's rate limit, which all clients of the same key in this process
        share. Temporary errors are retried; an item that the API refuses fails alone.

        Args:
            key: Key of the audience.
            members: Members to add, each a user and optionally a tenant: any iterable or asynchronous iterable of them,
                which is read as requests are sent.
            create_audience: If true, creates the audience when no audience has this key; otherwise an unknown key is an
                error.
            journal: Path of a file that records what was sent, so that the same call resumes where an earlier one
                ended; it is created if it does not exist. None for no journal.
            on_progress: Function that is called with a `BulkProgress`, at most ten times a second. Without it, a
                terminal shows a progress bar if the extra `progress` is installed.
            concurrency: Number of requests at the same time, 1 to 1,000; if None, what the rate limit can use.
            wait: Has no effect: the API processes these at once.
            **options: Options of each request, see `RequestOptions`, without `max_retries`.

        Returns:
            The numbers of items that succeeded and failed, and the failures, to iterate over.

        Raises:
            InvalidArgumentError: An argument is invalid; nothing was sent. An invalid item is a failure in the report
                instead.
            JournalError: The journal is of another job or input, in use, or cannot be written.
            KnockError: An error concerns every item, such as a wrong key, or nothing has succeeded for five minutes.
        """
        return await self._run_job(
            "audiences.add_members_many",
            "members",
            members,
            lambda items: Request(
                op.ADD_AUDIENCE_MEMBERS,
                NoneType,
                path=(key,),
                query={"create_audience": create_audience},
                body={"members": items},
                options=options,
            ),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )

    async def remove_members_many(
        self,
        key: str,
        members: AsyncManyItems[p.AudienceMemberRequest | JSONModel],
        *,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Remove any number of members from an audience.

        `DELETE /v1/audiences/{key}/members`, in as many requests as needed. The users themselves are not deleted.
        Requests keep to the operation's rate limit, which all clients of the same key in this process share. Temporary
        errors are retried; an item that the API refuses fails alone.

        Args:
            key: Key of the audience.
            members: Members to remove, each a user and optionally a tenant: any iterable or asynchronous iterable of
                them, which is read as requests are sent.
            journal: Path of a file that records what was sent, so that the same call resumes where an earlier one
                ended; it is created if it does not exist. None for no journal.
            on_progress: Function that is called with a `BulkProgress`, at most ten times a second. Without it, a
                terminal shows a progress bar if the extra `progress` is installed.
            concurrency: Number of requests at the same time, 1 to 1,000; if None, what the rate limit can use.
            wait: Has no effect: the API processes these at once.
            **options: Options of each request, see `RequestOptions`, without `max_retries`.

        Returns:
            The numbers of items that succeeded and failed, and the failures, to iterate over.

        Raises:
            InvalidArgumentError: An argument is invalid; nothing was sent. An invalid item is a failure in the report
                instead.
            JournalError: The journal is of another job or input, in use, or cannot be written.
            KnockError: An error concerns every item, such as a wrong key, or nothing has succeeded for five minutes.
        """
        return await self._run_job(
            "audiences.remove_members_many",
            "members",
            members,
            lambda items: Request(
                op.REMOVE_AUDIENCE_MEMBERS, NoneType, path=(key,), body={"members": items}, options=options
            ),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )
