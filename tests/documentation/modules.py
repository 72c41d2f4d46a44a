"""Programs as modules for a type checker, with each line where it is in its page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tests.support.samples import files_of, page_mark, pages, programs_of, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.samples import Program


class Module(NamedTuple):
    """A module, made of samples of one page."""

    name: str
    page: str
    text: str


def modules() -> Iterator[Module]:
    """Yield the modules of all pages."""
    for page in pages():
        if page_mark(page) == "files":
            yield from _of_files(page)
        for program in programs_of(page):
            if (checked := typed(program)) is not None:
                yield _of_program(checked)


def _of_program(program: Program) -> Module:
    """Return the module of a program; an asynchronous one is the body of a function."""
    margin, lines = "", [""] * (program.samples[0].line - 1)
    if program.is_async:
        margin, lines[-1] = "    ", "async def program() -> None:"  # where the page has the fence
    for sample in program.samples:
        lines += [""] * (sample.line - 1 - len(lines))
        lines += [f"{margin}{line}" if line else "" for line in sample.code.splitlines()]
    return Module(_name(str(program)), program.page, "\n".join(lines) + "\n")


def _of_files(page: str) -> Iterator[Module]:
    """Yield the files that a page shows; those of a section may import one another."""
    for section, files in files_of(page).items():
        package = _name(f"{page} {section}")
        names = "|".join(name.removesuffix(".py") for name in files)
        for name, sample in files.items():
            # Sections have files of the same names, which must be told apart.
            code = re.sub(rf"^(from|import) ({names})\b", rf"\1 {package}_\2", sample.code, flags=re.MULTILINE)
            text = "\n" * (sample.line - 1) + code
            yield Module(f"{package}_{name.removesuffix('.py')}", page, text)


def _name(text: str) -> str:
    return re.sub(r"\W+", "_", text)
