"""The grants of a user token, and what they allow.

Both spellings of each are read: tenants as `tenants/<id>` in Knock's documentation and as `objects/$tenants/<id>` in
its Node client; ids as they are in Node and percent-encoded in `knock_sdk.user_tokens`; the values `[{}]` and `[]`; and
names that only older samples of the documentation have.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ...user_tokens._grants import RESOURCES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ..state.records import Reference

_OTHER_NAMES: Mapping[str, str] = {"feed/read": "user/feed_read", "user_feed/read": "user/feed_read"}
_LIMITED_BY_TENANT = frozenset({"preferences/read", "preferences/write", "user/feed_read", "user/feed_write"})
"""Grants that, on a tenant, limit feeds and preferences to the tenants that are named. Those for Slack and Microsoft
Teams do not: a guess, without which a user who may connect a workspace would lose the feed."""
_TENANTS = "$tenants"
_TENANT_FOLDERS = (f"{RESOURCES}tenants/", f"{RESOURCES}objects/{_TENANTS}/")


class TokenGrants:
    """The grants of one token; those on other users than its own are ignored, which is a guess."""

    def __init__(self, user_id: str, claim: Mapping[str, Collection[str]], *, explicit: bool) -> None:
        """Read the claim.

        Args:
            user_id: The token's user.
            claim: Names of grants by the URI of their entity.
            explicit: Whether only what is granted is allowed.
        """
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        for uri, names in claim.items():
            for spelling in {uri, unquote(uri)}:
                self._names[spelling].update(_OTHER_NAMES.get(name, name) for name in names)
        self._own = self._names.get(f"{RESOURCES}users/{user_id}", set[str]())
        self._explicit = explicit
        self._by_tenant = any(
            uri.startswith(_TENANT_FOLDERS) and not _LIMITED_BY_TENANT.isdisjoint(names)
            for uri, names in self._names.items()
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
        names = self._find(_spell(tenant, _TENANTS))
        return name in names if self._explicit else not _LIMITED_BY_TENANT.isdisjoint(names)

    def allow_on(self, name: str, holder: Reference) -> bool:
        """Return whether an action on an object is allowed; only a grant allows it."""
        return name in self._find(_spell(holder.id, holder.collection))

    def _find(self, uris: Collection[str]) -> set[str]:
        return set[str]().union(*(self._names.get(uri, ()) for uri in uris))


def _spell(object_id: str, collection: str | None) -> list[str]:
    """Return the URIs of an object, of which a tenant has two."""
    uris = [f"{RESOURCES}objects/{collection}/{object_id}"]
    return [*uris, f"{RESOURCES}tenants/{object_id}"] if collection == _TENANTS else uris
