"""A request to the page: which environment it is about, what it asks for, and links that stay in that environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from ...base import BaseSimulator
    from ..environments import Environments


@dataclass(frozen=True)
class PageRequest:
    """A request to the page."""

    environments: Environments
    environment: str
    """Name of the environment; empty for the main one."""
    simulator: BaseSimulator
    """The simulator of that environment."""
    request: Request
    """Starlette's request; its body has been read."""
    ids: Mapping[str, str]
    """What the path has for the names in braces, decoded."""
    form: Mapping[str, str]
    """Fields of the form that a POST sends; the last one of each name."""

    def query(self, name: str) -> str:
        """Return a parameter of the address without surrounding space; empty if it is not there."""
        return self.request.query_params.get(name, "").strip()

    def to(self, *parts: str, **query: object) -> str:
        """Return the address of a page in the same environment.

        Args:
            parts: Parts of its path, not encoded, such as `"users", user_id`; none for the inbox.
            query: Parameters of the address; those that are None or empty are left out.
        """
        given = {name: value for name, value in query.items() if value not in (None, "")}
        if self.environment:
            given["environment"] = self.environment
        path = "/".join(quote(part, safe="") for part in parts)
        return f"{self._root}/{path}?{urlencode(given)}" if given else f"{self._root}/{path}"

    def here(self, **query: object) -> str:
        """Return the address of this page with other parameters; those that are None are left out."""
        given = {name: value for name, value in {**self.request.query_params, **query}.items() if value is not None}
        path = self.path
        return f"{path}?{urlencode(given)}" if given else path

    def static(self, name: str) -> str:
        """Return the address of a static file."""
        return f"{self._root}/_page/static/{name}"

    def events(self, kinds: str) -> str:
        """Return the address of the server-sent events about kinds of changes, with commas between them."""
        return self.to("_page", "events", kinds=kinds)

    @property
    def origin(self) -> str:
        """The address under which the browser has reached the server, without a path."""
        return f"{self.request.url.scheme}://{self.request.url.netloc}"

    @property
    def _root(self) -> str:
        return str(self.request.scope.get("root_path", ""))

    @property
    def path(self) -> str:
        """The path of this page, percent-encoded."""
        return path_of(self.request.scope)


def path_of(scope: Mapping[str, object]) -> str:
    """Return the path of a request, percent-encoded as it was sent: decoding would lose slashes in ids."""
    raw_path = scope.get("raw_path")  # optional in ASGI
    return raw_path.decode("latin-1") if isinstance(raw_path, bytes) else quote(str(scope["path"]))
