"""Proxies: which one the environment names for a host, and which hosts it exempts."""

from __future__ import annotations

import re
from base64 import b64encode
from importlib.util import find_spec
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote

from typing_extensions import override

from ...errors import ConfigurationError
from ..secret import Secret, SecretBytes
from .url import HOST, is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .url import Origin

_DEFAULT_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_SHORTEST = 8
_PLACE = re.compile(rf"(?:([^@:/?#]*)(?::([^@/?#]*))?@)?({HOST})(?::([0-9]*))?/?")
_ENTRY_WITH_PORT = re.compile(r"(\[[^\[\]]*\](?:/[0-9]+)?|[^:]*):([0-9]{1,5})")
_ENTRY_IN_BRACKETS = re.compile(r"\[([^\[\]]*)\](/[0-9]+)?")


class _MalformedError(Exception):
    """A variable does not name a proxy."""


class Proxy(NamedTuple):
    """A proxy of the environment; user name (which can be a token) and password are hidden."""

    scheme: str
    """`http`, `https`, `socks5`, or `socks5h`, which looks up the names of hosts itself."""
    host: str
    port: int
    username: Secret | None
    password: Secret
    variable: str
    """The environment variable that names the proxy."""

    @override
    def __repr__(self) -> str:
        return f"<Proxy {self.scheme}://{self.authority}, from {self.variable}>"

    @property
    def authority(self) -> str:
        """Host and port."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def credentials(self) -> tuple[bytes, bytes]:
        """User name and password, both empty if no user name is known."""
        username = "" if self.username is None else self.username.reveal()
        return SecretBytes(username.encode()), SecretBytes(self.password.reveal().encode())

    @property
    def authorization(self) -> bytes | None:
        """The value of the header Proxy-Authorization; None if no user name is known."""
        return None if self.username is None else SecretBytes(b"Basic " + b64encode(b":".join(self.credentials)))

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """The headers that are for the proxy alone; some proxies know their names in this spelling only."""
        return [] if self.authorization is None else [(b"Proxy-Authorization", self.authorization)]

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What must not be shown where a proxy repeats it: the credentials as they are sent, and the password.

        A short password is left out: redacting it would damage other words, and so give it away.
        """
        if self.username is None or self.authorization is None:
            return ()
        password = self.password if self.password.reveal() else self.username
        found = Secret(self.authorization[len(b"Basic ") :].decode("ascii"))
        return (found,) if len(password.reveal()) < _SHORTEST else (found, password)

    @property
    def url(self) -> str:
        """The URL, with user name and password."""
        login = "" if self.username is None else ":".join(quote(part, "") for part in self.credentials) + "@"
        return f"{self.scheme}://{login}{self.authority}"


def proxy_for(origin: Origin, environ: Mapping[str, str]) -> Proxy | None:
    """Return the proxy that the environment names for an origin, or None if it is reached without one.

    Raises:
        ConfigurationError: The variable is malformed, or names a proxy of an unknown kind.
    """
    names = [f"{origin.scheme}_proxy", f"{origin.scheme.upper()}_PROXY", "all_proxy", "ALL_PROXY"]
    if "REQUEST_METHOD" in environ and origin.scheme == "http":
        names.remove("HTTP_PROXY")  # in a CGI script, the client's header "Proxy" sets it
    variable, value = _first(names, environ)
    _, exempt = _first(["no_proxy", "NO_PROXY"], environ)
    if not variable or is_loopback(origin.host.rstrip(".")) or is_exempt(origin.host, origin.port, exempt):
        return None
    try:
        return _parse(variable, value)
    except _MalformedError as error:
        problem = str(error)
    del environ, value  # a traceback that shows local variables must not show them
    raise ConfigurationError(f"{variable}: {problem}")


def _first(names: list[str], environ: Mapping[str, str]) -> tuple[str, str]:
    """Return the first variable that is set and not blank, and its value; two empty strings if there is none."""
    present = set(environ)  # on Windows, a lookup of http_proxy would find HTTP_PROXY
    found = ((name, environ.get(name, "").strip()) for name in names if name in present)
    return next(((name, value) for name, value in found if value), ("", ""))


def is_exempt(host: str, port: int, exempt: str) -> bool:
    """Return whether a list such as NO_PROXY's has a host.

    The rules are curl's: entries are separated by commas or, as until curl 8.9, by spaces. A name matches the host of
    this name and those below it, with or without a dot before it and after it; an address matches itself, and a block
    such as `10.0.0.0/8` the addresses in it. A list that is a single `*` matches every host. Malformed entries match
    nothing.

    Beyond curl's rules, an entry with a port matches this port alone, IPv6 may stand in brackets, and a block may have
    a netmask, or the length 0 for all addresses.
    """
    if exempt.strip() == "*":
        return True
    host = host.lower().removesuffix(".")
    return any(_matches(host, port, entry) for entry in re.split(r"[,\s]+", exempt.lower()) if entry)


def _matches(host: str, port: int, entry: str) -> bool:
    if (found := _ENTRY_WITH_PORT.fullmatch(entry)) is not None:
        if int(found[2]) != port:
            return False
        entry = found[1]
    if (found := _ENTRY_IN_BRACKETS.fullmatch(entry)) is not None:
        entry = found[1] + (found[2] or "")
    try:
        address = ip_address(host)
    except ValueError:
        name = entry.removesuffix(".").removeprefix(".")
        return bool(name) and (host == name or host.endswith("." + name))
    try:
        return address in ip_network(entry, strict=False)
    except ValueError:
        return False


def _parse(variable: str, value: str) -> Proxy:
    """Parse the value of a variable; errors do not repeat a part of it: it may have a password."""
    if not value.isascii() or re.search(r"[\x00-\x20\x7f]", value):
        raise _MalformedError("contains a space, a control character or one outside ASCII; encode it, a space as %20")
    scheme, place = value.split("://", 1) if "://" in value else ("http", value)
    scheme = scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        raise _MalformedError("must be the URL of a proxy: http://, https://, socks5:// or socks5h://")
    found = _PLACE.fullmatch(place)
    try:
        username, password, host, port = found.groups("") if found else ("", "", "[]", "")
        host = IPv6Address(host[1:-1]).compressed if host.startswith("[") else host.lower()
        username, password = (unquote(part, errors="strict") for part in (username, password))
    except ValueError:
        raise _MalformedError(
            f"is not the URL of a proxy; write {scheme}://host:port or {scheme}://user:password@host:port, "
            "special characters of user and password encoded as UTF-8, such as %40 for @"
        ) from None
    if port and not (len(port) <= 5 and 1 <= int(port) <= 65535):
        raise _MalformedError("has an impossible port; use one between 1 and 65535")
    has_login = bool(username or password)
    if scheme.startswith("socks"):
        if has_login and not all(1 <= len(part.encode()) <= 255 for part in (username, password)):
            raise _MalformedError("user name and password must have 1 to 255 bytes each for a SOCKS proxy")
        if find_spec("socksio") is None:
            raise _MalformedError("names a SOCKS proxy, which needs another package; pip install 'knock-sdk[socks]'")
    elif ":" in username or re.search(r"[\x00-\x1f\x7f]", username + password):
        raise _MalformedError("must not have a colon in the user name, nor control characters in it or the password")
    login = Secret(username) if has_login else None
    return Proxy(scheme, host, int(port or _DEFAULT_PORTS[scheme]), login, Secret(password), variable)
