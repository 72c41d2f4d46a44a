"""Generated types, typed dicts and operation table, checked against the contract; and the contract's lint."""

from __future__ import annotations

import ast
import copy
import pickle
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

import pytest

from codegen.contract.document import Node, load
from codegen.generators import operations, types
from knock_sdk import params as generated_params
from knock_sdk import types as generated_types
from knock_sdk._core.requests import operations as table
from knock_sdk._core.requests.operation import Operation
from tests.support.paths import CONTRACT_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTRACT = load(CONTRACT_FILE)
HEADER = "# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.\n"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the generators in an empty folder."""
    folder = tmp_path_factory.mktemp("knock_sdk")
    types.generate(CONTRACT, folder)
    operations.generate(CONTRACT, folder)
    return folder


def modules(package: Path, side: str) -> dict[str, ast.Module]:
    return {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in sorted((package / side).glob("*.py"))}


def classes(package: Path, side: str) -> Iterator[ast.ClassDef]:
    for module in modules(package, side).values():
        yield from (node for node in module.body if isinstance(node, ast.ClassDef))


def fields(definition: ast.ClassDef) -> Iterator[tuple[str, ast.AnnAssign]]:
    for node in definition.body:
        if isinstance(node, ast.AnnAssign):
            assert isinstance(node.target, ast.Name)
            yield node.target.id, node


def aliases(package: Path, side: str) -> dict[str, str]:
    found = {}
    for module in modules(package, side).values():
        for node in module.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
                assert ast.unparse(node.annotation) == "TypeAlias"
                found[node.target.id] = ast.unparse(node.value)
    return found


def tree(package: Path) -> dict[str, bytes]:
    return {str(path.relative_to(package)): path.read_bytes() for path in sorted(package.rglob("*.py"))}


both_sides = pytest.mark.parametrize("side", ["types", "params"])


def test_a_second_run_writes_the_same_bytes(package: Path, tmp_path: Path) -> None:
    (tmp_path / "types").mkdir()
    (tmp_path / "types" / "orphan.py").write_text("left = True\n", encoding="utf-8")
    types.generate(CONTRACT, tmp_path)
    operations.generate(CONTRACT, tmp_path)
    assert tree(tmp_path) == tree(package)


@both_sides
def test_every_schema_has_a_type_under_its_own_name(package: Path, side: str) -> None:
    names = CONTRACT.response_schemas if side == "types" else CONTRACT.request_schemas
    defined = {definition.name for definition in classes(package, side)} | aliases(package, side).keys()
    assert defined == names
    assert all((package / side / f"{CONTRACT.domain(name)}.py").exists() for name in names)
    assert not (package / side / "_internal.py").exists()


def test_every_schema_is_used_by_a_request_or_a_response() -> None:
    assert CONTRACT.response_schemas | CONTRACT.request_schemas == set(CONTRACT.schemas)


@both_sides
def test_the_generator_invents_no_names(package: Path, side: str) -> None:
    for definition in classes(package, side):
        assert not re.search(r"\d$", definition.name)
        assert {ast.unparse(base) for base in definition.bases} <= (
            {"TypedDict"} if side == "params" else {"Model", "OpenModel", *CONTRACT.schemas}
        )
        for name, _ in fields(definition):
            assert not name.startswith(("field_", "_field"))
    assert all("RootModel" not in path.read_text(encoding="utf-8") for path in package.rglob("*.py"))


@both_sides
def test_every_module_class_and_field_is_documented(package: Path, side: str) -> None:
    for path in (package / side).glob("*.py"):
        assert path.read_text(encoding="utf-8").startswith(HEADER + '"""')
    for definition in classes(package, side):
        described = {name: text for name, text in attribute_docs(definition).items() if text.strip()}
        schema = CONTRACT.schemas[definition.name]
        assert words(ast.get_docstring(definition) or "") == words(schema["description"]), definition.name
        assert described.keys() == dict(fields(definition)).keys(), definition.name
        own = schema["allOf"][-1] if "allOf" in schema else schema
        for key, node in own["properties"].items():
            if not (side == "params" and key == "__typename"):
                assert words(described[attribute(key, side)]) == words(node["description"])


def attribute_docs(definition: ast.ClassDef) -> dict[str, str]:
    """Return the docstrings of the attributes of a class."""
    found = {}
    for node, following in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(node, ast.AnnAssign) and isinstance(following, ast.Expr):
            assert isinstance(node.target, ast.Name)
            found[node.target.id] = ast.literal_eval(following.value)
    return found


def words(text: str) -> list[str]:
    """Return the words of a text, without line breaks and punctuation, which docstrings may change."""
    return re.findall(r"\w+", text.lower())


def attribute(key: str, side: str) -> str:
    if side == "params":
        return key
    special = {"__typename": "typename", "__cursor": "cursor", "__strategy__": "strategy", "from": "from_"}
    return special.get(key) or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower()


