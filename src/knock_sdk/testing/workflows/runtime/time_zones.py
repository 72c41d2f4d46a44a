"""Time zones: finding them by name, and the one in which a recipient's schedules and windows are read."""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from ...state.settings import UTC, AccountSettings

if TYPE_CHECKING:
    from datetime import tzinfo

    from ...state.records import Recipient
    from ...state.world import World

_UTC_NAMES = (UTC, "UTC")


class MissingTimeZonesError(RuntimeError):
    """A time zone is needed, but neither the system nor Python has time zone data."""

    def __init__(self, name: str) -> None:
        """Describe the zone that is needed."""
        super().__init__(f"the time zone {name} is needed, but this machine has no time zone data: pip install tzdata")


def find_for(world: World, recipient: Recipient | None, device: str | None = None) -> tzinfo:
    """Return the zone of a device or of a recipient's `timezone`; without a valid one, that of the account.

    Raises:
        MissingTimeZonesError: There is no time zone data.
    """
    for name in (device, recipient.properties.get("timezone") if recipient else None):
        # What the API does with an unknown name is not documented: a guess.
        own = find(name) if isinstance(name, str) else None
        if own is not None:
            return own
    return find(world.of(AccountSettings).timezone) or timezone.utc


def find(name: str) -> tzinfo | None:
    """Return the zone with a name of the tz database, such as `Europe/Paris`; None if there is none.

    Raises:
        MissingTimeZonesError: There is no time zone data.
    """
    if name in _UTC_NAMES:
        return timezone.utc
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        # Without time zone data, every name is unknown.
        if not available_timezones():
            raise MissingTimeZonesError(name) from None
        return None
