"""What the bodies of requests must look like, by operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._core.narrow import is_object
from .conditions import OPERATORS
from .errors import FieldProblem
from .shapes import Record, anything, either, flag, list_of, map_of, moment, nullable, one_of, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .shapes import Shape

_LONGEST_USER_ID = 256
_NOT_IN_USER_ID = "/#"
_MOST_METADATA = 5
_STRATEGIES = ("merge", "replace")


def user_id(value: Any, at: str, problems: list[FieldProblem]) -> None:
    """Accept a user's id."""
    text(value, at, problems)
    if isinstance(value, str):
        if not value or len(value) > _LONGEST_USER_ID:
            problems.append(FieldProblem(at, "length", f"must have 1 to {_LONGEST_USER_ID} characters"))
        elif any(character in value for character in _NOT_IN_USER_ID):
            problems.append(FieldProblem(at, "format", "must not hold '/' or '#'"))


def _inline_recipient(value: Any, at: str, problems: list[FieldProblem]) -> None:
    (OBJECT if "collection" in value else USER)(value, at, problems)


def _metadata(value: Any, at: str, problems: list[FieldProblem]) -> None:
    map_of(anything)(value, at, problems)
    if is_object(value):
        if len(value) > _MOST_METADATA:
            problems.append(FieldProblem(at, "length", f"must have at most {_MOST_METADATA} pairs"))
        for key, inner in value.items():
            if isinstance(inner, list | dict):
                problems.append(FieldProblem(f"{at}.{key}", "type", "must not be nested"))


CONDITION = Record({"variable": text, "operator": one_of(OPERATORS), "argument": anything})
_CONDITIONS = Record({"conditions": list_of(CONDITION)})
_SWITCH = either("true, false or an object with conditions", {bool: flag, dict: _CONDITIONS})
_CHANNEL_TYPE_NAMES = ("chat", "email", "http", "in_app_feed", "push", "sms")
_STRATEGY: Mapping[str, Shape] = {"__strategy__": one_of(_STRATEGIES)}
CHANNEL_TYPES = Record({}, {**dict.fromkeys(_CHANNEL_TYPE_NAMES, _SWITCH), **_STRATEGY})


def _channels(value: Any, at: str, problems: list[FieldProblem]) -> None:
    plain = {key: inner for key, inner in value.items() if key != "__strategy__"} if is_object(value) else value
    map_of(_SWITCH)(plain, at, problems)


_SETTING = either(
    "true, false or an object",
    {
        bool: flag,
        dict: Record(
            {},
            {
                "channel_types": nullable(CHANNEL_TYPES),
                "channels": nullable(_channels),
                "conditions": nullable(list_of(CONDITION)),
                **_STRATEGY,
            },
        ),
    },
)
_SECTIONS: Mapping[str, Shape] = {
    "categories": nullable(map_of(_SETTING)),
    "channel_types": nullable(CHANNEL_TYPES),
    "channels": nullable(_channels),
    "commercial_subscribed": nullable(_SWITCH),
    "workflows": nullable(map_of(_SETTING)),
}
PREFERENCE_SET = Record({}, {**_SECTIONS, "__persistence_strategy__": one_of(_STRATEGIES)})

_IDENTITY: Mapping[str, Shape] = {
    "channel_data": nullable(map_of(map_of(anything))),
    "name": nullable(text),
    "preferences": nullable(map_of(PREFERENCE_SET)),
}
_USER_FIELDS: Mapping[str, Shape] = {
    **_IDENTITY,
    "avatar": nullable(text),
    "created_at": nullable(moment),
    "email": nullable(text),
    "locale": nullable(text),
    "phone_number": nullable(text),
    "timezone": nullable(text),
}
USER = Record({"id": user_id}, {**_USER_FIELDS, "$trigger_data": nullable(map_of(anything))})
OBJECT = Record(
    {"id": text, "collection": text},
    {**_IDENTITY, "created_at": nullable(moment), "$trigger_data": nullable(map_of(anything))},
)
_RECIPIENT = either("a user id or an object", {str: user_id, dict: _inline_recipient})
TENANT = Record(
    {"id": text},
    {
        **_IDENTITY,
        "settings": Record({}, {"branding": map_of(nullable(text)), "preference_set": nullable(PREFERENCE_SET)}),
    },
)
_MESSAGE_IDS = Record({"message_ids": list_of(text)})

BODIES: Mapping[str, Shape] = {
    "batchMarkMessagesAsArchived": _MESSAGE_IDS,
    "batchMarkMessagesAsInteracted": Record({"message_ids": list_of(text)}, {"metadata": nullable(_metadata)}),
    "batchMarkMessagesAsRead": _MESSAGE_IDS,
    "batchMarkMessagesAsSeen": _MESSAGE_IDS,
    "batchMarkMessagesAsUnarchived": _MESSAGE_IDS,
    "batchMarkMessagesAsUnread": _MESSAGE_IDS,
    "batchMarkMessagesAsUnseen": _MESSAGE_IDS,
    "bulkDeleteUsers": Record({"user_ids": list_of(text)}),
    "bulkIdentifyUsers": Record({"users": list_of(Record({"id": text}, _USER_FIELDS))}),
    "bulkSetUserPreferences": Record(
        {"preferences": Record({}, {**_SECTIONS, "id": text}), "user_ids": list_of(text)},
    ),
    "identifyUser": Record({}, _USER_FIELDS),
    "markMessageInteracted": Record({}, {"metadata": _metadata}),
    "mergeUser": Record({"from_user_id": text}),
    "triggerWorkflow": Record(
        {"recipients": list_of(_RECIPIENT)},
        {
            "actor": nullable(_RECIPIENT),
            "cancellation_key": nullable(text),
            "data": nullable(map_of(anything)),
            "settings": nullable(Record({}, {"sandbox_mode": nullable(flag), "skip_delay": nullable(flag)})),
            "tenant": nullable(either("a tenant id or an object", {str: text, dict: TENANT})),
        },
    ),
    "updateUserPreferenceSet": PREFERENCE_SET,
}
"""Operations that are not listed take no body, or none that is checked."""
