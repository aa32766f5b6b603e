"""A lockbox's file: paid once, to the cent; what belongs to nobody waits with its money until somebody settles it."""

from __future__ import annotations

from copy import copy
from datetime import date

import pytest
from django.db import transaction

from lamplighter.billing.scanline import ScanLine, make
from lamplighter.formats.refusals import Unreadable
from lamplighter.formats.remittances.layout import BadLayout
from lamplighter.journeys.control import controls
from lamplighter.journeys.paying import take_back
from lamplighter.journeys.remitting import apply_line, send_back, take_file
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger.queries import trial_balance
from lamplighter.payments.models import (
    PaymentEvent,
    Remittance,
    RemittedLine,
    SourceLayout,
    TenderControl,
    TenderSource,
)
from lamplighter.payments.operations import begin_cash_only
from lamplighter.payments.operations.layouts import add_source, set_layout
from lamplighter.payments.rules import CannotTake
from lamplighter.town.remittances import Said, lockbox, pay_stations
from lamplighter.worklist.models import Item
from tests.accounts.conftest import furnish
from tests.credit.conftest import DANA, Debtor
from tests.formats.test_remittances import TEXTS

APRIL = date(2026, 4, 1)


class Office(Debtor):
    """Luis owes $84.66 of November 2; two senders' layouts are set since April."""

    def __init__(self, place):
        super().__init__(place)
        self.on("2026-11-20").owes(8466, "2026-11-02")
        told = {"by": DANA, "at": self.at}
        self.box = add_source(name="Harbor lockbox", kind=TenderSource.Kind.LOCKBOX, **told)
        self.shops = add_source(name="QuickStop", kind=TenderSource.Kind.PAY_STATION, **told)
        set_layout(source=self.box, text=TEXTS["harbor-lockbox"], citation="Guide, page 4", on=APRIL, **told)
        set_layout(source=self.shops, text=TEXTS["quickstop"], citation="Guide 3.1", on=APRIL, **told)

    @property
    def scan(self) -> str:
        return make(ScanLine(self.account.number, Money(8466), date(2026, 12, 4))).replace(" ", "")

    def takes(self, data: bytes, source: TenderSource | None = None) -> Remittance:
        return take_file(source=source or self.box, data=data, name="box.txt", **self.now)

    def codes(self) -> dict[str, Money]:
        return {one.key: one.payoff for one in trial_balance() if one.payoff}


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield Office(furnish())
        transaction.set_rollback(True)


@pytest.fixture
def office(built, db, settings, tmp_path):
    settings.STATE = tmp_path
    made = copy(built)
    yield made
    assert not [one for one in controls() if one.differences]


def test_a_stub_in_the_lockbox_pays_its_bill_and_the_period_balances(office):
    made = office.takes(lockbox([Said(office.scan, Money(8466), "1182")], on=office.today, number="B-1"))
    assert office.balance().current == ZERO
    event = PaymentEvent.objects.get()
    tender = event.tenders.get()
    assert (tender.kind, tender.reference, made.control) == ("check", "1182", tender.control)
    assert TenderControl.objects.get(pk=made.control_id).state == "balanced"
    assert office.codes()["lockbox-clearing"] == Money(8466)


def test_the_same_file_pays_once_by_its_bytes_and_by_the_senders_number(office):
    some = [Said(office.scan, Money(1000))]
    office.takes(lockbox(some, on=office.today, number="B-1"))
    for again in (lockbox(some, on=office.today, number="B-1"), lockbox(some * 2, on=office.today, number="B-1")):
        with pytest.raises(CannotTake, match="was taken on Nov 20, 2026"):
            office.takes(again)
    branch = add_source(name="Harbor branch", kind=TenderSource.Kind.LOCKBOX, by=DANA, at=office.at)
    guide = {"text": TEXTS["harbor-lockbox"], "citation": "Guide, page 4", "on": APRIL}
    set_layout(source=branch, by=DANA, at=office.at, **guide)
    with pytest.raises(CannotTake, match="was taken on Nov 20, 2026"):
        office.takes(lockbox(some, on=office.today, number="B-1"), branch)
    assert PaymentEvent.objects.count() == 1
    office.takes(lockbox(some, on=office.today, number="B-2"))
    assert PaymentEvent.objects.count() == 2


def test_totals_that_do_not_hold_post_nothing(office):
    data = lockbox([Said(office.scan, Money(8466))], on=office.today, number="B-1").replace(b"9000001", b"9000002")
    with pytest.raises(Unreadable, match="The totals say 000002 payments"):
        office.takes(data)
    assert not PaymentEvent.objects.exists()
    assert not Remittance.objects.exists()


