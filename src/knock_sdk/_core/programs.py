"""What programs such as `python -m knock_sdk.testing` have in common with the command `knock-sdk`.

A function declares the options of each, and takes `Options`, so that both have the same.
"""

from __future__ import annotations

from typing import Any, Protocol


class OptionGroup(Protocol):
    """Takes options, as a group of `argparse` does."""

    def add_argument(self, *names: str, **settings: Any) -> object:
        """Declare an option or an argument."""
        ...


class Options(OptionGroup, Protocol):
    """Takes options, as `argparse.ArgumentParser` does."""

    def add_argument_group(self, title: str) -> OptionGroup:
        """Return what takes the options below a heading."""
        ...


class ProgramError(Exception):
    """A program cannot do what it was asked for; the text says why."""

    def __init__(self, message: str, *, status: int = 1) -> None:
        """Store the exit status too."""
        super().__init__(message)
        self.status = status
