"""How often Python looks for objects that only refer to each other: seldom, and never among what is loaded for good."""

from __future__ import annotations

import gc

NEW_OBJECTS = 50_000
"""Python's own 700 are reached some hundred times in a batch of bills or a page, and each tenth time older ones are
looked at too, in the end all that is loaded, which takes a tenth of a second."""


def collect_seldom() -> None:
    """For a process that has loaded most of what it will. Most objects go when nothing refers to them, without this."""
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
