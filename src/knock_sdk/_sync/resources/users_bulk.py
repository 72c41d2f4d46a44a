# Derived from src/knock_sdk/_async/resources/users_bulk.py by `python -m codegen`; do not edit.
"""Bulk changes of users, in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import Request
from ._base import Resource

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ... import params as p
    from ..._core.requests.options import RequestOptions
    from ..._core.values.argument_types import Items, JSONModel, JSONObject


class UsersBulk(Resource):
    """Bulk changes of users, in the background."""

    def delete(
        self,
        *,
        user_ids: Items[str],
        **options: Unpack[RequestOptions],
    ) -> t.BulkOperation:
        """Delete users in bulk.

        `POST /v1/users/bulk/delete`. Queues the permanent deletion of up to 1,000 users. Runs asynchronously: poll
        `GET /v1/bulk_operations/{id}`. Limited to 1 call a second.

        Args:
            user_ids: Ids of the users to delete, at most 1,000.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The queued bulk operation.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(op.BULK_DELETE_USERS, t.BulkOperation, body={"user_ids": user_ids}, options=options)
        )

    def identify(
        self,
        *,
        users: Items[p.InlineIdentifyUserRequest | JSONObject],
        **options: Unpack[RequestOptions],
    ) -> t.BulkOperation:
        """Create or update users in bulk.

        `POST /v1/users/bulk/identify`. Queues the creation or update of up to 1,000 users; properties and
        preferences merge deeply into what is stored. Runs asynchronously: poll `GET /v1/bulk_operations/{id}`.
        Limited to 1 call a second.

        Args:
            users: Users to create or update, at most 1,000; properties are merged into the stored ones.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The queued bulk operation.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(op.BULK_IDENTIFY_USERS, t.BulkOperation, body={"users": users}, options=options)
        )

    def set_preferences(
        self,
        *,
        preferences: p.BulkPreferenceSetRequest | JSONModel,
        user_ids: Items[str],
        **options: Unpack[RequestOptions],
    ) -> t.BulkOperation:
        """Set users' preferences in bulk.

        `POST /v1/users/bulk/preferences`. Queues the same preference set for up to 1,000 users, always replacing
        the set that each of them has. Runs asynchronously: poll `GET /v1/bulk_operations/{id}`. Limited to 1 call a
        second.

        Args:
            preferences: The preference set that replaces what each of the users has under the same id.
            user_ids: Ids of the users to change, at most 1,000.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The queued bulk operation.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.BULK_SET_USER_PREFERENCES,
                t.BulkOperation,
                body={"preferences": preferences, "user_ids": user_ids},
                options=options,
            )
        )
