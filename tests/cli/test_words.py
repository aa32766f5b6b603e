"""docs/words.md names things that are there, and each once."""

from __future__ import annotations

import re
from functools import reduce
from importlib import import_module
from pathlib import Path

import pytest

WORDS = Path(__file__).parents[2] / "docs" / "words.md"
ROW = re.compile(r"^\| (?P<term>[^|]+) \| (?P<meaning>[^|]+) \| `(?P<where>[\w.]+)` \|$", re.MULTILINE)
ROWS = [match.groupdict() for match in ROW.finditer(WORDS.read_text(encoding="utf-8"))]


def named(where: str) -> object:
    """The object, whose module is as much of the name as can be imported."""
    parts = f"lamplighter.{where}".split(".")
    for end in range(len(parts), 1, -1):
        try:
            module = import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        return reduce(getattr, parts[end:], module)
    raise AssertionError(where)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["term"])
def test_a_word_stands_for_something_that_is_there(row):
    assert named(row["where"]) is not None
    assert row["meaning"].endswith(".")


def test_each_word_is_told_once():
    terms = [row["term"] for row in ROWS]
    assert len(terms) == len(set(terms)) > 80
