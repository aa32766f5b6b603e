"""Memory that a batch lets go of is there for the next; each is seen in a process of its own."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

FAULTS = """
import resource
{first}
faults = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_minflt
block = bytearray(20 << 20)
del block
before = faults()
block = bytearray(20 << 20)
print(faults() - before)
"""
KEEPING = "from lamplighter.platform.memory import keep_freed_memory; keep_freed_memory()"


def said(program: str, **environment: str) -> str:
    made = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return made.stdout.strip()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is told what to keep")
def test_a_block_that_was_let_go_of_is_touched_for_the_first_time_once():
    assert int(said(FAULTS.format(first=""))) > 1_000  # 5,120 pages of 4 KB
    assert int(said(FAULTS.format(first=KEEPING))) < 100


def test_arrays_stand_in_ordinary_pages_unless_somebody_says_otherwise():
    asked = "import os{}; import lamplighter.cli; print(*[os.environ[name] for name in lamplighter.cli.MEMORY])"
    assert said(asked.format("; os.environ.pop('NUMPY_MADVISE_HUGEPAGE', None)")).startswith("0 ")
    assert said(asked.format(""), NUMPY_MADVISE_HUGEPAGE="1", ARROW_DEFAULT_MEMORY_POOL="mimalloc") == "1 mimalloc"
