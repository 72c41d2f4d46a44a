"""Whether a recipient would get a message of a workflow on a channel: one check after another, as Knock makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ...errors import NotFoundError
from ...testing.recipients.preference_evaluation import applying_settings, conditions_of
from ...testing.recipients.preference_levels import decisive_level
from ...testing.state.json_objects import object_at
from .._references import ObjectId
from .._text import to_json
from .evidence import TYPES, Channel, Evidence, Workflow
from .terms import holds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..._sync.client import Knock
    from ...testing.recipients.preference_evaluation import Path
    from .terms import Terms

Verdict: TypeAlias = Literal["yes", "no", "open"]
"""Whether something lets a message through; open if it cannot be decided from here."""

_ADDRESSES = {"email": "email", "sms": "phone_number"}
_STORED = ("tokens", "devices", "target_arns", "player_ids", "connections")


@dataclass(frozen=True)
class Reason:
    """A check, and what it found."""

    verdict: Verdict
    text: str
    details: Sequence[str] = ()
    """What each condition found."""


def verdict_of(reasons: Sequence[Reason]) -> Verdict:
    """Return whether a message passes all checks."""
    found = {reason.verdict for reason in reasons}
    return "no" if "no" in found else "open" if "open" in found else "yes"


def about_recipient(evidence: Evidence) -> list[Reason]:
    """Check that the recipient and the tenant are there."""
    reasons: list[Reason] = []
    kind = "object" if isinstance(evidence.recipient, ObjectId) else "user"
    if evidence.profile is None:
        reasons.append(Reason("no", f"The {kind} does not exist; a trigger that has its id alone does not create it."))
    else:
        name = getattr(evidence.profile, "name", None) or evidence.profile.properties.get("name")
        reasons.append(Reason("yes", f"The {kind} exists{f': {name}' if name else ''}."))
    if evidence.tenant_id is not None:
        exists = f"The tenant {evidence.tenant_id} exists."
        missing = f"The tenant {evidence.tenant_id} does not exist, so that it has no preferences of its own."
        reasons.append(Reason("yes", exists if evidence.tenant else missing))
    return reasons


def about_preferences(evidence: Evidence, workflow: Workflow, channel: Channel, terms: Terms) -> list[Reason]:
    """Check the settings that apply."""
    reasons = [
        _about_setting(evidence, path, setting, terms)
        for path, setting in applying_settings(evidence.preferences, workflow, channel)
        if setting is False or setting is True or conditions_of(setting)
    ]
    if not channel.id and (others := _channels_with_settings(evidence, workflow)):
        listed = ", ".join(others)
        reasons.append(Reason("open", f"There are settings for single channels, which take precedence: {listed}."))
    if not workflow.commercial and evidence.preferences.get("commercial_subscribed") is False:
        reasons.append(
            Reason("open", "Commercial messages are not wanted: if the workflow is commercial, it is blocked.")
        )
    return reasons or [Reason("yes", "No setting is about it, so it is wanted.")]


def about_address(client: Knock, evidence: Evidence, channel: Channel) -> list[Reason]:
    """Check that there is an address, a token or a connection."""
    if evidence.profile is None or channel.type not in (*_ADDRESSES, "push", "chat"):
        return []
    if name := _ADDRESSES.get(channel.type):
        profile = evidence.profile
        address = getattr(profile, name, None) or profile.properties.get(name)
        if address:
            return [Reason("yes", f"The address is {address}.")]
        return [Reason("no", f"There is no {name}; only a step that sets another address would send.")]
    if not channel.id:
        return [Reason("open", "Tokens and connections belong to a channel: name it with --channel.")]
    return [_about_channel_data(client, evidence, channel)]


def _about_setting(evidence: Evidence, path: Path, setting: Any, terms: Terms) -> Reason:
    place = f"{'.'.join(path)} in {_describe_level(evidence, path)}"
    conditions = conditions_of(setting)
    if not conditions:
        return Reason("no" if setting is False else "yes", f"{'Off' if setting is False else 'On'}: {place}.")
    outcome, details = holds(conditions, terms)
    words: dict[Verdict, str] = {
        "yes": "Conditions hold",
        "no": "Conditions do not hold",
        "open": "Conditions are open",
    }
    return Reason(outcome, f"{words[outcome]}: {place}.", details)


def _describe_level(evidence: Evidence, path: Path) -> str:
    level = decisive_level(evidence.levels, evidence.preferences, path)
    if path == ("commercial_subscribed",) and (level is None or level.name == "environment"):
        return "the recipient's set default, or the default of the environment"
    if level is None or level.name == "environment":
        return "the default of the environment"
    return f"the recipient's set {level.set_id}" if level.name == "recipient" else f"the default of {level.set_id}"


def _channels_with_settings(evidence: Evidence, workflow: Workflow) -> list[str]:
    preferences = evidence.preferences
    entries = [preferences, object_at(object_at(preferences, "workflows"), workflow.key)]
    entries += [object_at(object_at(preferences, "categories"), category) for category in workflow.categories]
    return list(dict.fromkeys(name for entry in entries for name in object_at(entry, "channels")))


def _about_channel_data(client: Knock, evidence: Evidence, channel: Channel) -> Reason:
    recipient = evidence.recipient
    try:
        if isinstance(recipient, ObjectId):
            stored = client.objects.get_channel_data(*recipient, channel.id)
        else:
            stored = client.users.get_channel_data(recipient, channel.id)
    except NotFoundError:
        return Reason("no", f"Nothing is stored for the channel {channel.name}: no token and no connection.")
    data: dict[str, Any] = stored.data.model_dump()
    count, name = max((len(data.get(name) or ()), name) for name in _STORED)
    if count:
        return Reason("yes", f"{count} {name} are stored for the channel {channel.name}.")
    return Reason("no", f"What is stored for the channel {channel.name} is empty: {to_json(data)}.")


def channels_for(evidence: Evidence, ids: list[str], types: list[str]) -> list[Channel]:
    """Return the channels that are asked about, or all that the workflow is known to use, or a row for each type."""
    seen = {channel.id: channel for channel in evidence.seen_channels}
    if ids:
        return [seen.get(each) or Channel(each, types[0] if types else "", each) for each in ids]
    found = [channel for channel in seen.values() if not types or channel.type in types]
    missing = [each for each in types or (() if found else TYPES) if all(each != channel.type for channel in found)]
    return [*found, *(Channel("", each, each) for each in missing)]
