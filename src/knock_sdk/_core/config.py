"""Settings of a client, frozen; the environment is read here and nowhere else."""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import ConfigurationError, InvalidArgumentError
from .headers import check_token, encode_headers
from .options import check_retries, check_seconds
from .secret import Secret
from .url import Origin, parse_base_url

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = "0.1.0"
BASE_URL = "https://api.knock.app"
TIMEOUT = 60.0
ATTEMPT_TIMEOUT = 30.0
MAX_CONNECTIONS = 32
MAX_RESPONSE_SIZE = 16 * 1024 * 1024

_PROXY_VARIABLES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")


class Config(NamedTuple):
    """Everything that a client is told once. See `Knock` for the meaning of each."""

    api_key: Secret
    user_token: Secret | None
    branch: str | None
    origin: Origin
    timeout: float | None
    attempt_timeout: float | None
    max_retries: int | None
    max_connections: int
    max_response_size: int
    strict: bool
    default_headers: tuple[tuple[bytes, bytes], ...]
    default_query: tuple[tuple[str, object], ...]
    headers: tuple[tuple[bytes, bytes], ...]
    """Headers that every request carries, in their final form."""
    proxied: bool
    """Whether the environment names a proxy."""

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Whatever must not be shown."""
        return (self.api_key,) if self.user_token is None else (self.api_key, self.user_token)


def _user_agent() -> bytes:
    return f"knock-sdk/{VERSION} python/{platform.python_version()}".encode("ascii")


def _flag(environ: Mapping[str, str], name: str) -> bool:
    return environ.get(name, "").strip().lower() in {"1", "true", "yes"}


def configure(
    *,
    api_key: str | None,
    base_url: str | None,
    branch: str | None,
    user_token: str | None,
    timeout: float | None,
    attempt_timeout: float | None,
    max_retries: int | None,
    max_connections: int,
    max_response_size: int,
    strict: bool,
    allow_http: bool,
    default_headers: Mapping[str, str] | None,
    default_query: Mapping[str, object] | None,
    environ: Mapping[str, str] | None = None,
) -> Config:
    """Check what the caller and the environment give, and freeze it."""
    environ = os.environ if environ is None else environ
    if api_key is None:
        api_key = environ.get("KNOCK_API_KEY")
        if api_key is None:
            raise ConfigurationError("api_key: pass one, or set KNOCK_API_KEY")
    if branch is None:
        branch = environ.get("KNOCK_BRANCH") or None
    if base_url is None:
        base_url = environ.get("KNOCK_BASE_URL") or BASE_URL
    try:
        check_seconds("timeout", timeout)
        check_seconds("attempt_timeout", attempt_timeout)
        if max_retries is not None:
            check_retries(max_retries)
        counts: dict[str, object] = {"max_connections": max_connections, "max_response_size": max_response_size}
        for name, number in counts.items():
            if isinstance(number, bool) or not isinstance(number, int) or number < 1:
                raise InvalidArgumentError(name, "takes a whole number, 1 or more")
        extra = tuple(encode_headers("default_headers", default_headers or {}))
    except InvalidArgumentError as error:
        raise ConfigurationError(str(error)) from None
    origin = parse_base_url(base_url, allow_http=allow_http or _flag(environ, "KNOCK_ALLOW_HTTP"))
    key = Secret(check_token("api_key", api_key))
    token = None if user_token is None else Secret(check_token("user_token", user_token))
    if branch is not None:
        check_token("branch", branch)
    return _freeze(
        Config(
            api_key=key,
            user_token=token,
            branch=branch,
            origin=origin,
            timeout=timeout,
            attempt_timeout=attempt_timeout,
            max_retries=max_retries,
            max_connections=max_connections,
            max_response_size=max_response_size,
            strict=strict,
            default_headers=extra,
            default_query=tuple((default_query or {}).items()),
            headers=(),
            proxied=any(environ.get(name) for name in _PROXY_VARIABLES),
        )
    )


def _freeze(config: Config) -> Config:
    headers = [
        (b"host", config.origin.authority.encode("ascii")),
        (b"authorization", b"Bearer " + config.api_key.reveal().encode("ascii")),
        (b"accept", b"application/json"),
        (b"accept-encoding", b"gzip"),
        (b"user-agent", _user_agent()),
    ]
    if config.branch is not None:
        headers.append((b"x-knock-branch", config.branch.encode("ascii")))
    if config.user_token is not None:
        headers.append((b"x-knock-user-token", config.user_token.reveal().encode("ascii")))
    return config._replace(headers=tuple({**dict(headers), **dict(config.default_headers)}.items()))


def override(config: Config, changes: Mapping[str, Any]) -> Config:
    """Return the settings with some of them changed, checked as at the start."""
    known: dict[str, Any] = {
        "api_key": config.api_key.reveal(),
        "base_url": config.origin.url,
        "branch": config.branch,
        "user_token": None if config.user_token is None else config.user_token.reveal(),
        "timeout": config.timeout,
        "attempt_timeout": config.attempt_timeout,
        "max_retries": config.max_retries,
        "max_response_size": config.max_response_size,
        "strict": config.strict,
        "default_headers": {name.decode(): value.decode("latin-1") for name, value in config.default_headers},
        "default_query": dict(config.default_query),
    }
    if unknown := changes.keys() - known.keys() | ({"base_url"} & changes.keys()):
        raise TypeError(f"unexpected keyword argument {min(unknown)!r}")
    return configure(
        **{**known, **changes}, max_connections=config.max_connections, allow_http=True, environ={}
    )._replace(proxied=config.proxied)
