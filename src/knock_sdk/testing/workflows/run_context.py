"""The context of a run: the values that its conditions and templates read."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..expressions.conditions import AUDIENCES
from ..expressions.liquid import NOW
from ..expressions.step_conditions import REFS, highest_of, status_of
from ..messaging.activities import activities_of, actors_of, rendered_activities
from ..recipients import audiences, preferences, profiles
from ..state.clock import iso
from ..state.records import TENANTS, Reference
from ..state.settings import Variables

if TYPE_CHECKING:
    from ..state.json_objects import JSON
    from ..state.records import Recipient, Run
    from ..state.world import World


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
        workflow, actor = self.run.workflow, self.lead.trigger.actor
        recipient = profiles.context_of(self.recipient)
        if self.run.subscription is not None:
            recipient["subscription"] = self.run.subscription
        if self.run.trigger.schedule_id is not None:
            recipient["schedule"] = {"id": self.run.trigger.schedule_id}
        return {
            AUDIENCES: audiences.keys_of(self.world, self.run.recipient, self.run.trigger.tenant),
            NOW: iso(self.world.clock.now),
            "actor": profiles.context_of(profiles.find(self.world, actor) if actor else None),
            "data": self.run.data,
            "recipient": recipient,
            "run": {"total_activities": len(self.activities), "total_actors": len(actors_of(self.activities))},
            "tenant": profiles.context_of(self.tenant),
            "vars": self.world.of(Variables).values,
            "workflow": {
                "id": workflow.version_id,
                "key": workflow.key,
                "name": workflow.name,
                "categories": list(workflow.categories),
            },
        }

    @property
    def preference_conditions(self) -> dict[str, Any]:
        """The values that conditions of preferences read: after a batch, the data of the first activity alone."""
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
