"""Channel data of recipients: tokens, devices and connections, in the format of each channel's provider."""

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


class _DeviceFields(NamedTuple):
    """Names of the fields in which a push provider takes devices: a list of identifiers, or a list of objects."""

    identifiers: str
    """The field that lists identifiers."""
    identifier: str
    """The field of a device object that holds its identifier."""


_TOKENS = _DeviceFields("tokens", "token")
_ARNS = _DeviceFields("target_arns", "target_arn")
_DEVICES: Mapping[str, _DeviceFields] = {"push_aws_sns": _ARNS}
_OPTIONAL_DEVICE_FIELDS = ("locale", "timezone")
_IDENTIFIERS = ("token", "target_arn", "player_id")

_ONE_SIGNAL = "push_one_signal"
_PLAYERS = "player_ids"


class _Chat(NamedTuple):
    """Fields of a chat provider's connections, other than `incoming_webhook`."""

    required: tuple[str, ...]
    """Fields of which a connection needs at least one."""
    optional: tuple[str, ...] = ()
    credential: str | None = None
    """Field of the credential; a connection without it uses a shared one."""
    shared_credential: tuple[str, ...] = ()
    """Path of the shared credential in the channel data."""


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
_WHATSAPP = "chat_whatsapp"
_PHONE_NUMBER = "phone_number"
_TENANT = "knock_tenant_id"

KINDS = ("chat", "push")
"""Channel types that need channel data to reach a recipient."""


def normalize_all(world: World, sent: JSON, at: str) -> dict[str, JSON]:
    """Return the stored form of an inline recipient's channel data, by channel id.

    Raises:
        Problem: A channel does not exist or takes no channel data, or the data does not fit its provider.
    """
    normalized: dict[str, JSON] = {}
    for channel_id, data in sent.items():
        channel = world.channels.by_id(channel_id)
        if channel is None:
            # Which error the API has for this is not documented: a guess.
            hint = world.channels.hint(channel_id)
            raise Problem("channel_invalid", f"The channel {channel_id!r} in {at} does not exist.{hint}")
        normalized[channel_id] = normalize(channel, data, f"{at}.{channel_id}")
    return normalized


def normalize(channel: Channel, sent: Any, at: str) -> JSON:
    """Return channel data in the form that is stored and shown: complete, with null for values that were not sent.

    Args:
        channel: the channel.
        sent: the data, in any form that its provider takes.
        at: field path of the data in the request, for errors.

    Raises:
        Problem: The data does not fit the provider, or the channel takes no channel data.
    """
    if channel.type not in KINDS:
        message = f"The channel {channel.key!r} is of type {channel.type}; only chat and push channels take data."
        raise Problem("channel_invalid", message)
    problems: list[FieldProblem] = []
    data: JSON = sent if is_object(sent) else {}
    if channel.type == "chat":
        stored = _normalize_connections(channel.provider, data, at, problems)
    elif channel.provider == _ONE_SIGNAL:
        stored = {_PLAYERS: list(_read_strings(data, _PLAYERS, at, problems))}
    else:
        stored = _normalize_devices(_DEVICES.get(channel.provider, _TOKENS), data, at, problems)
    if problems:
        raise invalid_params(problems)
    return stored


def render(channel: Channel, data: JSON) -> JSON:
    """Return stored channel data as the API shows it."""
    return {"__typename": "ChannelData", "channel_id": channel.id, "data": data, "provider": channel.provider}


def destinations(recipient: Recipient, tenant: Recipient | None, channel: Channel) -> list[JSON]:
    """Return the devices or connections through which a push or chat channel reaches a recipient.

    The list is empty if the channel cannot reach the recipient. Devices of OneSignal are `{"player_id": …}`.
    Connections are the recipient's or, if it has none, the tenant's: first those for this tenant, then those for any.
    Those for another are left out (a guess). A connection without a credential gets the recipient's shared credential
    or, if there is none, the tenant's. WhatsApp has no connections: it needs the recipient's phone number.
    """
    if channel.provider == _WHATSAPP:
        number = recipient.properties.get(_PHONE_NUMBER)
        return [{_PHONE_NUMBER: number}] if number else []
    own = object_at(recipient.channel_data, channel.id)
    if channel.type != "chat":
        players = [{"player_id": player} for player in own.get(_PLAYERS, ())]
        return players or list(own.get("devices", ()))
    of_tenant = object_at(tenant.channel_data, channel.id) if tenant else {}
    tenant_id = tenant.reference.id if tenant else None
    connections = _for_tenant(own, tenant_id) or _for_tenant(of_tenant, tenant_id)
    chat = _CHATS.get(channel.provider, _ANY_CHAT)
    shared = _look_up(own, chat.shared_credential) or _look_up(of_tenant, chat.shared_credential)
    if not shared or chat.credential is None:
        return connections
    return [
        each if each.get(chat.credential) or _webhook_url(each) else {**each, chat.credential: shared}
        for each in connections
    ]


