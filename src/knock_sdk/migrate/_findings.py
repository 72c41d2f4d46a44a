"""The kinds of findings: each is a section of the guide."""

from __future__ import annotations

from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "ambiguous-arguments",
    "arguments",
    "dependencies",
    "dictionary-responses",
    "dynamic-arguments",
    "dynamic-names",
    "error-details",
    "errors-of-requests",
    "http-clients",
    "idempotency-keys",
    "names-in-text",
    "names-without-counterpart",
    "raw-responses",
    "requests-by-path",
    "settings",
    "star-imports",
    "subclasses",
    "times",
    "timeouts",
    "unknown-clients",
    "unreadable-files",
]
"""The anchor of the section of the guide that says what to do."""
