"""The first page of the reference: what is common to all methods, and a table of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from codegen.generators.reference.words import PER_SECOND

if TYPE_CHECKING:
    from codegen.generators.reference.methods import Method

_TEXT = Path(__file__).with_suffix(".md")


def page(methods: list[Method]) -> str:
    """Return the page."""
    return _TEXT.read_text(encoding="utf-8").format(table=_table(methods))


def _table(methods: list[Method]) -> str:
    lines = ["| method | request | requests a second | may be repeated |", "|---|---|---|---|"]
    for method in sorted(methods, key=lambda method: method.name):
        if (operation := method.operation) is None:
            continue
        anchor = method.name.replace(".", "")
        lines.append(
            f"| [`{method.name}`](methods/{method.resource}.md#{anchor}) | `{operation.key}` "
            f"| {PER_SECOND[operation.node['x-knock-tier']]:,} | {operation.node['x-knock-repeat']} |"
        )
    return "\n".join(lines) + "\n"
