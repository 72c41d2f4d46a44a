# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""The types of request bodies as typed dicts, a module per domain, for editors and type checkers.

They are optional at run time: plain dicts, Pydantic models and dataclasses are sent in the same way. Type checkers hold
dicts to the keys of a closed shape, such as a schedule's repeat rule; a variable for one is annotated with its type.
Where you may add keys of your own, as in a user's properties, any mapping with string keys is accepted.

`Items` is a list, tuple, set or view of a dict; `JSONObject` is an object with any keys, `JSONModel` one given as a
Pydantic model or a dataclass. `pydantic.TypeAdapter` validates with each type.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._core.values.argument_types import Items as Items
    from .._core.values.argument_types import JSONModel as JSONModel
    from .._core.values.argument_types import JSONObject as JSONObject
    from .._core.values.argument_types import MsTeamsChannelsQuery as MsTeamsChannelsQuery
    from .._core.values.argument_types import MsTeamsTeamsQuery as MsTeamsTeamsQuery
    from .._core.values.argument_types import ProviderObject as ProviderObject
    from .._core.values.argument_types import SlackChannelsQuery as SlackChannelsQuery
    from .._core.values.argument_types import TimeRange as TimeRange
    from .audiences import AddAudienceMembersRequest as AddAudienceMembersRequest
    from .audiences import AudienceMemberRequest as AudienceMemberRequest
    from .audiences import RemoveAudienceMembersRequest as RemoveAudienceMembersRequest
    from .channel_data import AWSSNSPushChannelDataDevicesOnly as AWSSNSPushChannelDataDevicesOnly
    from .channel_data import AWSSNSPushChannelDataTargetARNsOnly as AWSSNSPushChannelDataTargetARNsOnly
    from .channel_data import AWSSNSPushDevice as AWSSNSPushDevice
    from .channel_data import ChannelDataRequest as ChannelDataRequest
    from .channel_data import DiscordChannelConnection as DiscordChannelConnection
    from .channel_data import DiscordChannelData as DiscordChannelData
    from .channel_data import DiscordIncomingWebhookConnection as DiscordIncomingWebhookConnection
    from .channel_data import IncomingWebhook as IncomingWebhook
    from .channel_data import InlineChannelDataRequest as InlineChannelDataRequest
    from .channel_data import MsTeamsChannelData as MsTeamsChannelData
    from .channel_data import MsTeamsIncomingWebhookConnection as MsTeamsIncomingWebhookConnection
    from .channel_data import MsTeamsTokenConnection as MsTeamsTokenConnection
    from .channel_data import OneSignalChannelDataPlayerIdsOnly as OneSignalChannelDataPlayerIdsOnly
    from .channel_data import ProviderChannelDataRequest as ProviderChannelDataRequest
    from .channel_data import PushChannelDataDevicesOnly as PushChannelDataDevicesOnly
    from .channel_data import PushChannelDataTokensOnly as PushChannelDataTokensOnly
    from .channel_data import PushDevice as PushDevice
    from .channel_data import SlackChannelData as SlackChannelData
    from .channel_data import SlackChannelDataTokenObject as SlackChannelDataTokenObject
    from .channel_data import SlackIncomingWebhookConnection as SlackIncomingWebhookConnection
    from .channel_data import SlackTokenConnection as SlackTokenConnection
    from .channels import BulkMessageAction as BulkMessageAction
    from .channels import BulkUpdateMessagesForChannelRequest as BulkUpdateMessagesForChannelRequest
    from .feeds import FeedStatusFilter as FeedStatusFilter
    from .guides import GuideArchivedRequest as GuideArchivedRequest
    from .guides import GuideInteractedRequest as GuideInteractedRequest
    from .guides import GuideResetRequest as GuideResetRequest
    from .guides import GuideSeenRequest as GuideSeenRequest
    from .guides import GuideUnarchivedRequest as GuideUnarchivedRequest
    from .integrations import RpcRequest as RpcRequest
    from .messages import ArchivedFilter as ArchivedFilter
    from .messages import BatchMessagesInteractedRequest as BatchMessagesInteractedRequest
    from .messages import BatchMessagesStatusRequest as BatchMessagesStatusRequest
    from .messages import EngagementStatusFilter as EngagementStatusFilter
    from .messages import MessageInteractedRequest as MessageInteractedRequest
    from .messages import MessageStatus as MessageStatus
    from .objects import BulkDeleteObjectsRequest as BulkDeleteObjectsRequest
    from .objects import BulkSetObjectRequest as BulkSetObjectRequest
    from .objects import BulkSetObjectsRequest as BulkSetObjectsRequest
    from .objects import InlineIdentifyObjectRequest as InlineIdentifyObjectRequest
    from .objects import SetObjectRequest as SetObjectRequest
    from .preferences import BulkPreferenceSetRequest as BulkPreferenceSetRequest
    from .preferences import Condition as Condition
    from .preferences import ConditionOperator as ConditionOperator
    from .preferences import InlinePreferenceSetRequest as InlinePreferenceSetRequest
    from .preferences import PreferenceSetChannels as PreferenceSetChannels
    from .preferences import PreferenceSetChannelSetting as PreferenceSetChannelSetting
    from .preferences import PreferenceSetChannelTypes as PreferenceSetChannelTypes
    from .preferences import PreferenceSetChannelTypeSetting as PreferenceSetChannelTypeSetting
    from .preferences import PreferenceSetCommercialSubscribedSetting as PreferenceSetCommercialSubscribedSetting
    from .preferences import PreferenceSetRequest as PreferenceSetRequest
    from .preferences import PreferenceSetRequestCategories as PreferenceSetRequestCategories
    from .preferences import PreferenceSetRequestWorkflows as PreferenceSetRequestWorkflows
    from .preferences import PreferenceSetWorkflowCategorySetting as PreferenceSetWorkflowCategorySetting
    from .preferences import PreferenceSetWorkflowCategorySettingObject as PreferenceSetWorkflowCategorySettingObject
    from .recipients import RecipientRequest as RecipientRequest
    from .schedules import BulkCreateSchedule as BulkCreateSchedule
    from .schedules import BulkCreateSchedulesRequest as BulkCreateSchedulesRequest
    from .schedules import CreateSchedulesRequest as CreateSchedulesRequest
    from .schedules import DeleteSchedulesRequest as DeleteSchedulesRequest
    from .schedules import ScheduleFrequency as ScheduleFrequency
    from .schedules import ScheduleRepeatRule as ScheduleRepeatRule
    from .schedules import UpdateSchedulesRequest as UpdateSchedulesRequest
    from .schedules import Weekday as Weekday
    from .schedules import WeekdayGroup as WeekdayGroup
    from .shared import ObjectReference as ObjectReference
    from .shared import RecipientReference as RecipientReference
    from .subscriptions import BulkDeleteSubscription as BulkDeleteSubscription
    from .subscriptions import BulkDeleteSubscriptionsRequest as BulkDeleteSubscriptionsRequest
    from .subscriptions import BulkUpsertSubscription as BulkUpsertSubscription
    from .subscriptions import BulkUpsertSubscriptionsRequest as BulkUpsertSubscriptionsRequest
    from .subscriptions import DeleteSubscriptionsRequest as DeleteSubscriptionsRequest
    from .subscriptions import UpsertSubscriptionsRequest as UpsertSubscriptionsRequest
    from .tenants import BulkSetTenantsRequest as BulkSetTenantsRequest
    from .tenants import InlineTenantRequest as InlineTenantRequest
    from .tenants import SetTenantBranding as SetTenantBranding
    from .tenants import SetTenantRequest as SetTenantRequest
    from .tenants import SetTenantSettings as SetTenantSettings
    from .tenants import TenantBrandingRequest as TenantBrandingRequest
    from .tenants import TenantRequest as TenantRequest
    from .tenants import TenantSettingsRequest as TenantSettingsRequest
    from .users import BulkDeleteUsersRequest as BulkDeleteUsersRequest
    from .users import BulkIdentifyUsersRequest as BulkIdentifyUsersRequest
    from .users import BulkSetUserPreferencesRequest as BulkSetUserPreferencesRequest
    from .users import IdentifyUserRequest as IdentifyUserRequest
    from .users import InlineIdentifyUserRequest as InlineIdentifyUserRequest
    from .users import MergeUserRequest as MergeUserRequest
    from .workflow_recipient_runs import WorkflowRecipientRunStatus as WorkflowRecipientRunStatus
    from .workflows import CancelRequest as CancelRequest
    from .workflows import CancelWorkflowRequest as CancelWorkflowRequest
    from .workflows import NotifyRequest as NotifyRequest
    from .workflows import TriggerWorkflowRequest as TriggerWorkflowRequest
    from .workflows import TriggerWorkflowSettings as TriggerWorkflowSettings

