"""What a user token allows: the grant that each public operation needs, and on what.

Knock documents the grants and the limit to tenants. Which operation needs which grant follows from their names, for
operations that only its client for browsers shows it is a guess, and so are the code and status of a refusal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ..state.records import Reference
from .bulk_filters import recipient_ids
from .errors import Problem, not_found
from .user_tokens import invalid_token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..state.json_objects import JSON
    from ..state.records import Message
    from .calls import Call
    from .user_tokens import UserToken

Tenants: TypeAlias = "Iterable[str | None]"


class Rule(NamedTuple):
    """The grant that an operation needs."""

    grant: str
    tenants: Callable[[Call], Tenants] | None = None
    """Returns the tenants in each of which the grant is needed; None among them stands for the grant without a tenant.
    Set for feeds and preferences only, since tenants limit nothing else."""
    holder: Callable[[Call], Reference] | None = None
    """The object that the request is for; if set, only a grant on it allows the operation."""


def authorize(token: UserToken, call: Call) -> Call:
    """Return the call, limited to the messages of the token's user, if the token allows it.

    Raises:
        Problem: The request is for another user, or the token does not grant it.
    """
    if call.path.get("user_id", token.user_id) != token.user_id:
        raise invalid_token("is for another user than the one in the path")
    narrow = _OWN_MESSAGES.get(call.operation.name)
    if narrow is not None:
        call = narrow(call, token)
    grant, tenants, holder = RULES[call.operation.name]
    if holder is not None:
        found = holder(call)
        if not token.grants.allow_on(grant, found):
            raise _refuse(grant, f" on the object {found.id!r} of the collection {found.collection!r}")
    elif tenants is not None:
        _require_in(token, grant, tenants(call))
    else:
        _require(token, grant)
    if call.operation.name == "identifyUser":
        _check_user(token, call.body)
    return call


def _check_user(token: UserToken, body: JSON) -> None:
    """Check what the fields of a user need beside `user/write`, as if each were set by its own operation: a guess."""
    _require_in(token, "preferences/write", [_tenant_of(set_id) for set_id in body.get("preferences") or ()])
    if body.get("channel_data"):
        _require(token, "channel_data/write")


def _require(token: UserToken, grant: str) -> None:
    if not token.grants.allow(grant):
        raise _refuse(grant, "")


def _require_in(token: UserToken, grant: str, tenants: Tenants) -> None:
    for tenant in tenants:
        if not token.grants.allow_in(grant, tenant):
            raise _refuse(grant, " without a tenant" if tenant is None else f" in the tenant {tenant!r}")


def _refuse(grant: str, where: str) -> Problem:
    return Problem("authorization", f"The user token does not grant {grant}{where}.")


def _message_in_path(call: Call, token: UserToken) -> Call:
    """Check that a message is the user's; that others seem not to exist is a guess."""
    message_id = call.path["message_id"]
    if _find_own(call, [message_id], token):
        return call
    raise not_found("message", message_id)


def _messages_in_body(call: Call, token: UserToken) -> Call:
    """Leave out the messages of others, as messages that do not exist are left out."""
    found = [message.id for message in _find_own(call, call.body["message_ids"], token)]
    return call._replace(body={**call.body, "message_ids": found})


def _messages_by_filter(call: Call, token: UserToken) -> Call:
    """Limit a bulk operation to the user's messages in tenants that are granted; a filter by others is refused."""
    if any(other != token.user_id for other in recipient_ids(call.body) or ()):
        raise invalid_token("is for another user than those in the filter by recipients")

    def may_change(message: Message) -> bool:
        return _is_own(message, token) and token.grants.allow_in("user/feed_write", message.run.trigger.tenant)

    return call._replace(may_change=may_change)


def _find_own(call: Call, ids: Iterable[str], token: UserToken) -> list[Message]:
    found = (call.world.messages.get(each) for each in ids)
    return [message for message in found if message is not None and _is_own(message, token)]


def _is_own(message: Message, token: UserToken) -> bool:
    return message.recipient == Reference(token.user_id)


def _no_tenant(_: Call) -> Tenants:
    return (None,)


def _tenant_in_query(call: Call) -> Tenants:
    return (call.query.text("tenant"),)


def _tenant_of(set_id: str) -> str | None:
    """Return the tenant whose id a preference set has; that each but `default` has one is a guess."""
    return None if set_id == "default" else set_id


def _tenant_of_set(call: Call) -> Tenants:
    return (_tenant_of(call.path["id"]),)


def _tenants_of_read_set(call: Call) -> Tenants:
    """Return the tenant of a preference set, and the one in the query, whose defaults the response shows."""
    own, shown = _tenant_of(call.path["id"]), call.query.text("tenant")
    if shown is None:
        return (own,)
    return (shown,) if own is None else (own, shown)


