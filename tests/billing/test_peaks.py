"""A rate that looks back at peaks is switched to: bills that kept none are measured again, and it is said."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lamplighter.accounts import operations as accounts
from lamplighter.billing.lines_kept import lines_told
from lamplighter.billing.queries.explaining import explain
from lamplighter.billing.queries.recompute import recompute_all
from lamplighter.billing.rules import CannotBill
from lamplighter.intervals.slots import slot_calendar
from lamplighter.journeys.rebilling import correct
from lamplighter.kernel.findings import Severity
from lamplighter.kernel.instants import Span
from lamplighter.kernel.periods import Period
from lamplighter.usage.models import IntervalException
from tests.billing.conftest import DEC_25, NOV_25, OCT_25, factory, hourly
from tests.town import DANA, ZONE

WHO, SEP_25 = "Golden Sampan", date(2025, 9, 3)
JAN_26 = date(2026, 1, 3)


def peak(first, end, scale):
    """The highest quarter-hour of the works' days, in kW."""
    calendar = slot_calendar(Period(first, end), seconds=900, zone=ZONE)
    return Decimal(int((factory(calendar) * scale).round().max())) * 4 / 1000


@pytest.fixture
def sampan(readers):
    """Two months on R-1, the second three times as loud; from November on GS-2, whose ratchet is 80 % in 11 months."""
    r1, readers.gs2 = readers.adopts_own("r-1_2025.toml"), readers.adopts_own("gs-2_2025.toml")
    home = readers.settles(WHO, r1, hourly(interval=900))
    readers.lives(WHO, SEP_25, OCT_25, shape=factory)
    readers.lives(WHO, OCT_25, NOV_25, shape=factory, scale=3)
    readers.lives(WHO, NOV_25, JAN_26, shape=factory)
    readers.on("2025-10-04").bills("2025-09-01", "2025-10-03")
    readers.on("2025-11-04").bills("2025-10-01", "2025-11-03")
    for month, reads_on in (("2025-11-01", "2025-12-03"), ("2025-12-01", "2026-01-03")):
        readers.window(month, reads_on)
    accounts.change_rate(agreement=home.agreement, schedule=readers.gs2, on=NOV_25, by=DANA, at=readers.at)
    return home


def segment_of(bill):
    return bill.segments.get()


def demand(segment):
    (line,) = [line for line in lines_told(segment.statement) if line["code"] == "demand"]
    return Decimal(line["quantity"])


def test_peaks_that_no_bill_kept_are_measured_again(readers, sampan):
    segment = segment_of(readers.bills_now(WHO, DEC_25))
    again = segment.statement["measured_again"]
    assert [one["month"] for one in again] == ["2025-09-01", "2025-10-01"]
    loudest = peak(OCT_25, NOV_25, 3)
    assert [list(one["peaks"].values()) for one in again] == [[f"{peak(SEP_25, OCT_25, 1):f}"], [f"{loudest:f}"]]
    assert demand(segment) == loudest * Decimal("0.8") > peak(NOV_25, DEC_25, 1)


def test_the_derivation_says_so(readers, sampan):
    (why,) = explain(segment=segment_of(readers.bills_now(WHO, DEC_25)), line="demand")
    (october,) = [(what, value) for what, value in why.facts if "October 2025" in what]
    assert october == (
        "Peak of October 2025, kept by no bill and measured again over 2025-10-03 to 2025-11-02",
        f"{peak(OCT_25, NOV_25, 3):,f} kW",
    )
    (other,) = explain(segment=segment_of(readers.bills_now(WHO, JAN_26)), line="facilities")
    assert not any("measured again" in what for what, _ in other.facts), "it looks back at nothing"


def test_what_a_bill_kept_is_not_measured_again(readers, sampan):
    readers.bills_now(WHO, DEC_25)
    again = segment_of(readers.bills_now(WHO, JAN_26)).statement["measured_again"]
    assert [one["month"] for one in again] == ["2025-09-01", "2025-10-01"]


def test_such_a_bill_comes_out_again_to_the_byte(readers, sampan):
    readers.bills_now(WHO, DEC_25)
    readers.lives(WHO, OCT_25, NOV_25, shape=factory, scale=9)
    assert [one.difference for one in recompute_all()] == ["", "", ""]


def test_a_peak_that_cannot_be_measured_refuses_the_bill_and_says_why(readers, sampan):
    waits, until = datetime(2025, 10, 10, 12, tzinfo=UTC), datetime(2025, 10, 10, 12, 15, tzinfo=UTC)
    IntervalException.objects.create(
        channel=sampan.channel, rule="vee.negative", day=date(2025, 10, 10), slot=20, slots=1, span=Span(waits, until),
        severity=Severity.ERROR, message="A spike.", proposal="estimate", found_at=waits,
    )  # fmt: skip
    with pytest.raises(CannotBill, match="looks back at October 2025, for which no peak is recorded") as refused:
        readers.bills_now(WHO, DEC_25)
    (finding,) = refused.value.evidence["findings"]
    assert finding["message"] in str(refused.value)


def test_bills_without_a_look_back_keep_their_statement(readers, sampan):
    for segment in sampan.agreement.segments.all():
        assert "measured_again" not in segment.statement


def test_a_corrected_peak_lowers_the_bills_that_looked_back_at_it(readers):
    """September was read three times too high: November's ratchet stood on it, and follows in the same correction."""
    gs2 = readers.adopts_own("gs-2_2025.toml")
    home = readers.settles(WHO, gs2, hourly(interval=900))
    readers.lives(WHO, SEP_25, OCT_25, shape=factory, scale=3)
    readers.lives(WHO, OCT_25, NOV_25, shape=factory)
    readers.on("2025-10-04").bills("2025-09-01", "2025-10-03")
    readers.on("2025-11-04").bills("2025-10-01", "2025-11-03")
    first, second = home.agreement.segments.order_by("period")
    assert demand(second) == demand(first) * Decimal("0.8")
    readers.lives(WHO, SEP_25, OCT_25, shape=factory)
    correction, bill = correct(
        agreement=home.agreement, period=first.period, reason="reread", on=readers.today, by=DANA, at=readers.at
    )
    assert correction.was == (first, second)
    again = bill.segments.get(period=second.period)
    assert demand(again) == peak(OCT_25, NOV_25, 1)
    assert not any(one.difference for one in recompute_all())
