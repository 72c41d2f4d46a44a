"""Names of the vendor's package where they are used."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from .._analysis.contexts import is_read
from .._analysis.values import Symbol
from .._vendor.names import SAME_MODULES, THEIRS, advice, counterpart

if TYPE_CHECKING:
    from collections.abc import Collection

    from .._analysis.scopes import Binding
    from .draft import Draft

_DOTTED = re.compile(r"[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)+")


@dataclass
class Uses:
    """The uses of one imported name."""

    names: list[cst.Name] = field(default_factory=list[cst.Name])
    """Those that are left as names of what is imported."""
    kept: bool = False
    """Whether something without a counterpart is used, so that the import stays."""
    elsewhere: set[str] = field(default_factory=set[str])
    """What the uses need instead of the import."""
    remaining: int = 0
    """Uses that need the import's counterpart."""


class Names:
    """Which uses each import of the vendor's package has, and how they are written here."""

    def __init__(self, draft: Draft, exported: Collection[str]) -> None:
        """Prepare for a draft.

        Args:
            draft: where changes go.
            exported: names that other files import from this one, which therefore stay.
        """
        self._draft = draft
        self._exported = exported
        self._index = draft.file.index
        self.uses: dict[int, Uses] = defaultdict(Uses)
        """By the identity of the binding."""
        self._used: set[int] = set()
        self._texts = {node.value.strip("\"'") for node in self._index.nodes if isinstance(node, cst.SimpleString)}

    def collect(self) -> None:
        """Look at all names, once the other rules have decided."""
        for node in self._index.nodes:
            if isinstance(node, cst.Name) and (binding := self.binding_of(node)) is not None:
                self._used.add(id(binding))
                self._collect(node, binding)

    def is_used(self, binding: Binding) -> bool:
        """Return whether anything refers to an import."""
        return id(binding) in self._used

    def binding_of(self, node: cst.Name) -> Binding | None:
        """Return the import that a name refers to, if it is one of the vendor's package."""
        at = self._index.positions.get(id(node))
        if at is None or not is_read(node, self._index.parents):
            return None
        for binding in self._index.lookup(node.value, at) or ():
            if binding.how == "import" and binding.target.partition(".")[0] == THEIRS:
                return binding
        return None

    def must_stay(self, binding: Binding) -> bool:
        """Return whether a name cannot be changed: other files, texts or other bindings refer to it."""
        scope = binding.at.scope
        others = [each for each in scope.bindings.get(binding.name, ()) if each.target != binding.target]
        return (
            binding.name in self._exported or binding.name in self._texts or bool(others) or self._quoted(binding.name)
        )

    def is_free(self, name: str) -> bool:
        """Return whether no other binding of the source has a name."""
        scopes = self._index.scopes.values()
        return not any(
            each.target.partition(".")[0] != THEIRS for scope in scopes for each in scope.bindings.get(name, ())
        )

    def rendered(self, expression: str, bases: dict[str, str], needed: set[str]) -> str:
        """Return an expression in terms of what is imported.

        Args:
            expression: such as `list[knock_sdk.types.Message]`.
            bases: modules and the names that they have in the source.
            needed: where what must be imported besides is added.
        """

        def render(match: re.Match[str]) -> str:
            path = match[0]
            for module in sorted(bases, key=len, reverse=True):
                if path.startswith(f"{module}."):
                    return f"{bases[module]}{path[len(module) :]}"
            needed.add(path)
            return path.rpartition(".")[2]

        return _DOTTED.sub(render, expression)

    def _collect(self, node: cst.Name, binding: Binding) -> None:
        uses = self.uses[id(binding)]
        chain, path = self._longest(node, binding.target)
        if any(id(each) in self._draft.claimed for each in self._chain(node)):
            return
        if path is None or (path in SAME_MODULES and chain is not node):
            named = self._chain(node)[-1]
            value = self._draft.value(named)
            text = value.path if isinstance(value, Symbol) else binding.target
            uses.kept = True
            self._draft.undecided("imports", named, "names-without-counterpart", f"`{text}`: {advice(text)}")
            return
        if chain is node and path == binding.target:
            uses.names.append(node)
            uses.remaining += 1
            return
        expression = str(counterpart(path))
        base = SAME_MODULES.get(binding.target)
        local = binding.name if base is None or binding.name != THEIRS else base
        bases = {} if base is None else {base: local}
        text = self.rendered(expression, bases, uses.elsewhere)
        uses.remaining += bool(bases) and f"{local}." in text
        if text != cst.Module([]).code_for_node(chain):
            self._draft.replace(chain, text)

    def _longest(self, node: cst.Name, target: str) -> tuple[cst.BaseExpression, str | None]:
        """Return the longest chain of attributes that has a counterpart, and what it names."""
        best: tuple[cst.BaseExpression, str | None] = (node, target if counterpart(target) is not None else None)
        path = target
        for attribute in self._chain(node)[1:]:
            path = f"{path}.{attribute.attr.value}" if isinstance(attribute, cst.Attribute) else path
            if counterpart(path) is not None:
                best = (attribute, path)
        return best

    def _chain(self, node: cst.BaseExpression) -> list[cst.BaseExpression]:
        """Return a name and the attributes that are read from it, in their order."""
        chain = [node]
        while isinstance(parent := self._draft.parent(chain[-1]), cst.Attribute) and parent.value is chain[-1]:
            if not isinstance(self._draft.value(parent), Symbol):
                break
            chain.append(parent)
        return chain

    def _quoted(self, name: str) -> bool:
        """Return whether a text contains the name as a word, as annotations in quotes do."""
        return any(
            re.search(rf"\b{re.escape(name)}\b", text) for text in self._texts if name in text and len(text) < 200
        )
