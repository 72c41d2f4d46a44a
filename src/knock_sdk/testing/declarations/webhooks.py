"""Declarations of webhooks, to which events are sent as Knock does, and what became of these."""

from __future__ import annotations

from collections.abc import Callable, Iterable  # noqa: TC003 - needed to evaluate the annotations
from inspect import iscoroutinefunction, signature
from urllib.parse import urlsplit

from ..environment import Environment
from ..state.arguments import check_list_of_texts, check_type
from ..state.clock import EPOCH
from ..state.ids import uuid_of
from ..state.names import did_you_mean
from ..state.outside import Key
from ..state.webhooks import Webhook, WebhookDelivery, Webhooks

_COROUTINE = (
    "target: takes a plain function, not a coroutine function; call an application through its framework's test client"
)


class WebhookDeclarations(Environment):
    """Declarations of webhooks."""

    def webhook(
        self,
        target: str | Callable[[bytes, dict[str, str]], int | None],
        events: Iterable[str] | None = None,
        *,
        secret: str | None = None,
    ) -> str:
        """Declare a webhook, which gets the events of messages and runs from now on, or change it.

        Events are sent when they happen, in simulated time, and again after a failure, up to 8 times in half an hour:
        `advance` moves the time. A function is called by the method, or the call of a client, that causes the event;
        `knock_sdk.webhooks.unwrap` then takes the simulated time for the current one. URLs get a POST each, signed at
        the system's time, to which they have 5 seconds of real time to respond; in an event loop, a thread sends these.
        Resources, such as workflows, have no events here.

        Args:
            target: URL, http or https; or a function that takes the body and the headers of a request and returns a
                status, None for 200. If it raises, the attempt has failed; an AssertionError also ends the test, when
                the events at that moment are sent. A function is not saved with the state: declare it again after
                `load`, and it gets what is left.
            events: Types of the events to send, such as `message.sent`; all if None.
            secret: Secret that signs the requests; generated if None.

        Returns:
            The secret.

        Raises:
            TypeError: An argument has a wrong type, or the function is a coroutine function or takes other arguments.
            ValueError: The URL is malformed, no event has such a type, the secret is empty or has white space around
                it, or the clock is before 1970.
        """
        from ...webhooks._events import event_types  # loads the classes of all events

        name = _check_target(target)
        types = event_types() if events is None else _check_types(events, event_types())
        if secret is not None:
            check_type("secret", secret, str, "a text")
            if not secret or secret != secret.strip():
                raise ValueError("secret: is empty or has white space around it; leave it out for a generated one")
        with self._lock:
            self._world.note("declaration")
            if self._world.clock.now < EPOCH:
                raise ValueError("the clock is before 1970, and no event can be signed then: advance it")
            webhooks = self._world.of(Webhooks)
            key = self._find_webhook(target, name)
            if key is None:
                webhooks.made += 1
                key = name if isinstance(target, str) else f"function {webhooks.made}"
            signing = secret or f"whsec_{uuid_of(f'webhook {key}')}"
            webhooks.declared[key] = Webhook(key, name, types, signing, not isinstance(target, str))
            if not isinstance(target, str):
                self._world.functions[Key("webhook", key)] = target
            self._world.has_webhooks = True
        return signing

    def remove_webhook(self, target: str | Callable[[bytes, dict[str, str]], int | None]) -> None:
        """Remove a webhook; what it has not taken is dropped.

        Args:
            target: The URL or the function with which it was declared.

        Raises:
            TypeError: The target is neither a URL nor a function.
            LookupError: There is no such webhook.
        """
        name = _check_target(target)
        with self._lock:
            self._world.note("declaration")
            webhooks = self._world.of(Webhooks)
            key = self._find_webhook(target, name)
            if key is None:
                raise LookupError(f"target: there is no webhook {name}")
            for delivery in list(webhooks.deliveries.values()):
                if delivery.webhook == key and delivery.outcome == "pending":
                    webhooks.drop(delivery.id)
            del webhooks.declared[key]
            self._world.functions.pop(Key("webhook", key), None)

    @property
    def webhook_deliveries(self) -> list[WebhookDelivery]:
        """The events sent to webhooks so far, oldest first, each with its attempts."""
        with self._lock:
            return list(self._world.of(Webhooks).deliveries.values())

    def wait_for_webhooks(self, timeout: float = 10) -> None:
        """Wait until the events that have happened are sent, where threads do that: in an event loop, and in a server.

        In asynchronous tests, call it in a thread: `await anyio.to_thread.run_sync(sim.wait_for_webhooks)`. Events that
        webhooks did not take are sent again when `advance` moves the time.

        Args:
            timeout: Maximum number of seconds to wait, in real time.

        Raises:
            TypeError: The timeout is not a number.
            TimeoutError: They have not been sent in time.
        """
        check_type("timeout", timeout, (int, float), "a number of seconds")
        if not self._sender.wait(timeout):
            raise TimeoutError(f"events are still being sent to webhooks after {timeout:g} seconds")
        self._sender.send_due()

    def _find_webhook(self, target: object, name: str) -> str | None:
        """Return the id of the webhook with this target; a function takes the place of one that was not saved."""
        for key, webhook in self._world.of(Webhooks).declared.items():
            function = self._world.functions.get(Key("webhook", key))
            if not callable(target):
                if key == name:
                    return key
            elif function == target or (webhook.is_function and function is None and webhook.target == name):
                return key
        return None


def _check_target(target: object) -> str:
    """Return the URL in its usual form, or the name of the function."""
    if isinstance(target, str):
        return _check_url(target)
    if not callable(target):
        raise TypeError(f"target: takes a URL, or a function of the body and the headers, not {type(target).__name__}")
    if iscoroutinefunction(target) or iscoroutinefunction(type(target).__call__):
        raise TypeError(_COROUTINE)
    try:
        takes = signature(target)
    except ValueError:  # some built-in functions have none
        takes = None
    if takes is not None:
        try:
            takes.bind(b"", {})
        except TypeError as error:
            raise TypeError(f"target: the function must take the body and the headers: {error}") from None
    name: str = getattr(target, "__qualname__", type(target).__qualname__)
    return name


def _check_url(target: str) -> str:
    from httpx import URL, InvalidURL

    try:
        urlsplit(target)  # httpx accepts a bracket that is not closed
        url = URL(target)
    except (InvalidURL, ValueError) as error:
        raise ValueError(f"target: {target!r} is not a URL: {error}") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError(f"target: takes a URL that begins with http:// or https://, not {target!r}")
    labels = url.host.removesuffix(".").split(".")
    if not all(0 < len(label) <= 63 for label in labels) or not 0 < (url.port or 80) <= 65535:
        raise ValueError(f"target: {target!r} is not a URL: its host or port cannot exist")
    return str(url.copy_with(raw_path=url.raw_path))


def _check_types(events: Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    given = events if isinstance(events, str) else list(events)
    check_list_of_texts("events", given)
    for event_type in given:
        if event_type not in known:
            raise ValueError(f"events: no webhook gets {event_type!r}{did_you_mean(event_type, known)}")
    return tuple(given)
