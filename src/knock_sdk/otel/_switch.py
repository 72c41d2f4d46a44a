"""What turns observation on and off, for one client or for all of them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .._core.observation import observe_everywhere
from .._core.requests.options import check_flags
from ..errors import ConfigurationError, InvalidArgumentError

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.propagators.textmap import TextMapPropagator
    from opentelemetry.trace import TracerProvider

    from .._async.client import AsyncKnock
    from .._core.observation import Observer
    from .._sync.client import Knock

_HALVES = {"Knock": "_sync", "AsyncKnock": "_async"}


def instrument(
    client: Knock | AsyncKnock | None = None,
    *,
    tracer_provider: TracerProvider | None = None,
    meter_provider: MeterProvider | None = None,
    propagator: TextMapPropagator | None = None,
    record_urls: bool = True,
) -> None:
    """Record a span and metrics for each call, and send the headers of the trace with its requests.

    Calling it again replaces the arguments. A client of its own has precedence over all clients, so that there is never
    more than one span for a call.

    Args:
        client: The client to observe, with those that its `with_options` makes from now on; None for all clients of the
            process, those that exist and those to come.
        tracer_provider: What makes the spans; None for OpenTelemetry's global one.
        meter_provider: What records the metrics; None for OpenTelemetry's global one.
        propagator: What makes the headers of the trace; None for OpenTelemetry's global one, which sends `traceparent`,
            `tracestate` and `baggage`.
        record_urls: Whether spans have URLs (`url.full`), which contain ids of users and other parameters.

    Raises:
        ConfigurationError: The extra is not installed.
        InvalidArgumentError: An argument is of another kind.
    """
    check_flags(record_urls=record_urls)
    _check_method("tracer_provider", tracer_provider, "get_tracer", "a TracerProvider")
    _check_method("meter_provider", meter_provider, "get_meter", "a MeterProvider")
    _check_method("propagator", propagator, "inject", "a TextMapPropagator")
    if client is not None:
        _half_of(client)
    try:
        import_module("opentelemetry.trace")
        import_module("opentelemetry.metrics")
    except ImportError:
        raise ConfigurationError("OpenTelemetry needs an extra: pip install 'knock-sdk[otel]'") from None
    from ._observer import OpenTelemetryObserver

    observer = OpenTelemetryObserver(tracer_provider, meter_provider, propagator, record_urls=record_urls)
    _observe(client, observer)


def uninstrument(client: Knock | AsyncKnock | None = None) -> None:
    """End what `instrument` began, for calls from now on; do nothing if it did not.

    Args:
        client: The client that was given to `instrument`; None for all clients, apart from those that were given to it.

    Raises:
        InvalidArgumentError: The argument is no client.
    """
    _observe(client, None)


def _observe(client: Knock | AsyncKnock | None, observer: Observer | None) -> None:
    if client is not None:
        half = _half_of(client)
        transport: Any = client._transport  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # of the same package
        half.set_observer(transport, observer)
        return
    observe_everywhere(observer)
    for half in _HALVES.values():
        _load(half).observe_all(wanted=observer is not None)


def _half_of(client: object) -> Any:
    """Return the module that observes calls of clients of this kind."""
    for base in type(client).__mro__:
        half = _HALVES.get(base.__name__)
        if half is not None and base.__module__ == f"knock_sdk.{half}.client":
            return _load(half)
    raise InvalidArgumentError("client", f"must be a Knock or an AsyncKnock, not {type(client).__name__}")


def _load(half: str) -> Any:
    return import_module(f"..{half}.observed", __package__)


def _check_method(name: str, given: object, method: str, kind: str) -> None:
    if given is not None and not callable(getattr(given, method, None)):
        raise InvalidArgumentError(name, f"must be {kind} of OpenTelemetry, not {type(given).__name__}")
