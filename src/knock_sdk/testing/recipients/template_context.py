"""What templates read beside the data: tenants, variables, and what they look up in the state."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from ..expressions.conditions.operators import decode
from ..expressions.emails.branding import branding_of
from ..expressions.liquid import translations
from ..state.content import SharedContent
from ..state.json_objects import object_at
from ..state.records import TENANTS, Reference
from ..state.settings import Variables
from . import preference_center, profiles, subscriptions

if TYPE_CHECKING:
    from ..state.content import Layout, Partial
    from ..state.json_objects import JSON
    from ..state.records import Recipient
    from ..state.world import World

_MOST_SUBSCRIPTIONS = 25


class WorldLookup:
    """What templates find in the state, for a recipient and perhaps a tenant."""

    def __init__(self, world: World, recipient: Recipient, tenant: str | None) -> None:
        """Look up in a state."""
        self._world = world
        self._recipient = recipient
        self._tenant = tenant

    @property
    def _content(self) -> SharedContent:
        return self._world.of(SharedContent)

    def user(self, user_id: str) -> JSON | None:
        """Return a user, or None if there is none."""
        return profiles.context_of(profiles.find(self._world, Reference(user_id))) or None

    def object(self, collection: str, object_id: str) -> JSON | None:
        """Return an object, or None if there is none."""
        return profiles.context_of(profiles.find(self._world, Reference(object_id, collection))) or None

    def tenant(self, tenant_id: str) -> JSON | None:
        """Return a tenant, or None if there is none."""
        return tenant_context(profiles.find(self._world, Reference(tenant_id, TENANTS))) or None

    def subscriptions(self, user_id: str) -> list[JSON]:
        """Return the first subscriptions of a user."""
        rows = self._world.of(subscriptions.Subscriptions).by(Reference(user_id)).iterate()
        return [
            {
                "object": profiles.context_of(profiles.find(self._world, each.object)),
                "properties": each.properties or {},
            }
            for _, each in islice(rows, _MOST_SUBSCRIPTIONS)
        ]

    def partial(self, key: str) -> Partial | None:
        """Return a partial, or None if there is none."""
        return self._content.partials.get(key)

    def layout(self, key: str) -> Layout | None:
        """Return a layout of emails, or None if there is none."""
        return self._content.layouts.get(key)

    def translation(self, namespace: str, path: str, locale: str | None, *, verbatim: bool) -> Any:
        """Return the translation for a key, in a locale or else in that of the recipient; None if there is none."""
        own = self._recipient.properties.get("locale")
        wanted = locale or (own if isinstance(own, str) else None)
        names = [path] if verbatim else path.split(".")
        return translations.find(self._content, self._tenant, wanted, namespace, names)

    def keys(self, kind: str) -> list[str]:
        """Return the keys of the declared `layouts` or `partials`, for advice in errors."""
        return list(getattr(self._content, kind))


def tenant_context(tenant: Recipient | None) -> JSON:
    """Return a tenant as templates and conditions see it: its preference set is in `settings.preferences` too."""
    values = profiles.context_of(tenant)
    settings = object_at(values, "settings")
    if settings:
        values["settings"] = {"preferences": settings.get("preference_set"), **settings}
    return values


def variables_for(world: World, recipient: Recipient, tenant: JSON, *, commercial: bool = False) -> JSON:
    """Return the variables of the environment, and those that depend on the recipient; a text that is JSON is read.

    Args:
        world: the state.
        recipient: the recipient.
        tenant: the tenant as `tenant_context` returns it.
        commercial: whether the workflow is commercial.
    """
    given = world.of(Variables).values
    values: JSON = {name: decode(value) if isinstance(value, str) else value for name, value in given.items()}
    values["branding"] = branding_of(values, tenant)
    if recipient.reference.collection is None:
        values["manage_preferences_url"] = preference_center.link_to(recipient)
        if commercial:
            values["commercial_unsubscribe_url"] = preference_center.unsubscribe_link_for(recipient)
    return values
