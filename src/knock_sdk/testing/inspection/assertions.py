"""What tests ask about what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from ..environment import Environment
from ..messaging import messages
from ..recipients.profiles import reference_of
from ..state.rows import OrderedRows
from .criteria import MessageCriteria, as_json
from .report import tell, tell_triggers
from .triggers import triggers_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...types import Message as MessageModel
    from ..http.exchange import ReceivedRequest
    from ..state.records import Message, Skip
    from .triggers import Triggered


class Inspection(Environment):
    """Messages, what was not sent, triggers and requests; and assertions about them."""

    @property
    def requests(self) -> list[ReceivedRequest]:
        """Every request that was received, in order."""
        with self._lock:
            return list(self._received)

    @property
    def triggers(self) -> list[Triggered]:
        """Every call that triggered a workflow, in order; those that only repeat an idempotency key are left out."""
        return triggers_in(self.requests)

    @property
    def outbox(self) -> list[MessageModel]:
        """All messages that were made, oldest first, as the client's models."""
        return self.messages()

    def messages(
        self,
        *,
        to: str | Mapping[str, str] | None = None,
        channel: str | None = None,
        workflow: str | None = None,
        tenant: str | None = None,
        status: str | None = None,
    ) -> list[MessageModel]:
        """Return the messages that were made, oldest first, as the client's models.

        Args:
            to: Only those to this recipient: a user id, or an object's id and collection.
            channel: Only those on the channel with this key, or on channels of this type.
            workflow: Only those of the workflow with this key.
            tenant: Only those of the tenant with this id.
            status: Only those with this delivery status, such as `delivered`, or engagement status, such as `read`.
        """
        return self._found(MessageCriteria(to, channel, workflow, tenant, status))

    def skips(
        self,
        *,
        to: str | Mapping[str, str] | None = None,
        channel: str | None = None,
        workflow: str | None = None,
    ) -> list[Skip]:
        """Return what was not sent although a workflow was triggered, and why, oldest first.

        Args:
            to: Only what this recipient did not get: a user id, or an object's id and collection.
            channel: Only what the channel with this key, or channels of this type, would have carried.
            workflow: Only what the workflow with this key would have sent.
        """
        wanted = MessageCriteria(to, channel, workflow)
        with self._lock:
            return [
                skip
                for skip in self._world.skips
                if wanted.means(self._world, skip) and (channel is None or skip.channel is not None)
            ]

    def assert_sent(
        self,
        *,
        to: str | Mapping[str, str] | None = None,
        channel: str | None = None,
        workflow: str | None = None,
        tenant: str | None = None,
        status: str | None = None,
        data: Mapping[str, object] | None = None,
        subject: str | None = None,
        contains: str | None = None,
        count: int | None = 1,
    ) -> list[MessageModel]:
        """Fail unless such messages were made, and tell what was sent instead.

        Args:
            to: The recipient: a user id, or an object's id and collection.
            channel: Key or type of the channel.
            workflow: Key of the workflow.
            tenant: Id of the tenant.
            status: Delivery or engagement status.
            data: Values that the data of the message holds, perhaps among others.
            subject: Subject of an email, or title of a push message.
            contains: What one of the texts of the message contains, as it was rendered.
            count: How many there are; None for one or more.

        Returns:
            The messages.

        Raises:
            AssertionError: There are more, or fewer.
        """
        __tracebackhide__ = True  # pytest then points at the test
        wanted = MessageCriteria(to, channel, workflow, tenant, status, data, subject, contains)
        found = self._found(wanted)
        if not found if count is None else len(found) != count:
            due = "at least 1" if count is None else str(count)
            self._fail(f"assert_sent({wanted}): {due} expected, {len(found)} found", wanted)
        return found

    def assert_not_sent(
        self,
        *,
        to: str | Mapping[str, str] | None = None,
        channel: str | None = None,
        workflow: str | None = None,
        tenant: str | None = None,
        status: str | None = None,
        data: Mapping[str, object] | None = None,
        subject: str | None = None,
        contains: str | None = None,
    ) -> None:
        """Fail if such a message was made, and tell what was sent.

        Args:
            to: The recipient: a user id, or an object's id and collection.
            channel: Key or type of the channel.
            workflow: Key of the workflow.
            tenant: Id of the tenant.
            status: Delivery or engagement status.
            data: Values that the data of the message holds, perhaps among others.
            subject: Subject of an email, or title of a push message.
            contains: What one of the texts of the message contains, as it was rendered.

        Raises:
            AssertionError: There is one.
        """
        __tracebackhide__ = True  # pytest then points at the test
        wanted = MessageCriteria(to, channel, workflow, tenant, status, data, subject, contains)
        if found := self._found(wanted):
            self._fail(f"assert_not_sent({wanted}): {len(found)} found", wanted)

    def assert_triggered(
        self,
        workflow: str,
        *,
        recipients: Sequence[str | Mapping[str, str]] | None = None,
        data: Mapping[str, object] | None = None,
        actor: str | Mapping[str, str] | None = None,
        tenant: str | None = None,
        count: int | None = 1,
    ) -> list[Triggered]:
        """Fail unless a workflow was triggered like this, and tell what was triggered instead.

        Args:
            workflow: Key of the workflow.
            recipients: Whom the call named, all of them, in any order: user ids, or ids and collections of objects.
            data: Values that the data holds, perhaps among others.
            actor: Who acted.
            tenant: Id of the tenant.
            count: How many such calls; None for one or more.

        Returns:
            The calls.

        Raises:
            AssertionError: There are more, or fewer.
            TypeError: The recipients are one string instead of a list.
        """
        __tracebackhide__ = True
        if isinstance(recipients, str):
            raise TypeError("recipients takes a list, not one string")
        triggers = self.triggers
        found = [trigger for trigger in triggers if trigger.matches(workflow, recipients, data, actor, tenant)]
        if not found if count is None else len(found) != count:
            due = "at least 1" if count is None else str(count)
            told = tell_triggers(triggers, () if data is None else as_json(data))
            self._fail(f"assert_triggered({workflow!r}): {due} expected, {len(found)} found\n{told}", MessageCriteria())
        return found

    def summary(self) -> str:
        """Return what was sent, what was not and why, and which requests failed, as a text for people."""
        return self._told(MessageCriteria())

    def _found(self, wanted: MessageCriteria) -> list[MessageModel]:
        from ...types import Message as MessageModel

        with self._lock:
            world = self._world
            rows: OrderedRows[Message] = world.message_order
            if wanted.to is not None:
                rows = world.messages_of.get(reference_of(wanted.to), OrderedRows())
            shown = [messages.render(message) for _, message in rows.iterate() if wanted.matches(message)]
        return [MessageModel.model_validate(message) for message in shown]

    def _fail(self, problem: str, wanted: MessageCriteria) -> NoReturn:
        __tracebackhide__ = True
        raise AssertionError(f"{problem}\n{self._told(wanted)}")

    def _told(self, wanted: MessageCriteria) -> str:
        with self._lock:
            return tell(self._world, self._received, wanted)
