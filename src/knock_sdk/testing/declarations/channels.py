"""Declarations of channels, of channel groups, and of the outcomes of deliveries."""

# ruff: noqa: TC001, TC003 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from ..environment import Environment
from ..expressions.conditions.step_conditions import parse_conditions
from ..messaging import delivery
from ..recipients.profiles import reference_of
from ..state.arguments import check_optional, check_recipient, check_type
from ..state.names import refuse_misspelt
from ..state.records import Channel, ChannelGroup
from ..state.steps.condition_types import Conditions
from . import channel_groups
from .channel_groups import ChannelRule


class ChannelDeclarations(Environment):
    """Declarations of the channels that workflows send to, and of what becomes of messages on them."""

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
            conditions: Conditions of the channel, in the form of those of `Send`; unless they hold, steps make no
                messages on it. They cannot be about the messages of earlier steps.
            sandbox: Whether messages are made and not sent, and conditions of the channel do not count; not for in-app
                channels. False if absent.
            token_deregistration: Whether the token of a push message that bounces is removed from the recipient's
                channel data. True if absent.

        Returns:
            The channel. Preference sets and channel data refer to its `id`.

        Raises:
            TypeError: `conditions` is malformed, or an argument has a wrong type.
            ValueError: The type is unknown, no type is given and the key is neither declared nor a channel type, a
                condition is malformed or about a message, or an in-app channel is in sandbox mode.
        """
        check_type("key", key, str, "the key of the channel")
        check_optional(str, "text", type=type, provider=provider, name=name, channel_id=channel_id)
        check_optional(bool, "True or False", sandbox=sandbox, token_deregistration=token_deregistration)
        at = f"channel {key}, conditions"
        with self._lock:
            self._world.note("declaration")
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
            self._world.note("declaration")
            group = channel_groups.build(self._world, key, channels, operator, name)
            self._world.channels.groups[key] = group
        return group

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
            TypeError: `failures` is not a number, or `to` is no reference to a recipient.
            ValueError: `to` has no id, the outcome does not exist for this channel type, the number of failures is out
                of range, the channel is an in-app channel, or `workflow` is probably a misspelling of a declared one.
        """
        if failures is not None:
            check_type("failures", failures, int, "a number of attempts")
        check_recipient("to", to)
        with self._lock:
            self._world.note("declaration")
            refuse_misspelt("workflow", workflow, self._world.workflows)
            all_fail = outcome == "undelivered" and failures is None
            count = delivery.MOST_ATTEMPTS if all_fail else failures or 0
            delivery.check(self._world.channels.get(channel).type, outcome, count)
            recipient = None if to is None else reference_of(to)
            declared = delivery.Outcome(channel, outcome, count, recipient, workflow, reason)
            self._world.of(delivery.Outcomes).declared.append(declared)
