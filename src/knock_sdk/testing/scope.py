"""What the conditions and templates of a run can look at."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import audiences, preferences, recipients
from .clock import iso
from .conditions import AUDIENCES
from .liquid import NOW
from .records import TENANTS, Reference
from .step_conditions import REFS, status_of

if TYPE_CHECKING:
    from .records import Recipient, Run, RunBatch
    from .values import JSON
    from .world import World


class Variables:
    """Variables of the account and the environment."""

    def __init__(self) -> None:
        """Start without any."""
        self.values: dict[str, Any] = {}


def activities_of(run: Run, gathered: RunBatch | None) -> list[Run]:
    """Return the activities that a run or a message of it tells of, oldest first: its own, or those of a batch."""
    return [run] if gathered is None else gathered.runs


def actors_of(activities: list[Run]) -> list[Reference]:
    """Return who acted in some activities, each once, in order."""
    return list(dict.fromkeys(run.trigger.actor for run in activities if run.trigger.actor is not None))


class Scope:
    """The scope of a run at one moment; it is made anew when the run goes on after a wait."""

    def __init__(self, world: World, run: Run, recipient: Recipient) -> None:
        """Take what the scope is of."""
        self.world = world
        self.run = run
        self.recipient = recipient
        self.activities: list[Run] = activities_of(run, run.gathered)
        self.lead: Run = self.activities[0]
        """The activity that conditions look at, and whose actor speaks for all."""

    @cached_property
    def preferences(self) -> JSON:
        """The preferences that the run goes by."""
        return preferences.for_run(self.world, self.recipient, self.run.trigger.tenant)

    @cached_property
    def tenant(self) -> Recipient | None:
        """The tenant of the run."""
        name = self.run.trigger.tenant
        return recipients.find(self.world, Reference(name, TENANTS)) if name else None

    @cached_property
    def conditions(self) -> dict[str, Any]:
        """What conditions look at, by the first name of their variables."""
        workflow, actor = self.run.trigger.workflow, self.lead.trigger.actor
        seen = recipients.scope_of(self.recipient)
        if self.run.subscription is not None:
            seen["subscription"] = self.run.subscription
        if self.run.trigger.schedule_id is not None:
            seen["schedule"] = {"id": self.run.trigger.schedule_id}
        return {
            AUDIENCES: audiences.keys_of(self.world, self.run.recipient, self.run.trigger.tenant),
            "actor": recipients.scope_of(recipients.find(self.world, actor) if actor else None),
            "data": self.lead.sent,
            "recipient": seen,
            "run": {"total_activities": len(self.activities), "total_actors": len(actors_of(self.activities))},
            "tenant": recipients.scope_of(self.tenant),
            "vars": self.world.of(Variables).values,
            "workflow": {
                "id": workflow.version_id,
                "key": workflow.key,
                "name": workflow.name,
                "categories": list(workflow.categories),
            },
        }

    def refs(self) -> dict[str, Any]:
        """What conditions of steps see besides: the messages of earlier steps, as they are now."""
        return {REFS: {message.step_ref: status_of(message) for message in self.run.messages}}

    @cached_property
    def template(self) -> dict[str, Any]:
        """What templates look at: the data stands at the top as well, below everything that has a name of its own."""
        shown, run = self._rendered(), self.run
        return {
            **run.data,
            **self.conditions,
            "activities": [self._activity(each) for each in shown],
            "actors": [self._described(actor) for actor in actors_of(shown)],
            "data": run.data,
            NOW: iso(self.world.clock.now),
            "timestamp": iso(self.lead.inserted_at),
            **self.conditions["run"],
        }

    def _rendered(self) -> list[Run]:
        return self.activities if self.run.gathered is None else self.run.gathered.rendered()

    def _activity(self, activity: Run) -> JSON:
        actor = activity.trigger.actor
        at = iso(activity.inserted_at)
        return {
            **activity.sent,
            "actor": self._described(actor) if actor else None,
            "data": activity.sent,
            "id": activity.activity_id,
            "inserted_at": at,
            "recipient": self.conditions["recipient"],
            "updated_at": at,
        }

    def _described(self, reference: Reference) -> JSON:
        return recipients.scope_of(recipients.find(self.world, reference)) or {"id": reference.id}
