# Derived from src/knock_sdk/_async/raw_methods.py by `python -m codegen`; do not edit.
"""Raw calls: any HTTP method, any path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from .._core.responses.raw import raw_request
from .resources._base import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from .._core.requests.options import RequestOptions

T = TypeVar("T")


class RawMethods(Resource):
    """The client's methods for raw calls, for operations that have no method of their own."""

    @overload
    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        body: object = None,
        cast_to: type[T],
        **options: Unpack[RequestOptions],
    ) -> T: ...
    @overload
    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        body: object = None,
        cast_to: None = None,
        **options: Unpack[RequestOptions],
    ) -> Any: ...
    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        body: object = None,
        cast_to: type[Any] | None = None,
        **options: Unpack[RequestOptions],
    ) -> Any:
        """Call any operation of the API, including those without a method in this client.

        Args:
            method: The HTTP method.
            path: The path with its query, if any: `/v1/…`, ids percent-encoded. URLs of other hosts are rejected.
            query: Query parameters, encoded as in every other method.
            body: Body, anything that encodes to JSON; None for no body.
            cast_to: A Pydantic model, a list of one, or another type that Pydantic reads from JSON, for the data of a
                success; if absent, plain JSON is returned.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The decoded response; None if it has no body and `cast_to` is absent.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`. A
                POST is never sent again once it may have been received.
        """
        return self._send(method, path, query, body, cast_to, options)

    @overload
    def get(
        self,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        cast_to: type[T],
        **options: Unpack[RequestOptions],
    ) -> T: ...
    @overload
    def get(
        self,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        cast_to: None = None,
        **options: Unpack[RequestOptions],
    ) -> Any: ...
    def get(
        self,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        cast_to: type[Any] | None = None,
        **options: Unpack[RequestOptions],
    ) -> Any:
        """Send a GET; see `request`."""
        return self._send("GET", path, query, None, cast_to, options)

    @overload
    def post(
        self,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, object] | None = None,
        cast_to: type[T],
        **options: Unpack[RequestOptions],
    ) -> T: ...
    @overload
    def post(
        self,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, object] | None = None,
        cast_to: None = None,
        **options: Unpack[RequestOptions],
    ) -> Any: ...
    def post(
        self,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, object] | None = None,
        cast_to: type[Any] | None = None,
        **options: Unpack[RequestOptions],
    ) -> Any:
        """Send a POST; see `request`."""
        return self._send("POST", path, query, body, cast_to, options)

    @overload
    def put(
        self,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, object] | None = None,
        cast_to: type[T],
        **options: Unpack[RequestOptions],
    ) -> T: ...
    @overload
    def put(
        self,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, object] | None = None,
        cast_to: None = None,
        **options: Unpack[RequestOptions],
    ) -> Any: ...
    def put(
        self,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, object] | None = None,
        cast_to: type[Any] | None = None,
        **options: Unpack[RequestOptions],
    ) -> Any:
        """Send a PUT; see `request`."""
        return self._send("PUT", path, query, body, cast_to, options)

    @overload
    def delete(
        self,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, object] | None = None,
        cast_to: type[T],
        **options: Unpack[RequestOptions],
    ) -> T: ...
    @overload
    def delete(
        self,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, object] | None = None,
        cast_to: None = None,
        **options: Unpack[RequestOptions],
    ) -> Any: ...
    def delete(
        self,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, object] | None = None,
        cast_to: type[Any] | None = None,
        **options: Unpack[RequestOptions],
    ) -> Any:
        """Send a DELETE; see `request`."""
        return self._send("DELETE", path, query, body, cast_to, options)

    def _send(  # noqa: PLR0917 (as the methods above take them)
        self,
        method: str,
        path: str,
        query: Mapping[str, object] | None,
        body: object,
        cast_to: type[Any] | None,
        options: RequestOptions,
    ) -> Any:
        # The options as they are, not a copy: their headers are hidden in them, which tracebacks may show.
        origin = self._transport.config.origin
        try:
            request = raw_request(origin, method, path, query=query, body=body, cast_to=cast_to, options=options)
        except Exception as error:
            self._transport.refuse(error)
            raise
        return self._transport.send(request)
