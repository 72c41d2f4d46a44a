"""Names in the context of conditions and templates that are no variables, and what templates look up beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...state.content import Layout, Partial
    from ...state.json_objects import JSON

NOW = "$now"
"""Key of the simulated time in a context."""

LOOKUP = "$lookup"
"""Key of the `Lookup` in a context."""

LOCALE = "$locale"
"""Key of a locale that takes precedence over the recipient's, such as that of a device."""


class Lookup(Protocol):
    """What filters and tags find outside the context; a template that uses none of them looks nothing up."""

    def user(self, user_id: str) -> JSON | None:
        """Return a user, or None if there is none."""
        ...

    def object(self, collection: str, object_id: str) -> JSON | None:
        """Return an object, or None if there is none."""
        ...

    def tenant(self, tenant_id: str) -> JSON | None:
        """Return a tenant, or None if there is none."""
        ...

    def subscriptions(self, user_id: str) -> list[JSON]:
        """Return the subscriptions of a user."""
        ...

    def partial(self, key: str) -> Partial | None:
        """Return a partial, or None if there is none."""
        ...

    def layout(self, key: str) -> Layout | None:
        """Return a layout of emails, or None if there is none."""
        ...

    def translation(self, namespace: str, path: str, locale: str | None, *, verbatim: bool) -> Any:
        """Return the translation for a key, or None if there is none.

        Args:
            namespace: the namespace.
            path: the key: names separated by dots or, if it is taken verbatim, one name.
            locale: the locale, or None for the recipient's.
            verbatim: whether the key is one name, whatever dots it has.
        """
        ...

    def keys(self, kind: str) -> list[str]:
        """Return the keys of the declared `layouts` or `partials`, for advice in errors."""
        ...


def lookup_of(context: Mapping[str, Any]) -> Lookup | None:
    """Return the `Lookup` of a context, or None where templates cannot look anything up."""
    found: Lookup | None = context.get(LOOKUP)
    return found
