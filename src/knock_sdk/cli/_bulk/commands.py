"""The group `knock-sdk bulk`."""

from __future__ import annotations

from .._groups import new_group
from . import exports, imports, operations

app = new_group()
app.command("import", epilog=f"Example: {imports.IMPORT_EXAMPLE}")(imports.import_file)
app.command("export", epilog=f"Example: {exports.EXAMPLE}")(exports.export_to_file)
app.command("trigger", epilog=f"Example: {imports.TRIGGER_EXAMPLE}")(imports.trigger_from_file)
app.command("status", epilog=f"Example: {operations.STATUS_EXAMPLE}")(operations.show_operation)
app.command("journal", epilog=f"Example: {operations.JOURNAL_EXAMPLE}")(operations.show_journal)
