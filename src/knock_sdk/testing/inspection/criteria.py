"""Criteria for messages in queries and assertions, and the texts of a message."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - annotations can be evaluated
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import from_json

from ..._core.type_guards import is_array, is_object
from ..._core.values.body import encode_body
from ..recipients.profiles import reference_of
from ..state.channels import GUIDE
from ..state.json_objects import has_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..state.json_objects import JSON
    from ..state.records import Channel, Message, Skip
    from ..state.world import World

_SUBJECTS = ("subject_line", "title")
_NOT_TEXT = frozenset({"__typename", "connection", "from", "name", "to", "token", "type"})


class MessageCriteria(NamedTuple):
    """Properties that a message must have; None stands for any value."""

    to: str | Mapping[str, str] | None = None
    channel: str | None = None
    workflow: str | None = None
    tenant: str | None = None
    status: str | None = None
    data: Mapping[str, object] | None = None
    subject: str | None = None
    contains: str | None = None

    def __str__(self) -> str:
        """Return the criteria in the form of keyword arguments."""
        return ", ".join(f"{name}={value!r}" for name, value in self._asdict().items() if value is not None)

    def matches(self, message: Message) -> bool:
        """Return whether a message matches."""
        trigger = message.run.trigger
        return (
            (self.to is None or message.recipient == reference_of(self.to))
            and self._names(message.channel)
            and (self.workflow is None or trigger.workflow.key == self.workflow)
            and (self.tenant is None or trigger.tenant == self.tenant)
            and (self.status is None or self.status == message.status or self.status in message.engagement)
            and (self.data is None or includes(message.data, self.data))
            and (self.subject is None or subject_of(message) == self.subject)
            and (self.contains is None or any(self.contains in text for text in texts_of(message)))
        )

    def _names(self, channel: Channel) -> bool:
        """Return whether a channel is meant; those of guides only by name, since Knock does not count them as sent."""
        if self.channel is None:
            return channel.type != GUIDE
        return self.channel in (channel.key, channel.type)

    def matches_skip(self, world: World, skip: Skip) -> bool:
        """Return whether a skip matches by recipient, channel and workflow; a skip without a channel matches any."""
        channel = None if skip.channel is None else world.channels.by_key.get(skip.channel)
        channel_type = None if channel is None else channel.type
        return (
            (self.to is None or skip.to == reference_of(self.to).json())
            and (self.channel is None or skip.channel is None or self.channel in (skip.channel, channel_type))
            and (self.workflow is None or skip.workflow == self.workflow)
        )

    def matches_waiting(self, to: str | dict[str, str], workflow: str) -> bool:
        """Return whether what waits matches by recipient and workflow."""
        return (self.to is None or to == reference_of(self.to).json()) and self.workflow in (None, workflow)


def includes(data: JSON, wanted: Mapping[str, object]) -> bool:
    """Return whether data has these values, possibly among others, compared in their JSON form."""
    return has_values(data, as_json(wanted))


def as_json(value: Mapping[str, object]) -> JSON:
    """Return values in the form that they have in a request body, such as times as text."""
    decoded: JSON = from_json(encode_body(value))
    return decoded


def subject_of(message: Message) -> str | None:
    """Return the subject of an email or the title of a push message; None for other messages."""
    contents = message.contents or {}
    return next((str(contents[name]) for name in _SUBJECTS if name in contents), None)


def texts_of(message: Message) -> Iterator[str]:
    """Iterate over the texts of a rendered message."""
    yield from _texts_in(message.contents)


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif is_object(value):
        for name, inner in value.items():
            if name not in _NOT_TEXT:
                yield from _texts_in(inner)
    elif is_array(value):
        for inner in value:
            yield from _texts_in(inner)
