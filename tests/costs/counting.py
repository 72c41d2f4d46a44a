"""Bytecode instructions that a thread executes, by function."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType


class Function(NamedTuple):
    """A function, and the module that it stands in."""

    module: str
    name: str
    line: int


class Instructions:
    """How many instructions were executed, by function.

    Attributes:
        own: those of the function itself.
        cumulative: those, and those of everything that it called.
        entered: how often it was entered; a coroutine or generator is entered again whenever it goes on.
    """

    def __init__(self) -> None:
        self.own: Counter[Function] = Counter()
        self.cumulative: Counter[Function] = Counter()
        self.entered: Counter[Function] = Counter()

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.own.values())

    def inside(self, package: str) -> int:
        """Those of one package or module."""
        return sum(count for function, count in self.own.items() if f"{function.module}.".startswith(f"{package}."))

    def by_package(self) -> Counter[str]:
        """Those of each top-level package."""
        packages: Counter[str] = Counter()
        for function, count in self.own.items():
            packages[function.module.partition(".")[0]] += count
        return packages

    def without(self, package: str) -> Instructions:
        """All but those of one package."""
        left = Instructions()
        for name, table in vars(self).items():
            kept = {
                function: count for function, count in table.items() if function.module.partition(".")[0] != package
            }
            getattr(left, name).update(kept)
        return left

    def less(self, other: Instructions) -> Instructions:
        """What these have more than others."""
        more = Instructions()
        for name, table in vars(self).items():
            getattr(more, name).update(table)
            getattr(more, name).subtract(getattr(other, name))
        return more


def count(call: Callable[[], object]) -> Instructions:
    """Make a call twice, and count the instructions that the calling thread executes the second time.

    The first time is for Python 3.12 and 3.13: they tell of a function's instructions only once it has been traced
    before. What is written in C has no instructions.
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
    """Counts every instruction for the function that executes it, and for those that have called it."""

    def __init__(self) -> None:
        self.instructions = Instructions()
        self._functions: dict[CodeType, Function] = {}
        self._stack: list[list[Any]] = []  # a function, and the instructions of it and of what it called so far
        self._own = self.instructions.own

    def enter(self, frame: FrameType, event: str, arg: object) -> Callable[..., Any]:
        """Start to follow a frame."""
        code = frame.f_code
        function = self._functions.get(code)
        if function is None:
            name = getattr(code, "co_qualname", code.co_name)  # Python 3.10 knows the short name alone
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
