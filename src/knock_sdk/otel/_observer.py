"""The observer: a span for each call, current while the call runs, and metrics."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from opentelemetry import context, metrics, propagate, trace
from opentelemetry.trace import SpanKind, StatusCode

from .._core.observation import told
from .._core.requests.config import VERSION
from .._core.secret import redact
from .._core.values.headers import encode_headers
from ..errors import APIConnectionError, APIResponseValidationError, APIStatusError, APITimeoutError

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.propagators.textmap import TextMapPropagator
    from opentelemetry.trace import TracerProvider
    from opentelemetry.util.types import AttributeValue

    from .._core.outcome import Failure, Response
    from .._core.requests.encode import Outgoing
    from .._core.wire.url import Origin

_NAME = "knock_sdk"
_SCHEMA = "https://opentelemetry.io/schemas/1.37.0"
_METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})
"""The methods that the conventions know."""
_RAW = "request"
"""The name of the operation of raw calls, whose path is not a template."""
_OF_A_WORKFLOW = "/v1/workflows/{key}/"
_TRACE_CONTEXT = frozenset({b"traceparent", b"tracestate"})
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
"""Bounds of a duration, as the conventions recommend them."""
_SECONDS_OF_WAITS = (*_SECONDS, 20, 30, 60)
_LEAST_WAIT = 0.001
"""Seconds that a rate limit must hold up an attempt for an event in the span."""

# OpenTelemetry has no public names for these; its instrumentations use them as they are.
_SUPPRESS_HTTP: str = getattr(context, "_SUPPRESS_HTTP_INSTRUMENTATION_KEY", "suppress_http_instrumentation")
_SUPPRESS: str = getattr(context, "_SUPPRESS_INSTRUMENTATION_KEY", "suppress_instrumentation")
_SUPPRESS_PLAIN = "suppress_instrumentation"


class OpenTelemetryObserver:
    """Observes calls with OpenTelemetry."""

    def __init__(
        self,
        tracer_provider: TracerProvider | None,
        meter_provider: MeterProvider | None,
        propagator: TextMapPropagator | None,
        *,
        record_urls: bool,
    ) -> None:
        """Prepare; see `instrument` for the arguments."""
        self._propagator = propagator
        self._record_urls = record_urls
        self._tracer = trace.get_tracer(_NAME, VERSION, tracer_provider, schema_url=_SCHEMA)
        meter = metrics.get_meter(_NAME, VERSION, meter_provider, schema_url=_SCHEMA)
        self.duration = meter.create_histogram(
            "http.client.request.duration",
            unit="s",
            description="Duration of calls that made at least one attempt, waits included.",
            explicit_bucket_boundaries_advisory=_SECONDS,
        )
        self.retries = meter.create_counter(
            "knock.client.retries", unit="{retry}", description="Number of attempts that were repeated."
        )
        self.rate_limit_wait = meter.create_histogram(
            "knock.client.rate_limit.wait",
            unit="s",
            description="Time that attempts waited for the client's rate limit, and that retries wait after a 429.",
            explicit_bucket_boundaries_advisory=_SECONDS_OF_WAITS,
        )

    def begin(self, operation: str, origin: Origin, outgoing: Outgoing) -> tuple[CallSpan, Outgoing] | None:
        """Begin a span, unless the application has suppressed it; add the headers of the trace to the request."""
        if any(context.get_value(key) for key in (_SUPPRESS, _SUPPRESS_PLAIN, _SUPPRESS_HTTP)):
            return None
        described = _describe(operation, origin, outgoing)
        attributes = described | _of_the_span(outgoing, origin)
        if self._record_urls:
            url = redact(origin.url.removesuffix(origin.prefix) + outgoing.target, outgoing.secrets)
            if redact(decoded := unquote(url), outgoing.secrets) == decoded:  # a secret may be percent-encoded
                attributes["url.full"] = url
        method, template = described["http.request.method"], described.get("url.template")
        verb = "HTTP" if method == "_OTHER" else method
        span = self._tracer.start_span(
            f"{verb} {template}" if template else str(verb), kind=SpanKind.CLIENT, attributes=attributes
        )
        within = trace.set_span_in_context(span)
        added = told(self._headers, outgoing, within)
        if added:
            outgoing = outgoing._replace(headers=[*outgoing.headers, *added])
        return CallSpan(self, span, within, described, outgoing), outgoing

    def _headers(self, outgoing: Outgoing, within: Context) -> list[tuple[bytes, bytes]]:
        """Return the headers of the trace; those that the caller has given stay."""
        carrier: dict[str, str] = {}
        propagator: Any = self._propagator or propagate.get_global_textmap()
        propagator.inject(carrier, context=within)
        given = {name for name, _ in outgoing.headers}
        if given & _TRACE_CONTEXT:
            given |= _TRACE_CONTEXT
        return [pair for pair in encode_headers("propagator", carrier) if pair[0] not in given]


class CallSpan:
    """The span of a call."""

    def __init__(
        self,
        observer: OpenTelemetryObserver,
        span: trace.Span,
        within: Context,
        described: dict[str, AttributeValue],
        outgoing: Outgoing,
    ) -> None:
        """Make the span the current one.

        Args:
            observer: has the instruments of the metrics.
            span: the span, which has begun.
            within: the context with the span.
            described: the attributes of the call that metrics have too.
            outgoing: the request.
        """
        self._observer = observer
        self._span = span
        self._described = described
        self._outgoing = outgoing
        self._started = perf_counter()
        self._attempts = 0
        self._attempt_started = 0.0
        self._response: Response | None = None
        self._reason = ""
        self._suppression: Any = None
        self._token = context.attach(within)

    def attempt_begins(self, *, over_network: bool) -> None:
        """Keep instrumentations of HTTP libraries from making a span for the same request."""
        self._attempt_started = perf_counter()
        if over_network:
            self._suppression = context.attach(context.set_value(_SUPPRESS_HTTP, value=True))

    def attempt_ended(
        self, attempt: int, response: Response | None, failure: Failure | None, error: BaseException | None
    ) -> None:
        """Add an event to the span."""
        if self._suppression is not None and not isinstance(error, GeneratorExit):
            context.detach(self._suppression)
        self._suppression = None
        if failure is not None and not failure.attempted:
            return
        self._attempts = attempt
        self._response = response
        attributes: dict[str, AttributeValue] = {
            "knock.attempt.number": attempt,
            "knock.attempt.duration": perf_counter() - self._attempt_started,
        }
        if response is not None:
            attributes["http.response.status_code"] = response.status
            self._reason = str(response.status) if response.status >= 300 else ""
        elif failure is not None:
            self._reason = _name_of(APITimeoutError if failure.timed_out else APIConnectionError)
            attributes["error.message"] = redact(failure.problem, self._outgoing.secrets)
        elif error is not None:
            self._reason = _name_of(type(error))
        if self._reason:
            attributes["error.type"] = self._reason
        self._span.add_event("knock.attempt", attributes)

    def turn_taken(self, waited: float) -> None:
        """Record how long the rate limit of the client held up an attempt."""
        self._observer.rate_limit_wait.record(waited, {**self._described, "knock.rate_limit.reason": "turn"})
        if waited >= _LEAST_WAIT:
            self._span.add_event("knock.rate_limit", {"knock.rate_limit.wait": waited})

    def retry_follows(self, attempt: int, wait: float) -> None:
        """Record a retry, and that the call waits before it."""
        self._observer.retries.add(1, {**self._described, "error.type": self._reason})
        if self._response is not None and self._response.status == 429:
            self._observer.rate_limit_wait.record(wait, {**self._described, "knock.rate_limit.reason": "429"})
        self._span.add_event("knock.retry", {"knock.attempt.number": attempt + 1, "knock.retry.wait": wait})

    def ended(self, error: BaseException | None) -> None:
        """End the span, and record how long the call took."""
        try:
            outcome = self._outcome(error)
            if self._attempts:
                self._observer.duration.record(perf_counter() - self._started, {**self._described, **outcome})
            self._span.set_attributes({**outcome, **self._of_the_end(error)})
            if error is not None:
                self._span.set_status(StatusCode.ERROR, _description(error, self._described))
        finally:
            self._span.end()
            if not isinstance(error, GeneratorExit):  # a task that nothing refers to is closed in any context
                context.detach(self._token)

    def _outcome(self, error: BaseException | None) -> dict[str, AttributeValue]:
        """Return the attributes of the outcome that metrics have too."""
        status = None if self._response is None else self._response.status
        if isinstance(error, (APIResponseValidationError, APIStatusError)):
            status = error.status_code
        outcome: dict[str, AttributeValue] = {} if status is None else {"http.response.status_code": status}
        if isinstance(error, APIStatusError):
            outcome["error.type"] = str(status)
        elif error is not None:
            outcome["error.type"] = _name_of(type(error))
        return outcome

    def _of_the_end(self, error: BaseException | None) -> dict[str, AttributeValue]:
        """Return the other attributes that are known at the end."""
        attributes: dict[str, AttributeValue] = {"knock.attempts": self._attempts}
        if self._attempts > 1:
            attributes["http.request.resend_count"] = self._attempts - 1
        request_id: str | None = None
        if self._response is not None:
            request_id = self._response.header(b"x-request-id")
            if self._response.header(b"idempotent-replayed") == "true":
                attributes["knock.replayed"] = True
        elif isinstance(error, APIResponseValidationError):
            request_id = error.request_id
        if request_id:
            attributes["knock.request_id"] = redact(request_id, self._outgoing.secrets)
        return attributes


def _describe(operation: str, origin: Origin, outgoing: Outgoing) -> dict[str, AttributeValue]:
    """Return the attributes of a call that metrics have too: each has few values."""
    method = outgoing.operation.method
    described: dict[str, AttributeValue] = {
        "http.request.method": method if method in _METHODS else "_OTHER",
        "server.address": origin.host,
        "server.port": origin.port,
        "knock.operation": operation,
    }
    if operation != _RAW:
        described["url.template"] = origin.prefix + outgoing.operation.path
    return described


def _of_the_span(outgoing: Outgoing, origin: Origin) -> dict[str, AttributeValue]:
    """Return the attributes of a call that only its span has."""
    method, path = outgoing.operation.method, outgoing.operation.path
    attributes: dict[str, AttributeValue] = {}
    if method not in _METHODS:
        attributes["http.request.method_original"] = method
    if path.startswith(_OF_A_WORKFLOW):
        attributes["knock.workflow.key"] = unquote(outgoing.target.removeprefix(origin.prefix).split("/")[3])
    if outgoing.idempotency_key is not None:
        attributes["knock.idempotency_key"] = outgoing.idempotency_key
    return attributes


def _description(error: BaseException, described: dict[str, AttributeValue]) -> str | None:
    """Return the description of an error's status: other texts repeat what was sent, or what the server says."""
    # The text of a connection error has the path, which for a raw call has ids.
    return str(error) if isinstance(error, APIConnectionError) and described["knock.operation"] != _RAW else None


def _name_of(kind: type[BaseException]) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
