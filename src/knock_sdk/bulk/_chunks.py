"""Chunks: the items of one request, cut by number and by bytes, with the bytes that are sent."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from .._core.requests.encode import encode
from .._core.type_guards import is_mapping
from .._core.values.body import as_mapping
from ..errors import InvalidArgumentError, KnockError
from ._jobs import MAX_BODY, MAX_QUERY, body_with, items_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._core.lifetime import Lifetime
    from .._core.requests.config import Config
    from .._core.requests.encode import Outgoing
    from ._jobs import Job

_PER_REQUEST = frozenset({b"content-length", b"idempotency-key"})


@dataclass(eq=False)
class Chunk:
    """The items of one request; the bytes of the request do not change any more."""

    start: int
    """Position in the input of its first item."""
    count: int
    """Number of items of the input that it covers, invalid ones included; 0 for a part of another chunk."""
    target: str
    body: bytes
    size: int
    """Number of items that it has."""
    positions: list[int] | None = None
    """Positions of the items in the input, unless they follow each other from `start`."""
    key: str | None = None
    """Idempotency key, if the operation takes one."""
    digest: bytes = b""
    """A digest of what is sent, by which the input is compared with that of an earlier run."""
    id: int = 0
    first_sent_at: float | None = None
    """When it was about to be sent for the first time, in seconds since 1970."""
    doubtful: bool = False
    """Whether it may have been processed already."""
    stored: bool = False
    """Whether the API may have carried it out, and stored the response under its key."""
    operation: str | None = None
    """Id of the bulk operation that processes it."""
    counted: bool = False
    """Whether its items count as processed because the API has accepted them, and nobody waited for its operation."""
    tries: int = 0
    """Number of failed tries, for reasons that may have passed."""
    successes_before: int = 0
    """Number of other requests that had succeeded when it failed for the first time."""
    polls: int = 0
    polled_since: float = 0.0
    """When this run began to wait for its operation, in seconds of the clock."""
    invalid: list[Invalid] = field(default_factory=list["Invalid"])
    """Items that it would have, but that cannot be sent."""

    def position(self, index: int) -> int:
        """Return the position in the input of one of its items."""
        return self.start + index if self.positions is None else self.positions[index]


def digest_of(count: int, size: int, target: str, body: bytes, own_key: str | None = None) -> bytes:
    """Return a digest of what a chunk sends: the items that it covers and has, and the caller's own key."""
    return sha256(b"%d\n%d\n%b\n%b\n%b" % (count, size, target.encode(), (own_key or "").encode(), body)).digest()


def has_own_key(chunk: Chunk) -> bool:
    """Return whether the idempotency key is the caller's."""
    own = chunk.key and digest_of(chunk.count, chunk.size, chunk.target, chunk.body, chunk.key)
    return chunk.digest == own


@dataclass(eq=False)
class Invalid:
    """An item that cannot be sent."""

    position: int
    item: Any
    error: KnockError


