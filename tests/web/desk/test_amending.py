"""A fact that was otherwise is corrected where it stands: each bill before and after, then done, by one or by two."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape
from uuid import uuid4

import pytest

from lamplighter.accounts.models import AgreementFact
from lamplighter.accounts.operations import add_rider
from lamplighter.billing.lines_kept import lines_told
from lamplighter.billing.models import Bill, Segment
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger.queries import balances, differences
from lamplighter.metering.models import Installation, Multiplier
from lamplighter.platform.models import Approval, Event
from lamplighter.platform.operations.limits import set_limit
from lamplighter.programs.models import Enrollment
from lamplighter.programs.operations.defining import define_program
from tests.town import FLAT
from tests.web.desk.town import NOW, OFFICE, SINCE, TODAY

from .conftest import words

OCTOBER = date(2026, 10, 3)


@pytest.fixture
def iris(at_desk):
    return at_desk("iris")


@pytest.fixture
def renee(at_desk):
    return at_desk("renee")


def sends(client, url, **said):
    """Fill in, look at what comes of it, confirm: the page that was looked at, and what it led to."""
    form = {"request_key": str(uuid4()), "remark": "Seen on site.", **said}
    looked = client.post(url, form)
    if looked.status_code != 200:
        return looked, None
    return looked, client.post(url, kept_by(looked) | {"confirmed": "1"}, follow=True)


def kept_by(looked):
    """What the page to be confirmed carries on: a browser sends nothing else."""
    inputs = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', looked.content.decode())
    return {name: unescape(value) for name, value in inputs if name != "csrfmiddlewaretoken"}


def live(home):
    rows = Segment.objects.filter(agreement=home.agreement, cancelled_at=None).order_by("period")
    return {row.period.start: row.total for row in rows}


def owes(home):
    return balances([home.agreement.subledger_id])[home.agreement.subledger_id].payoff


def meter_of(home):
    return home.channel.meter.badge


def test_a_rate_that_was_stated_late_is_corrected_by_the_analyst(iris, town):
    """Gwen belongs on fifteen cents a kWh since the read of October."""
    gwen = town.homes["Gwen Pruitt"]
    before, owed, flat = live(gwen), owes(gwen), town.adopts(FLAT)
    looked, done = sends(iris, rate_of(gwen), schedule=flat.pk, start="2026-10-03")
    assert "Oct 3 to Nov 3" in words(looked)
    assert "Decides you" in words(looked)
    after = live(gwen)
    used = Segment.objects.get(agreement=gwen.agreement, cancelled_at=None, period__startswith=OCTOBER).kwh
    assert {start: total for start, total in after.items() if total != before[start]} == {
        OCTOBER: Money.nearest(used * Decimal("0.15"))
    }
    assert owes(gwen) - owed == after[OCTOBER] - before[OCTOBER]
    bill = Bill.objects.filter(account=gwen.account).latest("id")
    assert (bill.kind, f"billed again: {bill.number}" in words(done)) == ("correction", True)
    told = Event.objects.filter(name="accounts.rate.changed", subject=gwen.agreement.subject).latest("id")
    assert str(told.remark) == "Seen on site."
    assert differences() == []


def test_an_exemption_that_nobody_knew_of_takes_the_tax_off(iris, town):
    dele = town.homes["Dele Adeyemi"]
    before, owed = live(dele), owes(dele)
    taxed = [line["cents"] for line in lines_of(dele, OCTOBER) if line["code"] == "users_tax"]
    looked, _ = sends(iris, fact_of(dele), name="users_tax", value="Exempt", start="2026-10-03")
    assert "becomes $" in words(looked)
    assert before[OCTOBER] - live(dele)[OCTOBER] == Money(sum(taxed)) > ZERO
    assert owed - owes(dele) == Money(sum(taxed))
    assert AgreementFact.objects.get(agreement=dele.agreement, name="users_tax").value == "exempt"


def test_what_a_program_gives_is_not_a_fact_to_correct(iris, town):
    rosa = town.homes["Rosa Maldonado"]
    enroll(rosa, OCTOBER)
    looked, _ = sends(iris, fact_of(rosa), name="power_assist", value="no", start="2026-10-03")
    assert looked.status_code == 422
    assert "Power Assist runs here as a program from Oct 3, 2026." in words(looked)
    looked, _ = sends(iris, fact_of(rosa), name="power_assist", value="yes", start="2026-09-02", until="2026-10-02")
    assert "becomes $" in words(looked), "before it began it was left out"


def test_a_wrong_multiplier_over_a_year_is_two_peoples_and_stops_at_the_limit(iris, renee, town):
    """Twice as much for fourteen months: twelve months are charged, what is older stays."""
    gwen = town.homes["Gwen Pruitt"]
    before, owed = live(gwen), owes(gwen)
    url = f"/desk/meters/{meter_of(gwen)}/do/multiplier/"
    looked, done = sends(iris, url, channel=gwen.channel.pk, factor="2", start=SINCE.isoformat())
    assert words(looked).count("stays: too long ago") == 2, "the bills that ended before November 20, 2025"
    assert "Decides a supervisor" in words(looked)
    assert "Waiting: a supervisor decides." in words(done)
    assert (live(gwen), owes(gwen)) == (before, owed), "nothing is changed until then"
    assert Multiplier.objects.get(channel=gwen.channel).factor == 1
    approval = Approval.objects.get(kind="billing.amendment", state="waiting")
    asked = words(renee.get(f"/lead/approvals/{approval.pk}/"))
    assert f"Multiplier of meter {meter_of(gwen)} (kWh) was 2" in asked
    assert asked.count(" becomes $") == len(before) - 2
    assert f"{approval.amount} is over your limit of $500.00." in words(decides(renee, approval))
    set_limit(role="supervisor", permission="adjustments.approve", amount=Money(100_000), on=TODAY, by=OFFICE, at=NOW)
    assert decides(renee, approval).status_code == 200
    after = live(gwen)
    older = [start for start in before if start < date(2025, 11, 4)]
    assert all(after[start] == before[start] for start in older)
    assert all(after[start] > before[start] for start in before if start not in older)
    assert owes(gwen) - owed == sum(after.values(), ZERO) - sum(before.values(), ZERO) == approval.amount
    assert Multiplier.objects.get(channel=gwen.channel).factor == 2
    assert differences() == []


def test_nobody_approves_what_they_asked_for(iris, town):
    gwen = town.homes["Gwen Pruitt"]
    sends(
        iris, f"/desk/meters/{meter_of(gwen)}/do/multiplier/", channel=gwen.channel.pk, factor="2", start="2026-10-03"
    )
    approval = Approval.objects.get(kind="billing.amendment", state="waiting")
    assert iris.get(f"/lead/approvals/{approval.pk}/").status_code == 403


def test_meters_that_were_crossed_are_put_right_on_both_sides(iris, renee, town):
    dele, gwen = town.homes["Dele Adeyemi"], town.homes["Gwen Pruitt"]
    before = live(dele)[OCTOBER], live(gwen)[OCTOBER]
    url = f"/desk/meters/{meter_of(dele)}/do/uncross/"
    looked, done = sends(iris, url, other=meter_of(gwen).lower(), start="2026-10-03", clock="00:00")
    assert {f"Account {dele.account.number}", f"Account {gwen.account.number}"} <= set(
        re.findall(r"Account \d+-\d", words(looked))
    )
    assert "Waiting: a supervisor decides." in words(done)
    decides(renee, Approval.objects.get(kind="billing.amendment", state="waiting"))
    assert (live(dele)[OCTOBER], live(gwen)[OCTOBER]) == before[::-1], "each pays for what the other's meter said"
    now = Installation.objects.filter(span__contains=NOW)
    assert now.get(meter=dele.channel.meter).point == gwen.point
    assert differences() == []


def test_more_than_the_analysts_limit_is_a_supervisors(iris, town):
    gwen, flat = town.homes["Gwen Pruitt"], town.adopts(FLAT)
    set_limit(role="billing-analyst", permission="billing.correct", amount=Money(100), on=TODAY, by=OFFICE, at=NOW)
    before = live(gwen)
    looked, done = sends(iris, rate_of(gwen), schedule=flat.pk, start="2026-07-02")
    assert "Decides a supervisor" in words(looked)
    assert "Waiting: a supervisor decides." in words(done)
    assert live(gwen) == before
    _, refused = sends(iris, rate_of(gwen), schedule=flat.pk, start="2026-07-02")
    assert refused.status_code == 422
    assert "The same request is already waiting for a decision." in words(refused)


def test_what_changed_since_it_was_shown_is_not_billed(iris, renee, town):
    """Between look and decision another correction comes first: the supervisor's yes does nothing."""
    gwen = town.homes["Gwen Pruitt"]
    url = f"/desk/meters/{meter_of(gwen)}/do/multiplier/"
    sends(iris, url, channel=gwen.channel.pk, factor="2", start="2026-10-03")
    sends(iris, fact_of(gwen), name="users_tax", value="exempt", start="2026-10-03")
    before = live(gwen)
    refused = decides(renee, Approval.objects.get(kind="billing.amendment", state="waiting"))
    assert refused.status_code == 422
    assert "Something changed since this was shown, and nothing was billed." in words(refused)
    assert live(gwen) == before


