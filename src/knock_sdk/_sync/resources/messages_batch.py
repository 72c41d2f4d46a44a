# Derived from src/knock_sdk/_async/resources/messages_batch.py by `python -m codegen`; do not edit.
"""Changes of several messages in one call."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import Request
from ..._core.sentinel import NOT_GIVEN
from ._base import Resource

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..._core.requests.options import RequestOptions
    from ..._core.sentinel import NotGiven
    from ..._core.values.argument_types import Items, JSONObject


class MessagesBatch(Resource):
    """Changes of several messages in one call."""

    def archive(
        self,
        *,
        message_ids: Items[str],
        **options: Unpack[RequestOptions],
    ) -> builtins.list[t.Message]:
        """Archive several messages.

        `POST /v1/messages/batch/archived`. Archives up to 50 messages at once, which hides them from the default
        feed, and returns all of them. Each message can be updated once a second: one that was updated more often is
        returned unchanged, with its id in the header `x-ratelimited-message_ids`.

        Args:
            message_ids: Ids of the messages to change, at most 50; each may change once a second.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            All requested messages, in their current state.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.BATCH_MARK_MESSAGES_AS_ARCHIVED,
                builtins.list[t.Message],
                body={"message_ids": message_ids},
                options=options,
            )
        )

    def get_content(
        self,
        *,
        message_ids: Items[str],
        **options: Unpack[RequestOptions],
    ) -> builtins.list[t.MessageContents]:
        """Get the content of several messages.

        `GET /v1/messages/batch/content`. Returns the rendered content of up to 25 messages in one call. The shape
        of each entry depends on the channel that the message went through.

        Args:
            message_ids: Ids of the messages whose content to return, at most 25.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The contents of the requested messages.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.BATCH_GET_MESSAGE_CONTENTS,
                builtins.list[t.MessageContents],
                query={"message_ids": message_ids},
                options=options,
            )
        )

    def mark_as_interacted(
        self,
        *,
        message_ids: Items[str],
        metadata: JSONObject | NotGiven | None = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> builtins.list[t.Message]:
        """Mark several messages as interacted.

        `POST /v1/messages/batch/interacted`. Records for up to 50 messages that the recipient acted on them, with
        the same optional metadata of at most 5 flat pairs for each, and returns all of them. Each message can be
        updated once a second: one that was updated more often is returned unchanged, with its id in the header
        `x-ratelimited-message_ids`.

        Args:
            message_ids: Ids of the messages to mark, at most 50.
            metadata: Metadata of the interaction: up to 5 flat key-value pairs, or None for none.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            All requested messages, in their current state.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.BATCH_MARK_MESSAGES_AS_INTERACTED,
                builtins.list[t.Message],
                body={"message_ids": message_ids, "metadata": metadata},
                options=options,
            )
        )

    def mark_as_read(
        self,
        *,
        message_ids: Items[str],
        **options: Unpack[RequestOptions],
    ) -> builtins.list[t.Message]:
        """Mark several messages as read.

        `POST /v1/messages/batch/read`. Sets `read_at` on up to 50 messages and returns all of them; `seen_at` is
        independent and stays as it is. Each message can be updated once a second: one that was updated more often
        is returned unchanged, with its id in the header `x-ratelimited-message_ids`.

        Args:
            message_ids: Ids of the messages to change, at most 50; each may change once a second.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            All requested messages, in their current state.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.BATCH_MARK_MESSAGES_AS_READ,
                builtins.list[t.Message],
                body={"message_ids": message_ids},
                options=options,
            )
        )

    def mark_as_seen(
        self,
        *,
        message_ids: Items[str],
        **options: Unpack[RequestOptions],
    ) -> builtins.list[t.Message]:
        """Mark several messages as seen.

        `POST /v1/messages/batch/seen`. Sets `seen_at` on up to 50 messages and returns all of them; `read_at` is
        independent and stays as it is. Each message can be updated once a second: one that was updated more often
        is returned unchanged, with its id in the header `x-ratelimited-message_ids`.

        Args:
            message_ids: Ids of the messages to change, at most 50; each may change once a second.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            All requested messages, in their current state.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.BATCH_MARK_MESSAGES_AS_SEEN,
                builtins.list[t.Message],
                body={"message_ids": message_ids},
                options=options,
            )
        )

    def unarchive(
        self,
        *,
        message_ids: Items[str],
        **options: Unpack[RequestOptions],
    ) -> builtins.list[t.Message]:
        """Unarchive several messages.

        `POST /v1/messages/batch/unarchived`. Clears `archived_at` on up to 50 messages, so that the default feed
        shows them again, and returns all of them. Each message can be updated once a second: one that was updated
        more often is returned unchanged, with its id in the header `x-ratelimited-message_ids`.

        Args:
            message_ids: Ids of the messages to change, at most 50; each may change once a second.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            All requested messages, in their current state.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.BATCH_MARK_MESSAGES_AS_UNARCHIVED,
                builtins.list[t.Message],
                body={"message_ids": message_ids},
                options=options,
            )
        )

    def mark_as_unread(
        self,
        *,
        message_ids: Items[str],
        **options: Unpack[RequestOptions],
    ) -> builtins.list[t.Message]:
        """Mark several messages as unread.

        `POST /v1/messages/batch/unread`. Clears `read_at` on up to 50 messages and returns all of them. Each
        message can be updated once a second: one that was updated more often is returned unchanged, with its id in
        the header `x-ratelimited-message_ids`.

        Args:
            message_ids: Ids of the messages to change, at most 50; each may change once a second.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            All requested messages, in their current state.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.BATCH_MARK_MESSAGES_AS_UNREAD,
                builtins.list[t.Message],
                body={"message_ids": message_ids},
                options=options,
            )
        )

    def mark_as_unseen(
        self,
        *,
        message_ids: Items[str],
        **options: Unpack[RequestOptions],
    ) -> builtins.list[t.Message]:
        """Mark several messages as unseen.

        `POST /v1/messages/batch/unseen`. Clears `seen_at` on up to 50 messages and returns all of them. Each
        message can be updated once a second: one that was updated more often is returned unchanged, with its id in
        the header `x-ratelimited-message_ids`.

        Args:
            message_ids: Ids of the messages to change, at most 50; each may change once a second.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            All requested messages, in their current state.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.BATCH_MARK_MESSAGES_AS_UNSEEN,
                builtins.list[t.Message],
                body={"message_ids": message_ids},
                options=options,
            )
        )
