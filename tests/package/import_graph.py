"""Figures of a package's imports: `python -m tests.package.import_graph [knock_sdk.testing]`.

Prints the number of modules and of the folders and files directly below the package, the imports between them, the
levels, and the circles. Imports for type checkers count; the package's own `__init__`, which exports lazily, does not.
"""

from __future__ import annotations

import sys
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

import grimp

if TYPE_CHECKING:
    from collections.abc import Mapping

Graph = dict[str, set[str]]


def module_graph(package: str) -> Graph:
    """Return the modules below a package, each with those that it imports."""
    graph = grimp.build_graph(package.partition(".")[0], cache_dir=None)
    inside = {name for name in graph.modules if name.startswith(f"{package}.")}
    return {name: graph.find_modules_directly_imported_by(name) & inside for name in inside}


def folder_graph(package: str, modules: Graph) -> Graph:
    """Return the folders and files directly below a package, each with those that it imports."""

    def top(name: str) -> str:
        return name.removeprefix(f"{package}.").partition(".")[0]

    folders: Graph = {top(name): set() for name in modules}
    for name, imported in modules.items():
        folders[top(name)] |= {top(other) for other in imported} - {top(name)}
    return folders


def count_levels(graph: Mapping[str, set[str]]) -> int:
    """Return the length of the longest chain of imports.

    Raises:
        CycleError: The imports form a circle.
    """
    levels: dict[str, int] = {}
    for name in TopologicalSorter(graph).static_order():
        levels[name] = 1 + max((levels[other] for other in graph[name]), default=0)
    return max(levels.values())


def describe(graph: Graph) -> str:
    """Return the figures of a graph as one line."""
    try:
        shape = f"{count_levels(graph)} levels, no circle"
    except CycleError as error:
        shape = f"a circle: {' → '.join(error.args[1])}"
    return f"{len(graph)}, {sum(map(len, graph.values()))} imports between them, {shape}"


def main(package: str = "knock_sdk.testing") -> None:
    """Print the figures of a package."""
    modules = module_graph(package)
    print(f"{package}\n  modules: {describe(modules)}")
    print(f"  folders and files at the top: {describe(folder_graph(package, modules))}")


if __name__ == "__main__":
    main(*sys.argv[1:])
