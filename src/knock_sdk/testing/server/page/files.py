"""The files of the page: templates, the style sheet, the script. They may be in a zip archive, as the package may."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

_STATIC = "static"
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_DAY = 86_400


@cache
def read(path: str) -> bytes:
    """Return the content of a file beside this module."""
    found = resources.files(__package__ or "")
    for part in path.split("/"):
        found = found / part
    return found.read_bytes()


@cache
def version() -> str:
    """Return a text that changes with the static files, so that browsers may keep them."""
    digest = sha256()
    for name in _static_names():
        digest.update(read(f"{_STATIC}/{name}"))
    return digest.hexdigest()[:12]


def static_route() -> Route:
    """Return the route of the static files."""
    return Route("/_page/static/{name}", _serve, methods=["GET"])


@cache
def _static_names() -> tuple[str, ...]:
    return tuple(sorted(file.name for file in (resources.files(__package__ or "") / _STATIC).iterdir()))


async def _serve(request: Request) -> Response:
    name: str = request.path_params["name"]
    if name not in _static_names():
        return PlainTextResponse("There is no such file.", 404)
    kept = _DAY if request.query_params.get("v") == version() else 0
    headers = {"cache-control": f"max-age={kept}"}
    return Response(read(f"{_STATIC}/{name}"), media_type=_TYPES[name.rpartition(".")[2]], headers=headers)
