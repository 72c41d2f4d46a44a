"""Bytecode instructions that a thread executes, by function."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType


class Function(NamedTuple):
    """A function, and the module that defines it."""

    module: str
    name: str
    line: int


class Instructions:
    """Numbers of executed instructions, by function.

    Attributes:
        own: instructions of the function itself.
        cumulative: instructions of the function and of all functions that it called.
        entered: number of times it was entered; a coroutine or generator is entered again when it is resumed.
    """

    def __init__(self) -> None:
        self.own: Counter[Function] = Counter()
        self.cumulative: Counter[Function] = Counter()
        self.entered: Counter[Function] = Counter()

    @property
    def total(self) -> int:
        """Number of all instructions."""
        return sum(self.own.values())

    def inside(self, package: str) -> int:
        """Return the number of instructions of a package or module."""
        return sum(count for function, count in self.own.items() if f"{function.module}.".startswith(f"{package}."))

    def by_package(self) -> Counter[str]:
        """Return the number of instructions of each top-level package."""
        packages: Counter[str] = Counter()
        for function, count in self.own.items():
            packages[function.module.partition(".")[0]] += count
        return packages

    def without(self, package: str) -> Instructions:
        """Return the instructions without those of a package."""
        others = Instructions()
        for name, table in vars(self).items():
            remaining = {
                function: count for function, count in table.items() if function.module.partition(".")[0] != package
            }
            getattr(others, name).update(remaining)
        return others

    def less(self, other: Instructions) -> Instructions:
        """Return the difference to other instructions."""
        more = Instructions()
        for name, table in vars(self).items():
            getattr(more, name).update(table)
            getattr(more, name).subtract(getattr(other, name))
        return more


def count(call: Callable[[], object]) -> Instructions:
    """Make a call twice; return the instructions that the calling thread executes the second time.

    The first time is for Python 3.12 and 3.13, which report the instructions of a function only after it has been
    traced once. C code has no instructions.
    """
    tracer = _Tracer()
    before = sys.gettrace()
    try:
        for each in (_Tracer(), tracer):
            sys.settrace(each.enter)
            call()
    finally:
        sys.settrace(before)
    return tracer.instructions


class _Tracer:
    """Counts every instruction for the function that executes it and for its callers."""

    def __init__(self) -> None:
        self.instructions = Instructions()
        self._functions: dict[CodeType, Function] = {}
        self._stack: list[list[Any]] = []  # functions, each with its cumulative instructions so far
        self._own = self.instructions.own

    def enter(self, frame: FrameType, event: str, arg: object) -> Callable[..., Any]:
        """Start tracing a frame."""
        code = frame.f_code
        function = self._functions.get(code)
        if function is None:
            name = getattr(code, "co_qualname", code.co_name)  # Python 3.10 has the short name only
            function = Function(str(frame.f_globals.get("__name__")), name, code.co_firstlineno)
            self._functions[code] = function
        self.instructions.entered[function] += 1
        self._stack.append([function, 0])
        frame.f_trace_lines = False
        frame.f_trace_opcodes = True
        return self._follow

    def _follow(self, frame: FrameType, event: str, arg: object) -> Callable[..., Any]:
        if event == "opcode":
            top = self._stack[-1]
            self._own[top[0]] += 1
            top[1] += 1
        elif event == "return":
            function, instructions = self._stack.pop()
            if self._stack:
                self._stack[-1][1] += instructions
            if all(function is not below for below, _ in self._stack):
                self.instructions.cumulative[function] += instructions
        return self._follow
