"""Guides: the users who may see them, and each user's history with them.

A guide belongs to an in-app guide channel. A user may see it unless it is inactive, the user has archived it, its
conditions do not hold, or the user is not in its target audience. The activation rules, which limit the pages that show
it, are only passed on. Histories are stored per tenant, and separately without one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from ..expressions.conditions.conditions import AUDIENCES
from ..expressions.conditions.step_conditions import hold
from ..expressions.liquid.liquid import TemplateError, render_texts
from ..expressions.liquid.variables import LOOKUP, NOW
from ..recipients import audiences, profiles
from ..recipients.template_context import WorldLookup, tenant_context, variables_for
from ..state.clock import iso
from ..state.records import TENANTS, Reference
from ..state.steps.function_steps import Guide as GuideStep

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ..state.json_objects import JSON
    from ..state.records import Channel, Recipient
    from ..state.steps.condition_types import Alternatives
    from ..state.world import World

CHANNEL_TYPE = "in_app_guide"
GROUP = "default"
"""Key of the group that all guides are in."""

SEMVER = "0.0.1"
"""Version of all guides and their message types."""

Engagement: TypeAlias = Literal["seen", "read", "interacted", "archived"]


class Step(NamedTuple):
    """A step of a guide: its reference and content."""

    ref: str
    content: JSON


@dataclass(frozen=True)
class Guide:
    """A declared guide."""

    id: str
    key: str
    type: str
    channel: Channel
    steps: tuple[Step, ...]
    active: bool
    audience: str | None
    conditions: Alternatives
    url_patterns: tuple[JSON, ...]
    url_rules: tuple[JSON, ...]
    bypass_group_limit: bool
    inserted_at: datetime
    updated_at: datetime
    strict_tenancy: bool = False


@dataclass
class StepMessage:
    """A user's engagement with a step."""

    id: str
    at: dict[Engagement, datetime] = field(default_factory=dict[Engagement, "datetime"])


@dataclass
class Progress:
    """A user's engagement with a guide."""

    steps: dict[str, StepMessage] = field(default_factory=dict[str, StepMessage])
    """By step reference; steps without engagement are absent."""
    finished: bool = False
    """Whether the user archived the guide as a whole, including the steps that are left."""


@dataclass
class History:
    """A user's engagement with guides, in one tenant or without one."""

    progress: dict[str, Progress] = field(default_factory=dict[str, Progress])
    """By guide key."""
    last_archived_at: datetime | None = None
    """Time at which a guide was last archived, not counting those archived as `unthrottled`."""


class Guides:
    """Declared guides, and the histories of users."""

    def __init__(self) -> None:
        """Start without guides."""
        self.declared: dict[str, Guide] = {}
        self.order: list[str] = []
        """Keys of the guides in display order."""
        self.display_interval: int | None = None
        """Seconds between the end of one guide and the next."""
        self.changed_at: datetime | None = None
        self.histories: dict[str, dict[str | None, History]] = {}
        """By user id, then by tenant."""

    def declare(self, guide: Guide, position: int | None) -> None:
        """Add or replace a guide. Without a position, a new one comes last and a replaced one stays where it was."""
        self.declared[guide.key] = guide
        if position is not None and guide.key in self.order:
            self.order.remove(guide.key)
        if guide.key not in self.order:
            self.order.insert(len(self.order) if position is None else position, guide.key)
        self.changed_at = guide.updated_at

    def of_channel(self, channel: Channel, kind: str | None) -> list[Guide]:
        """Return the guides of a channel in display order; if a type is given, only those of that type."""
        listed = (self.declared[key] for key in self.order)
        return [guide for guide in listed if guide.channel.id == channel.id and kind in (None, guide.type)]

    def history(self, user_id: str, tenant: str | None) -> History:
        """Return a user's history for reading: if there is none, an empty one that is not stored."""
        return self.histories.get(user_id, {}).get(tenant) or History()

    def ensure_history(self, user_id: str, tenant: str | None) -> History:
        """Return a user's history for changing, creating it if there is none."""
        return self.histories.setdefault(user_id, {}).setdefault(tenant, History())


class Ineligibility(NamedTuple):
    """The API's reason why a user may not see a guide, and a sentence that explains it."""

    reason: Literal["guide_not_active", "marked_as_archived", "target_conditions_not_met", "not_in_target_audience"]
    message: str


UNKNOWN_USER = Ineligibility("not_in_target_audience", "The user has not been identified.")


def check_eligibility(
    world: World, guide: Guide, user: Recipient, tenant: str | None, data: JSON
) -> Ineligibility | None:
    """Return the reason why a user may not see a guide; None if it may.

    If several reasons apply, the first in the API's list of reasons is returned: a guess.
    """
    progress = world.of(Guides).history(user.reference.id, tenant).progress.get(guide.key)
    if not guide.active:
        return Ineligibility("guide_not_active", "The guide is not active.")
    if progress is not None and _is_archived(guide, progress):
        return Ineligibility("marked_as_archived", "The user has archived the guide.")
    context = _context_of(world, user, tenant, data)
    try:
        targeted = hold(guide.conditions, context)
        for step in guide.steps:
            render_texts(step.content, context, f"{step.ref}.content")
    except TemplateError as error:
        # What the API does with a guide that cannot be rendered is not documented.
        return Ineligibility("target_conditions_not_met", f"The guide cannot be evaluated: {error}")
    if not targeted:
        return Ineligibility("target_conditions_not_met", "The target conditions of the guide are not met.")
    return _check_audiences(world, guide, user.reference, tenant)


