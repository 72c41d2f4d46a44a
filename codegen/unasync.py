"""Derivation of the sync client from the async one, token by token, so that comments and layout are preserved.

`async` and `await` are dropped, names are replaced by the tables below, and classes that the tree itself calls
`AsyncSomething` lose the prefix. Docstrings, comments and other strings change alike, so that examples stay true. A
rule that applies nowhere is an error, and so is an asynchronous word that is left over.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

from codegen.formatting import FIXES, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Rules:
    """Replacements besides the keywords and the tree's own `Async…` classes."""

    names: Mapping[str, str]
    """Whole words, in code and in text."""
    imports: Mapping[str, str]
    """Whole import lines, for names whose counterpart is defined in another module."""
    phrases: Mapping[str, str]
    """Words of docstrings, comments and other strings, wherever their lines break."""


@dataclass(frozen=True)
class Tree:
    """A folder that is derived from another."""

    source: str
    target: str
    by_hand: frozenset[str]
    """Modules that are written by hand on both sides."""
    rules: Rules


CLIENT = Rules(
    names={
        "__aenter__": "__enter__",
        "__aexit__": "__exit__",
        "__aiter__": "__iter__",
        "__anext__": "__next__",
        "AbstractAsyncContextManager": "AbstractContextManager",
        "AsyncClient": "Client",
        "AsyncFeedPaginator": "FeedPage",
        "AsyncPageContents": "PageContents",
        "AsyncIterator": "Iterator",
        "AsyncManyItems": "ManyItems",
        "AsyncPaginator": "Page",
        "MAX_CONNECTIONS_ASYNC": "MAX_CONNECTIONS_SYNC",
        "StopAsyncIteration": "StopIteration",
        "aclose": "close",
        "aiter_bytes": "iter_bytes",
        "aiter_raw": "iter_raw",
    },
    imports={
        "from .._paginate import AsyncFeedPaginator": "from ..pages import FeedPage",
        "from .._paginate import AsyncPaginator": "from ..pages import Page",
        "from ._paginate import AsyncFeedPaginator, AsyncPaginator": "from .pages import FeedPage, Page",
    },
    phrases={
        "The asynchronous client, written by hand; the synchronous one is derived from it.": "The synchronous client, "
        "derived from the asynchronous one.",
        "The asynchronous client.": "The synchronous client.",
        "the Knock API, for asyncio and trio": "the Knock API",
        "end the call. It may be asynchronous, and so may the next three.": "end the call. Asynchronous functions are "
        "rejected.",
        "by many tasks at once, by several event loops one after another, and after": "by many threads at once, and "
        "after",
        "one process and event loop": "one process",
        "safe for threads, after `fork`, and over several event loops one after another": "safe for threads and after "
        "`fork`",
        "connections of a dead event loop or of a parent process": "connections of a parent process",
        "in whatever loop or process this runs": "in whatever process this runs",
    },
)
EXPORT = Rules(
    names={
        "AsyncKnock": "Knock",
        "AsyncPage": "Page",
        "AsyncTransport": "Transport",
        **{f"{name}_async": name for name in ("messages", "objects", "tenants", "users")},
    },
    imports={
        "from ..._async.client import AsyncKnock": "from ..._sync.client import Knock",
        "from ..._async.pages import AsyncPage": "from ..._sync.pages import Page",
        "from ..._async.transport import AsyncTransport": "from ..._sync.transport import Transport",
    },
    phrases={
        "with the asynchronous client, written by hand; the synchronous ones are derived from them.": "with the "
        "synchronous client, derived from those with the asynchronous one.",
    },
)
TREES = (
    Tree(
        "src/knock_sdk/_async",
        "src/knock_sdk/_sync",
        by_hand=frozenset(
            {
                *("_concurrency.py", "_hooks.py", "_threads.py", "_paginate.py", "_iteration.py", "engines/watched.py"),
                *("bulk/source.py", "bulk/workers.py"),
            }
        ),
        rules=CLIENT,
    ),
    Tree(
        "src/knock_sdk/export/_async",
        "src/knock_sdk/export/_sync",
        by_hand=frozenset({"threads.py"}),
        rules=EXPORT,
    ),
)

