"""Request → HTTP: everything that is fixed before the first attempt, so that each attempt sends the same bytes."""

from __future__ import annotations

from collections.abc import Sized
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from typing_extensions import override

from ..errors import InvalidArgumentError
from .body import as_mapping, collect, encode_body, merge_deeply
from .headers import check_idempotency_key, encode_headers, merge
from .narrow import is_items, is_mapping
from .options import check_options
from .query import encode_query
from .sentinel import NOT_GIVEN
from .url import fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .config import Config
    from .operation import Operation
    from .request import Request


class Outgoing(NamedTuple):
    """A request in its final form."""

    operation: Operation
    target: str
    """Path and query as they go on the wire."""
    headers: list[tuple[bytes, bytes]]
    body: bytes
    timeout: float | None
    max_retries: int | None
    max_response_size: int
    idempotency_key: str | None

    @override
    def __repr__(self) -> str:
        # Tracebacks may show local variables: neither a body nor an id is to be among them.
        return f"<Outgoing {self.operation.method} {self.operation.path}, {len(self.body):,} bytes>"


def encode(request: Request[Any], config: Config) -> Outgoing:
    """Check a request and give it its final form; whatever is wrong with it is raised here, before anything is sent."""
    operation = request.operation
    options = request.options
    if options:
        check_options(options)
    _check_limits(operation, request)
    target = config.origin.prefix + fill(operation.path, request.path)
    query = dict(config.default_query)
    if request.query is not None:
        query.update((name, value) for name, value in request.query.items() if value is not NOT_GIVEN)
    query.update(options.get("extra_query") or {})
    if query and (encoded := encode_query(query)):
        target += ("&" if "?" in target else "?") + encoded
    content, headers = _encode_content(request, config)
    key = None
    if operation.repeat == "keyed":
        key = str(uuid4()) if request.idempotency_key is None else check_idempotency_key(request.idempotency_key)
        headers.append((b"idempotency-key", key.encode("ascii")))
    if extra := options.get("extra_headers"):
        headers = merge(headers, encode_headers("extra_headers", extra))
        if key is not None:
            key = check_idempotency_key(dict(headers)[b"idempotency-key"].decode("latin-1"))
    return Outgoing(
        operation=operation,
        target=target,
        headers=headers,
        body=content,
        timeout=options.get("timeout", config.timeout),
        max_retries=options.get("max_retries", config.max_retries),
        max_response_size=config.max_response_size,
        idempotency_key=key,
    )


def _encode_content(request: Request[Any], config: Config) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    body: Any = request.body
    if is_mapping(body):
        body = collect(body, request.properties)
    if extra := request.options.get("extra_body"):
        body = as_mapping(body)
        if body is not None and not is_mapping(body):
            raise InvalidArgumentError("extra_body", "cannot be merged into a body that is not an object")
        body = merge_deeply(body or {}, extra)
    headers = list(config.headers)
    if body is None:
        if request.operation.method in ("POST", "PUT", "PATCH"):
            headers.append((b"content-length", b"0"))
        return b"", headers
    content = encode_body(body)
    if b"content-type" not in dict(config.default_headers):
        headers.append((b"content-type", b"application/json"))
    headers.append((b"content-length", b"%d" % len(content)))
    _check_size(request.operation, body, content)
    return content, headers


def _check_limits(operation: Operation, request: Request[Any]) -> None:
    for name, most in operation.items.items():
        for place, value in _arguments(request, name):
            _check_items(place, value, most)
    for name, longest in operation.length.items():
        for place, value in _arguments(request, name):
            if isinstance(value, str) and len(value) > longest:
                raise InvalidArgumentError(place, f"has {len(value):,} characters; the limit is {longest:,}")
    for name, (least, greatest) in operation.range.items():
        for place, value in _arguments(request, name):
            if isinstance(value, bool):
                raise InvalidArgumentError(place, "takes a number, not bool")
            if isinstance(value, int | float) and not least <= value <= greatest:
                raise InvalidArgumentError(place, f"is {value:,}; it must be from {least:,} to {greatest:,}")


def _arguments(request: Request[Any], name: str) -> Iterable[tuple[str, object]]:
    """Find an argument's values, each with its place; a dot in the name leads into an object or a list's elements."""
    outer, _, inner = name.partition(".")
    value = _argument(request, outer)
    return _inside(outer, value, inner) if inner else [(outer, value)]


def _inside(place: str, value: Any, name: str) -> Iterator[tuple[str, object]]:
    if not name:
        yield place, value
    elif is_items(value):
        for index, element in enumerate(value):
            yield from _inside(f"{place}[{index}]", element, name)
    else:
        outer, _, inner = name.partition(".")
        found = value.get(outer) if is_mapping(value) else getattr(value, outer, None)
        yield from _inside(f"{place}.{outer}", found, inner)


def _argument(request: Request[Any], name: str) -> Any:
    if is_mapping(request.body) and name in request.body:
        return request.body[name]
    if request.query is not None and name in request.query:
        return request.query[name]
    place = "{" + name + "}"
    if request.path and place in request.operation.path:
        names = [part for part in request.operation.path.split("/") if part.startswith("{")]
        return request.path[names.index(place)]
    return None


def _check_items(name: str, value: object, most: int | None) -> None:
    if value is None or value is NOT_GIVEN:
        return
    if isinstance(value, str | bytes):
        raise InvalidArgumentError(name, f"takes a list, not one {type(value).__name__}: put it into brackets")
    value = as_mapping(value)
    if not isinstance(value, Sized):
        raise InvalidArgumentError(name, f"takes a list, not {type(value).__name__}")
    if most is not None and len(value) > most:
        raise InvalidArgumentError(name, f"has {len(value):,} elements; the limit is {most:,}")


def _check_size(operation: Operation, body: object, content: bytes) -> None:
    for name, most in operation.size.items():
        if len(content) > most and is_mapping(body):
            outer, _, inner = name.partition(".")
            for place, value in _inside(outer, body.get(outer), inner):
                if (size := len(encode_body(value))) > most:
                    raise InvalidArgumentError(place, f"is {size:,} bytes as JSON; the limit is {most:,}")
