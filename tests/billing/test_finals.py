"""Who has left is billed once the last days are read, whatever the cycle; who has not, or is not read, waits."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lamplighter.billing.models import Bill, Parked
from lamplighter.billing.queries.due import accounts_to_bill, occasions
from lamplighter.billing.rules import CannotBill
from lamplighter.journeys.billing import bill_finals, bill_now, leaving, mark_of, preview
from lamplighter.journeys.moving import start_service, stop_service
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from tests.town import DANA, NIGHTLY, Town

JULY = Period(date(2026, 7, 1), date(2026, 8, 1))
STOP, NEXT = date(2026, 8, 11), date(2026, 8, 12)


@pytest.fixture
def town(db, settings, tmp_path):
    settings.INTERVAL_STORE = str(tmp_path / "intervals")
    return Town(date(2026, 7, 1))


@pytest.fixture
def leavers(town):
    """Ada, Ben and Cleo, billed for July; Ada and Ben stop on 11 August. Ben's meter said nothing in August."""
    rate = town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml")
    for who in ("Ada", "Ben", "Cleo"):
        town.moves_in(who, rate)
        town.uses(who, JULY if who == "Ben" else Period(date(2026, 7, 1), date(2026, 9, 1)), 1000)
    town.on("2026-08-01").bills("2026-07-01", "2026-08-01")
    for who in ("Ada", "Ben"):
        stop_service(agreement=town.homes[who].agreement, on=STOP, by=DANA, at=town.at)
    town.rate = rate
    return town


def finals(town, on=NEXT):
    accounts = list(leaving(on).order_by("pk").values_list("pk", flat=True))
    return bill_finals(accounts=accounts, on=on, by=NIGHTLY, at=town.at)


def names(town, accounts):
    return [who for who, home in town.homes.items() if home.account in set(accounts)]


def test_who_has_left_and_is_read_gets_the_final_bill_at_once_and_once(leavers):
    assert names(leavers, leaving(NEXT)) == ["Ada", "Ben"]
    assert finals(leavers) == 1
    (bill,) = Bill.objects.filter(kind=Bill.Kind.FINAL)
    assert (bill.account, bill.window, bill.issued_on) == (leavers.homes["Ada"].account, None, NEXT)
    assert bill.segments.get().period == Period(date(2026, 8, 1), STOP)
    assert names(leavers, leaving(NEXT)) == ["Ben"]
    assert finals(leavers) == 0


def test_a_window_counts_only_who_has_days_to_bill(leavers):
    """Ada has her final bill, Ben's last days wait, Cleo goes on, and Dora moved in so late that she waits a month."""
    finals(leavers)
    leavers.moves_in("Dora", leavers.rate, on=date(2026, 8, 20))
    window = leavers.window("2026-08-01", "2026-09-01")
    everybody = [home.account.pk for home in leavers.homes.values()]
    due = accounts_to_bill(window)
    assert names(leavers, due) == ["Ben", "Cleo"]
    assert {one.pk for one in due} == set(occasions(everybody, reads_on=window.reads_on, month=window.month))
    assert names(leavers, accounts_to_bill(leavers.window("2026-09-01", "2026-10-01"))) == ["Ben", "Cleo", "Dora"]


def test_nobody_is_billed_finally_before_the_last_day_is_over(leavers):
    assert names(leavers, leaving(STOP - timedelta(days=1))) == []
    assert names(leavers, leaving(STOP)) == ["Ada", "Ben"]


def test_who_moved_and_has_service_elsewhere_waits_for_the_cycle(leavers):
    point = leavers.homes["Ben"].point
    start_service(account=leavers.homes["Ada"].account, points=(point,), schedule=leavers.rate, on=STOP, by=DANA,
                  at=leavers.at)  # fmt: skip
    assert names(leavers, leaving(NEXT)) == ["Ben"]


def test_what_the_window_parked_is_settled_by_the_final_bill(leavers):
    leavers.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    ben = leavers.homes["Ben"]
    assert Parked.objects.get(agreement=ben.agreement).state == Parked.State.OPEN
    leavers.uses("Ben", Period(date(2026, 8, 1), date(2026, 9, 1)), 1000)
    assert finals(leavers, date(2026, 9, 2)) == 1
    assert Parked.objects.get(agreement=ben.agreement).state == Parked.State.BILLED
    assert Bill.objects.get(kind=Bill.Kind.FINAL, account=ben.account).charges > Money(0)


def test_a_bill_outside_the_cycle_is_the_one_that_was_shown(leavers):
    cleo = leavers.homes["Cleo"].agreement
    shown = mark_of(preview(agreement=cleo, until=STOP))
    leavers.uses("Cleo", Period(date(2026, 8, 5), date(2026, 8, 6)), 1500)
    asked = {"agreement": cleo, "until": STOP, "on": NEXT, "by": DANA, "at": leavers.at}
    with pytest.raises(CannotBill, match="nothing was billed"):
        bill_now(**asked, shown=shown)
    bill = bill_now(**asked, shown=mark_of(preview(agreement=cleo, until=STOP)))
    assert (bill.kind, bill.segments.get().period) == (Bill.Kind.OFF_CYCLE, Period(date(2026, 8, 1), STOP))
