"""What the rules have decided about a source: its changes, its findings, and what is counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import libcst as cst
from typing_extensions import override

from .._report import Age, Counts, Part

if TYPE_CHECKING:
    from .._analysis.inference import Inference
    from .._analysis.values import Value
    from .._findings import Kind

Change: TypeAlias = Callable[[Any], Any]
"""Makes the new node of the present one, whose parts may have changed already."""


class Draft:
    """Decisions about one source; nothing is changed before all are made."""

    def __init__(self, file: Inference, age: Age | None) -> None:
        """Start without changes.

        Args:
            file: what the expressions of the source are.
            age: the version that the source was written for; None if nothing tells.
        """
        self.file = file
        self.age = age
        self.changes: dict[int, list[Change]] = defaultdict(list)
        self.findings: list[tuple[cst.CSTNode, Kind, str]] = []
        self.counts: dict[Part, Counts] = defaultdict(Counts)
        self.needed: set[str] = set()
        """What must be imported, such as `knock_sdk.capture_responses`."""
        self.claimed: set[int] = set()
        """Nodes that a rule has decided about, so that others leave them."""

    def value(self, node: cst.CSTNode) -> Value:
        """Return what an expression is."""
        return self.file.value(node)

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """Return what a node is part of."""
        return self.file.index.parents.get(id(node))

    def change(self, node: cst.CSTNode, change: Change) -> None:
        """Have a node changed."""
        self.changes[id(node)].append(change)

    def replace(self, node: cst.CSTNode, expression: str) -> None:
        """Have an expression replaced by another; its brackets stay."""
        new = cst.parse_expression(expression)
        self.change(node, lambda updated: new.with_changes(lpar=updated.lpar, rpar=updated.rpar))

    def is_changed(self, node: cst.CSTNode) -> bool:
        """Return whether a node will be changed."""
        return id(node) in self.changes

    def changed(self, part: Part) -> None:
        """Count a place that is changed."""
        self.counts[part].changed += 1

    def right(self, part: Part) -> None:
        """Count a place that works as it is."""
        self.counts[part].right += 1

    def undecided(self, part: Part, node: cst.CSTNode, kind: Kind, message: str) -> None:
        """Count a place that is not changed, and list it."""
        self.counts[part].undecided += 1
        self.note(node, kind, message)

    def note(self, node: cst.CSTNode, kind: Kind, message: str) -> None:
        """List a place."""
        self.findings.append((node, kind, message))

    def claim(self, node: cst.CSTNode) -> None:
        """Leave a node to the rule that claims it."""
        self.claimed.add(id(node))

    def apply(self, module: cst.Module) -> cst.Module:
        """Return the module with all changes."""
        if not self.changes:
            return module
        parents = self.file.index.parents
        above: set[int] = set()
        for place in self.changes:
            while place not in above:
                above.add(place)
                place = id(parents.get(place))  # noqa: PLW2901
        return module.visit(_Apply(self.changes, above))


class _Apply(cst.CSTTransformer):
    def __init__(self, changes: dict[int, list[Change]], above: set[int]) -> None:
        super().__init__()
        self._changes = changes
        self._above = above

    @override
    def on_visit(self, node: Any) -> bool:
        return id(node) in self._above  # nothing is changed in the others

    @override
    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        result = updated_node
        for change in self._changes.get(id(original_node), ()):
            result = change(result)
        return result


def text_of(node: cst.CSTNode) -> str:
    """Return the source of an expression, on one line and short enough for a message."""
    text = " ".join(cst.Module([]).code_for_node(node).split())
    return text if len(text) <= 60 else f"{text[:57]}…"
