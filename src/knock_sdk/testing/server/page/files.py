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
_ICON = "icon.svg"


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


def static_routes() -> list[Route]:
    """Return the routes of the static files, and of the icon at the path where browsers look for it."""
    return [
        Route("/_page/static/{name}", _serve, methods=["GET"]),
        Route("/favicon.ico", _serve_icon, methods=["GET"]),
    ]


@cache
def _static_names() -> tuple[str, ...]:
    return tuple(sorted(file.name for file in (resources.files(__package__ or "") / _STATIC).iterdir()))


async def _serve(request: Request) -> Response:
    name: str = request.path_params["name"]
    if name not in _static_names():
        return PlainTextResponse("There is no such file.", 404)
    return _respond(name, _DAY if request.query_params.get("v") == version() else 0)


async def _serve_icon(_: Request) -> Response:
    return _respond(_ICON)


def _respond(name: str, kept: int = 0) -> Response:
    headers = {"cache-control": f"max-age={kept}"}
    return Response(read(f"{_STATIC}/{name}"), media_type=_TYPES[name.rpartition(".")[2]], headers=headers)
