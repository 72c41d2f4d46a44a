"""Streams of threads, which wait for their sockets themselves.

`_async/engines/watched.py` is the counterpart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .stream import Stream


def watched(stream: Stream) -> Stream:
    """Return the stream: nothing is there to watch its socket."""
    return stream
