"""The contract's schemas → `types/` (Pydantic models of answers) and `params/` (typed dicts of request bodies).

datamodel-code-generator writes the classes, with its options from `pyproject.toml` and the templates beside this file.
What comes after it: a docstring for each module, the names of `_inputs` in place of `Sequence`, and the package's
lazy `__init__`.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from codegen import answers, bodies, lazy
from codegen.source import HEADER, ROOT, tidy

if TYPE_CHECKING:
    from collections.abc import Callable

    from codegen.contract import Contract


class _Side(NamedTuple):
    """One of the two packages that are generated."""

    folder: str
    profile: str
    document: Callable[[Contract], dict[str, Any]]
    package_docstring: str
    module_docstring: str
    finish: Callable[[str], str] = str


def generate(contract: Contract, package: Path) -> None:
    """Write `types/` and `params/` into a package folder."""
    for side, names in ((_TYPES, contract.answered), (_PARAMS, contract.sent)):
        folder = package / side.folder
        shutil.rmtree(folder, ignore_errors=True)
        _run_generator(side.profile, side.document(contract), folder)
        domains: dict[str, list[str]] = {}
        for name in sorted(names):
            domains.setdefault(contract.domain(name), []).append(name)
        for domain in domains:
            _finish(folder / f"{domain}.py", domain, side)
        lazy.write(folder / "__init__.py", side.package_docstring, domains)
        tidy(folder)


def _run_generator(profile: str, document: dict[str, Any], folder: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary) / "schemas.json"
        source.write_text(json.dumps(document), encoding="utf-8")
        command = [sys.executable, "-m", "datamodel_code_generator", "--profile", profile]
        subprocess.run([*command, "--input", str(source), "--output", str(folder)], check=True, cwd=ROOT)


def _finish(path: Path, domain: str, side: _Side) -> None:
    docstring = side.module_docstring.format(domain.replace("_", " "))
    source = path.read_text(encoding="utf-8")
    source = side.finish(source[source.index("from __future__") :])
    path.write_text(f'{HEADER}\n"""{docstring}"""\n\n{source}', encoding="utf-8")


def _with_items(source: str) -> str:
    """A typed dict's lists as `Items`, which no string is, unlike `Sequence`."""
    source = re.sub(r"\bSequence\[", "Items[", source)
    return source.replace("import JSONObject", "import Items, JSONObject")


_TYPES = _Side(
    folder="types",
    profile="types",
    document=answers.document,
    package_docstring="""\
The models of the API's answers, a module per domain, each loaded on first use.

Ids are strings and times are aware datetimes. An optional field that an answer leaves out reads as None and is not in
`model_fields_set`. A field that the API adds tomorrow is kept, and an enum's new value passes as a plain string. What
is typed `dict[str, Any]` is your own JSON: data, metadata, custom properties.
""",
    module_docstring="Models of answers: {}.",
)
_PARAMS = _Side(
    folder="params",
    profile="params",
    document=bodies.document,
    package_docstring="""\
The shapes of request bodies as typed dicts, a module per domain, for editors and type checkers.

Nothing needs them at run time: plain dicts, Pydantic models and dataclasses are sent alike.
""",
    module_docstring="Typed dicts of request bodies: {}.",
    finish=_with_items,
)
