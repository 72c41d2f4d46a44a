# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: tenants."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pydantic import with_config
from typing_extensions import NotRequired, TypedDict

from knock_sdk._core.values.argument_types import Items, JSONModel, JSONObject

from .channel_data import InlineChannelDataRequest
from .preferences import InlinePreferenceSetRequest, PreferenceSetRequest


@with_config(extra="forbid")
class SetTenantBranding(TypedDict):
    """Images and colours that replace the account's own in a tenant's messages."""

    icon_url: NotRequired[str | None]
    """URL of the tenant's icon, which must serve an image; null clears it."""

    logo_url: NotRequired[str | None]
    """URL of the tenant's logo, which must serve an image; null clears it."""

    primary_color: NotRequired[str | None]
    """Tenant's main colour in hexadecimal, such as `#1A2B3C`; null clears it."""

    primary_color_contrast: NotRequired[str | None]
    """Colour for text on top of the main colour, in hexadecimal; null clears it."""


@with_config(extra="forbid")
class TenantBrandingRequest(TypedDict):
    """Images and colours to use in a tenant's messages in place of the account's own."""

    dark_icon_url: NotRequired[str | None]
    """URL of the icon for dark mode; null clears it, and `icon_url` is used."""

    dark_logo_url: NotRequired[str | None]
    """URL of the logo for dark mode; null clears it, and `logo_url` is used."""

    dark_primary_color: NotRequired[str | None]
    """Main colour for dark mode in hexadecimal; `#FFFFFF` where none is set."""

    dark_primary_color_contrast: NotRequired[str | None]
    """Colour for text on top of the dark mode's main colour, in hexadecimal; `#000000` where none is set."""

    icon_url: NotRequired[str | None]
    """URL of the tenant's icon, which must serve an image; null clears it."""

    logo_url: NotRequired[str | None]
    """URL of the tenant's logo, which must serve an image; null clears it."""

    primary_color: NotRequired[str | None]
    """Tenant's main colour in hexadecimal, such as `#1A2B3C`; null clears it."""

    primary_color_contrast: NotRequired[str | None]
    """Colour for text on top of the main colour, in hexadecimal; null clears it."""


@with_config(extra="forbid")
class SetTenantSettings(TypedDict):
    """Branding and default preferences to give a tenant."""

    branding: NotRequired[SetTenantBranding | JSONModel]
    """Images and colours to use in the tenant's messages."""

    preference_set: NotRequired[PreferenceSetRequest | JSONModel | None]
    """
    Default preferences of the tenant's recipients, merged into those stored unless the strategy is `replace`;
    null clears them.
    """


@with_config(extra="forbid")
class TenantSettingsRequest(TypedDict):
    """Branding and default preferences to give a tenant."""

    branding: NotRequired[TenantBrandingRequest | JSONModel]
    """Images and colours to use in the tenant's messages."""

    preference_set: NotRequired[PreferenceSetRequest | JSONModel | None]
    """
    Default preferences of the tenant's recipients, merged into those stored unless the strategy is `replace`;
    null clears them.
    """


@with_config(extra="allow")
class SetTenantRequest(TypedDict):
    """Request to create or update a tenant; keys not listed here are stored as custom properties."""

    channel_data: NotRequired[InlineChannelDataRequest | None]
    """Channel data to store with the tenant, by channel id."""

    name: NotRequired[str | None]
    """Name of the tenant, as templates show it."""

    settings: NotRequired[SetTenantSettings | JSONModel]
    """Branding and default preferences of the tenant."""


@with_config(extra="allow")
class TenantRequest(TypedDict):
    """A tenant to create or update inside another request; keys not listed here become custom properties."""

    channel_data: NotRequired[InlineChannelDataRequest | None]
    """Channel data to store with the tenant, by channel id."""

    id: str
    """Your id for the tenant; an unknown tenant is created."""

    name: NotRequired[str | None]
    """Name of the tenant, as templates show it."""

    preferences: NotRequired[InlinePreferenceSetRequest | None]
    """
    Preference sets that the tenant has as a recipient itself, merged by set id; defaults for its users are in
    `settings`.
    """

    settings: NotRequired[TenantSettingsRequest | JSONModel]
    """Branding and default preferences of the tenant."""


InlineTenantRequest: TypeAlias = str | TenantRequest | JSONObject
"""A tenant identified inline: an id, or an `id` with properties to store; an unknown tenant is created."""


@with_config(extra="forbid")
class BulkSetTenantsRequest(TypedDict):
    """Request to create or update many tenants in the background."""

    tenants: Items[InlineTenantRequest]
    """Tenants, as ids or with properties to merge in, at most 1,000."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
