"""Classes that a saved state can contain, each with the tag that identifies it in files.

Tags never change, so that renaming or moving a class does not break files. Add a line here for each new class in the
state; increment `snapshot.VERSION` when the attributes of a class change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..background.bulk_operations import BulkOperation, BulkOperations
from ..http.rate_limits import RateLimits, Window
from ..http.signing_key import SecureMode
from ..integrations.chat_providers import Directory, SlackConversation, SlackWorkspace, TeamsTeam
from ..messaging.delivery import Outcome, Outcomes
from ..messaging.feeds import FeedSettings
from ..messaging.guide_records import Guide, Guides, History, Progress, Step
from ..recipients.audiences import Audience, Audiences, Membership
from ..recipients.preference_center import PreferenceCenter
from ..recipients.subscriptions import Subscription, Subscriptions
from ..state.channels import Channels
from ..state.clock import Clock, Due
from ..state.content import Layout, Partial, SharedContent, TranslationKey
from ..state.ids import Ids
from ..state.outside import FetchRequest, FetchResponse, Key, Missing, Outside
from ..state.records import (
    Channel,
    ChannelGroup,
    GroupRule,
    Message,
    MessageEvent,
    Recipient,
    Reference,
    Run,
    RunBatch,
    RunEvent,
    Skip,
    StoredReply,
    Trigger,
    Workflow,
)
from ..state.rows import OrderedRows
from ..state.schedules import Plan, Schedule, Schedules
from ..state.settings import AccountSettings, Variables
from ..state.steps.function_steps import (
    Agent,
    Fetch,
    TriggerWorkflow,
    UpdateAudience,
    UpdateData,
    UpdateObject,
    UpdateTenant,
    UpdateUser,
    Wait,
)
from ..state.steps.function_steps import Guide as InAppGuide
from ..state.steps.steps import (
    Arm,
    Batch,
    Branch,
    Cohort,
    CohortArm,
    Delay,
    PlannedArm,
    PlannedStep,
    Send,
    SendWindow,
    Throttle,
)
from ..state.webhooks import Webhook, WebhookAttempt, WebhookDelivery, Webhooks
from ..state.world import World
from ..workflows.runtime.cancellation import Cancellable
from ..workflows.runtime.run_history import RunOrder
from ..workflows.steps.batching import Batches
from ..workflows.steps.throttling import Passed
from ..workflows.steps.waiting import Waiting, Waits

if TYPE_CHECKING:
    from collections.abc import Mapping

CLASSES: Mapping[str, type[Any]] = {
    # The last five are built-in types, which a `defaultdict` uses as its factory.
    "account_settings": AccountSettings,
    "agent_step": Agent,
    "arm": Arm,
    "audience": Audience,
    "audiences": Audiences,
    "batch_step": Batch,
    "batches": Batches,
    "branch_step": Branch,
    "bulk_operation": BulkOperation,
    "bulk_operations": BulkOperations,
    "cancellable_runs": Cancellable,
    "channel": Channel,
    "channel_group": ChannelGroup,
    "channel_group_rule": GroupRule,
    "channel_step": Send,
    "channels": Channels,
    "chat_directory": Directory,
    "clock": Clock,
    "cohort_arm": CohortArm,
    "cohort_step": Cohort,
    "delay_step": Delay,
    "delivery_outcome": Outcome,
    "delivery_outcomes": Outcomes,
    "due_action": Due,
    "feed_settings": FeedSettings,
    "fetch_request": FetchRequest,
    "fetch_response": FetchResponse,
    "fetch_step": Fetch,
    "guide": Guide,
    "guide_history": History,
    "guide_progress": Progress,
    "guide_step": Step,
    "guide_workflow_step": InAppGuide,
    "guides": Guides,
    "ids": Ids,
    "layout": Layout,
    "membership": Membership,
    "message": Message,
    "message_event": MessageEvent,
    "missing_declaration": Missing,
    "ms_teams_team": TeamsTeam,
    "outside": Outside,
    "outside_key": Key,
    "partial": Partial,
    "planned_arm": PlannedArm,
    "planned_step": PlannedStep,
    "preference_center": PreferenceCenter,
    "rate_limit_window": Window,
    "rate_limits": RateLimits,
    "recipient": Recipient,
    "reference": Reference,
    "rows": OrderedRows,
    "run": Run,
    "run_batch": RunBatch,
    "run_event": RunEvent,
    "run_order": RunOrder,
    "schedule": Schedule,
    "schedule_plan": Plan,
    "schedules": Schedules,
    "secure_mode": SecureMode,
    "send_window": SendWindow,
    "shared_content": SharedContent,
    "skip": Skip,
    "slack_conversation": SlackConversation,
    "slack_workspace": SlackWorkspace,
    "stored_reply": StoredReply,
    "subscription": Subscription,
    "subscriptions": Subscriptions,
    "throttle_passes": Passed,
    "throttle_step": Throttle,
    "translation_key": TranslationKey,
    "trigger": Trigger,
    "trigger_step": TriggerWorkflow,
    "update_audience_step": UpdateAudience,
    "update_data_step": UpdateData,
    "update_object_step": UpdateObject,
    "update_tenant_step": UpdateTenant,
    "update_user_step": UpdateUser,
    "variables": Variables,
    "wait_step": Wait,
    "waiting_run": Waiting,
    "waits": Waits,
    "webhook": Webhook,
    "webhook_attempt": WebhookAttempt,
    "webhook_delivery": WebhookDelivery,
    "webhooks": Webhooks,
    "workflow": Workflow,
    "world": World,
    "dict": dict,
    "int": int,
    "list": list,
    "set": set,
    "str": str,
}
"""Classes by tag."""

TAGS: Mapping[type[Any], str] = {kind: tag for tag, kind in CLASSES.items()}
"""Tags by class."""
