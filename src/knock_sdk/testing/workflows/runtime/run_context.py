"""The context of a run: the values that its conditions and templates read."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from ...expressions.conditions.conditions import AUDIENCES
from ...expressions.conditions.step_conditions import REFS, highest_of, status_of
from ...expressions.liquid.variables import LOOKUP, NOW
from ...messaging.activities import activities_of, actors_of, rendered_activities
from ...recipients import audiences, preferences, profiles
from ...recipients.template_context import WorldLookup, tenant_context, variables_for
from ...state.clock import iso
from ...state.records import TENANTS, Reference
from ...state.schedules import Schedules

if TYPE_CHECKING:
    from ...state.json_objects import JSON
    from ...state.records import Recipient, Run
    from ...state.world import World


class RunContext:
    """The context of a run at one moment; a new one is built when the run continues after a wait."""

    def __init__(self, world: World, run: Run, recipient: Recipient) -> None:
        """Build the context of a run for its recipient."""
        self.world = world
        self.run = run
        self.recipient = recipient
        self.activities: list[Run] = activities_of(run, run.closed_batch)
        self.lead: Run = self.activities[0]
        """The first activity, whose actor conditions read, and those of preferences its data too."""

    @cached_property
    def preferences(self) -> JSON:
        """The preferences that apply to the run."""
        return preferences.resolve_for_run(self.world, self.recipient, self.run.trigger.tenant)

    @cached_property
    def tenant(self) -> Recipient | None:
        """The tenant of the run, or None."""
        tenant_id = self.run.trigger.tenant
        return profiles.find(self.world, Reference(tenant_id, TENANTS)) if tenant_id else None

    @cached_property
    def conditions(self) -> dict[str, Any]:
        """The values that conditions read, by the first name of their variables."""
        trigger, actor = self.run.trigger, self.lead.trigger.actor
        tenant = tenant_context(self.tenant)
        return {
            AUDIENCES: audiences.keys_of(self.world, self.run.recipient, trigger.tenant),
            LOOKUP: WorldLookup(self.world, self.recipient, trigger.tenant),
            NOW: iso(self.world.clock.now),
            "actor": profiles.context_of(profiles.find(self.world, actor) if actor else None),
            "data": self.run.data,
            "recipient": self._recipient_context(),
            "run": {"total_activities": len(self.activities), "total_actors": len(actors_of(self.activities))},
            "tenant": tenant,
            "vars": variables_for(self.world, self.recipient, tenant, commercial=self.run.workflow.commercial),
            "workflow": self._workflow_context(),
        }

    def _recipient_context(self) -> JSON:
        recipient = profiles.context_of(self.recipient)
        recipient["preferences"] = self.preferences
        if self.run.subscription is not None:
            recipient["subscription"] = self.run.subscription
        if self.run.trigger.schedule_id is not None:
            recipient["schedule"] = self._schedule_context(self.run.trigger.schedule_id)
        return recipient

    def _schedule_context(self, schedule_id: str) -> JSON:
        schedule = self.world.of(Schedules).by_id.get(schedule_id)
        if schedule is None:
            return {"id": schedule_id}
        return {
            "id": schedule_id,
            "last_occurrence_at": iso(schedule.last_occurrence_at),
            "next_occurrence_at": iso(schedule.next_occurrence_at),
        }

    def _workflow_context(self) -> JSON:
        workflow = self.run.workflow
        return {
            "id": workflow.version_id,
            "key": workflow.key,
            "name": workflow.name,
            "categories": list(workflow.categories),
            "commercial": workflow.commercial,
            "override_preferences": workflow.override_preferences,
            "cancellation_key": self.run.trigger.cancellation_key,
        }

    def read_preference_conditions(self) -> dict[str, Any]:
        """Return the values that conditions of preferences read: of a batch, the data of the first activity alone."""
        return {**self.conditions, "data": self.lead.trigger_data}

    def refs(self) -> dict[str, Any]:
        """Return the values that conditions of steps read about earlier ones: message statuses, outcomes of waits."""
        refs: dict[str, Any] = dict(self.run.refs)
        for ref in dict.fromkeys(message.step_ref for message in self.run.messages):
            refs[ref] = status_of(highest_of(each for each in self.run.messages if each.step_ref == ref))
        return {REFS: refs}

    @cached_property
    def template(self) -> dict[str, Any]:
        """The values that templates read. The data is also at the top level, where all other names take precedence."""
        shown, run = rendered_activities(self.run, self.run.closed_batch), self.run
        return {
            **run.data,
            **self.conditions,
            "activities": [self._activity(each) for each in shown],
            "actors": [self._render_actor(actor) for actor in actors_of(shown)],
            "data": run.data,
            "refs": run.refs,
            "timestamp": iso(self.lead.inserted_at),
            **self.conditions["run"],
        }

    def _activity(self, activity: Run) -> JSON:
        actor = activity.trigger.actor
        at = iso(activity.inserted_at)
        return {
            **activity.trigger_data,
            "actor": self._render_actor(actor) if actor else None,
            "data": activity.trigger_data,
            "id": activity.activity_id,
            "inserted_at": at,
            "recipient": self.conditions["recipient"],
            "updated_at": at,
        }

    def _render_actor(self, reference: Reference) -> JSON:
        return profiles.context_of(profiles.find(self.world, reference)) or {"id": reference.id}
