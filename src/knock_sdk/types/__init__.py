# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""The models of the API's responses, a module per domain, each loaded on first use.

Ids are strings and times are aware datetimes. An optional field that a response leaves out reads as None and is not in
`model_fields_set`. Unknown fields are preserved, and unknown values of an enum are plain strings. `dict[str, Any]` is
your own JSON: data, metadata, custom properties.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .activities import Activity as Activity
    from .activities import ListActivitiesResponse as ListActivitiesResponse
    from .audiences import AudienceMember as AudienceMember
    from .audiences import ListAudienceMembersResponse as ListAudienceMembersResponse
    from .bulk_operations import BulkOperation as BulkOperation
    from .bulk_operations import BulkOperationErrorItem as BulkOperationErrorItem
    from .bulk_operations import BulkOperationStatus as BulkOperationStatus
    from .channel_data import AWSSNSPushChannelDataFull as AWSSNSPushChannelDataFull
    from .channel_data import AWSSNSPushDevice as AWSSNSPushDevice
    from .channel_data import ChannelData as ChannelData
    from .channel_data import ChannelDataProvider as ChannelDataProvider
    from .channel_data import DiscordChannelConnection as DiscordChannelConnection
    from .channel_data import DiscordChannelData as DiscordChannelData
    from .channel_data import DiscordIncomingWebhookConnection as DiscordIncomingWebhookConnection
    from .channel_data import IncomingWebhook as IncomingWebhook
    from .channel_data import MsTeamsChannelData as MsTeamsChannelData
    from .channel_data import MsTeamsIncomingWebhookConnection as MsTeamsIncomingWebhookConnection
    from .channel_data import MsTeamsTokenConnection as MsTeamsTokenConnection
    from .channel_data import OneSignalChannelDataPlayerIdsOnly as OneSignalChannelDataPlayerIdsOnly
    from .channel_data import ProviderChannelData as ProviderChannelData
    from .channel_data import PushChannelDataFull as PushChannelDataFull
    from .channel_data import PushDevice as PushDevice
    from .channel_data import SlackChannelData as SlackChannelData
    from .channel_data import SlackChannelDataTokenObject as SlackChannelDataTokenObject
    from .channel_data import SlackIncomingWebhookConnection as SlackIncomingWebhookConnection
    from .channel_data import SlackTokenConnection as SlackTokenConnection
    from .events import Event as Event
    from .events import UnknownEvent as UnknownEvent
    from .feeds import InAppFeedFeatures as InAppFeedFeatures
    from .feeds import InAppFeedItem as InAppFeedItem
    from .feeds import InAppFeedItemSource as InAppFeedItemSource
    from .feeds import InAppFeedMeta as InAppFeedMeta
    from .feeds import UserInAppFeedResponse as UserInAppFeedResponse
    from .feeds import UserInAppFeedSettingsResponse as UserInAppFeedSettingsResponse
    from .guides import Guide as Guide
    from .guides import GuideActionResponse as GuideActionResponse
    from .guides import GuideActivationUrlPattern as GuideActivationUrlPattern
    from .guides import GuideActivationUrlRule as GuideActivationUrlRule
    from .guides import GuideGroup as GuideGroup
    from .guides import GuidesResponse as GuidesResponse
    from .guides import GuideStep as GuideStep
    from .guides import GuideStepMessage as GuideStepMessage
    from .guides import IneligibleGuide as IneligibleGuide
    from .integrations import RpcResponse as RpcResponse
    from .message_contents import BatchGetMessageContentsResponse as BatchGetMessageContentsResponse
    from .message_contents import Block as Block
    from .message_contents import MessageChatContent as MessageChatContent
    from .message_contents import MessageChatTemplate as MessageChatTemplate
    from .message_contents import MessageContent as MessageContent
    from .message_contents import MessageContents as MessageContents
    from .message_contents import MessageEmailContent as MessageEmailContent
    from .message_contents import MessageInAppFeedButton as MessageInAppFeedButton
    from .message_contents import MessageInAppFeedButtonSetBlock as MessageInAppFeedButtonSetBlock
    from .message_contents import MessageInAppFeedContent as MessageInAppFeedContent
    from .message_contents import MessageInAppFeedContentBlock as MessageInAppFeedContentBlock
    from .message_contents import MessagePushContent as MessagePushContent
    from .message_contents import MessageSmsContent as MessageSmsContent
    from .message_events import BounceEventData as BounceEventData
    from .message_events import DeliveryAttemptEventData as DeliveryAttemptEventData
    from .message_events import LinkClickEventData as LinkClickEventData
    from .message_events import MessageArchived as MessageArchived
    from .message_events import MessageBounced as MessageBounced
    from .message_events import MessageComplaint as MessageComplaint
    from .message_events import MessageDelivered as MessageDelivered
    from .message_events import MessageDeliveryAttempted as MessageDeliveryAttempted
    from .message_events import MessageInteracted as MessageInteracted
    from .message_events import MessageLinkClicked as MessageLinkClicked
    from .message_events import MessageRead as MessageRead
    from .message_events import MessageSeen as MessageSeen
    from .message_events import MessageSent as MessageSent
    from .message_events import MessageUnarchived as MessageUnarchived
    from .message_events import MessageUndelivered as MessageUndelivered
    from .message_events import MessageUnread as MessageUnread
    from .message_events import MessageUnseen as MessageUnseen
    from .message_events import UndeliveredEventData as UndeliveredEventData
    from .messages import BatchListMessagesResponse as BatchListMessagesResponse
    from .messages import ChannelType as ChannelType
    from .messages import EngagementStatus as EngagementStatus
    from .messages import ListMessageDeliveryLogsResponse as ListMessageDeliveryLogsResponse
    from .messages import ListMessageEventsResponse as ListMessageEventsResponse
    from .messages import ListMessagesResponse as ListMessagesResponse
    from .messages import Message as Message
    from .messages import MessageChannel as MessageChannel
    from .messages import MessageDeliveryLog as MessageDeliveryLog
    from .messages import MessageDeliveryLogRequest as MessageDeliveryLogRequest
    from .messages import MessageDeliveryLogResponse as MessageDeliveryLogResponse
    from .messages import MessageEvent as MessageEvent
    from .messages import MessageEventType as MessageEventType
    from .messages import MessageRecipientSnapshot as MessageRecipientSnapshot
    from .messages import MessageSource as MessageSource
    from .messages import MessageSourceBranch as MessageSourceBranch
    from .messages import MessageStatus as MessageStatus
    from .objects import ListObjectsResponse as ListObjectsResponse
    from .objects import Object as Object
    from .preference_center import PreferenceCenterBranding as PreferenceCenterBranding
    from .preference_center import PreferenceCenterBrandingConfig as PreferenceCenterBrandingConfig
    from .preference_center import PreferenceCenterConfigData as PreferenceCenterConfigData
    from .preference_center import PreferenceCenterConfigRow as PreferenceCenterConfigRow
    from .preference_center import PreferenceCenterConfigWithMetadata as PreferenceCenterConfigWithMetadata
    from .preference_center import PreferenceCenterSignedUrlResponse as PreferenceCenterSignedUrlResponse
    from .preferences import Condition as Condition
    from .preferences import ConditionOperator as ConditionOperator
    from .preferences import ListObjectPreferenceSetsResponse as ListObjectPreferenceSetsResponse
    from .preferences import ListUserPreferenceSetsResponse as ListUserPreferenceSetsResponse
    from .preferences import PreferenceSet as PreferenceSet
    from .preferences import PreferenceSetCategories as PreferenceSetCategories
    from .preferences import PreferenceSetChannels as PreferenceSetChannels
    from .preferences import PreferenceSetChannelSetting as PreferenceSetChannelSetting
    from .preferences import PreferenceSetChannelTypes as PreferenceSetChannelTypes
    from .preferences import PreferenceSetChannelTypeSetting as PreferenceSetChannelTypeSetting
    from .preferences import PreferenceSetCommercialSubscribedSetting as PreferenceSetCommercialSubscribedSetting
    from .preferences import PreferenceSetWorkflowCategorySetting as PreferenceSetWorkflowCategorySetting
    from .preferences import PreferenceSetWorkflowCategorySettingObject as PreferenceSetWorkflowCategorySettingObject
    from .preferences import PreferenceSetWorkflows as PreferenceSetWorkflows
    from .providers import ChannelsForMsTeamsProviderResponse as ChannelsForMsTeamsProviderResponse
    from .providers import ChannelsForSlackProviderResponse as ChannelsForSlackProviderResponse
    from .providers import MsTeamsAuthCheckConnection as MsTeamsAuthCheckConnection
    from .providers import MsTeamsAuthCheckResponse as MsTeamsAuthCheckResponse
    from .providers import MsTeamsChannel as MsTeamsChannel
    from .providers import MsTeamsTeam as MsTeamsTeam
    from .providers import SlackAuthCheckConnection as SlackAuthCheckConnection
    from .providers import SlackAuthCheckResponse as SlackAuthCheckResponse
    from .providers import SlackChannel as SlackChannel
    from .providers import TeamsForMsTeamsProviderResponse as TeamsForMsTeamsProviderResponse
    from .recipients import Recipient as Recipient
    from .resource_events import CommitEventData as CommitEventData
    from .resource_events import EmailLayout as EmailLayout
    from .resource_events import EmailLayoutCommitted as EmailLayoutCommitted
    from .resource_events import EmailLayoutFooterLink as EmailLayoutFooterLink
    from .resource_events import EmailLayoutUpdated as EmailLayoutUpdated
    from .resource_events import Partial as Partial
    from .resource_events import PartialCommitted as PartialCommitted
    from .resource_events import PartialUpdated as PartialUpdated
    from .resource_events import SourceEventActionCommitted as SourceEventActionCommitted
    from .resource_events import SourceEventActionUpdated as SourceEventActionUpdated
    from .resource_events import Translation as Translation
    from .resource_events import TranslationCommitted as TranslationCommitted
    from .resource_events import TranslationUpdated as TranslationUpdated
    from .resource_events import WorkflowCommitted as WorkflowCommitted
    from .resource_events import WorkflowDefinition as WorkflowDefinition
    from .resource_events import WorkflowRecipientRunCompleted as WorkflowRecipientRunCompleted
    from .resource_events import WorkflowRecipientRunError as WorkflowRecipientRunError
    from .resource_events import WorkflowRecipientRunStarted as WorkflowRecipientRunStarted
    from .resource_events import WorkflowUpdated as WorkflowUpdated
    from .schedules import ListSchedulesResponse as ListSchedulesResponse
    from .schedules import Schedule as Schedule
    from .schedules import ScheduleFrequency as ScheduleFrequency
    from .schedules import ScheduleRepeatRule as ScheduleRepeatRule
    from .schedules import SchedulesResponse as SchedulesResponse
    from .schedules import Weekday as Weekday
    from .schedules import WeekdayGroup as WeekdayGroup
    from .shared import AuthenticationError as AuthenticationError
    from .shared import Error as Error
    from .shared import FieldError as FieldError
    from .shared import ObjectReference as ObjectReference
    from .shared import PageInfo as PageInfo
    from .shared import RecipientReference as RecipientReference
    from .shared import SuccessResponse as SuccessResponse
    from .subscriptions import ListSubscriptionsResponse as ListSubscriptionsResponse
    from .subscriptions import Subscription as Subscription
    from .subscriptions import SubscriptionsResponse as SubscriptionsResponse
    from .tenants import ListTenantsResponse as ListTenantsResponse
    from .tenants import SetTenantResponse as SetTenantResponse
    from .tenants import Tenant as Tenant
    from .tenants import TenantBranding as TenantBranding
    from .tenants import TenantSettings as TenantSettings
    from .users import ListUsersResponse as ListUsersResponse
    from .users import User as User
    from .users import UserRecipient as UserRecipient
    from .users import UserReference as UserReference
    from .workflow_recipient_runs import ListWorkflowRecipientRunsResponse as ListWorkflowRecipientRunsResponse
    from .workflow_recipient_runs import WorkflowRecipientRun as WorkflowRecipientRun
    from .workflow_recipient_runs import WorkflowRecipientRunDetail as WorkflowRecipientRunDetail
    from .workflow_recipient_runs import WorkflowRecipientRunEvent as WorkflowRecipientRunEvent
    from .workflow_recipient_runs import WorkflowRecipientRunStatus as WorkflowRecipientRunStatus
    from .workflow_recipient_runs import WorkflowRecipientRunTriggerSource as WorkflowRecipientRunTriggerSource
    from .workflow_recipient_runs import WorkflowRecipientRunTriggerType as WorkflowRecipientRunTriggerType
    from .workflows import NotifyResponse as NotifyResponse
    from .workflows import TriggerWorkflowResponse as TriggerWorkflowResponse

