# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: guides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from knock_sdk._core.responses.model import Model


class GuideActionResponse(Model):
    """Response to every change of a guide's status."""

    status: str
    """`ok` if Knock has accepted the change."""


class GuideActivationUrlPattern(Model):
    """A URL pattern that allows a guide on the pages it matches, or blocks it there."""

    directive: str
    """Effect of a match: `allow` or `block`."""

    pathname: str | None = None
    """Pattern for the path of the page's URL, in the syntax of the browser's `URLPattern`; absent to match any."""

    search: str | None = None
    """Pattern for the query string of the page's URL, in the syntax of the browser's `URLPattern`; absent to match
    any.
    """


class GuideActivationUrlRule(Model):
    """A comparison with the page's URL that allows a guide or blocks it."""

    argument: str
    """Text to compare with, such as `/settings`."""

    directive: str
    """Effect of a match: `allow` or `block`."""

    operator: str
    """Operator of the comparison, such as `equal_to` or `contains`."""

    variable: str
    """Part of the URL to compare, such as `pathname`."""


class GuideGroup(Model):
    """Guides that share an order of display and a pause between one and the next."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `GuideGroup`."""

    display_interval: int | None = None
    """Seconds to wait after one guide is dismissed before showing another; null or absent for no wait."""

    display_sequence: list[str]
    """Keys of the group's guides, in the order in which to show them."""

    inserted_at: AwareDatetime
    """When Knock created the group."""

    key: str
    """Key of the group, such as `default`."""

    updated_at: AwareDatetime
    """When the group last changed."""


class GuideStepMessage(Model):
    """The user's engagement with one step of a guide; every time is null until it happens."""

    archived_at: AwareDatetime | None = None
    """When the user dismissed the step; null if not."""

    id: str | None = None
    """Id of the message that tracks the step; null while there is none."""

    interacted_at: AwareDatetime | None = None
    """When the user last acted on the step; null if never."""

    link_clicked_at: AwareDatetime | None = None
    """When the user last followed a tracked link in the step; null if never."""

    read_at: AwareDatetime | None = None
    """When the step was read; null if not."""

    seen_at: AwareDatetime | None = None
    """When the step was shown to the user; null if not."""


class IneligibleGuide(Model):
    """A guide that the user may not see at present, and why."""

    key: str
    """Key of the guide."""

    message: str
    """Human-readable reason."""

    reason: (
        Literal["guide_not_active", "marked_as_archived", "target_conditions_not_met", "not_in_target_audience"] | str
    )
    """Machine-readable reason: the guide is switched off, archived, or not targeted at this user."""


class GuideStep(Model):
    """One step of a guide: its content, and the user's engagement with it."""

    content: dict[str, Any]
    """Rendered values to show, by field name as the message type defines them."""

    message: GuideStepMessage
    """The user's engagement with this step so far."""

    ref: str
    """Reference of the step, unique within the guide; send it as `guide_step_ref`."""

    schema_key: str
    """Key of the message type that defines the fields of `content`."""

    schema_semver: str
    """Semantic version of that message type."""

    schema_variant_key: str
    """Key of the message type's variant that the step uses, such as `default`."""


class Guide(Model):
    """An in-app guide that may be shown to the user, with its steps and the rules for where it appears."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `Guide`."""

    activation_url_patterns: list[GuideActivationUrlPattern]
    """URL patterns that decide on which pages the guide may appear; a matching `block` beats any `allow`."""

    activation_url_rules: list[GuideActivationUrlRule]
    """URL rules that decide on which pages the guide may appear; a matching `block` beats any `allow`."""

    active: bool
    """Whether the guide is switched on in this environment."""

    bypass_global_group_limit: bool
    """True if the guide may appear at any time, ignoring its group's display interval."""

    channel_id: str
    """Id of the in-app guide channel (a UUID) that the guide belongs to."""

    dashboard_url: str | None = None
    """Address of the guide in the Knock dashboard."""

    id: str
    """Id of the guide (a UUID), given by Knock."""

    inserted_at: AwareDatetime
    """When Knock created the guide."""

    key: str
    """Key of the guide, as set in the dashboard."""

    semver: str
    """Semantic version of the guide's content, such as `0.0.1`."""

    steps: list[GuideStep]
    """Steps of the guide, in order; the first that is not archived is the one to show."""

    type: str
    """Message type that the guide is built on, such as `banner`."""

    updated_at: AwareDatetime
    """When the guide last changed."""


class GuidesResponse(Model):
    """The guides that a user may see on one channel, with the data needed to choose the next one to show."""

    entries: list[Guide]
    """Guides that the user is eligible for; the list is not paged."""

    guide_group_display_logs: dict[str, AwareDatetime]
    """When the user was last shown a guide, by group key; compare with the group's `display_interval`."""

    guide_groups: list[GuideGroup]
    """Groups that set the order of the guides and the pause between them."""

    ineligible_guides: list[IneligibleGuide]
    """Guides that the user may not see at present, with the reason for each."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