def _tenants_of_messages(call: Call) -> Tenants:
    """Return the tenants of the messages that the request names, by which their status belongs to a tenant: a guess."""
    ids = [call.path["message_id"]] if "message_id" in call.path else call.body["message_ids"]
    return {call.world.messages[each].run.trigger.tenant for each in ids}


def _tenants_in_body(call: Call) -> Tenants:
    return call.body.get("tenants") or (None,)


def _object_in_path(call: Call) -> Reference:
    return Reference(call.path["object_id"], call.path["collection"])


def _holder_of_slack(call: Call) -> Reference:
    return call.query.object_reference("access_token_object")


def _holder_of_ms_teams(call: Call) -> Reference:
    return call.query.object_reference("ms_teams_tenant_object")


_FEED = Rule("user/feed_read", tenants=_tenant_in_query)
_MESSAGES = Rule("user/feed_write", tenants=_tenants_of_messages)
_GUIDES = Rule("user/guide_write")
_PREFERENCES = Rule("preferences/write", tenants=_tenant_of_set)
_SLACK = Rule("slack/channels_read", holder=_holder_of_slack)
_MS_TEAMS = Rule("ms_teams/channels_read", holder=_holder_of_ms_teams)

_SINGLE = (
    "archiveMessage",
    "markMessageInteracted",
    "markMessageRead",
    "markMessageSeen",
    "markMessageUnread",
    "markMessageUnreadAlias",
    "markMessageUnseen",
    "markMessageUnseenAlias",
    "unarchiveMessage",
    "unarchiveMessageAlias",
)
_BATCH = (
    "batchMarkMessagesAsArchived",
    "batchMarkMessagesAsInteracted",
    "batchMarkMessagesAsRead",
    "batchMarkMessagesAsSeen",
    "batchMarkMessagesAsUnarchived",
    "batchMarkMessagesAsUnread",
    "batchMarkMessagesAsUnseen",
)
_OWN_MESSAGES: Mapping[str, Callable[[Call, UserToken], Call]] = {
    "bulkUpdateMessagesForChannel": _messages_by_filter,
    "getMessage": _message_in_path,
    **dict.fromkeys(_SINGLE, _message_in_path),
    **dict.fromkeys(_BATCH, _messages_in_body),
}

RULES: Mapping[str, Rule] = {
    "bulkUpdateMessagesForChannel": Rule("user/feed_write", tenants=_tenants_in_body),
    "getMessage": Rule("user/feed_read", tenants=_tenants_of_messages),
    "getObjectChannelData": Rule("channel_data/read", holder=_object_in_path),
    "getPreferenceCenterConfig": Rule("preferences/read", tenants=_no_tenant),
    "getUser": Rule("user/read"),
    "getUserChannelData": Rule("channel_data/read"),
    "getUserInAppFeedSettings": Rule("user/feed_read", tenants=_no_tenant),
    "getUserPreferenceSet": Rule("preferences/read", tenants=_tenants_of_read_set),
    "identifyUser": Rule("user/write"),
    "listChannelsForMsTeamsProvider": _MS_TEAMS,
    "listChannelsForSlackProvider": _SLACK,
    "listTeamsForMsTeamsProvider": _MS_TEAMS,
    "listUserGuides": Rule("user/guide_read"),
    "listUserInAppFeedItems": _FEED,
    "listUserPreferenceSets": Rule("preferences/read", tenants=_no_tenant),
    "markUserGuideAsArchived": _GUIDES,
    "markUserGuideAsInteracted": _GUIDES,
    "markUserGuideAsSeen": _GUIDES,
    "markUserGuideMessageAsArchived": _GUIDES,
    "markUserGuideMessageAsInteracted": _GUIDES,
    "markUserGuideMessageAsSeen": _GUIDES,
    "msTeamsProviderAuthCheck": _MS_TEAMS,
    "msTeamsProviderRevokeAccess": _MS_TEAMS,
    "setObjectChannelData": Rule("channel_data/write", holder=_object_in_path),
    "setUserChannelData": Rule("channel_data/write"),
    "slackProviderAuthCheck": _SLACK,
    "slackProviderRevokeAccess": _SLACK,
    "unsetUserChannelData": Rule("channel_data/write"),
    "updateUserPreferenceCategories": _PREFERENCES,
    "updateUserPreferenceCategory": _PREFERENCES,
    "updateUserPreferenceChannelType": _PREFERENCES,
    "updateUserPreferenceChannelTypes": _PREFERENCES,
    "updateUserPreferenceSet": _PREFERENCES,
    "updateUserPreferenceWorkflow": _PREFERENCES,
    "updateUserPreferenceWorkflows": _PREFERENCES,
    **dict.fromkeys((*_SINGLE, *_BATCH), _MESSAGES),
}
"""The grant that each operation needs which accepts a public key."""
