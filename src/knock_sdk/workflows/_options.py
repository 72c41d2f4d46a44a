"""The options of `python -m knock_sdk.workflows`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from .._core.programs import Options

DESCRIPTION = (
    "Write a Python module with a typed constant for each workflow, from the JSON schemas of trigger data in the "
    "folders that Knock's CLI pulls."
)


def add_options(parser: Options) -> None:
    """Declare the arguments and options."""
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a workflow.json, the folder of a workflow, a folder of such folders, or one that contains `workflows`",
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="the module; standard output if absent")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 if the module differs from what is generated"
    )


def check_options(chosen: argparse.Namespace) -> None:
    """Check what options mean together.

    Raises:
        ValueError: They cannot be used together.
    """
    if chosen.check and chosen.output is None:
        raise ValueError("--check compares a file: name it with -o FILE")
