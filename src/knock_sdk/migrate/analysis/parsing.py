"""Python source as a tree."""

from __future__ import annotations

import libcst as cst


def parse(source: str) -> cst.Module | tuple[int, str]:
    """Return the tree of a source, or the line and the problem if it cannot be parsed."""
    try:
        return cst.parse_module(source)
    except cst.ParserSyntaxError as error:
        return error.raw_line, f"cannot be parsed: {error.message.partition(chr(10))[0]}; it is left as it is"
    except RecursionError:
        return 1, "cannot be parsed: it is nested too deeply; it is left as it is"
