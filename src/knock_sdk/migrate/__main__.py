"""The command `python -m knock_sdk.migrate`: show, check or write the migration of code that uses `knockapi`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from ..errors import ConfigurationError
from . import migrate_paths

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        The exit status: 0 when done, 1 where `--check` finds something to change, 2 for wrong usage.
    """
    parser = argparse.ArgumentParser(
        prog="python -m knock_sdk.migrate",
        description="Migrate code from knockapi, 0.5 or 1.x, to knock_sdk. Shows the difference and what could not be "
        "decided; nothing is changed without --write. It needs the extra: pip install 'knock-sdk[migrate]'.",
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file or a folder; name the whole project")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--write", action="store_true", help="change the files")
    chosen.add_argument("--check", action="store_true", help="exit with 1 if something would change")
    given = parser.parse_args(arguments)
    try:
        report = migrate_paths(given.paths, write=given.write)
    except (ConfigurationError, FileNotFoundError, ValueError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    _show(report.diff, sys.stdout)
    _show("".join(f"{line}\n" for line in (*report.findings, report.summary)), sys.stderr)
    return 1 if given.check and report.changed else 0


def _show(text: str, stream: object) -> None:
    """Write text in the encoding of a stream; what it cannot show is replaced."""
    output = getattr(stream, "buffer", None)
    encoding = getattr(stream, "encoding", None) or "utf-8"
    if output is None:
        print(text, end="", file=stream)  # type: ignore[call-overload]
        return
    output.write(text.encode(encoding, "replace"))
    output.flush()


if __name__ == "__main__":
    sys.exit(main())
