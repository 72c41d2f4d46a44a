"""`knock-sdk simulate`: a Knock on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...testing.server.options import DESCRIPTION, add_options, check_options
from .._groups import new_group
from .._programs import program

if TYPE_CHECKING:
    from argparse import Namespace

app = new_group()


def _run(options: Namespace) -> int:
    from ...testing.__main__ import serve

    return serve(options)


simulate = program(add_options, check_options, _run)
simulate.__doc__ = f"{DESCRIPTION}\n\nIt runs until Ctrl-C. It needs the extra: pip install 'knock-sdk\\[simulator]'."
app.command("simulate", epilog="Example: knock-sdk simulate --open --workflows knock/workflows")(simulate)
