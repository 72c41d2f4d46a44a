"""Exceptions that a given HTTP client lets through: which are about HTTP, and which are the application's own.

A hook, an `auth` or a transport may raise anything. What httpx, the libraries below it and the standard library raise
is about the request. A class of the application, or of another library, was raised on purpose, and `TypeError`,
`KeyError` and their like are mistakes in code: these reach the caller as they are.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ...errors import KnockError
from ..signals import raised_by_a_handler

if TYPE_CHECKING:
    from collections.abc import Generator

_LIBRARIES = frozenset(
    {
        *("anyio", "h11", "h2", "hpack", "httpcore", "httpcore2", "httpx", "httpx2", "hyperframe", "idna", "sniffio"),
        *("socksio", "trio"),
    }
)
"""Packages whose exceptions are about HTTP: httpx, its successor, and what both are built on."""
_SHARED_NAMES = frozenset({"RequestError", "InvalidURL", "SOCKSError", "SSLError"})
"""Classes by which a stand-in for httpx reports a failure, wherever it defines them."""
_BUILT_IN = (EOFError, ImportError, RuntimeError, ValueError)
_MISTAKES = (ArithmeticError, AssertionError, AttributeError, LookupError, NameError, RecursionError, TypeError)
_OF_TESTS = frozenset({"bdb", "doctest", "unittest"})


def is_about_http(error: BaseException) -> bool:
    """Return whether an exception is one of HTTP or of the system; a group is one if all in it are."""
    if isinstance(error, KnockError) or not isinstance(error, Exception):
        return False
    if inner := errors_in(error):
        return all(map(is_about_http, inner))
    if isinstance(error, OSError) or is_of_a_library(error) or not names_of(error).isdisjoint(_SHARED_NAMES):
        return True
    home = _home_of(type(error))
    if isinstance(error, _MISTAKES) or home in _OF_TESTS:
        return False
    return isinstance(error, _BUILT_IN) if home == "builtins" else home in sys.stdlib_module_names


@contextmanager
def errors_of_http_ignored() -> Generator[None]:
    """Ignore errors of HTTP and of the system in the block: of a connection that is closed, nothing is wanted."""
    earlier = sys.exc_info()[1]
    try:
        yield
    except Exception as error:
        if (raised := interrupt_in(error, earlier)) is not None:
            raise raised from None
        if not is_about_http(error):
            raise


def is_of_a_library(error: BaseException) -> bool:
    """Return whether a package of `_LIBRARIES` defines the class of an exception, or one that it is derived from."""
    return any(_home_of(cls) in _LIBRARIES for cls in type(error).__mro__)


def interrupt_in(error: BaseException, earlier: BaseException | None) -> BaseException | None:
    """Return the exception of a signal handler that has led to an exception, or to one in a group; None without."""
    found = (raised_by_a_handler(each, earlier) for each in (error, *all_in(error)))
    return next((each for each in found if each is not None), None)


def all_in(error: BaseException) -> list[BaseException]:
    """Return the exceptions in a group and in its groups; a list of the exception itself if it is none."""
    inner = errors_in(error)
    return [each for one in inner for each in all_in(one)] if inner else [error]


def errors_in(error: BaseException) -> tuple[BaseException, ...]:
    """Return the exceptions in a group, of Python or, before 3.11, of the package exceptiongroup; () for others."""
    return getattr(error, "exceptions", ()) if "BaseExceptionGroup" in names_of(error) else ()


def names_of(error: object) -> set[str]:
    """Return the names of an exception's class and of the classes that it is derived from."""
    return {cls.__name__ for cls in type(error).__mro__}


def _home_of(cls: type) -> str:
    return cls.__module__.partition(".")[0]
