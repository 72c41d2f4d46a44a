"""The files of a project, which import clients from each other."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from .._vendor.names import OURS, THEIRS
from .definitions import attribute_of_class, handed_out, is_fixture
from .inference import Inference, Surroundings, read
from .values import Class, Client, Data, Function, Instance, Member, Pending, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_IMPORT = re.compile(r"^\s*(?:from|import)\s(.*)$", re.MULTILINE)
_WORD = re.compile(r"\w+")
_NAMES = re.compile(rf"\b(?:{THEIRS}|{OURS})\b")


class Source(NamedTuple):
    """A file of a project."""

    path: Path
    name: tuple[str, ...]
    """The parts of the module's name, from the folder that was given."""
    text: str
    is_package: bool

    @property
    def last_name(self) -> str:
        """The last part of the module's name."""
        return self.name[-1] if self.name else ""


class Project:
    """The files that use a client, found by what they import."""

    def __init__(self, sources: Iterable[Source]) -> None:
        """Parse the files that use a client, and those that import from them something that does."""
        self.files: dict[Path, Inference] = {}
        self.problems: dict[Path, tuple[int, str]] = {}
        """The files that cannot be parsed: the line, and why."""
        self.exported: dict[Path, set[str]] = defaultdict(set)
        """Names that other files import from a file."""
        self._sources = {source.path: source for source in sources}
        self._unrelated: set[Path] = set()
        self._by_last_name: dict[str, list[Source]] = defaultdict(list)
        for source in self._sources.values():
            self._by_last_name[source.last_name].append(source)
        self._load()
        self._collect_exports()

    def _load(self) -> None:
        fresh = [source for source in self._sources.values() if _NAMES.search(source.text)]
        for source in fresh:
            self._parse(source)
        while fresh := self._importing(fresh):
            for source in fresh:
                self._parse(source)
            for source in fresh:
                if source.path in self.files and not self._carries(source):
                    del self.files[source.path]
                    self._unrelated.add(source.path)
            fresh = [source for source in fresh if source.path in self.files]

    def _importing(self, sources: list[Source]) -> list[Source]:
        """Return the files, not looked at before, that seem to import from others, or to use their fixtures."""
        modules = {source.last_name for source in sources} - {""}
        fixtures = {name for source in sources for name in self._fixtures_of(source)}
        looked_at = self.files.keys() | self.problems.keys() | self._unrelated
        return [
            source
            for path, source in self._sources.items()
            if path not in looked_at
            and (
                any(modules & set(_WORD.findall(line)) for line in _IMPORT.findall(source.text))
                or (path.name.startswith(("test_", "conftest")) and not fixtures.isdisjoint(_WORD.findall(source.text)))
            )
        ]

    def _fixtures_of(self, source: Source) -> list[str]:
        file = self.files.get(source.path)
        if file is None or source.path.name != "conftest.py":
            return []
        return [name for name in file.index.module.bindings if _is_fixture(file.exported(name))]

    def _parse(self, source: Source) -> None:
        project = Surroundings(
            source.name if source.is_package else source.name[:-1],
            partial(self._resolve, importer=source),
            partial(self._fixture, importer=source),
            partial(self._is_shared, importer=source),
        )
        file = read(source.text, project)
        if isinstance(file, Inference):
            self.files[source.path] = file
        else:
            self.problems[source.path] = file

    def _carries(self, source: Source) -> bool:
        """Return whether anything in a file is a client, or comes from one."""
        file = self.files[source.path]
        imported = (binding for bound in file.index.imported.values() for binding in bound.values())
        return any(_carries(file.bound(binding)) for binding in imported) or any(
            _carries(file.value(node)) for node in file.index.nodes if isinstance(node, cst.Name | cst.Attribute)
        )

    def _resolve(self, path: str, importer: Source) -> Value:
        """Return what an import names: the longest beginning that is a module of the project has it."""
        relative = path.startswith(".")
        parts = [part for part in path.split(".") if part]
        for length in range(len(parts) - 1, 0, -1):
            found = self._module(tuple(parts[:length]), importer, relative=relative)
            if found is None:
                continue
            file = self.files.get(found.path)
            if file is None or found.path == importer.path:
                return None
            value = file.exported(parts[length])
            for name in parts[length + 1 :]:
                value = file.attribute(value, name)
            return value
        return None

    def _module(self, name: tuple[str, ...], importer: Source, *, relative: bool) -> Source | None:
        """Return the file of a module; None if there is none, or more than one."""
        found = [each for each in self._by_last_name.get(name[-1], ()) if each.name[-len(name) :] == name]
        exact = [each for each in found if each.name == name]
        beside = [each for each in found if each.name[: -len(name)] == importer.name[:-1]]
        groups = [exact] if relative else [exact, beside, found]
        return next((group[0] for group in groups if len(group) == 1), None)

    def _fixture(self, name: str, importer: Source) -> Value:
        """Return what a fixture of a `conftest.py` in the folders above returns."""
        for folder in importer.path.parents:
            path = folder / "conftest.py"
            if path in self.files and path != importer.path:
                value = self.files[path].exported(name)
                if isinstance(value, Function) and _is_fixture(value):
                    return handed_out(value)
        return None

    def _is_shared(self, name: str, importer: Source) -> bool:
        """Return whether any other file has the name."""
        word = re.compile(rf"\b{re.escape(name)}\b")
        return any(word.search(each.text) for each in self._sources.values() if each is not importer)

    def _collect_exports(self) -> None:
        for path, file in self.files.items():
            bindings = [binding for bound in file.index.imported.values() for binding in bound.values()]
            for binding in bindings:
                parts = [part for part in binding.target.split(".") if part]
                if len(parts) < 2 or parts[0] in {THEIRS, OURS}:
                    continue
                relative = binding.target.startswith(".")
                found = self._module(tuple(parts[:-1]), self._sources[path], relative=relative)
                if found is not None:
                    self.exported[found.path].add(parts[-1])


def _is_fixture(value: Value) -> bool:
    return isinstance(value, Function) and is_fixture(value.node)


def _carries(value: Value, depth: int = 0) -> bool:
    """Return whether a value is a client, or leads to one."""
    if isinstance(value, Symbol):
        return value.path.partition(".")[0] in {THEIRS, OURS}
    if isinstance(value, Pending):
        return _carries(value.result, depth)
    if isinstance(value, Function):
        return _carries(handed_out(value), depth)
    if isinstance(value, Class | Instance) and depth < 2:
        cls = value.of if isinstance(value, Instance) else value
        names = {*cls.scope.bindings, *cls.scope.attributes}
        return any(_carries(attribute_of_class(Instance(cls), name), depth + 1) for name in names)
    return isinstance(value, Client | Member | Data)
