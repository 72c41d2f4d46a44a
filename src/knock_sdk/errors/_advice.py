"""Advice for the error codes that Knock documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ADVICE: Mapping[str, str] = {
    "actor_missing": "Identify the actor first, or pass it inline with its properties",
    "api_key_expired": "Create a new key in the Knock dashboard",
    "api_key_missing": "Pass api_key or set KNOCK_API_KEY",
    "authentication_required": "Pass api_key or set KNOCK_API_KEY",
    "channel_invalid": "Check that the channel id belongs to this environment",
    "incorrect_token_type": "This operation needs the secret key (sk_…), not the public one",
    "invalid_params": "See errors for the invalid fields",
    "invalid_user_token": "Sign a new user token for this user, with this environment's key, which has not expired",
    "missing_jwt_signing_key": "Generate a signing key for this environment in the dashboard",
    "missing_user_token": "Pass user_token: enhanced security is on for this environment",
    "workflow_inactive": "Activate the workflow in this environment",
    "workflow_missing": "Check the workflow's key, and that it is committed to this environment",
}
