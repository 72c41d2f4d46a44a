"""The asynchronous client."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from typing_extensions import override

from .._core.lifetime import Lifetimes
from .._core.logs import start_logging
from .._core.requests.config import (
    ATTEMPT_TIMEOUT,
    HOOK_NAMES,
    MAX_CONNECTIONS_ASYNC,
    MAX_RESPONSE_SIZE,
    TIMEOUT,
    configure,
    hide_in,
)
from .._core.requests.config import override as override_config
from .._core.retry import Budget
from ..errors import ConfigurationError
from ._concurrency import KeyedLock
from .per_loop import PerLoop
from .raw_methods import AsyncRawMethods
from .transport import AsyncTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from typing_extensions import Self, Unpack

    from .._core.client_options import ClientOptions
    from .._core.hooks import FailureEvent, RequestEvent, ResponseEvent, RetryEvent
    from .._core.rate_limits.limits import RateLimit
    from .._core.requests.config import Config
    from .._core.secret import Secret
    from .engines.httpx_client import AsyncHTTPClient
    from .resources.audiences import AsyncAudiences
    from .resources.bulk_operations import AsyncBulkOperations
    from .resources.channels import AsyncChannels
    from .resources.integrations import AsyncIntegrations
    from .resources.messages import AsyncMessages
    from .resources.objects import AsyncObjects
    from .resources.providers import AsyncProviders
    from .resources.schedules import AsyncSchedules
    from .resources.tenants import AsyncTenants
    from .resources.users import AsyncUsers
    from .resources.workflow_recipient_runs import AsyncWorkflowRecipientRuns
    from .resources.workflows import AsyncWorkflows
    from .transport import AsyncEngine


class AsyncKnock(AsyncRawMethods):
    """A client for the Knock API, for asyncio and trio.

    ```python
    from knock_sdk import AsyncKnock

    async with AsyncKnock() as client:
        await client.workflows.trigger("comment-created", recipients=["jhammond"])
    ```

    Creating it is cheap. It can be used by many tasks at once, by several event loops one after another, and after
    `fork`.
    """

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        branch: str | None = None,
        user_token: str | None = None,
        timeout: float | None = TIMEOUT,
        attempt_timeout: float | None = ATTEMPT_TIMEOUT,
        max_retries: int | None = None,
        max_connections: int = MAX_CONNECTIONS_ASYNC,
        max_response_size: int = MAX_RESPONSE_SIZE,
        strict: bool = False,
        strict_once: bool = False,
        allow_http: bool = False,
        default_headers: Mapping[str, str] | None = None,
        default_query: Mapping[str, object] | None = None,
        http_client: AsyncHTTPClient | AsyncEngine | Literal["httpx"] | None = None,
        rate_limit: Literal["tiers"] | RateLimit | None = None,
        on_request: Callable[[RequestEvent], object] | None = None,
        on_response: Callable[[ResponseEvent], object] | None = None,
        on_retry: Callable[[RetryEvent], object] | None = None,
        on_failure: Callable[[FailureEvent], object] | None = None,
    ) -> None:
        """Create a client; no connection is opened before the first call.

        Args:
            api_key: Secret (`sk_…`) or public (`pk_…`) key; `KNOCK_API_KEY` if absent.
            base_url: Base URL of the API, without `/v1`; `KNOCK_BASE_URL` or `https://api.knock.app` if absent.
            branch: Slug of a branch of the development environment; `KNOCK_BRANCH` if absent.
            user_token: A user's signed token, needed with a public key if enhanced security is on.
            timeout: Seconds for a whole call, attempts and waits included; None for no limit.
            attempt_timeout: Seconds for one attempt, which begins once a connection is free; None for no separate
                limit.
            max_retries: Number of times a failed attempt is repeated; if None, 2, and 3 for `workflows.trigger`.
            max_connections: Maximum number of requests in flight; further ones wait. Each connection that is opened
                takes about 50 kB and, with TLS, two milliseconds of processor time once.
            max_response_size: Maximum number of bytes of a response's body, after decompression.
            strict: Raise if a response does not match its model, instead of using the fields that match.
            strict_once: Do not repeat a trigger that got a 500: the API may have carried it out, and does not store
                such a response for the idempotency key.
            allow_http: Allow `http://` for hosts other than this machine; `KNOCK_ALLOW_HTTP=1` does the same.
            default_headers: Additional headers of every request.
            default_query: Additional query parameters of every request.
            http_client: What sends the requests instead of this package: `"httpx"`, or an `httpx.AsyncClient`, or an
                object with the same methods, which you close yourself.
            rate_limit: How to wait before requests, so that the API's rate limits are not exceeded: `"tiers"` shares
                them among the clients of the same key in this process; an object of `knock_sdk.rate_limits`, among
                processes and machines. If None, a request is sent at once, and retried after a 429.
            on_request: Function that is called with a `RequestEvent` before each attempt. What it raises is logged, and
                does not end the call. It may be asynchronous, and so may the next three.
            on_response: Function that is called with a `ResponseEvent` after each response, also one with an error.
            on_retry: Function that is called with a `RetryEvent` before each wait between two attempts.
            on_failure: Function that is called with a `FailureEvent` when a call raises an exception.

        Raises:
            ConfigurationError: A setting is missing or malformed; the message never repeats a key or token.
        """
        # Tracebacks may show local variables: from here on none holds a key or token in the clear.
        hidden = hide_in({"api_key": api_key, "user_token": user_token, "default_headers": default_headers})
        hidden |= hide_in({"rate_limit": rate_limit})  # it may be the URL of a store, by mistake
        del api_key, user_token, default_headers, rate_limit
        limits = _limits_of(hidden.pop("rate_limit"))
        config = configure(
            **hidden,
            base_url=base_url,
            branch=branch,
            timeout=timeout,
            attempt_timeout=attempt_timeout,
            max_retries=max_retries,
            max_connections=max_connections,
            max_response_size=max_response_size,
            strict=strict,
            strict_once=strict_once,
            allow_http=allow_http,
            default_query=default_query,
        )
        start_logging()
        transport = AsyncTransport(
            config, _engine(config, http_client), Budget(), PerLoop(KeyedLock), Lifetimes(), limits
        )
        hooks = {
            "on_request": on_request,
            "on_response": on_response,
            "on_retry": on_retry,
            "on_failure": on_failure,
        }
        _add_hooks(transport, {name: hook for name, hook in hooks.items() if hook is not None})
        super().__init__(transport)

    if not TYPE_CHECKING:

        def __new__(cls, *arguments: object, **settings: object) -> object:
            """Reject an unknown setting, or one given by position, with advice."""
            if cls.__init__ is AsyncKnock.__init__:
                known = cls.__init__.__kwdefaults__
                counted, unknown = len(arguments), sorted(settings.keys() - known.keys())
                del arguments, settings  # tracebacks may show them
                if counted or unknown:
                    from ..errors._hints import unexpected_setting

                    raise unexpected_setting(unknown, known)
            return super().__new__(cls)

        __new__.__wrapped__ = __init__  # whose signature is the client's

    @cached_property
    def audiences(self) -> AsyncAudiences:
        """Audiences: named sets of users that workflows and conditions refer to."""
        from .resources.audiences import AsyncAudiences

        return AsyncAudiences(self._transport)

    @cached_property
    def bulk_operations(self) -> AsyncBulkOperations:
        """Bulk operations: jobs over many records, which run in the background."""
        from .resources.bulk_operations import AsyncBulkOperations

        return AsyncBulkOperations(self._transport)

    @cached_property
    def channels(self) -> AsyncChannels:
        """Channels: the configured providers that deliver messages."""
        from .resources.channels import AsyncChannels

        return AsyncChannels(self._transport)

    @cached_property
    def integrations(self) -> AsyncIntegrations:
        """Integrations: endpoints that data platforms call."""
        from .resources.integrations import AsyncIntegrations

        return AsyncIntegrations(self._transport)

    @cached_property
    def messages(self) -> AsyncMessages:
        """Messages: notifications to a recipient on a channel."""
        from .resources.messages import AsyncMessages

        return AsyncMessages(self._transport)

    @cached_property
    def objects(self) -> AsyncObjects:
        """Objects: recipients that are not users, with their data and subscriptions."""
        from .resources.objects import AsyncObjects

        return AsyncObjects(self._transport)

    @cached_property
    def providers(self) -> AsyncProviders:
        """Providers: connections to Slack and Microsoft Teams."""
        from .resources.providers import AsyncProviders

        return AsyncProviders(self._transport)

    @cached_property
    def schedules(self) -> AsyncSchedules:
        """Schedules: workflows that run later, once or repeatedly."""
        from .resources.schedules import AsyncSchedules

        return AsyncSchedules(self._transport)

    @cached_property
    def tenants(self) -> AsyncTenants:
        """Tenants: the customers whose branding and preferences apply."""
        from .resources.tenants import AsyncTenants

        return AsyncTenants(self._transport)

    @cached_property
    def users(self) -> AsyncUsers:
        """Users: the people who receive notifications."""
        from .resources.users import AsyncUsers

        return AsyncUsers(self._transport)

    @cached_property
    def workflow_recipient_runs(self) -> AsyncWorkflowRecipientRuns:
        """Workflow recipient runs: runs of a workflow for a single recipient."""
        from .resources.workflow_recipient_runs import AsyncWorkflowRecipientRuns

        return AsyncWorkflowRecipientRuns(self._transport)

    @cached_property
    def workflows(self) -> AsyncWorkflows:
        """Workflows: triggering them to notify recipients, and cancelling their runs."""
        from .resources.workflows import AsyncWorkflows

        return AsyncWorkflows(self._transport)

    def with_options(self, **changes: Unpack[ClientOptions]) -> Self:
        """Return a client with some settings changed; it shares its connections and retry budget with this one.

        Args:
            **changes: Any of `api_key`, `branch`, `user_token`, `timeout`, `attempt_timeout`, `max_retries`,
                `max_response_size`, `strict`, `strict_once`, `rate_limit`, `on_request`, `on_response`, `on_retry`,
                `on_failure`, `default_headers` and `default_query`, as in the client's arguments. `default_headers` is
                merged with this client's own, names compared without case, and `default_query` likewise by exact
                names: a value replaces that of the same name, a value None removes it, and None instead of a mapping
                removes them all.

        Raises:
            TypeError: A keyword is not one of these.
            ConfigurationError: A value is malformed.
        """
        present = self._transport
        hidden = hide_in(changes)
        del changes
        limits = _limits_of(hidden.pop("rate_limit")) if "rate_limit" in hidden else present.rate_limit
        hooks = {name: hidden.pop(name) for name in HOOK_NAMES if name in hidden}
        changed = object.__new__(type(self))
        changed._transport = present.derive(override_config(present.config, hidden), limits)
        _add_hooks(changed._transport, hooks)
        return changed

    async def close(self) -> None:
        """Close all connections, including those shared with clients made by `with_options`.

        Calls that are under way end at once, and send nothing any more: they raise an `APIConnectionError`, whose
        `sent` says whether the request may have been received. Only an attempt through `http_client` may go on to its
        end. A later call opens new connections.
        """
        self._transport.lifetimes.end()
        await self._transport.engine.close()

    async def __aenter__(self) -> Self:
        """Return the client itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the client."""
        await self.close()

    @override
    def __repr__(self) -> str:
        transport: AsyncTransport | None = getattr(self, "_transport", None)
        if transport is None:  # a tool that shows local variables may do so while the client is being constructed
            return f"<{type(self).__name__}, not initialized>"
        return f"{type(self).__name__}(base_url={transport.config.origin.url!r})"


def _limits_of(hidden: Secret | None) -> RateLimit | None:
    if hidden is None:
        return None
    from .._core.rate_limits.limits import limits_of  # few clients need it

    return limits_of(hidden)


def _add_hooks(transport: AsyncTransport, hooks: Mapping[str, Any]) -> None:
    if hooks:
        from .observed import set_hooks  # few clients need it

        set_hooks(transport, hooks)


def _engine(config: Config, http_client: Any) -> AsyncEngine:
    """Return the engine: the caller's choice, one for the proxies of the environment, or the default one."""
    # Without TLS inside TLS, a proxy that is itself reached by TLS is left to httpx.
    if http_client is None and (config.proxy is None or config.proxy.scheme != "https"):
        from .engines.pooled import AsyncPooledEngine

        return AsyncPooledEngine(config)
    if http_client is not None and hasattr(http_client, "exchange"):
        engine: AsyncEngine = http_client
        return engine
    from .engines.httpx_client import AsyncHTTPClientEngine

    if isinstance(http_client, str):
        if http_client != "httpx":
            raise ConfigurationError(
                "http_client: takes 'httpx' or an HTTP client, such as httpx.AsyncClient() or httpx2.AsyncClient()"
            )
        http_client = None
    return AsyncHTTPClientEngine(config, http_client)
