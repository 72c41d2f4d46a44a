"""The figures of imports: levels are counted, and circles are found."""

from __future__ import annotations

from graphlib import CycleError

import pytest

from .import_graph import count_levels, describe, folder_graph, module_graph


def test_levels_and_circles() -> None:
    graph = {"a": {"b", "c"}, "b": {"c"}, "c": set[str]()}
    assert count_levels(graph) == 3
    assert describe(graph) == "3, 3 imports between them, 3 levels, no circle"
    circle = {"a": {"b"}, "b": {"a"}}
    with pytest.raises(CycleError):
        count_levels(circle)
    assert "a circle: " in describe(circle)


def test_the_simulator_is_a_stack_of_layers() -> None:
    package = "knock_sdk.testing"
    modules = module_graph(package)
    folders = folder_graph(package, modules)
    assert folders["state"] == set()
    assert "state" in folders["http"]
    assert count_levels(modules)
    assert count_levels(folders) <= 16
