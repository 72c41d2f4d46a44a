"""Settings that a client can change for a copy of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping  # noqa: TC003 - needed to evaluate the annotations
from typing import Literal

from typing_extensions import TypedDict

from .hooks import (  # noqa: TC001 - needed to evaluate the annotations
    FailureEvent,
    RequestEvent,
    ResponseEvent,
    RetryEvent,
)
from .rate_limits.limits import RateLimit  # noqa: TC001 - the same


class ClientOptions(TypedDict, total=False):
    """Settings that `with_options` can change, with the same meaning as in the client's arguments."""

    api_key: str
    branch: str | None
    user_token: str | None
    timeout: float | None
    attempt_timeout: float | None
    max_retries: int | None
    max_response_size: int
    strict: bool
    strict_once: bool
    rate_limit: Literal["tiers"] | RateLimit | None
    default_headers: Mapping[str, str | None] | None
    default_query: Mapping[str, object] | None
    on_request: Callable[[RequestEvent], object] | None
    on_response: Callable[[ResponseEvent], object] | None
    on_retry: Callable[[RetryEvent], object] | None
    on_failure: Callable[[FailureEvent], object] | None
