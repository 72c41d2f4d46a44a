"""The HTTP libraries that callers can choose by name; aiohttp is for asyncio only.

`_sync/engines/_choose.py` is the counterpart; both define the same names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ..._core.http_library import load_library
from ...errors import ConfigurationError

if TYPE_CHECKING:
    from ..._core.config import Config
    from ..transport import AsyncEngine

HTTPLibrary: TypeAlias = Literal["aiohttp", "httpx2"]
"""The libraries that can be named."""


def engine_over(name: str, config: Config) -> AsyncEngine:
    """Return the engine over a library, or raise ConfigurationError if it is unknown or not installed."""
    try:
        if name == "aiohttp":
            from .aiohttp import AsyncAiohttpEngine

            return AsyncAiohttpEngine(config)
        if name == "httpx2":
            from .pooled import AsyncPooledEngine

            return AsyncPooledEngine(config, load_library("httpcore2"))
    except ImportError:
        raise ConfigurationError(
            f"http_client: {name} is not installed, or too old; pip install 'knock-sdk[{name}]'"
        ) from None
    raise ConfigurationError("http_client: takes 'aiohttp', 'httpx2' or an HTTP client")
