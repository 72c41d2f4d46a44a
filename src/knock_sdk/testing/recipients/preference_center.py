"""The preference center: the page on which users set their preferences, as declared for the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ..state.json_objects import object_at
from ..state.names import did_you_mean

if TYPE_CHECKING:
    from ..state.json_objects import JSON
    from ..state.records import Recipient

_BRANDING = ("icon_url", "logo_url", "primary_color", "primary_color_contrast")
_COMMERCIAL = "commercial_subscribed"
_IDENTIFIED = ("workflow", "category", "channel")
"""Types of rows that name what they change."""
_ROW_TYPES = (*_IDENTIFIED, "channel_types", _COMMERCIAL)
# The row that cannot be removed from the page. Its name, and that it comes last, are guesses.
_COMMERCIAL_ROW = {"type": _COMMERCIAL, "name": "Commercial messages", "identifier": None}
_PAGE = "https://p.knock.invalid/p/"


@dataclass
class PreferenceCenter:
    """Texts, rows and branding of the page; it is disabled until it is declared."""

    enabled: bool = False
    title: str = "Notification preferences"
    body: str = ""
    rows: list[JSON] = field(default_factory=list[Any])
    show_account_name: bool = True
    account_name: str | None = None
    branding: JSON = field(default_factory=dict[str, Any])
    branding_required: bool = False


def check(center: PreferenceCenter) -> None:
    """Check a page against the models of the API's responses.

    Raises:
        ValueError: The page or its branding is malformed.
    """
    from ...types import PreferenceCenterBranding, PreferenceCenterConfigData

    PreferenceCenterConfigData.model_validate(_render_page(center))
    PreferenceCenterBranding.model_validate(center.branding)
    for index, row in enumerate(center.rows):
        kind = row["type"]
        if kind not in _ROW_TYPES:
            hint = did_you_mean(kind, _ROW_TYPES)
            raise ValueError(f"rows[{index}].type: {kind!r} is not one of {', '.join(_ROW_TYPES)}{hint}")
        if kind in _IDENTIFIED and not row.get("identifier"):
            raise ValueError(f"rows[{index}].identifier: is missing; it names the {kind} that the row changes")


def render(center: PreferenceCenter, user: Recipient) -> JSON:
    """Return the page for a user as the API shows it."""
    branding = _render_branding(center.branding)
    if dark := object_at(center.branding, "dark"):
        branding["dark"] = _render_branding(dark)
    return {
        "account_name": center.account_name,
        "branding": branding,
        "config": _render_page(center),
        "enabled": center.enabled,
        "knock_branding_required": center.branding_required,
        "user_email": user.properties.get("email") or user.reference.id,
    }


def render_signed_url(user: Recipient) -> JSON:
    """Return the signed URL of a user's page: always the same for the same user, and not reachable."""
    return {"token": _token(user, "preference center"), "url": link_to(user)}


def link_to(user: Recipient) -> str:
    """Return the URL of a user's page, as templates show it."""
    return f"{_PAGE}{_token(user, 'preference center')}"


def unsubscribe_link_for(user: Recipient) -> str:
    """Return the URL with which a user ends commercial messages, as templates show it."""
    return f"{_PAGE}{_token(user, 'commercial messages')}/unsubscribe"


def _token(user: Recipient, subject: str) -> str:
    return sha256(f"{subject} of {user.reference.id}".encode()).hexdigest()


def _render_page(center: PreferenceCenter) -> JSON:
    complete = any(row.get("type") == _COMMERCIAL for row in center.rows)
    return {
        "body": center.body,
        "rows": center.rows if complete else [*center.rows, _COMMERCIAL_ROW],
        "show_account_name": center.show_account_name,
        "title": center.title,
    }


def _render_branding(branding: JSON) -> JSON:
    return {name: branding.get(name) for name in _BRANDING}
