"""Files of Python source: found, read with their encoding, and written back whole."""

from __future__ import annotations

import io
import os
import shutil
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ENDINGS = (".py", ".pyi", ".pyw", ".ipynb")
_SKIPPED = {"node_modules", "site-packages", "__pycache__", "__pypackages__"}


class Text(NamedTuple):
    """The content of a file."""

    text: str
    encoding: str


class UnreadableError(Exception):
    """The content of a file is no source that Python reads."""


def find_files(paths: Iterable[str | os.PathLike[str]]) -> Iterator[tuple[Path, Path]]:
    """Yield each file of Python source once, with the folder that it was found in.

    Hidden folders, virtual environments, `node_modules` and links to folders are left out; a file that is named is not.

    Raises:
        FileNotFoundError: A path does not exist.
        ValueError: A file that is named is no Python source.
    """
    seen: set[Path] = set()
    for given in paths:
        root = Path(given)
        if not root.exists():
            raise FileNotFoundError(f"{root}: does not exist")
        if not root.is_dir() and root.suffix not in _ENDINGS:
            raise ValueError(f"{root}: is no Python source; name files that end in {', '.join(_ENDINGS)}, or folders")
        for file in sorted(_walk(root, _ENDINGS)) if root.is_dir() else [root]:
            target = file.resolve()
            if target not in seen:
                seen.add(target)
                yield file, root if root.is_dir() else root.parent


def find_named(folder: Path, patterns: tuple[str, ...]) -> list[Path]:
    """Return the files of a folder whose names match, in the same folders as those of source."""
    return sorted(file for file in _walk(folder, ("",)) if any(file.match(pattern) for pattern in patterns))


def _walk(root: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = [
            name
            for name in folders
            if name not in _SKIPPED and not name.startswith(".") and not (Path(folder) / name / "pyvenv.cfg").exists()
        ]
        for name in files:
            file = Path(folder) / name
            if name.endswith(endings) and file.is_file():
                yield file


def decode(content: bytes) -> Text:
    """Return a source as text, by its byte order mark or its comment.

    Raises:
        UnreadableError: It has another encoding than it says.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return Text(content.decode(encoding), encoding)
    except (SyntaxError, UnicodeDecodeError) as error:
        raise UnreadableError(f"cannot be decoded: {error}") from None


def replace_file(file: Path, content: bytes) -> None:
    """Write a file whole or not at all, also where a link leads; its mode stays."""
    target = file.resolve()
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with beside.open("xb") as opened:
            opened.write(content)
        shutil.copymode(target, beside)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
