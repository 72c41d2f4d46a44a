"""Routes of pages: ids in paths may contain anything, and what is not found is a page too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse
from starlette.routing import Match, Route
from typing_extensions import override

from ..environments import MAIN
from .page_request import PageRequest, path_of
from .rendering import render

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Scope

    from ..environments import Environments

_MOST_FORM_BYTES = 4 * 1024 * 1024
_SEE_OTHER = 303


class PageError(Exception):
    """What a page says instead of its content, with a status."""

    def __init__(self, status: int, title: str, text: str = "") -> None:
        """Remember status, title and text."""
        super().__init__(title)
        self.status = status
        self.title = title
        self.text = text


def not_found(what: str, text: str = "") -> PageError:
    """Return the error for something that is not there, such as `There is no message m1`."""
    return PageError(404, what, text)


def redirect(address: str) -> Response:
    """Return the response to a form that was carried out: the browser gets the page at an address."""
    return RedirectResponse(address, _SEE_OTHER)


def page_route(
    environments: Environments,
    path: str,
    show: Callable[[PageRequest], Response],
    methods: Sequence[str] = ("GET",),
) -> Route:
    """Return the route of a page.

    Args:
        environments: The environments of the server.
        path: Its path; names in braces stand for ids, as in `/users/{id}`.
        show: Function that makes the response, called in a thread. It may raise a `PageError`; a `ValueError`,
            `TypeError` or `LookupError` is what the simulator raises for an argument, and becomes a page with its text.
        methods: Methods of HTTP.
    """

    async def handle(request: Request) -> Response:
        try:
            form, problem = (await _read_form(request) if request.method == "POST" else {}), None
        except PageError as error:
            form, problem = {}, error
        name = request.query_params.get("environment", MAIN)
        known = name in environments.names
        simulator = environments.get(name) if known else environments.main
        ids: dict[str, str] = request.path_params
        page = PageRequest(environments, name if known else MAIN, simulator, request, ids, form)
        return await run_in_threadpool(_respond, page, show, name, problem)

    return _PageRoute(path, handle, methods=list(methods))


def _respond(
    page: PageRequest, show: Callable[[PageRequest], Response], name: str, problem: PageError | None
) -> Response:
    try:
        if problem is not None:
            raise problem
        if name != page.environment:
            hint = "It begins with the first request whose API key ends in @ and this name."
            raise not_found(f"There is no environment {name}", hint)
        return show(page)
    except PageError as error:
        return render(page, "error.html", error.status, title=error.title, text=error.text)
    except (LookupError, TypeError, ValueError) as error:
        return render(page, "error.html", 400, title="This could not be done", text=str(error))


async def _read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form.

    Raises:
        PageError: It is too large.
    """
    # Starlette's reader of forms needs another library, also for forms without files.
    body = bytearray()
    async for chunk in request.stream():
        if len(body) + len(chunk) > _MOST_FORM_BYTES:
            limit = _MOST_FORM_BYTES // 1024 // 1024
            raise PageError(413, "The form is too large", f"The page takes {limit} MB: send more through the API.")
        body += chunk
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


class _PageRoute(Route):
    """A route that matches the path as it was sent, so that ids may contain slashes and newlines."""

    @override
    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http":
            return Match.NONE, {}
        match, child = super().matches({**scope, "path": path_of(scope)})
        if match is not Match.NONE:
            found: dict[str, Any] = child["path_params"]
            child["path_params"] = {name: unquote(value, errors="replace") for name, value in found.items()}
        return match, child
