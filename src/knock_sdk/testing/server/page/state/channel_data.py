"""Channel data as pages show it: of tokens, only the last characters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ....._core.type_guards import is_array, is_object

if TYPE_CHECKING:
    from ....state.records import Recipient
    from ....state.world import World

_SHOWN = 4
_PLAIN = frozenset(
    {
        "channel_id",
        "channel_name",
        "locale",
        "ms_teams_channel_id",
        "ms_teams_team_id",
        "ms_teams_tenant_id",
        "ms_teams_user_id",
        "timezone",
        "user_id",
    }
)
"""Fields that are no secrets: all others are hidden, since providers may add some."""
_DEEPEST = 20


class ChannelRow(NamedTuple):
    """Channel data of a recipient."""

    channel: str
    """Key of the channel; its id if it is not declared."""
    lines: list[tuple[str, str]]
    """Paths of the values, and the values."""


def rows_of(world: World, recipient: Recipient) -> list[ChannelRow]:
    """Return the channel data of a recipient, without its secrets."""
    rows: list[ChannelRow] = []
    for channel_id, data in recipient.channel_data.items():
        channel = world.channels.by_id(channel_id)
        rows.append(ChannelRow(channel_id if channel is None else channel.key, list(_lines_in(data))))
    return rows


def hide(text: str) -> str:
    """Return the last characters of a secret; of a short one, none."""
    return f"…{text[-_SHOWN:]}" if len(text) >= 4 * _SHOWN else "…"


def _lines_in(value: Any, path: str = "", depth: int = 0) -> list[tuple[str, str]]:
    if depth > _DEEPEST:
        return []
    if is_object(value):
        named = [(f"{path}.{name}" if path else name, inner) for name, inner in value.items()]
        return [line for name, inner in named for line in _lines_in(inner, name, depth + 1)]
    if is_array(value):
        return [line for number, inner in enumerate(value) for line in _lines_in(inner, f"{path}.{number}", depth + 1)]
    name = path.rpartition(".")[2]
    if isinstance(value, str):
        return [(path, value if name in _PLAIN else hide(value))]
    return [] if value is None else [(path, str(value))]