__all__ = [
    "AWSSNSPushChannelDataFull",
    "AWSSNSPushDevice",
    "Activity",
    "AudienceMember",
    "AuthenticationError",
    "BatchGetMessageContentsResponse",
    "BatchListMessagesResponse",
    "Block",
    "BounceEventData",
    "BulkOperation",
    "BulkOperationErrorItem",
    "BulkOperationStatus",
    "ChannelData",
    "ChannelDataProvider",
    "ChannelType",
    "ChannelsForMsTeamsProviderResponse",
    "ChannelsForSlackProviderResponse",
    "CommitEventData",
    "Condition",
    "ConditionOperator",
    "DeliveryAttemptEventData",
    "DiscordChannelConnection",
    "DiscordChannelData",
    "DiscordIncomingWebhookConnection",
    "EmailLayout",
    "EmailLayoutCommitted",
    "EmailLayoutFooterLink",
    "EmailLayoutUpdated",
    "EngagementStatus",
    "Error",
    "Event",
    "FieldError",
    "Guide",
    "GuideActionResponse",
    "GuideActivationUrlPattern",
    "GuideActivationUrlRule",
    "GuideGroup",
    "GuideStep",
    "GuideStepMessage",
    "GuidesResponse",
    "InAppFeedFeatures",
    "InAppFeedItem",
    "InAppFeedItemSource",
    "InAppFeedMeta",
    "IncomingWebhook",
    "IneligibleGuide",
    "LinkClickEventData",
    "ListActivitiesResponse",
    "ListAudienceMembersResponse",
    "ListMessageDeliveryLogsResponse",
    "ListMessageEventsResponse",
    "ListMessagesResponse",
    "ListObjectPreferenceSetsResponse",
    "ListObjectsResponse",
    "ListSchedulesResponse",
    "ListSubscriptionsResponse",
    "ListTenantsResponse",
    "ListUserPreferenceSetsResponse",
    "ListUsersResponse",
    "ListWorkflowRecipientRunsResponse",
    "Message",
    "MessageArchived",
    "MessageBounced",
    "MessageChannel",
    "MessageChatContent",
    "MessageChatTemplate",
    "MessageComplaint",
    "MessageContent",
    "MessageContents",
    "MessageDelivered",
    "MessageDeliveryAttempted",
    "MessageDeliveryLog",
    "MessageDeliveryLogRequest",
    "MessageDeliveryLogResponse",
    "MessageEmailContent",
    "MessageEvent",
    "MessageEventType",
    "MessageInAppFeedButton",
    "MessageInAppFeedButtonSetBlock",
    "MessageInAppFeedContent",
    "MessageInAppFeedContentBlock",
    "MessageInteracted",
    "MessageLinkClicked",
    "MessagePushContent",
    "MessageRead",
    "MessageRecipientSnapshot",
    "MessageSeen",
    "MessageSent",
    "MessageSmsContent",
    "MessageSource",
    "MessageSourceBranch",
    "MessageStatus",
    "MessageUnarchived",
    "MessageUndelivered",
    "MessageUnread",
    "MessageUnseen",
    "MsTeamsAuthCheckConnection",
    "MsTeamsAuthCheckResponse",
    "MsTeamsChannel",
    "MsTeamsChannelData",
    "MsTeamsIncomingWebhookConnection",
    "MsTeamsTeam",
    "MsTeamsTokenConnection",
    "NotifyResponse",
    "Object",
    "ObjectReference",
    "OneSignalChannelDataPlayerIdsOnly",
    "PageInfo",
    "Partial",
    "PartialCommitted",
    "PartialUpdated",
    "PreferenceCenterBranding",
    "PreferenceCenterBrandingConfig",
    "PreferenceCenterConfigData",
    "PreferenceCenterConfigRow",
    "PreferenceCenterConfigWithMetadata",
    "PreferenceCenterSignedUrlResponse",
    "PreferenceSet",
    "PreferenceSetCategories",
    "PreferenceSetChannelSetting",
    "PreferenceSetChannelTypeSetting",
    "PreferenceSetChannelTypes",
    "PreferenceSetChannels",
    "PreferenceSetCommercialSubscribedSetting",
    "PreferenceSetWorkflowCategorySetting",
    "PreferenceSetWorkflowCategorySettingObject",
    "PreferenceSetWorkflows",
    "ProviderChannelData",
    "PushChannelDataFull",
    "PushDevice",
    "Recipient",
    "RecipientReference",
    "RpcResponse",
    "Schedule",
    "ScheduleFrequency",
    "ScheduleRepeatRule",
    "SchedulesResponse",
    "SetTenantResponse",
    "SlackAuthCheckConnection",
    "SlackAuthCheckResponse",
    "SlackChannel",
    "SlackChannelData",
    "SlackChannelDataTokenObject",
    "SlackIncomingWebhookConnection",
    "SlackTokenConnection",
    "SourceEventActionCommitted",
    "SourceEventActionUpdated",
    "Subscription",
    "SubscriptionsResponse",
    "SuccessResponse",
    "TeamsForMsTeamsProviderResponse",
    "Tenant",
    "TenantBranding",
    "TenantSettings",
    "Translation",
    "TranslationCommitted",
    "TranslationUpdated",
    "TriggerWorkflowResponse",
    "UndeliveredEventData",
    "UnknownEvent",
    "User",
    "UserInAppFeedResponse",
    "UserInAppFeedSettingsResponse",
    "UserRecipient",
    "UserReference",
    "Weekday",
    "WeekdayGroup",
    "WorkflowCommitted",
    "WorkflowDefinition",
    "WorkflowRecipientRun",
    "WorkflowRecipientRunCompleted",
    "WorkflowRecipientRunDetail",
    "WorkflowRecipientRunError",
    "WorkflowRecipientRunEvent",
    "WorkflowRecipientRunStarted",
    "WorkflowRecipientRunStatus",
    "WorkflowRecipientRunTriggerSource",
    "WorkflowRecipientRunTriggerType",
    "WorkflowUpdated",
]

