"""Exceptions that signal handlers raise: Celery's soft time limit, or a TimeoutError from a handler of `SIGALRM`.

They can occur at any line of the main thread, and be of any class. They say nothing about the connection or the
response that was in use, and belong to the caller.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import CodeType


def raised_by_a_handler(error: BaseException | None, earlier: BaseException | None = None) -> BaseException | None:
    """Return the error that a signal handler raised: this one, or one that led to it; None if there is none.

    Args:
        error: what was raised.
        earlier: the error that was being handled before; neither it nor what led to it is examined.
    """
    if "signal" not in sys.modules:
        return None  # so no handler was set
    handlers = _handlers()
    while error is not None and error is not earlier:
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code in handlers:
                return error
            trace = trace.tb_next
        error = error.__cause__ or error.__context__
    return None


def _handlers() -> set[CodeType]:
    import signal

    found = (_code_of(signal.getsignal(number)) for number in signal.valid_signals())
    return {code for code in found if code is not None}


def _code_of(handler: object) -> CodeType | None:
    while (inner := getattr(handler, "func", None)) is not None:  # of functools.partial
        handler = inner
    # A function, a method, or an object that can be called.
    for each in (handler, getattr(handler, "__func__", None), getattr(type(handler), "__call__", None)):  # noqa: B004
        code: CodeType | None = getattr(each, "__code__", None)
        if code is not None:
            return code
    return None
