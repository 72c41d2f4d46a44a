"""Figures of imports: levels are counted, and circles are reported."""

from __future__ import annotations

from graphlib import CycleError

import pytest

from .import_graph import count_levels, describe, folder_graph, module_graph


def test_levels_are_counted_and_circles_reported() -> None:
    graph = {"a": {"b", "c"}, "b": {"c"}, "c": set[str]()}
    assert count_levels(graph) == 3
    assert describe(graph) == "3, 3 imports between them, 3 levels, no circle"
    circle = {"a": {"b"}, "b": {"a"}}
    with pytest.raises(CycleError):
        count_levels(circle)
    assert "a circle: " in describe(circle)


def test_the_folders_of_the_simulator_form_at_most_sixteen_levels() -> None:
    package = "knock_sdk.testing"
    modules = module_graph(package)
    folders = folder_graph(package, modules)
    assert folders["state"] == set()
    assert "state" in folders["http"]
    assert count_levels(modules)
    assert count_levels(folders) <= 16