def test_a_field_of_a_response_has_a_default_unless_it_is_required(package: Path) -> None:
    for definition in classes(package, "types"):
        required = required_of(CONTRACT.schemas[definition.name], "x-knock-always-sent")
        for name, node in fields(definition):
            key = next(
                key for key in properties_of(CONTRACT.schemas[definition.name]) if attribute(key, "types") == name
            )
            assert (node.value is None) == (key in required), f"{definition.name}.{name}"
            assert node.value is None or "None" in ast.unparse(node.annotation)


def test_a_key_of_a_request_is_not_required_unless_the_contract_says_so(package: Path) -> None:
    for definition in classes(package, "params"):
        required = required_of(CONTRACT.schemas[definition.name])
        for name, node in fields(definition):
            is_optional = ast.unparse(node.annotation).startswith("NotRequired[")
            assert is_optional == (name not in required), f"{definition.name}.{name}"


def required_of(schema: Node, *keywords: str) -> set[str]:
    members = [schema, *schema.get("allOf", ())]
    return {name for member in members for keyword in ("required", *keywords) for name in member.get(keyword, ())}


def properties_of(schema: Node) -> set[str]:
    return {name for member in [schema, *schema.get("allOf", ())] for name in member.get("properties", ())}


def test_an_enum_is_open_in_responses_and_closed_in_requests(package: Path) -> None:
    def annotations(side: str) -> dict[str, str]:
        enums = {name for name, value in aliases(package, side).items() if value.startswith("Literal[")}
        found = {
            f"{definition.name}.{name}": ast.unparse(node.annotation)
            for definition in classes(package, side)
            for name, node in fields(definition)
        }
        pattern = re.compile(rf"\b(Literal\[[^]]*]|{'|'.join(enums)}\b)")
        return {name: text for name, text in found.items() if pattern.search(text)}

    responses, requests = annotations("types"), annotations("params")
    assert responses["Message.status"] == "MessageStatus | str"
    assert responses["Message.engagement_statuses"] == "list[EngagementStatus | str]"
    assert requests["ScheduleRepeatRule.frequency"] == "ScheduleFrequency"
    constants = re.compile(r"Literal\['[^']*']")  # the types of events
    open_enums = [annotation for annotation in responses.values() if not constants.fullmatch(annotation)]
    assert all(re.search(r"(Literal\[[^]]*]|\w+) \| str\b", annotation) for annotation in open_enums)
    assert not any(re.search(r"\| str\b", annotation) for annotation in requests.values())


def test_a_named_enum_is_an_alias_of_its_known_values(package: Path) -> None:
    values = "Literal['queued', 'sent', 'delivered', 'delivery_attempted', 'undelivered', 'not_sent', 'bounced']"
    assert aliases(package, "types")["MessageStatus"] == values
    assert aliases(package, "params")["MessageStatus"] == values


def test_requests_accept_wide_types(package: Path) -> None:
    by_name = {definition.name: dict(fields(definition)) for definition in classes(package, "params")}

    def annotation(schema: str, field: str) -> str:
        return ast.unparse(by_name[schema][field].annotation)

    assert annotation("TriggerWorkflowRequest", "recipients") == "Items[RecipientRequest]"
    assert annotation("TriggerWorkflowRequest", "data") == "NotRequired[JSONObject | None]"
    assert annotation("BulkIdentifyUsersRequest", "users") == "Items[InlineIdentifyUserRequest | JSONObject]"
    assert annotation("CreateSchedulesRequest", "ending_at") == "NotRequired[datetime | str | None]"
    assert annotation("PreferenceSetRequest", "__persistence_strategy__") == "NotRequired[Literal['merge', 'replace']]"
    source = "\n".join(path.read_text(encoding="utf-8") for path in (package / "params").glob("*.py"))
    assert not re.search(
        r"\b(list|dict|Sequence|Any)\[?", re.sub(r'""".*?"""|__all__.*|def .*', "", source, flags=re.DOTALL)
    )


def test_unions_and_lists_are_aliases(package: Path) -> None:
    responses, requests = aliases(package, "types"), aliases(package, "params")
    assert responses["Recipient"] == "Annotated[User | Object, ByTypename]"
    assert responses["RecipientReference"] == "str | ObjectReference"
    assert responses["SchedulesResponse"] == "list[Schedule]"
    assert requests["RecipientReference"] == "str | ObjectReference | JSONModel"
    assert requests["InlineTenantRequest"] == "str | TenantRequest | JSONObject"


