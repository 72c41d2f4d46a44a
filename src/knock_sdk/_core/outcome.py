"""Outcomes of one attempt: a response, a failure, or a response that is too large."""

from __future__ import annotations

from typing import NamedTuple

from typing_extensions import override


class Response(NamedTuple):
    """A response, with its body complete and decompressed."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @override
    def __repr__(self) -> str:
        # Tracebacks may show local variables, so neither a body nor an echoed key may appear here.
        return f"<Response {self.status}, {len(self.body):,} bytes>"

    def header(self, name: bytes) -> str | None:
        """Return the value of a header, by its name in lower case; None if there is none."""
        for key, value in self.headers:
            if key == name or key.lower() == name:
                return value.decode("latin-1").strip()
        return None

    def all_headers(self) -> dict[str, str]:
        """Return the headers with lower-case names; the values of repeated ones are joined by commas."""
        joined: dict[str, str] = {}
        for raw_name, raw_value in self.headers:
            name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
            joined[name] = f"{joined[name]}, {value}" if name in joined else value
        return joined


class Failure(Exception):  # noqa: N818 (it never reaches a caller: the transport turns it into a KnockError)
    """An attempt that ended without a complete response."""

    def __init__(
        self,
        problem: str,
        *,
        sent: bool,
        timed_out: bool = False,
        permanent: bool = False,
        reused: bool = False,
        attempted: bool = True,
    ) -> None:
        """Store the facts that decide about another attempt.

        Args:
            problem: description of the problem, without secrets.
            sent: whether a byte of the request may have reached the server.
            timed_out: whether a time limit ended the attempt.
            permanent: whether another attempt would fail in the same way (an invalid certificate or header).
            reused: whether the connection was idle since an earlier request.
            attempted: whether it came to an attempt, or the call ended while it waited for one.
        """
        super().__init__(problem)
        self.problem = problem
        self.sent = sent
        self.timed_out = timed_out
        self.permanent = permanent
        self.reused = reused
        self.attempted = attempted

    @override
    def __str__(self) -> str:
        return self.problem


def no_turn() -> Failure:
    """Return the failure of a call whose rate limit has no place for it within its time limit."""
    return Failure(
        "the client's rate limit allows no request within the time limit: pass a longer timeout, or None for no limit",
        sent=False,
        timed_out=True,
        attempted=False,
    )


class Oversized(Exception):  # noqa: N818 (as above)
    """A response larger than the limit; only the start of its body is available."""

    def __init__(self, response: Response) -> None:
        """Store the head with the first bytes of the body."""
        super().__init__("too large")
        self.response = response


class ProtocolError(Exception):
    """The server broke the protocol, or closed the connection before the end of its response.

    Attributes:
        problem: what it did, in words of our own: the predicate of a sentence.
    """

    def __init__(self, problem: str) -> None:
        """Store the problem."""
        super().__init__(problem)
        self.problem = problem


def not_http(fault: str) -> ProtocolError:
    """Return the error for a response that is malformed."""
    return ProtocolError(f"sent a response that is not valid HTTP: {fault}")
