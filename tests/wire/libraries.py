"""The default engine's tests, reused for the libraries that `http_client` can name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .caller import Caller

if TYPE_CHECKING:
    from types import ModuleType


class LibraryCaller(Caller):
    """Makes clients that send through a named library."""

    def __init__(self, kind: str, library: str) -> None:
        super().__init__(kind)
        self._library = library

    def client(self, base_url: str, **options: Any) -> Any:
        return super().client(base_url, **{"http_client": self._library, **options})


def inherit_tests(*modules: ModuleType, exclude: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the tests of modules by name, for a module whose `caller` fixture they then use."""
    return {
        name: test
        for module in modules
        for name, test in vars(module).items()
        if name.startswith(("Test", "test_")) and name not in exclude
    }