SHORTER = ("C416", "UP028", "RUF022")
"""Lint rules whose fixes write `list(…)` and `yield from …` for loops that only the async side needs, and sort
`__all__`.
"""

_KEYWORDS = {"async", "await"}
_KEYWORDS_IN_TEXT = re.compile(r"\basync\s+(?=(?:def|for|with)\b)|\bawait\s+(?=[\w(])")
_LEFT_OVER = re.compile(
    r"\b(?:\w*Async[A-Z]\w*|Awaitable|Coroutine|__a(?:enter|exit|iter|next|wait)__"
    r"|async|asynccontextmanager|await\w*|anyio|asyncio|trio|event loops?)\b"
)
_TEXT = {tokenize.COMMENT, tokenize.STRING} | {
    # From 3.12 on an f-string is several tokens; before, it is one string.
    getattr(tokenize, name)
    for name in ("FSTRING_MIDDLE", "TSTRING_MIDDLE")
    if hasattr(tokenize, name)
}
_LAYOUT = {tokenize.INDENT, tokenize.DEDENT, tokenize.NEWLINE, tokenize.NL, tokenize.ENDMARKER}


class UnasyncError(Exception):
    """A tree cannot be derived; `problems` has a line for each reason."""

    def __init__(self, problems: list[str]) -> None:
        """Store the lines."""
        super().__init__("\n".join(problems))
        self.problems = problems


def derive(tree: Tree, root: Path, target: Path) -> None:
    """Derive a tree of `root` into a folder, without modules that are written by hand."""
    source = root / tree.source
    found = [path for path in sorted(source.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    modules = {path.relative_to(source): path.read_text(encoding="utf-8") for path in found if path.suffix == ".py"}
    derived = {path: text for path, text in modules.items() if path.as_posix() not in tree.by_hand}
    problems = [
        f"{path.relative_to(root)}: only Python modules can be derived" for path in found if path.suffix != ".py"
    ]
    problems += [
        f"{tree.source}/{path.as_posix()}: {problem}"
        for path, text in modules.items()
        for problem in _check_syntax(text)
    ]
    if problems:
        raise UnasyncError(problems)
    exchange = Exchange(tree.rules, {name: name.removeprefix("Async") for name in _async_classes(derived.values())})
    for path, text in derived.items():
        shown = f"{tree.source}/{path.as_posix()}"
        result = exchange.module(text)
        problems += [f"{shown}: {problem}" for problem in _find_left_over(result)]
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        header = f"# Derived from {shown} by `python -m codegen`; do not edit.\n"
        (target / path).write_text(header + result, encoding="utf-8")
    problems += [f"{tree.source}: the rule `{rule}` applies nowhere" for rule in exchange.unused()]
    if problems:
        raise UnasyncError(problems)
    tidy(*(target / path for path in derived), fixes=(*FIXES, *SHORTER))


def by_hand_problems(tree: Tree, root: Path) -> Iterator[str]:
    """Yield the problems of modules written by hand: each must exist on both sides and offer the same names."""
    for name in sorted(tree.by_hand):
        sides: list[_Module] = []
        for shown in (f"{tree.source}/{name}", f"{tree.target}/{name}"):
            if not (root / shown).is_file():
                yield f"{shown}: missing; it must be written by hand"
            elif problems := list(_check_syntax(source := (root / shown).read_text(encoding="utf-8"))):
                yield from (f"{shown}: {problem}" for problem in problems)
            else:
                sides.append(_Module(shown, source, tree.rules.names))
        for side, other in permutations(sides, 2):
            if lacking := sorted(other.not_in(side)):
                yield f"{side.shown}: lacks {', '.join(lacking)}, which the other side defines"


class Exchange:
    """Applies rules to the modules of one tree, and records which of them applied."""

    def __init__(self, rules: Rules, own: Mapping[str, str]) -> None:
        """Prepare the rules, and the names that the tree defines itself."""
        self._names = {**rules.names, **own}
        self._imports = rules.imports
        self._phrases = {
            old: (re.compile(r"\s+".join(map(re.escape, old.split()))), new) for old, new in rules.phrases.items()
        }
        self._words = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(self._names))) or '(?!)'})\b")
        self._unused = {*rules.names, *rules.imports, *rules.phrases}

    def unused(self) -> list[str]:
        """Return the rules that have not been applied so far."""
        return sorted(self._unused)

    def module(self, source: str) -> str:
        """Return the counterpart of a module."""
        source = "\n".join(map(self._import, source.split("\n")))
        starts = [0]
        for line in source.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        done, result, keyword_row = 0, "", 0
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type in _LAYOUT:
                continue
            start, end = (starts[row - 1] + column for row, column in (token.start, token.end))
            # The space after a keyword is dropped with it; a line break is not.
            result += "" if token.start[0] == keyword_row else source[done:start]
            keyword_row = 0
            if token.type == tokenize.NAME and token.string in _KEYWORDS:
                keyword_row = token.start[0]
            elif token.type == tokenize.NAME:
                result += self._name(token.string)
            elif token.type in _TEXT:
                result += self._text(source[start:end])
            else:
                result += source[start:end]
            done = end
        return result + source[done:]

    def _import(self, line: str) -> str:
        statement = line.strip()
        if statement not in self._imports:
            return line
        self._unused.discard(statement)
        return line.replace(statement, self._imports[statement])

    def _name(self, name: str) -> str:
        self._unused.discard(name)
        return self._names.get(name, name)

    def _text(self, text: str) -> str:
        for old, (pattern, new) in self._phrases.items():
            text, count = pattern.subn(new.replace("\\", r"\\"), text)
            if count:
                self._unused.discard(old)
        text = _KEYWORDS_IN_TEXT.sub("", text)
        return self._words.sub(lambda found: self._name(found[0]), text)


