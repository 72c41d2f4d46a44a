"""Where requests go: the base URL and the paths below it."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from ..errors import ConfigurationError, InvalidArgumentError

# RFC 3986 allows these in a path segment beside letters, digits and "-._~".
_SEGMENT_SAFE = "!$&'()*+,;=:@"
_PLACE = re.compile(r"\{(\w+)\}")
_DEFAULT_PORT = {"https": 443, "http": 80}
_BAD_IN_PATH = re.compile(r"[\x00-\x20\x7f#\\]")
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._-]+)(:[0-9]*)?")
_PREFIX = re.compile(r"[0-9A-Za-z._~!$&'()*+,;=:@%/-]*")


class Origin(NamedTuple):
    """Scheme, host, port and the path that stands before `/v1`."""

    scheme: str
    host: str
    port: int
    prefix: str

    @property
    def authority(self) -> str:
        """Host and port as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORT[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole base URL, without a slash at the end."""
        return f"{self.scheme}://{self.authority}{self.prefix}"


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine itself."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def parse_base_url(url: object, *, allow_http: bool) -> Origin:
    """Take a base URL apart; refuse anything that could send a key where it does not belong."""
    if not isinstance(url, str):
        raise ConfigurationError(f"base_url: takes a string, not {type(url).__name__}")
    if not url.isascii() or re.search(r"[\x00-\x20\x7f]", url):
        raise ConfigurationError("base_url: holds a space, a control character or a character beyond ASCII")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ConfigurationError("base_url: is not a URL") from None
    if parts.scheme not in _DEFAULT_PORT or not parts.hostname:
        raise ConfigurationError("base_url: must start with https:// and name a host")
    if "@" in parts.netloc:
        raise ConfigurationError("base_url: must not hold a user name or password")
    if not _AUTHORITY.fullmatch(parts.netloc) or port == 0 or not _PREFIX.fullmatch(parts.path):
        raise ConfigurationError("base_url: is not a URL")
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise ConfigurationError("base_url: must not hold a query or a fragment")
    if parts.scheme == "http" and not allow_http and not is_loopback(parts.hostname):
        raise ConfigurationError(
            "base_url: http:// would send the key in the clear; use https://, or pass allow_http=True"
        )
    return Origin(parts.scheme, parts.hostname, port or _DEFAULT_PORT[parts.scheme], parts.path.rstrip("/"))


def check_segment(argument: str, value: object) -> str:
    """Return an id encoded for a path, or refuse it: every id must stay one segment."""
    if not isinstance(value, str):
        raise InvalidArgumentError(argument, f"takes a string, not {type(value).__name__}")
    if value in ("", ".", ".."):
        raise InvalidArgumentError(argument, f"must not be {value!r}: it names nothing in a path")
    try:
        return quote(value, safe=_SEGMENT_SAFE)
    except UnicodeEncodeError:
        raise InvalidArgumentError(argument, "holds half of a surrogate pair, which has no encoding") from None


def fill(template: str, values: tuple[object, ...]) -> str:
    """Put ids into a path template, in the template's order."""
    if not values:
        return template
    names = _PLACE.findall(template)
    path = template
    for name, value in zip(names, values, strict=True):
        path = path.replace("{" + name + "}", check_segment(name, value), 1)
    return path


def check_raw_path(origin: Origin, path: object) -> str:
    """Return a caller's own path; a URL is taken only if it is on the client's host."""
    if not isinstance(path, str):
        raise InvalidArgumentError("path", f"takes a string, not {type(path).__name__}")
    if not path.isascii() or _BAD_IN_PATH.search(path):
        raise InvalidArgumentError("path", "must be percent-encoded ASCII without spaces, control characters or '#'")
    base = origin.url + "/"
    if path.startswith(base):
        path = path[len(base) - 1 :]
    if not path.startswith("/") or path.startswith("//"):
        raise InvalidArgumentError("path", "must start with one '/': other hosts are not called")
    return path
