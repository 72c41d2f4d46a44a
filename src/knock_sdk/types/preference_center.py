# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: preference center."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from knock_sdk._core.responses.model import Model


class PreferenceCenterBrandingConfig(Model):
    """Images and colours that the preference center shows."""

    icon_url: str | None = None
    """URL of the icon, or null if none is set."""

    logo_url: str | None = None
    """URL of the logo, or null if none is set."""

    primary_color: str | None = None
    """Main colour in hexadecimal, such as `#1A2B3C`, or null if none is set."""

    primary_color_contrast: str | None = None
    """Colour for text on top of the main colour, in hexadecimal, or null if none is set."""


class PreferenceCenterConfigRow(Model):
    """One choice in the preference center and the part of the preference set that it changes."""

    channel_types: (
        list[
            Literal[
                "email", "in_app", "in_app_feed", "in_app_guide", "sms", "push", "chat", "http", "log", "deferred_log"
            ]
            | str
        ]
        | None
    ) = None
    """Channel types that the row covers; an empty list or null means all of them."""

    description: str | None = None
    """Explanation shown with the row."""

    identifier: str | None = None
    """Workflow key, channel id or category that the row changes; null for the types that need none."""

    name: str
    """Label of the row."""

    type: Literal["workflow", "channel", "category", "channel_types", "commercial_subscribed"] | str
    """Part of the preference set that the row changes."""


class PreferenceCenterSignedUrlResponse(Model):
    """A link that opens one user's preference center without signing in."""

    token: str
    """The signed token, for building a link of your own."""

    url: str
    """The complete link; anyone who has it can change this user's preferences."""


class PreferenceCenterBranding(PreferenceCenterBrandingConfig):
    """The appearance of the preference center, with a variant for dark mode."""

    dark: PreferenceCenterBrandingConfig | None = None
    """The appearance in dark mode; absent if there is none."""


class PreferenceCenterConfigData(Model):
    """Texts and choices of the preference center page."""

    body: str
    """Text under the title of the page."""

    rows: list[PreferenceCenterConfigRow]
    """The choices to offer, in the order to show them."""

    show_account_name: bool
    """Whether the page shows the name of the account."""

    title: str
    """Heading of the page."""


class PreferenceCenterConfigWithMetadata(Model):
    """The data needed to render a user's preference center."""

    account_name: str | None
    """Name of the Knock account that the page belongs to, or null if it has none."""

    branding: PreferenceCenterBranding
    """Images and colours of the page."""

    config: PreferenceCenterConfigData
    """Texts and rows of the page."""

    enabled: bool
    """Whether this environment has the preference center switched on."""

    knock_branding_required: bool
    """Whether the page must carry Knock's own branding."""

    user_email: str | None
    """Name of the user on the page: the email address, else the user id; may be null."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
