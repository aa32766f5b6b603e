"""Contracts that ask something of every bill: each bill is held to it once, and a shortfall reaches the manager."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.urls import reverse

from lamplighter.accounts.models import Agreement
from lamplighter.billing.models import Segment
from lamplighter.jobs.keyaccounts import hold_contracts
from lamplighter.journeys.changing import correct_multiplier
from lamplighter.journeys.rebilling import settle
from lamplighter.kernel.actors import system
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.models import Contract, ObligationTest
from lamplighter.keyaccounts.operations.obligations import hold_bills, promise
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.metering.models import Channel
from lamplighter.platform.transactions import unit_of_work
from lamplighter.worklist.models import Item
from tests.keyaccounts.conftest import BEGAN, JOEL, TODAY
from tests.keyaccounts.world import NOW, Clock, answers, fill, world

NIGHT = system("keyaccounts")


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    with world(tmp_path_factory.mktemp("contracts"), django_db_blocker) as made:
        yield made


@pytest.fixture
def joel(built, db, monkeypatch):
    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)
    return built.be("joel")


@pytest.fixture
def contract(joel):
    """Entered by the manager, with a minimum that the middle of the year's bills just reaches."""
    totals = sorted(segment.total for segment in Segment.objects.all())
    fill(joel, reverse("key:do-contract", args=["kelp-kettle-brewing"]), code="SC-09", name="Firm power",
         service=str(Agreement.objects.get().pk), start=BEGAN.isoformat(),
         end=(TODAY + timedelta(days=400)).isoformat(), minimum=str(totals[len(totals) // 2].dollars),
         approval="Resolution 2025-07")  # fmt: skip
    return Contract.objects.get()


def held():
    with unit_of_work(NIGHT):
        return hold_bills(by=NIGHT, at=NOW)


def test_every_bill_is_held_to_the_minimum_once_and_each_shortfall_is_told(joel, contract):
    """KAM-K12: the shortfall of a low month."""
    bills = Segment.objects.count()
    first = held()
    assert (first.tested, first.short) == (bills, bills // 2)
    assert Item.objects.filter(kind="keyaccounts.shortfall", subject="contract:SC-09").count() == bills // 2
    assert held().tested == 0, "a second night finds nothing new"
    assert ObligationTest.objects.count() == bills


def test_a_bill_that_was_corrected_takes_its_shortfall_along_and_the_new_one_stands(joel, contract):
    held()
    low = Segment.objects.order_by("total").first()
    waiting = Item.objects.filter(kind="keyaccounts.shortfall", ended_at__isnull=True)
    before = waiting.count()
    with unit_of_work(JOEL):
        asked = correct_multiplier(channel=Channel.objects.get(interval__isnull=False), factor=Decimal("0.5"),
                                   period=low.period, by=JOEL, at=NOW, remark="The CTs.")  # fmt: skip
        settle(request=asked[0], on=TODAY, by=JOEL, at=NOW)
    again = Segment.objects.get(period=low.period, cancelled_at__isnull=True)
    day = held()
    assert (day.tested, day.short) == (1, 1)
    told = ObligationTest.objects.get(segment=again)
    assert told.short > ObligationTest.objects.get(segment=low).short
    assert waiting.count() == before, "one went and one came"
    assert not waiting.filter(dedupe=f"{told.obligation_id}:{low.pk}").exists()
    assert waiting.filter(dedupe=f"{told.obligation_id}:{again.pk}").exists()
    assert held().tested == 0


def test_the_job_of_the_night_says_what_it_held(contract):
    bills = Segment.objects.count()
    assert hold_contracts(timestamp=0).startswith(f"{bills} bills held to contracts, {bills // 2} short; ")
    again = hold_contracts(timestamp=0)
    assert again == "0 bills held to contracts, 0 short; 0 alarms of contracts that end"


def test_the_contracts_page_shows_what_is_asked_and_every_bill(joel, contract):
    held()
    page = answers(joel.get(reverse("key:contract", args=["SC-09"])))
    assert "Charges of a bill ($)" in page
    assert "Resolution 2025-07" in page
    assert page.count("Short<") == Segment.objects.count() // 2
    low = Segment.objects.order_by("total").first()
    assert f"in {low.month:%B %Y}" in answers(joel.get(reverse("key:account", args=["kelp-kettle-brewing"])))


def test_energy_may_be_asked_for_as_well(joel, contract):
    held()
    days = {"start": BEGAN.isoformat(), "end": TODAY.isoformat()}
    fill(joel, reverse("key:do-promise-minimum", args=["SC-09"]), measure="kwh", least="1000000", **days)
    assert held().short == Segment.objects.count()
    test = ObligationTest.objects.filter(obligation__measure="kwh").order_by("pk").first()
    assert test.short == Decimal(1_000_000) - test.segment.kwh


def test_an_obligation_lies_within_its_contract_and_is_asked_once(contract):
    def ask(period, least=Decimal(5)):
        with unit_of_work(JOEL):
            return promise(contract=contract, measure="dollars", least=least, period=period, by=JOEL, at=NOW)

    with pytest.raises(CannotKeep, match="SC-09 runs from"):
        ask(Period(BEGAN - timedelta(days=1), TODAY))
    with pytest.raises(CannotKeep, match="asks for that already"):
        ask(Period(BEGAN, TODAY))


def test_nobody_changes_what_was_tested(contract):
    held()
    with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE keyaccounts_obligationtest SET short = 0")
