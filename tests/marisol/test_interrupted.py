"""Ctrl-C while the city is built: the builder ends it, and nobody sees the stacks of the processes beneath it."""

import multiprocessing
import os
import pickle
import signal
import time
from pathlib import Path

import pytest

from lamplighter.town.apart import tell_share

INTERRUPT = 1 << (signal.SIGINT - 1)


def test_a_share_leaves_ctrl_c_to_the_builder():
    if not Path("/proc/self/status").exists():
        pytest.skip("reads in /proc what a process ignores")
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    share = context.Process(target=tell_share, args=(0, there), daemon=True)
    share.start()
    give_up = time.monotonic() + 60
    while not ignored(share.pid) & INTERRUPT:
        assert time.monotonic() < give_up, "it goes on hearing Ctrl-C"
        time.sleep(0.05)
    os.kill(share.pid, signal.SIGINT)
    here.send_bytes(pickle.dumps("no plan"))
    assert here.poll(60), "it lives"
    assert "ValueError" in here.recv(), "and says what is wrong with what it was told"
    share.join(60)
    assert share.exitcode == 0


def ignored(pid: int) -> int:
    """The signals that a process ignores, as a mask."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("SigIgn")), 16)
