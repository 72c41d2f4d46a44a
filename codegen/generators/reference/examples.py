"""Examples of methods: the bodies of the functions in `examples/reference`, as they stand and for the other client."""

from __future__ import annotations

import ast
import re
import textwrap
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_FOLDER = "examples/reference"
_ASYNC_WORDS = re.compile(r"\basync (?=for\b|with\b)|\bawait ")


class Example(NamedTuple):
    """An example for both clients, of which each is named `client`."""

    sync: str
    asynchronous: str


def read_examples(root: Path) -> Mapping[str, Example]:
    """Return the examples by the dotted names of their methods, such as `users.get`."""
    found: dict[str, Example] = {}
    for path in sorted((root / _FOLDER).glob("[a-z]*.py")):
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
        imports = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
        for node in tree.body:
            if isinstance(node, ast.AsyncFunctionDef):
                code = _code(source, node, imports)
                found[_method(path.stem, node.name)] = Example(_ASYNC_WORDS.sub("", code), code)
    return found


def _code(source: str, node: ast.AsyncFunctionDef, imports: list[ast.Import | ast.ImportFrom]) -> str:
    """Return the body of a function, below the imports that it needs."""
    lines = source.splitlines()
    body = textwrap.dedent("\n".join(lines[node.body[0].lineno - 1 : node.end_lineno]))
    used = {name.id for name in ast.walk(ast.Module(node.body, [])) if isinstance(name, ast.Name)}
    needed = "".join(f"{ast.unparse(each)}\n" for each in imports if used & set(_bound(each)))
    return f"{needed}\n{body}" if needed else body


def _bound(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    return (alias.asname or alias.name for alias in node.names)


def _method(resource: str, function: str) -> str:
    """Return the dotted name of the method of a function: `users.bulk.identify` for `users_bulk_identify`."""
    inner = function.removeprefix(f"{resource}_")
    for group in ("batch", "bulk", "census", "feeds", "guides", "hightouch", "ms_teams", "preference_center", "slack"):
        if inner.startswith(f"{group}_"):
            return f"{resource}.{group}.{inner.removeprefix(f'{group}_')}"
    return f"{resource}.{inner}"
