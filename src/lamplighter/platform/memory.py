"""What the system's allocator does with memory that a batch of a run lets go of: it stays for the next batch.

Given back, as large blocks are at once, it has to be found and cleared anew each time, which cost a bill as much as
reading its meter did. Only glibc is told; elsewhere nothing is.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD, ARENA_MAX = -1, -2, -3, -8  # of malloc.h
MEGABYTE = 1 << 20
KEPT = {TRIM_THRESHOLD: 256 * MEGABYTE, TOP_PAD: 16 * MEGABYTE, MMAP_THRESHOLD: 32 * MEGABYTE, ARENA_MAX: 1}
"""So much may lie free before it goes back, so much is taken at a time, larger blocks than these go back at once, and
all threads share one heap."""


def keep_freed_memory() -> None:
    """For a process that works through batches: what it has touched it keeps, a few hundred MB at most."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another library than glibc
            mallopt = ctypes.CDLL(None).mallopt
            for parameter, value in KEPT.items():
                mallopt(parameter, value)
