"""Engagement of a recipient with a message; a part of `messages`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import Request
from ..._core.sentinel import NOT_GIVEN
from ._base import AsyncResource

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..._core.requests.options import RequestOptions
    from ..._core.sentinel import NotGiven
    from ..._core.values.argument_types import JSONObject


class AsyncMessagesEngagement(AsyncResource):
    """Engagement of a recipient with a message; a part of `messages`."""

    async def mark_as_seen(
        self,
        message_id: str,
        **options: Unpack[RequestOptions],
    ) -> t.Message:
        """Mark a message as seen.

        `PUT /v1/messages/{message_id}/seen`. Sets `seen_at` to now, also when the message was seen before, and
        returns the message; `read_at` is independent and stays as it is. Limited to 5 calls a second; use the batch
        call for many messages.

        Args:
            message_id: Id of the message.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The message after the change.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(Request(op.MARK_MESSAGE_SEEN, t.Message, path=(message_id,), options=options))

    async def mark_as_unseen(
        self,
        message_id: str,
        **options: Unpack[RequestOptions],
    ) -> t.Message:
        """Mark a message as unseen.

        `DELETE /v1/messages/{message_id}/seen`. Clears `seen_at` and returns the message; `read_at` is independent
        and stays as it is. Limited to 5 calls a second; use the batch call for many messages.

        Args:
            message_id: Id of the message.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The message after the change.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(op.MARK_MESSAGE_UNSEEN, t.Message, path=(message_id,), options=options)
        )

    async def mark_as_read(
        self,
        message_id: str,
        **options: Unpack[RequestOptions],
    ) -> t.Message:
        """Mark a message as read.

        `PUT /v1/messages/{message_id}/read`. Sets `read_at` to now, also when the message was read before, and
        returns the message; `seen_at` is independent and stays as it is. Limited to 5 calls a second; use the batch
        call for many messages.

        Args:
            message_id: Id of the message.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The message after the change.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(Request(op.MARK_MESSAGE_READ, t.Message, path=(message_id,), options=options))

    async def mark_as_unread(
        self,
        message_id: str,
        **options: Unpack[RequestOptions],
    ) -> t.Message:
        """Mark a message as unread.

        `DELETE /v1/messages/{message_id}/read`. Clears `read_at` and returns the message; `seen_at` is independent
        and stays as it is. Limited to 5 calls a second; use the batch call for many messages.

        Args:
            message_id: Id of the message.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The message after the change.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(op.MARK_MESSAGE_UNREAD, t.Message, path=(message_id,), options=options)
        )

    async def mark_as_interacted(
        self,
        message_id: str,
        *,
        metadata: JSONObject | NotGiven = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> t.Message:
        """Mark a message as interacted.

        `PUT /v1/messages/{message_id}/interacted`. Records that the recipient acted on the message and returns it;
        metadata of up to 5 flat pairs can describe how. This cannot be undone.

        Args:
            message_id: Id of the message.
            metadata: Metadata of the interaction: at most 5 key-value pairs, not nested.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The message after the change.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(
                op.MARK_MESSAGE_INTERACTED, t.Message, path=(message_id,), body={"metadata": metadata}, options=options
            )
        )

    async def archive(
        self,
        message_id: str,
        **options: Unpack[RequestOptions],
    ) -> t.Message:
        """Archive a message.

        `PUT /v1/messages/{message_id}/archived`. Sets `archived_at` to now and returns the message, which leaves
        the default feed but can still be fetched and unarchived. Limited to 5 calls a second; use the batch call
        for many messages.

        Args:
            message_id: Id of the message.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The message after the change.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(Request(op.ARCHIVE_MESSAGE, t.Message, path=(message_id,), options=options))

    async def unarchive(
        self,
        message_id: str,
        **options: Unpack[RequestOptions],
    ) -> t.Message:
        """Unarchive a message.

        `DELETE /v1/messages/{message_id}/archived`. Clears `archived_at`, so that the message shows in the default
        feed again, and returns the message. Limited to 5 calls a second; use the batch call for many messages.

        Args:
            message_id: Id of the message.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The message after the change.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(Request(op.UNARCHIVE_MESSAGE, t.Message, path=(message_id,), options=options))
