"""Branding: the colours and pictures that templates read as `vars.branding`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...state.json_objects import object_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...state.json_objects import JSON

_COLORS: Mapping[str, str] = {
    "primary_color": "#000000",
    "primary_color_contrast": "#FFFFFF",
    "dark_primary_color": "#FFFFFF",
    "dark_primary_color_contrast": "#000000",
}
_PICTURES = ("logo_url", "icon_url")
_DEFAULTS: Mapping[str, str | None] = {**_COLORS, "dark_logo_url": None, "dark_icon_url": None}


def branding_of(variables: JSON, tenant: JSON, layout: Mapping[str, object] | None = None) -> JSON:
    """Return the branding for a run: the account's, which a layout overrides, and both of them the tenant.

    That a tenant precedes a layout, and that each value is overridden on its own, are guesses.

    Args:
        variables: the variables of the environment; those of the account's branding are in `branding`.
        tenant: properties of the tenant; its branding is in `settings`.
        layout: what the layout of an email overrides.
    """
    own = object_at(object_at(tenant, "settings"), "branding")
    if not own and not layout and "branding" not in variables:
        return dict(_DEFAULTS)
    given = {**object_at(variables, "branding"), **(layout or {}), **own}
    values: JSON = {**_COLORS, **{name: value for name, value in given.items() if value is not None}}
    for name in _PICTURES:
        values.setdefault(f"dark_{name}", values.get(name))
    return values
