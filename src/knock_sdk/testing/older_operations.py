"""Operations of the contract that no method of the client calls: deprecated ones, and older spellings of others."""

from __future__ import annotations

from .._core.operation import Operation

_USER_SET = "/v1/users/{user_id}/preferences/{id}"
_OBJECT_SET = "/v1/objects/{collection}/{object_id}/preferences/{id}"

OLDER = (
    Operation("unarchiveMessageAlias", "DELETE", "/v1/messages/{message_id}/unarchived", 2, "idempotent"),
    Operation("markMessageUnreadAlias", "DELETE", "/v1/messages/{message_id}/unread", 2, "idempotent"),
    Operation("markMessageUnseenAlias", "DELETE", "/v1/messages/{message_id}/unseen", 2, "idempotent"),
    Operation("notify", "POST", "/v1/notify", 3, "never"),
    Operation("cancelNotify", "POST", "/v1/notify/cancel", 3, "never"),
    Operation("updateObjectPreferenceCategories", "PUT", f"{_OBJECT_SET}/categories", 3, "idempotent"),
    Operation("updateObjectPreferenceCategory", "PUT", f"{_OBJECT_SET}/categories/{{key}}", 3, "idempotent"),
    Operation("updateObjectPreferenceChannelTypes", "PUT", f"{_OBJECT_SET}/channel_types", 3, "idempotent"),
    Operation("updateObjectPreferenceChannelType", "PUT", f"{_OBJECT_SET}/channel_types/{{type}}", 3, "idempotent"),
    Operation("updateObjectPreferenceWorkflows", "PUT", f"{_OBJECT_SET}/workflows", 3, "idempotent"),
    Operation("updateObjectPreferenceWorkflow", "PUT", f"{_OBJECT_SET}/workflows/{{key}}", 3, "idempotent"),
    Operation("updateUserPreferenceCategories", "PUT", f"{_USER_SET}/categories", 3, "idempotent"),
    Operation("updateUserPreferenceCategory", "PUT", f"{_USER_SET}/categories/{{key}}", 3, "idempotent"),
    Operation("updateUserPreferenceChannelTypes", "PUT", f"{_USER_SET}/channel_types", 3, "idempotent"),
    Operation("updateUserPreferenceChannelType", "PUT", f"{_USER_SET}/channel_types/{{type}}", 3, "idempotent"),
    Operation("updateUserPreferenceWorkflows", "PUT", f"{_USER_SET}/workflows", 3, "idempotent"),
    Operation("updateUserPreferenceWorkflow", "PUT", f"{_USER_SET}/workflows/{{key}}", 3, "idempotent"),
)
