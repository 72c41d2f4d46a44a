"""Exports of everything that a list returns to a file: JSON lines, CSV or Parquet.

```python
from knock_sdk import Knock, export

report = export.messages(Knock(), "messages.jsonl", status=["bounced"])
print(report)  # messages.jsonl: 12,345 items, 25.7 s, 480 items/s
```

Memory does not grow with the list. The file appears under its name when it is complete; until then, the same call
resumes an earlier one, after an error as well as after `kill -9`. The functions whose names end in
`_async` take an `AsyncKnock`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._errors import ExportError, ExportFileError, ExportLockedError, ExportStateError
from ._report import ExportProgress, ExportReport

if TYPE_CHECKING:
    from ._async.lists import messages_async as messages_async
    from ._async.lists import objects_async as objects_async
    from ._async.lists import tenants_async as tenants_async
    from ._async.lists import users_async as users_async
    from ._plan import ExportFormat as ExportFormat
    from ._sync.lists import messages as messages
    from ._sync.lists import objects as objects
    from ._sync.lists import tenants as tenants
    from ._sync.lists import users as users

_MODULE_OF = {
    "ExportFormat": "_plan",
    **dict.fromkeys(("messages", "objects", "tenants", "users"), "_sync.lists"),
    **dict.fromkeys(("messages_async", "objects_async", "tenants_async", "users_async"), "_async.lists"),
}

__all__ = [
    "ExportError",
    "ExportFileError",
    "ExportFormat",
    "ExportLockedError",
    "ExportProgress",
    "ExportReport",
    "ExportStateError",
    "messages",
    "messages_async",
    "objects",
    "objects_async",
    "tenants",
    "tenants_async",
    "users",
    "users_async",
]


if not TYPE_CHECKING:  # type checkers would otherwise accept misspelt names

    def __getattr__(name: str) -> object:
        """Load a function on first use."""
        if name in _MODULE_OF:
            from importlib import import_module

            value = globals()[name] = getattr(import_module(f".{_MODULE_OF[name]}", __name__), name)
            return value
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from ..errors._hints import missing_name

        raise missing_name(__name__, name, __all__)
