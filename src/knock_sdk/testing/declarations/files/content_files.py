"""Files of layouts, partials, translations and audiences, as pulled by Knock's CLI."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ....workflows._files import read_json
from . import knock_files

if TYPE_CHECKING:
    from os import PathLike

Kind = Literal["audiences", "layouts", "partials", "translations"]


class LoadedContent(NamedTuple):
    """A layout, a partial, an audience, or the translations of a locale and a namespace."""

    file: Path
    kind: Kind
    key: str
    """The key of a layout, partial or audience, or the locale."""
    namespace: str
    """The namespace of translations."""
    content: Any

    @property
    def path(self) -> str:
        """The path in the folder of all."""
        return f"{self.kind}/{self.key}" if not self.namespace else f"{self.kind}/{self.namespace}.{self.key}"


def load(path: str | PathLike[str]) -> list[LoadedContent]:
    """Read the files in the folders `layouts`, `partials`, `translations` and `audiences` of a folder.

    Raises:
        ValueError: A file is malformed.
        OSError: A file cannot be read.
    """
    root = Path(path)
    kinds: tuple[tuple[Kind, str], ...] = (
        ("layouts", "layout.json"),
        ("partials", "partial.json"),
        ("audiences", "audience.json"),
    )
    found = [
        LoadedContent(file, kind, file.parent.name, "", knock_files.read(file))
        for kind, name in kinds
        for file in sorted(root.glob(f"{kind}/*/{name}"))
    ]
    for file in sorted(root.glob("translations/*/*")):
        if file.suffix in {".json", ".po"}:
            locale = file.parent.name
            # The name is that of the locale, perhaps behind that of a namespace.
            namespace = file.stem.removesuffix(locale).removesuffix(".")
            content = read_json(file) if file.suffix == ".json" else _read_po(file)
            found.append(LoadedContent(file, "translations", locale, namespace, content))
    return found


def _read_po(file: Path) -> dict[str, Any]:
    """Return the texts in a gettext file by their ids; those with a plural as an object with `one` and `other`."""
    try:
        from babel.messages.pofile import read_po
    except ImportError as error:
        raise ImportError("files of gettext need babel: pip install 'knock-sdk[simulator]'") from error
    with file.open("rb") as opened:
        try:
            catalog = read_po(opened, abort_invalid=True)
        except Exception as error:  # noqa: BLE001 (babel has errors of many kinds for it)
            raise ValueError(f"{file}: is no file of gettext: {error}") from None
    texts: dict[str, Any] = {}
    for message in catalog:
        key: Any = message.id
        translated: Any = message.string
        if not isinstance(key, str):
            texts[key[0]] = dict(zip(("one", "other"), translated, strict=False))
        elif key and translated:
            texts[key] = translated
    return texts
