"""The generated reference: every method with all that is to be said of it, and every public name."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

import knock_sdk
from codegen.contract.document import load
from codegen.generators import reference
from knock_sdk import Knock
from knock_sdk._core.rate_limits.tiers import PER_SECOND
from tests.support.methods import methods_of, reach
from tests.support.paths import CONTRACT_FILE, ROOT
from tests.support.samples import read, samples_of

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = load(CONTRACT_FILE)
METHODS = {operation.method: operation for operation in CONTRACT.operations if operation.method}
FOLDER = ROOT / reference.FOLDER
CLIENT = Knock(api_key="sk_test_1")


def section(method: str) -> str:
    """Return what the reference says of a method."""
    page = read(f"{reference.FOLDER}/methods/{method.partition('.')[0]}.md")
    return page.split(f"\n## `{method}`\n")[1].split("\n## ")[0]


def test_there_are_98_methods() -> None:
    assert len(METHODS) == 98
    index = read(f"{reference.FOLDER}/index.md")
    assert re.findall(r"^\| \[`([\w.]+)`\]", index, re.MULTILINE) == sorted(METHODS)


@pytest.mark.parametrize("method", METHODS)
def test_a_method_is_described_whole(method: str) -> None:
    operation, text = METHODS[method], section(method)
    node = operation.node
    rate = PER_SECOND[node["x-knock-tier"]]
    assert f"- **Request**: `{operation.key}`\n" in text
    assert f"- **Rate limit**: tier {node['x-knock-tier']}, {rate:,} request" in text
    assert f"(`{node['x-knock-repeat']}`)" in text
    assert f"- **Key**: {'secret or public' if node.get('x-knock-public') else 'secret'}\n" in text
    assert "- **Returns**: " in text
    assert "- **Raises**: " in text
    for code, when in node.get("x-knock-errors", {}).items():
        assert f"`{code}`: {when}" in text
    listed = re.findall(r"^- `(\w+)` \(`.+`, (?:required|optional)\): \S.*\.", text, re.MULTILINE)
    assert listed == [name for name in parameters(method) if name != "options"]
    assert text.count("```pyi\n") == 1
    code = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(code) == 2
    call = f"client.{method}("
    assert call in code[0]
    assert "await" not in code[0]
    assert f"await {call}" in code[1] or f"async for {code[0].split('for ')[1].split(' in ')[0]} in {call}" in code[1]


def parameters(method: str) -> list[str]:
    import inspect

    return list(inspect.signature(reach(CLIENT, method)).parameters)


def test_jobs_are_described_too() -> None:
    jobs = [name for name in methods_of(CLIENT) if name.endswith(("_many", ".trigger_each"))]
    assert len(jobs) > 20
    for job in jobs:
        assert "- **Requests**: as many as the items need" in section(job)


def test_every_public_name_is_on_a_page() -> None:
    shown = set(re.findall(r"^::: ([\w.]+)$", "".join(map(text_of, FOLDER.rglob("*.md"))), re.MULTILINE))
    modules = [name for name in knock_sdk.__all__ if hasattr(getattr(knock_sdk, name), "__path__")]
    elsewhere = {name for module in modules for name in getattr(knock_sdk, module).__all__}
    assert {f"knock_sdk.{module}.{name}" for module in modules for name in getattr(knock_sdk, module).__all__} <= shown
    own = set(knock_sdk.__all__) - set(modules) - elsewhere - {"__version__"}
    assert {f"knock_sdk.{name}" for name in own} <= shown
    assert {"Knock", "AsyncKnock", "RequestOptions", "capture_responses"} <= own


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_an_example_that_is_missing_or_too_many_is_reported(tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(ROOT / "examples" / "reference", root / "examples" / "reference")
    (root / "src").symlink_to(ROOT / "src")
    audiences = root / "examples" / "reference" / "audiences.py"
    audiences.write_text(text_of(audiences).replace("audiences_add_members", "audiences_add_mebmers"), encoding="utf-8")
    made = tmp_path / "made"
    (made / "src").mkdir(parents=True)
    shutil.copytree(ROOT / "src" / "knock_sdk", made / "src" / "knock_sdk")
    assert reference.generate(CONTRACT, root, made) == [
        "examples/reference: audiences.add_members has no example",
        "examples/reference: audiences.add_mebmers is an example of no method",
    ]


def test_the_samples_are_those_of_the_examples() -> None:
    for path in sorted((ROOT / "examples" / "reference").glob("[a-z]*.py")):
        samples = samples_of(f"{reference.FOLDER}/methods/{path.name.removesuffix('.py')}.md")
        functions = text_of(path).count("\nasync def ")
        assert len(samples) == 2 * (functions + 1)
