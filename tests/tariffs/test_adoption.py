"""Every shipped schedule can be adopted: drafted by one person with its own bills passed, adopted by another."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lamplighter.kernel.actors import staff
from lamplighter.platform.operations import approvals
from lamplighter.rating.tariff import Status
from lamplighter.tariffs import operations
from lamplighter.tariffs.queries import in_force
from tests.tariffs.working import BOOKS, read

AT = datetime(2026, 11, 2, 17, tzinfo=UTC)
ANALYST, FINANCE = staff("iris"), staff("omar")
UTILITIES = sorted(folder.name for folder in BOOKS.iterdir() if folder.is_dir())


@pytest.mark.django_db
@pytest.mark.parametrize("utility", UTILITIES)
def test_a_whole_book_is_adopted(utility):
    """Oldest versions first; each is then in force on the day on which it begins."""
    files = sorted((BOOKS / utility).glob("*.toml"), key=lambda path: read(f"{utility}/{path.stem}").valid.start)
    for path in files:
        version = operations.draft(
            text=path.read_text(encoding="utf-8"), file=path.name, customer_class="residential", by=ANALYST, at=AT
        )
        approval = operations.propose(version=version, by=ANALYST, at=AT)
        approvals.approve(approval=approval, by=FINANCE, at=AT)
        [found] = in_force([version.schedule_id], period=version.period)[version.schedule_id][-1:]
        assert found.version == version.pk
    assert files


def test_drafts_are_few_and_known():
    drafts = [f"{path.parent.name}/{path.stem}" for path in sorted(BOOKS.rglob("*.toml"))]
    assert [book for book in drafts if read(book).status is Status.DRAFT] == [
        "marisol-bay-power/r-1_2027-07-01_draft",
        "sacramento-municipal-utility-district/r-tod_2018-10-01",
        "sacramento-municipal-utility-district/r-tod_2021-06-01",
        "sacramento-municipal-utility-district/r-tod_2023-06-01",
    ]
