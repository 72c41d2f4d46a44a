"""Calls that are made while another call is under way in the same task: by hooks, and by what the simulator calls."""

from __future__ import annotations

from contextvars import ContextVar

nesting: ContextVar[int] = ContextVar("knock_sdk.nesting", default=0)
"""Number of hooks and handlers of webhooks that the current code runs in, each called during a call of the one before.

Calls in one do not wait for the writes that are under way: one of these may be what has called it.
"""
