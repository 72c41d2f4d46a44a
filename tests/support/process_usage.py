"""Memory and descriptors of this process, as Linux counts them."""

from __future__ import annotations

import gc
import os
from pathlib import Path


def resident() -> int:
    """Return the resident bytes, after garbage is collected."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def descriptors() -> int:
    """Return the number of open descriptors."""
    return len(list(Path("/proc/self/fd").iterdir()))
