"""Declarations of webhooks, to which events are sent as Knock does, and what became of these."""

from __future__ import annotations

from collections.abc import Callable, Iterable  # noqa: TC003 - needed to evaluate the annotations
from inspect import iscoroutinefunction

from ..environment import Environment
from ..state.arguments import check_list_of_texts, check_type
from ..state.ids import uuid_of
from ..state.names import did_you_mean
from ..state.outside import Key
from ..state.webhooks import Webhook, WebhookDelivery, Webhooks

_TARGET = "a URL, or a function of the body and the headers"


class WebhookDeclarations(Environment):
    """Declarations of webhooks."""

    def webhook(
        self,
        target: str | Callable[[bytes, dict[str, str]], int | None],
        events: Iterable[str] | None = None,
        *,
        secret: str | None = None,
    ) -> str:
        """Declare a webhook, which gets the events of messages and runs from now on, or replace the one of a URL.

        Events are sent when they happen, in simulated time, and again after a failure, up to 8 times in half an hour:
        `advance` moves the time. A function is called by the method, or the call of a client, that causes the event;
        `knock_sdk.webhooks.unwrap` then takes the simulated time for the current one. URLs get a POST each, signed at
        the system's time, within which they have 15 seconds to respond; in an event loop, a thread sends these.
        Resources, such as workflows, have no events here.

        Args:
            target: URL, http or https; or a function that takes the body and the headers of a request and returns a
                status, None for 200. If it raises, the attempt has failed, unless it is an AssertionError, which ends
                the test. A function is not saved with the state.
            events: Types of the events to send, such as `message.sent`; all if None.
            secret: Secret that signs the requests; generated if None.

        Returns:
            The secret.

        Raises:
            TypeError: An argument has a wrong type, or the function is a coroutine function.
            ValueError: The URL is malformed, no event has such a type, or the secret is empty.
        """
        from ...webhooks._events import event_types  # loads the classes of all events

        _check_target(target)
        types = event_types() if events is None else _check_types(events, event_types())
        if secret is not None:
            check_type("secret", secret, str, "a text")
            if not secret.strip():
                raise ValueError("secret: is empty; leave it out for a generated one")
        with self._lock:
            declared = self._world.of(Webhooks).declared
            key = target if isinstance(target, str) else str(len(declared) + 1)
            signing = secret or f"whsec_{uuid_of(f'webhook {key}')}"
            name = target if isinstance(target, str) else getattr(target, "__qualname__", type(target).__qualname__)
            declared[key] = Webhook(key, name, types, signing, not isinstance(target, str))
            if not isinstance(target, str):
                self._world.functions[Key("webhook", key)] = target
            self._world.publishes = True
        return signing

    @property
    def webhook_deliveries(self) -> list[WebhookDelivery]:
        """The events sent to webhooks so far, oldest first, each with its attempts."""
        with self._lock:
            return list(self._world.of(Webhooks).deliveries.values())


def _check_target(target: object) -> None:
    if isinstance(target, str):
        from httpx import URL, InvalidURL

        try:
            url = URL(target)
        except InvalidURL as error:
            raise ValueError(f"target: {target!r} is not a URL: {error}") from None
        if url.scheme not in ("http", "https") or not url.host:
            raise ValueError(f"target: takes a URL that begins with http:// or https://, not {target!r}")
    elif not callable(target):
        raise TypeError(f"target: takes {_TARGET}, not {type(target).__name__}")
    elif iscoroutinefunction(target):
        raise TypeError("target: takes a plain function, not a coroutine function")


def _check_types(events: Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    given = events if isinstance(events, str) else list(events)
    check_list_of_texts("events", given)
    for event_type in given:
        if event_type not in known:
            raise ValueError(f"events: no webhook gets {event_type!r}{did_you_mean(event_type, known)}")
    return tuple(given)
