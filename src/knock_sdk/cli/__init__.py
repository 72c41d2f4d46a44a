"""The command `knock-sdk`: the API, the simulator and the tools of this package in a terminal.

It needs the extra `cli`: `pip install 'knock-sdk[cli]'`. The exit status is 0 when a command has done what it says, 1
when it failed, and 2 when it was misused.
"""

from __future__ import annotations

import sys

_LIBRARIES = ("rich", "typer")
"""What the extra installs."""


def main() -> int:
    """Run the command with the arguments of the process; return its exit status."""
    try:
        from ._app import run
    except ModuleNotFoundError as error:
        if error.name not in _LIBRARIES:
            raise
        print("knock-sdk: the command line needs an extra: run pip install 'knock-sdk[cli]'", file=sys.stderr)
        return 1
    return run()
