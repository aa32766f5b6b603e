"""A special contract from the first offer to the bills: priced, approved, signed, billed, changed and ended."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from lamplighter.accounts.models import AgreementRate
from lamplighter.billing.lines_kept import lines_told
from lamplighter.billing.models import Segment
from lamplighter.customers.operations import add_human
from lamplighter.intervals.slots import slot_calendar
from lamplighter.journeys.contracting import finish_contract, propose_contract, sign_contract
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.models import Contract, ContractAlarm, Obligation
from lamplighter.keyaccounts.operations import organisations as keeping
from lamplighter.keyaccounts.operations.contracts import tell_of_ends
from lamplighter.keyaccounts.operations.costs import adopt_costs
from lamplighter.keyaccounts.operations.negotiating import give_up, open_negotiation, put_on_the_table
from lamplighter.keyaccounts.queries.contracts import running_as
from lamplighter.keyaccounts.queries.negotiations import drafts_of
from lamplighter.keyaccounts.queries.obligations import due_tests
from lamplighter.keyaccounts.queries.offers import compared
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.keyaccounts.terms import Terms
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.platform.transactions import unit_of_work
from lamplighter.tariffs.models import Version
from lamplighter.worklist.models import Item
from tests.advice.test_costs import FILE as COSTS
from tests.keyaccounts.conftest import JOEL, TODAY, brewery
from tests.keyaccounts.world import NOW, world
from tests.town import ZONE

OMAR = staff("omar")
START = date(2026, 9, 15)
TERMS = Terms(START, 36, 120, energy_percent=Decimal(4), facilities=Money(50_000), least_kwh=Decimal(30_000))


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    with world(tmp_path_factory.mktemp("contracting"), django_db_blocker) as made:
        yield made


@pytest.fixture
def desk(built, db):
    """The brewery with somebody who decides, marginal costs, and a negotiation that was begun."""
    with unit_of_work(JOEL):
        ines = add_human(given="Ines", family="Calloway", by=JOEL, at=NOW)
        people = keeping.tie(organisation=built.kelp, person=ines, part="decides", on=TODAY, by=JOEL, at=NOW)
        adopt_costs(text=COSTS, by=JOEL, at=NOW)
        talk = open_negotiation(code="SC-05", name="Brewing", organisation=built.kelp,
                                agreement=built.town.homes["Kelp"].agreement, by=JOEL, at=NOW)  # fmt: skip
    return Desk(built, talk, people.person)


class Desk:
    def __init__(self, world, talk, signer):
        self.world, self.talk, self.signer = world, talk, signer

    def table(self, terms, name="Three years", side="ours", seen=None):
        with unit_of_work(JOEL):
            newest = drafts_of(self.talk)
            return put_on_the_table(
                negotiation=self.talk, alternative=name, side=side, terms=terms, by=JOEL, at=NOW,
                seen=(newest[0].version if newest else 0) if seen is None else seen,
            )  # fmt: skip

    def approved(self, version):
        with unit_of_work(JOEL):
            asked = propose_contract(version=version, board="Resolution 2026-31", board_on=date(2026, 9, 8),
                                     on=TODAY, by=JOEL, at=NOW)  # fmt: skip
        with unit_of_work(OMAR):
            return approvals.approve(approval=asked, by=OMAR, at=NOW)

    def signed(self, version):
        with unit_of_work(JOEL):
            return sign_contract(version=version, signer=self.signer, signed_on=date(2026, 9, 9), on=TODAY, by=JOEL,
                                 at=NOW)  # fmt: skip

    def bills(self, until=date(2026, 10, 2)):
        days = Period(TODAY, until)
        self.world.town.uses("Kelp", days, brewery(slot_calendar(days, seconds=900, zone=ZONE)))
        self.world.town.on(until.isoformat()).bills("2026-10-01", until.isoformat())
        return list(Segment.objects.filter(period__endswith__gt=date(2026, 9, 2)).order_by("period"))


def lines(segment):
    """Cents by code."""
    found = defaultdict(Decimal)
    for line in lines_told(segment.statement):
        found[line["code"]] += line["cents"]
    return found


def test_an_alternative_is_priced_by_the_engine_that_bills_and_judged_by_costs(desk):
    desk.table(TERMS)
    found = compared(desk.talk, drafts_of(desk.talk), on=TODAY)
    offer = found.offers[-1]
    energy = sum(
        (line.amount.cents for bill in found.present.year.bills for line in bill.lines if line.code == "energy"), 0
    )
    discounts = [line.amount.cents for bill in offer.year.bills for line in bill.lines if "contract_e" in line.code]
    assert sum(discounts) == pytest.approx(-energy * Decimal("0.04"), abs=12), "half a cent a line, twice"
    added = offer.revenue - found.present.revenue
    assert added.cents == sum(discounts) + sum(
        line.amount.cents for bill in offer.year.bills for line in bill.lines if line.code == "contract_facilities"
    )
    assert offer.margin == offer.revenue - found.cost.total
    assert offer.bills.cents > offer.revenue.cents, "taxes are the customer's, and not the utility's to keep"
    used = [found.service.curve.within(bill.period).delivered.sum() / 1000 for bill in found.service.bills[-12:]]
    assert offer.short == sum(kwh < 30_000 for kwh in used)


def test_without_costs_there_is_no_margin(built, db):
    with unit_of_work(JOEL):
        talk = open_negotiation(code="SC-06", name="x", organisation=built.kelp,
                                agreement=built.town.homes["Kelp"].agreement, by=JOEL, at=NOW)  # fmt: skip
    assert compared(talk, [], on=TODAY).present.margin is None


def test_the_signed_clause_cuts_the_bill_at_its_start_and_both_calculators_agree(desk):
    version = desk.table(TERMS)
    desk.approved(version)
    signing = desk.signed(version)
    assert signing.contract.period == Period(START, date(2029, 9, 15))
    assert signing.contract.approval == "Resolution 2026-31, Sep 8, 2026"
    clause = Version.objects.get(schedule__code="SC-05")
    assert (clause.drafted_by, clause.adopted_by, clause.state) == (JOEL, OMAR, "adopted")
    before, after = desk.bills()
    assert (before.period, after.period) == (Period(date(2026, 9, 2), START), Period(START, date(2026, 10, 2)))
    assert not [code for code in lines(before) if code.startswith("contract")]
    assert lines(after)["contract_energy"] < 0
    assert Obligation.objects.get().period == TERMS.period


def test_what_was_not_approved_or_is_older_than_the_table_is_not_signed(desk):
    version = desk.table(TERMS)
    with pytest.raises(CannotKeep, match="second person approves"):
        desk.signed(version)
    desk.approved(version)
    desk.table(replace(TERMS, energy_percent=Decimal(5)), side="theirs")
    with pytest.raises(CannotKeep, match="newest version"):
        desk.signed(version)
    assert not Contract.objects.exists()


def test_two_people_at_one_table_are_told_of_each_other(desk):
    desk.table(TERMS)
    with pytest.raises(CannotKeep, match="version 1 on the table since"):
        desk.table(TERMS, name="Theirs", seen=0)


def test_while_a_version_waits_nothing_moves_and_the_asker_approves_nothing(desk):
    version = desk.table(TERMS)
    with unit_of_work(JOEL):
        asked = propose_contract(version=version, board="R-1", board_on=TODAY, on=TODAY, by=JOEL, at=NOW)
    with pytest.raises(CannotKeep, match="waits for approval"):
        desk.table(TERMS)
    with pytest.raises(CannotKeep, match="waits for approval"), unit_of_work(JOEL):
        give_up(negotiation=desk.talk, why="x", by=JOEL, at=NOW)
    with pytest.raises(CannotDecide, match="own request"), unit_of_work(JOEL):
        approvals.approve(approval=asked, by=JOEL, at=NOW)


def test_a_start_that_is_billed_already_is_refused(desk):
    version = desk.table(replace(TERMS, start=date(2026, 9, 1)))
    with pytest.raises(CannotKeep, match="billed until Sep 2, 2026"):
        desk.approved(version)
    assert not Approval.objects.filter(subject=version.negotiation.subject).exists()


def test_an_amendment_changes_the_clause_from_its_day_and_the_end_takes_it_off(desk):
    first = desk.table(TERMS)
    desk.approved(first)
    contract = desk.signed(first).contract
    with unit_of_work(JOEL):
        desk.talk = open_negotiation(code="SC-05", name="Brewing, amended", organisation=desk.world.kelp,
                                     agreement=contract.agreement, amends=contract, by=JOEL, at=NOW)  # fmt: skip
    second = desk.table(replace(TERMS, start=date(2026, 9, 22), energy_percent=Decimal(9), least_kwh=Decimal(0)))
    desk.approved(second)
    changed = desk.signed(second).contract
    assert changed == contract
    assert changed.period == Period(START, date(2029, 9, 22))
    assert Obligation.objects.get().period == Period(START, date(2026, 9, 22))
    with unit_of_work(JOEL):
        ended = finish_contract(contract=changed, on=date(2026, 9, 28), why="They sell the brewery.", by=JOEL, at=NOW)
    parts = desk.bills()
    assert [one.period.start.day for one in parts] == [2, 15, 22, 28]
    shares = [round(-lines(one)["contract_energy"] / lines(one)["energy"], 3) for one in parts]
    assert shares == [0, Decimal("0.04"), Decimal("0.09"), 0]
    assert running_as(ended).notice_on is None
    assert AgreementRate.objects.filter(rider=True, period__endswith__gt=date(2026, 9, 28)).count() == 0


def test_an_amendment_is_compared_with_the_contract_that_runs_and_with_none(desk):
    first = desk.table(TERMS)
    desk.approved(first)
    contract = desk.signed(first).contract
    desk.bills()
    with unit_of_work(JOEL):
        again = open_negotiation(code="SC-05", name="Brewing", organisation=desk.world.kelp, amends=contract,
                                 agreement=contract.agreement, by=JOEL, at=NOW)  # fmt: skip
    now, without, *_ = compared(again, [], on=date(2026, 10, 3)).offers
    assert (now.what, without.label) == ("GS-2 with SC-05", "Without a contract")
    assert now.bills != without.bills


def test_a_bill_of_part_of_a_month_is_held_to_its_part_of_the_least(desk):
    version = desk.table(replace(TERMS, least_kwh=Decimal(300_000)))
    desk.approved(version)
    desk.signed(version)
    part = desk.bills()[-1]
    (due,) = due_tests()
    assert (due.segment, due.least) == (part, Decimal(300_000) * 17 / 30)
    assert due.short == due.least - part.kwh


def test_a_contract_never_takes_the_name_of_a_rate(desk):
    for code in ("GS-2", "GS-3"):
        with pytest.raises(CannotKeep, match=f"There is a rate {code}"), unit_of_work(JOEL):
            open_negotiation(code=code, name="x", organisation=desk.world.kelp, agreement=desk.talk.agreement, by=JOEL,
                             at=NOW)  # fmt: skip


def test_a_service_has_one_contract_at_a_time(desk):
    first = desk.table(TERMS)
    desk.approved(first)
    desk.signed(first)
    with unit_of_work(JOEL):
        desk.talk = open_negotiation(code="SC-07", name="Another", organisation=desk.world.kelp,
                                     agreement=desk.talk.agreement, by=JOEL, at=NOW)  # fmt: skip
    again = desk.table(replace(TERMS, start=date(2027, 1, 1)))
    with pytest.raises(CannotKeep, match="SC-05 runs for this service until Sep 14, 2029"):
        desk.approved(again)
    after = desk.table(replace(TERMS, start=date(2029, 9, 15)))
    assert desk.approved(after).state == Approval.State.APPROVED


def test_a_contract_does_not_end_in_bills_that_were_made(desk):
    version = desk.table(TERMS)
    desk.approved(version)
    contract = desk.signed(version).contract
    desk.bills()
    with pytest.raises(CannotKeep, match="billed until Oct 2, 2026"), unit_of_work(JOEL):
        finish_contract(contract=contract, on=date(2026, 9, 20), why="x", by=JOEL, at=NOW)


def test_alarms_come_once_at_eighteen_twelve_and_six_months_and_before_the_notice(desk):
    version = desk.table(replace(TERMS, notice_days=400))
    desk.approved(version)
    contract = desk.signed(version).contract
    ends, told = contract.period.closed_end, {}
    for back in (700, 550, 549, 420, 410, 364, 300, 180, 90, 10):
        for night in range(2):
            with unit_of_work(JOEL):
                told[back, night] = tell_of_ends(on=ends - timedelta(days=back), by=JOEL, at=NOW)
    assert {back for (back, _), count in told.items() if count} == {549, 420, 364, 180}, "each once, on its night"
    assert list(ContractAlarm.objects.order_by("pk").values_list("mark", flat=True)) == [18, 0, 12, 6]
    assert Item.objects.filter(kind="keyaccounts.contract-ending", subject="contract:SC-05").count() == 4
