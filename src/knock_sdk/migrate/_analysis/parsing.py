"""Python source as a tree."""

from __future__ import annotations

import ast
import warnings

import libcst as cst

TOO_DEEP = "is nested too deeply; it is left as it is"


def parse(source: str) -> cst.Module | tuple[int, str]:
    """Return the tree of a source, or the line and the problem if it cannot be parsed."""
    if _is_too_deep(source):
        return 1, TOO_DEEP
    try:
        return cst.parse_module(source)
    except cst.ParserSyntaxError as error:
        return error.raw_line, f"cannot be parsed: {error.message.partition(chr(10))[0]}; it is left as it is"
    except RecursionError:
        return 1, TOO_DEEP


def _is_too_deep(source: str) -> bool:
    """Return whether Python itself does not take a source, since it is nested too deeply: libcst would crash."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of code that is not ours
            ast.parse(source)
    except (RecursionError, MemoryError):
        return True
    except (SyntaxError, ValueError) as error:  # perhaps of another version, which libcst reads
        return "too many nested" in str(error)
    return False