def test_bad_lines_wait_with_their_money_and_the_good_ones_are_paid(office):
    number = office.account.number
    later = pay_stations([Said(number, Money(700))], on=date(2026, 12, 24), number="7").splitlines()[1]
    data = pay_stations(
        [Said(number, Money(5000)), Said("999999-9", Money(1200)), Said(number, Money(100), tender="GOLD")],
        on=office.today, number="7",
    )  # fmt: skip
    data = data.replace(b"FT,3,63.00", later + b"\r\nFT,4,70.00")
    made = office.takes(data, office.shops)
    assert office.balance().current == Money(3466)
    whys = list(made.lines.filter(event=None).order_by("place").values_list("why", flat=True))
    assert whys == [
        "there is no account 999999-9", "'GOLD' is no tender of this sender",
        "it says that it was paid on Dec 24, 2026, which is still to come",
    ]  # fmt: skip
    assert Item.objects.filter(kind="payments.unapplied", ended_at=None).count() == 3
    codes = office.codes()
    assert (codes["ach-clearing"], codes["unapplied-receipts"]) == (Money(7000), Money(-2000))


def waiting(office) -> RemittedLine:
    office.takes(lockbox([Said("000000000000", Money(8466), "1182")], on=office.today, number="B-1"))
    return RemittedLine.objects.get()


def test_a_file_of_which_every_line_waits_is_taken_all_the_same(office):
    line = waiting(office)
    assert (line.remittance.control, line.why) == (None, "A scan line has 29 digits; this one has 12. Scan it again.")


def test_what_waits_is_applied_once_and_pays(office):
    line = waiting(office)
    event = apply_line(line=line, account=office.account, **office.now)
    assert office.balance().current == ZERO
    assert "unapplied-receipts" not in office.codes()
    assert not Item.objects.filter(kind="payments.unapplied", ended_at=None).exists()
    for act in (
        lambda: apply_line(line=line, account=office.account, **office.now),
        lambda: send_back(line=line, remark="Told", **office.now),
    ):
        with pytest.raises(CannotTake, match="waits no more"):
            act()
    take_back(event=event, reason="returned", **office.now)
    assert office.balance().current == Money(8466)
    assert office.codes()["returned-items"] == Money(-8466)


def test_a_check_of_who_pays_cash_only_stops_nothing_until_a_person_says_that_the_bank_paid_it(office):
    period = Period(date(2026, 11, 1), date(2027, 11, 1))
    begin_cash_only(account=office.account, period=period, reason="2 payments came back", by=DANA, at=office.at)
    number = office.account.number
    said = [Said(number, Money(5000)), Said(number, Money(3466), tender="CHK")]
    made = office.takes(pay_stations(said, on=office.today, number="7"), office.shops)
    assert office.balance().current == Money(3466)
    line = made.lines.get(event=None)
    assert line.why == f"{number} pays cash only, 2 payments came back: apply it once the bank has paid it"
    apply_line(line=line, account=office.account, **office.now)
    assert office.balance().current == ZERO


def test_what_is_not_ours_goes_back_and_leaves_no_money(office):
    line = waiting(office)
    with pytest.raises(CannotTake, match="Say what the sender was told"):
        send_back(line=line, remark=" ", **office.now)
    send_back(line=line, remark="Belongs to the water company", **office.now)
    assert {"unapplied-receipts", "lockbox-clearing"} & set(office.codes()) == set()
    assert not Item.objects.filter(kind="payments.unapplied", ended_at=None).exists()


def test_each_file_is_read_by_the_layout_of_its_day(office):
    """From December on the bank writes the count in other columns."""
    changed = TEXTS["harbor-lockbox"].replace("count = [2, 7]", "count = [20, 25]").replace(
        "sum = { at = [8, 19], scale = 2 }", "sum = { at = [2, 13], scale = 2 }"
    )  # fmt: skip
    set_layout(
        source=office.box, text=changed, citation="Guide of December", on=date(2026, 12, 1), by=DANA, at=office.at
    )
    data = lockbox([Said(office.scan, Money(1000))], on=office.today, number="B-1")
    office.takes(data)
    office.on("2026-12-01")
    with pytest.raises(Unreadable, match="The totals say"):
        office.takes(lockbox([Said(office.scan, Money(1000))], on=office.today, number="B-2"))
    new = data.replace(b"B-1", b"B-3").replace(b"9000001000000001000      ", b"9000000001000      000001")
    assert office.takes(new).layout.citation == "Guide of December"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"on": APRIL}, "is set already"),
        ({"citation": " "}, "where the layout was taken from"),
        ({"on": date(2026, 2, 1)}, "uses this layout from Mar 1, 2026 on"),
        ({"text": "x"}, "no TOML"),
    ],
)
def test_a_layout_is_dated_and_says_where_it_comes_from(office, given, why):
    told = {"text": TEXTS["harbor-lockbox"], "citation": "Guide", "on": date(2026, 12, 1), **given}
    with pytest.raises(BadLayout, match=why):
        set_layout(source=office.box, by=DANA, at=office.at, **told)
    assert SourceLayout.objects.filter(source=office.box).count() == 1


def test_only_who_sends_files_has_a_layout(office):
    drawer = TenderSource.objects.get(pk="drawer-2")
    with pytest.raises(BadLayout, match="no lockbox and no pay station"):
        set_layout(source=drawer, text=TEXTS["quickstop"], citation="x", on=APRIL, by=DANA, at=office.at)
    with pytest.raises(BadLayout, match="is taken already"):
        add_source(name="QuickStop", kind=TenderSource.Kind.PAY_STATION, by=DANA, at=office.at)
