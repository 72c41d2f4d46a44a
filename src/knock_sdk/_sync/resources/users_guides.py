# Derived from src/knock_sdk/_async/resources/users_guides.py by `python -m codegen`; do not edit.
"""Guides that a user sees in the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import Request
from ..._core.sentinel import NOT_GIVEN
from ..._core.values.query import json_text
from ._base import Resource

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..._core.requests.options import RequestOptions
    from ..._core.sentinel import NotGiven
    from ..._core.values.argument_types import JSONObject


class UsersGuides(Resource):
    """Guides that a user sees in the product."""

    def reset_guide_engagements(
        self,
        user_id: str,
        *,
        guide_key: str,
        tenant: str | NotGiven = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> t.GuideActionResponse:
        """Reset a user's engagement with a guide.

        `PUT /v1/users/{user_id}/guides/engagements/reset`. Resets how a user has engaged with one guide, identified
        by `guide_key`, optionally within one tenant.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            guide_key: Key of the guide to reset.
            tenant: Id of the tenant whose engagement to reset; absent for none.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            Confirmation with the status `ok`.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.RESET_USER_GUIDE_ENGAGEMENT,
                t.GuideActionResponse,
                path=(user_id,),
                body={"guide_key": guide_key, "tenant": tenant},
                options=options,
            )
        )

    def unarchive_guide_message(
        self,
        user_id: str,
        *,
        guide_key: str,
        tenant: str | NotGiven = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> t.GuideActionResponse:
        """Unarchive a guide for a user.

        `DELETE /v1/users/{user_id}/guides/messages/archived`. Clears the archived state of one guide for a user, so
        that the guide can be eligible again. The `guide_key` and optional tenant go in a JSON body, unusual for a
        DELETE.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            guide_key: Key of the guide to unarchive.
            tenant: Id of the tenant that the guide was dismissed for; absent for none.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            Confirmation with the status `ok`.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.MARK_USER_GUIDE_AS_UNARCHIVED,
                t.GuideActionResponse,
                path=(user_id,),
                body={"guide_key": guide_key, "tenant": tenant},
                options=options,
            )
        )

    def mark_message_as_archived(
        self,
        user_id: str,
        message_id: str | None = None,
        *,
        channel_id: str,
        guide_id: str,
        guide_key: str,
        guide_step_ref: str,
        is_final: bool | NotGiven = NOT_GIVEN,
        tenant: str | NotGiven = NOT_GIVEN,
        unthrottled: bool | NotGiven = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> t.GuideActionResponse:
        """Mark a guide as archived.

        `PUT /v1/users/{user_id}/guides/messages/archived`. Records that a user has archived a step of a guide; an
        archived guide is no longer eligible for that user.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            message_id: ID of the guide's message, for the older spelling of the operation, which has it in its
                path.
            channel_id: Id of the in-app guide channel (a UUID).
            guide_id: Id of the guide (a UUID), as listed.
            guide_key: Key of the guide.
            guide_step_ref: Reference of the step that was dismissed, from the step's `ref`.
            is_final: True if this was the last step, so that the user is done with the guide.
            tenant: Id of the tenant that the guide was shown for; absent for none.
            unthrottled: True if the guide ignores its group's display interval, so that dismissing it does not
                start a waiting time.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            Confirmation with the status `ok`.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.MARK_USER_GUIDE_AS_ARCHIVED if message_id is None else op.MARK_USER_GUIDE_MESSAGE_AS_ARCHIVED,
                t.GuideActionResponse,
                path=(user_id,) if message_id is None else (user_id, message_id),
                body={
                    "channel_id": channel_id,
                    "guide_id": guide_id,
                    "guide_key": guide_key,
                    "guide_step_ref": guide_step_ref,
                    "is_final": is_final,
                    "tenant": tenant,
                    "unthrottled": unthrottled,
                },
                options=options,
            )
        )

    def mark_message_as_interacted(
        self,
        user_id: str,
        message_id: str | None = None,
        *,
        channel_id: str,
        guide_id: str,
        guide_key: str,
        guide_step_ref: str,
        metadata: JSONObject | NotGiven = NOT_GIVEN,
        tenant: str | NotGiven = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> t.GuideActionResponse:
        """Mark a guide as interacted.

        `PUT /v1/users/{user_id}/guides/messages/interacted`. Records that a user has acted on a step of a guide,
        with optional metadata about what they did.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            message_id: ID of the guide's message, for the older spelling of the operation, which has it in its
                path.
            channel_id: Id of the in-app guide channel (a UUID).
            guide_id: Id of the guide (a UUID), as listed.
            guide_key: Key of the guide.
            guide_step_ref: Reference of the step that was acted on, from the step's `ref`.
            metadata: Metadata of the interaction, as key-value pairs of your own.
            tenant: Id of the tenant that the guide was shown for; absent for none.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            Confirmation with the status `ok`.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.MARK_USER_GUIDE_AS_INTERACTED if message_id is None else op.MARK_USER_GUIDE_MESSAGE_AS_INTERACTED,
                t.GuideActionResponse,
                path=(user_id,) if message_id is None else (user_id, message_id),
                body={
                    "channel_id": channel_id,
                    "guide_id": guide_id,
                    "guide_key": guide_key,
                    "guide_step_ref": guide_step_ref,
                    "metadata": metadata,
                    "tenant": tenant,
                },
                options=options,
            )
        )

    def mark_message_as_seen(
        self,
        user_id: str,
        message_id: str | None = None,
        *,
        channel_id: str,
        content: JSONObject,
        guide_id: str,
        guide_key: str,
        guide_step_ref: str,
        data: JSONObject | NotGiven = NOT_GIVEN,
        tenant: str | NotGiven = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> t.GuideActionResponse:
        """Mark a guide as seen.

        `PUT /v1/users/{user_id}/guides/messages/seen`. Records that a user has seen a step of a guide, together
        with the content that was shown.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            message_id: ID of the guide's message, for the older spelling of the operation, which has it in its
                path.
            channel_id: Id of the in-app guide channel (a UUID).
            content: Content of the step as the user saw it, from the step's `content`.
            guide_id: Id of the guide (a UUID), as listed.
            guide_key: Key of the guide.
            guide_step_ref: Reference of the step that was shown, from the step's `ref`.
            data: The data that the guides were listed with, for targeting and rendering; absent for none.
            tenant: Id of the tenant that the guide was shown for; absent for none.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            Confirmation with the status `ok`.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.MARK_USER_GUIDE_AS_SEEN if message_id is None else op.MARK_USER_GUIDE_MESSAGE_AS_SEEN,
                t.GuideActionResponse,
                path=(user_id,) if message_id is None else (user_id, message_id),
                body={
                    "channel_id": channel_id,
                    "content": content,
                    "data": data,
                    "guide_id": guide_id,
                    "guide_key": guide_key,
                    "guide_step_ref": guide_step_ref,
                    "tenant": tenant,
                },
                options=options,
            )
        )

    def get_channel(
        self,
        user_id: str,
        channel_id: str,
        *,
        tenant: str | None = None,
        data: str | JSONObject | None = None,
        type: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> t.GuidesResponse:
        """List a user's guides.

        `GET /v1/users/{user_id}/guides/{channel_id}`. Returns the in-app guides that a user is eligible for on a
        channel, with their groups and display history, and those that they are not eligible for with the reason.
        The list is not paged; limited to 5 calls a second.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            channel_id: UUID of the channel, as shown in the Knock dashboard.
            tenant: Id of the tenant to use when choosing and rendering guides.
            data: JSON object as a string, used when choosing and rendering guides (as JSON text, or as an object
                that is encoded for you).
            type: Only guides of this type.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The guides, their groups and the ineligible ones.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.LIST_USER_GUIDES,
                t.GuidesResponse,
                path=(user_id, channel_id),
                query={"tenant": tenant, "data": json_text(data), "type": type},
                options=options,
            )
        )
