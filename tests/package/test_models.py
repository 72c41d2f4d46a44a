"""Models of responses, checked against the example bodies in `tests/data` and the contract."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from codegen.contract.document import SCHEMA_PREFIX, Contract, Node, load, references
from knock_sdk import types
from knock_sdk._core.responses.model import Model, OpenModel, set_response_info
from tests.support.events import build_event
from tests.support.paths import CONTRACT_FILE, DATA

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = load(CONTRACT_FILE)
EXAMPLES = sorted(DATA.glob("*.json"))

each_example = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)


def schema_of(path: Path) -> str:
    return path.name.split(".")[0]


def adapter_of(path: Path) -> TypeAdapter[Any]:
    return TypeAdapter(getattr(types, schema_of(path)))


def response_schemas(contract: Contract) -> set[str]:
    """Return the named schemas of responses, alone or in a list, and of errors."""
    errors = [contract.resolve(operation.node["responses"]["default"]) for operation in contract.operations]
    successes = [operation.response for operation in contract.operations if operation.response is not None]
    return set(references([*successes, *errors]))


class MismatchError(Exception):
    """A value that contradicts the contract, or is incomplete."""


class Comparison:
    """Compares an example's JSON, and the value decoded from it, with a schema.

    Every property of a schema must be present and not null; lists and maps must not be empty. `matched` collects the
    members of unions that a value has matched.
    """

    def __init__(self) -> None:
        self.matched: set[tuple[int, int]] = set()

    def node(self, node: Node, value: Any, decoded: Any, path: str) -> None:
        if "$ref" in node:
            self.reference(node["$ref"].removeprefix(SCHEMA_PREFIX), value, decoded, path)
        elif "anyOf" in node:
            self.union(node, value, decoded, path)
        elif value is None:
            raise MismatchError(f"{path} is null")
        elif "items" in node:
            self.elements(node["items"], value, decoded, path)
        elif isinstance(value, dict):
            self.map(node, value, decoded, path)
        else:
            self.scalar(node, value, decoded, path)

    def reference(self, name: str, value: Any, decoded: Any, path: str) -> None:
        schema = CONTRACT.schemas[name]
        if "allOf" in schema or ("properties" in schema and not is_map(schema)):
            self.object(name, value, decoded, path)
        else:
            self.node(schema, value, decoded, path)

    def object(self, name: str, value: Any, decoded: Any, path: str) -> None:
        schema = CONTRACT.schemas[name]
        properties = dict(properties_of(schema))
        if not isinstance(value, dict) or type(decoded).__name__ != name:
            raise MismatchError(f"{path} is not {name} but {type(decoded).__name__}")
        if missing := properties.keys() - value.keys():
            raise MismatchError(f"{path} ({name}) lacks {sorted(missing)}")
        unknown = value.keys() - properties.keys()
        if isinstance(decoded, OpenModel):
            if decoded.properties != {key: value[key] for key in unknown}:
                raise MismatchError(f"{path} ({name}) has other custom properties: {decoded.properties}")
        elif unknown or decoded.model_extra:
            raise MismatchError(f"{path} ({name}) has unknown fields {sorted(unknown)}")
        names = {field.alias or attribute: attribute for attribute, field in type(decoded).model_fields.items()}
        for key, inner in properties.items():
            self.node(inner, value[key], getattr(decoded, names[key]), f"{path}.{key}")

    def union(self, node: Node, value: Any, decoded: Any, path: str) -> None:
        problems: list[str] = []
        for index, member in enumerate(node["anyOf"]):
            try:
                self.node(member, value, decoded, path)
            except MismatchError as problem:
                problems.append(str(problem))
            else:
                self.matched.add((id(node), index))
                return
        raise MismatchError(f"{path} matches no member of its union: {'; '.join(problems)}")

    def elements(self, node: Node, value: Any, decoded: Any, path: str) -> None:
        if not isinstance(value, list) or not value or not isinstance(decoded, list):
            raise MismatchError(f"{path} is not a list with elements")
        for index, (inner, inner_decoded) in enumerate(zip(value, decoded, strict=True)):
            self.node(node, inner, inner_decoded, f"{path}[{index}]")

    def map(self, node: Node, value: dict[str, Any], decoded: Any, path: str) -> None:
        if "object" not in types_of(node) or not value or not isinstance(decoded, dict):
            raise MismatchError(f"{path} is not a map with entries")
        inner = node["additionalProperties"]
        if inner is True:
            if value != decoded:
                raise MismatchError(f"{path} was changed")
            return
        for key, element in value.items():
            self.node(node.get("properties", {}).get(key, inner), element, decoded[key], f"{path}.{key}")

    def scalar(self, node: Node, value: Any, decoded: Any, path: str) -> None:
        kinds = {str: "string", bool: "boolean", int: "integer", float: "number"}
        if kinds.get(type(value)) not in types_of(node):
            raise MismatchError(f"{path} is {type(value).__name__}")
        if value not in node.get("enum", [node.get("const", value)]):
            raise MismatchError(f"{path} is {value!r}, which is not in the enum")
        if node.get("format") == "date-time":
            if not isinstance(decoded, datetime) or decoded.tzinfo is None:
                raise MismatchError(f"{path} was not decoded to an aware time")
        elif decoded != value or type(decoded) is not type(value):
            raise MismatchError(f"{path} was decoded to {decoded!r}")


def types_of(node: Node) -> list[str]:
    kinds: list[str] | str = "string" if "const" in node else node["type"]
    return [kinds] if isinstance(kinds, str) else kinds


def properties_of(schema: Node) -> Iterator[tuple[str, Node]]:
    for member in schema.get("allOf", ()):
        yield from properties_of(CONTRACT.resolve(member))
    yield from schema.get("properties", {}).items()


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    made = Comparison()
    for path in EXAMPLES:
        body = path.read_bytes()
        made.reference(schema_of(path), json.loads(body), adapter_of(path).validate_json(body), path.stem)
    for event in [*map(build_event, CONTRACT.webhooks), {**build_event("message.sent"), "type": "unknown"}]:
        made.reference("Event", event, TypeAdapter[Any](types.Event).validate_python(event), event["type"])
    return made


@each_example
def test_a_complete_example_decodes_to_the_classes_of_the_contract(path: Path) -> None:
    body = path.read_bytes()
    Comparison().reference(schema_of(path), json.loads(body), adapter_of(path).validate_json(body), path.stem)


@each_example
def test_a_complete_example_survives_decoding_and_dumping(path: Path) -> None:
    decoded = adapter_of(path).validate_json(path.read_bytes())
    dump = decoded.model_dump_json() if isinstance(decoded, Model) else adapter_of(path).dump_json(decoded)
    assert json.loads(dump) == json.loads(path.read_bytes())


def test_every_response_schema_has_an_example() -> None:
    assert response_schemas(CONTRACT) - {schema_of(path) for path in EXAMPLES} == set()


def test_the_examples_match_every_member_of_every_union(comparison: Comparison) -> None:
    unmatched = []
    for name in sorted(CONTRACT.response_schemas):
        for path, node in unions(CONTRACT.schemas[name], name):
            for index, member in enumerate(node["anyOf"]):
                if member.get("type") != "null" and (id(node), index) not in comparison.matched:
                    unmatched.append(f"{path}: {member}")
    assert unmatched == []


def unions(node: Any, path: str) -> Iterator[tuple[str, Node]]:
    if isinstance(node, Mapping):
        if "anyOf" in node:
            yield path, node
        for key, inner in node.items():
            yield from unions(inner, f"{path}.{key}")


def test_an_example_that_lacks_a_field_is_reported() -> None:
    body = json.loads((DATA / "Message.json").read_text(encoding="utf-8"))
    del body["channel"]["key"]
    with pytest.raises(MismatchError, match=r"channel .* lacks \['key'\]"):
        Comparison().reference("Message", body, types.Message.model_validate(body), "Message")


def test_an_example_of_the_wrong_class_is_reported() -> None:
    body = json.loads((DATA / "Object.json").read_text(encoding="utf-8"))
    with pytest.raises(MismatchError, match="is not User"):
        Comparison().reference("User", body, types.Object.model_validate(body), "User")


@each_example
def test_unknown_fields_and_enum_values_are_preserved(path: Path) -> None:
    adapter = adapter_of(path)
    body = json.loads(path.read_text(encoding="utf-8"))
    changed = add_unknown(CONTRACT.schemas[schema_of(path)], body, adapter.validate_python(body))
    decoded = adapter.validate_json(json.dumps(changed))
    # Without a known provider, channel data may be decoded to another class, which adds its own fields.
    assert json.loads(adapter.dump_json(decoded, exclude_unset=True)) == changed
    assert json.dumps(changed).count("of_tomorrow") > 0


def is_map(node: Node) -> bool:
    """Return whether an object is a map, some of whose keys may be named."""
    return isinstance(node.get("additionalProperties"), Mapping)


def add_unknown(node: Node, value: Any, decoded: Any) -> Any:
    """Return the value with an unknown field in each object, and an unknown value for each enum."""
    if isinstance(decoded, Model):
        schema = CONTRACT.schemas[type(decoded).__name__]
        names = {field.alias or attribute: attribute for attribute, field in type(decoded).model_fields.items()}
        known = {
            key: add_unknown(inner, value[key], getattr(decoded, names[key])) for key, inner in properties_of(schema)
        }
        return {**value, **known, "field_of_tomorrow": {"since": [2027]}}
    node = CONTRACT.resolve(node)
    for member in node.get("anyOf", ()):
        if not isinstance(value, dict | list) or "items" in member or "additionalProperties" in member:
            value = add_unknown(member, value, decoded)
    if "items" in node and isinstance(value, list):
        return [add_unknown(node["items"], *pair) for pair in zip(value, decoded, strict=True)]
    if is_map(node) and isinstance(value, dict):
        inner = {key: node.get("properties", {}).get(key, node["additionalProperties"]) for key in value}
        return {key: add_unknown(inner[key], value[key], decoded[key]) for key in value}
    return "value_of_tomorrow" if "enum" in node else value


def test_an_unknown_field_can_be_read() -> None:
    source = types.PageInfo.model_validate({"__typename": "PageInfo", "page_size": 5, "total_count": 10_000})
    assert source.model_extra == {"total_count": 10_000}
    assert source.total_count == 10_000  # type: ignore[attr-defined]  # not in the contract


def test_a_missing_optional_field_reads_as_none_and_is_not_set() -> None:
    user = types.User.model_validate({"__typename": "User", "id": "u", "updated_at": "2026-01-01T00:00:00Z"})
    assert user.email is None
    assert "email" not in user.model_fields_set
    given = types.User.model_validate(
        {"__typename": "User", "id": "u", "updated_at": "2026-01-01T00:00:00Z", "email": None}
    )
    assert given.email is None
    assert "email" in given.model_fields_set


def test_a_missing_or_null_required_field_does_not_validate() -> None:
    with pytest.raises(ValidationError):
        types.User.model_validate({"__typename": "User", "updated_at": "2026-01-01T00:00:00Z"})
    with pytest.raises(ValidationError):
        types.User.model_validate({"__typename": "User", "id": None, "updated_at": "2026-01-01T00:00:00Z"})


def test_a_required_field_may_be_null_where_the_contract_says_so() -> None:
    with pytest.raises(ValidationError):
        types.ChannelsForSlackProviderResponse.model_validate({"slack_channels": []})
    response = types.ChannelsForSlackProviderResponse.model_validate({"slack_channels": [], "next_cursor": None})
    assert response.next_cursor is None


def test_custom_properties_are_attributes_and_items_of_properties() -> None:
    user = types.User.model_validate_json((DATA / "User.json").read_bytes())
    assert user.plan == "pro"
    assert user.properties == {
        "plan": "pro",
        "seats": 12,
        "address": {"city": "Nairobi", "postcode": "00100"},
        "tags": ["beta", "finance"],
    }
    with pytest.raises(AttributeError):
        _ = user.no_such_property
    with pytest.raises(AttributeError):
        user.properties = {}  # type: ignore[misc]  # read-only
    assert types.Tenant.model_validate({"__typename": "Tenant", "id": "t"}).properties == {}


def test_a_custom_property_named_like_a_method_is_preserved() -> None:
    user = types.User.model_validate(
        {"__typename": "User", "id": "u", "updated_at": "2026-01-01T00:00:00Z", "copy": 1, "properties": 2, "json": 3}
    )
    assert user.properties == {"copy": 1, "properties": 2, "json": 3}
    assert json.loads(user.model_dump_json())["properties"] == 2


def test_a_dump_has_the_names_of_the_api() -> None:
    content = types.MessageContents.model_validate_json((DATA / "MessageContents.email.json").read_bytes())
    assert isinstance(content.data, types.MessageEmailContent)
    assert content.data.from_ == "Lumen <billing@lumen.example>"
    assert content.data.typename == "MessageEmailContent"
    assert {"__typename", "from"} <= content.data.model_dump().keys()
    channel = types.MsTeamsChannel(id="19:x", display_name="Billing")
    assert channel.model_dump(exclude_unset=True) == {"id": "19:x", "displayName": "Billing"}


@pytest.mark.parametrize(
    ("provider", "kind"),
    [
        ("chat_slack", "SlackChannelData"),
        ("chat_ms_teams", "MsTeamsChannelData"),
        ("chat_discord", "DiscordChannelData"),
    ],
)
@pytest.mark.parametrize("connections", [[], [{"incoming_webhook": {"url": "https://hooks.example/1"}}]])
def test_the_provider_selects_the_class_of_ambiguous_channel_data(
    provider: str, kind: str, connections: list[Any]
) -> None:
    body = {
        "__typename": "ChannelData",
        "channel_id": "c",
        "data": {"connections": connections},
        "provider": provider,
    }
    decoded = types.ChannelData.model_validate_json(json.dumps(body))
    assert type(decoded.data).__name__ == kind
    assert type(types.ChannelData.model_validate(decoded.model_dump()).data).__name__ == kind


@pytest.mark.parametrize("provider", [{"provider": "push_of_tomorrow"}, {}])
def test_without_a_known_provider_the_fields_select_the_class(provider: dict[str, str]) -> None:
    body = {"__typename": "ChannelData", "channel_id": "c", "data": {"player_ids": ["p"]}, **provider}
    assert isinstance(types.ChannelData.model_validate(body).data, types.OneSignalChannelDataPlayerIdsOnly)


def test_channel_data_of_another_provider_does_not_validate() -> None:
    body = {"__typename": "ChannelData", "channel_id": "c", "data": {"player_ids": ["p"]}, "provider": "push_fcm"}
    with pytest.raises(ValidationError) as caught:
        types.ChannelData.model_validate(body)
    assert {error["loc"] for error in caught.value.errors()} == {("data", "devices"), ("data", "tokens")}


@pytest.mark.parametrize("typename", ["User", "Object"])
def test_the_typename_selects_a_user_or_an_object(typename: str) -> None:
    body = {
        "__typename": typename,
        "id": "1",
        "collection": "c",
        "properties": {},
        "updated_at": "2026-01-01T00:00:00Z",
    }
    recipient = TypeAdapter[Any](types.Recipient).validate_json(json.dumps(body))
    assert type(recipient).__name__ == typename


def test_with_an_unknown_typename_the_fields_select_the_class() -> None:
    adapter = TypeAdapter[Any](types.Recipient)
    body = {"__typename": "Account", "id": "1", "updated_at": "2026-01-01T00:00:00Z", "email": "a@b.example"}
    assert isinstance(adapter.validate_python(body), types.User)
    assert isinstance(adapter.validate_python({**body, "collection": "c", "properties": {}}), types.Object)


def test_a_record_that_contradicts_its_typename_does_not_validate() -> None:
    body = {
        "__typename": "User",
        "id": "1",
        "collection": "c",
        "properties": {},
        "updated_at": "2026-01-01T00:00:00Z",
        "email": 5,
    }
    assert types.Object.model_validate(body)
    with pytest.raises(ValidationError, match="email"):
        TypeAdapter[Any](types.Recipient).validate_json(json.dumps(body))


def test_a_model_validates_unchanged_as_a_recipient() -> None:
    user = types.User(typename="User", id="u", updated_at=datetime.fromisoformat("2026-01-01T00:00:00+00:00"))
    assert TypeAdapter[Any](types.Recipient).validate_python(user) is user


class _Info:
    """Stands in for response info."""


def attach_info(model: Model) -> _Info:
    info = _Info()
    set_response_info(model, info)  # type: ignore[arg-type]  # any object is accepted
    return info


def page_info() -> types.PageInfo:
    return types.PageInfo.model_validate({"__typename": "PageInfo", "page_size": 1})


def test_response_info_changes_nothing_else_of_a_model() -> None:
    model, plain = page_info(), page_info()
    info = attach_info(model)
    assert model.response_info is info
    assert model == plain
    assert repr(model) == repr(plain)
    assert model.model_dump_json() == plain.model_dump_json()
    assert model.model_fields_set == plain.model_fields_set


def test_a_model_that_no_call_returned_has_no_response_info() -> None:
    with pytest.raises(AttributeError, match="this PageInfo has no response_info"):
        _ = page_info().response_info


@pytest.mark.parametrize(
    "duplicate",
    [copy.copy, copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model)), lambda model: model.model_copy()],
    ids=["copy", "deepcopy", "pickle", "model_copy"],
)
def test_a_copy_has_no_response_info(duplicate: Callable[[Model], Model]) -> None:
    model = page_info()
    attach_info(model)
    twin = duplicate(model)
    assert twin == model
    assert not hasattr(twin, "response_info")


def test_models_are_complete_once_they_are_imported() -> None:
    models = [getattr(types, name) for name in types.__all__]
    incomplete = [
        model.__name__
        for model in models
        if isinstance(model, type) and issubclass(model, BaseModel) and not model.__pydantic_complete__
    ]
    assert incomplete == []
