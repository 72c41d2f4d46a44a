"""The settings: URL and branch, the key, the proxy."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ..._core.requests.config import BASE_URL
from ..._core.secret import Secret
from ..._core.values.headers import check_secret, check_token
from ..._core.wire.proxies import proxy_for
from ..._core.wire.url import is_loopback, parse_base_url
from ...errors import ConfigurationError
from .findings import ok, problem, skipped, warning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .examination import Examination
    from .findings import Finding

_KNOWN = (
    *("KNOCK_ALLOW_HTTP", "KNOCK_API_KEY", "KNOCK_BASE_URL", "KNOCK_BRANCH", "KNOCK_LOG", "KNOCK_SIGNING_KEY"),
    "KNOCK_WEBHOOK_SECRET",
)
"""The variables that the package reads."""
_PREFIX = re.compile(r"([sp])k_(test_|live_)?")
_PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_LOCAL_KEY = "sk_test"


def check_settings(examination: Examination) -> Iterator[Finding]:
    """Look at the URL, the branch, and the variables that are set."""
    environ = examination.environ
    name, url = "--base-url", examination.base_url
    if not url:
        name, url = "KNOCK_BASE_URL", environ.get("KNOCK_BASE_URL") or BASE_URL
    is_set = sorted(each for each in environ if each.startswith("KNOCK_"))
    try:
        allowed = environ.get("KNOCK_ALLOW_HTTP", "").strip().lower() in {"1", "true", "yes"}
        origin = parse_base_url(url, allow_http=allowed, name=name)
        branch = examination.branch or environ.get("KNOCK_BRANCH") or None
        if branch is not None:
            check_token("--branch" if examination.branch else "KNOCK_BRANCH", branch)
    except ConfigurationError as error:
        yield problem("settings", str(error), "Correct it; nothing that needs the network is examined.", set=is_set)
        return
    examination.origin, examination.branch = origin, branch
    text = origin.url if branch is None else f"{origin.url}, branch {branch}"
    if is_set:
        text += f"; set: {', '.join(is_set)}"
    details = {"base_url": origin.url, "branch": branch, "set": is_set}
    if origin.scheme == "http" and not is_loopback(origin.host):
        yield warning(
            "settings", text, "The key is sent in the clear: use https://, and unset KNOCK_ALLOW_HTTP.", **details
        )
    elif (misspelt := _misspelt(environ)) is not None:
        yield warning("settings", text, f"{misspelt[0]} is not read: rename it to {misspelt[1]}.", **details)
    else:
        yield ok("settings", text, **details)


def check_key(examination: Examination) -> Iterator[Finding]:
    """Look at the form of the key, of which no more than its first letters is shown."""
    origin = examination.origin
    key = Secret(examination.environ.get("KNOCK_API_KEY", ""))
    if not key.reveal():
        if origin is not None and is_loopback(origin.host):
            examination.key = Secret(_LOCAL_KEY)
            yield ok("key", "none is set, and a Knock on this machine needs none", set=False)
        else:
            yield problem(
                "key",
                "KNOCK_API_KEY is not set",
                "Set it to the secret key of your environment, from Developers > API keys in Knock's dashboard.",
                set=False,
            )
        return
    try:
        check_secret("KNOCK_API_KEY", key)
    except ConfigurationError as error:
        yield problem("key", str(error), "Copy the key again; it has no spaces and no line break.", set=True)
        return
    examination.key = key
    found = _PREFIX.match(key.reveal())
    if found is None:
        quoted = key.reveal()[0] in "\"'"
        yield warning(
            "key",
            "KNOCK_API_KEY has quotes around it" if quoted else "KNOCK_API_KEY does not begin with sk_ or pk_",
            "Remove the quotes." if quoted else "Copy it again; a signing key or a service token is something else.",
            set=True,
        )
        return
    kind = {"s": "secret", "p": "public"}[found[1]]
    environment = (found[2] or "").removesuffix("_") or None
    text = f"{found[0]}…, a {kind} key" + ("" if environment is None else f" ({environment})")
    if kind == "public":
        advice = "It can do what browsers do; for all else, set the secret key of the environment."
        yield warning("key", text, advice, set=True, kind=kind, environment=environment)
    else:
        yield ok("key", text, set=True, kind=kind, environment=environment)


def check_proxy(examination: Examination) -> Iterator[Finding]:
    """Look at which proxy the environment names for the host; its password is not shown."""
    origin = examination.origin
    if origin is None:
        yield skipped("proxy", "the URL cannot be used")
        return
    given = [
        name for name in _PROXY_VARIABLES if (examination.environ.get(name) or examination.environ.get(name.lower()))
    ]
    try:
        proxy = proxy_for(origin, examination.environ)
    except ConfigurationError as error:
        examination.can_connect = False
        yield problem("proxy", str(error), "Correct the variable, or unset it.", variables=given)
        return
    examination.proxy = proxy
    if proxy is None:
        text = f"none for {origin.host}" + (f", although {', '.join(given)} is set" if given else "")
        yield ok("proxy", text, variables=given, used=None)
        return
    place = f"{proxy.scheme}://{proxy.host}:{proxy.port}"
    login = "" if proxy.username is None else ", with a user name"
    yield ok("proxy", f"{place}, from {proxy.variable}{login}", variables=given, used=place, variable=proxy.variable)


def _misspelt(environ: Mapping[str, str]) -> tuple[str, str] | None:
    """Return a variable that looks like one that the package reads, and that one, if it is not set."""
    wanted = [name for name in _KNOWN if name not in environ]
    for name in environ:
        if name.startswith("KNOCK") and name not in _KNOWN:
            for close in get_close_matches(name, wanted, 1, 0.9):
                return name, close
    return None
