"""Notebooks: their cells are one source, and the rest of them stays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.migrate import migrate_paths

if TYPE_CHECKING:
    from pathlib import Path

CELLS: list[tuple[str, str]] = [
    ("markdown", "# Users of knockapi"),
    ("code", "%pip install -q knockapi\n!ls\nfiles = !ls\nimport os\nfrom knockapi import Knock, Timeout\n"),
    ("raw", "from knockapi import Knock"),
    ("code", "client = Knock(os.environ['KNOCK_API_KEY'])"),
    ("code", "%%bash\npip install knockapi\n"),
    ("code", "for user in client.users.list()['entries']:\n    %time print(user['name'])\n"),
    ("code", ""),
    ("code", "client.users.get_user('ada')['email'];"),
    ("code", "await asyncio.sleep(1)\nclient.users.get?"),
]


def notebook(cells: list[tuple[str, str]], *, lines: bool) -> dict[str, Any]:
    return {
        "cells": [
            {
                "cell_type": kind,
                "id": f"c{number}",
                "metadata": {},
                "outputs": [{"data": {"text/plain": ["é"]}}],
                "source": source.splitlines(keepends=True) if lines else source,
            }
            for number, (kind, source) in enumerate(cells)
        ],
        "metadata": {"kernelspec": {"name": "python3"}},
        "nbformat": 4,
    }


@pytest.mark.parametrize("lines", [True, False])
@pytest.mark.parametrize("indent", [1, 2, None])
def test_the_cells_are_migrated_and_the_rest_stays(tmp_path: Path, lines: bool, indent: int | None) -> None:
    file = tmp_path / "users.ipynb"
    file.write_text(
        json.dumps(notebook(CELLS, lines=lines), indent=indent, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    report = migrate_paths([tmp_path], write=True)
    assert report.findings == ()
    expected = list(CELLS)
    imports = "from knock_sdk import Knock\nfrom httpx import Timeout\n"
    expected[1] = ("code", f"%pip install -q knockapi\n!ls\nfiles = !ls\nimport os\n{imports}")
    expected[3] = ("code", "client = Knock(api_key=os.environ['KNOCK_API_KEY'])")
    expected[5] = ("code", "for user in client.users.list().entries:\n    %time print(user['name'])\n")
    expected[7] = ("code", "client.users.get('ada').email;")
    text = file.read_text(encoding="utf-8")
    after = json.loads(text)
    wanted = notebook(expected, lines=lines)
    assert after == wanted
    start = "{" if indent is None else "{\n" + " " * indent + '"cells"'
    assert text.startswith(start)
    assert text.endswith("}\n")
    assert migrate_paths([tmp_path]).changed == ()


def test_a_notebook_without_changes_keeps_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "users.ipynb"
    content = json.dumps(notebook([("code", "print('knockapi')")], lines=True), indent=7, sort_keys=True)
    file.write_text(content, encoding="utf-8")
    report = migrate_paths([tmp_path], write=True)
    assert report.changed == ()
    assert file.read_text(encoding="utf-8") == content


@pytest.mark.parametrize(
    "content",
    [
        '{"NAME',
        '["NAME"]',
        '{"NAME": 1}',
        '{"cells": "NAME"}',
        '{"cells": [{"NAME": 1}]}',
        '{"cells": [{"cell_type": "code", "NAME": 1}]}',
        '{"cells": [{"cell_type": "code", "source": {"NAME": 1}}, 5]}',
    ],
)
def test_what_is_no_notebook_is_listed(tmp_path: Path, content: str) -> None:
    file = tmp_path / "users.ipynb"
    file.write_text(content, encoding="utf-8")
    assert migrate_paths([tmp_path]).findings == ()
    file.write_text(content.replace("NAME", "knockapi"), encoding="utf-8")
    (finding,) = migrate_paths([tmp_path]).findings
    assert finding.kind == "unreadable-files"
    assert finding.message.startswith("is no notebook: ")