__all__ = [
    "AWSSNSPushChannelDataDevicesOnly",
    "AWSSNSPushChannelDataTargetARNsOnly",
    "AWSSNSPushDevice",
    "AddAudienceMembersRequest",
    "ArchivedFilter",
    "AudienceMemberRequest",
    "BatchMessagesInteractedRequest",
    "BatchMessagesStatusRequest",
    "BulkCreateSchedule",
    "BulkCreateSchedulesRequest",
    "BulkDeleteObjectsRequest",
    "BulkDeleteSubscription",
    "BulkDeleteSubscriptionsRequest",
    "BulkDeleteUsersRequest",
    "BulkIdentifyUsersRequest",
    "BulkMessageAction",
    "BulkPreferenceSetRequest",
    "BulkSetObjectRequest",
    "BulkSetObjectsRequest",
    "BulkSetTenantsRequest",
    "BulkSetUserPreferencesRequest",
    "BulkUpdateMessagesForChannelRequest",
    "BulkUpsertSubscription",
    "BulkUpsertSubscriptionsRequest",
    "CancelRequest",
    "CancelWorkflowRequest",
    "ChannelDataRequest",
    "Condition",
    "ConditionOperator",
    "CreateSchedulesRequest",
    "DeleteSchedulesRequest",
    "DeleteSubscriptionsRequest",
    "DiscordChannelConnection",
    "DiscordChannelData",
    "DiscordIncomingWebhookConnection",
    "EngagementStatusFilter",
    "FeedStatusFilter",
    "GuideArchivedRequest",
    "GuideInteractedRequest",
    "GuideResetRequest",
    "GuideSeenRequest",
    "GuideUnarchivedRequest",
    "IdentifyUserRequest",
    "IncomingWebhook",
    "InlineChannelDataRequest",
    "InlineIdentifyObjectRequest",
    "InlineIdentifyUserRequest",
    "InlinePreferenceSetRequest",
    "InlineTenantRequest",
    "Items",
    "JSONModel",
    "JSONObject",
    "MergeUserRequest",
    "MessageInteractedRequest",
    "MessageStatus",
    "MsTeamsChannelData",
    "MsTeamsChannelsQuery",
    "MsTeamsIncomingWebhookConnection",
    "MsTeamsTeamsQuery",
    "MsTeamsTokenConnection",
    "NotifyRequest",
    "ObjectReference",
    "OneSignalChannelDataPlayerIdsOnly",
    "PreferenceSetChannelSetting",
    "PreferenceSetChannelTypeSetting",
    "PreferenceSetChannelTypes",
    "PreferenceSetChannels",
    "PreferenceSetCommercialSubscribedSetting",
    "PreferenceSetRequest",
    "PreferenceSetRequestCategories",
    "PreferenceSetRequestWorkflows",
    "PreferenceSetWorkflowCategorySetting",
    "PreferenceSetWorkflowCategorySettingObject",
    "ProviderChannelDataRequest",
    "ProviderObject",
    "PushChannelDataDevicesOnly",
    "PushChannelDataTokensOnly",
    "PushDevice",
    "RecipientReference",
    "RecipientRequest",
    "RemoveAudienceMembersRequest",
    "RpcRequest",
    "ScheduleFrequency",
    "ScheduleRepeatRule",
    "SetObjectRequest",
    "SetTenantBranding",
    "SetTenantRequest",
    "SetTenantSettings",
    "SlackChannelData",
    "SlackChannelDataTokenObject",
    "SlackChannelsQuery",
    "SlackIncomingWebhookConnection",
    "SlackTokenConnection",
    "TenantBrandingRequest",
    "TenantRequest",
    "TenantSettingsRequest",
    "TimeRange",
    "TriggerWorkflowRequest",
    "TriggerWorkflowSettings",
    "UpdateSchedulesRequest",
    "UpsertSubscriptionsRequest",
    "Weekday",
    "WeekdayGroup",
    "WorkflowRecipientRunStatus",
]

