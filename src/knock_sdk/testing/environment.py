"""A simulated environment: its state behind a lock, its clock, and the handling of requests."""

from __future__ import annotations

import os  # noqa: TC003 - needed to evaluate the annotations
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from math import isnan

from .._core.nested_calls import nesting
from .._core.secret import hide
from .._core.type_guards import is_mapping
from .application import handle
from .background import timeline
from .http.contract_data import load_contract
from .http.exchange import ConnectionDropped, HTTPRequest, HTTPResponse, ReceivedRequest
from .http.fault_plan import FaultPlan
from .http.signing_key import SecureMode, read_public_key
from .state.arguments import check_moment, check_type
from .state.changes import Change  # noqa: TC001 - needed to evaluate the annotations
from .state.clock import START
from .state.lock import StateLock
from .state.names import did_you_mean
from .state.world import World
from .validation.requests import check_value
from .webhook_sender import WebhookSender

_TOO_LATE = "the clock can be advanced to the year 9999 at most"


class Environment:
    """The state, clock and faults that all methods of `Simulator` share."""

    def __init__(
        self,
        *,
        now: datetime = START,
        seed: int = 0,
        any_workflow: bool | None = None,
        default_preferences: Mapping[str, object] | None = None,
        signing_key: str | bytes | os.PathLike[str] | None = None,
    ) -> None:
        """Create an empty environment.

        Args:
            now: Initial time of the clock, with a time zone.
            seed: Seed of the ids: the same calls with the same seed create the same ids.
            any_workflow: Whether undeclared workflows may be triggered; each sends one in-app message. If None, they
                may be triggered as long as no workflow is declared. Otherwise, the error is `workflow_missing`.
            default_preferences: The environment's default preference set, which those of tenants and recipients
                override.
            signing_key: Public half of the key that signs user tokens, as PEM text, bytes, or the path of its file, of
                255 characters at most; `sign_user_token(signing_key=…)` takes the private half.
                With it, the simulator is in secure mode: each request with a public key (`pk_…`) needs a valid user
                token, which limits what it may do. See `signing_key` below.

        Raises:
            TypeError: An argument is of another type.
            ValueError: The time has no time zone, the preference set is malformed, or the signing key is not a public
                RSA key of 2,048 bits or more.
            OSError: The file of the signing key cannot be read.
            ImportError: Secure mode needs the extra: `pip install 'knock-sdk[tokens]'`.
        """
        # A private key may be given by mistake, and tracebacks may show local variables.
        hidden_key = hide(signing_key)
        del signing_key
        check_moment("now", now)
        self._lock = StateLock()
        self._world = World(now, seed, any_workflow=any_workflow)
        self._received: list[ReceivedRequest] = []
        self._faults = FaultPlan()
        self._sender = WebhookSender(self._lock, lambda: self._world)
        self._goals: list[datetime] = []
        """The times that threads are advancing the clock to at present, while events are sent."""
        self._listeners: tuple[Callable[[Sequence[Change]], None], ...] = ()
        self._used = False
        """Whether a request was handled since this was made, restored or reset."""
        if default_preferences is not None:
            check_type("default_preferences", default_preferences, Mapping, "a preference set")
            _check_fields("default_preferences", default_preferences, "PreferenceSetRequest")
            if is_mapping(types := default_preferences.get("channel_types")):
                _check_fields("default_preferences.channel_types", types, "PreferenceSetChannelTypes")
            problems = check_value("PreferenceSetRequest", dict(default_preferences), "default_preferences")
            if problems:
                raise ValueError(f"{problems[0].field}: {problems[0].message}")
            self._world.default_preferences = dict(default_preferences)
        if hidden_key is not None:
            self._world.put(SecureMode(read_public_key(hidden_key)))

    def handle(self, request: HTTPRequest) -> HTTPResponse:
        """Handle an HTTP request: the only method that clients use.

        Raises:
            ConnectionDropped: A declared fault dropped the connection.
        """
        with self._lock:
            if not self._used:
                self._used = True
                self._before_first_request()
            before = self._world.ids.last_serial
            outcome, received = handle(self._world, request, self._faults)
            received.serials = (before, self._world.ids.last_serial)
            self._received.append(received)
            self._world.note("request", received.request_id)
        self._sender.send_due()
        if isinstance(outcome, ConnectionDropped):
            raise outcome
        return outcome

    def _before_first_request(self) -> None:
        """Do nothing: `SnapshotMethods` keeps the state, to which `reset` returns."""

    @property
    def signing_key(self) -> str | None:
        """Public half of the key that signs user tokens, as PEM text; None, the default, without secure mode.

        In secure mode, which Knock calls enhanced security, a request with a public key needs a user token that was
        signed with the private half, has not expired by the simulator's clock, and allows the request. Without it, user
        tokens are not read at all. The key is saved with the state, and `reset` returns to the one before the first
        request.

        It is set as in the constructor, which says what is raised.
        """
        return self._world.of(SecureMode).public_key

    @signing_key.setter
    def signing_key(self, key: str | bytes | os.PathLike[str] | None) -> None:
        hidden_key = hide(key)
        del key
        public_key = None if hidden_key is None else read_public_key(hidden_key)
        with self._lock:
            self._world.put(SecureMode(public_key))

    @property
    def now(self) -> datetime:
        """The simulated time."""
        return self._world.clock.now

    def advance(
        self,
        wait: timedelta | None = None,
        *,
        weeks: float = 0,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
    ) -> None:
        """Advance the clock, and run all actions that become due, such as the delivery of an email.

        Args:
            wait: Duration, to which the others are added.
            weeks: Weeks to add.
            days: Days to add, of 24 hours each.
            hours: Hours to add.
            minutes: Minutes to add.
            seconds: Seconds to add.

        Raises:
            TypeError: `wait` is not a `timedelta`, or another argument is not a number.
            ValueError: A number is not a number (nan), or the total duration is negative or leads to a time after the
                year 9999.
        """
        if wait is not None:
            check_type("wait", wait, timedelta, "a timedelta", "pass numbers as days=, hours=, minutes= or seconds=")
        added = {"weeks": weeks, "days": days, "hours": hours, "minutes": minutes, "seconds": seconds}
        for name, number in added.items():
            check_type(name, number, (int, float), "a number")
            if isnan(number):
                raise ValueError(f"{name}: takes a number, not nan")
        try:
            total = (wait or timedelta()) + timedelta(**added)
        except OverflowError:
            raise ValueError(_TOO_LATE) from None
        if total < timedelta():
            raise ValueError("time cannot go backwards: the total duration is negative")
        nested = bool(nesting.get())
        with self._lock:
            # Of two threads that advance it, each adds to what the other is going to reach.
            now = self._world.clock.now
            start = now if nested else max([now, *self._goals])
            try:
                until = start + total
            except OverflowError:
                raise ValueError(_TOO_LATE) from None
            if not self._world.has_webhooks:
                timeline.advance(self._world, until)
                return
            # One that is nested sets no goal. A restored state has a list of its own.
            goals = [] if nested else self._goals
            goals.append(until)
        try:
            self._send_until(until)
        finally:
            with self._lock:
                goals.remove(until)

    def advance_to(self, moment: datetime) -> None:
        """Advance the clock to a moment, and run all actions that become due; do nothing if the moment has passed.

        Args:
            moment: The moment, with a time zone.

        Raises:
            TypeError: The moment is not a `datetime`.
            ValueError: It has no time zone.
        """
        check_moment("moment", moment)
        if self._world.has_webhooks:
            self._send_until(moment)
        else:
            with self._lock:
                timeline.advance(self._world, moment)

    @property
    def next_due(self) -> datetime | None:
        """The time of the next action that is scheduled, such as the end of a delay; None if there is none."""
        with self._lock:
            return self._world.clock.next_due

    def advance_to_next(self) -> bool:
        """Advance the clock to the next action that is scheduled, and run it, with those of the same time.

        Returns:
            Whether there was one; without one, the clock stays.
        """
        due = self.next_due
        if due is None:
            return False
        self.advance_to(due)
        return True

    def _watch(self, listener: Callable[[Sequence[Change]], None]) -> Callable[[], None]:
        """Call a function with all changes from now on; return a function that ends this.

        It is called while the state is locked, whenever a thread has finished a change: it must be quick, must not
        raise, and finds in the state what it is told of.
        """
        with self._lock:
            self._set_listeners((*self._listeners, listener))

        def stop() -> None:
            with self._lock:
                self._set_listeners(tuple(each for each in self._listeners if each is not listener))

        return stop

    def _set_listeners(self, listeners: tuple[Callable[[Sequence[Change]], None], ...]) -> None:
        self._tell()
        self._listeners = listeners
        self._world.changes = [] if listeners else None
        self._lock.before_release = self._tell if listeners else None

    def _tell(self) -> None:
        changes = self._world.changes
        if changes:
            self._world.changes = []
            for listener in self._listeners:
                listener(changes)

    def _send_until(self, until: datetime) -> None:
        """Advance the clock, and send each event at the time at which it happens."""
        world, more = self._world, True
        while more:
            self._sender.send_due()
            self._sender.let_finish()
            with self._lock:
                if self._world is not world:  # the function of a webhook has restored another state
                    return
                more = timeline.advance_once(world, until)


def _check_fields(name: str, given: Mapping[str, object], schema: str) -> None:
    """Refuse fields that a schema does not name: the API would ignore them, and the test mean nothing."""
    known: Mapping[str, object] = load_contract()["schemas"][schema]["properties"]
    for field in given:
        if field not in known:
            raise ValueError(f"{name}: there is no field {field!r}{did_you_mean(field, known)}")
