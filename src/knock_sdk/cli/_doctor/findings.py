"""Findings of the doctor: what was looked at, whether it is well, and what to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Status(str, Enum):
    """How something is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Finding:
    """What a check has found."""

    check: str
    status: Status
    text: str
    advice: str | None = None
    """What to do about it."""
    details: Mapping[str, object] = field(default_factory=dict[str, object])
    """The same for programs."""


def ok(check: str, text: str, **details: object) -> Finding:
    """Return the finding that all is well."""
    return Finding(check, Status.OK, text, details=details)


def warning(check: str, text: str, advice: str, **details: object) -> Finding:
    """Return the finding that something works, and should be looked at."""
    return Finding(check, Status.WARNING, text, advice, details)


def problem(check: str, text: str, advice: str, **details: object) -> Finding:
    """Return the finding that something does not work."""
    return Finding(check, Status.PROBLEM, text, advice, details)


def skipped(check: str, text: str) -> Finding:
    """Return the finding that something could not be looked at."""
    return Finding(check, Status.SKIPPED, text)
