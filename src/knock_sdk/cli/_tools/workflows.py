"""`knock-sdk workflows`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...workflows._options import DESCRIPTION, add_options, check_options
from .._console import print_note
from .._groups import new_group
from .._programs import program

if TYPE_CHECKING:
    from argparse import Namespace

app = new_group()
app.callback()(lambda: None)  # a group, although it has one command


def _run(options: Namespace) -> int:
    from ...workflows.__main__ import run

    return run(options, lambda warning: print_note(f"Warning: {warning}"))


generate = program(add_options, check_options, _run)
generate.__doc__ = f"{DESCRIPTION}\n\nIt needs the extra: pip install 'knock-sdk\\[codegen]'."
app.command("generate", epilog="Example: knock-sdk workflows generate knock/ -o app/knock_workflows.py --check")(
    generate
)
