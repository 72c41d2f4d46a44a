"""The names in annotations of the client's methods, loaded when the annotations are evaluated, and not by calls."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Any

from typing_extensions import Self, Unpack

from .. import params as p
from .. import types as t
from .._core.client_options import ClientOptions
from .._core.hooks import FailureEvent, RequestEvent, ResponseEvent, RetryEvent
from .._core.rate_limits.limits import RateLimit
from .._core.requests.options import RequestOptions
from .._core.sentinel import NotGiven
from .._core.values.argument_types import (
    AsyncManyItems,
    Items,
    JSONModel,
    JSONObject,
    MsTeamsChannelsQuery,
    MsTeamsTeamsQuery,
    ProviderObject,
    SlackChannelsQuery,
    TimeRange,
)
from ..bulk import BulkProgress, BulkReport, Trigger
from ..workflows._workflow import DataOf, M, Workflow
from ._paginate import AsyncFeedPaginator, AsyncPaginator
from .engines.httpx_client import AsyncHTTPClient
from .resources.audiences import AsyncAudiences
from .resources.bulk_operations import AsyncBulkOperations
from .resources.channels import AsyncChannels
from .resources.integrations import AsyncIntegrations
from .resources.messages import AsyncMessages
from .resources.messages_batch import AsyncMessagesBatch
from .resources.objects import AsyncObjects
from .resources.objects_bulk import AsyncObjectsBulk
from .resources.providers import AsyncProviders
from .resources.schedules import AsyncSchedules
from .resources.schedules_bulk import AsyncSchedulesBulk
from .resources.tenants import AsyncTenants
from .resources.tenants_bulk import AsyncTenantsBulk
from .resources.users import AsyncUsers
from .resources.users_bulk import AsyncUsersBulk
from .resources.users_feeds import AsyncUsersFeeds
from .resources.users_guides import AsyncUsersGuides
from .resources.users_preference_center import AsyncUsersPreferenceCenter
from .resources.workflow_recipient_runs import AsyncWorkflowRecipientRuns
from .resources.workflows import AsyncWorkflows
from .transport import AsyncEngine, AsyncTransport

__all__ = [
    "Any",
    "AsyncAudiences",
    "AsyncBulkOperations",
    "AsyncChannels",
    "AsyncEngine",
    "AsyncFeedPaginator",
    "AsyncHTTPClient",
    "AsyncIntegrations",
    "AsyncManyItems",
    "AsyncMessages",
    "AsyncMessagesBatch",
    "AsyncObjects",
    "AsyncObjectsBulk",
    "AsyncPaginator",
    "AsyncProviders",
    "AsyncSchedules",
    "AsyncSchedulesBulk",
    "AsyncTenants",
    "AsyncTenantsBulk",
    "AsyncTransport",
    "AsyncUsers",
    "AsyncUsersBulk",
    "AsyncUsersFeeds",
    "AsyncUsersGuides",
    "AsyncUsersPreferenceCenter",
    "AsyncWorkflowRecipientRuns",
    "AsyncWorkflows",
    "BulkProgress",
    "BulkReport",
    "Callable",
    "ClientOptions",
    "DataOf",
    "FailureEvent",
    "Items",
    "JSONModel",
    "JSONObject",
    "M",
    "Mapping",
    "MsTeamsChannelsQuery",
    "MsTeamsTeamsQuery",
    "NotGiven",
    "ProviderObject",
    "RateLimit",
    "RequestEvent",
    "RequestOptions",
    "ResponseEvent",
    "RetryEvent",
    "Self",
    "SlackChannelsQuery",
    "TimeRange",
    "TracebackType",
    "Trigger",
    "Unpack",
    "Workflow",
    "datetime",
    "os",
    "p",
    "t",
]
