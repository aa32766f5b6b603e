"""How a version of a schedule comes into force: drafted by one, adopted by another, one at a time."""

from datetime import date

import pytest

from lamplighter.kernel.actors import staff
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations import approvals
from lamplighter.tariffs import operations as tariffs
from lamplighter.tariffs.operations import CannotAdopt
from lamplighter.tariffs.queries import in_force, may_be_proposed
from tests.town import ANALYST, BOOKS, FINANCE, Town

TEXT = (BOOKS / "alameda-municipal-power" / "d-1_2026-07-01.toml").read_text()


@pytest.fixture
def town(db):
    return Town(date(2026, 7, 1))


def drafted(town, by=ANALYST):
    return tariffs.draft(text=TEXT, file="d-1.toml", customer_class="residential", by=by, at=town.at)


def test_what_was_refused_or_withdrawn_may_be_proposed_again(town):
    version = drafted(town)
    first = tariffs.propose(version=version, by=ANALYST, at=town.at)
    with pytest.raises(CannotAdopt, match="proposed already"):
        tariffs.propose(version=version, by=ANALYST, at=town.at)
    approvals.refuse(approval=first, by=FINANCE, at=town.at, remark="Wait for the council.")
    assert may_be_proposed(version)
    second = tariffs.propose(version=version, by=ANALYST, at=town.at)
    approvals.withdraw(approval=second, by=ANALYST, at=town.at)
    approvals.approve(approval=tariffs.propose(version=version, by=ANALYST, at=town.at), by=FINANCE, at=town.at)
    version.refresh_from_db()
    assert (version.state, may_be_proposed(version)) == ("adopted", False)


def test_whoever_drafted_it_does_not_adopt_it_though_another_proposed_it(town):
    version = drafted(town, by=FINANCE)
    proposal = tariffs.propose(version=version, by=ANALYST, at=town.at)
    with pytest.raises(CannotAdopt, match="Nobody adopts their own draft"):
        approvals.approve(approval=proposal, by=FINANCE, at=town.at)


def test_the_version_before_ends_where_the_next_begins(town):
    schedule = town.adopts(TEXT)
    later = TEXT.replace("2026-07-01", "2026-08-01")
    town.adopts(later)
    found = in_force([schedule.pk], period=Period(date(2026, 7, 20), date(2026, 9, 1)))[schedule.pk]
    assert [each.tariff.valid for each in found] == [
        Period(date(2026, 7, 1), date(2026, 8, 1)), Period(date(2026, 8, 1)),
    ]  # fmt: skip
    with pytest.raises(CannotAdopt, match="adopted for 2026-07-01 to 2026-07-31 already"):
        town.adopts(TEXT.replace("2026-07-01", "2026-07-15"))


def test_a_text_whose_worked_bills_do_not_come_out_is_not_kept(town):
    wrong = TEXT.replace("total = ", "total = 1", 1)
    with pytest.raises(CannotAdopt, match="worked bills"):
        tariffs.draft(text=wrong, file="d-1.toml", customer_class="residential", by=staff("iris"), at=town.at)
