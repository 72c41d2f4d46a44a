"""The path of attributes between a client and its method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import libcst as cst

from .._analysis.values import Client, Member

if TYPE_CHECKING:
    from .draft import Change, Draft

_RAW = {"with_raw_response", "with_streaming_response"}


def renamed(draft: Draft, function: cst.BaseExpression, path: str) -> Change | None:
    """Return the change that gives a method another path, without `with_raw_response`; None if that cannot be done.

    It cannot where a part of the path is in a variable: `users = client.users`.
    """
    names: list[str] = []
    node = function
    while isinstance(node, cst.Attribute) and isinstance(draft.value(node.value), Client | Member):
        names.insert(0, node.attr.value)
        node = node.value
    root = draft.value(node)
    base = root.path if isinstance(root, Member) else ""
    if base and not path.startswith(f"{base}."):
        return None
    if isinstance(root, Member) and root.raw:
        return None
    wanted = path[len(base) :].lstrip(".").split(".")
    depth = len(names)

    def change(updated: Any) -> Any:
        links: list[cst.Attribute] = []
        inner = updated
        for _ in range(depth):
            links.insert(0, inner)
            inner = inner.value
        kept = [link for link, name in zip(links, names, strict=True) if name not in _RAW]
        for number, name in enumerate(wanted):
            # What is between the last attributes stays between them.
            offset = number - len(wanted) + len(kept)
            link = kept[offset] if 0 <= offset < len(kept) else cst.Attribute(inner, cst.Name(name))
            inner = link.with_changes(value=inner, attr=cst.Name(name), lpar=[], rpar=[])
        return inner.with_changes(lpar=updated.lpar, rpar=updated.rpar)

    return cast("Change", change)
