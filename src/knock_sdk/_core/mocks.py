"""Mocks and recorders of httpx: whether any is active, such as respx, pytest-httpx or vcrpy.

They replace methods of httpx or httpcore. Requests then go through httpx, so that none leaves a mocked test. While the
simulator is what replaces them, it supplies engines, which need no httpx and wait in simulated time.
"""

from __future__ import annotations

import os
import sys
from types import FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from .wire.url import Origin

_REPLACED = {
    "httpx": {
        "Client": "_transport_for_url",
        "AsyncClient": "_transport_for_url",
        "HTTPTransport": "handle_request",
        "AsyncHTTPTransport": "handle_async_request",
    },
    "httpcore": {
        "HTTPConnection": "handle_request",
        "AsyncHTTPConnection": "handle_async_request",
        "ConnectionPool": "handle_request",
        "AsyncConnectionPool": "handle_async_request",
    },
}
_known: dict[str, tuple[tuple[Any, ...], tuple[str, ...], tuple[int, ...]]] = {}
"""Classes, names of methods, and identities of the functions that are the library's own, by library.

What wraps a function may be equal to it, as wrappers of wrapt are.
"""
_kept: list[Any] = []
"""These functions, so that no other object gets the identity of one."""
_find_stand_in: Callable[[Origin, object], Any] | None = None


def replace_engines(find_stand_in: Callable[[Origin, object], Any] | None) -> None:
    """Have a function supply what stands in for engines, given the origin and the engine; None ends that."""
    global _find_stand_in  # noqa: PLW0603 (one for the process, as the methods of httpx are)
    _find_stand_in = find_stand_in


def stand_in_for(origin: Origin, engine: object) -> Any:
    """Return what stands in for an engine of clients of this origin; None for the engine itself, or httpx."""
    return None if _find_stand_in is None else _find_stand_in(origin, engine)


def are_active() -> bool:
    """Return whether a method of httpx or httpcore, if these are loaded, is replaced at present."""
    modules = sys.modules
    return ("httpx" in modules and _is_replaced("httpx")) or ("httpcore" in modules and _is_replaced("httpcore"))


def _is_replaced(library: str) -> bool:
    known = _known.get(library)
    if known is None:
        module: Any = sys.modules[library]
        if module is None or getattr(module.__spec__, "_initializing", False):
            return False  # it cannot be imported, or another thread does that at this moment
        methods = [(getattr(module, name, None), method) for name, method in _REPLACED[library].items()]
        owners, names = zip(*[each for each in methods if hasattr(*each)], strict=True)
        functions = tuple(map(getattr, owners, names))
        folder = os.path.dirname(getattr(module, "__file__", None) or "")  # noqa: PTH120 (pathlib is not loaded otherwise)
        if not all(_is_defined_in(folder, function) for function in functions):
            return True
        _kept.extend(functions)
        known = _known[library] = (owners, names, tuple(map(id, functions)))
    owners, names, identities = known
    return tuple(map(id, map(getattr, owners, names))) != identities


def _is_defined_in(folder: str, function: Any) -> bool:
    """Return whether a function is defined there: what wraps it may have taken over its names, or even its code."""
    return type(function) is FunctionType and function.__code__.co_filename.startswith(folder)