def _check_audiences(world: World, guide: Guide, user: Reference, tenant: str | None) -> Ineligibility | None:
    """Check the target audience, and that behind the steps of workflows; that both count is a guess."""
    if guide.audience is not None and not _is_member(world, guide.audience, guide, user, tenant):
        return Ineligibility("not_in_target_audience", "The user is not in the target audience of the guide.")
    if _is_in_workflow(world, guide) and not _is_member(world, audience_of(guide.key), guide, user, tenant):
        return Ineligibility("not_in_target_audience", "No workflow has let the user see the guide.")
    return None


def audience_of(key: str) -> str:
    """Return the key of the audience to which steps of workflows add those who may see a guide."""
    return f"$guide:{key}"


def _is_in_workflow(world: World, guide: Guide) -> bool:
    """Return whether a step of a workflow lets users see a guide, so that nobody else does."""
    return any(
        isinstance(planned.step, GuideStep) and planned.step.guide == guide.key
        for workflow in world.workflows.values()
        for planned in workflow.steps
    )


def _is_member(world: World, audience: str, guide: Guide, user: Reference, tenant: str | None) -> bool:
    """Return whether a user is in an audience: for exactly this tenant, or, unless the guide is strict, for any."""
    if guide.strict_tenancy:
        return audiences.is_member(world, audience, user, tenant)
    return audiences.is_member_anywhere(world, audience, user)


def engage(world: World, history: History, guide: Guide, step_ref: str, statuses: Sequence[Engagement]) -> None:
    """Record a user's engagement with a step; a repeated one updates the time."""
    now = world.clock.now
    steps = history.progress.setdefault(guide.key, Progress()).steps
    message = steps.get(step_ref)
    if message is None:
        message = steps[step_ref] = StepMessage(world.ids.ksuid(now))
    message.at.update(dict.fromkeys(statuses, now))


def unarchive(history: History, key: str) -> None:
    """Undo the archiving of a guide and of all its steps."""
    progress = history.progress.get(key)
    if progress is not None:
        progress.finished = False
        for message in progress.steps.values():
            message.at.pop("archived", None)


def transfer(world: World, old: Reference, new: Reference) -> None:
    """Copy a user's histories to another, for the tenants in which the other has none."""
    histories = world.of(Guides).histories
    if old.id in histories:
        histories[new.id] = {**histories[old.id], **histories.get(new.id, {})}


def delete_for(world: World, reference: Reference) -> None:
    """Delete the histories of a user that is being deleted."""
    if reference.collection is None:
        world.of(Guides).histories.pop(reference.id, None)


def render(world: World, guide: Guide, user: Recipient, tenant: str | None, data: JSON) -> JSON:
    """Return a guide as the API shows it to a user who may see it."""
    context = _context_of(world, user, tenant, data)
    history = world.of(Guides).history(user.reference.id, tenant)
    progress = history.progress.get(guide.key, Progress())
    return {
        "__typename": "Guide",
        "activation_url_patterns": list(guide.url_patterns),
        "activation_url_rules": list(guide.url_rules),
        "active": guide.active,
        "bypass_global_group_limit": guide.bypass_group_limit,
        "channel_id": guide.channel.id,
        "dashboard_url": f"https://dashboard.knock.invalid/guides/{guide.key}",
        "id": guide.id,
        "inserted_at": iso(guide.inserted_at),
        "key": guide.key,
        "semver": SEMVER,
        "steps": [_render_step(guide, step, progress.steps.get(step.ref), context) for step in guide.steps],
        "type": guide.type,
        "updated_at": iso(guide.updated_at),
    }


def render_group(guides: Guides, shown: Sequence[Guide]) -> JSON:
    """Return the group of the given guides as the API shows it."""
    group: JSON = {
        "__typename": "GuideGroup",
        "display_sequence": [guide.key for guide in shown],
        "inserted_at": iso(min(guide.inserted_at for guide in shown)),
        "key": GROUP,
        "updated_at": iso(guides.changed_at),
    }
    if guides.display_interval is not None:
        group["display_interval"] = guides.display_interval
    return group


def _is_archived(guide: Guide, progress: Progress) -> bool:
    archived = {ref for ref, message in progress.steps.items() if "archived" in message.at}
    return progress.finished or all(step.ref in archived for step in guide.steps)


def _context_of(world: World, user: Recipient, tenant: str | None, data: JSON) -> JSON:
    """Return the values that the conditions and the content of a guide read."""
    found = tenant_context(profiles.find(world, Reference(tenant, TENANTS)) if tenant else None)
    return {
        AUDIENCES: audiences.keys_of(world, user.reference, tenant),
        LOOKUP: WorldLookup(world, user, tenant),
        NOW: iso(world.clock.now),
        "data": data,
        "recipient": profiles.context_of(user),
        "tenant": found,
        "vars": variables_for(world, user, found),
    }


def _render_step(guide: Guide, step: Step, message: StepMessage | None, context: JSON) -> JSON:
    at: dict[Engagement, Any] = {} if message is None else {status: iso(when) for status, when in message.at.items()}
    return {
        "content": render_texts(step.content, context, f"{step.ref}.content"),
        "message": {
            "id": None if message is None else message.id,
            "archived_at": at.get("archived"),
            "interacted_at": at.get("interacted"),
            "link_clicked_at": None,
            "read_at": at.get("read"),
            "seen_at": at.get("seen"),
        },
        "ref": step.ref,
        "schema_key": guide.type,
        "schema_semver": SEMVER,
        "schema_variant_key": "default",
    }
