# Derived from src/knock_sdk/_async/resources/users_preference_center.py by `python -m codegen`; do not edit.
"""The hosted page where a user sets preferences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import Request
from ._base import Resource

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..._core.requests.options import RequestOptions


class UsersPreferenceCenter(Resource):
    """The hosted page where a user sets preferences."""

    def get_config(
        self,
        user_id: str,
        **options: Unpack[RequestOptions],
    ) -> t.PreferenceCenterConfigWithMetadata:
        """Get a user's preference center configuration.

        `GET /v1/users/{user_id}/preference_center/config`. Returns the data to render the preference center for a
        user: its rows and texts, the branding, and whether it is enabled.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The configuration and branding of the preference center.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.GET_PREFERENCE_CENTER_CONFIG, t.PreferenceCenterConfigWithMetadata, path=(user_id,), options=options
            )
        )

    def generate_signed_url(
        self,
        user_id: str,
        **options: Unpack[RequestOptions],
    ) -> t.PreferenceCenterSignedUrlResponse:
        """Create a signed preference center URL.

        `POST /v1/users/{user_id}/preference_center/signed_url`. Creates a signed URL at which the user can edit
        their preferences in the hosted preference center, and returns it with its token. Needs a secret key.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The signed URL and its token.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.GENERATE_PREFERENCE_CENTER_SIGNED_URL,
                t.PreferenceCenterSignedUrlResponse,
                path=(user_id,),
                options=options,
            )
        )
