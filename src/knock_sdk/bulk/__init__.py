"""Bulk jobs of any size: what the `*_many` methods take and return.

::

    report = client.users.bulk.identify_many(csv.DictReader(file), journal="import.sqlite")
    print(report)
    report.raise_for_failures()

`python -m knock_sdk.bulk FILE` shows what a journal holds.
"""

from __future__ import annotations

from ._errors import BulkFailuresError, BulkItemError, BulkOperationFailedError, JournalError
from ._failures import BulkFailure, BulkProgress
from ._report import BulkReport
from ._triggers import Trigger

__all__ = [
    "BulkFailure",
    "BulkFailuresError",
    "BulkItemError",
    "BulkOperationFailedError",
    "BulkProgress",
    "BulkReport",
    "JournalError",
    "Trigger",
]