_MODULES = {
    "AWSSNSPushChannelDataDevicesOnly": "channel_data",
    "AWSSNSPushChannelDataTargetARNsOnly": "channel_data",
    "AWSSNSPushDevice": "channel_data",
    "AddAudienceMembersRequest": "audiences",
    "ArchivedFilter": "messages",
    "AudienceMemberRequest": "audiences",
    "BatchMessagesInteractedRequest": "messages",
    "BatchMessagesStatusRequest": "messages",
    "BulkCreateSchedule": "schedules",
    "BulkCreateSchedulesRequest": "schedules",
    "BulkDeleteObjectsRequest": "objects",
    "BulkDeleteSubscription": "subscriptions",
    "BulkDeleteSubscriptionsRequest": "subscriptions",
    "BulkDeleteUsersRequest": "users",
    "BulkIdentifyUsersRequest": "users",
    "BulkMessageAction": "channels",
    "BulkPreferenceSetRequest": "preferences",
    "BulkSetObjectRequest": "objects",
    "BulkSetObjectsRequest": "objects",
    "BulkSetTenantsRequest": "tenants",
    "BulkSetUserPreferencesRequest": "users",
    "BulkUpdateMessagesForChannelRequest": "channels",
    "BulkUpsertSubscription": "subscriptions",
    "BulkUpsertSubscriptionsRequest": "subscriptions",
    "CancelRequest": "workflows",
    "CancelWorkflowRequest": "workflows",
    "ChannelDataRequest": "channel_data",
    "Condition": "preferences",
    "ConditionOperator": "preferences",
    "CreateSchedulesRequest": "schedules",
    "DeleteSchedulesRequest": "schedules",
    "DeleteSubscriptionsRequest": "subscriptions",
    "DiscordChannelConnection": "channel_data",
    "DiscordChannelData": "channel_data",
    "DiscordIncomingWebhookConnection": "channel_data",
    "EngagementStatusFilter": "messages",
    "FeedStatusFilter": "feeds",
    "GuideArchivedRequest": "guides",
    "GuideInteractedRequest": "guides",
    "GuideResetRequest": "guides",
    "GuideSeenRequest": "guides",
    "GuideUnarchivedRequest": "guides",
    "IdentifyUserRequest": "users",
    "IncomingWebhook": "channel_data",
    "InlineChannelDataRequest": "channel_data",
    "InlineIdentifyObjectRequest": "objects",
    "InlineIdentifyUserRequest": "users",
    "InlinePreferenceSetRequest": "preferences",
    "InlineTenantRequest": "tenants",
    "Items": "._core.values.argument_types",
    "JSONModel": "._core.values.argument_types",
    "JSONObject": "._core.values.argument_types",
    "MergeUserRequest": "users",
    "MessageInteractedRequest": "messages",
    "MessageStatus": "messages",
    "MsTeamsChannelData": "channel_data",
    "MsTeamsChannelsQuery": "._core.values.argument_types",
    "MsTeamsIncomingWebhookConnection": "channel_data",
    "MsTeamsTeamsQuery": "._core.values.argument_types",
    "MsTeamsTokenConnection": "channel_data",
    "NotifyRequest": "workflows",
    "ObjectReference": "shared",
    "OneSignalChannelDataPlayerIdsOnly": "channel_data",
    "PreferenceSetChannelSetting": "preferences",
    "PreferenceSetChannelTypeSetting": "preferences",
    "PreferenceSetChannelTypes": "preferences",
    "PreferenceSetChannels": "preferences",
    "PreferenceSetCommercialSubscribedSetting": "preferences",
    "PreferenceSetRequest": "preferences",
    "PreferenceSetRequestCategories": "preferences",
    "PreferenceSetRequestWorkflows": "preferences",
    "PreferenceSetWorkflowCategorySetting": "preferences",
    "PreferenceSetWorkflowCategorySettingObject": "preferences",
    "ProviderChannelDataRequest": "channel_data",
    "ProviderObject": "._core.values.argument_types",
    "PushChannelDataDevicesOnly": "channel_data",
    "PushChannelDataTokensOnly": "channel_data",
    "PushDevice": "channel_data",
    "RecipientReference": "shared",
    "RecipientRequest": "recipients",
    "RemoveAudienceMembersRequest": "audiences",
    "RpcRequest": "integrations",
    "ScheduleFrequency": "schedules",
    "ScheduleRepeatRule": "schedules",
    "SetObjectRequest": "objects",
    "SetTenantBranding": "tenants",
    "SetTenantRequest": "tenants",
    "SetTenantSettings": "tenants",
    "SlackChannelData": "channel_data",
    "SlackChannelDataTokenObject": "channel_data",
    "SlackChannelsQuery": "._core.values.argument_types",
    "SlackIncomingWebhookConnection": "channel_data",
    "SlackTokenConnection": "channel_data",
    "TenantBrandingRequest": "tenants",
    "TenantRequest": "tenants",
    "TenantSettingsRequest": "tenants",
    "TimeRange": "._core.values.argument_types",
    "TriggerWorkflowRequest": "workflows",
    "TriggerWorkflowSettings": "workflows",
    "UpdateSchedulesRequest": "schedules",
    "UpsertSubscriptionsRequest": "subscriptions",
    "Weekday": "schedules",
    "WeekdayGroup": "schedules",
    "WorkflowRecipientRunStatus": "workflow_recipient_runs",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        module = _MODULES.get(name)
        if module is None:
            from knock_sdk.errors._hints import missing_name

            raise missing_name(__name__, name, __all__)
        value = globals()[name] = getattr(import_module(f".{module}", __name__), name)
        return value
