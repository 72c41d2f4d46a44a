"""What holds for every source: programs put together in all ways."""

from __future__ import annotations

import ast
import textwrap

import libcst as cst
from hypothesis import given, settings
from hypothesis import strategies as st

from knock_sdk.migrate import migrate_source

from .samples import NEW, OLD, SAMPLES

LINES = [line for sample in SAMPLES for line in sample.before.splitlines(keepends=True)]
PROGRAMS = [sample.before for sample in SAMPLES]
WRAPPED = ["{}", "def f():\n{}", "if x:\n{}", "class A:\n    def f(self):\n{}", "try:\n{}\nfinally:\n    pass\n"]


@st.composite
def sources(draw: st.DrawFn) -> str:
    """Some programs, one after another, each perhaps in a block, with one of the ends of lines."""
    parts = []
    for program in draw(st.lists(st.sampled_from(PROGRAMS), min_size=1, max_size=3)):
        wrapped = draw(st.sampled_from(WRAPPED))
        depth = 0 if wrapped == "{}" else 8 if "class" in wrapped else 4
        lines = [
            line for line in program.splitlines(keepends=True) if "import *" not in line and "__future__" not in line
        ]
        parts.append(wrapped.format(textwrap.indent("".join(lines), " " * depth)))
    return "\n".join(parts).replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@settings(max_examples=40)
@given(source=sources())
def test_a_migration_ends_and_stays_python(source: str) -> None:
    migrated = migrate_source(source)
    ast.parse(migrated.code)
    again = migrate_source(migrated.code)
    assert again.code == migrated.code
    assert ("\r\n" in migrated.code) == ("\r\n" in source)
    assert migrated.code.count("\r\n") in {0, migrated.code.count("\n")}


@settings(max_examples=25)
@given(order=st.permutations(range(len(OLD))))
def test_programs_of_one_version_do_not_disturb_each_other(order: list[int]) -> None:
    """Names are bound again and again; each use has the last one before it."""
    chosen = [OLD[number] for number in order[:4] if "def " not in OLD[number].before]
    source = "".join(sample.before for sample in chosen)
    calls = "".join(sample.after for sample in chosen)
    migrated = migrate_source(source).code

    def statements(code: str) -> list[str]:
        module = cst.parse_module(code)
        return [
            module.code_for_node(each).strip() for each in module.body if "import" not in module.code_for_node(each)
        ]

    assert statements(migrated) == statements(calls)


@given(lines=st.lists(st.sampled_from(LINES), max_size=12))
def test_any_lines_are_survived(lines: list[str]) -> None:
    source = "".join(lines)
    migrated = migrate_source(source)
    if migrated.changed:
        ast.parse(migrated.code)
    else:
        assert migrated.code == source


def test_there_are_programs_of_both_versions() -> None:
    assert OLD
    assert NEW
