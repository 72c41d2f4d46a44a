"""What the API says about a recipient and a workflow: the evidence from which `preferences why` reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from ...errors import NotFoundError
from ...testing.recipients.preference_levels import Level
from .._references import ObjectId
from .sets import get, list_sets

if TYPE_CHECKING:
    from ..._sync.client import Knock
    from ...types import Message, Object, Tenant, User, WorkflowRecipientRunDetail

DEFAULT = "default"
TYPES = ("email", "sms", "push", "chat", "in_app_feed", "http")
"""The types of channels that preferences are about."""
_LOOKED_AT = 50
"""Messages of the workflow from which its channels and categories are known."""
_SHOWN = 5


class Channel(NamedTuple):
    """A channel, or a type of channels if the id is empty; what preferences read of it."""

    id: str
    type: str
    name: str


@dataclass(frozen=True)
class Workflow:
    """What preferences read of a workflow."""

    key: str
    categories: tuple[str, ...] = ()
    commercial: bool = False
    override_preferences: bool = False


@dataclass
class Evidence:
    """What the API says."""

    recipient: str | ObjectId
    profile: User | Object | None
    """The user or the object; None if it does not exist."""
    tenant_id: str | None
    tenant: Tenant | None
    """The tenant; None if there is none, or if it does not exist."""
    levels: list[Level]
    """The preference sets that apply, the first of which wins."""
    preferences: dict[str, Any]
    """What they result in."""
    seen_channels: list[Channel]
    """The channels on which the workflow has sent messages, to anybody."""
    seen_categories: tuple[str, ...]
    """The categories that the workflow had when it last sent a message."""
    messages: list[Message] = field(default_factory=list["Message"])
    """The last messages of the workflow to the recipient."""
    run: WorkflowRecipientRunDetail | None = None
    """The last run of the workflow for the recipient."""


def collect(client: Knock, recipient: str | ObjectId, workflow: str, tenant_id: str | None) -> Evidence:
    """Ask the API."""
    tenant = _find_tenant(client, tenant_id)
    levels, preferences = _resolve(client, recipient, tenant_id, tenant)
    last = list(islice(client.messages.list(source=workflow, page_size=_LOOKED_AT), _LOOKED_AT))
    channels = {
        message.channel.id: Channel(
            message.channel.id, message.channel.type, message.channel.key or message.channel.name or message.channel.id
        )
        for message in last
    }
    return Evidence(
        recipient=recipient,
        profile=_find_profile(client, recipient),
        tenant_id=tenant_id,
        tenant=tenant,
        levels=levels,
        preferences=preferences,
        seen_channels=list(channels.values()),
        seen_categories=tuple(last[0].source.categories) if last else (),
        messages=_find_messages(client, recipient, workflow),
        run=_find_run(client, recipient, workflow),
    )


def _find_profile(client: Knock, recipient: str | ObjectId) -> User | Object | None:
    try:
        return client.objects.get(*recipient) if isinstance(recipient, ObjectId) else client.users.get(recipient)
    except NotFoundError:
        return None


def _find_tenant(client: Knock, tenant_id: str | None) -> Tenant | None:
    try:
        return None if tenant_id is None else client.tenants.get(tenant_id)
    except NotFoundError:
        return None


def _resolve(
    client: Knock, recipient: str | ObjectId, tenant_id: str | None, tenant: Tenant | None
) -> tuple[list[Level], dict[str, Any]]:
    """Return the sets that apply, and the result: those of a tenant only if it, or the recipient for it, has one."""
    stored = {each.id: _dump(each) for each in list_sets(client, recipient)}
    of_tenant = None if tenant is None or tenant.settings is None else tenant.settings.preference_set
    set_id = tenant_id if tenant_id is not None and (of_tenant or tenant_id in stored) else DEFAULT
    resolved = _dump(get(client, recipient, set_id))
    own_default = stored.get(DEFAULT, {})
    if own_default.get("commercial_subscribed") is not None:
        resolved["commercial_subscribed"] = own_default["commercial_subscribed"]  # it holds in all tenants
    levels = [Level("recipient", set_id, stored.get(set_id, {}))]
    if of_tenant is not None:
        levels.append(Level("tenant", tenant_id, _dump(of_tenant)))
    # The API does not show the defaults of the environment: what is in no other set comes from there.
    return [*levels, Level("environment", None, resolved)], resolved


def _find_messages(client: Knock, recipient: str | ObjectId, workflow: str) -> list[Message]:
    if isinstance(recipient, ObjectId):
        found = client.objects.list_messages(*recipient, source=workflow, page_size=_SHOWN)
    else:
        found = client.users.list_messages(recipient, source=workflow, page_size=_SHOWN)
    return list(islice(found, _SHOWN))


def _find_run(client: Knock, recipient: str | ObjectId, workflow: str) -> WorkflowRecipientRunDetail | None:
    reference = recipient if isinstance(recipient, str) else recipient.reference()
    runs = client.workflow_recipient_runs.list(workflow=workflow, recipient=reference, page_size=1)
    return client.workflow_recipient_runs.get(runs.items[0].id) if runs.items else None


def _dump(model: Any) -> dict[str, Any]:
    dumped: dict[str, Any] = model.model_dump(mode="json", by_alias=True, exclude_none=True)
    return dumped
