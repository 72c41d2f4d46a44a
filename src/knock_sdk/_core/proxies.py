"""Proxies: which one the environment names for a host, and which hosts it exempts."""

from __future__ import annotations

import re
from base64 import b64encode
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from typing_extensions import override

from ..errors import ConfigurationError
from .secret import Secret, SecretBytes
from .url import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .url import Origin

_DEFAULT_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_AUTHORITY = re.compile(r"(?:[^@]*@)?(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._-]+)(:[0-9]*)?")


class _MalformedError(Exception):
    """A variable does not name a proxy."""


class Proxy(NamedTuple):
    """A proxy of the environment.

    Attributes:
        scheme: `http`, `https`, `socks5`, or `socks5h`, which looks up the names of hosts itself.
        host: its host, an IPv6 address without brackets.
        port: its port.
        username: the name to log in with, if one is needed.
        password: the password for it.
        variable: the environment variable that names the proxy.
    """

    scheme: str
    host: str
    port: int
    username: str | None
    password: Secret
    variable: str

    @override
    def __repr__(self) -> str:
        return f"<Proxy {self.scheme}://{self._authority}, from {self.variable}>"

    @property
    def _authority(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def credentials(self) -> tuple[bytes, bytes]:
        """User name and password."""
        return (self.username or "").encode(), SecretBytes(self.password.reveal().encode())

    @property
    def authorization(self) -> bytes | None:
        """The value of the header Proxy-Authorization; None if no user name is known."""
        return None if self.username is None else SecretBytes(b"Basic " + b64encode(b":".join(self.credentials)))

    @property
    def url(self) -> str:
        """The URL, with user name and password."""
        login = "" if self.username is None else f"{quote(self.username, '')}:{quote(self.password.reveal(), '')}@"
        return f"{self.scheme}://{login}{self._authority}"


def proxy_for(origin: Origin, environ: Mapping[str, str]) -> Proxy | None:
    """Return the proxy that the environment names for an origin, or None if it is reached without one.

    Raises:
        ConfigurationError: The variable is malformed, or names a proxy of an unknown kind.
    """
    names = [f"{origin.scheme}_proxy", f"{origin.scheme.upper()}_PROXY", "all_proxy", "ALL_PROXY"]
    if "REQUEST_METHOD" in environ and origin.scheme == "http":
        names.remove("HTTP_PROXY")  # in a CGI script, the client's header "Proxy" sets it
    variable = next((name for name in names if environ.get(name, "").strip()), None)
    exempt = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    if variable is None or is_loopback(origin.host) or is_exempt(origin.host, origin.port, exempt):
        return None
    try:
        return _parse(variable, environ[variable].strip())
    except _MalformedError as error:
        problem = str(error)
    del environ  # a traceback that shows local variables must not show it
    raise ConfigurationError(f"{variable}: {problem}")


def is_exempt(host: str, port: int, exempt: str) -> bool:
    """Return whether a list such as NO_PROXY's has a host, by curl's rules.

    Entries are separated by commas or spaces. A name matches the host of this name and those below it, with or without
    a dot before it; an address matches itself, and a block such as `10.0.0.0/8` the addresses in it. A list that is a
    single `*` matches every host. An entry with a port, which curl does not know, matches this port alone.
    """
    if exempt.strip() == "*":
        return True
    return any(
        _matches(host.lower().rstrip("."), port, entry) for entry in re.split(r"[,\s]+", exempt.lower()) if entry
    )


def _matches(host: str, port: int, entry: str) -> bool:
    if (found := re.fullmatch(r"(\[.*\]|[^:]*):([0-9]+)", entry)) is not None:
        if int(found[2]) != port:
            return False
        entry = found[1]
    if entry.startswith("[") and entry.endswith("]"):
        entry = entry[1:-1]
    try:
        address = ip_address(host)
    except ValueError:
        name = entry.removeprefix(".").rstrip(".")
        return bool(name) and (host == name or host.endswith("." + name))
    try:
        return address in ip_network(entry, strict=False)
    except ValueError:
        return False


def _parse(variable: str, value: str) -> Proxy:
    """Parse the value of a variable; errors do not repeat a part of it: it may have a password."""
    if "://" not in value:
        value = f"http://{value}"
    try:
        parts = urlsplit(value)
        port, host = parts.port, parts.hostname
        username = None if parts.username is None else unquote(parts.username, errors="strict")
        password = unquote(parts.password or "", errors="strict")
    except ValueError:
        raise _MalformedError("is not a valid URL") from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise _MalformedError("must be the URL of a proxy: http://, https://, socks5:// or socks5h://")
    visible = value.isascii() and not re.search(r"[\x00-\x20\x7f]", value)
    if not visible or not host or port == 0 or not _AUTHORITY.fullmatch(parts.netloc):
        raise _MalformedError("is not a valid URL; special characters of a password are encoded, such as %40 for @")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise _MalformedError("must not contain a path, a query or a fragment")
    if parts.scheme.startswith("socks"):
        if username is not None and not all(1 <= len(part.encode()) <= 255 for part in (username, password)):
            raise _MalformedError("user name and password must have 1 to 255 bytes each for a SOCKS proxy")
        if find_spec("socksio") is None:
            raise _MalformedError("names a SOCKS proxy, which needs another package; pip install 'knock-sdk[socks]'")
    elif ":" in (username or "") or re.search(r"[\x00-\x1f\x7f]", (username or "") + password):
        raise _MalformedError("has a colon in the user name, or a control character in it or in the password")
    return Proxy(parts.scheme, host, port or _DEFAULT_PORTS[parts.scheme], username, Secret(password), variable)
