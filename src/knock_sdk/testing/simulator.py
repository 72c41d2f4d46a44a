"""The simulator as tests see it: clients, declarations, time and questions."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from typing_extensions import override

from . import bodies, messages, timeline
from .application import handle
from .clock import START
from .engines import AsyncSimulatorEngine, SimulatorEngine
from .recipients import reference_of
from .records import Workflow
from .series import Series
from .world import World

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from typing_extensions import Unpack

    from .. import AsyncKnock, Knock
    from .._async.client import ClientOptions
    from ..types import Message as MessageModel
    from .errors import FieldProblem
    from .exchange import HTTPRequest, HTTPResponse, ReceivedRequest
    from .records import Channel, Message, Skip

API_KEY = "sk_test_simulator"
BASE_URL = "https://api.knock.app"


class Simulator:
    """A Knock environment in memory.

    Clients that it makes talk to it without a socket. Its time stands still until `advance` moves it, its ids come from
    a seed, and it may be used by many threads at once.
    """

    def __init__(
        self,
        *,
        now: datetime = START,
        seed: int = 0,
        any_workflow: bool | None = None,
        default_preferences: Mapping[str, object] | None = None,
    ) -> None:
        """Start with nothing in it.

        Args:
            now: What the clock shows at first, with a time zone.
            seed: Where ids come from: the same calls with the same seed give the same ids.
            any_workflow: Whether a workflow that was not declared may be triggered, and sends one in-app message; if
                None, only as long as no workflow is declared. Otherwise it is answered with `workflow_missing`.
            default_preferences: The environment's default preference set, below those of tenants and recipients.

        Raises:
            ValueError: The time has no time zone, or the preference set is malformed.
        """
        if now.tzinfo is None:
            raise ValueError("now: takes a time with a time zone")
        self._lock = Lock()
        self._world = World(now, seed, any_workflow=any_workflow)
        self._received: list[ReceivedRequest] = []
        if default_preferences is not None:
            problems: list[FieldProblem] = []
            bodies.PREFERENCE_SET(dict(default_preferences), "default_preferences", problems)
            if problems:
                raise ValueError(f"{problems[0].field}: {problems[0].message}")
            self._world.default_preferences = dict(default_preferences)

    def client(self, **options: Unpack[ClientOptions]) -> Knock:
        """Return a client that talks to this simulator.

        Args:
            **options: Settings as in `Knock.with_options`; without `api_key`, a secret key for tests is used.
        """
        from .. import Knock

        client = Knock(api_key=API_KEY, base_url=BASE_URL, http_client=SimulatorEngine(self.handle))
        return client.with_options(**options) if options else client

    def async_client(self, **options: Unpack[ClientOptions]) -> AsyncKnock:
        """Return an asynchronous client that talks to this simulator.

        Args:
            **options: Settings as in `AsyncKnock.with_options`; without `api_key`, a secret key for tests is used.
        """
        from .. import AsyncKnock

        client = AsyncKnock(api_key=API_KEY, base_url=BASE_URL, http_client=AsyncSimulatorEngine(self.handle))
        return client.with_options(**options) if options else client

    def handle(self, request: HTTPRequest) -> HTTPResponse:
        """Answer an HTTP request; clients do nothing else."""
        with self._lock:
            response, received = handle(self._world, request)
            self._received.append(received)
        return response

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
                return self._world.channel(key)
            return self._world.declare_channel(key, type or key, provider=provider, name=name, channel_id=channel_id)

    def workflow(
        self,
        key: str,
        *,
        channels: Sequence[str] = ("in_app_feed",),
        name: str | None = None,
        categories: Sequence[str] = (),
        active: bool = True,
        commercial: bool = False,
        override_preferences: bool = False,
    ) -> None:
        """Declare a workflow; one that exists is replaced.

        Args:
            key: Key that triggers name it by.
            channels: Keys of the channels that it sends to, one step each, in order.
            name: Name of the workflow, its key if absent.
            categories: Categories that preferences can refer to.
            active: False makes a trigger fail with `workflow_inactive`.
            commercial: Whether recipients who refuse commercial messages are left out.
            override_preferences: Whether preferences are ignored.

        Raises:
            ValueError: A channel is neither declared nor the name of a type.
        """
        if isinstance(channels, str) or isinstance(categories, str):
            raise TypeError("channels and categories take lists, not one string")
        with self._lock:
            self._world.workflows[key] = Workflow(
                key=key,
                name=name or key,
                version_id=self._world.ids.uuid(),
                channels=tuple(self._world.channel(channel).key for channel in channels),
                categories=tuple(categories),
                active=active,
                commercial=commercial,
                override_preferences=override_preferences,
            )

    @property
    def now(self) -> datetime:
        """What the clock shows."""
        return self._world.clock.now

    def advance(
        self, wait: timedelta | None = None, *, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> None:
        """Let time pass: what falls due on the way happens, such as the delivery of an email.

        Args:
            wait: How much time, added to the hours, minutes and seconds.
            hours: Hours to add.
            minutes: Minutes to add.
            seconds: Seconds to add.

        Raises:
            ValueError: The time would go backwards.
        """
        total = (wait or timedelta()) + timedelta(hours=hours, minutes=minutes, seconds=seconds)
        if total < timedelta():
            raise ValueError("time does not go backwards")
        with self._lock:
            timeline.advance(self._world, self._world.clock.now + total)

    @property
    def requests(self) -> list[ReceivedRequest]:
        """Every request that was received, in order."""
        with self._lock:
            return list(self._received)

    def messages(
        self,
        *,
        to: str | Mapping[str, str] | None = None,
        channel: str | None = None,
        workflow: str | None = None,
    ) -> list[MessageModel]:
        """Return the messages that were made, oldest first, as the client's models.

        Args:
            to: Only those to this recipient: a user id, or an object's id and collection.
            channel: Only those on the channel with this key, or on channels of this type.
            workflow: Only those of the workflow with this key.
        """
        from ..types import Message as MessageModel

        wanted = None if to is None else reference_of(to)

        def matches(message: Message) -> bool:
            return (
                (wanted is None or message.recipient == wanted)
                and (channel is None or channel in (message.channel.key, message.channel.type))
                and (workflow is None or message.run.trigger.workflow.key == workflow)
            )

        with self._lock:
            rows = self._world.message_order if wanted is None else self._world.messages_of.get(wanted, Series())
            shown = [messages.render(message) for _, message in rows.walk() if matches(message)]
        return [MessageModel.model_validate(message) for message in shown]

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
            channel: Only what the channel with this key would have carried.
            workflow: Only what the workflow with this key would have sent.
        """
        wanted = None if to is None else reference_of(to).json()
        with self._lock:
            return [
                skip
                for skip in self._world.skips
                if (wanted is None or skip.to == wanted)
                and (channel is None or skip.channel == channel)
                and (workflow is None or skip.workflow == workflow)
            ]

    @override
    def __repr__(self) -> str:
        requests, made = len(self._received), len(self._world.messages)
        return f"<Simulator at {self.now.isoformat()}: {requests} requests, {made} messages>"
