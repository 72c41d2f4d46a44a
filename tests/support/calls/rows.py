"""All rows."""

from __future__ import annotations

from . import (
    rows_messages,
    rows_objects,
    rows_providers,
    rows_tenants,
    rows_users,
    rows_users_inbox,
    rows_workflows,
)

ROWS = [
    row
    for module in (
        rows_workflows,
        rows_messages,
        rows_users,
        rows_users_inbox,
        rows_objects,
        rows_tenants,
        rows_providers,
    )
    for row in module.ROWS
]
