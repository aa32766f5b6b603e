"""The page that lists the shipped books lists them all, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.conftest import REPO
from tests.tariffs.working import BOOKS, read

ASIDE = re.compile(r"\(.*?\)|\brider\b")  # what is said of a name, not the name


def test_the_page_lists_every_version_that_is_shipped():
    tariffs = [read(f"{path.parent.name}/{path.stem}") for path in BOOKS.rglob("*.toml")]
    shipped = sorted((found.utility, found.code, str(found.valid.start)) for found in tariffs)
    assert sorted(listed()) == shipped


def listed() -> Iterator[tuple[str, str, str]]:
    """Utility, schedule and first day; a row without a utility is of the one above it."""
    table = (REPO / "docs" / "books.md").read_text(encoding="utf-8").split("\n## ")[0]
    utility = ""
    for row in re.findall(r"^\|(.*)\|$", table, re.MULTILINE)[2:]:
        first, codes, days = (ASIDE.sub("", cell).strip() for cell in row.split("|"))
        utility = first or utility
        for code in codes.split(","):
            for day in days.split(","):
                yield utility, code.strip(), day.strip()
