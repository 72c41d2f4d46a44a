"""Which version of the vendor's package a source was written for: what only one of them has tells."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import libcst as cst

from .._analysis.client_methods import method
from .._analysis.shapes import has_models
from .._analysis.values import Data, Member, Symbol
from .._vendor.names import CLIENTS, OURS, THEIRS
from .._vendor.old_methods import OLD_METHODS
from .signatures import bound_to, fits_here, given_in, without_key

if TYPE_CHECKING:
    from .._analysis.inference import Inference
    from .._report import Age

_OLD_MODULES = (f"{THEIRS}.client.", f"{THEIRS}.resources.")
_IN_BOTH = {"api_key", "timeout"}


def is_ours(file: Inference) -> bool:
    """Return whether a source uses this package already, and the vendor's no more."""
    packages = {
        binding.target.partition(".")[0] for bound in file.index.imported.values() for binding in bound.values()
    }
    return OURS in packages and THEIRS not in packages


def age_of(file: Inference) -> Age | None:
    """Return the version that a source was written for; None if nothing in it tells."""
    votes: Counter[Age] = Counter()
    for bound in file.index.imported.values():
        for binding in bound.values():
            if binding.target.startswith(f"{THEIRS}.") and binding.target != f"{THEIRS}.Knock":
                votes["0.5" if binding.target.startswith(_OLD_MODULES) else "1.x"] += 1
    for node in file.index.nodes:
        vote = _vote(file, node)
        if vote is not None:
            votes[vote] += 1
    if not votes:
        return None
    return "0.5" if votes["0.5"] >= votes["1.x"] else "1.x"


def _vote(file: Inference, node: cst.CSTNode) -> Age | None:
    if isinstance(node, cst.Call):
        function = file.value(node.func)
        if isinstance(function, Member):
            return _of_method(file, node, function)
        return _of_client(node, function.path) if isinstance(function, Symbol) else None
    if isinstance(node, cst.Subscript):
        owner = file.value(node.value)
        return "0.5" if isinstance(owner, Data) and owner.whole and has_models(owner.type) else None
    if isinstance(node, cst.Attribute):
        owner = file.value(node.value)
        is_field = isinstance(owner, Data) and has_models(owner.type) and not hasattr(dict, node.attr.value)
        return "1.x" if is_field else None
    return None


def _of_method(file: Inference, node: cst.Call, called: Member) -> Age | None:
    here, old = method(called.path), OLD_METHODS.get(called.path)
    if called.raw:
        return "1.x"
    given = given_in(node)
    if given.dynamic:
        fits, fits_old = here is not None, old is not None
    else:
        given = without_key(given, called.path)
        fits = here is not None and fits_here(given, here, file)
        fits_old = old is not None and bound_to(given, old) is not None
    if fits == fits_old:
        return None
    return "1.x" if fits else "0.5"


def _of_client(node: cst.Call, path: str) -> Age | None:
    if not path.startswith(THEIRS) or path.rpartition(".")[2] not in CLIENTS:
        return None
    given = given_in(node)
    if given.positional or "host" in given.named:
        return "0.5"
    return "1.x" if given.named.keys() - _IN_BOTH else None
