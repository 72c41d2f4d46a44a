"""MJML to HTML, by the library mjml-python; HTML between MJML's components is wrapped, as Knock does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from ..liquid.rendering import TemplateError
from .html_reader import HTMLReader

if TYPE_CHECKING:
    from collections.abc import Callable

_MISSING = "templates in MJML need mjml-python: pip install 'knock-sdk[simulator]'"

# Components whose content is HTML.
_ENDING = frozenset(
    [
        "mj-accordion-text",
        "mj-accordion-title",
        "mj-button",
        "mj-navbar-link",
        "mj-preview",
        "mj-raw",
        "mj-social-element",
        "mj-style",
        "mj-table",
        "mj-text",
        "mj-title",
    ]
)
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)


def to_html(source: str) -> str:
    """Convert an MJML document to HTML.

    Raises:
        TemplateError: It is not valid MJML.
        ImportError: The library is not installed.
    """
    compile_document = _load()
    try:
        return str(compile_document(wrap_html(source)))
    except Exception as error:
        raise TemplateError(f"is not valid MJML: {error}", "is_mjml") from error


def require() -> None:
    """Check that MJML can be compiled.

    Raises:
        ImportError: The library is not installed.
    """
    _load()


def _load() -> Callable[[str], object]:
    try:
        from mjml import mjml2html
    except ImportError as error:
        raise ImportError(_MISSING) from error
    compile_document: Callable[[str], object] = mjml2html
    return compile_document


def wrap_html(source: str) -> str:
    """Return MJML in which HTML that stands where components are expected is wrapped in `mj-raw`."""
    wrapper = _Wrapper()
    wrapper.feed(source)
    wrapper.close()
    return "".join(wrapper.parts)


class _Wrapper(HTMLReader):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._ending: list[str] = []
        """The open component whose content is HTML, if there is one."""
        self._depth = 0
        """The number of open elements of HTML between components."""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        text = self.get_starttag_text() or ""
        if self._ending:
            self.parts.append(text)
            if tag == self._ending[-1]:
                self._ending.append(tag)
        elif self._depth or not tag.startswith("mj"):
            opens = "<mj-raw>" if not self._depth else ""
            self._depth += tag not in _VOID
            self.parts.append(opens + text + ("" if self._depth else "</mj-raw>"))
        else:
            self.parts.append(text)
            if tag in _ENDING:
                self._ending.append(tag)

    @override
    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        text = self.get_starttag_text() or ""
        bare = not self._ending and not self._depth and not tag.startswith("mj")
        self.parts.append(f"<mj-raw>{text}</mj-raw>" if bare else text)

    @override
    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")
        if self._ending:
            if tag == self._ending[-1]:
                self._ending.pop()
        elif self._depth and tag not in _VOID:
            self._depth -= 1
            if not self._depth:
                self.parts.append("</mj-raw>")

    @override
    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    @override
    def handle_entityref(self, name: str) -> None:
        self.parts.append(f"&{name};")

    @override
    def handle_charref(self, name: str) -> None:
        self.parts.append(f"&#{name};")

    @override
    def handle_comment(self, data: str) -> None:
        self.parts.append(f"<!--{data}-->")

    @override
    def handle_decl(self, decl: str) -> None:
        self.parts.append(f"<!{decl}>")
