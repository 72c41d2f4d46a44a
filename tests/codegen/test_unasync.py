"""Derivation of the client's sync half from its async half: every kind of rule, and sources that are rejected."""

from __future__ import annotations

import ast
import tokenize
from typing import TYPE_CHECKING

import pytest

from codegen.unasync import CLIENT, TREES, Exchange, Rules, Tree, UnasyncError, by_hand_problems, derive
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NO_RULES = Rules(names={}, imports={}, phrases={})


def write(folder: Path, modules: Mapping[str, str]) -> None:
    for name, source in modules.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(source, encoding="utf-8")


def derive_module(
    root: Path,
    source: str,
    *,
    rules: Rules = NO_RULES,
    name: str = "module.py",
    by_hand: frozenset[str] = frozenset(),
) -> str:
    """Derive a tree of one module; return the derived source with its header."""
    write(root / "half/_async", {name: source})
    derive(Tree("half/_async", "half/_sync", by_hand, rules), root, root / "out")
    return (root / "out" / name).read_text(encoding="utf-8")


def find_problems(root: Path, source: str, *, rules: Rules = NO_RULES, name: str = "module.py") -> list[str]:
    """Return the reasons why a tree of one module cannot be derived."""
    with pytest.raises(UnasyncError) as caught:
        derive_module(root, source, rules=rules, name=name)
    return caught.value.problems


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("async def f():\n    return await g(await h())\n", "def f():\n    return g(h())\n"),
        ("async def f():\n    async with a as b:\n        pass\n", "def f():\n    with a as b:\n        pass\n"),
        ("async def f():\n    async for a in b:\n        g(a)\n", "def f():\n    for a in b:\n        g(a)\n"),
        ("async def f():\n    return {a: 1 async for a in b}\n", "def f():\n    return {a: 1 for a in b}\n"),
        ("async def f():\n    return [a async for a in b]\n", "def f():\n    return list(b)\n"),
        ("async def f(b):\n    for a in b:\n        yield a\n", "def f(b):\n    yield from b\n"),
        (
            "async def f():\n    g(\n        await h(),  # why\n    )\n",
            "def f():\n    g(\n        h(),  # why\n    )\n",
        ),
        ("async def f():\n    return await (\n        g\n    )\n", "def f():\n    return g\n"),
        ('async def f():\n    g(f"a {await h()!r} {{}} b")\n', 'def f():\n    g(f"a {h()!r} {{}} b")\n'),
    ],
)
def test_keywords_are_removed(tmp_path: Path, source: str, expected: str) -> None:
    assert derive_module(tmp_path, source).split("\n", 1)[1] == expected


def test_the_header_names_the_source(tmp_path: Path) -> None:
    result = derive_module(tmp_path, '"""One."""\n', name="inner/module.py")
    assert result == (
        "# Derived from half/_async/inner/module.py by `python -m codegen`; do not edit.\n" + '"""One."""\n'
    )


def test_names_are_exchanged_as_whole_words_in_code_and_text(tmp_path: Path) -> None:
    rules = Rules(names={"aclose": "close", "AsyncIterator": "Iterator"}, imports={}, phrases={})
    source = '''"""Call `aclose`, not `_aclose` or `acloses`."""

from collections.abc import AsyncIterator, Iterator  # AsyncIterator or Iterator


def f(x: "AsyncIterator[int]", y: Iterator[int]) -> None:
    """Run `x.aclose()`."""
    x.aclose(x._aclose, "aclose")
'''
    assert (
        derive_module(tmp_path, source, rules=rules).split("\n", 1)[1]
        == '''"""Call `close`, not `_aclose` or `acloses`."""

from collections.abc import Iterator  # Iterator or Iterator


def f(x: "Iterator[int]", y: Iterator[int]) -> None:
    """Run `x.close()`."""
    x.close(x._aclose, "close")
'''
    )


