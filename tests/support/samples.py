"""Code samples of pages and docstrings: found, joined to programs, run on a simulator.

A sample is a fenced block of Python. The samples of a page are one program: they run in order and share their names.
Those in tabs named `Sync` and `Async` make two programs, to both of which samples outside of tabs belong. Samples of
an asynchronous program may await. Comments before a sample, or before the tabs around it, change that:

    <!-- sample: alone -->                  a program of its own
    <!-- sample: not run: the reason -->    only type checked
    <!-- sample: not typed: the reason -->  only run
    <!-- sample: passage of FILE -->        neither: it is text of a file of the repository, which has tests

and comments at the top of a page concern all of its samples:

    <!-- samples: alone -->                  each is a program of its own
    <!-- samples: alone after the first -->  the same, after the first sample of the page (or of the tab)
    <!-- samples: files -->                  each is a file, named in its first line; they have tests of their own

A fence of the language `pyi` holds a signature, which is no sample.
"""

from __future__ import annotations

import ast
import inspect
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from .paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import CodeType

_FENCE = re.compile(r"(?P<indent> *)(?P<ticks>`{3,})(?P<language>\w*)")
_TAB = re.compile(r'(?P<indent> *)=== "(?P<label>.+)"$')
_MARK = re.compile(r" *<!-- (?P<whose>samples?): (?P<mark>[a-z ]+?)(?: of (?P<file>\S+)|: (?P<reason>.+?))? -->$")

_FILE = re.compile(r"# (\w+\.py)\n")

MARKS = {"alone", "not run", "not typed", "passage"}
PAGE_MARKS = {"alone", "alone after the first", "files"}
SIDES = ("Sync", "Async")
"""Labels of the tabs that make two programs."""


class Sample(NamedTuple):
    """A block of Python code in a page or a docstring."""

    page: str
    """Path of the file, from the root of the repository."""
    line: int
    """Number of the line of the file on which the code begins."""
    code: str
    tab: str = ""
    """Label of the tab around it."""
    marks: Mapping[str, str] = {}
    """What comments say of it, with the reasons."""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    def __hash__(self) -> int:
        return hash(str(self))


class Program(NamedTuple):
    """Samples that run one after another, with names in common."""

    samples: tuple[Sample, ...]
    side: str
    """Label of the tabs that it is of; empty if its page has none."""

    @property
    def page(self) -> str:
        """Path of the page."""
        return self.samples[0].page

    @property
    def is_async(self) -> bool:
        """Whether a sample awaits outside of a function."""
        return any(compiled(sample).co_flags & inspect.CO_COROUTINE for sample in self.samples)

    def __str__(self) -> str:
        last = self.samples[-1]
        return " ".join(filter(None, [str(last) if len(self.samples) <= 2 else self.page, self.side]))


@cache
def read(page: str) -> str:
    """Return the text of a page, given by its path from the root."""
    return (ROOT / page).read_text(encoding="utf-8")


@cache
def samples_of(page: str) -> tuple[Sample, ...]:
    """Return the samples of a page in Markdown, or of the docstrings of a module."""
    if page.endswith(".py"):
        return tuple(_in_docstrings(page))
    return tuple(_in_markdown(page, read(page)))


@cache
def page_mark(page: str) -> str:
    """Return what a comment at the top says of all samples of a page; empty if there is none."""
    if page.endswith(".py"):
        return "alone"
    found = {mark["mark"] for mark in map(_MARK.match, read(page).splitlines()) if mark and mark["whose"] == "samples"}
    assert found <= PAGE_MARKS, f"{page}: there is no mark {found - PAGE_MARKS}"
    assert len(found) <= 1, f"{page}: has two marks for all of its samples"
    return "".join(found)


def pages() -> list[str]:
    """Return the pages with prose, and the modules whose docstrings have samples."""
    documents = [path for pattern in ("*.md", "docs/**/*.md") for path in ROOT.glob(pattern)]
    modules = (path for path in (ROOT / "src").rglob("*.py") if "```python" in path.read_text(encoding="utf-8"))
    return sorted(path.relative_to(ROOT).as_posix() for path in [*documents, *modules])


