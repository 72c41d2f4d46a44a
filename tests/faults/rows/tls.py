"""The row on servers without a valid certificate, and on base URLs that must not get a key: 29."""

from __future__ import annotations

import os
import ssl
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import trustme

from tests.support.certificates import LONG_AGO, make_server_context
from tests.support.listener import Listener
from tests.support.sides import both
from tests.support.tls_server import TLSServer

from ..row import Outcome, Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.subjects import Subject

BASE_URLS = (
    "http://169.254.169.254",
    "http://example.com",
    "ftp://example.com",
    "",
    "https://user:pw@example.com",
    "https://example.com?x=1",
    "https://example.com/#x",
)


def outdated(issuer: trustme.CA) -> ssl.SSLContext:
    """Return the context of a server that supports nothing newer than TLS 1.1."""
    context = make_server_context(issuer)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    return context


CAUSES: dict[str, tuple[Callable[[trustme.CA], ssl.SSLContext], str]] = {
    "unknown authority": (lambda _: make_server_context(trustme.CA()), "local issuer certificate"),
    "other host": (lambda known: make_server_context(known, "knock.example"), "mismatch"),
    "expired": (lambda known: make_server_context(known, not_before=LONG_AGO, not_after=LONG_AGO), "expired"),
    "TLS 1.1": (outdated, "protocol version"),
}


def wrong_servers(subject: Subject) -> Outcome:
    """Call servers that must not be trusted, and make clients with base URLs that must be rejected."""
    authority = trustme.CA()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "authority.pem")
        authority.cert_pem.write_to_path(str(file))
        os.environ["SSL_CERT_FILE"] = str(file)
        trusted = call_with_both(subject, make_server_context(authority), "")
        outcomes = [call_with_both(subject, make(authority), cause) for make, cause in CAUSES.values()]
        del os.environ["SSL_CERT_FILE"]
    connections, requests, errors, named = (sum(column) for column in zip(*outcomes, strict=True))
    accepted = [url for url in BASE_URLS if not is_rejected(subject, url)]
    shown = (
        f"TLS: {errors} calls failed with {connections} attempts and {requests} requests, cause named in {named}; "
        f"{len(BASE_URLS) - len(accepted)} of {len(BASE_URLS)} base URLs rejected"
    )
    calls = 2 * len(CAUSES)
    # Calls to a trusted server must succeed, or the failures would show nothing.
    works = trusted == (2, 2, 0, 0)
    return Outcome(shown, works and (connections, requests, errors, named) == (calls, 0, calls, calls) and not accepted)


def call_with_both(subject: Subject, context: ssl.SSLContext, cause: str) -> tuple[int, int, int, int]:
    """Call a server with both clients; return connections, requests, errors, and those that name the cause."""
    errors = named = 0
    server = TLSServer(context)
    with Listener(server.serve) as listener:
        with both(subject, listener.url) as sides:
            for side in sides:
                result = side.run(lambda client: client.users.get("u1"))
                if isinstance(result, subject.error):
                    errors += 1
                    named += cause in str(result).lower().replace("_", " ")
        return listener.accepted, server.requests, errors, named


def is_rejected(subject: Subject, url: str) -> bool:
    """Return whether every client rejects a base URL, as an argument and from the environment."""
    settings: list[dict[str, Any]] = [{"base_url": url}, {"base_url": None}]
    for given in settings if url else settings[:1]:  # an empty variable is ignored
        if given["base_url"] is None:
            os.environ["KNOCK_BASE_URL"] = url
        try:
            for make in (subject.make, subject.make_async):
                try:
                    make(api_key="sk_test", **given)
                except (subject.error, ValueError) as error:
                    if "pw" in str(error):
                        return False
                else:
                    return False
        finally:
            os.environ.pop("KNOCK_BASE_URL", None)
    return True


ROWS: list[Row] = [
    Row(
        29,
        "TLS faults (4); http, ftp, empty, userinfo, query in base URL",
        "0 requests sent; 1 attempt; cause named; rejected at construction",
        wrong_servers,
    )
]