def test_what_is_not_what_was_looked_at_is_refused(iris, town):
    gwen = town.homes["Gwen Pruitt"]
    form = {"request_key": str(uuid4()), "remark": "?", "name": "users_tax", "value": "exempt", "start": "2026-10-03"}
    refused = iris.post(fact_of(gwen), form | {"shown": "0" * 32, "confirmed": "1"})
    assert refused.status_code == 422
    assert not AgreementFact.objects.filter(agreement=gwen.agreement, name="users_tax").exists()


def test_a_fact_of_days_to_come_changes_no_bill(iris, town):
    gwen = town.homes["Gwen Pruitt"]
    looked, done = sends(iris, fact_of(gwen), name="medical", value="yes", start="2026-11-10")
    assert "No bill changes. What is billed from now on goes by it." in words(looked)
    assert "Corrected. No bill changes." in words(done)
    assert AgreementFact.objects.get(agreement=gwen.agreement, name="medical").period.start == date(2026, 11, 10)


@pytest.mark.parametrize(("field", "value", "said"), [
    ("value", "maybe", "users_tax"), ("until", "2026-09-01", "The last day lies before the first."),
    ("remark", "", "Fill in “How it is known”."), ("start", "2020-01-01", "becomes $"),
])  # fmt: skip
def test_what_makes_no_sense_is_said_at_the_field(iris, town, field, value, said):
    gwen = town.homes["Gwen Pruitt"]
    form = {"name": "users_tax", "value": "exempt", "start": "2026-10-03", field: value}
    assert said in words(sends(iris, fact_of(gwen), **form)[0])


