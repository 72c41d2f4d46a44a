# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: feeds."""

from __future__ import annotations

from typing import Literal, TypeAlias

FeedStatusFilter: TypeAlias = Literal["unread", "read", "unseen", "seen", "all"]
"""Which items of a feed to return, by their engagement."""