def test_classes_of_the_tree_lose_their_prefix_in_every_module(tmp_path: Path) -> None:
    write(tmp_path / "half/_async", {"other.py": "from .module import AsyncThing\n\nthing = AsyncThing()\n"})
    result = derive_module(tmp_path, 'class AsyncThing:\n    """An AsyncThing, or `Things`."""\n')
    assert 'class Thing:\n    """An Thing, or `Things`."""\n' in result
    assert (tmp_path / "out/other.py").read_text().endswith("from .module import Thing\n\nthing = Thing()\n")


def test_keywords_are_removed_from_examples(tmp_path: Path) -> None:
    source = '''class AsyncClient:
    """A client.

    ::

        async with AsyncClient() as client:  # opened
            async for item in await client.list():
                await client.send(item)
    """
'''
    assert (
        derive_module(tmp_path, source).split("\n", 1)[1]
        == '''class Client:
    """A client.

    ::

        with Client() as client:  # opened
            for item in client.list():
                client.send(item)
    """
'''
    )


def test_phrases_are_exchanged_across_line_breaks(tmp_path: Path) -> None:
    rules = Rules(names={}, imports={}, phrases={"for asyncio and trio": r"for \threads"})
    result = derive_module(tmp_path, '"""A client for asyncio\n\nand trio. """\n# for asyncio and trio\n', rules=rules)
    assert result.split("\n", 1)[1] == '"""A client for \\threads."""\n# for \\threads\n'


def test_import_lines_are_exchanged_and_sorted_again(tmp_path: Path) -> None:
    rules = Rules(
        names={"AsyncWalk": "Page"}, imports={"from .walk import AsyncWalk": "from .pages import Page"}, phrases={}
    )
    source = (
        "from .request import Request\nfrom .walk import AsyncWalk\n\n\ndef f(x: AsyncWalk, y: Request) -> None: ...\n"
    )
    assert derive_module(tmp_path, source, rules=rules).split("\n", 1)[1] == (
        "from .pages import Page\nfrom .request import Request\n\n\ndef f(x: Page, y: Request) -> None: ...\n"
    )


def test_layout_and_comments_are_preserved(tmp_path: Path) -> None:
    source = '''"""Ä module — with words outside ASCII."""

TABLE = {
    "ä": 1,  # the first
    "b": 2,
}


class AsyncThing:
    x = 1  # Ünder

    # Before the method.
    async def method(self) -> str:
        # Inside.
        return f"ä{await self.other()}é" + "ö"  # at the end
'''
    expected = source.replace("async ", "").replace("await ", "").replace("AsyncThing", "Thing")
    assert derive_module(tmp_path, source).split("\n", 1)[1] == expected


@pytest.mark.parametrize(
    ("rules", "named"),
    [
        (Rules(names={"aclose": "close"}, imports={}, phrases={}), "aclose"),
        (Rules(names={}, imports={"from a import b": "from b import c"}, phrases={}), "from a import b"),
        (Rules(names={}, imports={}, phrases={"two words": "one"}), "two words"),
    ],
)
def test_a_rule_that_applies_nowhere_is_an_error(tmp_path: Path, rules: Rules, named: str) -> None:
    assert find_problems(tmp_path, '"""Nothing to do."""\n', rules=rules) == [
        f"half/_async: the rule `{named}` applies nowhere"
    ]


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("from collections.abc import AsyncGenerator\n", "AsyncGenerator"),
        ("from contextlib import AbstractAsyncContextManager\n", "AbstractAsyncContextManager"),
        ("from contextlib import asynccontextmanager\n", "asynccontextmanager"),
        ("from collections.abc import Awaitable\n", "Awaitable"),
        ("def __aenter__(): ...\n", "__aenter__"),
        ("import anyio\n", "anyio"),
        ('"""Only for asyncio."""\n', "asyncio"),
        ("# It can be awaited.\n", "awaited"),
        ('"""Bound to an event loop."""\n', "event loop"),
    ],
)
def test_an_asynchronous_word_without_a_rule_is_an_error(tmp_path: Path, source: str, word: str) -> None:
    assert find_problems(tmp_path, source) == [f"half/_async/module.py: no rule for `{word}` in line 1"]


