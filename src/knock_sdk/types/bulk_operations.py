# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: bulk operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from knock_sdk._core.responses.model import Model


class BulkOperationErrorItem(Model):
    """A record that a bulk operation could not process."""

    collection: str | None = None
    """Collection of the record where it is an object; null or absent otherwise."""

    id: str
    """Id of the record that failed."""


BulkOperationStatus: TypeAlias = Literal["queued", "processing", "completed", "failed"]
"""Status of a bulk operation."""


class BulkOperation(Model):
    """A job that Knock runs in the background over many records; poll it until it completes or fails."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `BulkOperation`."""

    completed_at: AwareDatetime | None = None
    """When the job finished; null until then, or if it failed."""

    error_count: int
    """Number of rows that could not be processed; may be above zero in a `completed` job."""

    error_items: list[BulkOperationErrorItem]
    """The records that could not be processed."""

    estimated_total_rows: int
    """Approximate number of rows of the job; may never equal `processed_rows`."""

    failed_at: AwareDatetime | None = None
    """When the job as a whole failed; null unless it did."""

    id: str
    """Id of the bulk operation (a UUID), for polling."""

    inserted_at: AwareDatetime
    """When Knock created the bulk operation."""

    name: str
    """Name of the job, such as `users.identify` or `messages.archived`."""

    processed_rows: int
    """Number of rows processed so far; may end above or below `estimated_total_rows`."""

    progress_path: str
    """Address to poll for progress; may be a full URI or only a path."""

    started_at: AwareDatetime | None = None
    """When the job began to run; null while it is queued."""

    status: BulkOperationStatus | str
    """State of the job; `completed` and `failed` are final, and a completed job may still have errors."""

    success_count: int
    """Number of rows processed without an error so far."""

    updated_at: AwareDatetime
    """When the bulk operation last changed."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
