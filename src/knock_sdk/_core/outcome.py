"""What one attempt led to: an answer, or a failure on the way."""

from __future__ import annotations

from typing import NamedTuple

from typing_extensions import override


class Answer(NamedTuple):
    """An answer as it came, with its body complete and decompressed."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @override
    def __repr__(self) -> str:
        # Tracebacks may show local variables: neither a body nor an echoed key is to be among them.
        return f"<Answer {self.status}, {len(self.body):,} bytes>"

    def header(self, name: bytes) -> str | None:
        """Return a header's value, by its name in lower case."""
        for key, value in self.headers:
            if key == name or key.lower() == name:
                return value.decode("latin-1").strip()
        return None

    def all_headers(self) -> dict[str, str]:
        """Return the headers with lower-case names; values of repeated ones are joined by commas."""
        joined: dict[str, str] = {}
        for raw_name, raw_value in self.headers:
            name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
            joined[name] = f"{joined[name]}, {value}" if name in joined else value
        return joined


class Failure(Exception):  # noqa: N818 (it never reaches a caller: the transport turns it into a KnockError)
    """An attempt that ended without a complete answer."""

    def __init__(
        self, problem: str, *, sent: bool, timed_out: bool = False, permanent: bool = False, reused: bool = False
    ) -> None:
        """Keep what the decision about another attempt needs.

        Args:
            problem: what happened, in words, without any secret.
            sent: whether a byte of the request may have reached the server.
            timed_out: whether a time limit ended the attempt.
            permanent: whether another attempt must fail in the same way (a bad certificate, a bad header).
            reused: whether the connection had been kept from an earlier call.
        """
        super().__init__(problem)
        self.problem = problem
        self.sent = sent
        self.timed_out = timed_out
        self.permanent = permanent
        self.reused = reused

    @override
    def __str__(self) -> str:
        return self.problem


class Oversized(Exception):  # noqa: N818 (as above)
    """An answer that grew past the limit; its head is known, its body was dropped."""

    def __init__(self, answer: Answer) -> None:
        """Keep the head, and the first bytes of the body."""
        super().__init__("too large")
        self.answer = answer
