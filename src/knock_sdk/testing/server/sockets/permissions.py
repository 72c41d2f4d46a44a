"""What a user token permits on a socket, in secure mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...http.errors import Problem
from ...http.user_tokens import check_user_token, invalid_token

if TYPE_CHECKING:
    from collections.abc import Collection

    from ...http.user_tokens import UserToken
    from ...state.world import World


def allow_feed(world: World, token: str | None, user_id: str, tenants: Collection[str | None]) -> None:
    """Check that a user's feed may be joined, in each of the tenants; None stands for the feed without a tenant.

    Raises:
        Problem: The token is missing or not valid, is another user's, or does not grant it.
    """
    found = _check(world, token, user_id)
    if found is not None and not all(found.grants.allow_in("user/feed_read", tenant) for tenant in tenants or (None,)):
        raise Problem("authorization", "The user token does not grant user/feed_read in each tenant that is joined.")


def allow_guides(world: World, token: str | None, user_id: str) -> None:
    """Check that a user's guides may be joined.

    Raises:
        Problem: As `allow_feed` does.
    """
    found = _check(world, token, user_id)
    if found is not None and not found.grants.allow("user/guide_read"):
        raise Problem("authorization", "The user token does not grant user/guide_read.")


def _check(world: World, token: str | None, user_id: str) -> UserToken | None:
    """Return what a token says; None without secure mode."""
    found = check_user_token(world, token)
    if found is not None and found.user_id != user_id:
        raise invalid_token("is for another user than the one in the topic")
    return found
