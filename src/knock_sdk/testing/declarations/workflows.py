"""Declarations about workflows: channels, the workflows, variables and outcomes of deliveries."""

# ruff: noqa: TC001, TC003 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from os import PathLike
from typing import Literal, get_args

from ... import types as t
from ..environment import Environment
from ..expressions.conditions.step_conditions import parse_conditions
from ..messaging import delivery, messages
from ..recipients.profiles import reference_of
from ..state.arguments import check_duration, check_type
from ..state.content import SharedContent
from ..state.names import did_you_mean, refuse_misspelt
from ..state.records import Channel, ChannelGroup, TriggerFrequency, Workflow
from ..state.settings import Variables
from ..state.steps.condition_types import Conditions
from ..state.steps.steps import Batch, Delay, Send, Step
from ..workflows import runs
from . import channel_groups, content_files, planning, workflow_files
from .channel_groups import ChannelRule
from .content import declare_files
from .workflow_file_fields import FREQUENCIES

_DEFAULT_CHANNELS = ("in_app_feed",)


class Declarations(Environment):
    """Declarations of workflows, and of the channels that they send to."""

    def channel(
        self,
        key: str,
        *,
        type: str | None = None,
        provider: str | None = None,
        name: str | None = None,
        channel_id: str | None = None,
        conditions: Conditions | None = None,
        sandbox: bool | None = None,
        token_deregistration: bool | None = None,
    ) -> Channel:
        """Declare a channel, change one that is declared, or look one up by its key alone.

        Args:
            key: Key of the channel, which workflows refer to.
            type: `chat`, `email`, `http`, `in_app_feed`, `in_app_guide`, `push` or `sms`; the key if absent. A channel
                whose key is one of these types need not be declared.
            provider: Name of the provider; a common one for the type if absent.
            name: Name of the channel; its key if absent.
            channel_id: UUID of the channel; generated from the key if absent.
            conditions: Conditions of the channel, in the form of those of `Send`: without them, steps make no messages
                on it. They cannot be about the messages of earlier steps.
            sandbox: Whether messages are made and not sent, and conditions of the channel do not count; not for in-app
                channels. False if absent.
            token_deregistration: Whether the token of a push message that bounces is removed from the recipient's
                channel data. True if absent.

        Returns:
            The channel. Preference sets and channel data refer to its `id`.

        Raises:
            TypeError: `conditions` is malformed.
            ValueError: The type is unknown, only the key is given and it is neither declared nor a channel type, a
                condition is malformed or about a message, or an in-app channel is in sandbox mode.
        """
        at = f"channel {key}, conditions"
        with self._lock:
            if all(
                given is None for given in (type, provider, name, channel_id, conditions, sandbox, token_deregistration)
            ):
                return self._world.channels.get(key)
            return self._world.channels.declare(
                key,
                type,
                provider=provider,
                name=name,
                channel_id=channel_id,
                conditions=None if conditions is None else parse_conditions(conditions, at, about_messages=False),
                sandbox=sandbox,
                token_deregistration=token_deregistration,
            )

    def channel_group(
        self,
        key: str,
        channels: Sequence[str | ChannelRule],
        *,
        operator: Literal["any", "all"] = "any",
        name: str | None = None,
    ) -> ChannelGroup:
        """Declare a channel group, or replace it: a step that sends to it sends to the channels that its rules choose.

        Args:
            key: Key of the channel group, which steps refer to as to a channel.
            channels: Keys of channels of one type, which are always chosen, or a `ChannelRule` with a condition.
            operator: Whether the first rule that matches chooses (`any`), or every one (`all`).
            name: Name of the group; its key if absent.

        Returns:
            The channel group.

        Raises:
            TypeError: `channels` is one string instead of a list.
            ValueError: The channels have no or several types, or a rule is malformed.
        """
        if isinstance(channels, str):
            raise TypeError("channels: takes a list, not one string")
        with self._lock:
            group = channel_groups.build(self._world, key, channels, operator, name)
            self._world.channels.groups[key] = group
        return group

    def workflow(
        self,
        key: str,
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
            key: Key of the workflow, which triggers refer to.
            channels: Keys of the channels to send to, one step each, in order; `in_app_feed` if absent.
            delay: How long to wait before the channel steps.
            batch: How long to collect triggers for a recipient before the delay and the channel steps, or a `Batch`
                with more settings.
            templates: Templates of the messages by the channel's key, as in `Send`.
            steps: Instead of these four, all steps in order: `Send`, `Delay`, `Batch`, `Throttle`, `Branch`, `Cohort`,
                `Fetch`, `UpdateData`, `UpdateUser`, `UpdateObject`, `UpdateTenant`, `TriggerWorkflow`, `Wait`, `Agent`
                and `Guide`.
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
            ValueError: A channel is neither declared nor a channel type, the trigger frequency does not exist, or a
                step, template or condition is invalid.
            ImportError: Templates and schemas need the extra: `pip install 'knock-sdk[simulator]'`.
        """
        if isinstance(channels, str) or isinstance(categories, str):
            raise TypeError("channels and categories take lists, not one string")
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
        if steps is None:
            steps = _build_steps(
                key, _DEFAULT_CHANNELS if channels is None else channels, delay, batch, templates or {}
            )
        elif any(argument is not None for argument in (channels, delay, batch, templates)):
            raise ValueError(f"workflow {key}: takes either steps, or channels, delay, batch and templates")
        if data_schema is not None:
            from ..expressions.data_schema import check_schema

            check_schema(data_schema, f"workflow {key}")
        with self._lock:
            self._world.workflows[key] = Workflow(
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
        fields of its template. Layouts, partials and translations in the folders beside that of the
        workflows are declared too, as by `load_content`.

        Args:
            path: A `workflow.json`, the folder of a workflow, or a folder of such folders.
            unsupported: What to do with steps of a type that is not known: `refuse` raises, `skip` leaves them out.

        Returns:
            Keys of the workflows.

        Raises:
            ValueError: A file is malformed, has a field that does not exist, or contains a step that is not simulated;
                nothing is declared.
            OSError: A file cannot be read.
        """
        with self._lock:
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
            self._world.of(Variables).values.update(variables)

    def delivery(
        self,
        channel: str,
        *,
        outcome: delivery.Ending,
        failures: int | None = None,
        to: str | Mapping[str, str] | None = None,
        workflow: str | None = None,
        reason: str = "declared by the test",
    ) -> None:
        """Declare the outcome of deliveries from now on; if several declarations match a message, the last one applies.

        Args:
            channel: Key or type of the channel.
            outcome: The last status of a message: `delivered`, `sent`, `bounced` after it was sent, or `undelivered`.
            failures: Number of attempts that fail with `delivery_attempted` before the outcome, 0 if absent. For
                `undelivered`, the number of all attempts, 1 to 8; 8 attempts, which take 30 minutes, if absent.
            to: Only for this recipient: a user id, or an object's id and collection.
            workflow: Only for messages of the workflow with this key.
            reason: Reason given in the events of failures.

        Raises:
            TypeError: `failures` is not a number.
            ValueError: The outcome does not exist for this channel type, the number of failures is out of range, the
                channel is an in-app channel, or `workflow` is probably a misspelling of a declared one.
        """
        if failures is not None:
            check_type("failures", failures, int, "a number of attempts")
        with self._lock:
            refuse_misspelt("workflow", workflow, self._world.workflows)
            all_fail = outcome == "undelivered" and failures is None
            count = delivery.MOST_ATTEMPTS if all_fail else failures or 0
            delivery.check(self._world.channels.get(channel).type, outcome, count)
            recipient = None if to is None else reference_of(to)
            declared = delivery.Outcome(channel, outcome, count, recipient, workflow, reason)
            self._world.of(delivery.Outcomes).declared.append(declared)

    def click(self, message: str | t.Message, url: str) -> None:
        """Follow a link in a message as its recipient; link tracking records it.

        Args:
            message: The message, or its id.
            url: URL of the link.

        Raises:
            LookupError: There is no such message.
        """
        message_id = message if isinstance(message, str) else message.id
        with self._lock:
            found = self._world.messages.get(message_id)
            if found is None:
                raise LookupError(f"there is no message {message_id!r}; pass one of messages(), or its id")
            messages.follow_link(self._world, found, url)
            runs.deliver_signals(self._world)


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
