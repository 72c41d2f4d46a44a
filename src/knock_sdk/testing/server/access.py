"""Settings that say which browsers' pages may use a server, besides those of this machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence  # noqa: TC003 - annotations of public functions can be evaluated
from typing import NamedTuple

from ..state.arguments import check_type
from .cors import parse_origin
from .hosts import parse_host


class Access(NamedTuple):
    """Origins and hosts that are permitted besides those of this machine."""

    origins: frozenset[str] = frozenset()
    """Origins whose pages may use the API."""
    hosts: frozenset[str] = frozenset()
    """Hosts by whose name the server may be called."""

    def with_host(self, host: str) -> Access:
        """Return the same with one more host: the one that the server listens on."""
        return self._replace(hosts=self.hosts | {host.lower()})


LOOPBACK_ONLY = Access()


def access_of(allow_origins: Sequence[str] = (), allow_hosts: Sequence[str] = ()) -> Access:
    """Return the settings for lists of origins and hosts.

    Raises:
        TypeError: One of them is not a list of text.
        ValueError: An origin or host is malformed.
    """
    origins = _parse_all("allow_origins", allow_origins, parse_origin)
    return Access(origins, _parse_all("allow_hosts", allow_hosts, parse_host))


def _parse_all(name: str, given: Sequence[str], parse: Callable[[str], str]) -> frozenset[str]:
    check_type(name, given, (list, tuple, set, frozenset), "a list of text")
    for each in given:
        check_type(name, each, str, "a list of text")
    return frozenset(map(parse, given))
