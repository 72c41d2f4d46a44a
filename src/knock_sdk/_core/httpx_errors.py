"""Errors of httpx in our own words, which repeat nothing that a server sent.

Errors are recognised by the names of their classes, which httpx, its successors and stand-ins share, so that no library
is imported for them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .outcome import Failure
from .system_errors import describe, is_alert, is_of_the_machine, is_permanent, is_refusal

if TYPE_CHECKING:
    from .httpx_progress import Progress

_WORDS = {
    "CloseError": "the connection broke while it was closed",
    "ConnectError": "cannot connect",
    "ConnectTimeout": "no connection in time",
    "DecodingError": "the response cannot be decompressed",
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
    "SOCKSError": "the proxy broke the SOCKS protocol",
    "SSLError": "the connection broke",
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
_ABOUT_CONNECTIONS = frozenset({"RequestError", "InvalidURL", "SOCKSError", "SSLError"})
"""What may leave a client; its event loops let errors of TLS through as they are."""
_CONNECTING = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "SOCKSError"})
_PERMANENT = frozenset({"UnsupportedProtocol", "LocalProtocolError", "InvalidURL"})
_NOT_SENT = _CONNECTING | _PERMANENT


def time_out(progress: Progress) -> Failure:
    """Return the failure of an attempt that was ended at its deadline."""
    sent = progress.sent or not progress.told
    return Failure(_WORDS["TimeoutException" if sent else "ConnectTimeout"], sent=sent, timed_out=True)


def failure_of(error: BaseException, progress: Progress, *, closed: bool = False) -> Failure | None:
    """Return what an error of a client means; None if it is neither about the connection nor about the machine.

    Args:
        error: what the client has raised.
        progress: how far the attempt got.
        closed: whether the client has been closed.
    """
    names = _names(error)
    if closed:
        return Failure("the HTTP client was closed meanwhile", sent=progress.sent, permanent=True)
    sent = progress.sent if progress.told else names.isdisjoint(_NOT_SENT)
    if names.isdisjoint(_ABOUT_CONNECTIONS):
        if not is_of_the_machine(error):
            return None
        problem = f"{_WORDS['RequestError']}: {describe(error)}"
        return Failure(problem, sent=sent, permanent=is_permanent(error) and not sent)
    cause = _system_error(error, progress.earlier)
    # A limit of the socket itself has ended a wait.
    timed_out = "TimeoutException" in names or isinstance(cause, BlockingIOError)
    if timed_out and not sent and "PoolTimeout" not in names:
        return Failure(_WORDS["ConnectTimeout"], sent=False, timed_out=True)
    login_refused = "ProxyError" in names and str(error).startswith("407")
    # In TLS 1.3 the refusal of a client's certificate comes after the request, at which the server has not looked.
    refused = cause is not None and is_refusal(cause) and (not sent or (progress.doubtful and is_alert(cause)))
    return Failure(
        _describe(error, names, cause, sent=sent and not refused),
        sent=sent and not refused,
        timed_out=timed_out,
        # Once a request was sent, an error of the client's own protocol comes from what the server has sent (HTTP/2).
        permanent=refused or login_refused or (not sent and not names.isdisjoint(_PERMANENT)),
    )


def _names(error: object) -> set[str]:
    return {cls.__name__ for cls in type(error).__mro__}


def _describe(error: BaseException, names: set[str], cause: BaseException | None, *, sent: bool) -> str:
    if cause is not None and (is_refusal(cause) or "SSLError" in _names(cause)):
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
    if not sent and names.isdisjoint(_NOT_SENT):  # it happened on the way through a proxy
        problem = f"cannot connect: {problem}"
    return problem if cause is None else f"{problem}: {describe(cause)}"


def _system_error(error: BaseException | None, earlier: BaseException | None) -> OSError | None:
    """Return the error of the system or of TLS that has led to an error, if there is one."""
    while error is not None and error is not earlier:
        if isinstance(error, OSError) and (error.errno or "SSLError" in _names(error)):
            return error
        # A group has an error for each address. httpcore drops explicit causes.
        group: tuple[BaseException, ...] = (
            getattr(error, "exceptions", ()) if "BaseExceptionGroup" in _names(error) else ()
        )
        error = group[0] if group else error.__cause__ or error.__context__
    return None
