"""Advice for the error codes that Knock documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ADVICE: Mapping[str, str] = {
    "actor_missing": "identify the actor first, or pass it inline with its properties",
    "api_key_expired": "create a new key in the Knock dashboard",
    "api_key_missing": "pass api_key or set KNOCK_API_KEY",
    "authentication_required": "pass api_key or set KNOCK_API_KEY",
    "channel_invalid": "check that the channel id belongs to this environment",
    "incorrect_token_type": "this operation needs the secret key (sk_…), not the public one",
    "invalid_params": "see errors for the invalid fields",
    "invalid_user_token": "sign a new user token: this one has expired or was signed with another environment's key",
    "missing_jwt_signing_key": "generate a signing key for this environment in the dashboard",
    "missing_user_token": "pass user_token: enhanced security is on for this environment",
    "workflow_inactive": "activate the workflow in this environment",
    "workflow_missing": "check the workflow's key, and that it is committed to this environment",
}
