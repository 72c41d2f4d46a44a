# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Every operation that a method of the client calls, in the order of the contract."""

from __future__ import annotations

from .operation import Operation

REMOVE_AUDIENCE_MEMBERS = Operation(
    "removeAudienceMembers", "DELETE", "/v1/audiences/{key}/members", 3, "idempotent", items={"members": 1000}
)
LIST_AUDIENCE_MEMBERS = Operation("listAudienceMembers", "GET", "/v1/audiences/{key}/members", 4, "safe")
ADD_AUDIENCE_MEMBERS = Operation(
    "addAudienceMembers", "POST", "/v1/audiences/{key}/members", 3, "upsert", items={"members": 1000}
)
GET_BULK_OPERATION = Operation("getBulkOperation", "GET", "/v1/bulk_operations/{id}", 4, "safe")
BULK_UPDATE_MESSAGES_FOR_CHANNEL = Operation(
    "bulkUpdateMessagesForChannel",
    "POST",
    "/v1/channels/{channel_id}/messages/bulk/{action}",
    2,
    "upsert",
    items={"recipient_ids": None, "tenants": None, "workflows": None},
)
PROCESS_CENSUS_RPC_REQUEST = Operation(
    "processCensusRpcRequest", "POST", "/v1/integrations/census/custom-destination", 3, "never"
)
PROCESS_HIGHTOUCH_RPC_REQUEST = Operation(
    "processHightouchRpcRequest", "POST", "/v1/integrations/hightouch/embedded-destination", 3, "never"
)
LIST_MESSAGES = Operation(
    "listMessages",
    "GET",
    "/v1/messages",
    4,
    "safe",
    items={"status": None, "engagement_status": None, "message_ids": 50, "workflow_categories": None},
    range={"page_size": (1, 50)},
    page=("items", "page_info.after", "after"),
)
BATCH_MARK_MESSAGES_AS_ARCHIVED = Operation(
    "batchMarkMessagesAsArchived", "POST", "/v1/messages/batch/archived", 3, "upsert", items={"message_ids": 50}
)
BATCH_GET_MESSAGE_CONTENTS = Operation(
    "batchGetMessageContents", "GET", "/v1/messages/batch/content", 4, "safe", items={"message_ids": 25}
)
BATCH_MARK_MESSAGES_AS_INTERACTED = Operation(
    "batchMarkMessagesAsInteracted",
    "POST",
    "/v1/messages/batch/interacted",
    3,
    "upsert",
    items={"message_ids": 50},
    pairs={"metadata": 5},
)
BATCH_MARK_MESSAGES_AS_READ = Operation(
    "batchMarkMessagesAsRead", "POST", "/v1/messages/batch/read", 3, "upsert", items={"message_ids": 50}
)
BATCH_MARK_MESSAGES_AS_SEEN = Operation(
    "batchMarkMessagesAsSeen", "POST", "/v1/messages/batch/seen", 3, "upsert", items={"message_ids": 50}
)
BATCH_MARK_MESSAGES_AS_UNARCHIVED = Operation(
    "batchMarkMessagesAsUnarchived", "POST", "/v1/messages/batch/unarchived", 3, "upsert", items={"message_ids": 50}
)
BATCH_MARK_MESSAGES_AS_UNREAD = Operation(
    "batchMarkMessagesAsUnread", "POST", "/v1/messages/batch/unread", 3, "upsert", items={"message_ids": 50}
)
BATCH_MARK_MESSAGES_AS_UNSEEN = Operation(
    "batchMarkMessagesAsUnseen", "POST", "/v1/messages/batch/unseen", 3, "upsert", items={"message_ids": 50}
)
GET_MESSAGE = Operation("getMessage", "GET", "/v1/messages/{message_id}", 4, "safe")
LIST_MESSAGE_ACTIVITIES = Operation(
    "listMessageActivities",
    "GET",
    "/v1/messages/{message_id}/activities",
    4,
    "safe",
    range={"page_size": (1, 50)},
    page=("items", "page_info.after", "after"),
)
UNARCHIVE_MESSAGE = Operation("unarchiveMessage", "DELETE", "/v1/messages/{message_id}/archived", 2, "idempotent")
ARCHIVE_MESSAGE = Operation("archiveMessage", "PUT", "/v1/messages/{message_id}/archived", 2, "idempotent")
GET_MESSAGE_CONTENTS = Operation("getMessageContents", "GET", "/v1/messages/{message_id}/content", 4, "safe")
LIST_MESSAGE_DELIVERY_LOGS = Operation(
    "listMessageDeliveryLogs",
    "GET",
    "/v1/messages/{message_id}/delivery_logs",
    3,
    "safe",
    range={"page_size": (1, 50)},
    page=("items", "page_info.after", "after"),
)
LIST_MESSAGE_EVENTS = Operation(
    "listMessageEvents",
    "GET",
    "/v1/messages/{message_id}/events",
    3,
    "safe",
    range={"page_size": (1, 50)},
    page=("items", "page_info.after", "after"),
)
MARK_MESSAGE_INTERACTED = Operation(
    "markMessageInteracted", "PUT", "/v1/messages/{message_id}/interacted", 2, "idempotent", pairs={"metadata": 5}
)
MARK_MESSAGE_UNREAD = Operation("markMessageUnread", "DELETE", "/v1/messages/{message_id}/read", 2, "idempotent")
MARK_MESSAGE_READ = Operation("markMessageRead", "PUT", "/v1/messages/{message_id}/read", 2, "idempotent")
MARK_MESSAGE_UNSEEN = Operation("markMessageUnseen", "DELETE", "/v1/messages/{message_id}/seen", 2, "idempotent")
MARK_MESSAGE_SEEN = Operation("markMessageSeen", "PUT", "/v1/messages/{message_id}/seen", 2, "idempotent")
LIST_OBJECTS = Operation(
    "listObjects",
    "GET",
    "/v1/objects/{collection}",
    4,
    "safe",
    items={"include": None},
    range={"page_size": (1, 50)},
    page=("entries", "page_info.after", "after"),
)
BULK_DELETE_OBJECTS = Operation(
    "bulkDeleteObjects", "POST", "/v1/objects/{collection}/bulk/delete", 1, "upsert", items={"object_ids": 1000}
)
BULK_SET_OBJECTS = Operation(
    "bulkSetObjects", "POST", "/v1/objects/{collection}/bulk/set", 1, "upsert", items={"objects": 1000}
)
BULK_ADD_SUBSCRIPTIONS = Operation(
    "bulkAddSubscriptions",
    "POST",
    "/v1/objects/{collection}/bulk/subscriptions/add",
    1,
    "upsert",
    items={"subscriptions": None, "subscriptions.recipients": 100},
)
BULK_DELETE_SUBSCRIPTIONS = Operation(
    "bulkDeleteSubscriptions",
    "POST",
    "/v1/objects/{collection}/bulk/subscriptions/delete",
    1,
    "upsert",
    items={"subscriptions": None, "subscriptions.recipients": 100},
)
DELETE_OBJECT = Operation("deleteObject", "DELETE", "/v1/objects/{collection}/{id}", 3, "idempotent")
GET_OBJECT = Operation("getObject", "GET", "/v1/objects/{collection}/{id}", 4, "safe")
SET_OBJECT = Operation("setObject", "PUT", "/v1/objects/{collection}/{id}", 3, "idempotent")
LIST_MESSAGES_FOR_OBJECT = Operation(
    "listMessagesForObject",
    "GET",
    "/v1/objects/{collection}/{id}/messages",
    4,
    "safe",
    items={"status": None, "engagement_status": None, "message_ids": 50, "workflow_categories": None},
    range={"page_size": (1, 50)},
    page=("items", "page_info.after", "after"),
)
LIST_OBJECT_SCHEDULES = Operation(
    "listObjectSchedules",
    "GET",
    "/v1/objects/{collection}/{id}/schedules",
    4,
    "safe",
    range={"page_size": (1, 50)},
    page=("entries", "page_info.after", "after"),
)
UNSET_OBJECT_CHANNEL_DATA = Operation(
    "unsetObjectChannelData",
    "DELETE",
    "/v1/objects/{collection}/{object_id}/channel_data/{channel_id}",
    3,
    "idempotent",
)
GET_OBJECT_CHANNEL_DATA = Operation(
    "getObjectChannelData", "GET", "/v1/objects/{collection}/{object_id}/channel_data/{channel_id}", 4, "safe"
)
SET_OBJECT_CHANNEL_DATA = Operation(
    "setObjectChannelData", "PUT", "/v1/objects/{collection}/{object_id}/channel_data/{channel_id}", 3, "idempotent"
)
LIST_OBJECT_PREFERENCE_SETS = Operation(
    "listObjectPreferenceSets", "GET", "/v1/objects/{collection}/{object_id}/preferences", 4, "safe"
)
DELETE_OBJECT_PREFERENCE_SET = Operation(
    "deleteObjectPreferenceSet", "DELETE", "/v1/objects/{collection}/{object_id}/preferences/{id}", 3, "idempotent"
)
GET_OBJECT_PREFERENCE_SET = Operation(
    "getObjectPreferenceSet", "GET", "/v1/objects/{collection}/{object_id}/preferences/{id}", 4, "safe"
)
UPDATE_OBJECT_PREFERENCE_SET = Operation(
    "updateObjectPreferenceSet", "PUT", "/v1/objects/{collection}/{object_id}/preferences/{id}", 3, "idempotent"
)
DELETE_SUBSCRIPTIONS_FOR_OBJECT = Operation(
    "deleteSubscriptionsForObject",
    "DELETE",
    "/v1/objects/{collection}/{object_id}/subscriptions",
    3,
    "idempotent",
    items={"recipients": 100},
)
LIST_SUBSCRIPTIONS_FOR_OBJECT = Operation(
    "listSubscriptionsForObject",
    "GET",
    "/v1/objects/{collection}/{object_id}/subscriptions",
    4,
    "safe",
    items={"include": None, "recipients": None, "objects": None},
    range={"page_size": (1, 50)},
    page=("entries", "page_info.after", "after"),
)
ADD_SUBSCRIPTIONS_FOR_OBJECT = Operation(
    "addSubscriptionsForObject",
    "POST",
    "/v1/objects/{collection}/{object_id}/subscriptions",
    3,
    "upsert",
    items={"recipients": 100},
)
MS_TEAMS_PROVIDER_AUTH_CHECK = Operation(
    "msTeamsProviderAuthCheck", "GET", "/v1/providers/ms-teams/{channel_id}/auth_check", 2, "safe"
)
LIST_CHANNELS_FOR_MS_TEAMS_PROVIDER = Operation(
    "listChannelsForMsTeamsProvider", "GET", "/v1/providers/ms-teams/{channel_id}/channels", 2, "safe"
)
MS_TEAMS_PROVIDER_REVOKE_ACCESS = Operation(
    "msTeamsProviderRevokeAccess", "PUT", "/v1/providers/ms-teams/{channel_id}/revoke_access", 2, "idempotent"
)
LIST_TEAMS_FOR_MS_TEAMS_PROVIDER = Operation(
    "listTeamsForMsTeamsProvider",
    "GET",
    "/v1/providers/ms-teams/{channel_id}/teams",
    2,
    "safe",
    page=("ms_teams_teams", "skip_token", "query_options.$skiptoken"),
)
SLACK_PROVIDER_AUTH_CHECK = Operation(
    "slackProviderAuthCheck", "GET", "/v1/providers/slack/{channel_id}/auth_check", 2, "safe"
)
LIST_CHANNELS_FOR_SLACK_PROVIDER = Operation(
    "listChannelsForSlackProvider",
    "GET",
    "/v1/providers/slack/{channel_id}/channels",
    2,
    "safe",
    page=("slack_channels", "next_cursor", "query_options.cursor"),
)
SLACK_PROVIDER_REVOKE_ACCESS = Operation(
    "slackProviderRevokeAccess", "PUT", "/v1/providers/slack/{channel_id}/revoke_access", 2, "idempotent"
)
DELETE_SCHEDULES = Operation("deleteSchedules", "DELETE", "/v1/schedules", 3, "idempotent", items={"schedule_ids": 100})
LIST_SCHEDULES = Operation(
    "listSchedules",
    "GET",
    "/v1/schedules",
    4,
    "safe",
    items={"recipients": None},
    range={"page_size": (1, 50)},
    page=("entries", "page_info.after", "after"),
)
CREATE_SCHEDULES = Operation(
    "createSchedules",
    "POST",
    "/v1/schedules",
    3,
    "never",
    items={"recipients": 100, "repeats": None, "repeats.days": ("weekdays", "weekends")},
    range={"repeats.day_of_month": (1, 31), "repeats.hours": (0, 23), "repeats.minutes": (0, 59)},
    size={"data": 10000000},
)
UPDATE_SCHEDULES = Operation(
    "updateSchedules",
    "PUT",
    "/v1/schedules",
    3,
    "idempotent",
    items={"repeats": None, "repeats.days": ("weekdays", "weekends"), "schedule_ids": 100},
    range={"repeats.day_of_month": (1, 31), "repeats.hours": (0, 23), "repeats.minutes": (0, 59)},
    size={"data": 10000000},
)
BULK_CREATE_SCHEDULES = Operation(
    "bulkCreateSchedules",
    "POST",
    "/v1/schedules/bulk/create",
    1,
    "never",
    items={"schedules": 1000, "schedules.repeats": None},
    size={"schedules.data": 10000000},
)
LIST_TENANTS = Operation(
    "listTenants",
    "GET",
    "/v1/tenants",
    4,
    "safe",
    range={"page_size": (1, 50)},
    page=("entries", "page_info.after", "after"),
)
BULK_DELETE_TENANTS = Operation(
    "bulkDeleteTenants", "POST", "/v1/tenants/bulk/delete", 1, "upsert", items={"tenant_ids": 1000}
)
BULK_SET_TENANTS = Operation("bulkSetTenants", "POST", "/v1/tenants/bulk/set", 1, "upsert", items={"tenants": 1000})
DELETE_TENANT = Operation("deleteTenant", "DELETE", "/v1/tenants/{id}", 2, "idempotent")
GET_TENANT = Operation("getTenant", "GET", "/v1/tenants/{id}", 4, "safe")
SET_TENANT = Operation("setTenant", "PUT", "/v1/tenants/{id}", 3, "idempotent")
LIST_USERS = Operation(
    "listUsers",
    "GET",
    "/v1/users",
    4,
    "safe",
    items={"include": None},
    range={"page_size": (1, 50)},
    page=("entries", "page_info.after", "after"),
)
BULK_DELETE_USERS = Operation("bulkDeleteUsers", "POST", "/v1/users/bulk/delete", 1, "upsert", items={"user_ids": 1000})
BULK_IDENTIFY_USERS = Operation(
    "bulkIdentifyUsers", "POST", "/v1/users/bulk/identify", 1, "upsert", items={"users": 1000}
)
BULK_SET_USER_PREFERENCES = Operation(
    "bulkSetUserPreferences", "POST", "/v1/users/bulk/preferences", 1, "upsert", items={"user_ids": 1000}
)
DELETE_USER = Operation("deleteUser", "DELETE", "/v1/users/{user_id}", 2, "idempotent", length={"user_id": 256})
GET_USER = Operation("getUser", "GET", "/v1/users/{user_id}", 4, "safe", length={"user_id": 256})
IDENTIFY_USER = Operation("identifyUser", "PUT", "/v1/users/{user_id}", 3, "idempotent", length={"user_id": 256})
UNSET_USER_CHANNEL_DATA = Operation(
    "unsetUserChannelData",
    "DELETE",
    "/v1/users/{user_id}/channel_data/{channel_id}",
    3,
    "idempotent",
    length={"user_id": 256},
)
GET_USER_CHANNEL_DATA = Operation(
    "getUserChannelData", "GET", "/v1/users/{user_id}/channel_data/{channel_id}", 4, "safe", length={"user_id": 256}
)
SET_USER_CHANNEL_DATA = Operation(
    "setUserChannelData",
    "PUT",
    "/v1/users/{user_id}/channel_data/{channel_id}",
    3,
    "idempotent",
    length={"user_id": 256},
)
LIST_USER_IN_APP_FEED_ITEMS = Operation(
    "listUserInAppFeedItems",
    "GET",
    "/v1/users/{user_id}/feeds/{id}",
    2,
    "safe",
    items={"workflow_categories": None},
    length={"user_id": 256},
    range={"page_size": (1, 200)},
    page=("entries", "page_info.after", "after"),
)
GET_USER_IN_APP_FEED_SETTINGS = Operation(
    "getUserInAppFeedSettings", "GET", "/v1/users/{user_id}/feeds/{id}/settings", 4, "safe", length={"user_id": 256}
)
RESET_USER_GUIDE_ENGAGEMENT = Operation(
    "resetUserGuideEngagement",
    "PUT",
    "/v1/users/{user_id}/guides/engagements/reset",
    2,
    "idempotent",
    length={"user_id": 256},
)
MARK_USER_GUIDE_AS_UNARCHIVED = Operation(
    "markUserGuideAsUnarchived",
    "DELETE",
    "/v1/users/{user_id}/guides/messages/archived",
    2,
    "idempotent",
    length={"user_id": 256},
)
MARK_USER_GUIDE_AS_ARCHIVED = Operation(
    "markUserGuideAsArchived",
    "PUT",
    "/v1/users/{user_id}/guides/messages/archived",
    2,
    "idempotent",
    length={"user_id": 256},
)
MARK_USER_GUIDE_AS_INTERACTED = Operation(
    "markUserGuideAsInteracted",
    "PUT",
    "/v1/users/{user_id}/guides/messages/interacted",
    2,
    "idempotent",
    length={"user_id": 256},
)
MARK_USER_GUIDE_AS_SEEN = Operation(
    "markUserGuideAsSeen", "PUT", "/v1/users/{user_id}/guides/messages/seen", 2, "idempotent", length={"user_id": 256}
)
MARK_USER_GUIDE_MESSAGE_AS_ARCHIVED = Operation(
    "markUserGuideMessageAsArchived",
    "PUT",
    "/v1/users/{user_id}/guides/messages/{message_id}/archived",
    2,
    "idempotent",
    length={"user_id": 256},
)
MARK_USER_GUIDE_MESSAGE_AS_INTERACTED = Operation(
    "markUserGuideMessageAsInteracted",
    "PUT",
    "/v1/users/{user_id}/guides/messages/{message_id}/interacted",
    2,
    "idempotent",
    length={"user_id": 256},
)
MARK_USER_GUIDE_MESSAGE_AS_SEEN = Operation(
    "markUserGuideMessageAsSeen",
    "PUT",
    "/v1/users/{user_id}/guides/messages/{message_id}/seen",
    2,
    "idempotent",
    length={"user_id": 256},
)
LIST_USER_GUIDES = Operation(
    "listUserGuides", "GET", "/v1/users/{user_id}/guides/{channel_id}", 2, "safe", length={"user_id": 256}
)
MERGE_USER = Operation("mergeUser", "POST", "/v1/users/{user_id}/merge", 2, "never", length={"user_id": 256})
LIST_MESSAGES_FOR_USER = Operation(
    "listMessagesForUser",
    "GET",
    "/v1/users/{user_id}/messages",
    4,
    "safe",
    items={"status": None, "engagement_status": None, "message_ids": 50, "workflow_categories": None},
    length={"user_id": 256},
    range={"page_size": (1, 50)},
    page=("items", "page_info.after", "after"),
)
GET_PREFERENCE_CENTER_CONFIG = Operation(
    "getPreferenceCenterConfig",
    "GET",
    "/v1/users/{user_id}/preference_center/config",
    4,
    "safe",
    length={"user_id": 256},
)
GENERATE_PREFERENCE_CENTER_SIGNED_URL = Operation(
    "generatePreferenceCenterSignedUrl",
    "POST",
    "/v1/users/{user_id}/preference_center/signed_url",
    3,
    "upsert",
    length={"user_id": 256},
)
LIST_USER_PREFERENCE_SETS = Operation(
    "listUserPreferenceSets", "GET", "/v1/users/{user_id}/preferences", 4, "safe", length={"user_id": 256}
)
DELETE_USER_PREFERENCE_SET = Operation(
    "deleteUserPreferenceSet",
    "DELETE",
    "/v1/users/{user_id}/preferences/{id}",
    3,
    "idempotent",
    length={"user_id": 256},
)
GET_USER_PREFERENCE_SET = Operation(
    "getUserPreferenceSet", "GET", "/v1/users/{user_id}/preferences/{id}", 4, "safe", length={"user_id": 256}
)
UPDATE_USER_PREFERENCE_SET = Operation(
    "updateUserPreferenceSet", "PUT", "/v1/users/{user_id}/preferences/{id}", 3, "idempotent", length={"user_id": 256}
)
LIST_USER_SCHEDULES = Operation(
    "listUserSchedules",
    "GET",
    "/v1/users/{user_id}/schedules",
    4,
    "safe",
    length={"user_id": 256},
    range={"page_size": (1, 50)},
    page=("entries", "page_info.after", "after"),
)
LIST_SUBSCRIPTIONS_FOR_USER = Operation(
    "listSubscriptionsForUser",
    "GET",
    "/v1/users/{user_id}/subscriptions",
    4,
    "safe",
    items={"include": None, "objects": None},
    length={"user_id": 256},
    range={"page_size": (1, 50)},
    page=("entries", "page_info.after", "after"),
)
LIST_WORKFLOW_RECIPIENT_RUNS = Operation(
    "listWorkflowRecipientRuns",
    "GET",
    "/v1/workflow_recipient_runs",
    2,
    "safe",
    items={"status": None},
    range={"page_size": (1, 50)},
    page=("items", "page_info.after", "after"),
)
GET_WORKFLOW_RECIPIENT_RUN = Operation("getWorkflowRecipientRun", "GET", "/v1/workflow_recipient_runs/{id}", 2, "safe")
CANCEL_WORKFLOW = Operation(
    "cancelWorkflow", "POST", "/v1/workflows/{key}/cancel", 5, "upsert", items={"recipients": 1000}
)
TRIGGER_WORKFLOW = Operation(
    "triggerWorkflow",
    "POST",
    "/v1/workflows/{key}/trigger",
    5,
    "keyed",
    items={"recipients": 1000},
    size={"data": 10000000},
)
