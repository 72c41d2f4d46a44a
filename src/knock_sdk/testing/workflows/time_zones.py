"""Time zones: in which one a recipient's schedules are read."""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from ..state.settings import UTC, AccountSettings

if TYPE_CHECKING:
    from datetime import tzinfo

    from ..state.records import Recipient
    from ..state.world import World

_UTC_NAMES = (UTC, "UTC")


class MissingTimeZonesError(RuntimeError):
    """A time zone is needed, and neither this machine nor this Python knows any."""

    def __init__(self, name: str) -> None:
        """Take the name of the zone that is needed."""
        super().__init__(f"the time zone {name} is needed, but this machine has no time zones: pip install tzdata")


def of_recipient(world: World, recipient: Recipient | None) -> tzinfo:
    """Return the zone of a recipient's `timezone`; without a valid one, that of the account.

    Raises:
        MissingTimeZonesError: There are no time zones to choose from.
    """
    name = recipient.properties.get("timezone") if recipient else None
    # What the API does with a name that is no zone is not documented: a guess.
    own = named(name) if isinstance(name, str) else None
    return own or named(world.of(AccountSettings).timezone) or timezone.utc


def named(name: str) -> tzinfo | None:
    """Return the zone with a name of the tz database, such as `Europe/Paris`; None if there is none.

    Raises:
        MissingTimeZonesError: There are no time zones to choose from.
    """
    if name in _UTC_NAMES:
        return timezone.utc
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        # A name that was never heard of is one thing, a machine on which no name is heard of another.
        if not available_timezones():
            raise MissingTimeZonesError(name) from None
        return None
