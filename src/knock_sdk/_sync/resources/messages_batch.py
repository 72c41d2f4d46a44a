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
    import os
    from collections.abc import Callable

    from typing_extensions import Unpack

    from ..._core.requests.options import RequestOptions
    from ..._core.sentinel import NotGiven
    from ..._core.values.argument_types import Items, JSONObject, ManyItems
    from ...bulk import BulkProgress, BulkReport


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

    def archive_many(
        self,
        message_ids: ManyItems[str],
        *,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Archive any number of messages.

        `POST /v1/messages/batch/archived`, in as many requests as needed. A message that has changed within the last
        second is skipped by the API, and sent again later. Requests keep to the operation's rate limit, which all
        clients of the same key in this process share. Temporary errors are retried; an item that the API refuses fails
        alone.

        Args:
            message_ids: Ids of the messages to change: any iterable or asynchronous iterable of them, which is read as
                requests are sent.
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
        return self._run_job(
            "messages.batch.archive_many",
            "message_ids",
            message_ids,
            lambda items: Request(
                op.BATCH_MARK_MESSAGES_AS_ARCHIVED,
                builtins.list[t.Message],
                body={"message_ids": items},
                options=options,
            ),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )

    def unarchive_many(
        self,
        message_ids: ManyItems[str],
        *,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Unarchive any number of messages.

        `POST /v1/messages/batch/unarchived`, in as many requests as needed. A message that has changed within the last
        second is skipped by the API, and sent again later. Requests keep to the operation's rate limit, which all
        clients of the same key in this process share. Temporary errors are retried; an item that the API refuses fails
        alone.

        Args:
            message_ids: Ids of the messages to change: any iterable or asynchronous iterable of them, which is read as
                requests are sent.
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
        return self._run_job(
            "messages.batch.unarchive_many",
            "message_ids",
            message_ids,
            lambda items: Request(
                op.BATCH_MARK_MESSAGES_AS_UNARCHIVED,
                builtins.list[t.Message],
                body={"message_ids": items},
                options=options,
            ),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )

    def mark_as_read_many(
        self,
        message_ids: ManyItems[str],
        *,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Mark any number of messages as read.

        `POST /v1/messages/batch/read`, in as many requests as needed. A message that has changed within the last second
        is skipped by the API, and sent again later. Requests keep to the operation's rate limit, which all clients of
        the same key in this process share. Temporary errors are retried; an item that the API refuses fails alone.

        Args:
            message_ids: Ids of the messages to change: any iterable or asynchronous iterable of them, which is read as
                requests are sent.
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
        return self._run_job(
            "messages.batch.mark_as_read_many",
            "message_ids",
            message_ids,
            lambda items: Request(
                op.BATCH_MARK_MESSAGES_AS_READ, builtins.list[t.Message], body={"message_ids": items}, options=options
            ),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )

    def mark_as_unread_many(
        self,
        message_ids: ManyItems[str],
        *,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Mark any number of messages as unread.

        `POST /v1/messages/batch/unread`, in as many requests as needed. A message that has changed within the last
        second is skipped by the API, and sent again later. Requests keep to the operation's rate limit, which all
        clients of the same key in this process share. Temporary errors are retried; an item that the API refuses fails
        alone.

        Args:
            message_ids: Ids of the messages to change: any iterable or asynchronous iterable of them, which is read as
                requests are sent.
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
        return self._run_job(
            "messages.batch.mark_as_unread_many",
            "message_ids",
            message_ids,
            lambda items: Request(
                op.BATCH_MARK_MESSAGES_AS_UNREAD, builtins.list[t.Message], body={"message_ids": items}, options=options
            ),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )

    def mark_as_seen_many(
        self,
        message_ids: ManyItems[str],
        *,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Mark any number of messages as seen.

        `POST /v1/messages/batch/seen`, in as many requests as needed. A message that has changed within the last second
        is skipped by the API, and sent again later. Requests keep to the operation's rate limit, which all clients of
        the same key in this process share. Temporary errors are retried; an item that the API refuses fails alone.

        Args:
            message_ids: Ids of the messages to change: any iterable or asynchronous iterable of them, which is read as
                requests are sent.
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
        return self._run_job(
            "messages.batch.mark_as_seen_many",
            "message_ids",
            message_ids,
            lambda items: Request(
                op.BATCH_MARK_MESSAGES_AS_SEEN, builtins.list[t.Message], body={"message_ids": items}, options=options
            ),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )

    def mark_as_unseen_many(
        self,
        message_ids: ManyItems[str],
        *,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Mark any number of messages as unseen.

        `POST /v1/messages/batch/unseen`, in as many requests as needed. A message that has changed within the last
        second is skipped by the API, and sent again later. Requests keep to the operation's rate limit, which all
        clients of the same key in this process share. Temporary errors are retried; an item that the API refuses fails
        alone.

        Args:
            message_ids: Ids of the messages to change: any iterable or asynchronous iterable of them, which is read as
                requests are sent.
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
        return self._run_job(
            "messages.batch.mark_as_unseen_many",
            "message_ids",
            message_ids,
            lambda items: Request(
                op.BATCH_MARK_MESSAGES_AS_UNSEEN, builtins.list[t.Message], body={"message_ids": items}, options=options
            ),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )

    def mark_as_interacted_many(
        self,
        message_ids: ManyItems[str],
        *,
        metadata: JSONObject | NotGiven | None = NOT_GIVEN,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Mark as interacted with any number of messages.

        `POST /v1/messages/batch/interacted`, in as many requests as needed. A message that has changed within the last
        second is skipped by the API, and sent again later. Requests keep to the operation's rate limit, which all
        clients of the same key in this process share. Temporary errors are retried; an item that the API refuses fails
        alone.

        Args:
            message_ids: Ids of the messages to change: any iterable or asynchronous iterable of them, which is read as
                requests are sent.
            metadata: Data about the interaction, at most 5 pairs, the same for all messages.
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
        return self._run_job(
            "messages.batch.mark_as_interacted_many",
            "message_ids",
            message_ids,
            lambda items: Request(
                op.BATCH_MARK_MESSAGES_AS_INTERACTED,
                builtins.list[t.Message],
                body={"message_ids": items, "metadata": metadata},
                options=options,
            ),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )
