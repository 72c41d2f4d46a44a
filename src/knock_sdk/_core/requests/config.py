"""Settings of a client: from arguments and environment variables, checked and frozen."""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING, Any, NamedTuple

from ...errors import ConfigurationError, InvalidArgumentError
from ..secret import Secret, SecretBytes
from ..type_guards import is_mapping
from ..values.headers import HiddenHeaders, check_secret, check_token, encode_headers, hide_headers, secrets_of
from ..values.query import encode_query
from ..wire.proxies import proxy_for
from ..wire.url import Origin, parse_base_url
from .options import check_flags, check_mapping, check_number, check_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..wire.proxies import Proxy

VERSION = "0.1.0"
BASE_URL = "https://api.knock.app"
TIMEOUT = 60.0
ATTEMPT_TIMEOUT = 30.0
MAX_CONNECTIONS_ASYNC = 100
MAX_CONNECTIONS_SYNC = 32
MAX_RESPONSE_SIZE = 16 * 1024 * 1024
HOOK_NAMES = ("on_failure", "on_request", "on_response", "on_retry")
_SHOWN = frozenset(
    {
        *HOOK_NAMES,
        *("allow_http", "attempt_timeout", "base_url", "branch", "default_headers", "default_query", "max_connections"),
        *("max_response_size", "max_retries", "strict", "strict_once", "timeout"),
    }
)
"""Settings whose values a traceback may show, the headers' names among them."""


class Config(NamedTuple):
    """Settings of a client; see `Knock` for the meaning of each."""

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
    strict_once: bool
    default_headers: tuple[tuple[bytes, bytes], ...]
    default_query: tuple[tuple[str, object], ...]
    headers: tuple[tuple[bytes, bytes], ...]
    """Headers of every request, merged and encoded."""
    proxy: Proxy | None
    """The proxy that the environment names for the origin."""
    secrets: tuple[Secret, ...]
    """The key, the user token, the proxy's password and what is secret in the headers, which must not be shown."""


class _Environment(NamedTuple):
    api_key: Secret | None
    branch: str | None
    base_url: str | None
    allow_http: bool


def _read_environment(environ: Mapping[str, str]) -> _Environment:
    key = environ.get("KNOCK_API_KEY")
    return _Environment(
        api_key=None if key is None else Secret(key),
        branch=environ.get("KNOCK_BRANCH") or None,
        base_url=environ.get("KNOCK_BASE_URL") or None,
        allow_http=environ.get("KNOCK_ALLOW_HTTP", "").strip().lower() in {"1", "true", "yes"},
    )


def _user_agent() -> bytes:
    return f"knock-sdk/{VERSION} python/{platform.python_version()}".encode("ascii")


def configure(
    *,
    api_key: str | Secret | None,
    base_url: str | None,
    branch: str | None,
    user_token: str | Secret | None,
    timeout: float | None,
    attempt_timeout: float | None,
    max_retries: int | None,
    max_connections: int,
    max_response_size: int,
    strict: bool,
    strict_once: bool,
    allow_http: bool,
    default_headers: Mapping[str, str] | None,
    default_query: Mapping[str, object] | None,
    environ: Mapping[str, str] | None = None,
) -> Config:
    """Check the settings from arguments and environment, and freeze them."""
    # Tracebacks may show local variables, so none holds a key or token in the clear while a check can fail.
    api_key = hide(api_key)
    user_token = hide(user_token)
    found = _read_environment(os.environ if environ is None else environ)
    # An error names the argument or the variable that the setting comes from.
    named = {"api_key": "api_key", "branch": "branch", "base_url": "base_url"}
    if api_key is None:
        api_key, named["api_key"] = found.api_key, "KNOCK_API_KEY"
        if api_key is None:
            raise ConfigurationError("api_key: is missing; pass it, or set KNOCK_API_KEY")
    if branch is None:
        branch, named["branch"] = found.branch, "KNOCK_BRANCH"
    try:
        check_seconds("timeout", timeout)
        check_seconds("attempt_timeout", attempt_timeout)
        if max_retries is not None:
            check_number("max_retries", max_retries, least=0)
        check_number("max_connections", max_connections, least=1)
        check_number("max_response_size", max_response_size, least=1)
        check_flags(strict=strict, strict_once=strict_once, allow_http=allow_http)
        extra = _check_headers(default_headers or {})
        check_mapping("default_query", default_query)
        encode_query(default_query or {})
    except InvalidArgumentError as error:
        raise ConfigurationError(str(error)) from None
    if base_url is None:
        base_url, named["base_url"] = found.base_url or BASE_URL, "KNOCK_BASE_URL"
    origin = parse_base_url(base_url, allow_http=allow_http or found.allow_http, name=named["base_url"])
    if branch is not None:
        check_token(named["branch"], branch)
    return _with_headers(
        Config(
            api_key=check_secret(named["api_key"], api_key),
            user_token=None if user_token is None else check_secret("user_token", user_token),
            branch=branch,
            origin=origin,
            timeout=timeout,
            attempt_timeout=attempt_timeout,
            max_retries=max_retries,
            max_connections=max_connections,
            max_response_size=max_response_size,
            strict=strict,
            strict_once=strict_once,
            default_headers=extra,
            default_query=tuple(pair for pair in (default_query or {}).items() if pair[1] is not None),
            headers=(),
            secrets=(),
            proxy=proxy_for(origin, os.environ if environ is None else environ),
        )
    )


def hide(secret: str | Secret | None) -> Secret | None:
    """Wrap a key or token, so that a traceback that shows local variables does not show it."""
    return secret if secret is None or isinstance(secret, Secret) else Secret(secret)


def hide_in(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Wrap the key, the token and the headers among changed settings, and what has the name of no setting."""
    hidden = {name: value if name in _SHOWN else hide(value) for name, value in changes.items()}
    if "default_headers" in hidden:
        hidden["default_headers"] = hide_headers(hidden["default_headers"])
    return hidden


def _check_headers(headers: Mapping[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    encoded = tuple(encode_headers("default_headers", headers))
    if b"idempotency-key" in dict(encoded):
        raise InvalidArgumentError(
            "default_headers",
            "must not contain 'idempotency-key': with the same key, the API would drop every trigger but the first;"
            " pass idempotency_key= to workflows.trigger",
        )
    return encoded


def _with_headers(config: Config) -> Config:
    headers = [
        (b"host", config.origin.authority.encode("ascii")),
        (b"authorization", SecretBytes(b"Bearer " + config.api_key.reveal().encode("ascii"))),
        (b"accept", b"application/json"),
        (b"accept-encoding", b"gzip"),
        (b"user-agent", _user_agent()),
    ]
    if config.branch is not None:
        headers.append((b"x-knock-branch", config.branch.encode("ascii")))
    if config.user_token is not None:
        headers.append((b"x-knock-user-token", SecretBytes(config.user_token.reveal().encode("ascii"))))
    secrets = [secret for secret in (config.api_key, config.user_token) if secret is not None]
    if config.proxy is not None:
        secrets += config.proxy.secrets
    return config._replace(
        headers=tuple({**dict(headers), **dict(config.default_headers)}.items()),
        secrets=(*secrets, *secrets_of(config.default_headers)),
    )


def override(config: Config, changes: Mapping[str, Any]) -> Config:
    """Return the settings with some changed, checked like new ones; headers and query parameters are merged."""
    known: dict[str, Any] = {
        "api_key": config.api_key,
        "base_url": config.origin.url,
        "branch": config.branch,
        "user_token": config.user_token,
        "timeout": config.timeout,
        "attempt_timeout": config.attempt_timeout,
        "max_retries": config.max_retries,
        "max_response_size": config.max_response_size,
        "strict": config.strict,
        "strict_once": config.strict_once,
        "default_headers": None,
        "default_query": dict(config.default_query),
    }
    if unknown := changes.keys() - known.keys() | ({"base_url"} & changes.keys()):
        from ...errors._hints import unexpected_keyword

        raise unexpected_keyword(
            "with_options", min(unknown), known.keys() - {"base_url"} | {"rate_limit", *HOOK_NAMES}
        )
    given = changes.get("default_headers")
    if is_mapping(given):
        changes = {
            **changes,
            "default_headers": HiddenHeaders({name: "" if value is None else value for name, value in given.items()}),
        }
    if is_mapping(query := changes.get("default_query")):
        changes = {**changes, "default_query": {**known["default_query"], **query}}
    changed = configure(
        **{**known, **changes}, max_connections=config.max_connections, allow_http=True, environ={}
    )._replace(proxy=config.proxy)
    if is_mapping(given):
        removed = {name.lower().encode("ascii"): value is None for name, value in given.items()}
        merged = {**dict(config.default_headers), **dict(changed.default_headers)}
        kept = tuple((name, value) for name, value in merged.items() if not removed.get(name))
        changed = changed._replace(default_headers=kept)
    elif "default_headers" not in changes:
        changed = changed._replace(default_headers=config.default_headers)
    return _with_headers(changed)
