"""Errors of httpx in our own words, which repeat nothing that a server sent.

Errors are recognised by the names of their classes, which httpx, its successors and stand-ins share, so that no library
is imported for them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...errors._text import one_line
from ..outcome import Failure
from ..wire.foreign_errors import all_in, errors_in, is_about_http, names_of
from ..wire.response_body import Collector
from ..wire.system_errors import describe, is_alert, is_permanent, is_refusal

if TYPE_CHECKING:
    from ..outcome import Response
    from .httpx_progress import Progress

_WORDS = {
    "BrokenResourceError": "the connection broke",
    "BusyResourceError": "the connection is in use elsewhere",
    "ClosedResourceError": "the connection was closed meanwhile",
    "CloseError": "the connection broke while it was closed",
    "ConnectError": "cannot connect",
    "ConnectTimeout": "no connection in time",
    "CookieConflict": "the HTTP client has several cookies of one name",
    "DecodingError": "the response cannot be decompressed",
    "EndOfStream": "the connection ended",
    "HTTPError": "the HTTP client failed",
    "InvalidURL": "the HTTP client does not accept the URL",
    "LocalProtocolError": "the HTTP client refuses the request, which would break the HTTP protocol",
    "NetworkError": "the connection broke",
    "PoolTimeout": "the HTTP client had no free connection in time",
    "ProtocolError": "the HTTP protocol was broken",
    "ProxyError": "the proxy refused to connect",
    "ReadError": "the connection broke before the answer was complete",
    "RemoteProtocolError": "the server, or a proxy, broke the HTTP protocol or closed the connection before its answer"
    " was complete",
    "RequestError": "the HTTP client failed",
    "ResponseNotRead": "a hook or auth of the HTTP client uses the body of a response that it has not read; let it call"
    " response.read(), or await response.aread(), first",
    "SOCKSError": "the proxy broke the SOCKS protocol",
    "SSLError": "the connection broke",
    "StreamError": "a hook, auth or transport of the HTTP client uses a body that is not read yet, used up or closed",
    "TimeoutException": "no complete answer in time",
    "TransportError": "the HTTP client failed",
    "UnsupportedProtocol": "the HTTP client does not support the scheme of the URL",
    "WriteError": "the connection broke while the request was written",
    "WriteTimeout": "the request was not written in time",
}
_NOT_HTTP = "sent a response that is not valid HTTP: "
_OF_THE_PEER = {
    "Server disconnected": "closed the connection before the head of its response was complete",
    "peer unexpectedly closed": "closed the connection before its response was complete",
    "peer closed": "closed the connection in the middle of the body of its response",
    "illegal request line": f"{_NOT_HTTP}its status line is malformed",  # h11's name for an early look at it
    "illegal status line": f"{_NOT_HTTP}its status line is malformed",
    "no response line": f"{_NOT_HTTP}its status line is malformed",
    "illegal header line": f"{_NOT_HTTP}a header is malformed",
    "continuation line": f"{_NOT_HTTP}a header is malformed",
    "bad Content-Length": f"{_NOT_HTTP}its Content-Length is malformed or contradicts itself",
    "conflicting Content-Length": f"{_NOT_HTTP}its Content-Length is malformed or contradicts itself",
    "multiple Transfer-Encoding": f"{_NOT_HTTP}its Transfer-Encoding is unknown or contradicts itself",
    "Only Transfer-Encoding": f"{_NOT_HTTP}its Transfer-Encoding is unknown or contradicts itself",
    "illegal chunk header": f"{_NOT_HTTP}the size of a chunk is malformed",
    "malformed chunk footer": f"{_NOT_HTTP}a chunk has another length than it says",
}
"""What the other end did, by the start of the text of a `RemoteProtocolError`; the rest may repeat what it sent."""
_CONNECTING = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "SOCKSError"})
_PERMANENT = frozenset({"UnsupportedProtocol", "LocalProtocolError", "InvalidURL"})
_MISUSED = frozenset({"CookieConflict", "StreamError"})
"""Mistakes in the code around a client, which another attempt would meet again."""
_NOT_SENT = _CONNECTING | _PERMANENT
_LONGEST = 200
_ONE_EACH = "give each {} a client of its own, or pass http_client='httpx', which makes one for each"
_OF_A_LOOP = re.compile(r"[Ee]vent loop|different loop|async context")
_TIMED_OUT = frozenset({"TimeoutError", "TimeoutException", "TooSlowError"})


def bound_elsewhere(*, to_process: bool = False) -> Failure:
    """Return the failure of a call through a given client that has connections of another event loop or process."""
    where = "process" if to_process else "event loop"
    problem = f"the HTTP client has connections of another {where}; {_ONE_EACH.format(where)}"
    return Failure(problem, sent=False, permanent=True)


def time_out(progress: Progress) -> Failure:
    """Return the failure of an attempt that was ended at its deadline."""
    sent = progress.sent or not progress.known
    return Failure(_WORDS["TimeoutException" if sent else "ConnectTimeout"], sent=sent, timed_out=True)


def refused_response(error: BaseException, progress: Progress, limit: int) -> Response | None:
    """Return the response that a hook has refused with `raise_for_status`; None if an error is not about one.

    Its body is empty unless the hook has read it.

    Args:
        error: what the client has raised.
        progress: how far the attempt got; httpx keeps it with the request.
        limit: maximum number of bytes of the body.

    Raises:
        Oversized: The body is larger.
    """
    if "HTTPStatusError" not in names_of(error) or not is_about_http(error):
        return None
    response: Any = getattr(error, "response", None)
    try:
        # An auth may have asked another server.
        if response.request.extensions["trace"] is not progress or response.status_code < 300:
            return None
    except (AttributeError, KeyError, RuntimeError):  # the last is httpx's, about a response without a request
        return None
    try:
        body: bytes = response.content
    except RuntimeError:  # httpx's, about a body that was not read
        body = b""
    collector = Collector(response.status_code, list(response.headers.raw), limit, decoded=True)
    collector.feed(body)
    return collector.finish()


def failure_of(
    error: BaseException, progress: Progress, *, closed: bool = False, given: object = None
) -> Failure | None:
    """Return what an error of a client means; None if it is neither about HTTP nor a system error.

    Args:
        error: what the client has raised.
        progress: how far the attempt got.
        closed: whether the client has been closed.
        given: the client, if it is the caller's own.
    """
    if not is_about_http(error):
        return None
    errors = all_in(error)
    error = errors[0]
    names = names_of(error)
    sent = progress.sent if progress.known else any(names_of(each).isdisjoint(_NOT_SENT) for each in errors)
    if closed:
        # httpx refuses to begin with a RuntimeError.
        sent = sent and (progress.known or not isinstance(error, RuntimeError))
        return Failure("the HTTP client was closed meanwhile", sent=sent, permanent=True)
    cause = _system_error(error, progress.earlier)
    if cause is None or not is_refusal(cause):
        cause = progress.late_alert() or cause
    # A limit of the socket itself has ended a wait.
    timed_out = not names.isdisjoint(_TIMED_OUT) or isinstance(cause, BlockingIOError)
    if timed_out and not sent and "PoolTimeout" not in names:
        return Failure(_WORDS["ConnectTimeout"], sent=False, timed_out=True)
    if "HTTPStatusError" in names:
        return _refused(error, sent=sent)
    if names.isdisjoint(_WORDS):
        problem = _WORDS["TimeoutException" if timed_out else "RequestError"]
        if not timed_out:
            problem += f": {_in_words(error)}"
            if hasattr(given, "aclose") and isinstance(error, RuntimeError) and _OF_A_LOOP.search(str(error)):
                problem += f"; {_ONE_EACH.format('event loop')}"
        return Failure(problem, sent=sent, timed_out=timed_out, permanent=is_permanent(error) and not sent)
    login_refused = "ProxyError" in names and str(error).startswith("407")
    # In TLS 1.3 the refusal of a client's certificate comes after the request, at which the server has not looked.
    refused = cause is not None and is_refusal(cause) and (not sent or (progress.doubtful and is_alert(cause)))
    permanent = refused or login_refused or not names.isdisjoint(_MISUSED)
    return Failure(
        _describe(error, names, cause, sent=sent and not refused),
        sent=sent and not refused,
        timed_out=timed_out,
        # Once a request was sent, an error of the client's own protocol comes from what the server has sent (HTTP/2).
        permanent=permanent or (not sent and not names.isdisjoint(_PERMANENT)),
    )


def _refused(error: Any, *, sent: bool) -> Failure:
    """Return the failure of an attempt in which a hook or an auth has refused what is no error response of the API."""
    status: int = getattr(getattr(error, "response", None), "status_code", 0)
    problem = f"a hook or auth of the HTTP client refuses a response with status {status}"
    return Failure(problem, sent=sent, permanent=status < 500 and status not in (408, 429))


def _in_words(error: BaseException) -> str:
    if isinstance(error, OSError):
        return describe(error)
    # The text of a library's error may repeat what a server sent.
    text = str(error) if type(error).__module__ == "builtins" else ""
    return ": ".join(filter(None, (type(error).__name__, one_line(text, _LONGEST))))


def _describe(error: BaseException, names: set[str], cause: BaseException | None, *, sent: bool) -> str:
    if cause is not None and (is_refusal(cause) or "SSLError" in names_of(cause)):
        return describe(cause)
    kind = next(cls.__name__ for cls in type(error).__mro__ if cls.__name__ in _WORDS)
    if "SOCKSError" in names:
        kind = "SOCKSError"  # a class below it is called ProtocolError
    elif sent and kind == "LocalProtocolError":
        kind = "ProtocolError"
    problem = _WORDS[kind]
    if kind == "RemoteProtocolError":
        text = str(error)
        found = (words for start, words in _OF_THE_PEER.items() if text.startswith(start))
        problem = next((f"the server, or a proxy, {words}" for words in found), problem)
    if "ProxyError" in names and (status := re.match(r"[1-5][0-9][0-9]\b", str(error))) is not None:
        problem += f", with status {status[0]}"
    if not sent and names.isdisjoint(_NOT_SENT | _MISUSED):  # it happened on the way through a proxy
        problem = f"cannot connect: {problem}"
    return problem if cause is None else f"{problem}: {describe(cause)}"


def _system_error(error: BaseException | None, earlier: BaseException | None) -> OSError | None:
    """Return the error of the system or of TLS that has led to an error, if there is one."""
    while error is not None and error is not earlier:
        if isinstance(error, OSError) and (error.errno or "SSLError" in names_of(error)):
            return error
        # A group has an error for each address. httpcore drops explicit causes.
        group = errors_in(error)
        error = group[0] if group else error.__cause__ or error.__context__
    return None
