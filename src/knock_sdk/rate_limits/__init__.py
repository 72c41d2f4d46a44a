"""Rate limits that several processes or machines share.

```python
from knock_sdk import Knock
from knock_sdk.rate_limits import RedisRateLimit

client = Knock(rate_limit=RedisRateLimit("redis://localhost:6379", fallback_share=1 / 4))
```

Within one process, `Knock(rate_limit="tiers")` needs no other program. Knock documents the limits by tier, from 1 to
1,000 requests a second; all requests of a key to one operation count together; with a user token, those of the token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._core.rate_limits.limits import RateLimit as RateLimit
    from ._limits import LimitsRateLimit as LimitsRateLimit
    from ._redis import RedisRateLimit as RedisRateLimit
    from ._shared import Reservation as Reservation
    from ._shared import SharedRateLimit as SharedRateLimit

__all__ = ["LimitsRateLimit", "RateLimit", "RedisRateLimit", "Reservation", "SharedRateLimit"]

_MODULE_OF = {
    "LimitsRateLimit": "._limits",
    "RateLimit": ".._core.rate_limits.limits",
    "RedisRateLimit": "._redis",
    "Reservation": "._shared",
    "SharedRateLimit": "._shared",
}


if not TYPE_CHECKING:  # type checkers would otherwise accept misspelt names

    def __getattr__(name: str) -> object:
        """Load a public name on first use."""
        from importlib import import_module

        module = _MODULE_OF.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
        value = globals()[name] = getattr(import_module(module, __name__), name)
        return value
