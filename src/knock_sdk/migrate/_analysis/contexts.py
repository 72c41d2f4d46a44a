"""Whether a name is read where it stands, or bound, or only the name of something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIELDS: Mapping[type[cst.CSTNode], tuple[str, ...]] = {
    cst.AnnAssign: ("target",),
    cst.Arg: ("keyword",),
    cst.AssignTarget: ("target",),
    cst.AsName: ("name",),
    cst.Attribute: ("attr",),
    cst.AugAssign: ("target",),
    cst.ClassDef: ("name",),
    cst.CompFor: ("target",),
    cst.Del: ("target",),
    cst.For: ("target",),
    cst.FunctionDef: ("name",),
    cst.MatchAs: ("name",),
    cst.MatchKeywordElement: ("key",),
    cst.MatchStar: ("name",),
    cst.NamedExpr: ("target",),
    cst.NameItem: ("name",),
    cst.Param: ("name",),
}
"""Fields whose nodes are not read."""


def is_read(node: cst.CSTNode, parents: Mapping[int, cst.CSTNode]) -> bool:
    """Return whether an expression is read where it stands."""
    parent = parents.get(id(node))
    while isinstance(parent, cst.Element | cst.StarredElement | cst.Tuple | cst.List):  # perhaps of a target
        node, parent = parent, parents.get(id(parent))
    fields = () if parent is None else _FIELDS.get(type(parent), ())
    return all(getattr(parent, name) is not node for name in fields)
