"""Advice on names that a module of this package does not have: where they are, or what replaces another client's.

Nothing here is loaded before a name is missing.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PACKAGES = ("knock_sdk", "knock_sdk.types", "knock_sdk.params", "knock_sdk.testing")

_GROUPS: Mapping[str, str] = {
    "Audience": "audiences",
    "Batch": "messages.batch",
    "Feed": "users.feeds",
    "Guide": "users.guides",
    "Message": "messages",
    "MsTeam": "providers.ms_teams",
    "Object": "objects",
    "PreferenceCenter": "users.preference_center",
    "Schedule": "schedules",
    "Slack": "providers.slack",
    "Tenant": "tenants",
    "User": "users",
    "WorkflowRecipientRun": "workflow_recipient_runs",
    "Workflow": "workflows",
}
"""The beginnings of names of arguments and responses in the vendor's client, and where their methods are here."""

_METHODS: Mapping[str, tuple[str, ...]] = {
    "BulkAddSubscriptions": ("objects.bulk.add_subscriptions",),
    "BulkCreate": ("schedules.bulk.create",),
    "BulkDelete": ("objects.bulk.delete", "tenants.bulk.delete", "users.bulk.delete"),
    "BulkDeleteSubscriptions": ("objects.bulk.delete_subscriptions",),
    "BulkIdentify": ("users.bulk.identify",),
    "BulkSet": ("objects.bulk.set", "tenants.bulk.set"),
    "BulkSetPreferences": ("users.bulk.set_preferences",),
    "BulkUpdateMessageStatus": ("channels.bulk.update_message_status",),
    "CensusCustomDestination": ("integrations.census.custom_destination",),
    "HightouchEmbeddedDestination": ("integrations.hightouch.embedded_destination",),
}

_RESPONSES: Mapping[str, str] = {
    "AudienceListMembers": "ListAudienceMembersResponse",
    "BatchGetContent": "list[MessageContents]",
    "CensusCustomDestination": "RpcResponse",
    "FeedGetSettings": "UserInAppFeedSettingsResponse",
    "FeedListItems": "InAppFeedItem",
    "GuideGetChannel": "GuidesResponse",
    "HightouchEmbeddedDestination": "RpcResponse",
    "MsTeamCheckAuth": "MsTeamsAuthCheckResponse",
    "MsTeamListChannels": "ChannelsForMsTeamsProviderResponse",
    "MsTeamListTeams": "MsTeamsTeam",
    "PreferenceCenterGenerateSignedURL": "PreferenceCenterSignedUrlResponse",
    "PreferenceCenterGetConfig": "PreferenceCenterConfigWithMetadata",
    "SlackCheckAuth": "SlackAuthCheckResponse",
    "SlackListChannels": "SlackChannel",
    "WorkflowTrigger": "TriggerWorkflowResponse",
    **dict.fromkeys(("MsTeamRevokeAccess", "SlackRevokeAccess"), "SuccessResponse"),
    **dict.fromkeys(("ObjectAddSubscriptions", "ObjectDeleteSubscriptions"), "list[Subscription]"),
    **dict.fromkeys(("ObjectListPreferences", "UserListPreferences"), "list[PreferenceSet]"),
    **dict.fromkeys(("ScheduleCreate", "ScheduleDelete", "ScheduleUpdate"), "list[Schedule]"),
    **dict.fromkeys(
        (
            *("BatchArchive", "BatchMarkAsInteracted", "BatchMarkAsRead", "BatchMarkAsSeen"),
            *("BatchMarkAsUnread", "BatchMarkAsUnseen", "BatchUnarchive"),
        ),
        "list[Message]",
    ),
}
"""Responses and items of lists that the vendor's client names after its methods, and the types here."""

_OTHERS: Mapping[str, str] = {
    "InlineObjectRequestParam": "knock_sdk.params.InlineIdentifyObjectRequest",
    "shared_params": "knock_sdk.params",
}


def advise(module: str, name: str) -> str | None:
    """Return what to use instead of a name, usually that of a type; None if nothing is known about it."""
    if found := _replacements(module, name):
        return f"use {' or '.join(found)}"
    stem, kind = _split(name)
    if kind == "Params" and (methods := _METHODS.get(stem) or _method(stem)):
        return f"its keys are keyword arguments of {' or '.join(f'{method}(…)' for method in methods)}"
    return None


def replacement(module: str, name: str) -> str | None:
    """Return the type to use instead of one, as an expression; of several, one of the module that is named."""
    found = _replacements("", name)
    return next((each for each in found if each.startswith(f"{module}.")), found[0] if found else None)


def _replacements(module: str, name: str) -> list[str]:
    """Return the types to use instead of one, as expressions, without what the module itself calls so."""
    if name in _OTHERS:
        return [_OTHERS[name]]
    stem, kind = _split(name)
    places = [*_places(module, name), *(_places(module, stem, ("knock_sdk.params",)) if kind == "Param" else ())]
    if not places and kind == "Response" and stem in _RESPONSES:
        return [re.sub(r"[A-Z]\w+", r"knock_sdk.types.\g<0>", _RESPONSES[stem])]
    return places


def _split(name: str) -> tuple[str, str]:
    """Return a name in two parts, the second of which says what kind of type it is in the vendor's client."""
    kind = next((kind for kind in ("Params", "Param", "Response") if name.endswith(kind)), "")
    return name.removesuffix(kind), kind


def _places(module: str, name: str, packages: tuple[str, ...] = _PACKAGES) -> Iterator[str]:
    """Yield the public names that equal a name, which begins with a capital, except for the case of other letters."""
    for package in packages if name[:1].isupper() else ():
        for known in import_module(package).__all__:  # by name: this layer knows of none above it
            if known.lower() == name.lower() and (package, known) != (module, name):
                yield f"{package}.{known}"


def _method(stem: str) -> tuple[str, ...]:
    """Return the method that the vendor's client names a type after, in a tuple, or an empty one."""
    for group, path in _GROUPS.items():
        if (method := stem.removeprefix(group)) and method != stem:
            return (f"{path}.{re.sub('(?<=[a-z])(?=[A-Z])', '_', method).lower()}",)
    return ()
