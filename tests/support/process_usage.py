"""Memory and file descriptors of this process, from /proc."""

from __future__ import annotations

import gc
import os
from pathlib import Path


def resident() -> int:
    """Return the number of resident bytes after a garbage collection."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def descriptors() -> int:
    """Return the number of open file descriptors."""
    return len(list(Path("/proc/self/fd").iterdir()))
