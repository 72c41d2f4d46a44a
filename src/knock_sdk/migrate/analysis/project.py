"""The files of a project, which import clients from each other."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from ..vendor.names import OURS, THEIRS
from .definitions import attribute_of_class, returned_by
from .inference import Inference, is_fixture
from .values import Class, Client, Data, Function, Instance, Member, Pending, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
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


class Project:
    """The files that use a client, found by what they import."""

    def __init__(self, sources: Iterable[Source]) -> None:
        """Prepare for files; those that use no client are not parsed."""
        self._sources = {source.path: source for source in sources}
        self._by_last: dict[str, list[Source]] = defaultdict(list)
        for source in self._sources.values():
            self._by_last[source.name[-1] if source.name else ""].append(source)
        self.modules: dict[Path, cst.Module] = {}
        self.files: dict[Path, Inference] = {}
        self.problems: dict[Path, str] = {}
        self.exported: dict[Path, set[str]] = defaultdict(set)
        """Names that other files import from a file."""

    def load(self) -> None:
        """Parse the files that use a client, and those that import from them something that does."""
        fresh = {path for path, source in self._sources.items() if _NAMES.search(source.text)}
        while fresh:
            parsed = {path for path in sorted(fresh) if self._parse(self._sources[path])}
            known = self._loaded_words(parsed)
            fresh = {
                path
                for path, source in self._sources.items()
                if path not in self.files and path not in self.problems and self._imports(source, known)
            }
            unrelated = {path for path in fresh if self._parse(self._sources[path]) and not self._carries(path)}
            for path in unrelated:
                del self.files[path], self.modules[path]
                self.problems[path] = ""  # looked at
            fresh -= unrelated
        self._collect_exports()

    def _loaded_words(self, paths: Iterable[Path]) -> set[str]:
        words: set[str] = set()
        for path in paths:
            source = self._sources[path]
            words.add(source.name[-1] if source.name else "")
            if path.name == "conftest.py":
                words |= {
                    name
                    for name, bindings in self.files[path].index.module.bindings.items()
                    if any(isinstance(each.node, cst.FunctionDef) and is_fixture(each.node) for each in bindings)
                }
        return words - {""}

    def _imports(self, source: Source, known: set[str]) -> bool:
        if any(known & set(_WORD.findall(line)) for line in _IMPORT.findall(source.text)):
            return True
        fixtures = known - self._by_last.keys()
        return source.path.name.startswith(("test_", "conftest")) and any(
            re.search(rf"\b{re.escape(name)}\b", source.text) for name in fixtures
        )

    def _parse(self, source: Source) -> bool:
        if source.path in self.files:
            return True
        try:
            module = cst.parse_module(source.text)
            package = source.name if source.is_package else source.name[:-1]
            file = Inference(
                module,
                package,
                lambda path: self._resolve(path, source),
                lambda name: self._fixture(name, source),
            )
        except cst.ParserSyntaxError as error:
            self.problems[source.path] = f"cannot be parsed: line {error.raw_line}: {error.message.partition(chr(10))[0]}"
            return False
        except RecursionError:
            self.problems[source.path] = "cannot be parsed: it is nested too deeply"
            return False
        self.modules[source.path] = module
        self.files[source.path] = file
        return True

    def _carries(self, path: Path) -> bool:
        """Return whether anything in a file is a client, or comes from one."""
        file = self.files[path]
        return any(carries(file.value(node)) for node in file.index.nodes if isinstance(node, cst.Name | cst.Attribute))

    def _resolve(self, path: str, importer: Source) -> Value:
        parts = path.split(".")
        relative = parts[0] == ""
        parts = [part for part in parts if part]
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
        candidates = [
            each for each in self._by_last.get(name[-1], ()) if each.name[len(each.name) - len(name) :] == name
        ]
        exact = [each for each in candidates if each.name == name]
        if relative or len(exact) == 1:
            return exact[0] if len(exact) == 1 else None
        beside = [each for each in candidates if each.name[: -len(name)] == importer.name[:-1]]
        for group in (beside, candidates):
            if len(group) == 1:
                return group[0]
        return None

    def _fixture(self, name: str, importer: Source) -> Value:
        """Return what a fixture of a `conftest.py` in the folders above returns."""
        for folder in importer.path.parents:
            file = self.files.get(folder / "conftest.py")
            if file is None or importer.path == folder / "conftest.py":
                continue
            value = file.exported(name)
            if isinstance(value, Function) and is_fixture(value.node):
                return returned_by(value)
        return None

    def _collect_exports(self) -> None:
        for path, file in self.files.items():
            source = self._sources[path]
            for bound in file.index.imported.values():
                for binding in bound.values():
                    parts = [part for part in binding.target.split(".") if part]
                    if len(parts) < 2 or parts[0] in {THEIRS, OURS}:
                        continue
                    found = self._module(tuple(parts[:-1]), source, relative=binding.target.startswith("."))
                    if found is not None:
                        self.exported[found.path].add(parts[-1])


def carries(value: Value, depth: int = 0) -> bool:
    """Return whether a value is a client, or leads to one."""
    if isinstance(value, Client | Member | Data):
        return True
    if isinstance(value, Symbol):
        return value.path.partition(".")[0] in {THEIRS, OURS}
    if isinstance(value, Pending):
        return carries(value.result, depth)
    if isinstance(value, Function):
        return carries(returned_by(value), depth)
    if isinstance(value, Class | Instance) and depth < 2:
        cls = value.of if isinstance(value, Instance) else value
        names: Mapping[str, object] = {**cls.scope.bindings, **cls.scope.attributes}
        return any(carries(attribute_of_class(Instance(cls), name), depth + 1) for name in names)
    return False
