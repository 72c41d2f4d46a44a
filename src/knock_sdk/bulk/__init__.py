"""Bulk jobs of any size: what the `*_many` methods take and return.

```python
from knock_sdk import Knock

client = Knock()
users = [{"id": "jhammond", "name": "John"}, {"id": "agrant", "name": "Alan"}]  # or a generator, a csv.DictReader …
report = client.users.bulk.identify_many(users, journal="import.sqlite")
print(report)
report.raise_for_failures()
```

`python -m knock_sdk.bulk FILE` shows what a journal holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._errors import BulkFailuresError, BulkItemError, BulkOperationFailedError, JournalError
from ._failures import BulkFailure, BulkFailureDict, BulkProgress
from ._report import BulkReport, BulkReportDict

if TYPE_CHECKING:
    from ._triggers import Trigger as Trigger

__all__ = [
    "BulkFailure",
    "BulkFailureDict",
    "BulkFailuresError",
    "BulkItemError",
    "BulkOperationFailedError",
    "BulkProgress",
    "BulkReport",
    "BulkReportDict",
    "JournalError",
    "Trigger",
]


if not TYPE_CHECKING:  # type checkers would otherwise accept misspelt names

    def __getattr__(name: str) -> object:
        """Load the type of triggers when it is first needed, with what its annotations name."""
        if name == "Trigger":
            from ._triggers import Trigger

            return globals().setdefault(name, Trigger)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
