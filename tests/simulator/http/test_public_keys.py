"""Public keys: what a client in a browser may call, by Knock's documentation."""

from __future__ import annotations

import pytest

from knock_sdk.testing import Simulator
from knock_sdk.testing.http.router import OPERATIONS
from tests.simulator.support.pair import PUBLIC, fill_path, header, http

from ..rules.table import rule

# Methods and paths. The list of the documentation leaves out the settings of feeds, single messages, channel data of
# objects, chat providers and the older operations on preferences: Knock's client for browsers calls these.
PUBLIC_OPERATIONS = {
    *(f"{method} /v1/users/{{user_id}}" for method in ("GET", "PUT")),
    "GET /v1/users/{user_id}/preferences",
    *(f"{method} /v1/users/{{user_id}}/preferences/{{id}}" for method in ("GET", "PUT")),
    *(
        f"PUT /v1/users/{{user_id}}/preferences/{{id}}/{part}"
        for section in ("categories", "workflows")
        for part in (section, f"{section}/{{key}}")
    ),
    *(f"PUT /v1/users/{{user_id}}/preferences/{{id}}/channel_types{more}" for more in ("", "/{type}")),
    "GET /v1/users/{user_id}/preference_center/config",
    *(f"{method} /v1/users/{{user_id}}/channel_data/{{channel_id}}" for method in ("GET", "PUT", "DELETE")),
    "GET /v1/users/{user_id}/feeds/{id}",
    "GET /v1/users/{user_id}/feeds/{id}/settings",
    "GET /v1/messages/{message_id}",
    *(f"{method} /v1/objects/{{collection}}/{{object_id}}/channel_data/{{channel_id}}" for method in ("GET", "PUT")),
    *(
        f"GET /v1/providers/{provider}/{{channel_id}}/{what}"
        for provider, found in (
            ("slack", ("auth_check", "channels")),
            ("ms-teams", ("auth_check", "channels", "teams")),
        )
        for what in found
    ),
    *(f"PUT /v1/providers/{provider}/{{channel_id}}/revoke_access" for provider in ("slack", "ms-teams")),
    *(f"PUT /v1/messages/{{message_id}}/{status}" for status in ("archived", "interacted", "read", "seen")),
    *(
        f"DELETE /v1/messages/{{message_id}}/{status}"
        for each in ("archived", "read", "seen")
        for status in (each, f"un{each}")
    ),
    *(
        f"POST /v1/messages/batch/{status}"
        for status in ("archived", "interacted", "read", "seen", "unarchived", "unread", "unseen")
    ),
    "POST /v1/channels/{channel_id}/messages/bulk/{action}",
    "GET /v1/users/{user_id}/guides/{channel_id}",
    *(
        f"PUT /v1/users/{{user_id}}/guides/messages/{more}{status}"
        for more in ("", "{message_id}/")
        for status in ("archived", "interacted", "seen")
    ),
}


@rule("ui/security-and-authentication", "a public key may call what a user's client calls, and a secret key all else")
def test_the_operations_that_accept_a_public_key() -> None:
    found = {
        f"{operation.method} {operation.path}"
        for operation in OPERATIONS
        if http(Simulator(), operation.method, fill_path(operation.path), {}, key=PUBLIC)[0].status != 403
    }
    assert found == PUBLIC_OPERATIONS


@rule("reference/content", "each response has an id of its request, errors too")
def test_each_response_has_an_id() -> None:
    sim = Simulator()
    responses = [
        http(sim, "GET", "/v1/users"),
        http(sim, "GET", "/v1/users/x"),
        http(sim, "GET", "/v1/users", key=None),
    ]
    assert [response.status for response, _ in responses] == [200, 404, 401]
    found = {header(response, "x-request-id") for response, _ in responses}
    assert None not in found
    assert len(found) == 3


@rule("reference/content", "a request without a key is refused with 401, one that a key may not make with 403")
@pytest.mark.parametrize(
    ("key", "status", "code"), [(None, 401, "api_key_missing"), (PUBLIC, 403, "incorrect_token_type")]
)
def test_keys_that_are_refused(key: str | None, status: int, code: str) -> None:
    response, problem = http(Simulator(), "GET", "/v1/users", key=key)
    assert (response.status, problem["status"], problem["code"]) == (status, status, code)
    assert problem["type"] == "authentication_error"
