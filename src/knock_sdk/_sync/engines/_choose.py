"""The HTTP libraries that callers can choose by name.

`_async/engines/_choose.py` is the counterpart; both define the same names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ..._core.http_library import load_library
from ...errors import ConfigurationError

if TYPE_CHECKING:
    from ..._core.config import Config
    from ..transport import Engine

HTTPLibrary: TypeAlias = Literal["httpx2"]
"""The libraries that can be named."""


def engine_over(name: str, config: Config) -> Engine:
    """Return the engine over a library, or raise ConfigurationError if it is unknown or not installed."""
    if name == "aiohttp":
        raise ConfigurationError("http_client: takes 'httpx2' or an HTTP client; 'aiohttp' is for AsyncKnock alone")
    if name != "httpx2":
        raise ConfigurationError("http_client: takes 'httpx2' or an HTTP client")
    from .pooled import PooledEngine

    try:
        return PooledEngine(config, load_library("httpcore2"))
    except ImportError:
        raise ConfigurationError("http_client: httpx2 is not installed; pip install 'knock-sdk[httpx2]'") from None
