"""`docs/from-knockapi.md`: it has every name of both versions and every kind of finding, and its examples are true."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args

import knockapi
import knockapi.pagination
import pytest
from libcst import parse_module

from knock_sdk.migrate import __main__ as command
from knock_sdk.migrate import _findings, migrate_source
from knock_sdk.migrate._vendor import names
from knock_sdk.migrate._vendor.old_methods import OLD_METHODS
from knock_sdk.testing import Simulator
from tests.support.paths import ROOT

from .samples import SAMPLES
from .test_names import CLIENTS, TYPES, methods_of

if TYPE_CHECKING:
    from knock_sdk import Knock

PAGE = (ROOT / "docs" / "from-knockapi.md").read_text(encoding="utf-8")
HEADINGS = re.findall(r"^###? (.+)$", PAGE, re.MULTILINE)
LISTED = HEADINGS[HEADINGS.index("What is listed") + 1 :]
DIFFERENCES = re.findall(r"```diff\n(.*?)```", PAGE, re.DOTALL)
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
QUOTED = set(re.findall(r"`([^`\n]+)`", PAGE))
WORDS = {word for quoted in QUOTED for word in re.findall(r"[\w.]+", quoted)}
CODE_WORDS = {part for word in WORDS for part in (word, word.rpartition(".")[2])}


def test_every_kind_of_finding_has_a_section_and_each_section_a_kind() -> None:
    assert [heading.lower().replace(" ", "-") for heading in LISTED] == sorted(get_args(_findings.Kind))


def test_every_kind_of_finding_occurs_in_a_sample() -> None:
    listed = {finding.split()[1] for sample in SAMPLES for finding in sample.findings}
    assert set(get_args(_findings.Kind)) - listed == {"dependencies", "unreadable-files", "unknown-clients"}


def test_every_option_has_a_line(capsys: Any) -> None:
    with pytest.raises(SystemExit):
        command.main(["--help"])
    options = set(re.findall(r"--[a-z]+", capsys.readouterr().out)) - {"--help"}
    assert set(re.findall(r"--[a-z]+", PAGE)) == options


@pytest.mark.parametrize("difference", DIFFERENCES, ids=["0.5", "1.x"])
def test_a_difference_is_what_the_command_shows(difference: str) -> None:
    lines = difference.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if line[0] in " -")
    after = "".join(line[1:] for line in lines if line[0] in " +")
    migrated = migrate_source(before)
    assert migrated.code == after
    assert migrated.findings == ()
    parse_module(after)


def test_the_examples_run() -> None:
    sim = Simulator()
    client: Knock = sim.client()
    client.users.update("jhammond", name="John Hammond")
    assert len(EXAMPLES) == 6
    for example in EXAMPLES:
        exec(compile(example, "from-knockapi.md", "exec", dont_inherit=True), {"client": client})


def test_every_name_of_the_package_is_there() -> None:
    public = {name for name in dir(knockapi) if not name.startswith("_")} | {"__title__", "__version__"}
    pages = set(knockapi.pagination.__all__)
    assert public | pages <= CODE_WORDS | {"pagination", "resources"}


@pytest.mark.parametrize("name", sorted({name for _, name in TYPES} | set(names._EARLIER_TYPES)))
def test_every_type_is_there(name: str) -> None:
    assert name in WORDS


def test_every_method_of_1_x_is_there() -> None:
    rows = dict(re.findall(r"^\| `([\w.]+)` \| (`[^|]+`) \|$", PAGE, re.MULTILINE))
    written = {f"{resource}.{name}" for resource, listed in rows.items() for name in re.findall(r"\w+", listed)}
    methods = {path for client in CLIENTS for path in methods_of(client) if "." in path}
    assert methods <= written
    own = {path for path in methods_of(CLIENTS[0]) if "." not in path}
    assert own <= CODE_WORDS


@pytest.mark.parametrize("path", OLD_METHODS)
def test_every_method_of_0_5_is_there(path: str) -> None:
    owner, _, name = path.rpartition(".")
    section = PAGE.split("### Methods of 0.5")[1].split("### Responses of 0.5")[0]
    rows = [row.split("|")[1] for row in section.splitlines() if row.startswith("| `")]
    assert any(
        re.search(rf"`(?:{re.escape(path)}|{name})\b", row) and (not owner or f"{owner}." in row) for row in rows
    )


def test_every_attribute_that_is_changed_is_there() -> None:
    changed = {*names.MODEL_ATTRIBUTES, *names.PAGE_ATTRIBUTES, *names.RAW_ATTRIBUTES, *names.HTTP_CLIENTS}
    assert changed <= CODE_WORDS
