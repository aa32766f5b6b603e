"""How often Python looks for objects that only refer to each other: seldom, and never among what is loaded for good."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

NEW_OBJECTS = 50_000
"""Python's own 700 are reached some hundred times in a batch of bills or a page, and each tenth time older ones are
looked at too, in the end all that is loaded, which takes a tenth of a second."""


def collect_seldom() -> None:
    """For a process that has loaded most of what it will. Most objects go when nothing refers to them, without this."""
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)


@contextmanager
def collected_at_the_end() -> Iterator[None]:
    """For work that makes many objects and lets nearly all of them go at its end: cycles are looked for then, once, and
    not in the midst of it, when most of what is looked at is still wanted."""
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()
        gc.collect(1)