def test_a_file_that_is_not_python_is_an_error(tmp_path: Path) -> None:
    assert find_problems(tmp_path, "def f(:\n")[0].startswith("half/_async/module.py: not valid Python: ")
    assert (
        find_problems(tmp_path, "", name="notes.txt")[0] == "half/_async/notes.txt: only Python modules can be derived"
    )


ASYNC_PAIRS = """
import anyio
from anyio import Lock

LIMIT = 1

async def sleep(seconds): ...

class AsyncGate:
    async def aclose(self): ...
    def _private(self): ...
"""
SYNC_PAIRS = """
import time
from threading import Lock

LIMIT: int = 1

def sleep(seconds): ...

class Gate:
    def close(self): ...
"""
PAIRS = Tree("_async", "_sync", frozenset({"_pairs.py"}), Rules({"AsyncGate": "Gate", "aclose": "close"}, {}, {}))


def pair_problems(root: Path, ours: str, theirs: str) -> list[str]:
    write(root, {"_async/_pairs.py": ours, "_sync/_pairs.py": theirs})
    return list(by_hand_problems(PAIRS, root))


def test_modules_written_by_hand_are_not_derived(tmp_path: Path) -> None:
    write(tmp_path / "half/_async", {"_pairs.py": "import anyio\n"})
    derive_module(tmp_path, "x = 1\n", by_hand=frozenset({"_pairs.py"}))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["module.py"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("LIMIT", "LIMIT", None),
        ("from threading import Lock", "class Lock: ...", None),
        ("def sleep", "def _sleep", "_sync/_pairs.py: lacks sleep, which the other side defines"),
        ("def close", "def shut", "_async/_pairs.py: lacks Gate.shut, which the other side defines"),
        ("LIMIT: int = 1", "LIMIT = MORE = 1", "_async/_pairs.py: lacks MORE, which the other side defines"),
        ("def sleep", "def sleep(", "_sync/_pairs.py: not valid Python"),
    ],
)
def test_modules_written_by_hand_must_define_the_same_names(
    tmp_path: Path, old: str, new: str, problem: str | None
) -> None:
    problems = pair_problems(tmp_path, ASYNC_PAIRS, SYNC_PAIRS.replace(old, new))
    assert problem in problems[0] if problem else problems == []


def test_modules_written_by_hand_must_exist_on_both_sides(tmp_path: Path) -> None:
    write(tmp_path, {"_async/_pairs.py": ASYNC_PAIRS})
    assert list(by_hand_problems(PAIRS, tmp_path)) == ["_sync/_pairs.py: missing; it must be written by hand"]


@pytest.mark.parametrize("old", CLIENT.names)
def test_each_name_of_the_client_is_exchanged(old: str) -> None:
    exchange = Exchange(CLIENT, {})
    assert exchange.module(f"{old} = 1  # {old}\n") == f"{CLIENT.names[old]} = 1  # {CLIENT.names[old]}\n"
    assert old not in exchange.unused()


def test_the_sync_half_of_the_client_has_nothing_asynchronous(tmp_path: Path) -> None:
    for tree in TREES:
        derive(tree, ROOT, tmp_path / "once")
        derive(tree, ROOT, tmp_path / "again")
        assert list(by_hand_problems(tree, ROOT)) == []
    modules = sorted((tmp_path / "once").rglob("*.py"))
    assert len(modules) > 30
    for module in modules:
        with module.open("rb") as lines:
            words = {token.string for token in tokenize.tokenize(lines.readline)}
        assert words.isdisjoint({"async", "await", "anyio", "asyncio", "StopAsyncIteration"}), module.name
        ast.parse(module.read_text(encoding="utf-8"))
        assert module.read_bytes() == (tmp_path / "again" / module.relative_to(tmp_path / "once")).read_bytes()
