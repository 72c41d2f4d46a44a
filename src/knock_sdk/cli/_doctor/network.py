"""The way to the server: its addresses, a connection, TLS."""

from __future__ import annotations

from functools import partial
from ipaddress import ip_address
from time import monotonic
from typing import TYPE_CHECKING

from ..._core.outcome import Failure
from ..._core.wire.url import Origin, is_loopback
from ..._sync.engines.connector import Connector
from ..._sync.engines.stream import look_up
from ..._sync.engines.tunnel import open_tunnel
from ...errors import ConfigurationError
from . import certificates
from .findings import ok, problem, skipped, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..._core.deadline import Deadline
    from ..._core.wire.proxies import Proxy
    from ..._sync.engines.stream import Stream
    from .examination import Examination
    from .findings import Finding

_SLOW_LOOKUP = 1.0
_SHOWN = 4
"""Addresses that are shown."""


def check_dns(examination: Examination) -> Iterator[Finding]:
    """Look up the host, or the proxy that looks it up."""
    origin, proxy = examination.origin, examination.proxy
    if origin is None or not examination.can_connect:
        yield skipped("dns", "the settings cannot be used")
        return
    host, port = (origin.host, origin.port) if proxy is None else (proxy.host, proxy.port)
    name = f"the name {host}" if proxy is None else f"the proxy's name {host}"
    if _is_address(host):
        yield ok("dns", f"{host} is an address, which needs no lookup", addresses=[host])
        return
    started = monotonic()
    try:
        found = look_up(host, port, examination.deadline(), examination.lifetime)
    except Failure as failure:
        examination.can_connect = False
        advice = f"Check {name} and the network; behind a proxy, set HTTPS_PROXY."
        yield problem("dns", failure.problem, advice, addresses=[])
        return
    seconds = monotonic() - started
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    v6 = sum(":" in address for address in addresses)
    shown = ", ".join(addresses[:_SHOWN]) + (f" and {len(addresses) - _SHOWN} more" if len(addresses) > _SHOWN else "")
    text = f"{host}: {shown} (IPv4: {len(addresses) - v6}, IPv6: {v6}), in {_milliseconds(seconds)}"
    details = {"addresses": addresses, "seconds": round(seconds, 4)}
    if seconds > _SLOW_LOOKUP:
        yield warning(
            "dns", text, "Each new connection waits for that: check the resolvers of this machine.", **details
        )
    else:
        yield ok("dns", text, **details)


def check_connection(examination: Examination) -> Iterator[Finding]:
    """Connect to the server, or through the proxy."""
    origin, proxy = examination.origin, examination.proxy
    if origin is None or not examination.can_connect:
        yield skipped("connection", "there is no address to connect to")
        return
    if proxy is not None and proxy.scheme == "https":
        yield ok("connection", "left to httpx, since the proxy itself is reached by TLS; see api")
        return
    place = origin.authority if proxy is None else f"{origin.authority}, through {proxy.host}:{proxy.port}"
    started = monotonic()
    try:
        examination.stream = connect(examination, origin, proxy, examination.deadline())
    except Failure as failure:
        examination.can_connect = False
        yield problem("connection", f"{place}: {failure.problem}", _advice(origin, proxy))
        return
    examination.connect_time = monotonic() - started
    yield ok(
        "connection",
        f"{place}, in {_milliseconds(examination.connect_time)}",
        seconds=round(examination.connect_time, 4),
    )


def check_tls(examination: Examination) -> Iterator[Finding]:
    """Begin TLS, as the client does, and look at the certificate."""
    origin, proxy, stream = examination.origin, examination.proxy, examination.stream
    if origin is not None and origin.scheme == "http":
        yield ok("tls", "not used, as the URL begins with http://", used=False)
        return
    if proxy is not None and proxy.scheme == "https" and examination.can_connect:
        yield ok("tls", "left to httpx; see api")
        return
    if origin is None or stream is None:
        yield skipped("tls", "there is no connection")
        return
    examination.stream = None
    trusted = certificates.authorities(examination.environ)
    deadline = examination.deadline()
    started = monotonic()
    try:
        certificates.start(stream, origin.host, deadline)
    except ConfigurationError as error:
        yield problem("tls", str(error), "The client cannot connect until this is solved.", authorities=trusted)
    except Failure as failure:
        seen = None
        if "certificate" in failure.problem:
            again = partial(connect, examination, origin, proxy, deadline)
            seen = certificates.look_at(again, origin.host, deadline)
        text = failure.problem if seen is None else f"{failure.problem}: {seen}"
        yield problem("tls", text, certificates.advice(failure.problem), authorities=trusted, certificate=seen)
    else:
        examination.stream = stream
        examination.tls_time = monotonic() - started
        yield certificates.describe(stream, examination.tls_time, trusted)


def connect(examination: Examination, origin: Origin, proxy: Proxy | None, deadline: Deadline) -> Stream:
    """Return a connection, without TLS yet, by a proxy that is not reached by TLS itself.

    Raises:
        Failure: There is none.
    """
    place = origin if proxy is None else Origin("http", proxy.host, proxy.port, "")
    stream = Connector(place._replace(scheme="http"), None).connect(deadline, examination.lifetime)
    if proxy is not None and (proxy.scheme != "http" or origin.scheme == "https"):
        try:
            open_tunnel(stream, proxy, origin, deadline, examination.lifetime)
        except BaseException:
            stream.close()
            raise
    return stream


def _advice(origin: Origin, proxy: Proxy | None) -> str:
    if proxy is not None:
        return f"Check the proxy that {proxy.variable} names, or exempt the host with NO_PROXY={origin.host}."
    if is_loopback(origin.host):
        return f"Nothing listens there, it seems: start it with knock-sdk simulate --port {origin.port}."
    return "Check the network and its firewall; behind a proxy, set HTTPS_PROXY."


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"
