"""The asynchronous client."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from .._core.config import ATTEMPT_TIMEOUT, MAX_CONNECTIONS, MAX_RESPONSE_SIZE, TIMEOUT, configure, hide, hide_in
from .._core.config import override as override_config
from .._core.logs import start_logging
from .._core.retry import Budget
from ._concurrency import KeyedLock
from .per_loop import PerLoop
from .raw_methods import AsyncRawMethods
from .transport import AsyncTransport

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from typing_extensions import Self, TypedDict, Unpack

    from .._core.config import Config
    from .engines._choose import HTTPLibrary
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

    class ClientOptions(TypedDict, total=False):
        """What `with_options` can change; each as in the client's own arguments."""

        api_key: str
        branch: str | None
        user_token: str | None
        timeout: float | None
        attempt_timeout: float | None
        max_retries: int | None
        max_response_size: int
        strict: bool
        strict_once: bool
        default_headers: Mapping[str, str] | None
        default_query: Mapping[str, object] | None


class AsyncKnock(AsyncRawMethods):
    """A client of the Knock API for asyncio and trio.

    ::

        async with AsyncKnock() as client:
            await client.workflows.trigger("comment-created", recipients=["jhammond"])

    It is cheap to make; it may be used by many tasks at once, over several event loops one after another, and after
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
        max_connections: int = MAX_CONNECTIONS,
        max_response_size: int = MAX_RESPONSE_SIZE,
        strict: bool = False,
        strict_once: bool = False,
        allow_http: bool = False,
        default_headers: Mapping[str, str] | None = None,
        default_query: Mapping[str, object] | None = None,
        http_client: AsyncHTTPClient | AsyncEngine | HTTPLibrary | None = None,
    ) -> None:
        """Make a client; nothing is connected until the first call.

        Args:
            api_key: Secret (`sk_…`) or public (`pk_…`) key; `KNOCK_API_KEY` if absent.
            base_url: Where the API is, without `/v1`; `KNOCK_BASE_URL` or `https://api.knock.app` if absent.
            branch: Slug of a branch of the development environment; `KNOCK_BRANCH` if absent.
            user_token: A user's signed token, which goes with a public key when enhanced security is on.
            timeout: Seconds that a call may take in all, attempts and waits included; None for no limit.
            attempt_timeout: Seconds that one attempt may take; None for no limit of its own.
            max_retries: How often a failed attempt is repeated; if None, 2 times, and 3 for `workflows.trigger`.
            max_connections: Most requests in flight at once; others wait for their turn.
            max_response_size: Most bytes of an answer after decompression.
            strict: Raise when an answer does not fit its model, instead of reading what fits.
            strict_once: Do not repeat a trigger that was answered with 500: the API may have carried it out and does
                not keep such answers for the idempotency key.
            allow_http: Allow `http://` for other hosts than this machine; `KNOCK_ALLOW_HTTP=1` does the same.
            default_headers: Headers that every request carries besides.
            default_query: Query parameters that every request carries besides.
            http_client: What to send requests with instead of httpcore: the library `"aiohttp"` (for asyncio; the
                fastest for many calls at once) or `"httpx2"`, if installed;
                or an `httpx.AsyncClient`, or an object of that shape, which stays yours to close.

        Raises:
            ConfigurationError: Something is missing or malformed; the message never repeats a key or token.
        """
        # Tracebacks may show local variables: from here on none holds a key or token in the clear.
        key, token = hide(api_key), hide(user_token)
        del api_key, user_token
        config = configure(
            api_key=key,
            base_url=base_url,
            branch=branch,
            user_token=token,
            timeout=timeout,
            attempt_timeout=attempt_timeout,
            max_retries=max_retries,
            max_connections=max_connections,
            max_response_size=max_response_size,
            strict=strict,
            strict_once=strict_once,
            allow_http=allow_http,
            default_headers=default_headers,
            default_query=default_query,
        )
        start_logging()
        super().__init__(AsyncTransport(config, _engine(config, http_client), Budget(), PerLoop(KeyedLock)))

    @cached_property
    def audiences(self) -> AsyncAudiences:
        """Audiences: named sets of users that workflows and conditions refer to."""
        from .resources.audiences import AsyncAudiences

        return AsyncAudiences(self._transport)

    @cached_property
    def bulk_operations(self) -> AsyncBulkOperations:
        """Bulk operations: work on many rows, done in the background."""
        from .resources.bulk_operations import AsyncBulkOperations

        return AsyncBulkOperations(self._transport)

    @cached_property
    def channels(self) -> AsyncChannels:
        """Channels: what delivers messages."""
        from .resources.channels import AsyncChannels

        return AsyncChannels(self._transport)

    @cached_property
    def integrations(self) -> AsyncIntegrations:
        """Integrations: what data platforms call."""
        from .resources.integrations import AsyncIntegrations

        return AsyncIntegrations(self._transport)

    @cached_property
    def messages(self) -> AsyncMessages:
        """Messages: what a workflow sent to a recipient on a channel."""
        from .resources.messages import AsyncMessages

        return AsyncMessages(self._transport)

    @cached_property
    def objects(self) -> AsyncObjects:
        """Objects: recipients that are not users, with their data and subscriptions."""
        from .resources.objects import AsyncObjects

        return AsyncObjects(self._transport)

    @cached_property
    def providers(self) -> AsyncProviders:
        """Providers: what Slack and Microsoft Teams know."""
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
        """Workflow recipient runs: what a workflow did for one recipient."""
        from .resources.workflow_recipient_runs import AsyncWorkflowRecipientRuns

        return AsyncWorkflowRecipientRuns(self._transport)

    @cached_property
    def workflows(self) -> AsyncWorkflows:
        """Workflows: what is triggered to notify recipients."""
        from .resources.workflows import AsyncWorkflows

        return AsyncWorkflows(self._transport)

    def with_options(self, **changes: Unpack[ClientOptions]) -> Self:
        """Return a client with some settings changed, which shares connections and the retry budget with this one.

        Args:
            **changes: Any of `api_key`, `branch`, `user_token`, `timeout`, `attempt_timeout`, `max_retries`,
                `max_response_size`, `strict`, `strict_once`, `default_headers` and `default_query`, as in the client's
                arguments.

        Raises:
            TypeError: A keyword is not one of these.
            ConfigurationError: A value is malformed.
        """
        hidden = hide_in(changes)
        del changes
        present = self._transport
        changed = object.__new__(type(self))
        changed._transport = AsyncTransport(
            override_config(present.config, hidden), present.engine, present.budget, present.record_locks
        )
        return changed

    async def close(self) -> None:
        """Close every connection, also those shared with clients made by `with_options`."""
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
        if transport is None:  # tools that show the local variables of a failure meet clients that are not made yet
            return f"<{type(self).__name__} that is not made>"
        return f"{type(self).__name__}(base_url={transport.config.origin.url!r})"


def _engine(config: Config, http_client: Any) -> AsyncEngine:
    """Return what sends: the caller's choice, a client for the proxies of the environment, or the default engine."""
    if isinstance(http_client, str):
        from .engines._choose import engine_over

        chosen = engine_over(http_client, config)
        if not config.proxied:
            return chosen
        http_client = None  # proxies are httpx's matter, whatever library is named
    if http_client is not None and hasattr(http_client, "exchange"):
        engine: AsyncEngine = http_client
        return engine
    if http_client is not None or config.proxied:
        from .engines.httpx_client import AsyncHTTPClientEngine

        return AsyncHTTPClientEngine(config, http_client)
    from .._core.http_library import library
    from .engines.pooled import AsyncPooledEngine

    return AsyncPooledEngine(config, library("httpcore"))
