"""Versions: of Python, of this package and what it needs, and of its extras."""

from __future__ import annotations

import platform
import re
import ssl
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING, NamedTuple

from .findings import ok, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .examination import Examination
    from .findings import Finding

_PACKAGE = "knock-sdk"
_SHOWN = ("httpx", "pydantic")
_REQUIREMENT = re.compile(
    r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*(?P<bounds>[^;]*)"
    r"(?:;\s*(?P<marker>.*?)(?:(?:\s+and\s+)?extra\s*==\s*['\"](?P<extra>[^'\"]+)['\"])?)?"
)
_AT_LEAST = re.compile(r">=\s*([0-9.]+)")
_DEVELOPMENT = "dev"


class Requirement(NamedTuple):
    """What the package, or an extra of it, needs."""

    name: str
    at_least: str | None
    """The oldest version that was tested."""
    extra: str | None


def check_versions(examination: Examination) -> Iterator[Finding]:
    """Look at the versions of what is always needed."""
    del examination
    needed = [each for each in read_requirements() if each.extra is None]
    found = {each.name: installed(each.name) for each in needed}
    own = installed(_PACKAGE)
    shown = [f"{name} {found[name]}" for name in _SHOWN if name in found]
    text = f"Python {platform.python_version()}, {_PACKAGE} {own}, {', '.join(shown)}, {ssl.OPENSSL_VERSION}"
    details = {"python": platform.python_version(), _PACKAGE: own, "openssl": ssl.OPENSSL_VERSION, **found}
    old = [each for each in needed if is_older(found[each.name], each.at_least)]
    if old:
        listed = ", ".join(f"{each.name} {found[each.name]} (at least {each.at_least})" for each in old)
        advice = f"Run pip install -U {' '.join(each.name for each in old)}."
        yield warning("versions", f"too old, or missing: {listed}", advice, **details)
    else:
        yield ok("versions", text, **details)


def check_extras(examination: Examination) -> Iterator[Finding]:
    """Look at which extras are installed, and whether what they need is too old."""
    del examination
    complete: list[str] = []
    wrong: list[Requirement] = []
    extras: dict[str, list[Requirement]] = {}
    for each in read_requirements():
        if each.extra is not None and each.extra != _DEVELOPMENT:
            extras.setdefault(each.extra, []).append(each)
    for name, needed in extras.items():
        present = [each for each in needed if installed(each.name) is not None]
        if len(present) == len(needed):
            complete.append(name)
        wrong += [each for each in present if is_older(installed(each.name), each.at_least)]
    missing = [name for name in extras if name not in complete]
    text = f"installed: {', '.join(complete) or 'none'}; not: {', '.join(missing) or 'none'}"
    details = {"installed": complete, "missing": missing}
    if wrong:
        listed = {each.name: each for each in wrong}
        old = ", ".join(f"{name} {installed(name)} (at least {each.at_least})" for name, each in listed.items())
        yield warning("extras", f"too old: {old}", f"Run pip install -U {' '.join(listed)}.", **details)
    else:
        yield ok("extras", text, **details)


def read_requirements() -> list[Requirement]:
    """Return what the package says that it needs on this system."""
    found: list[Requirement] = []
    for text in requires(_PACKAGE) or []:
        matched = _REQUIREMENT.fullmatch(text.strip())
        if matched is None or "platform_system" in (matched["marker"] or ""):
            continue  # for one system alone
        bound = _AT_LEAST.search(matched["bounds"])
        found.append(Requirement(matched["name"], None if bound is None else bound[1], matched["extra"]))
    return found


def installed(name: str) -> str | None:
    """Return the version of a distribution that is installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def is_older(found: str | None, at_least: str | None) -> bool:
    """Return whether a version is missing, or older than another one."""
    if found is None:
        return True
    return at_least is not None and _numbers(found) < _numbers(at_least)


def _numbers(text: str) -> list[int]:
    """Return the numbers at the beginning of a version, without zeros at its end; what is no release counts as one."""
    begin = re.match(r"[0-9]+(?:\.[0-9]+)*", text)
    numbers = [int(part) for part in begin[0].split(".")] if begin is not None else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return numbers
