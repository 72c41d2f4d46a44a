"""The grants of a user token, and what they allow.

Both spellings of each are read: tenants as `tenants/<id>` in Knock's documentation and as `objects/$tenants/<id>` in
its Node client; the values `[{}]` and `[]`; and names that only older samples of the documentation have. Ids in URIs
are decoded once, as `knock_sdk.user_tokens` encodes them. Those that Node writes as they are mean the same, unless they
contain a `%` before two hexadecimal digits, or the `/` of an object that is no tenant.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ...user_tokens._grants import RESOURCES
from ..state.records import Reference

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_OTHER_NAMES: Mapping[str, str] = {"feed/read": "user/feed_read", "user_feed/read": "user/feed_read"}
_LIMITED_BY_TENANT = frozenset({"preferences/read", "preferences/write", "user/feed_read", "user/feed_write"})
"""Grants that, on a tenant, limit feeds and preferences to the tenants that are named. Those for Slack and Microsoft
Teams do not: a guess, without which a user who may connect a workspace would lose the feed."""
_TENANTS = "$tenants"


class TokenGrants:
    """The grants of one token; those on other users than its own are ignored, which is a guess."""

    def __init__(self, user_id: str, claim: Mapping[str, Collection[str]], *, explicit: bool) -> None:
        """Read the claim.

        Args:
            user_id: The token's user.
            claim: Names of grants by the URI of their entity.
            explicit: Whether only what is granted is allowed.
        """
        self._names: defaultdict[Reference, set[str]] = defaultdict(set)
        for uri, names in claim.items():
            if (entity := _parse(uri)) is not None:
                self._names[entity].update(_OTHER_NAMES.get(name, name) for name in names)
        self._own = self._names.get(Reference(user_id), set[str]())
        self._explicit = explicit
        self._by_tenant = any(
            entity.collection == _TENANTS and not _LIMITED_BY_TENANT.isdisjoint(names)
            for entity, names in self._names.items()
        )

    def allow(self, name: str) -> bool:
        """Return whether an action on the token's own user is allowed, in which tenants play no part."""
        return not self._explicit or name in self._own

    def allow_in(self, name: str, tenant: str | None) -> bool:
        """Return whether an action on the user's feed or preferences is allowed, for a tenant or without one.

        Without `explicit_grants`, any grant that limits feeds and preferences to a tenant allows both in it: a guess.
        """
        if not self._by_tenant:
            return self.allow(name)
        if tenant is None:
            return name in self._own
        names = self._names.get(Reference(tenant, _TENANTS), set[str]())
        return name in names if self._explicit else not _LIMITED_BY_TENANT.isdisjoint(names)

    def allow_on(self, name: str, holder: Reference) -> bool:
        """Return whether an action on an object is allowed; only a grant allows it."""
        return name in self._names.get(holder, ())


def _parse(uri: str) -> Reference | None:
    """Return the user or object that a URI names; a tenant is an object, as in its other spelling. None for any other.

    A single id follows `users` and the folders of tenants, so that a `/` behind them can only belong to it.
    """
    if not uri.startswith(RESOURCES):
        return None
    folder, *encoded = uri.removeprefix(RESOURCES).split("/")
    try:
        rest = [unquote(segment, errors="strict") for segment in encoded]
    except UnicodeDecodeError:
        return None
    match folder, rest:
        case "users", [*parts]:
            collection = None
        case ("tenants", [*parts]) | ("objects", ["$tenants", *parts]):
            collection = _TENANTS
        case "objects", [collection, object_id] if collection:
            parts = [object_id]
        case _:
            return None
    joined = "/".join(parts)
    return Reference(joined, collection) if joined else None
