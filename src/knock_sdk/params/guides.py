# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: guides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import with_config
from typing_extensions import NotRequired, TypedDict

from knock_sdk._core.values.argument_types import JSONObject


@with_config(extra="forbid")
class GuideArchivedRequest(TypedDict):
    """Request to record that the user dismissed a step of a guide."""

    channel_id: str
    """Id of the in-app guide channel (a UUID)."""

    guide_id: str
    """Id of the guide (a UUID), as listed."""

    guide_key: str
    """Key of the guide."""

    guide_step_ref: str
    """Reference of the step that was dismissed, from the step's `ref`."""

    is_final: NotRequired[bool]
    """True if this was the last step, so that the user is done with the guide."""

    tenant: NotRequired[str]
    """Id of the tenant that the guide was shown for; absent for none."""

    unthrottled: NotRequired[bool]
    """True if the guide ignores its group's display interval, so that dismissing it does not start a waiting time."""


@with_config(extra="forbid")
class GuideInteractedRequest(TypedDict):
    """Request to record that the user acted on a step of a guide, for example by pressing its button."""

    channel_id: str
    """Id of the in-app guide channel (a UUID)."""

    guide_id: str
    """Id of the guide (a UUID), as listed."""

    guide_key: str
    """Key of the guide."""

    guide_step_ref: str
    """Reference of the step that was acted on, from the step's `ref`."""

    metadata: NotRequired[JSONObject]
    """Metadata of the interaction, as key-value pairs of your own."""

    tenant: NotRequired[str]
    """Id of the tenant that the guide was shown for; absent for none."""


@with_config(extra="forbid")
class GuideResetRequest(TypedDict):
    """Request to reset the user's engagement with a guide, so that it can appear again."""

    guide_key: str
    """Key of the guide to reset."""

    tenant: NotRequired[str]
    """Id of the tenant whose engagement to reset; absent for none."""


@with_config(extra="forbid")
class GuideSeenRequest(TypedDict):
    """Request to record that a step of a guide was shown to the user."""

    channel_id: str
    """Id of the in-app guide channel (a UUID)."""

    content: JSONObject
    """Content of the step as the user saw it, from the step's `content`."""

    data: NotRequired[JSONObject]
    """The data that the guides were listed with, for targeting and rendering; absent for none."""

    guide_id: str
    """Id of the guide (a UUID), as listed."""

    guide_key: str
    """Key of the guide."""

    guide_step_ref: str
    """Reference of the step that was shown, from the step's `ref`."""

    tenant: NotRequired[str]
    """Id of the tenant that the guide was shown for; absent for none."""


@with_config(extra="forbid")
class GuideUnarchivedRequest(TypedDict):
    """Request to undo the dismissal of a guide."""

    guide_key: str
    """Key of the guide to unarchive."""

    tenant: NotRequired[str]
    """Id of the tenant that the guide was dismissed for; absent for none."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
