"""What the API answers: whether it accepts the key, its clock, its rate limit, and how long it takes."""

from __future__ import annotations

from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic_core import from_json

from ..._core.outcome import Failure
from ..._core.secret import redact, redact_json
from ..._core.type_guards import is_object
from ..._core.wire.url import is_loopback
from .asking import Answer, ask, ask_through_client, head_of
from .findings import ok, problem, skipped, warning

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from ..._core.deadline import Deadline
    from ..._core.outcome import Response
    from ..._core.secret import Secret
    from .examination import Examination
    from .findings import Finding

_NOTICED = 10.0
"""Seconds by which clocks may differ without a word; the header with the time has whole seconds."""
_TOLERANCE = 300.0
"""Seconds by which the signature of a webhook may be older or newer."""
_KEY_ADVICE = "Copy the key of this environment again, from Developers > API keys in Knock's dashboard."
_REFUSALS = {
    401: ("the key is refused", _KEY_ADVICE),
    403: ("the key is refused", _KEY_ADVICE),
    404: ("there is nothing at this URL", "Check KNOCK_BASE_URL."),
    429: ("too many requests with this key", "It is in heavy use: try again later."),
}
_SLOW = 1.0
_REQUESTS = 5


def check_api(examination: Examination) -> Iterator[Finding]:
    """Send one harmless request, and look at what comes back."""
    with _asking(examination) as ask_once:
        if ask_once is None:
            yield skipped("api", "nothing can be sent")
            return
        try:
            examination.answer = ask_once(examination.deadline())
        except Failure as failure:
            advice = "Try again; if it stays so, look at the status of Knock, and at proxies and firewalls between."
            yield problem("api", failure.problem, advice)
            return
    if examination.key is None:
        yield skipped("api", "there is no key to be accepted")
    else:
        yield _judge(examination.answer.response, examination.key)


def check_clock(examination: Examination) -> Iterator[Finding]:
    """Compare the clock of this machine with the server's."""
    origin, answer = examination.origin, examination.answer
    if origin is None or answer is None:
        yield skipped("clock", "there is no response to compare with")
        return
    date = answer.response.header(b"date")
    try:
        there = parsedate_to_datetime(date or "").timestamp() + 0.5  # in the middle of its second
    except (TypeError, ValueError, OverflowError):
        if is_loopback(origin.host):
            yield ok("clock", "that of this machine, as the server's is")
        else:
            yield warning("clock", "the server does not say what time it is", "Compare the clock with another one.")
        return
    difference = answer.moment - there
    ahead = "ahead of" if difference > 0 else "behind"
    text = f"{abs(difference):,.0f} s {ahead} the server's"
    if abs(difference) <= _NOTICED:
        yield ok("clock", f"within {_NOTICED:.0f} s of the server's", difference=round(difference, 1))
    elif abs(difference) <= _TOLERANCE:
        advice = (
            "Synchronize the clock (NTP): user tokens are valid that much longer or shorter, and webhooks are refused"
            f" from {_TOLERANCE:.0f} s on."
        )
        yield warning("clock", text, advice, difference=round(difference, 1))
    else:
        advice = "Synchronize the clock (NTP): all webhooks are refused, and user tokens may have expired when made."
        yield problem("clock", text, advice, difference=round(difference, 1))


def check_rate_limit(examination: Examination) -> Iterator[Finding]:
    """Say what the response says of the rate limit, if it does."""
    if examination.answer is None:
        return
    headers = examination.answer.response.all_headers()
    secrets = () if examination.key is None else (examination.key,)
    found = {name: redact(value, secrets) for name, value in headers.items() if "ratelimit" in name}
    if not found:
        return
    text = ", ".join(f"{name}: {value}" for name, value in sorted(found.items()))
    if any(name.endswith("remaining") and value == "0" for name, value in found.items()):
        advice = 'Send less at once: Knock(rate_limit="tiers") keeps to the limits.'
        yield warning("rate limit", text, advice, headers=found)
    else:
        yield ok("rate limit", text, headers=found)


def check_latency(examination: Examination) -> Iterator[Finding]:
    """Send a few requests, one after another, and look at the times."""
    first = examination.answer
    if first is None:
        yield skipped("latency", "there is no response")
        return
    answers = [first]
    with _asking(examination) as ask_once:
        deadline = examination.deadline()
        while ask_once is not None and answers[-1].reusable and len(answers) <= _REQUESTS:
            try:
                answers.append(ask_once(deadline))
            except Failure as failure:
                text = f"request {len(answers) + 1}: {failure.problem}"
                yield problem("latency", text, "Try again; the connection, or the API, is not steady.")
                return
    # The first one may wait for what the server prepares for a connection.
    times = [answer.first_byte for answer in answers[1:] or answers]
    typical = median(times)
    parts = [f"first byte after {_milliseconds(typical)} (median of {len(times)})"]
    parts += [f"connecting {_milliseconds(examination.connect_time)}"] if examination.connect_time else []
    parts += [f"TLS {_milliseconds(examination.tls_time)}"] if examination.tls_time else []
    details = {
        "first_byte": round(typical, 4),
        "requests": len(times),
        "connect": round(examination.connect_time, 4),
        "tls": round(examination.tls_time, 4),
    }
    if typical > _SLOW:
        advice = "Look at the network between; for many calls, send them at once, as with AsyncKnock or bulk methods."
        yield warning("latency", ", ".join(parts), advice, **details)
    else:
        yield ok("latency", ", ".join(parts), **details)


@contextmanager
def _asking(examination: Examination) -> Generator[Callable[[Deadline], Answer] | None, None, None]:
    """Provide what sends a request, on the connection that there is; None if nothing can be sent."""
    origin, proxy, key, stream = examination.origin, examination.proxy, examination.key, examination.stream
    if origin is None or not examination.can_connect:
        yield None
    elif proxy is not None and proxy.scheme == "https":
        if key is None:
            yield None
            return
        from ..._sync.client import Knock

        with Knock(api_key=key.reveal(), base_url=origin.url, branch=examination.branch, allow_http=True) as client:
            yield lambda deadline: ask_through_client(client, key, deadline)
    elif stream is None:
        yield None
    else:
        head = head_of(origin, proxy, key, examination.branch)
        yield lambda deadline: ask(stream, head, deadline)


def _judge(response: Response, key: Secret) -> Finding:
    """Return the finding about a response: whether Knock has accepted the key, which a server may repeat."""
    status = response.status
    kind = redact(response.header(b"content-type") or "no type", (key,)).partition(";")[0]
    body = redact_json(_read(response.body), (key,))
    code = body.get("code") if is_object(body) else None
    details = {"status": status, "content_type": kind, "code": code}
    if 300 <= status < 400 or (status < 500 and not is_object(body)):
        place = redact(urlsplit(response.header(b"location") or "").netloc, (key,))
        what = f"a redirect to {place}" if place else kind
        advice = "A captive portal or another server answers: log in to the network, or check KNOCK_BASE_URL."
        return problem("api", f"not an answer of Knock: status {status}, {what}", advice, **details)
    said = f"status {status}" if not isinstance(code, str) else f"{status} {code}"
    if status == 200 or (status == 404 and code == "resource_missing"):
        return ok("api", "the key is accepted", **details)
    if isinstance(code, str) and "user_token" in code:
        return ok("api", f"the key is accepted; with it, users need a token ({said})", **details)
    text, advice = _REFUSALS.get(status, ("an error of the server", "Try again, and look at the status of Knock."))
    return problem("api", f"{text}: {said}", advice, **details)


def _read(body: bytes) -> Any:
    try:
        return from_json(body)
    except ValueError:
        return None


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"