def programs_of(page: str) -> list[Program]:
    """Return the programs of a page; samples that are passages or files belong to none."""
    if page_mark(page) == "files":
        return []
    samples = [sample for sample in samples_of(page) if "passage" not in sample.marks]
    sides = SIDES if any(sample.tab in SIDES for sample in samples) else ("",)
    found = []
    for side in sides:
        own = [sample for sample in samples if not side or sample.tab == side or sample.tab not in SIDES]
        first = own[:1] if page_mark(page) == "alone after the first" else []
        apart = [sample for sample in own[len(first) :] if page_mark(page) or "alone" in sample.marks]
        together = tuple(sample for sample in own if sample not in apart)
        found += [Program(together, side)] if together else []
        # One that is in no tab is the same on both sides.
        found += [Program((*first, sample), side) for sample in apart if sample.tab or side == sides[0]]
    return found


def files_of(page: str) -> dict[str, dict[str, Sample]]:
    """Return the files that a page shows, by the heading of their section and by their name."""
    headings = [(number, line[3:]) for number, line in enumerate(read(page).splitlines(), 1) if line.startswith("## ")]
    found: dict[str, dict[str, Sample]] = {title: {} for _, title in headings}
    for sample in samples_of(page):
        named = _FILE.match(sample.code)
        assert named is not None, f"{sample}: the first line does not name a file"
        found[max((number, title) for number, title in headings if number < sample.line)[1]][named[1]] = sample
    return {title: files for title, files in found.items() if files}


def runnable(program: Program) -> Program | None:
    """Return a program without the samples that are not run; None if nothing is left."""
    return _without(program, "not run")


def typed(program: Program) -> Program | None:
    """Return a program without the samples that are not type checked; None if nothing is left."""
    return _without(program, "not typed")


def _without(program: Program, mark: str) -> Program | None:
    kept = tuple(sample for sample in program.samples if mark not in sample.marks)
    return Program(kept, program.side) if kept else None


def compiled(sample: Sample) -> CodeType:
    """Compile a sample; its lines have the numbers that they have in the page."""
    code = "\n" * (sample.line - 1) + sample.code
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    return compile(code, str(ROOT / sample.page), "exec", flags=flags, dont_inherit=True)


def _in_markdown(page: str, text: str) -> Iterator[Sample]:
    lines = text.splitlines()
    tab, width, tab_marks, marks = "", 0, {}, {}
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if not line.strip():
            continue
        opened = _TAB.match(line)
        if tab and len(line) - len(line.lstrip()) < width:
            # A tab that follows is of the same set, and what was said before the set concerns it too.
            tab, tab_marks = "", tab_marks if opened else {}
        if (mark := _MARK.match(line)) is not None and mark["whose"] == "sample":
            assert mark["mark"] in MARKS, f"{page}:{number}: there is no mark {mark['mark']!r}"
            marks = {**marks, mark["mark"]: mark["file"] or mark["reason"] or ""}
            continue
        if opened is not None:
            tab, width = opened["label"], len(opened["indent"]) + 4
            tab_marks, marks = marks or tab_marks, {}
            continue
        if (fence := _FENCE.match(line)) is not None:
            end = next(index for index in range(number, len(lines)) if lines[index].strip() == fence["ticks"])
            if fence["language"] == "python":
                width = len(fence["indent"])
                code = "".join(f"{line[width:]}\n" for line in lines[number:end])
                yield Sample(page, number + 1, code, tab, {**tab_marks, **marks})
            number = end + 1
        marks = {}


def _in_docstrings(page: str) -> Iterator[Sample]:
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(read(page))):
        if isinstance(node, holders) and (text := ast.get_docstring(node)):
            first = node.body[0].lineno
            for sample in _in_markdown(page, text):
                yield sample._replace(line=sample.line + first - 1)
