# Derived from src/knock_sdk/_async/annotations.py by `python -m codegen`; do not edit.
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
    Items,
    JSONModel,
    JSONObject,
    ManyItems,
    MsTeamsChannelsQuery,
    MsTeamsTeamsQuery,
    ProviderObject,
    SlackChannelsQuery,
    TimeRange,
)
from ..bulk import BulkProgress, BulkReport, Trigger
from ..workflows._workflow import DataOf, M, Workflow
from .engines.httpx_client import HTTPClient
from .pages import FeedPage, Page
from .resources.audiences import Audiences
from .resources.bulk_operations import BulkOperations
from .resources.channels import Channels
from .resources.integrations import Integrations
from .resources.messages import Messages
from .resources.messages_batch import MessagesBatch
from .resources.objects import Objects
from .resources.objects_bulk import ObjectsBulk
from .resources.providers import Providers
from .resources.schedules import Schedules
from .resources.schedules_bulk import SchedulesBulk
from .resources.tenants import Tenants
from .resources.tenants_bulk import TenantsBulk
from .resources.users import Users
from .resources.users_bulk import UsersBulk
from .resources.users_feeds import UsersFeeds
from .resources.users_guides import UsersGuides
from .resources.users_preference_center import UsersPreferenceCenter
from .resources.workflow_recipient_runs import WorkflowRecipientRuns
from .resources.workflows import Workflows
from .transport import Engine, Transport

__all__ = [
    "Any",
    "Audiences",
    "BulkOperations",
    "BulkProgress",
    "BulkReport",
    "Callable",
    "Channels",
    "ClientOptions",
    "DataOf",
    "Engine",
    "FailureEvent",
    "FeedPage",
    "HTTPClient",
    "Integrations",
    "Items",
    "JSONModel",
    "JSONObject",
    "M",
    "ManyItems",
    "Mapping",
    "Messages",
    "MessagesBatch",
    "MsTeamsChannelsQuery",
    "MsTeamsTeamsQuery",
    "NotGiven",
    "Objects",
    "ObjectsBulk",
    "Page",
    "ProviderObject",
    "Providers",
    "RateLimit",
    "RequestEvent",
    "RequestOptions",
    "ResponseEvent",
    "RetryEvent",
    "Schedules",
    "SchedulesBulk",
    "Self",
    "SlackChannelsQuery",
    "Tenants",
    "TenantsBulk",
    "TimeRange",
    "TracebackType",
    "Transport",
    "Trigger",
    "Unpack",
    "Users",
    "UsersBulk",
    "UsersFeeds",
    "UsersGuides",
    "UsersPreferenceCenter",
    "Workflow",
    "WorkflowRecipientRuns",
    "Workflows",
    "datetime",
    "os",
    "p",
    "t",
]