def needed_by(channel: Channel) -> str:
    """Return what a push or chat channel needs of a recipient: its channel data, or the name of a property."""
    return _PHONE_NUMBER if channel.provider == _WHATSAPP else "channel_data"


def identifier_of(device: JSON) -> str:
    """Return the token, ARN or player id of a device."""
    found: str = next(device[name] for name in _IDENTIFIERS if name in device)
    return found


def without_device(data: JSON, identifier: str) -> JSON:
    """Return the data of a push channel without a device."""

    def is_it(element: object) -> bool:
        return element == identifier or (is_object(element) and identifier in map(element.get, _IDENTIFIERS))

    return {name: [element for element in listed if not is_it(element)] for name, listed in data.items()}


def _for_tenant(data: JSON, tenant_id: str | None) -> list[JSON]:
    connections: list[JSON] = data.get("connections") or []
    scoped = [each for each in connections if each.get(_TENANT) and each[_TENANT] == tenant_id]
    return scoped + [each for each in connections if not each.get(_TENANT)]


def _look_up(data: JSON, path: tuple[str, ...]) -> Any:
    value: Any = data if path else None
    for name in path:
        value = value.get(name) if is_object(value) else None
    return value


def _normalize_devices(fields: _DeviceFields, data: JSON, at: str, problems: list[FieldProblem]) -> JSON:
    """Return both forms from either one; if both were sent, `devices` counts, since it holds more."""
    if data.get("devices") is None:
        listed = [{fields.identifier: value} for value in _read_strings(data, fields.identifiers, at, problems)]
    else:
        listed = list(_read_objects(data, "devices", at, problems))
    devices: list[JSON] = []
    for index, device in enumerate(listed):
        identifier = device.get(fields.identifier)
        if not isinstance(identifier, str):
            problems.append(FieldProblem(f"{at}.devices.{index}.{fields.identifier}", "type", "must be a string"))
        optional = {name: device.get(name) for name in _OPTIONAL_DEVICE_FIELDS}
        devices.append({fields.identifier: identifier, **optional})
    return {fields.identifiers: [device[fields.identifier] for device in devices], "devices": devices}


def _normalize_connections(provider: str, data: JSON, at: str, problems: list[FieldProblem]) -> JSON:
    """Return connections, with the shared credential of the providers that have one."""
    chat = _CHATS.get(provider, _ANY_CHAT)
    shared = _look_up(data, chat.shared_credential)
    connections = list(_read_objects(data, "connections", at, problems))
    for index, connection in enumerate(connections):
        path = f"{at}.connections.{index}"
        if chat.required and not _webhook_url(connection) and not any(map(connection.get, chat.required)):
            problem = f"must have one of {', '.join(chat.required)} or incoming_webhook.url"
            problems.append(FieldProblem(path, "required", problem))
        for field in (*chat.required, *chat.optional, _TENANT):
            _check_string(connection.get(field), f"{path}.{field}", problems)
    if not chat.shared_credential:
        return {"connections": connections}
    _check_string(shared, ".".join([at, *chat.shared_credential]), problems)
    first, *rest = chat.shared_credential
    nested = shared
    for name in reversed(rest):
        nested = None if nested is None else {name: nested}
    return {"connections": connections, first: nested}


def _webhook_url(connection: JSON) -> str | None:
    url = object_at(connection, "incoming_webhook").get("url")
    return url if isinstance(url, str) else None


def _check_string(value: Any, at: str, problems: list[FieldProblem]) -> None:
    if value is not None and not isinstance(value, str):
        problems.append(FieldProblem(at, "type", "must be a string or null"))


def _read_strings(data: JSON, name: str, at: str, problems: list[FieldProblem]) -> Iterator[str]:
    for index, element in enumerate(_read_list(data, name, at, problems)):
        if isinstance(element, str):
            yield element
        else:
            problems.append(FieldProblem(f"{at}.{name}.{index}", "type", "must be a string"))


def _read_objects(data: JSON, name: str, at: str, problems: list[FieldProblem]) -> Iterator[JSON]:
    for index, element in enumerate(_read_list(data, name, at, problems)):
        if is_object(element):
            yield element
        else:
            problems.append(FieldProblem(f"{at}.{name}.{index}", "type", "must be an object"))


def _read_list(data: JSON, name: str, at: str, problems: list[FieldProblem]) -> list[Any]:
    value = data.get(name)
    if is_array(value):
        return value
    kind, message = ("required", "is missing") if value is None else ("type", "must be a list")
    problems.append(FieldProblem(f"{at}.{name}", kind, message))
    return []