@pytest.mark.parametrize(
    ("other", "said"), [("E-000", "There is no meter with this badge."), ("", "Choose two meters.")]
)
def test_meters_that_cannot_be_crossed(iris, town, other, said):
    badge = meter_of(town.homes["Gwen Pruitt"])
    looked, _ = sends(
        iris, f"/desk/meters/{badge}/do/uncross/", other=other or badge, start="2026-10-03", clock="00:00"
    )
    assert (looked.status_code, said in words(looked)) == (422, True)


def test_the_pages_lead_to_it_for_those_who_may(at_desk, town):
    gwen = town.homes["Gwen Pruitt"]
    service, meter = f"/desk/accounts/{gwen.account.number}/service/", f"/desk/meters/{meter_of(gwen)}/"
    for page, links in ((service, (rate_of(gwen), fact_of(gwen))), (meter, (f"{meter}do/multiplier/",))):
        assert all(link in at_desk("iris").get(page).content.decode() for link in links)
        assert not any(link in at_desk("tuan").get(page).content.decode() for link in links)
    assert at_desk("tuan").get(rate_of(gwen)).status_code == 403


def test_what_a_roof_sends_back_is_shared_from_a_day_on(iris, town):
    kip, gwen = (town.homes[name] for name in ("Kip Larsen", "Gwen Pruitt"))
    own, others = (home.account.number for home in (kip, gwen))
    add_rider(agreement=gwen.agreement, schedule=town.rates["NEM-1"], on=date(2026, 11, 4), by=OFFICE, at=NOW)
    said = {"point": kip.point.pk, "start": "2026-11-10"}
    looked, done = sends(iris, shares_of(kip), shares=f"{own} 60\n{others} 40%", **said)
    assert "is shared among 2 from Nov 10, 2026" in words(looked)
    assert "Corrected. No bill changes." in words(done)
    told = words(iris.get(f"/desk/accounts/{own}/service/"))
    assert f"40% to account {others}, from Nov 10" in told
    assert "40% of what 5 Slough Rd" in words(iris.get(f"/desk/accounts/{others}/service/"))
    assert f"{others} 40" in iris.get(shares_of(kip)).content.decode(), "the plan in force stands in the form"


