"""Unauthorized use, played through the pages: from what the meter says to the bill, or to a case that is closed."""

from __future__ import annotations

import re
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lamplighter.accounts.models import Account, AccountRole, Agreement
from lamplighter.billing.models import Bill
from lamplighter.credit.models import Investigation
from lamplighter.credit.queries.unauthorized import used_at, used_at_each
from lamplighter.customers.models import Person
from lamplighter.fieldwork.models import Half, Order
from lamplighter.fieldwork.operations import crews
from lamplighter.journeys.moving import stop_service
from lamplighter.kernel.periods import Period
from lamplighter.ledger.models import Posting
from lamplighter.platform.models import AccessRecord, User
from lamplighter.platform.transactions import unit_of_work
from tests.web.conftest import make_person
from tests.web.desk.conftest import words
from tests.web.desk.town import DANA, NOW, TODAY

HANNAH, GWEN, INES = "Hannah Brandt", "Gwen Pruitt", "Ines Carvalho"


@pytest.fixture
def sam(at_desk):
    """A crew with places today."""
    area = crews.define_area(key="harbor", name="Harbor", postcodes=["90555"], by=DANA, at=NOW)
    crew = crews.define_crew(key="truck-1", name="Truck 1", area=area, by=DANA, at=NOW)
    crews.join_crew(crew=crew, user=make_person("sam", "Sam Whitlock", "field-crew"), on=TODAY, by=DANA, at=NOW)
    for half in Half:
        crews.set_places(crew=crew, day=TODAY, half=half, places=2, by=DANA, at=NOW)
    return at_desk("sam")


def goes_there(office, sam, found: str) -> None:
    """The crew of the case's order looks, and says what it found."""
    order = Order.objects.get(kind="investigate")
    office.opens("dana", f"/desk/orders/{order.number}/do/book/").answers(slot=f"{TODAY}.am", promised="")
    sam.get(f"/field/orders/{order.number}/")
    assert "Started." in words(sam.post(f"/field/orders/{order.number}/start/", follow=True))
    said = {"outcome": "done", "draft": str(uuid4()), "found": found}
    assert "is done" in words(sam.post(f"/field/orders/{order.number}/report/", said, follow=True))


def test_csr_04d_use_without_an_account_is_seen_looked_into_and_billed_by_its_readings(office, town, sam):
    """Gwen moved out in October and somebody still uses power there: report, safety, crew, account, bill, closed."""
    home = town.homes[GWEN]
    stop_service(agreement=home.agreement, on=date(2026, 10, 3), by=DANA, at=NOW)
    assert "kWh on" in office.reads("dana", "/desk/unauthorized/?panel=unclaimed")
    place = home.point.premise.number
    report = office.opens("dana", f"/desk/premises/{place}/do/unauthorized/")
    assert "days without an account" in report.says
    report.answers(point=home.point.pk, source="call", words="The neighbor says that somebody lives there.")
    case = Investigation.objects.get()
    here = f"/desk/unauthorized/{case.pk}/"
    bill = office.opens("dana", f"{here}do/bill/")
    rate = next(key for key, _ in bill.form["rate"].field.choices)
    early = words(bill.answers(account=office.number(HANNAH), rate=rate, since="2026-10-03"))
    assert "Safety first" in early
    office.opens("dana", f"{here}do/safety/").answers(danger="no", words="Nothing is known.")
    assert "The crew has not reported yet." in words(office.opens("dana", f"{here}do/visited/").answers())
    goes_there(office, sam, "other")
    office.opens("dana", f"{here}do/visited/").answers()
    office.opens("dana", f"{here}do/bill/").answers(account=office.number(HANNAH), rate=rate, since="2026-10-03")
    made = Bill.objects.latest("pk")
    (segment,) = made.segments.all()
    assert (str(segment.period), made.account.number) == ("2026-10-03 to 2026-11-19", office.number(HANNAH))
    assert segment.total > type(segment.total)(0)
    assert Agreement.objects.get(pk=segment.agreement_id).points.get().point == home.point
    office.opens("dana", f"{here}do/close/").answers(outcome="billed", words="They opened an account.")
    shown = office.reads("dana", here)
    assert re.search(rf"Billed {re.escape(str(made.charges))}\. Bill {made.number}", shown)
    assert "Nothing: it is closed" in shown
    assert "Unauthorized use" in office.reads("dana", f"{office.account(HANNAH)}")


