"""What credit bureaus are told of written-off debts: by terms only, each month until it is over, in Metro 2.

The reader below is written from the field positions of the character format (CDIA Credit Reporting Resource Guide, as
published by moov-io/metro2 in docs and specifications), not from the writer.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.models import BureauFile, FurnishedDebt
from lamplighter.credit.operations.bankruptcies import Petition
from lamplighter.credit.operations.furnishing import begin_furnishing, end_furnishing, stop_furnishing
from lamplighter.credit.operations.holding import end_hold
from lamplighter.credit.queries.furnishing import tellings
from lamplighter.credit.rules.furnishing import CannotFurnish, Case, Stand, Told, history, obsolete, to_tell
from lamplighter.customers.operations import set_identity
from lamplighter.formats.agencies.metro2 import Dispute, Status
from lamplighter.journeys.bankruptcy import enter_petition
from lamplighter.journeys.collecting import protect
from lamplighter.journeys.furnishing import fetch, tell_bureaus
from lamplighter.journeys.moving import start_service
from lamplighter.journeys.recovering import move_debt
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.platform.models import Event
from lamplighter.platform.queries.files import path_of
from tests.credit.conftest import DANA, RENEE
from tests.credit.test_writing_off import gone, writes_off  # noqa: F401 - a fixture

OWED = Told(Status.UNPAID, Dispute.NONE, "")


def read(text):
    """Header, base segments and trailer as fields; whatever breaks a rule of the format fails."""
    assert text.endswith("\r\n")
    records = text.split("\r\n")[:-1]
    assert {len(one) for one in records} == {426}
    assert {one[:4] for one in records} == {"0426"}
    assert text == text.upper()
    head, *bases, last = records
    assert (head[4:10], last[4:11]) == ("HEADER", "TRAILER")
    found = [_base(one) for one in bases]
    assert int(last[11:20]) == len(found)
    for code, at in (("DA", 65), ("64", 128), ("97", 254)):
        assert int(last[at : at + 9]) == sum(one["status"] == code for one in found)
    numbers = sum(one["ssn"] != "000000000" for one in found)
    assert [int(last[at : at + 9]) for at in (326, 335)] == [numbers, numbers]
    assert int(last[398:407]) == sum(one["phone"] != "0000000000" for one in found)
    return head, found


def _base(record):
    text = {"account": (42, 30), "family": (231, 25), "given": (256, 20), "street": (329, 32), "city": (393, 20),
            "state": (413, 2), "postcode": (415, 9), "history": (126, 24), "dispute": (152, 2),
            "indicator": (325, 2), "status": (123, 2), "type": (73, 2), "ssn": (297, 9),
            "phone": (314, 10)}  # fmt: skip
    money = {"owed": 154, "past_due": 163, "written_off": 172}
    days = {"opened": 75, "as_of": 181, "first_late": 189, "closed": 197}
    found = {name: record[at : at + length].rstrip() for name, (at, length) in text.items()}
    found |= {name: int(record[at : at + 9]) for name, at in money.items()}
    found |= {name: date(int(record[at + 4 : at + 8]), int(record[at : at + 2]), int(record[at + 2 : at + 4]))
              for name, at in days.items()}  # fmt: skip
    assert record[72] == "O"
    assert record[101:104] == "001", "terms of an open account"
    assert record[324] == "1", "one person answers for it"
    return found


@pytest.fixture
def debt(gone, settings, tmp_path):  # noqa: F811
    settings.STATE = tmp_path
    return writes_off(gone)


@pytest.fixture
def furnishes(gone, debt):  # noqa: F811
    begin_furnishing(
        least=Money(10000), wait_days=30, equifax="", experian="12345", transunion="", citation="Resolution 2026-50",
        on=date(2026, 1, 1), by=RENEE, at=gone.at,
    )  # fmt: skip
    return gone.on("2026-12-21")


def tells(gone, day):  # noqa: F811
    gone.on(day)
    made = tell_bureaus(**gone.now)
    (one,) = read(path_of(made.file_id).read_bytes().decode("ascii"))[1] or [None]
    return one


@pytest.mark.django_db
def test_without_terms_nothing_is_furnished(gone, debt):  # noqa: F811
    gone.on("2026-12-21")
    assert tellings(on=gone.today) == []
    with pytest.raises(CannotFurnish, match="no terms hold today"):
        tell_bureaus(**gone.now)


@pytest.mark.django_db
def test_a_debt_is_told_with_its_days_and_whole_dollars(furnishes, debt):
    one = tells(furnishes, "2026-12-21")
    assert (one["account"], one["type"], one["status"]) == (furnishes.account.number, "92", "97")
    assert (one["owed"], one["past_due"], one["written_off"]) == (161, 161, 161), "cents are cut off"
    assert (one["family"], one["given"]) == ("ORTEGA", "LUIS")
    assert (one["first_late"], one["closed"], one["as_of"]) == (
        date(2026, 6, 20), date(2026, 7, 20), date(2026, 12, 21),
    )  # fmt: skip
    assert one["history"] == "L" + "B" * 23
    assert one["ssn"] == "000000000", "no number lies on the disk"
    with pytest.raises(CannotFurnish, match="December 2026 was made already"):
        tell_bureaus(**furnishes.now)


@pytest.mark.django_db
def test_it_waits_after_the_write_off_and_small_debts_are_not_told(furnishes, debt):
    assert tellings(on=date(2026, 12, 19)) == []
    assert [one.owed for one in tellings(on=date(2026, 12, 20))] == [Money(16125)]
    furnishes.pays(6126)
    assert tellings(on=furnishes.today) == [], "less than the terms say is owed"


@pytest.mark.django_db
def test_the_numbers_are_filled_in_when_the_file_is_fetched_and_that_is_recorded(furnishes, debt):
    set_identity(person=furnishes.place.luis, kind="ssn", number="219-09-9999", by=DANA, at=furnishes.at)
    tells(furnishes, "2026-12-21")
    text = fetch(file=BureauFile.objects.get(), by=RENEE, at=furnishes.at)
    assert read(text)[1][0]["ssn"] == "219099999"
    shown = Event.objects.get(name="customers.identity.shown")
    assert (shown.actor, shown.reason) == (RENEE, "bureau")
    assert "219099999" not in str(shown.data)


@pytest.mark.django_db
def test_a_payment_changes_what_is_told_and_the_last_one_ends_it(furnishes, debt):
    tells(furnishes, "2026-12-21")
    furnishes.on("2027-01-05").pays(10000)
    one = tells(furnishes, "2027-01-21")
    assert (one["status"], one["owed"], one["written_off"]) == ("97", 61, 161)
    furnishes.on("2027-02-05").pays(6125)
    one = tells(furnishes, "2027-02-21")
    assert (one["status"], one["owed"], one["past_due"]) == ("64", 0, 0)
    assert tellings(on=date(2027, 3, 21)) == []


@pytest.mark.django_db
def test_what_is_asked_for_on_another_account_is_deleted_and_not_called_paid(furnishes, debt):
    tells(furnishes, "2026-12-21")
    furnishes.on("2027-01-05")
    new = furnishes.place.account(furnishes.place.luis)
    start_service(account=new, points=(furnishes.place.point,), schedule=furnishes.place.schedule, on=furnishes.today,
                  by=DANA, at=furnishes.at)  # fmt: skip
    move_debt(account=furnishes.account, to=new, **furnishes.now)
    assert tells(furnishes, "2027-01-21")["status"] == "DA"
    assert tellings(on=date(2027, 2, 21)) == []


@pytest.mark.django_db
def test_a_mistake_is_deleted_once_and_why_is_kept(furnishes, debt):
    tells(furnishes, "2026-12-21")
    furnishes.on("2027-01-05")
    stop_furnishing(write_off=debt, remark="Somebody used his name.", **furnishes.now)
    with pytest.raises(CannotFurnish, match="no more already"):
        stop_furnishing(write_off=debt, remark="Again.", **furnishes.now)
    assert tells(furnishes, "2027-01-21")["status"] == "DA"
    assert tellings(on=date(2027, 2, 21)) == []


@pytest.mark.django_db
def test_a_dispute_is_told_with_the_debt_and_its_end_too(furnishes, debt):
    tells(furnishes, "2026-12-21")
    furnishes.on("2027-01-05")
    hold = protect(account=furnishes.account, kind=HoldKind.DISPUTE, period=Period(furnishes.today), evidence="letter",
                   **furnishes.now)  # fmt: skip
    assert tells(furnishes, "2027-01-21")["dispute"] == "XB"
    end_hold(hold=hold, on=furnishes.today, by=DANA, at=furnishes.at)
    assert tells(furnishes, "2027-02-21")["dispute"] == "XH"
    assert tells(furnishes, "2027-03-21")["dispute"] == "XR"
    assert tells(furnishes, "2027-04-21")["dispute"] == ""


@pytest.mark.django_db
def test_a_petition_puts_its_chapter_beside_the_debt(furnishes, debt):
    tells(furnishes, "2026-12-21")
    furnishes.on("2027-01-05")
    petition = Petition(13, "27-40001", "Northern District of California", filed_on=furnishes.today,
                        order_on=furnishes.today)  # fmt: skip
    enter_petition(account=furnishes.account, petition=petition, **furnishes.now)
    assert tells(furnishes, "2027-01-21")["indicator"] == "D"


@pytest.mark.django_db
def test_terms_end_and_what_was_told_is_never_changed(furnishes, debt):
    tells(furnishes, "2026-12-21")
    end_furnishing(on=date(2027, 1, 1), by=RENEE, at=furnishes.at)
    assert tellings(on=date(2027, 1, 21)) == []
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        FurnishedDebt.objects.update(status="64")


@pytest.mark.parametrize(
    ("stand", "before", "says"),
    [
        (Stand(ZERO, False, None, False), None, None),
        (Stand(Money(5000), True, None, False), None, None),
        (Stand(Money(5000), False, None, True), None, None),
        (Stand(Money(5000), False, Case(7, "discharged"), False), OWED, Told(Status.UNPAID, Dispute.NONE, "E")),
        (Stand(ZERO, False, Case(13, "discharged"), False), OWED, Told(Status.UNPAID, Dispute.NONE, "H")),
        (Stand(Money(5000), False, Case(13, "dismissed"), False), OWED, Told(Status.UNPAID, Dispute.NONE, "L")),
        (Stand(Money(5000), False, None, False), Told(Status.UNPAID, Dispute.NONE, "D"),
         Told(Status.UNPAID, Dispute.NONE, "Q")),
        (Stand(Money(5000), False, None, False), Told(Status.DELETE, Dispute.NONE, ""), None),
    ],
)  # fmt: skip
def test_what_is_told_follows_from_how_the_debt_stands(stand, before, says):
    assert to_tell(stand, before) == says


def test_seven_years_and_180_days_after_the_first_delinquency_nobody_tells():
    """June 20, 2026 and 180 days is December 17; seven years on it is over (15 USC 1681c(a)(4), (c)(1))."""
    assert not obsolete(date(2026, 6, 20), on=date(2033, 12, 16))
    assert obsolete(date(2026, 6, 20), on=date(2033, 12, 17))


def test_the_history_begins_with_the_write_off():
    assert history(date(2026, 11, 20), as_of=date(2026, 11, 30)) == "B" * 24
    assert history(date(2024, 1, 5), as_of=date(2026, 11, 30)) == "L" * 24
