"""Time limits that are objects of httpx; here they are numbers of seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from .._analysis.values import Symbol

if TYPE_CHECKING:
    from .draft import Draft

_TIMEOUTS = {"httpx.Timeout", "knockapi.Timeout", "httpx._config.Timeout"}
_MESSAGE = (
    "a time limit with parts: `timeout=` is the number of seconds for a whole call here, and `attempt_timeout=` that"
    " for one attempt"
)


def simplify(draft: Draft, argument: cst.Arg) -> bool:
    """Have `timeout=Timeout(20)` changed to `timeout=20`; list one with parts, and return False."""
    call = argument.value
    if isinstance(call, cst.Tuple):  # of requests: seconds to connect, and to read
        draft.note(call, "timeouts", _MESSAGE)
        return False
    value = draft.value(call.func) if isinstance(call, cst.Call) else None
    if not isinstance(call, cst.Call) or not isinstance(value, Symbol) or value.path not in _TIMEOUTS:
        return True
    name = call.args[0].keyword if len(call.args) == 1 else None
    if len(call.args) != 1 or (name is not None and name.value != "timeout") or call.args[0].star:
        draft.note(call, "timeouts", _MESSAGE)
        return False
    draft.claim(call.func)
    draft.change(call, lambda updated: updated.args[0].value)
    return True
