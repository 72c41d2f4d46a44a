"""Pages of public names, whose text mkdocstrings takes from the docstrings when the site is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.generators.reference.names import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codegen.generators.reference.names import PublicNames

_KINDS = {"types": "models of responses", "params": "types of arguments"}
_MODULE = (
    "::: {path}\n    options:\n      members: false\n      show_root_heading: false\n      show_root_toc_entry: false\n"
)
_INHERITING = {f"{PACKAGE}.testing.Simulator", f"{PACKAGE}.Knock", f"{PACKAGE}.AsyncKnock", f"{PACKAGE}.FeedPage"}
"""Classes whose public members are inherited."""


def pages(names: PublicNames) -> dict[str, str]:
    """Return the pages by their paths."""
    found = {"modules/client.md": _page(f"`{PACKAGE}`", PACKAGE, names.of_package)}
    for module, exported in names.of_module.items():
        path = f"{PACKAGE}.{module}"
        found[f"modules/{module}.md"] = _page(f"`{path}`", path, exported)
    for package, modules in names.of_models.items():
        for module, exported in modules.items():
            title = f"{module.replace('_', ' ').capitalize()}: {_KINDS[package]}"
            listed = ", ".join(f"`{name}`" for name in exported)
            text = f"# {title}\n\nOf `{PACKAGE}.{package}`: {listed}.\n\n"
            found[f"{package}/{module}.md"] = text + _names(f"{PACKAGE}.{package}", exported, "show_bases: false")
    return found


def _page(title: str, path: str, exported: Iterable[str]) -> str:
    """Return the page of a module: its docstring, then its names."""
    own = [name for name in exported if name not in {"AsyncKnock", "Knock"}]
    first = [name for name in ("Knock", "AsyncKnock") if name in exported]
    return f"# {title}\n\n{_MODULE.format(path=path)}\n{_names(path, [*first, *own])}"


def _names(path: str, exported: Iterable[str], option: str = "") -> str:
    """Return the directives for names of a module, with an option of mkdocstrings that holds for all."""
    parts: list[str] = []
    for name in exported:
        chosen = "inherited_members: true" if f"{path}.{name}" in _INHERITING else option
        parts.append(f"::: {path}.{name}\n" + (f"    options:\n      {chosen}\n" if chosen else ""))
    return "\n".join(parts)
