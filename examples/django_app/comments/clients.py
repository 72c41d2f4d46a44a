"""One client of Knock for each process, made when it is first used."""

from functools import cache

from knock_sdk import AsyncKnock, Knock


@cache
def knock() -> Knock:
    """Return the client for synchronous code, which all threads share.

    Its calls are made within requests: better a quick error than a thread that is busy for a minute.
    """
    return Knock(timeout=10)


@cache
def async_knock() -> AsyncKnock:
    """Return the client for asynchronous code; it can be used in several event loops."""
    return AsyncKnock(timeout=10)
