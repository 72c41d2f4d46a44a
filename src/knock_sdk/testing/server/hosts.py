"""Names of hosts, as they stand in `Host` and `Origin`."""

from __future__ import annotations

import re
from ipaddress import ip_address

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?")


def name_of(host: str) -> str | None:
    """Return the name in a `Host`, in lower case, without port and brackets; None if it is malformed."""
    matched = _HOST.fullmatch(host)
    return matched["name"].strip("[]").lower() if matched else None


def is_address(name: str) -> bool:
    """Tell whether a host is given by its IP address."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(name: str) -> bool:
    """Tell whether a host is this machine: 127.0.0.0/8, ::1, localhost or a name below it."""
    if is_address(name):
        return ip_address(name).is_loopback
    return name == "localhost" or name.endswith(".localhost")


def parse_host(text: str) -> str:
    """Return the host that a setting names, as `name_of` does.

    Raises:
        ValueError: It is a URL, has a port, or is malformed.
    """
    name = name_of(text)
    if name is None or text.strip("[]").lower() != name:
        raise ValueError(f"allow_hosts: takes the name or address of a host, such as knock.example, not {text!r}")
    return name
