# Derived from src/knock_sdk/_async/client.py by `python -m codegen`; do not edit.
"""The synchronous client."""

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
from .raw_methods import RawMethods
from .transport import Transport

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from typing_extensions import Self, TypedDict, Unpack

    from .._core.config import Config
    from .engines._choose import HTTPLibrary
    from .engines.httpx_client import HTTPClient
    from .resources.audiences import Audiences
    from .resources.bulk_operations import BulkOperations
    from .resources.channels import Channels
    from .resources.integrations import Integrations
    from .resources.messages import Messages
    from .resources.objects import Objects
    from .resources.providers import Providers
    from .resources.schedules import Schedules
    from .resources.tenants import Tenants
    from .resources.users import Users
    from .resources.workflow_recipient_runs import WorkflowRecipientRuns
    from .resources.workflows import Workflows
    from .transport import Engine

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


class Knock(RawMethods):
    """A client of the Knock API.

    ::

        with Knock() as client:
            client.workflows.trigger("comment-created", recipients=["jhammond"])

    It is cheap to make; it may be used by many threads at once, and after
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
        http_client: HTTPClient | Engine | HTTPLibrary | None = None,
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
            http_client: What to send requests with instead of httpcore: the library `"httpx2"`, if installed;
                or an `httpx.Client`, or an object of that shape, which stays yours to close.

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
        super().__init__(Transport(config, _engine(config, http_client), Budget(), PerLoop(KeyedLock)))

    @cached_property
    def audiences(self) -> Audiences:
        """Audiences: named sets of users that workflows and conditions refer to."""
        from .resources.audiences import Audiences

        return Audiences(self._transport)

    @cached_property
    def bulk_operations(self) -> BulkOperations:
        """Bulk operations: work on many rows, done in the background."""
        from .resources.bulk_operations import BulkOperations

        return BulkOperations(self._transport)

    @cached_property
    def channels(self) -> Channels:
        """Channels: what delivers messages."""
        from .resources.channels import Channels

        return Channels(self._transport)

    @cached_property
    def integrations(self) -> Integrations:
        """Integrations: what data platforms call."""
        from .resources.integrations import Integrations

        return Integrations(self._transport)

    @cached_property
    def messages(self) -> Messages:
        """Messages: what a workflow sent to a recipient on a channel."""
        from .resources.messages import Messages

        return Messages(self._transport)

    @cached_property
    def objects(self) -> Objects:
        """Objects: recipients that are not users, with their data and subscriptions."""
        from .resources.objects import Objects

        return Objects(self._transport)

    @cached_property
    def providers(self) -> Providers:
        """Providers: what Slack and Microsoft Teams know."""
        from .resources.providers import Providers

        return Providers(self._transport)

    @cached_property
    def schedules(self) -> Schedules:
        """Schedules: workflows that run later, once or repeatedly."""
        from .resources.schedules import Schedules

        return Schedules(self._transport)

    @cached_property
    def tenants(self) -> Tenants:
        """Tenants: the customers whose branding and preferences apply."""
        from .resources.tenants import Tenants

        return Tenants(self._transport)

    @cached_property
    def users(self) -> Users:
        """Users: the people who receive notifications."""
        from .resources.users import Users

        return Users(self._transport)

    @cached_property
    def workflow_recipient_runs(self) -> WorkflowRecipientRuns:
        """Workflow recipient runs: what a workflow did for one recipient."""
        from .resources.workflow_recipient_runs import WorkflowRecipientRuns

        return WorkflowRecipientRuns(self._transport)

    @cached_property
    def workflows(self) -> Workflows:
        """Workflows: what is triggered to notify recipients."""
        from .resources.workflows import Workflows

        return Workflows(self._transport)

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
        changed._transport = Transport(
            override_config(present.config, hidden), present.engine, present.budget, present.record_locks
        )
        return changed

    def close(self) -> None:
        """Close every connection, also those shared with clients made by `with_options`."""
        self._transport.engine.close()

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the client."""
        self.close()

    @override
    def __repr__(self) -> str:
        transport: Transport | None = getattr(self, "_transport", None)
        if transport is None:  # tools that show the local variables of a failure meet clients that are not made yet
            return f"<{type(self).__name__} that is not made>"
        return f"{type(self).__name__}(base_url={transport.config.origin.url!r})"


def _engine(config: Config, http_client: Any) -> Engine:
    """Return what sends: the caller's choice, a client for the proxies of the environment, or the default engine."""
    if isinstance(http_client, str):
        from .engines._choose import engine_over

        chosen = engine_over(http_client, config)
        if not config.proxied:
            return chosen
        http_client = None  # proxies are httpx's matter, whatever library is named
    if http_client is not None and hasattr(http_client, "exchange"):
        engine: Engine = http_client
        return engine
    if http_client is not None or config.proxied:
        from .engines.httpx_client import HTTPClientEngine

        return HTTPClientEngine(config, http_client)
    from .._core.http_library import library
    from .engines.pooled import PooledEngine

    return PooledEngine(config, library("httpcore"))
