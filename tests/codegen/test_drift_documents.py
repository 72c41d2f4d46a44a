"""`python -m codegen drift` with whole documents: the contract in another style, large ones, and unreadable ones."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from codegen.__main__ import CONTRACT, main
from codegen.contract.document import Contract, load
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Node = dict[str, Any]

MINIMAL = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n"


def inline(contract: Contract, node: Any) -> Any:
    """Rewrite a node of the contract in the style of some upstream documents: no names, OpenAPI 3.0, examples."""
    if isinstance(node, list):
        return [inline(contract, item) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {**inline(contract, contract.resolve(node)), "x-struct": None}
    node = {key: inline(contract, value) for key, value in node.items() if not key.startswith("x-knock-")}
    members = [member for member in node.get("anyOf", ()) if member.get("type") != "null"]
    if len(members) < len(node.get("anyOf", ())):
        node |= {"anyOf": members, "nullable": True} if len(members) > 1 else {"allOf": members, "nullable": True}
        if len(members) == 1:
            del node["anyOf"]
    if isinstance(node.get("type"), list):
        node |= {"type": next(kind for kind in node["type"] if kind != "null"), "nullable": True}
    if node.get("type") == "object" and isinstance(node.get("properties"), dict):
        node["example"] = dict.fromkeys(node["properties"], "an example")
    return node


@pytest.fixture(scope="module")
def upstream() -> Node:
    """Rewrite the contract without names, headers and `default` responses, and with other operation ids."""
    contract = load(ROOT / CONTRACT)
    paths: Node = inline(contract, contract.document["paths"])
    for item in paths.values():
        for operation in item.values():
            operation["operationId"] += " (2)"
            operation["responses"].pop("default", None)
            parameters = operation.get("parameters", [])
            operation["parameters"] = [parameter for parameter in parameters if parameter["in"] != "header"]
    return {"openapi": "3.0.0", "info": {"title": "T", "version": "1"}, "paths": paths}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a repository whose contract has only the paths of users."""
    document = dict(load(ROOT / CONTRACT).document)
    document["paths"] = select_users(document["paths"])
    (tmp_path / CONTRACT).parent.mkdir()
    (tmp_path / CONTRACT).write_text(json.dumps(document), encoding="utf-8")
    return tmp_path


def select_users(paths: Node) -> Node:
    return {path: item for path, item in paths.items() if path.startswith("/v1/users")}


def run_drift(capsys: pytest.CaptureFixture[str], path: Path, root: Path = ROOT) -> tuple[int, list[str]]:
    status = main(["drift", str(path)], root)
    return status, capsys.readouterr().out.splitlines()


def write(folder: Path, document: Node) -> Path:
    path = folder / "upstream.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_the_contract_has_no_drift_from_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_drift(capsys, ROOT / CONTRACT) == (0, ["no drift"])


def test_the_contract_in_another_style_has_no_drift(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], upstream: Node
) -> None:
    path = write(tmp_path, upstream)
    assert path.stat().st_size > 1_000_000
    assert run_drift(capsys, path) == (0, ["no drift"])


def test_a_yaml_document_is_accepted(root: Path, capsys: pytest.CaptureFixture[str], upstream: Node) -> None:
    path = root / "upstream.yml"
    document = json.loads(json.dumps({**upstream, "paths": select_users(upstream["paths"])}))
    path.write_text(yaml.dump(document, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper)))
    assert path.stat().st_size > 1_000_000
    assert run_drift(capsys, path, root) == (0, ["no drift"])


def response_schema(document: Node, path: str) -> Node:
    found: Node = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return found


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda d: d["paths"].update({"/v1/new": {"get": {"responses": {}}}}), "+ operation GET /v1/new"),
        (lambda d: d["paths"]["/v1/users"].pop("get"), "- operation GET /v1/users"),
        (
            lambda d: response_schema(d, "/v1/users/{user_id}")["properties"].update(extra={}),
            "+ field GET /v1/users/{user_id} 200.extra",
        ),
    ],
)
def test_a_difference_is_reported_without_names(
    root: Path, capsys: pytest.CaptureFixture[str], upstream: Node, change: Callable[[Node], object], line: str
) -> None:
    document = json.loads(json.dumps({**upstream, "paths": select_users(upstream["paths"])}))
    change(document)
    assert run_drift(capsys, write(root, document), root) == (1, [line])


