"""Channel data: what is stored of a recipient for one channel, by the provider behind the channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..._core.type_guards import is_array, is_object
from ..http.errors import FieldProblem, Problem, invalid_params
from ..state.json_objects import object_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..state.json_objects import JSON
    from ..state.records import Channel, Recipient
    from ..state.world import World


class _Devices(NamedTuple):
    """Two forms of the same: a list of names, and a list of devices that have a name each."""

    names: str
    name: str


_TOKENS = _Devices("tokens", "token")
_ARNS = _Devices("target_arns", "target_arn")
_DEVICES: Mapping[str, _Devices] = {"push_aws_sns": _ARNS}
_DEVICE_FIELDS = ("locale", "timezone")

_ONE_SIGNAL = "push_one_signal"
_PLAYERS = "player_ids"


class _Chat(NamedTuple):
    """What the connections of a chat provider hold, webhooks apart."""

    ways: tuple[str, ...]
    """The fields of which one must be there."""
    more: tuple[str, ...] = ()
    credential: str | None = None
    """The field that a connection may leave to what stands beside the connections, or to the tenant's channel data."""
    beside: tuple[str, ...] = ()
    """Where that stands."""


_CHATS: Mapping[str, _Chat] = {
    "chat_discord": _Chat(("channel_id",)),
    "chat_ms_teams": _Chat(
        ("ms_teams_channel_id", "ms_teams_user_id"),
        ("ms_teams_team_id", "ms_teams_tenant_id"),
        "ms_teams_tenant_id",
        ("ms_teams_tenant_id",),
    ),
    "chat_slack": _Chat(
        ("channel_id", "user_id"), ("access_token", "channel_name"), "access_token", ("token", "access_token")
    ),
}
_ANY_CHAT = _Chat(())

KINDS = ("chat", "push")
"""The kinds of channel that cannot reach a recipient without channel data."""


def normalize_all(world: World, sent: JSON, at: str) -> dict[str, JSON]:
    """Return channel data as it is stored, by the channel's id, from what came with a description of a recipient.

    Raises:
        Problem: A channel is not known, or the data is not what its provider takes.
    """
    found: dict[str, JSON] = {}
    for channel_id, data in sent.items():
        channel = world.channels.by_id(channel_id)
        if channel is None:
            # Which error the API has for this is not documented: a guess.
            raise Problem("channel_invalid", f"The channel {channel_id!r} in {at} does not exist.")
        found[channel_id] = normalize(channel, data, f"{at}.{channel_id}")
    return found


def normalize(channel: Channel, sent: Any, at: str) -> JSON:
    """Return channel data in the form that is stored and read: complete, with null for what is not known.

    Args:
        channel: the channel.
        sent: the data, in any form that its provider takes.
        at: its place in the request, for errors.

    Raises:
        Problem: It is not what the provider takes, or the channel takes no data.
    """
    if channel.type not in KINDS:
        raise Problem(
            "channel_invalid", f"The channel {channel.key!r} is of the type {channel.type} and takes no data."
        )
    problems: list[FieldProblem] = []
    data: JSON = sent if is_object(sent) else {}
    if channel.type == "chat":
        kept = _connections(channel.provider, data, at, problems)
    elif channel.provider == _ONE_SIGNAL:
        kept = {_PLAYERS: list(_texts(data, _PLAYERS, at, problems))}
    else:
        kept = _both_forms(_DEVICES.get(channel.provider, _TOKENS), data, at, problems)
    if problems:
        raise invalid_params(problems)
    return kept


def render(channel: Channel, data: JSON) -> JSON:
    """Return stored channel data as the API shows it."""
    return {"__typename": "ChannelData", "channel_id": channel.id, "data": data, "provider": channel.provider}


