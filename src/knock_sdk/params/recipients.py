# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: recipients."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from knock_sdk._core.argument_types import JSONObject

    from .objects import InlineIdentifyObjectRequest
    from .users import InlineIdentifyUserRequest

RecipientRequest: TypeAlias = "str | InlineIdentifyUserRequest | InlineIdentifyObjectRequest | JSONObject"
"""Names a recipient, or describes one to create or update at once: a user id, a user, or an object with its
`collection`.
"""
