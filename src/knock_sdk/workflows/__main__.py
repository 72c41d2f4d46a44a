"""The command `python -m knock_sdk.workflows`: write a module of typed workflows, or check one."""

from __future__ import annotations

import argparse
import sys
from difflib import unified_diff
from typing import TYPE_CHECKING

from .._core.programs import ProgramError
from ._files import check_output, read_module, write_module
from ._generator import FIRST_LINE, GeneratorMissingError, generate, read_sources
from ._options import DESCRIPTION, add_options, check_options

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_SHOWN = 20
"""Lines of a difference that are shown."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        The exit status: 0 on success, 1 where `--check` finds a difference, 2 for wrong usage and unreadable files.
    """
    parser = argparse.ArgumentParser(
        prog="python -m knock_sdk.workflows",
        description=f"{DESCRIPTION} It needs the extra: pip install 'knock-sdk[codegen]'.",
    )
    add_options(parser)
    chosen = parser.parse_args(arguments)
    try:
        check_options(chosen)
    except ValueError as error:
        parser.error(str(error))
    try:
        return run(chosen, lambda warning: print(f"{parser.prog}: warning: {warning}", file=sys.stderr))
    except ProgramError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return error.status


def run(chosen: argparse.Namespace, warn: Callable[[str], object]) -> int:
    """Write the module, or check it; return the exit status: 1 where `--check` finds a difference.

    Args:
        chosen: the checked options.
        warn: is told what the models do not check.

    Raises:
        ProgramError: A file cannot be used, or the generator is not installed.
    """
    output: Path | None = chosen.output
    try:
        sources = read_sources(chosen.paths)
        if output is not None:
            check_output(output, [source.file for source in sources], None if chosen.check else FIRST_LINE)
        code = generate(sources)
        for warning in (warning for source in sources for warning in source.warnings):
            warn(warning)
        if output is None:
            sys.stdout.buffer.write(code.encode())  # in UTF-8, as Python reads source
            return 0
        return _check(output, code) if chosen.check else _write(output, code, len(sources))
    except GeneratorMissingError:
        problem = "datamodel-code-generator is not installed: run pip install 'knock-sdk[codegen]'"
    except OSError as error:
        place = "" if error.filename is None else f"{error.filename}: cannot be read or written: "
        problem = place + (error.strerror or str(error))
    except ValueError as error:
        problem = str(error)
    raise ProgramError(problem, status=2)


def _write(output: Path, code: str, count: int) -> int:
    write_module(output, code)
    print(f"{output}: written, with {count} workflow{'' if count == 1 else 's'}", file=sys.stderr)
    return 0


def _check(output: Path, code: str) -> int:
    present = read_module(output) if output.exists() else ""
    if present == code:
        print(f"{output}: is up to date", file=sys.stderr)
        return 0
    print(f"{output}: differs from what is generated; write it again without --check", file=sys.stderr)
    lines = unified_diff(present.split("\n"), code.split("\n"), "present", "generated", n=1, lineterm="")
    for line in list(lines)[:_SHOWN]:
        print(line, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
