"""The client libraries to compare, and the versions of installed distributions."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from tests.support.subjects import SUBJECTS

if TYPE_CHECKING:
    from tests.support.subjects import Subject


def installed_version(distribution: str) -> str | None:
    """Return the version of a distribution, or None if it is not installed."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def subjects() -> dict[str, Subject]:
    """Return this client, and the vendor's if it is installed."""
    return {name: make() for name, make in SUBJECTS.items() if name == "knock-sdk" or installed_version(name)}
