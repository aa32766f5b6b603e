"""Customers are told that a bill is ready or was corrected; what cannot be written stops no bill."""

from datetime import date

import pytest
from django.conf import settings

from lamplighter.accounts.models import Account
from lamplighter.billing.models import Bill
from lamplighter.billing.rules import BackBilling
from lamplighter.customers.models import ContactPoint, Person
from lamplighter.customers.operations import add_contact_point
from lamplighter.jobs.notices import hand_over_queued
from lamplighter.journeys.rebilling import correct
from lamplighter.kernel.periods import Period
from lamplighter.notices.models import Notice
from lamplighter.notices.operations.starter import load_starter_templates
from lamplighter.notices.operations.utility import set_sender
from lamplighter.worklist.queries import open_items
from tests.town import DANA, NIGHTLY

AUGUST = Period(date(2026, 8, 1), date(2026, 9, 1))


@pytest.fixture
def ada(town):
    """A home on Alameda D-1 that gets its bill by email, in Spanish."""
    home = town.on("2026-08-01").moves_in("Ada", town.adopts_book("alameda-municipal-power/d-1_2026-07-01.toml"))
    account = home.agreement.account
    Account.objects.filter(pk=account.pk).update(dispatch=Account.Dispatch.EMAIL)
    person = account.roles.get().person
    Person.objects.filter(pk=person.pk).update(language="es")
    add_contact_point(
        person=person, kind=ContactPoint.Kind.EMAIL, value="ada@example.net", on=town.today, by=DANA,
        at=town.at,
    )  # fmt: skip
    town.uses("Ada", AUGUST, 1000)
    return home


@pytest.fixture
def letterhead(town):
    load_starter_templates(by=NIGHTLY, at=town.at, demo_town=True)
    set_sender(
        utility="Test Power", phone="510-555-0100", website="testpower.example", office="1 Main St", by=DANA,
        email="hello@testpower.example", at=town.at,
    )  # fmt: skip


def test_a_bill_by_email_goes_out_in_the_customers_language(town, letterhead, ada, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "STATE", tmp_path)
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    notice = Notice.objects.get()
    assert (notice.channel, notice.language, notice.subject) == ("email", "es", Bill.objects.get().subject)
    assert hand_over_queued() == 1
    (message,) = (tmp_path / "outbox" / "email").iterdir()
    text = message.read_text()
    assert "To: ada@example.net" in text
    assert str(Bill.objects.get().due) in text
    assert hand_over_queued() == 0


def test_a_corrected_bill_is_explained_by_letter(town, letterhead, ada):
    town.on("2026-09-01").bills("2026-08-01", "2026-09-01")
    town.uses("Ada", AUGUST, 900)
    _, bill = correct(
        agreement=ada.agreement, period=AUGUST, reason="estimate", policy=BackBilling(), on=town.today, by=DANA,
        at=town.at,
    )  # fmt: skip
    letter = Notice.objects.get(channel="letter")
    words = str(letter.words.sheets)
    assert str(Bill.objects.get(kind="cycle").charges) in words
    assert str(bill.charges) in words
    assert letter.words.address[0] == ada.agreement.account.roles.get().person.name


def test_no_template_stops_no_bill(town, ada):
    assert town.on("2026-09-01").bills("2026-08-01", "2026-09-01").billed == 1
    assert [item.kind for item in open_items(at=town.at)] == ["billing.untold"]
    assert not Notice.objects.exists()