@pytest.mark.parametrize(("shares", "said"), [
    ("{own} 60\n{other} 30", "The shares add up to 90%, not to 100%."),
    ("{own} 60\n{own} 40", "Line 2: This account has a share already."),
    ("nobody 100", "Line 1: Account nobody has no electric service on that day."),
    ("{own} all", "Line 1: Write an account and its percentage: 204001-9 33.5."),
    ("{other} 100", "credits nothing that is sent back. Put net metering beside it first."),
])  # fmt: skip
def test_shares_that_make_no_whole_are_said_at_the_field(iris, town, shares, said):
    kip, other = town.homes["Kip Larsen"], town.homes["Dele Adeyemi"].account.number
    given = shares.format(own=kip.account.number, other=other)
    looked, _ = sends(iris, shares_of(kip), point=kip.point.pk, start="2026-11-10", shares=given)
    assert (looked.status_code, said in words(looked)) == (422, True)


def test_only_where_a_meter_counts_it_can_it_be_shared(iris, at_desk, town):
    gwen, kip = town.homes["Gwen Pruitt"], town.homes["Kip Larsen"]
    assert iris.get(shares_of(gwen)).status_code == 404
    assert shares_of(gwen) not in iris.get(f"/desk/accounts/{gwen.account.number}/service/").content.decode()
    assert shares_of(kip) in iris.get(f"/desk/accounts/{kip.account.number}/service/").content.decode()
    assert at_desk("tuan").get(shares_of(kip)).status_code == 403


def rate_of(home):
    return f"/desk/accounts/{home.account.number}/services/{home.agreement.pk}/do/rate/"


def shares_of(home):
    return f"/desk/accounts/{home.account.number}/services/{home.agreement.pk}/do/shares/"


def fact_of(home):
    return f"/desk/accounts/{home.account.number}/services/{home.agreement.pk}/do/fact/"


def lines_of(home, start):
    segment = Segment.objects.get(agreement=home.agreement, cancelled_at=None, period__startswith=start)
    return lines_told(segment.statement)


def decides(client, approval, decision="yes"):
    return client.post(f"/lead/approvals/{approval.pk}/", {"decision": decision}, follow=True)


def enroll(home, on):
    program = define_program(
        code="power-assist", name="Power Assist", words="A quarter off.", fact="power_assist",
        gl_code="power-assist-fund", by=OFFICE, at=NOW,
    )  # fmt: skip
    return Enrollment.objects.create(
        program=program, agreement=home.agreement, account=home.account, period=Period(on, date(2027, 10, 1)),
        basis="told", begun_at=NOW, begun_by=OFFICE,
    )  # fmt: skip
