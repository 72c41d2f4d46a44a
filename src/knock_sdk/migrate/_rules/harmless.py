"""Calls that show a value and do nothing else with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from .._analysis.values import Symbol

if TYPE_CHECKING:
    from .draft import Draft

_FUNCTIONS = {"builtins.print", "builtins.str", "builtins.repr", "builtins.bool", "builtins.len", "builtins.type"}
_LOGGING = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def is_shown(draft: Draft, node: cst.CSTNode | None) -> bool:
    """Return whether an argument is given to a function that only shows it, or a part of an f-string."""
    if isinstance(node, cst.FormattedStringExpression):
        return True
    called = draft.parent(node) if isinstance(node, cst.Arg) else None
    if not isinstance(called, cst.Call):
        return False
    value = draft.value(called.func)
    if isinstance(value, Symbol):
        return value.path in _FUNCTIONS or value.path.startswith("logging.")
    return isinstance(called.func, cst.Attribute) and called.func.attr.value in _LOGGING