def test_csr_04d_what_a_by_pass_did_not_measure_is_estimated_with_its_figures_and_damage_is_charged(office, town, sam):
    """A crew finds tampering at Ines's, who works from home as a business; the estimate stands by its figures on an
    invoice, as revenue of her class, with the broken seal."""
    home = town.homes[INES]
    with unit_of_work(DANA):
        Account.objects.filter(pk=home.account.pk).update(customer_class="commercial")
    report = office.opens("dana", f"/desk/premises/{home.point.premise.number}/do/unauthorized/")
    report.answers(point=home.point.pk, source="crew", words="The seal is cut.")
    here = f"/desk/unauthorized/{Investigation.objects.get().pk}/"
    office.opens("dana", f"{here}do/safety/").answers(danger="yes", words="A jumper behind the meter.")
    assert Order.objects.get(kind="investigate").priority == "urgent"
    early = words(office.opens("dana", f"{here}do/estimate/").answers(first="2025-11-01", last="2026-11-10"))
    assert "Choose days from Nov 20, 2025 (billing policy) to yesterday" in early
    goes_there(office, sam, "tamper")
    early = words(office.opens("dana", f"{here}do/estimate/").answers(first="2023-11-19", last="2026-11-10"))
    assert "Choose days from Nov 20, 2023 (Code of Civil Procedure 338; Civil Code 1882.2) to yesterday" in early
    office.opens("dana", f"{here}do/visited/").answers()
    assert "Signs of tampering" in office.reads("dana", here)
    loss = office.opens("dana", f"{here}do/estimate/")
    figures = words(loss.answers(first="2026-10-15", last="2026-11-10"))
    assert "Not measured" in figures
    amount = re.search(r"To be billed (\$[\d.,]+)", figures)[1]
    loss.confirms()
    made = Bill.objects.latest("pk")
    assert (made.kind, str(made.charges)) == ("invoice", amount)
    assert Posting.objects.filter(code="revenue-commercial").latest("pk").payoff == -made.charges
    office.opens("dana", f"{here}do/damage/").answers(amount="85", what="Meter seal and cover")
    office.opens("dana", f"{here}do/close/").answers(outcome="billed", words="Paid in parts.")
    shown = office.reads("dana", here)
    assert "as a year before" in shown
    assert "Damage charged $85.00." in shown


def test_csr_04d_who_reads_a_case_is_kept_and_nobody_reads_one_against_themselves(office, town):
    """A case is a suspicion. Renee lives at Ines's and stands on the account."""
    home = town.homes[INES]
    report = office.opens("dana", f"/desk/premises/{home.point.premise.number}/do/unauthorized/")
    report.answers(point=home.point.pk, source="call", words="An unsigned letter.")
    case = Investigation.objects.get()
    here = f"/desk/unauthorized/{case.pk}/"
    office.reads("dana", here)
    assert {str(one.actor) for one in AccessRecord.objects.filter(subject=case.subject)} == {str(DANA)}
    shown = office.reads("renee", "/desk/unauthorized/")
    assert home.point.premise.address in shown, shown[shown.find("Cases") :]
    with unit_of_work(DANA):
        tenant = AccountRole.objects.get(account=home.account).person
        Person.objects.filter(pk=tenant.pk).update(login=User.objects.get(username="renee"))
    renee = office.at_desk("renee")
    assert renee.get(here).status_code == 403
    assert home.point.premise.address not in words(renee.get("/desk/unauthorized/"))


def test_what_neighbors_used_is_read_for_all_of_them_at_once(town):
    """A street of eight costs as many queries as one house, and says the same."""
    period = Period(date(2026, 10, 20), date(2026, 11, 19))
    points = [home.point for home in town.homes.values()]
    one_by_one = [used_at(point, period) for point in points]
    with CaptureQueriesContext(connection) as asked:
        together = used_at_each(points, period)
    assert together == one_by_one
    assert any(one.use.delivered for several in together for one in several)
    assert len(asked) <= 5