def change_everywhere(node: Any, change: Callable[[Node], object], *, having: set[str]) -> None:
    """Apply a change to the properties of every object schema that has those in `having`."""
    if isinstance(node, list):
        for item in node:
            change_everywhere(item, change, having=having)
    elif isinstance(node, dict):
        for value in node.values():
            change_everywhere(value, change, having=having)
        if isinstance(node.get("properties"), dict) and having <= node["properties"].keys():
            change(node["properties"])


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda properties: properties.update(total_count={}), "+ field PageInfo.total_count"),
        (lambda properties: properties.pop("page_size"), "- field PageInfo.page_size"),
    ],
)
def test_a_difference_in_every_copy_of_a_schema_is_reported_once(
    root: Path, capsys: pytest.CaptureFixture[str], upstream: Node, change: Callable[[Node], object], line: str
) -> None:
    document = json.loads(json.dumps({**upstream, "paths": select_users(upstream["paths"])}))
    change_everywhere(document, change, having={"after", "before", "page_size"})
    assert run_drift(capsys, write(root, document), root) == (1, [line])


def test_plain_scalars_of_yaml_are_read_as_strings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["no", "on", "=", "2026-02-31", "12:30", "08", "null_", "1.0.0"]
    path = tmp_path / "upstream.yaml"
    path.write_text(
        "openapi: 3.0\npaths:\n  /v1/users:\n    get:\n      parameters:\n"
        f"      - {{name: word, in: query, schema: {{type: string, enum: [{', '.join(words)}, null]}}}}\n"
        "      responses: {200: {description: a number as key}}\n"
    )
    ours = tmp_path / "openapi/knock.yaml"
    ours.parent.mkdir()
    ours.write_text(
        json.dumps(
            {
                **yaml.safe_load(MINIMAL),
                "paths": {
                    "/v1/users": {
                        "get": {
                            "parameters": [{"name": "word", "in": "query", "schema": {"enum": []}}],
                            "responses": {"200": {}},
                        }
                    }
                },
            }
        )
    )
    assert main(["drift", str(path)], tmp_path) == 1
    expected = sorted(f"+ value GET /v1/users query word = {word}" for word in words)
    assert capsys.readouterr().out.splitlines() == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"openapi": "3.0.0", "paths": {"/v1/users": {"get"', "incomplete or not JSON: Expecting ':' delimiter"),
        ("Some words\nand more:\n{\n", "neither JSON nor YAML: "),
        (MINIMAL + "components:\n  schemas: {A: {type: obj", "neither JSON nor YAML: "),
        ("", "not an OpenAPI 3 document: `openapi` is missing"),
        ("[1, 2]", "not an OpenAPI 3 document: `openapi` is missing"),
        ("swagger: '2.0'\npaths: {}\n", "not an OpenAPI 3 document: `openapi` is missing"),
        ("openapi: 4.0.0\npaths: {}\n", "not an OpenAPI 3 document: `openapi` is 4.0.0"),
        ("openapi: 3.0.0\n", "has no `paths`; is the document complete?"),
        (b"openapi: '3.0.0\xff'\n", "neither JSON nor YAML: "),
        ('{"a":' * 100_000, "neither JSON nor YAML: "),
        (
            MINIMAL.replace("{}", "{/v1/users: {$ref: '#/components/pathItems/Gone'}}"),
            "`#/components/pathItems/Gone` does not exist",
        ),
        (MINIMAL.replace("{}", "{/v1/users: {$ref: 'users.yaml'}}"), "`users.yaml` is in another file"),
        (MINIMAL.replace("{}", "{/v1/users: {$ref: '#/paths/~1v1~1users'}}"), "`#/paths/~1v1~1users` refers to itself"),
    ],
)
def test_an_unreadable_document_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | bytes, message: str
) -> None:
    path = tmp_path / "upstream.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert main(["drift", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"{path}: ")
    assert message in captured.err
    assert captured.err.count("\n") == 1


def test_a_missing_file_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drift", str(tmp_path / "nothing.json")]) == 2
    assert capsys.readouterr().err == f"{tmp_path}/nothing.json: No such file or directory\n"


def test_a_folder_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drift", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{tmp_path}: Is a directory\n"
