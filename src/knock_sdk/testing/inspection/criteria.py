"""Which messages a test means, and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import from_json

from ..._core.body import encode_body
from ..._core.type_guards import is_array, is_object
from ..recipients.profiles import reference_of
from ..state.json_objects import has_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..state.json_objects import JSON
    from ..state.records import Message, Skip
    from ..state.world import World

_SUBJECTS = ("subject_line", "title")
_NOT_TEXT = frozenset({"__typename", "connection", "from", "name", "to", "token", "type"})


class MessageCriteria(NamedTuple):
    """What a message has to be like; None leaves it open."""

    to: str | Mapping[str, str] | None = None
    channel: str | None = None
    workflow: str | None = None
    tenant: str | None = None
    status: str | None = None
    data: Mapping[str, object] | None = None
    subject: str | None = None
    contains: str | None = None

    def __str__(self) -> str:
        """Write what is wanted as it is written in a call."""
        return ", ".join(f"{name}={value!r}" for name, value in self._asdict().items() if value is not None)

    def matches(self, message: Message) -> bool:
        """Return whether a message is meant."""
        trigger = message.run.trigger
        return (
            (self.to is None or message.recipient == reference_of(self.to))
            and (self.channel is None or self.channel in (message.channel.key, message.channel.type))
            and (self.workflow is None or trigger.workflow.key == self.workflow)
            and (self.tenant is None or trigger.tenant == self.tenant)
            and (self.status is None or self.status == message.status or self.status in message.engagement)
            and (self.data is None or holds(message.data, self.data))
            and (self.subject is None or subject_of(message) == self.subject)
            and (self.contains is None or any(self.contains in text for text in texts_of(message)))
        )

    def means(self, world: World, skip: Skip) -> bool:
        """Return whether a message that was not made would have been meant, as far as that can be known."""
        channel = None if skip.channel is None else world.channels.by_key.get(skip.channel)
        kind = None if channel is None else channel.type
        return (
            (self.to is None or skip.to == reference_of(self.to).json())
            and (self.channel is None or skip.channel is None or self.channel in (skip.channel, kind))
            and (self.workflow is None or skip.workflow == self.workflow)
        )


def holds(data: JSON, wanted: Mapping[str, object]) -> bool:
    """Return whether data has certain values, among others; they are compared as what they are in JSON."""
    return has_values(data, as_json(wanted))


def as_json(value: Mapping[str, object]) -> JSON:
    """Return values as a request would carry them: times as text, and so on."""
    plain: JSON = from_json(encode_body(value))
    return plain


def subject_of(message: Message) -> str | None:
    """Return the subject of an email or the title of a push message; None for others."""
    contents = message.contents or {}
    return next((str(contents[name]) for name in _SUBJECTS if name in contents), None)


def texts_of(message: Message) -> Iterator[str]:
    """Go through the texts of what was rendered."""
    yield from _texts(message.contents)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif is_object(value):
        for name, inner in value.items():
            if name not in _NOT_TEXT:
                yield from _texts(inner)
    elif is_array(value):
        for inner in value:
            yield from _texts(inner)
