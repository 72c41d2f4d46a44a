# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: tenants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

from pydantic import Field

from knock_sdk._core.responses.model import Model, OpenModel

from .preferences import PreferenceSet
from .shared import PageInfo


class TenantBranding(Model):
    """Images and colours that replace the account's own in a tenant's messages."""

    dark_icon_url: str | None = None
    """URL of the icon for dark mode; null means that `icon_url` is used."""

    dark_logo_url: str | None = None
    """URL of the logo for dark mode; null means that `logo_url` is used."""

    dark_primary_color: str | None = None
    """Main colour for dark mode in hexadecimal; `#FFFFFF` where none is set."""

    dark_primary_color_contrast: str | None = None
    """Colour for text on top of the dark mode's main colour, in hexadecimal; `#000000` where none is set."""

    icon_url: str | None = None
    """URL of the tenant's icon, or null if none is set."""

    logo_url: str | None = None
    """URL of the tenant's logo, or null if none is set."""

    primary_color: str | None = None
    """Tenant's main colour in hexadecimal, such as `#1A2B3C`, or null if none is set."""

    primary_color_contrast: str | None = None
    """Colour for text on top of the main colour, in hexadecimal, or null if none is set."""


class TenantSettings(Model):
    """A tenant's branding and default preferences."""

    branding: TenantBranding | None = None
    """Images and colours of the tenant's messages, or null if none are set."""

    preference_set: PreferenceSet | None = None
    """Default preferences of the tenant's recipients, or null if none are set."""


class Tenant(OpenModel):
    """A customer, team or other group of your users, with its own branding and preferences."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `Tenant`."""

    id: str
    """Your id for the tenant; it is also the object of that id in the collection `$tenants`."""

    name: str | None = None
    """Name of the tenant, or null if none is set."""

    settings: TenantSettings | None = None
    """Branding and default preferences of the tenant, or null if none are set."""


class ListTenantsResponse(Model):
    """One page of the environment's tenants."""

    entries: list[Tenant]
    """Tenants on this page."""

    page_info: PageInfo
    """Cursors of the neighbouring pages, and the page size."""


SetTenantResponse: TypeAlias = Tenant
"""The tenant after the change."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
