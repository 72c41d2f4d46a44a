"""A typed client for the Knock notification API.

```python
from knock_sdk import Knock

client = Knock()  # the key is read from KNOCK_API_KEY
client.workflows.trigger("comment-created", recipients=["jhammond"], data={"comment": "Done."})
```

Public names are loaded on first use, which keeps `import knock_sdk` fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import bulk as bulk
    from . import errors as errors
    from . import export as export
    from . import migrate as migrate
    from . import otel as otel
    from . import params as params
    from . import rate_limits as rate_limits
    from . import testing as testing
    from . import types as types
    from . import user_tokens as user_tokens
    from . import webhooks as webhooks
    from . import workflows as workflows
    from ._async._paginate import AsyncFeedPaginator as AsyncFeedPaginator
    from ._async._paginate import AsyncPaginator as AsyncPaginator
    from ._async.client import AsyncKnock as AsyncKnock
    from ._async.pages import AsyncFeedPage as AsyncFeedPage
    from ._async.pages import AsyncPage as AsyncPage
    from ._core.hooks import CallEvent as CallEvent
    from ._core.hooks import FailureEvent as FailureEvent
    from ._core.hooks import RequestEvent as RequestEvent
    from ._core.hooks import ResponseEvent as ResponseEvent
    from ._core.hooks import RetryEvent as RetryEvent
    from ._core.requests.options import RequestOptions as RequestOptions
    from ._core.responses.response_info import ResponseInfo as ResponseInfo
    from ._core.responses.response_info import capture_responses as capture_responses
    from ._core.sentinel import NOT_GIVEN as NOT_GIVEN
    from ._core.sentinel import NotGiven as NotGiven
    from ._sync.client import Knock as Knock
    from ._sync.pages import FeedPage as FeedPage
    from ._sync.pages import Page as Page
    from .errors import APIConnectionError as APIConnectionError
    from .errors import APIResponseValidationError as APIResponseValidationError
    from .errors import APIStatusError as APIStatusError
    from .errors import APITimeoutError as APITimeoutError
    from .errors import AuthenticationError as AuthenticationError
    from .errors import BadRequestError as BadRequestError
    from .errors import ConfigurationError as ConfigurationError
    from .errors import ConflictError as ConflictError
    from .errors import FieldError as FieldError
    from .errors import InternalServerError as InternalServerError
    from .errors import InvalidArgumentError as InvalidArgumentError
    from .errors import KnockError as KnockError
    from .errors import NotFoundError as NotFoundError
    from .errors import OutcomeUnknownError as OutcomeUnknownError
    from .errors import PaginationError as PaginationError
    from .errors import PermissionDeniedError as PermissionDeniedError
    from .errors import RateLimitError as RateLimitError
    from .errors import ResponseTooLargeError as ResponseTooLargeError
    from .errors import UnprocessableEntityError as UnprocessableEntityError
    from .workflows import Workflow as Workflow

__version__ = "0.1.0"

_ERRORS = (
    "APIConnectionError",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "ConfigurationError",
    "ConflictError",
    "FieldError",
    "InternalServerError",
    "InvalidArgumentError",
    "KnockError",
    "NotFoundError",
    "OutcomeUnknownError",
    "PaginationError",
    "PermissionDeniedError",
    "RateLimitError",
    "ResponseTooLargeError",
    "UnprocessableEntityError",
)

_EVENTS = ("CallEvent", "FailureEvent", "RequestEvent", "ResponseEvent", "RetryEvent")

_MODULE_OF = {
    "AsyncFeedPage": "_async.pages",
    "AsyncFeedPaginator": "_async._paginate",
    "AsyncKnock": "_async.client",
    "AsyncPage": "_async.pages",
    "AsyncPaginator": "_async._paginate",
    "FeedPage": "_sync.pages",
    "Knock": "_sync.client",
    "NOT_GIVEN": "_core.sentinel",
    "NotGiven": "_core.sentinel",
    "Page": "_sync.pages",
    "RequestOptions": "_core.requests.options",
    "ResponseInfo": "_core.responses.response_info",
    "Workflow": "workflows._workflow",
    "capture_responses": "_core.responses.response_info",
    **dict.fromkeys(_ERRORS, "errors"),
    **dict.fromkeys(_EVENTS, "_core.hooks"),
}

_MODULES = (
    "bulk",
    "errors",
    "export",
    "migrate",
    "otel",
    "params",
    "rate_limits",
    "testing",
    "types",
    "user_tokens",
    "webhooks",
    "workflows",
)

__all__ = [
    "NOT_GIVEN",
    "APIConnectionError",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncFeedPage",
    "AsyncFeedPaginator",
    "AsyncKnock",
    "AsyncPage",
    "AsyncPaginator",
    "AuthenticationError",
    "BadRequestError",
    "CallEvent",
    "ConfigurationError",
    "ConflictError",
    "FailureEvent",
    "FeedPage",
    "FieldError",
    "InternalServerError",
    "InvalidArgumentError",
    "Knock",
    "KnockError",
    "NotFoundError",
    "NotGiven",
    "OutcomeUnknownError",
    "Page",
    "PaginationError",
    "PermissionDeniedError",
    "RateLimitError",
    "RequestEvent",
    "RequestOptions",
    "ResponseEvent",
    "ResponseInfo",
    "ResponseTooLargeError",
    "RetryEvent",
    "UnprocessableEntityError",
    "Workflow",
    "__version__",
    "bulk",
    "capture_responses",
    "errors",
    "export",
    "migrate",
    "otel",
    "params",
    "rate_limits",
    "testing",
    "types",
    "user_tokens",
    "webhooks",
    "workflows",
]


if not TYPE_CHECKING:  # type checkers would otherwise accept misspelt names

    def __getattr__(name: str) -> object:
        """Load a public name on first use."""
        from importlib import import_module

        if name in _MODULES:
            return import_module(f".{name}", __name__)
        module = _MODULE_OF.get(name)
        if module is None:
            from .errors._hints import missing_name

            raise missing_name(__name__, name, __all__)
        value = globals()[name] = getattr(import_module(f".{module}", __name__), name)
        return value