def _check_syntax(source: str) -> Iterator[str]:
    try:
        ast.parse(source)
    except SyntaxError as error:
        yield f"not valid Python: {error.msg} in line {error.lineno}"


def _find_left_over(source: str) -> Iterator[str]:
    """Yield a message for each word of a derived module that only the async side may have."""
    for number, line in enumerate(source.split("\n"), start=1):
        yield from (f"no rule for `{found[0]}` in line {number}" for found in _LEFT_OVER.finditer(line))


def _async_classes(sources: Iterable[str]) -> Iterator[str]:
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef) and node.name.startswith("Async"):
                yield node.name


class _Module:
    """The public names of a module, as on the sync side: those it defines, with their members, and those it imports."""

    def __init__(self, shown: str, source: str, renamed: Mapping[str, str]) -> None:
        self.shown = shown
        body = ast.parse(source).body
        imports = [node for node in body if isinstance(node, (ast.Import, ast.ImportFrom))]
        self.imported = {alias.asname or alias.name for node in imports for alias in node.names}
        self.defined: dict[str, set[str]] = {}
        for node in body:
            inside = node.body if isinstance(node, ast.ClassDef) else []
            members = {renamed.get(member, member) for statement in inside for member in _defines(statement)}
            self.defined |= {renamed.get(name, name): members for name in _defines(node)}

    def not_in(self, other: _Module) -> Iterator[str]:
        """Yield the names that this module defines and the other neither defines nor imports."""
        for name, members in self.defined.items():
            if name not in other.defined:
                yield from {name} - other.imported
            else:
                yield from (f"{name}.{member}" for member in members - other.defined[name])


def _defines(node: ast.stmt) -> list[str]:
    """Return the public names that a statement defines."""
    names: list[str] = []
    if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        names = [node.name]
    elif isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [target.id for target in targets if isinstance(target, ast.Name)]
    return [name for name in names if not name.startswith("_")]
