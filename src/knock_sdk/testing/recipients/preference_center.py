"""The preference center: the page on which users set their preferences, as the environment has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ..state.json_objects import object_at

if TYPE_CHECKING:
    from ..state.json_objects import JSON
    from ..state.records import Recipient

_BRANDING = ("icon_url", "logo_url", "primary_color", "primary_color_contrast")
_ADDRESS = "https://preferences.knock.invalid/"


@dataclass
class PreferenceCenter:
    """The texts, the choices and the look of the page; it is switched off until it is declared."""

    enabled: bool = False
    title: str = "Notification preferences"
    body: str = ""
    rows: list[JSON] = field(default_factory=list[Any])
    show_account_name: bool = True
    account_name: str | None = None
    branding: JSON = field(default_factory=dict[str, Any])
    branding_required: bool = False


def check(center: PreferenceCenter) -> None:
    """Refuse a page that the API could not have.

    Raises:
        ValueError: Something in it is malformed.
    """
    from ...types import PreferenceCenterBranding, PreferenceCenterConfigData

    PreferenceCenterConfigData.model_validate(_page(center))
    PreferenceCenterBranding.model_validate(center.branding)


def render(center: PreferenceCenter, user: Recipient) -> JSON:
    """Return the page for a user as the API shows it."""
    look = _look(center.branding)
    if dark := object_at(center.branding, "dark"):
        look["dark"] = _look(dark)
    return {
        "account_name": center.account_name,
        "branding": look,
        "config": _page(center),
        "enabled": center.enabled,
        "knock_branding_required": center.branding_required,
        "user_email": user.properties.get("email") or user.reference.id,
    }


def render_signed_url(user: Recipient) -> JSON:
    """Return the address of a user's page: always the same for the same user, and nothing answers at it."""
    token = sha256(f"preference center of {user.reference.id}".encode()).hexdigest()
    return {"token": token, "url": f"{_ADDRESS}?token={token}"}


def _page(center: PreferenceCenter) -> JSON:
    return {
        "body": center.body,
        "rows": center.rows,
        "show_account_name": center.show_account_name,
        "title": center.title,
    }


def _look(branding: JSON) -> JSON:
    return {name: branding.get(name) for name in _BRANDING}