class Cutter:
    """Cuts items into chunks."""

    def __init__(self, job: Job, config: Config, lifetime: Lifetime) -> None:
        """Check the arguments of the job that do not depend on its items.

        Raises:
            InvalidArgumentError: An argument is invalid.
        """
        self.job = job
        self._config = config
        self._lifetime = lifetime
        request = job.request([])
        self.response_type: type[Any] = request.response_type
        self.template: Outgoing = encode(request, config, lifetime)._replace(max_retries=0)
        """The request without items, whose headers all requests have. It is the job that repeats requests."""
        self._largest = MAX_QUERY if job.in_query else MAX_BODY + len(self.template.body)
        self.fitting: int = job.max_items
        """Number of items that fit into one request, by those seen last."""

    def cut(self, items: list[Any], start: int) -> Chunk:
        """Return a chunk of the first items: as many as fit into one request, and at least one.

        Args:
            items: at least one item, at most `fitting`.
            start: position of the first one in the input.
        """
        while True:
            chunk = self.encode(items, start)
            size = len(chunk.target if self.job.in_query else chunk.body)
            if len(items) == 1 or size <= self._largest:
                break
            items = items[: len(items) // 2]
            self.fitting = len(items)
        if size * 2 <= self._largest:
            self.fitting = min(self.fitting * 2, self.job.max_items)
        return chunk

    def encode(self, items: list[Any], start: int) -> Chunk:
        """Return a chunk of all of these items; those that are invalid are noted in it instead."""
        try:
            outgoing = self._encode(items)
        except InvalidArgumentError as error:
            if len(items) > 1:
                return self._without_invalid(items, start)
            return self._nothing(start, 1, [Invalid(start, items[0], self._at(error, start))])
        key = _own_key(items, self.job)
        digest = digest_of(len(items), len(items), outgoing.target, outgoing.body, key)
        return Chunk(start, len(items), outgoing.target, outgoing.body, len(items), key=key, digest=digest)

    def _without_invalid(self, items: list[Any], start: int) -> Chunk:
        valid: list[int] = []
        invalid: list[Invalid] = []

        def judge(low: int, high: int) -> None:
            try:
                self._encode(items[low:high])
            except InvalidArgumentError as error:
                if high - low == 1:
                    invalid.append(Invalid(start + low, items[low], self._at(error, start + low)))
                    return
                # By halves, since what all requests have in common may be large.
                judge(low, (low + high) // 2)
                judge((low + high) // 2, high)
            else:
                valid.extend(range(low, high))

        judge(0, len(items) // 2)
        judge(len(items) // 2, len(items))
        if not valid:
            return self._nothing(start, len(items), invalid)
        outgoing = self._encode([items[index] for index in valid])
        positions = [start + index for index in valid]
        digest = digest_of(len(items), len(valid), outgoing.target, outgoing.body)
        return Chunk(
            start,
            len(items),
            outgoing.target,
            outgoing.body,
            len(valid),
            positions,
            digest=digest,
            invalid=invalid,
        )

    def _nothing(self, start: int, count: int, invalid: list[Invalid]) -> Chunk:
        """Return the chunk for items none of which can be sent."""
        target = self.template.target
        return Chunk(start, count, target, b"", 0, digest=digest_of(count, 0, target, b""), invalid=invalid)

    def _at(self, error: InvalidArgumentError, position: int) -> InvalidArgumentError:
        """Return the error of an item that was looked at alone, with its position in the input."""
        alone, text = f"{self.job.argument}[0]", str(error)
        if not text.startswith(alone):
            return error
        return InvalidArgumentError(f"{self.job.argument}[{position}]{text[len(alone) :]}")

    def split(self, chunk: Chunk, parts: Sequence[Sequence[int]]) -> list[Chunk]:
        """Return chunks that have the items of another one, by their index."""
        items = items_in(self.job, chunk.target, chunk.body)
        made: list[Chunk] = []
        for part in parts:
            some = [items[index] for index in part]
            if self.job.in_query:
                target, body = self._encode(some).target, b""
            else:
                target, body = chunk.target, body_with(self.job, chunk.body, some)
            positions = [chunk.position(index) for index in part]
            digest = digest_of(0, len(some), target, body)
            made.append(Chunk(chunk.start, 0, target, body, len(some), positions, digest=digest))
        return made

    def outgoing(self, chunk: Chunk) -> Outgoing:
        """Return the request of a chunk, as it was frozen."""
        headers = [pair for pair in self.template.headers if pair[0] not in _PER_REQUEST]
        headers.append((b"content-length", b"%d" % len(chunk.body)))
        if chunk.key is not None:
            headers.append((b"idempotency-key", chunk.key.encode("ascii")))
        return self.template._replace(target=chunk.target, headers=headers, body=chunk.body, idempotency_key=chunk.key)

    def _encode(self, items: list[Any]) -> Outgoing:
        return encode(self.job.request(items), self._config, self._lifetime)


def key_of(job_id: str, chunk: Chunk) -> str:
    """Return the idempotency key of a chunk: another one in each job, and the same whenever this chunk is sent."""
    return sha256(f"{job_id} {chunk.id} {chunk.start}".encode() + chunk.digest).hexdigest()


def as_json(item: Any) -> bytes:
    """Return an item for a journal, also if it cannot be sent: what JSON cannot represent is described."""
    try:
        return to_json(item, fallback=_describe, inf_nan_mode="strings", serialize_unknown=True)
    except (ValueError, TypeError, RecursionError, UnicodeError):
        pass
    try:  # without lone surrogates, which UTF-8 does not have
        return json.dumps(item, default=_describe, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    except (ValueError, TypeError, RecursionError):
        return to_json(_describe(item))


def _describe(value: Any) -> str:
    return f"<{type(value).__name__}>"


def _own_key(items: list[Any], job: Job) -> str | None:
    """Return the caller's own idempotency key of an item that is a request of its own."""
    item = as_mapping(items[0], "trigger") if job.single else None
    key = item.get("idempotency_key") if is_mapping(item) else None
    return key if isinstance(key, str) else None
