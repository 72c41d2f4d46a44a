"""URLs: the base URL, and the paths below it."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from ...errors import ConfigurationError, InvalidArgumentError

# RFC 3986 allows these in a path segment beside letters, digits and "-._~".
_SEGMENT_SAFE = "!$&'()*+,;=:@"
_PLAIN = re.compile(r"[0-9A-Za-z_.~-]+")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_DEFAULT_PORT = {"https": 443, "http": 80}
_BAD_IN_PATH = re.compile(r"[\x00-\x20\x7f#\\]")
_LABEL = "[0-9A-Za-z_-]{1,63}"
HOST = rf"\[[0-9A-Fa-f:.]+\]|(?=[^:/@]{{1,254}}(?:[:/]|$)){_LABEL}(?:\.{_LABEL})*\.?"
"""Expression for a host: an IPv6 address in brackets, an IPv4 address, or a name (RFC 1035, section 2.3.4)."""
_AUTHORITY = re.compile(rf"({HOST})(:[0-9]*)?")
_PREFIX = re.compile(r"[0-9A-Za-z._~!$&'()*+,;=:@%/-]*")


class Origin(NamedTuple):
    """Scheme, host, port, and the path before `/v1`."""

    scheme: str
    host: str
    port: int
    prefix: str

    @property
    def authority(self) -> str:
        """Host and port, as in the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORT[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The base URL, without a slash at the end."""
        return f"{self.scheme}://{self.authority}{self.prefix}"


def is_loopback(host: str) -> bool:
    """Return whether a host is localhost or a loopback address."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def parse_base_url(url: object, *, allow_http: bool, name: str = "base_url") -> Origin:
    """Parse a base URL.

    Args:
        url: the URL.
        allow_http: whether it may send the key in the clear.
        name: the argument or environment variable that it comes from.

    Raises:
        ConfigurationError: It is malformed, or could send the key to a wrong host.
    """
    if not isinstance(url, str):
        raise ConfigurationError(f"{name}: must be a string, not {type(url).__name__}")
    if not url.isascii() or re.search(r"[\x00-\x20\x7f]", url):
        raise ConfigurationError(
            f"{name}: contains a space, a control character or a character outside ASCII; remove it"
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ConfigurationError(f"{name}: is not a valid URL; write it like https://api.knock.app") from None
    if parts.scheme not in _DEFAULT_PORT or not parts.hostname:
        raise ConfigurationError(f"{name}: must start with https:// and name a host, like https://api.knock.app")
    if "@" in parts.netloc:
        raise ConfigurationError(f"{name}: must not contain a user name or password; pass a key as api_key=")
    if not _is_authority(parts.netloc) or port == 0 or not _PREFIX.fullmatch(parts.path):
        raise ConfigurationError(f"{name}: is not a valid URL; write it like https://api.knock.app")
    if parts.path.rstrip("/").endswith("/v1"):
        raise ConfigurationError(f"{name}: must not end with /v1, which the client adds; leave it out")
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise ConfigurationError(f"{name}: must not contain a query or a fragment; pass default_query= for parameters")
    if parts.scheme == "http" and not allow_http and not is_loopback(parts.hostname):
        raise ConfigurationError(
            f"{name}: http:// would send the key in the clear; use https://, or pass allow_http=True"
        )
    return Origin(parts.scheme, parts.hostname, port or _DEFAULT_PORT[parts.scheme], parts.path.rstrip("/"))


def _is_authority(text: str) -> bool:
    """Return whether a text is a host that can be looked up, and perhaps a port."""
    found = _AUTHORITY.fullmatch(text)
    if found is None or not found[1].startswith("["):
        return found is not None
    try:
        return ip_address(found[1][1:-1]).version == 6
    except ValueError:
        return False


def check_segment(argument: str, value: object) -> str:
    """Encode an id as one segment of a path; raise InvalidArgumentError if it cannot be one."""
    if not isinstance(value, str):
        raise InvalidArgumentError(argument, f"must be a string, not {type(value).__name__}")
    if value in ("", ".", ".."):
        raise InvalidArgumentError(argument, f"must not be {value!r}: an id cannot be empty, '.' or '..'")
    if _PLAIN.fullmatch(value):
        return value
    try:
        return quote(value, safe=_SEGMENT_SAFE)
    except UnicodeEncodeError:
        raise InvalidArgumentError(argument, "contains a lone surrogate, which cannot be encoded as UTF-8") from None


def fill(template: str, values: tuple[object, ...]) -> str:
    """Fill ids into a path template, in the template's order."""
    if not values:
        return template
    names = _PLACEHOLDER.findall(template)
    path = template
    for name, value in zip(names, values, strict=True):
        path = path.replace("{" + name + "}", check_segment(name, value), 1)
    return path


def check_raw_path(origin: Origin, path: object) -> str:
    """Check a caller's own path and return it; a URL is accepted only below the client's base URL."""
    if not isinstance(path, str):
        raise InvalidArgumentError("path", f"must be a string, not {type(path).__name__}")
    if not path.isascii() or _BAD_IN_PATH.search(path):
        raise InvalidArgumentError("path", "must be percent-encoded ASCII without spaces, control characters or '#'")
    base = origin.url + "/"
    if path.startswith(base):
        path = path[len(base) - 1 :]
    if not path.startswith("/") or path.startswith("//"):
        raise InvalidArgumentError("path", "must start with a single '/'; only the host of base_url is called")
    return path
