"""Settings and variables of the account and the environment."""

from __future__ import annotations

from typing import Any


class Variables:
    """Variables of the account and the environment."""

    def __init__(self) -> None:
        """Start without variables."""
        self.values: dict[str, Any] = {}


UTC = "Etc/UTC"


class AccountSettings:
    """The settings of the account that the environment belongs to."""

    def __init__(self) -> None:
        """Start with the settings of a new account."""
        self.timezone = UTC
