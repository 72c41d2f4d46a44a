"""What became of a chunk: how many of its items were processed, which failed, and what is to be sent again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..errors import APIStatusError, KnockError, OutcomeUnknownError
from ._chunks import Chunk, Cutter, as_json, has_own_key
from ._errors import BulkItemError
from ._jobs import id_of, items_in
from ._verdicts import named_items

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .. import types as t
    from ..errors import FieldError
    from ._jobs import Job


class Failed(NamedTuple):
    """An item that failed, or whose outcome is unknown."""

    position: int | None
    item: bytes | None
    """The item as JSON."""
    error: KnockError

    @property
    def unknown(self) -> bool:
        """Whether it may have been processed."""
        return isinstance(self.error, OutcomeUnknownError)


class Finished(NamedTuple):
    """What became of a chunk."""

    chunk: Chunk
    succeeded: int
    failed: Sequence[Failed] = ()
    parts: Sequence[Chunk] = ()
    """The chunks that replace it."""
    pause: float = 0.0
    """Seconds before these may be sent."""


def all_failed(job: Job, chunk: Chunk, error: KnockError) -> Finished:
    """Return the end of a chunk all of whose items failed, or have an unknown outcome, for the same reason."""
    if chunk.size == 1:
        error = _error_of_item(job, error, 0, chunk.position(0))
    items = items_in(job, chunk.target, chunk.body)
    if job.single and (isinstance(error, OutcomeUnknownError) or has_own_key(chunk)):
        # Sent again with this key, it is not carried out a second time.
        items[0]["idempotency_key"] = chunk.key
    return Finished(chunk, 0, [Failed(chunk.position(i), as_json(item), error) for i, item in enumerate(items)])


def unknown(job: Job, chunk: Chunk, problem: str) -> Finished:
    """Return the end of a chunk that may or may not have been processed, and must not be sent again."""
    return all_failed(job, chunk, OutcomeUnknownError(f"it may or may not have been processed: {problem}"))


def refused(cutter: Cutter, chunk: Chunk, error: KnockError) -> Finished:
    """Return the end of a chunk of which the API refuses an item: the items that it names fail, the rest is sent again.

    If it names none, the chunk is halved, until the item is alone.
    """
    job = cutter.job
    named = named_items(job, error, chunk.size)
    if not named and chunk.size == 1:
        return all_failed(job, chunk, error)
    if not named:
        return halved(cutter, chunk)
    items = items_in(job, chunk.target, chunk.body)
    failed = [
        Failed(
            chunk.position(index),
            as_json(items[index]),
            _error_of_item(job, error, index, chunk.position(index), named[index]),
        )
        for index in sorted(named)
    ]
    rest = [index for index in range(chunk.size) if index not in named]
    return Finished(chunk, 0, failed, cutter.split(chunk, [rest]) if rest else ())


def halved(cutter: Cutter, chunk: Chunk) -> Finished:
    """Return the end of a chunk of several items that is replaced by its halves."""
    half = chunk.size // 2
    return Finished(chunk, 0, parts=cutter.split(chunk, [range(half), range(half, chunk.size)]))


def _error_of_item(
    job: Job, error: KnockError, index: int, position: int, fields: Sequence[FieldError] | None = None
) -> KnockError:
    """Return the error with what it says about one item.

    Args:
        job: the job.
        error: the error of the request.
        index: place of the item in the request, which is of no use to anybody.
        position: its place in the input, which the message has instead.
        fields: the fields of the item that it names, which are named as they are in the item; None for all fields.
    """
    if not isinstance(error, APIStatusError) or job.single:
        return error
    name = re.escape(job.argument)
    start = re.compile(rf"\W*{name}\W+\d+\W*")
    place = re.compile(rf"\b{name}(?:\[{index}\]|[./]{index}\b)")
    return type(error)(
        place.sub(f"{job.argument}[{position}]", error.message),
        status_code=error.status_code,
        method=error.method,
        path=error.path,
        code=error.code,
        errors=error.errors
        if fields is None
        else [each._replace(field=start.sub("", each.field or "") or "the item") for each in fields],
        request_id=error.request_id,
    )


def processed(cutter: Cutter, chunk: Chunk, limited: Sequence[str]) -> Finished:
    """Return the end of a chunk that was processed, apart from items that had changed less than a second ago."""
    if not limited:
        return Finished(chunk, chunk.size)
    items = items_in(cutter.job, chunk.target, chunk.body)
    again = [index for index, item in enumerate(items) if item in limited]
    return Finished(chunk, chunk.size - len(again), parts=cutter.split(chunk, [again]) if again else (), pause=1.0)


def completed(job: Job, chunk: Chunk, operation: t.BulkOperation) -> Finished:
    """Return the end of a chunk whose operation has completed, perhaps with items that failed."""
    count = min(max(operation.error_count or 0, len(operation.error_items)), chunk.size)
    if not count:
        return Finished(chunk, chunk.size)
    error = BulkItemError(
        f"the bulk operation {operation.id} ({operation.name}) reports an error of this item, without a reason"
    )
    items = items_in(job, chunk.target, chunk.body)
    places: dict[str, list[int]] = {}
    for index, item in enumerate(items):
        if (found := id_of(item)) is not None:
            places.setdefault(found, []).append(index)
    failed: list[Failed] = []
    others: list[Failed] = []
    for each in operation.error_items:
        if found_places := places.get(each.id):
            index = found_places.pop(0)
            failed.append(Failed(chunk.position(index), as_json(items[index]), error))
        elif each.id not in places:
            others.append(Failed(None, as_json({"id": each.id, "collection": each.collection}), error))
    # The API may report the same item twice, or report more errors than it lists.
    missing = max(0, count - len(failed))
    failed += (others + [Failed(None, None, error)] * missing)[:missing]
    return Finished(chunk, chunk.size - len(failed), failed)