def destinations(recipient: Recipient, tenant: Recipient | None, channel: Channel) -> list[JSON]:
    """Return where a recipient is to be reached on a push or chat channel; nowhere if the list is empty.

    These are devices, `{"player_id": …}` for OneSignal, or connections. The connections are the recipient's or, if it
    has none, the tenant's, and what they lack of credentials is the recipient's own or, again, the tenant's.
    """
    own = object_at(recipient.channel_data, channel.id)
    if channel.type != "chat":
        players = [{"player_id": player} for player in own.get(_PLAYERS, ())]
        return players or list(own.get("devices", ()))
    of_tenant = object_at(tenant.channel_data, channel.id) if tenant else {}
    connections: list[JSON] = own.get("connections") or of_tenant.get("connections") or []
    chat = _CHATS.get(channel.provider, _ANY_CHAT)
    shared = _look_up(own, chat.beside) or _look_up(of_tenant, chat.beside)
    if not shared or chat.credential is None:
        return list(connections)
    return [
        each if each.get(chat.credential) or _webhook(each) else {**each, chat.credential: shared}
        for each in connections
    ]


def _look_up(data: JSON, place: tuple[str, ...]) -> Any:
    value: Any = data if place else None
    for name in place:
        value = value.get(name) if is_object(value) else None
    return value


def _both_forms(form: _Devices, data: JSON, at: str, problems: list[FieldProblem]) -> JSON:
    """Return names and devices from either; devices count if both came, since they say more."""
    if data.get("devices") is None:
        listed = [{form.name: name} for name in _texts(data, form.names, at, problems)]
    else:
        listed = list(_objects(data, "devices", at, problems))
    devices: list[JSON] = []
    for index, device in enumerate(listed):
        if not isinstance(device.get(form.name), str):
            problems.append(FieldProblem(f"{at}.devices.{index}.{form.name}", "type", "must be a string"))
        devices.append({form.name: device.get(form.name), **{name: device.get(name) for name in _DEVICE_FIELDS}})
    return {form.names: [device[form.name] for device in devices], "devices": devices}


def _connections(provider: str, data: JSON, at: str, problems: list[FieldProblem]) -> JSON:
    """Return connections with what stands beside them."""
    chat = _CHATS.get(provider, _ANY_CHAT)
    shared = _look_up(data, chat.beside)
    connections = list(_objects(data, "connections", at, problems))
    for index, connection in enumerate(connections):
        place = f"{at}.connections.{index}"
        if chat.ways and not _webhook(connection) and not any(connection.get(way) for way in chat.ways):
            problem = f"must have one of {', '.join(chat.ways)} or incoming_webhook.url"
            problems.append(FieldProblem(place, "required", problem))
        for field in (*chat.ways, *chat.more):
            _check_text(connection.get(field), f"{place}.{field}", problems)
    if not chat.beside:
        return {"connections": connections}
    _check_text(shared, ".".join([at, *chat.beside]), problems)
    first, *rest = chat.beside
    beside = shared
    for name in reversed(rest):
        beside = None if beside is None else {name: beside}
    return {"connections": connections, first: beside}


def _webhook(connection: JSON) -> str | None:
    url = object_at(connection, "incoming_webhook").get("url")
    return url if isinstance(url, str) else None


def _check_text(value: Any, at: str, problems: list[FieldProblem]) -> None:
    if value is not None and not isinstance(value, str):
        problems.append(FieldProblem(at, "type", "must be a string or null"))


def _texts(data: JSON, name: str, at: str, problems: list[FieldProblem]) -> Iterator[str]:
    for index, element in enumerate(_list(data, name, at, problems)):
        if isinstance(element, str):
            yield element
        else:
            problems.append(FieldProblem(f"{at}.{name}.{index}", "type", "must be a string"))


def _objects(data: JSON, name: str, at: str, problems: list[FieldProblem]) -> Iterator[JSON]:
    for index, element in enumerate(_list(data, name, at, problems)):
        if is_object(element):
            yield element
        else:
            problems.append(FieldProblem(f"{at}.{name}.{index}", "type", "must be an object"))


def _list(data: JSON, name: str, at: str, problems: list[FieldProblem]) -> list[Any]:
    value = data.get(name)
    if is_array(value):
        return value
    kind, message = ("required", "is missing") if value is None else ("type", "must be a list")
    problems.append(FieldProblem(f"{at}.{name}", kind, message))
    return []