def test_a_field_that_is_always_sent_is_optional_in_requests_alone(package: Path) -> None:
    def annotations(side: str) -> dict[str, str]:
        (reference,) = (each for each in classes(package, side) if each.name == "ObjectReference")
        return {name: ast.unparse(node.annotation) for name, node in fields(reference)}

    assert CONTRACT.schemas["ObjectReference"]["x-knock-always-sent"] == ["collection", "id"]
    assert annotations("types") == {"collection": "str", "id": "str"}
    assert annotations("params") == {"collection": "NotRequired[str]", "id": "NotRequired[str]"}


def test_only_an_open_shape_takes_any_mapping(package: Path) -> None:
    """A mapping beside a typed dict hides its misspelt keys, so that it stands only where further keys are allowed."""
    shapes = {definition.name for definition in classes(package, "params")}
    annotations = {
        f"{definition.name}.{name}": ast.unparse(node.annotation)
        for definition in classes(package, "params")
        for name, node in fields(definition)
    } | aliases(package, "params")
    for name, annotation in annotations.items():
        inside = shapes & set(re.findall(r"\w+", annotation))
        if inside:
            is_open = any(CONTRACT.schemas[shape].get("additionalProperties") is True for shape in inside)
            assert ("JSONObject" in annotation) == is_open, name
            assert ("JSONModel" in annotation) == (not is_open), name


@both_sides
def test_modules_import_each_other_without_a_circle(package: Path, side: str) -> None:
    graph = {
        name: {node.module or "" for node in ast.walk(module) if isinstance(node, ast.ImportFrom) and node.level == 1}
        for name, module in modules(package, side).items()
    }
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("generated", [generated_types, generated_params])
def test_exported_names_are_sorted_and_complete(generated: Any) -> None:
    assert generated.__all__ == sorted(generated.__all__)
    assert all(getattr(generated, name) is not None for name in generated.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'Usr'"):
        _ = generated.Usr


@pytest.mark.parametrize(
    ("statement", "loaded"),
    [
        ("import knock_sdk.types", []),
        ("import knock_sdk.params", []),
        ("import knock_sdk.types; knock_sdk.types.TriggerWorkflowResponse", ["workflows"]),
        ("from knock_sdk.types import User", ["shared", "users"]),
        ("from knock_sdk.params import PreferenceSetRequest", ["preferences"]),
        ("from knock_sdk.params import Items", []),
    ],
)
def test_modules_are_loaded_when_their_names_are_first_used(statement: str, loaded: list[str]) -> None:
    script = f"""
import sys
{statement}
print(*sorted(name.split(".")[2] for name in sys.modules if name.startswith(("knock_sdk.types.", "knock_sdk.params."))))
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.split() == loaded


def test_importing_either_package_does_not_import_pydantic() -> None:
    script = "import sys, knock_sdk.types, knock_sdk.params; print('pydantic' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_every_operation_with_a_method_is_in_the_table() -> None:
    constants = {name: value for name, value in vars(table).items() if isinstance(value, Operation)}
    expected = [operation for operation in CONTRACT.operations if operation.method or operation.alias_of]
    assert {value.name for value in constants.values()} == {operation.id for operation in expected}
    for operation in expected:
        entry = constants[operations.constant(operation.id)]
        assert (entry.method, entry.path) == (operation.verb, operation.path)
        assert entry.tier == operation.node["x-knock-tier"]
        assert entry.repeat == operation.node["x-knock-repeat"]
        page = operation.node.get("x-knock-page")
        assert entry.page == (page and (page["items"], page["next"], page["parameter"]))


def test_the_table_contains_the_limits() -> None:
    assert table.TRIGGER_WORKFLOW.items == {"recipients": 1000}
    assert table.TRIGGER_WORKFLOW.size == {"data": 10_000_000}
    assert table.TRIGGER_WORKFLOW.length == {}
    assert table.BULK_ADD_SUBSCRIPTIONS.items == {"subscriptions": None, "subscriptions.recipients": 100}
    assert table.MARK_MESSAGE_INTERACTED.pairs == {"metadata": 5}
    assert table.LIST_USERS.range == {"page_size": (1, 50)}
    assert table.LIST_USER_IN_APP_FEED_ITEMS.range == {"page_size": (1, 200)}
    assert table.LIST_SCHEDULES.items == {"recipients": None}
    assert table.GET_USER.items == {}


def test_an_operation_cannot_be_changed_and_survives_a_pickle() -> None:
    operation = table.LIST_USERS
    with pytest.raises(AttributeError, match="cannot change 'tier'"):
        operation.tier = 5
    with pytest.raises(AttributeError, match="cannot change 'tier'"):
        del operation.tier
    for twin in (pickle.loads(pickle.dumps(operation)), copy.deepcopy(operation)):
        assert twin == operation
        assert hash(twin) == hash(operation)
        assert twin.page == operation.page
    assert operation != table.GET_USER
    assert operation != "listUsers"
    assert repr(operation) == "<Operation listUsers: GET /v1/users>"