_MODULES = {
    "AWSSNSPushChannelDataFull": "channel_data",
    "AWSSNSPushDevice": "channel_data",
    "Activity": "activities",
    "AudienceMember": "audiences",
    "AuthenticationError": "shared",
    "BatchGetMessageContentsResponse": "message_contents",
    "BatchListMessagesResponse": "messages",
    "Block": "message_contents",
    "BounceEventData": "message_events",
    "BulkOperation": "bulk_operations",
    "BulkOperationErrorItem": "bulk_operations",
    "BulkOperationStatus": "bulk_operations",
    "ChannelData": "channel_data",
    "ChannelDataProvider": "channel_data",
    "ChannelType": "messages",
    "ChannelsForMsTeamsProviderResponse": "providers",
    "ChannelsForSlackProviderResponse": "providers",
    "CommitEventData": "resource_events",
    "Condition": "preferences",
    "ConditionOperator": "preferences",
    "DeliveryAttemptEventData": "message_events",
    "DiscordChannelConnection": "channel_data",
    "DiscordChannelData": "channel_data",
    "DiscordIncomingWebhookConnection": "channel_data",
    "EmailLayout": "resource_events",
    "EmailLayoutCommitted": "resource_events",
    "EmailLayoutFooterLink": "resource_events",
    "EmailLayoutUpdated": "resource_events",
    "EngagementStatus": "messages",
    "Error": "shared",
    "Event": "events",
    "FieldError": "shared",
    "Guide": "guides",
    "GuideActionResponse": "guides",
    "GuideActivationUrlPattern": "guides",
    "GuideActivationUrlRule": "guides",
    "GuideGroup": "guides",
    "GuideStep": "guides",
    "GuideStepMessage": "guides",
    "GuidesResponse": "guides",
    "InAppFeedFeatures": "feeds",
    "InAppFeedItem": "feeds",
    "InAppFeedItemSource": "feeds",
    "InAppFeedMeta": "feeds",
    "IncomingWebhook": "channel_data",
    "IneligibleGuide": "guides",
    "LinkClickEventData": "message_events",
    "ListActivitiesResponse": "activities",
    "ListAudienceMembersResponse": "audiences",
    "ListMessageDeliveryLogsResponse": "messages",
    "ListMessageEventsResponse": "messages",
    "ListMessagesResponse": "messages",
    "ListObjectPreferenceSetsResponse": "preferences",
    "ListObjectsResponse": "objects",
    "ListSchedulesResponse": "schedules",
    "ListSubscriptionsResponse": "subscriptions",
    "ListTenantsResponse": "tenants",
    "ListUserPreferenceSetsResponse": "preferences",
    "ListUsersResponse": "users",
    "ListWorkflowRecipientRunsResponse": "workflow_recipient_runs",
    "Message": "messages",
    "MessageArchived": "message_events",
    "MessageBounced": "message_events",
    "MessageChannel": "messages",
    "MessageChatContent": "message_contents",
    "MessageChatTemplate": "message_contents",
    "MessageComplaint": "message_events",
    "MessageContent": "message_contents",
    "MessageContents": "message_contents",
    "MessageDelivered": "message_events",
    "MessageDeliveryAttempted": "message_events",
    "MessageDeliveryLog": "messages",
    "MessageDeliveryLogRequest": "messages",
    "MessageDeliveryLogResponse": "messages",
    "MessageEmailContent": "message_contents",
    "MessageEvent": "messages",
    "MessageEventType": "messages",
    "MessageInAppFeedButton": "message_contents",
    "MessageInAppFeedButtonSetBlock": "message_contents",
    "MessageInAppFeedContent": "message_contents",
    "MessageInAppFeedContentBlock": "message_contents",
    "MessageInteracted": "message_events",
    "MessageLinkClicked": "message_events",
    "MessagePushContent": "message_contents",
    "MessageRead": "message_events",
    "MessageRecipientSnapshot": "messages",
    "MessageSeen": "message_events",
    "MessageSent": "message_events",
    "MessageSmsContent": "message_contents",
    "MessageSource": "messages",
    "MessageSourceBranch": "messages",
    "MessageStatus": "messages",
    "MessageUnarchived": "message_events",
    "MessageUndelivered": "message_events",
    "MessageUnread": "message_events",
    "MessageUnseen": "message_events",
    "MsTeamsAuthCheckConnection": "providers",
    "MsTeamsAuthCheckResponse": "providers",
    "MsTeamsChannel": "providers",
    "MsTeamsChannelData": "channel_data",
    "MsTeamsIncomingWebhookConnection": "channel_data",
    "MsTeamsTeam": "providers",
    "MsTeamsTokenConnection": "channel_data",
    "NotifyResponse": "workflows",
    "Object": "objects",
    "ObjectReference": "shared",
    "OneSignalChannelDataPlayerIdsOnly": "channel_data",
    "PageInfo": "shared",
    "Partial": "resource_events",
    "PartialCommitted": "resource_events",
    "PartialUpdated": "resource_events",
    "PreferenceCenterBranding": "preference_center",
    "PreferenceCenterBrandingConfig": "preference_center",
    "PreferenceCenterConfigData": "preference_center",
    "PreferenceCenterConfigRow": "preference_center",
    "PreferenceCenterConfigWithMetadata": "preference_center",
    "PreferenceCenterSignedUrlResponse": "preference_center",
    "PreferenceSet": "preferences",
    "PreferenceSetCategories": "preferences",
    "PreferenceSetChannelSetting": "preferences",
    "PreferenceSetChannelTypeSetting": "preferences",
    "PreferenceSetChannelTypes": "preferences",
    "PreferenceSetChannels": "preferences",
    "PreferenceSetCommercialSubscribedSetting": "preferences",
    "PreferenceSetWorkflowCategorySetting": "preferences",
    "PreferenceSetWorkflowCategorySettingObject": "preferences",
    "PreferenceSetWorkflows": "preferences",
    "ProviderChannelData": "channel_data",
    "PushChannelDataFull": "channel_data",
    "PushDevice": "channel_data",
    "Recipient": "recipients",
    "RecipientReference": "shared",
    "RpcResponse": "integrations",
    "Schedule": "schedules",
    "ScheduleFrequency": "schedules",
    "ScheduleRepeatRule": "schedules",
    "SchedulesResponse": "schedules",
    "SetTenantResponse": "tenants",
    "SlackAuthCheckConnection": "providers",
    "SlackAuthCheckResponse": "providers",
    "SlackChannel": "providers",
    "SlackChannelData": "channel_data",
    "SlackChannelDataTokenObject": "channel_data",
    "SlackIncomingWebhookConnection": "channel_data",
    "SlackTokenConnection": "channel_data",
    "SourceEventActionCommitted": "resource_events",
    "SourceEventActionUpdated": "resource_events",
    "Subscription": "subscriptions",
    "SubscriptionsResponse": "subscriptions",
    "SuccessResponse": "shared",
    "TeamsForMsTeamsProviderResponse": "providers",
    "Tenant": "tenants",
    "TenantBranding": "tenants",
    "TenantSettings": "tenants",
    "Translation": "resource_events",
    "TranslationCommitted": "resource_events",
    "TranslationUpdated": "resource_events",
    "TriggerWorkflowResponse": "workflows",
    "UndeliveredEventData": "message_events",
    "UnknownEvent": "events",
    "User": "users",
    "UserInAppFeedResponse": "feeds",
    "UserInAppFeedSettingsResponse": "feeds",
    "UserRecipient": "users",
    "UserReference": "users",
    "Weekday": "schedules",
    "WeekdayGroup": "schedules",
    "WorkflowCommitted": "resource_events",
    "WorkflowDefinition": "resource_events",
    "WorkflowRecipientRun": "workflow_recipient_runs",
    "WorkflowRecipientRunCompleted": "resource_events",
    "WorkflowRecipientRunDetail": "workflow_recipient_runs",
    "WorkflowRecipientRunError": "resource_events",
    "WorkflowRecipientRunEvent": "workflow_recipient_runs",
    "WorkflowRecipientRunStarted": "resource_events",
    "WorkflowRecipientRunStatus": "workflow_recipient_runs",
    "WorkflowRecipientRunTriggerSource": "workflow_recipient_runs",
    "WorkflowRecipientRunTriggerType": "workflow_recipient_runs",
    "WorkflowUpdated": "resource_events",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        module = _MODULES.get(name)
        if module is None:
            from knock_sdk.errors._hints import missing_name

            raise missing_name(__name__, name, __all__)
        value = globals()[name] = getattr(import_module(f".{module}", __name__), name)
        return value
