# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Operations of the contract that no method of the client calls: deprecated ones, and older spellings of others."""

from __future__ import annotations

from ..._core.requests.operation import Operation

OLDER = (
    Operation("unarchiveMessageAlias", "DELETE", "/v1/messages/{message_id}/unarchived", 2, "idempotent"),
    Operation("markMessageUnreadAlias", "DELETE", "/v1/messages/{message_id}/unread", 2, "idempotent"),
    Operation("markMessageUnseenAlias", "DELETE", "/v1/messages/{message_id}/unseen", 2, "idempotent"),
    Operation("notify", "POST", "/v1/notify", 3, "never", items={"recipients": None}),
    Operation("cancelNotify", "POST", "/v1/notify/cancel", 3, "never", items={"recipients": None}),
    Operation(
        "updateObjectPreferenceCategories",
        "PUT",
        "/v1/objects/{collection}/{object_id}/preferences/{id}/categories",
        3,
        "idempotent",
    ),
    Operation(
        "updateObjectPreferenceCategory",
        "PUT",
        "/v1/objects/{collection}/{object_id}/preferences/{id}/categories/{key}",
        3,
        "idempotent",
    ),
    Operation(
        "updateObjectPreferenceChannelTypes",
        "PUT",
        "/v1/objects/{collection}/{object_id}/preferences/{id}/channel_types",
        3,
        "idempotent",
    ),
    Operation(
        "updateObjectPreferenceChannelType",
        "PUT",
        "/v1/objects/{collection}/{object_id}/preferences/{id}/channel_types/{type}",
        3,
        "idempotent",
    ),
    Operation(
        "updateObjectPreferenceWorkflows",
        "PUT",
        "/v1/objects/{collection}/{object_id}/preferences/{id}/workflows",
        3,
        "idempotent",
    ),
    Operation(
        "updateObjectPreferenceWorkflow",
        "PUT",
        "/v1/objects/{collection}/{object_id}/preferences/{id}/workflows/{key}",
        3,
        "idempotent",
    ),
    Operation(
        "updateUserPreferenceCategories",
        "PUT",
        "/v1/users/{user_id}/preferences/{id}/categories",
        3,
        "idempotent",
        length={"user_id": 256},
    ),
    Operation(
        "updateUserPreferenceCategory",
        "PUT",
        "/v1/users/{user_id}/preferences/{id}/categories/{key}",
        3,
        "idempotent",
        length={"user_id": 256},
    ),
    Operation(
        "updateUserPreferenceChannelTypes",
        "PUT",
        "/v1/users/{user_id}/preferences/{id}/channel_types",
        3,
        "idempotent",
        length={"user_id": 256},
    ),
    Operation(
        "updateUserPreferenceChannelType",
        "PUT",
        "/v1/users/{user_id}/preferences/{id}/channel_types/{type}",
        3,
        "idempotent",
        length={"user_id": 256},
    ),
    Operation(
        "updateUserPreferenceWorkflows",
        "PUT",
        "/v1/users/{user_id}/preferences/{id}/workflows",
        3,
        "idempotent",
        length={"user_id": 256},
    ),
    Operation(
        "updateUserPreferenceWorkflow",
        "PUT",
        "/v1/users/{user_id}/preferences/{id}/workflows/{key}",
        3,
        "idempotent",
        length={"user_id": 256},
    ),
)
