"""Queries and assertions on messages, skips, triggers and requests."""

# ruff: noqa: TC001, TC003 - annotations of public methods can be evaluated
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from ... import types as t
from ...workflows import Workflow
from ...workflows._workflow import key_of
from ..environment import Environment
from ..http.exchange import ReceivedRequest
from ..messaging import messages
from ..recipients.profiles import reference_of
from ..state.outside import Outside
from ..state.records import Message, Skip
from ..state.rows import OrderedRows
from .criteria import MessageCriteria, as_json
from .names import check_count, check_criteria, check_recipient, check_workflow
from .report import render_report, render_triggers
from .triggers import Triggered, triggers_in
from .waiting import Waiting, list_waiting


class Inspection(Environment):
    """Queries and assertions on messages, skips, triggers and requests."""

    @property
    def requests(self) -> list[ReceivedRequest]:
        """All received requests, oldest first."""
        with self._lock:
            return list(self._received)

    @property
    def triggers(self) -> list[Triggered]:
        """All calls that triggered a workflow, oldest first; replays for an idempotency key are left out."""
        return triggers_in(self.requests)

    @property
    def outbox(self) -> list[t.Message]:
        """All messages except those of guides, oldest first, as the client's models."""
        return self.messages()

    def messages(
        self,
        *,
        to: str | Mapping[str, str] | None = None,
        channel: str | None = None,
        workflow: str | Workflow[Any] | None = None,
        tenant: str | None = None,
        status: str | None = None,
    ) -> list[t.Message]:
        """Return the messages that match, oldest first, as the client's models.

        Messages of guides, which a user's first engagement makes, are among them only if `channel` asks for them: Knock
        does not count them as sent.

        Args:
            to: Only messages to this recipient: a user id, or an object's id and collection.
            channel: Only messages on the channel with this key, or on channels of this type.
            workflow: Only messages of the workflow with this key, or of this `Workflow`.
            tenant: Only messages of the tenant with this id.
            status: Only messages with this delivery status, such as `delivered`, or engagement status, such as `read`.

        Raises:
            TypeError: A value is of a type that no message has.
            ValueError: There is no such workflow, channel, status or collection. Keys of workflows are checked if
                workflows are declared.
        """
        return self._find_messages(MessageCriteria(to, channel, key_of(workflow), tenant, status))

    def skips(
        self,
        *,
        to: str | Mapping[str, str] | None = None,
        channel: str | None = None,
        workflow: str | Workflow[Any] | None = None,
    ) -> list[Skip]:
        """Return the messages that a triggered workflow did not make, each with the reason, oldest first.

        Args:
            to: Only messages to this recipient: a user id, or an object's id and collection.
            channel: Only messages on the channel with this key, or on channels of this type.
            workflow: Only messages of the workflow with this key, or of this `Workflow`.

        Raises:
            TypeError: A value is of a type that no skip has.
            ValueError: There is no such workflow, channel or collection. Keys of workflows are checked if
                workflows are declared.
        """
        wanted = MessageCriteria(to, channel, key_of(workflow))
        with self._lock:
            check_criteria(self._world, wanted)
            return [
                skip
                for skip in self._world.skips
                if wanted.matches_skip(self._world, skip) and (channel is None or skip.channel is not None)
            ]

    def waiting(
        self, *, to: str | Mapping[str, str] | None = None, workflow: str | Workflow[Any] | None = None
    ) -> list[Waiting]:
        """Return the runs that wait at a step, and the schedules with a next occurrence, in the order of their times.

        They continue when `advance` reaches that time.

        Args:
            to: Only those for this recipient: a user id, or an object's id and collection.
            workflow: Only those of the workflow with this key, or of this `Workflow`.

        Raises:
            TypeError: A value is of a type that no recipient or key has.
            ValueError: There is no such workflow or collection, as for `messages`.
        """
        wanted = MessageCriteria(to, workflow=key_of(workflow))
        with self._lock:
            check_criteria(self._world, wanted)
            return list_waiting(self._world, wanted)

    def assert_sent(
        self,
        *,
        to: str | Mapping[str, str] | None = None,
        channel: str | None = None,
        workflow: str | Workflow[Any] | None = None,
        tenant: str | None = None,
        status: str | None = None,
        data: Mapping[str, object] | None = None,
        subject: str | None = None,
        contains: str | None = None,
        count: int | None = 1,
    ) -> list[t.Message]:
        """Assert that messages were made; if not, the error shows what was sent instead.

        Args:
            to: The recipient: a user id, or an object's id and collection.
            channel: Key or type of the channel.
            workflow: Key of the workflow, or a `Workflow`.
            tenant: Id of the tenant.
            status: Delivery or engagement status.
            data: Values that the data of the message must have; it may have others.
            subject: Subject of an email, or title of a push message.
            contains: Text that the rendered message must contain in one of its fields.
            count: Number of messages that match; None for one or more.

        Returns:
            The messages that match.

        Raises:
            AssertionError: More or fewer messages match.
            TypeError: A value is of a type that no message has.
            ValueError: There is no such workflow, channel, status or collection. Keys of workflows are checked if
                workflows are declared.
        """
        __tracebackhide__ = True  # pytest then points at the test
        wanted = MessageCriteria(to, channel, key_of(workflow), tenant, status, data, subject, contains)
        check_count(count)
        found = self._find_messages(wanted)
        if not found if count is None else len(found) != count:
            expected = "at least 1" if count is None else str(count)
            self._fail(f"assert_sent({wanted}): {expected} expected, {len(found)} found", wanted)
        return found

    def assert_not_sent(
        self,
        *,
        to: str | Mapping[str, str] | None = None,
        channel: str | None = None,
        workflow: str | Workflow[Any] | None = None,
        tenant: str | None = None,
        status: str | None = None,
        data: Mapping[str, object] | None = None,
        subject: str | None = None,
        contains: str | None = None,
    ) -> None:
        """Assert that no message matches; if one does, the error shows what was sent.

        It fails too if a run ended because something of the world outside was not declared: the error says what.

        Args:
            to: The recipient: a user id, or an object's id and collection.
            channel: Key or type of the channel.
            workflow: Key of the workflow, or a `Workflow`.
            tenant: Id of the tenant.
            status: Delivery or engagement status.
            data: Values that the data of the message must have; it may have others.
            subject: Subject of an email, or title of a push message.
            contains: Text that the rendered message must contain in one of its fields.

        Raises:
            AssertionError: A message matches.
            TypeError: A value is of a type that no message has.
            ValueError: There is no such workflow, channel, status or collection. Keys of workflows are checked if
                workflows are declared.
        """
        __tracebackhide__ = True  # pytest then points at the test
        wanted = MessageCriteria(to, channel, key_of(workflow), tenant, status, data, subject, contains)
        if found := self._find_messages(wanted):
            self._fail(f"assert_not_sent({wanted}): {len(found)} found", wanted)
        # A step that failed for want of a declaration would let this assertion pass by mistake.
        for missing in self._world.of(Outside).missing:
            if wanted.workflow in (None, missing.workflow) and (to is None or reference_of(to) == missing.recipient):
                self._fail(f"assert_not_sent({wanted}): a run ended early: {missing.message}", wanted)

    def assert_triggered(
        self,
        workflow: str | Workflow[Any],
        *,
        recipients: Sequence[str | Mapping[str, str]] | None = None,
        data: Mapping[str, object] | None = None,
        actor: str | Mapping[str, str] | None = None,
        tenant: str | None = None,
        count: int | None = 1,
    ) -> list[Triggered]:
        """Assert that a workflow was triggered; if not, the error shows what was triggered instead.

        Args:
            workflow: Key of the workflow, or a `Workflow`.
            recipients: All recipients of the call, in any order: user ids, or ids and collections of objects.
            data: Values that the data of the call must have; it may have others.
            actor: The actor: a user id, or an object's id and collection.
            tenant: Id of the tenant.
            count: Number of calls that match; None for one or more.

        Returns:
            The calls that match.

        Raises:
            AssertionError: More or fewer calls match.
            TypeError: `recipients` is one string instead of a list, or a value is of a type that no trigger has.
            ValueError: There is no such workflow or collection. Keys of workflows are checked if workflows are
                declared.
        """
        __tracebackhide__ = True
        if isinstance(recipients, str):
            raise TypeError("recipients: takes a list, not one string")
        check_count(count)
        key: Any = key_of(workflow)
        with self._lock:
            check_workflow(self._world, key)
            check_criteria(self._world, MessageCriteria(tenant=tenant, data=data))
            for number, recipient in enumerate(recipients or ()):
                check_recipient(self._world, f"recipients[{number}]", recipient)
            check_recipient(self._world, "actor", actor)
        triggers = self.triggers
        found = [trigger for trigger in triggers if trigger.matches(key, recipients, data, actor, tenant)]
        if not found if count is None else len(found) != count:
            expected = "at least 1" if count is None else str(count)
            problem = f"assert_triggered({key!r}): {expected} expected, {len(found)} found"
            shown = render_triggers(triggers, () if data is None else as_json(data))
            self._fail(f"{problem}\n{shown}", MessageCriteria())
        return found

    def summary(self) -> str:
        """Return a text that lists messages, what waits, skips with their reasons, and the requests that failed."""
        return self._render_report(MessageCriteria())

    def _find_messages(self, wanted: MessageCriteria) -> list[t.Message]:
        __tracebackhide__ = True
        with self._lock:
            world = self._world
            check_criteria(world, wanted)
            rows: OrderedRows[Message] = world.message_order
            if wanted.to is not None:
                rows = world.messages_of.get(reference_of(wanted.to), OrderedRows())
            rendered = [messages.render(message) for _, message in rows.iterate() if wanted.matches(message)]
        return [t.Message.model_validate(message) for message in rendered]

    def _fail(self, problem: str, wanted: MessageCriteria) -> NoReturn:
        __tracebackhide__ = True
        raise AssertionError(f"{problem}\n{self._render_report(wanted)}")

    def _render_report(self, wanted: MessageCriteria) -> str:
        with self._lock:
            return render_report(self._world, self._received, wanted)
