"""Generator of `types/`, Pydantic models of responses, and of `params/`, typed dicts of request bodies.

datamodel-code-generator writes the classes, with its options from `pyproject.toml` and with `codegen/templates`. Then
each module gets a docstring, and the package its lazy `__init__`. In `params/`, `Sequence` becomes `Items`, and
Pydantic learns which typed dicts may have further keys.
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

from codegen.formatting import FIXES, HEADER, ROOT, tidy
from codegen.generators import lazy, request_schemas, response_schemas

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from codegen.contract.document import Contract


class _Side(NamedTuple):
    """One of the two generated packages; the options of its run are the profile of the same name."""

    name: str
    document: Callable[[Contract], dict[str, Any]]
    finish: Callable[[Contract, str], str]
    fixes: Sequence[str]
    others: Mapping[str, str]
    package_docstring: str
    module_docstring: str


def generate(contract: Contract, package: Path) -> None:
    """Write `types/` and `params/` into a package folder, replacing existing ones."""
    with tempfile.TemporaryDirectory() as temporary:
        for side in (_TYPES, _PARAMS):
            written = Path(temporary) / side.name
            _write(side, contract, written)
            shutil.rmtree(package / side.name, ignore_errors=True)
            shutil.copytree(written, package / side.name)


def _write(side: _Side, contract: Contract, folder: Path) -> None:
    source = folder.with_suffix(".json")
    document = side.document(contract)
    source.write_text(json.dumps(document), encoding="utf-8")
    generator = [sys.executable, "-m", "datamodel_code_generator", "--profile", side.name]
    subprocess.run([*generator, "--input", str(source), "--output", str(folder)], check=True, cwd=ROOT)
    modules = {name: domain for domain, name in (key.split(".") for key in document["components"]["schemas"])}
    for domain in sorted(set(modules.values())):
        _finish(folder / f"{domain}.py", domain, side, contract)
    lazy.write(folder / "__init__.py", side.package_docstring, {**modules, **side.others})
    tidy(folder, fixes=side.fixes)


def _finish(path: Path, domain: str, side: _Side, contract: Contract) -> None:
    docstring = side.module_docstring.format(domain.replace("_", " "))
    source = path.read_text(encoding="utf-8")
    source = side.finish(contract, source[source.index("from __future__") :])
    source = source.replace(FUTURE, f"{FUTURE}\nfrom typing import TYPE_CHECKING\n", 1)
    path.write_text(f'{HEADER}\n"""{docstring}"""\n\n{source}{MISSING_NAME}', encoding="utf-8")


def _keep(_contract: Contract, source: str) -> str:
    return source


def _validatable(contract: Contract, source: str) -> str:
    """Type the lists of typed dicts as `Items`, since a string is a `Sequence`, and have Pydantic judge their keys."""

    def configured(found: re.Match[str]) -> str:
        extra = "allow" if request_schemas.is_open(contract.schemas[found["name"]]) else "forbid"
        return f'@with_config(extra="{extra}")\n{found[0]}'

    source = re.sub(r"\bSequence\[", "Items[", source)
    source = re.sub(r"^class (?P<name>\w+)\(TypedDict\):", configured, source, flags=re.MULTILINE)
    source = source.replace("import JSONModel", "import Items, JSONModel")
    # Before Python 3.12, Pydantic reads no other.
    source = re.sub(r"^from typing import TypedDict\n|(?<=\w), TypedDict$", "", source, flags=re.MULTILINE)
    return source.replace(FUTURE, IMPORTS, 1)


FUTURE = "from __future__ import annotations\n"

MISSING_NAME = """
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
"""

IMPORTS = """\
from __future__ import annotations

from pydantic import with_config
from typing_extensions import TypedDict
"""

_TYPES = _Side(
    name="types",
    document=response_schemas.document,
    finish=_keep,
    fixes=FIXES,
    others={},
    package_docstring="""\
The models of the API's responses, a module per domain, each loaded on first use.

Ids are strings and times are aware datetimes. An optional field that a response leaves out reads as None and is not in
`model_fields_set`. Unknown fields are preserved, and unknown values of an enum are plain strings. `dict[str, Any]` is
your own JSON: data, metadata, custom properties.
""",
    module_docstring="Models of responses: {}.",
)
_PARAMS = _Side(
    name="params",
    document=request_schemas.document,
    finish=_validatable,
    # These modules are loaded only to evaluate annotations, and then every name must exist.
    fixes=[rule for rule in FIXES if rule != "TC"],
    others=dict.fromkeys(
        (
            "Items",
            "JSONModel",
            "JSONObject",
            "MsTeamsChannelsQuery",
            "MsTeamsTeamsQuery",
            "ProviderObject",
            "SlackChannelsQuery",
            "TimeRange",
        ),
        "._core.values.argument_types",
    ),
    package_docstring="""\
The types of request bodies as typed dicts, a module per domain, for editors and type checkers.

They are optional at run time: plain dicts, Pydantic models and dataclasses are sent in the same way. Type checkers hold
dicts to the keys of a closed shape, such as a schedule's repeat rule; a variable for one is annotated with its type.
Where you may add keys of your own, as in a user's properties, any mapping with string keys is accepted.

`Items` is a list, tuple, set or view of a dict; `JSONObject` is an object with any keys, `JSONModel` one given as a
Pydantic model or a dataclass. `pydantic.TypeAdapter` validates with each type.
""",
    module_docstring="Typed dicts of request bodies: {}.",
)
