"""What tests declare about workflows: the channels, the workflows themselves, and how deliveries go."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from ..environment import Environment
from ..expressions.step_conditions import parse_conditions
from ..messaging import delivery, messages
from ..recipients.profiles import reference_of
from ..state.records import Workflow
from ..state.settings import Variables
from ..state.steps import Batch, Delay, Send
from . import planning, workflow_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

    from ...types import Message as MessageModel
    from ..state.records import Channel, TriggerFrequency
    from ..state.steps import Conditions, Step

_IN_APP = ("in_app_feed",)


class Declarations(Environment):
    """The part of the simulator that declares workflows."""

    def channel(
        self,
        key: str,
        *,
        type: str | None = None,
        provider: str | None = None,
        name: str | None = None,
        channel_id: str | None = None,
    ) -> Channel:
        """Declare a channel, or look one up by its key alone.

        Args:
            key: Key of the channel, by which `workflow` refers to it.
            type: Kind of channel: `chat`, `email`, `http`, `in_app_feed`, `push` or `sms`. A key that is one of these
                needs no declaration.
            provider: Name of the provider; a usual one for the type if absent.
            name: Name of the channel, its key if absent.
            channel_id: Its UUID; one made from the key if absent.

        Returns:
            The channel: preference sets and channel data name it by its `id`.

        Raises:
            ValueError: The key is not known and the type is missing or unknown.
        """
        with self._lock:
            if type is None and provider is None and name is None and channel_id is None:
                return self._world.channels.get(key)
            return self._world.channels.declare(key, type or key, provider=provider, name=name, channel_id=channel_id)

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
        """Declare a workflow; one that exists is replaced, and runs that wait go on as they began.

        Args:
            key: Key that triggers name it by.
            channels: Keys of the channels that it sends to, one step each, in order; `in_app_feed` if absent.
            delay: How long to wait before that.
            batch: How long to gather what is triggered for a recipient before all that, or a whole batch step.
            templates: What messages say, by the channel's key, as in `Send`.
            steps: Instead of these four, the steps: `Send`, `Delay`, `Batch` and `Throttle`, in order.
            name: Name of the workflow, its key if absent.
            categories: Categories that preferences can refer to.
            active: False makes a trigger fail with `workflow_inactive`.
            commercial: Whether recipients who refuse commercial messages are left out.
            override_preferences: Whether preferences are ignored.
            conditions: A recipient's run ends at once unless they hold, as in `Send`.
            trigger_frequency: How often a recipient's run may begin: `every_trigger`, `once_per_recipient` or
                `once_per_recipient_per_tenant`.
            data_schema: JSON schema; a trigger whose data does not satisfy it fails with field errors.

        Raises:
            ValueError: A channel is neither declared nor the name of a type, or a step or template makes no sense.
            ImportError: Templates and schemas need the extra: `pip install 'knock-sdk[simulator]'`.
        """
        if isinstance(channels, str) or isinstance(categories, str):
            raise TypeError("channels and categories take lists, not one string")
        if steps is None:
            steps = _steps(key, _IN_APP if channels is None else channels, delay, batch, templates or {})
        elif any(short is not None for short in (channels, delay, batch, templates)):
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
        """Declare workflows from files as Knock's CLI pulls them, `workflow.json` with the templates beside it.

        Channels that the files name and that are not declared yet are declared with the type that the step gives.

        Args:
            path: A `workflow.json`, the folder of a workflow, or a folder of such folders.
            unsupported: What becomes of steps that the simulator does not have, such as `http_fetch`: `refuse` raises,
                `skip` passes over them.

        Returns:
            Keys of the workflows.

        Raises:
            ValueError: A file is malformed, or has a step that the simulator does not have; nothing is declared.
            OSError: A file cannot be read.
        """
        with self._lock:
            found = workflow_files.load(path, skip_unsupported=unsupported == "skip")
            channels, workflows = dict(self._world.channels.by_key), dict(self._world.workflows)
            try:
                for each in found:
                    self._declare(each)
            except Exception:
                self._world.channels.by_key, self._world.workflows = channels, workflows
                raise
        return [each.key for each in found]

    def _declare(self, loaded: workflow_files.Loaded) -> None:
        for channel, kind in loaded.channels.items():
            if channel not in self._world.channels.by_key:
                self._world.channels.declare(channel, kind)
        try:
            self.workflow(loaded.key, **loaded.options)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{loaded.file}: {error}") from error

    def set_variables(self, variables: Mapping[str, object]) -> None:
        """Set variables of the environment, which templates and conditions know as `vars`.

        Args:
            variables: The variables, by name; others stay as they are.
        """
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
        """Declare how deliveries go from now on; of several that match a message, the last one counts.

        Args:
            channel: Key or type of the channel.
            outcome: The status in which a message ends: `delivered` or `sent` as usual, `bounced` after it was sent, or
                `undelivered`.
            failures: How many attempts fail first, each as a `delivery_attempted`; for `undelivered`, how many there
                are in all, of up to 8 over 30 minutes. If absent, none, or for `undelivered` all 8.
            to: Only for this recipient: a user id, or an object's id and collection.
            workflow: Only for messages of the workflow with this key.
            reason: What the events of failures say.

        Raises:
            ValueError: The outcome is none of these, the number of failures is not possible, or the channel is in-app.
        """
        with self._lock:
            all_fail = outcome == "undelivered" and failures is None
            count = delivery.MOST_ATTEMPTS if all_fail else failures or 0
            delivery.check(self._world.channels.get(channel).type, outcome, count)
            recipient = None if to is None else reference_of(to)
            declared = delivery.Outcome(channel, outcome, count, recipient, workflow, reason)
            self._world.of(delivery.Outcomes).declared.append(declared)

    def click(self, message: str | MessageModel, url: str) -> None:
        """Follow a link in a message as its recipient, which link tracking sees.

        Args:
            message: The message, or its id.
            url: Where the link leads.

        Raises:
            LookupError: There is no such message.
        """
        name = message if isinstance(message, str) else message.id
        with self._lock:
            found = self._world.messages.get(name)
            if found is None:
                raise LookupError(f"there is no message {name!r}")
            messages.follow_link(self._world, found, url)


def _steps(
    workflow: str,
    channels: Sequence[str],
    delay: timedelta | None,
    batch: timedelta | Batch | None,
    templates: Mapping[str, Mapping[str, object]],
) -> list[Step]:
    """Return the steps that the short way of declaring a workflow means."""
    if unused := templates.keys() - set(channels):
        raise ValueError(f"workflow {workflow}: templates for {', '.join(sorted(unused))}, which it does not send to")
    steps: list[Step] = []
    if batch is not None:
        steps.append(Batch(batch) if isinstance(batch, timedelta) else batch)
    if delay is not None:
        steps.append(Delay(delay))
    steps.extend(Send(channel, templates.get(channel)) for channel in channels)
    return steps
