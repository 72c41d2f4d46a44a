"""Declarations of workflows, of variables, and of links that are followed."""

# ruff: noqa: TC001, TC003 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from os import PathLike
from typing import Any, Literal, get_args

from ... import types as t
from ...workflows import Workflow
from ...workflows._workflow import is_workflow
from ..environment import Environment
from ..expressions.conditions.step_conditions import parse_conditions
from ..messaging import messages
from ..state import records
from ..state.arguments import check_duration, check_list_of_texts, check_optional, check_type
from ..state.content import SharedContent
from ..state.names import did_you_mean
from ..state.records import TriggerFrequency
from ..state.settings import Variables
from ..state.steps.condition_types import Conditions
from ..state.steps.steps import Batch, Delay, Send, Step
from ..workflows import audience_triggers
from . import planning
from .content import declare_audiences, declare_files
from .files import content_files, workflow_files
from .files.workflow_file_fields import FREQUENCIES

_DEFAULT_CHANNELS = ("in_app_feed",)


class WorkflowDeclarations(Environment):
    """Declarations of workflows."""

    def workflow(
        self,
        key: str | Workflow[Any],
        *,
        channels: Sequence[str] | None = None,
        delay: timedelta | None = None,
        batch: timedelta | Batch | None = None,
        templates: Mapping[str, Mapping[str, object]] | None = None,
        steps: Sequence[Step] | None = None,
        name: str | None = None,
        categories: Sequence[str] = (),
        active: bool = True,
        commercial: bool = False,
        override_preferences: bool = False,
        conditions: Conditions = (),
        trigger_frequency: TriggerFrequency = "every_trigger",
        data_schema: Mapping[str, object] | None = None,
    ) -> None:
        """Declare a workflow, or replace it; runs that are in progress continue with the version that they began with.

        Args:
            key: Key of the workflow, which triggers refer to, or a `Workflow`, which has a schema of its own.
            channels: Keys of the channels to send to, one step each, in order; `in_app_feed` if absent.
            delay: How long to wait before the channel steps.
            batch: How long to collect triggers for a recipient before the delay and the channel steps, or a `Batch`
                with more settings.
            templates: Templates of the messages by the channel's key, as in `Send`.
            steps: Instead of these four, all steps in order: `Send`, `Delay`, `Batch`, `Throttle`, `Branch`, `Cohort`,
                `Fetch`, `UpdateData`, `UpdateUser`, `UpdateObject`, `UpdateTenant`, `UpdateAudience`,
                `TriggerWorkflow`, `Wait`, `Agent` and `Guide`.
            name: Name of the workflow; its key if absent.
            categories: Categories of the workflow, which preferences can refer to.
            active: Whether the workflow can be triggered; if not, a trigger fails with `workflow_inactive`.
            commercial: Whether to skip recipients who opted out of commercial messages.
            override_preferences: Whether to ignore preferences.
            conditions: Conditions of a run, as in `Send`; a run whose conditions are not met ends at once.
            trigger_frequency: How often the workflow runs for a recipient: `every_trigger`, `once_per_recipient` or
                `once_per_recipient_per_tenant`.
            data_schema: JSON schema; a trigger whose data does not satisfy it fails with field errors.

        Raises:
            TypeError: `channels`, `categories` or `steps` is one value instead of a list, or an argument has another
                wrong type.
            ValueError: A channel is neither declared nor a channel type, the trigger frequency does not exist, a
                step, template or condition is invalid, or a `Workflow` and `data_schema` are given.
            ImportError: Templates and schemas need the extra: `pip install 'knock-sdk[simulator]'`.
        """
        schema_name = f"the type of {key!r}" if is_workflow(key) else "data_schema"
        key, data_schema = _unpack(key, data_schema)
        check_type("key", key, str, "the key of the workflow")
        check_list_of_texts("categories", categories)
        if channels is not None:
            check_list_of_texts("channels", channels)
        check_optional(str, "text", name=name)
        check_optional(
            bool, "True or False", active=active, commercial=commercial, override_preferences=override_preferences
        )
        check_optional(Mapping, "a JSON schema", data_schema=data_schema)
        if trigger_frequency not in FREQUENCIES:
            near = did_you_mean(trigger_frequency, FREQUENCIES)
            raise ValueError(f"trigger_frequency: {trigger_frequency!r} is not one of {', '.join(FREQUENCIES)}{near}")
        if templates is not None:
            check_type("templates", templates, Mapping, "templates by the key of their channel")
        check_duration("delay", delay)
        if not isinstance(batch, Batch):
            check_duration("batch", batch)
        if isinstance(steps, get_args(Step)):
            raise TypeError("steps: takes a list of steps, not a single one")
        check_optional(Sequence, "a list of steps", steps=steps)
        if steps is None:
            steps = _build_steps(
                key, _DEFAULT_CHANNELS if channels is None else channels, delay, batch, templates or {}
            )
        elif any(argument is not None for argument in (channels, delay, batch, templates)):
            raise ValueError(f"workflow {key}: takes either steps, or channels, delay, batch and templates")
        if data_schema is not None:
            from ..expressions.data_schema import check_schema

            check_schema(data_schema, f"workflow {key}", schema_name)
        with self._lock:
            self._world.note("declaration")
            self._world.workflows[key] = records.Workflow(
                key=key,
                name=name or key,
                version_id=self._world.ids.uuid(),
                steps=planning.plan(self._world, key, steps),
                categories=tuple(categories),
                active=active,
                commercial=commercial,
                override_preferences=override_preferences,
                conditions=parse_conditions(conditions, f"workflow {key}"),
                frequency=trigger_frequency,
                data_schema=None if data_schema is None else dict(data_schema),
            )

    def load_workflows(
        self, path: str | PathLike[str], *, unsupported: Literal["refuse", "skip"] = "refuse"
    ) -> list[str]:
        """Declare workflows from files pulled by Knock's CLI: `workflow.json`, with templates in files beside it.

        Channels that are not declared yet are declared with the type that the step gives, or that follows from the
        fields of its template. Layouts, partials, translations and audiences in the folders beside that of
        the workflows are declared too, as by `load_content`.

        Args:
            path: A `workflow.json`, the folder of a workflow, a folder of such folders, or one that has it as
                `workflows`.
            unsupported: What to do with steps of a type that is not known: `refuse` raises, `skip` leaves them out.

        Returns:
            Keys of the workflows.

        Raises:
            ValueError: A file is malformed, has a field that does not exist, or contains a step that is not simulated,
                and nothing is declared; or `unsupported` is something else.
            OSError: A file cannot be read.
        """
        choices = ("refuse", "skip")
        if unsupported not in choices:
            near = did_you_mean(unsupported, choices)
            raise ValueError(f"unsupported: {unsupported!r} is not one of {', '.join(choices)}{near}")
        with self._lock:
            self._world.note("declaration")
            types = {key: channel.type for key, channel in self._world.channels.by_key.items()}
            groups = {key: group.type for key, group in self._world.channels.groups.items()}
            skip = unsupported == "skip"
            loaded = workflow_files.load(path, skip_unsupported=skip, channels=types, groups=groups)
            beside = dict.fromkeys(each.file.absolute().parent.parent.parent for each in loaded)
            shared = [file for folder in beside for file in content_files.load(folder)]
            channels, workflows = dict(self._world.channels.by_key), dict(self._world.workflows)
            content = self._world.of(SharedContent).copy()
            try:
                declare_files(self._world, shared)
                for each in loaded:
                    self._declare_loaded(each)
            except Exception:
                self._world.channels.by_key, self._world.workflows = channels, workflows
                self._world.put(content)
                raise
            declare_audiences(self._world, shared)
        return [each.key for each in loaded]

    def _declare_loaded(self, loaded: workflow_files.LoadedWorkflow) -> None:
        for channel, channel_type in loaded.channels.items():
            if channel not in self._world.channels.by_key:
                self._world.channels.declare(channel, channel_type)
        try:
            self.workflow(loaded.key, **loaded.options)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{loaded.file}: {error}") from error

    def set_variables(self, variables: Mapping[str, object]) -> None:
        """Set variables of the environment, which templates and conditions read as `vars`.

        Args:
            variables: Values by name; other variables stay unchanged.

        Raises:
            TypeError: They are no mapping.
        """
        check_type("variables", variables, Mapping, "values by name")
        with self._lock:
            self._world.note("declaration")
            self._world.of(Variables).values.update(variables)

    def click(self, message: str | t.Message, url: str) -> None:
        """Follow a link in a message as its recipient; link tracking records it.

        Args:
            message: The message, or its id.
            url: URL of the link.

        Raises:
            LookupError: There is no such message.
            TypeError: An argument has a wrong type.
        """
        message_id = message if isinstance(message, str) else getattr(message, "id", None)
        if not isinstance(message_id, str):
            raise TypeError(f"message: takes one of messages(), or its id, not {type(message).__name__}")
        check_type("url", url, str, "a URL")
        with self._lock:
            found = self._world.messages.get(message_id)
            if found is None:
                raise LookupError(f"there is no message {message_id!r}; pass one of messages(), or its id")
            messages.follow_link(self._world, found, url)
            audience_triggers.settle(self._world)
        self._sender.send_due()


def _unpack(
    workflow: str | Workflow[Any], data_schema: Mapping[str, object] | None
) -> tuple[str, Mapping[str, object] | None]:
    """Return the key and the JSON schema of a typed workflow; of a key, the arguments unchanged."""
    if not is_workflow(workflow):
        return workflow, data_schema
    if data_schema is not None:
        raise ValueError(f"data_schema: {workflow!r} has its own: leave it out, or pass the key alone")
    return workflow.key, workflow.json_schema()


def _build_steps(
    workflow: str,
    channels: Sequence[str],
    delay: timedelta | None,
    batch: timedelta | Batch | None,
    templates: Mapping[str, Mapping[str, object]],
) -> list[Step]:
    """Return the steps of a workflow that is declared by its channels."""
    if unused := templates.keys() - set(channels):
        raise ValueError(f"workflow {workflow}: templates for {', '.join(sorted(unused))}, which it does not send to")
    steps: list[Step] = []
    if batch is not None:
        steps.append(Batch(batch) if isinstance(batch, timedelta) else batch)
    if delay is not None:
        steps.append(Delay(delay))
    steps.extend(Send(channel, templates.get(channel)) for channel in channels)
    return steps
