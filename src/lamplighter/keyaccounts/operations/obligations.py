"""Promise what a contract asks of every bill, and hold each bill to it, once; a shortfall is told to the manager."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.kinds import SHORTFALL
from lamplighter.keyaccounts.models import Contract, Obligation, ObligationTest
from lamplighter.keyaccounts.queries.obligations import Due, due_tests
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction
from lamplighter.worklist.operations import Draft, finish_matters, raise_items


@dataclass(frozen=True, slots=True)
class TestedDay:
    tested: int
    short: int


@in_transaction
def promise(*, contract: Contract, measure: str, least: Decimal, period: Period, by: Actor, at: datetime) -> Obligation:
    """An obligation within the contract's days."""
    held = Contract.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=contract.pk)
    if period.start < held.period.start or period.closed_end > held.period.closed_end:
        raise CannotKeep(f"{held.code} runs from {held.period.start} to {held.period.last_day}.")
    if least <= 0:
        raise CannotKeep("Say an amount above nothing.")
    if Obligation.objects.filter(contract=held, measure=measure, period__overlap=period).exists():
        raise CannotKeep("The contract asks for that already on some of these days: end that first.")
    made = Obligation.objects.create(contract=held, measure=measure, least=least, period=period, promised_by=by)
    record("keyaccounts.obligation.promised", subject=held.organisation.subject, by=by, at=at, contract=held.code,
           measure=measure)  # fmt: skip
    return made


@in_transaction
def hold_bills(*, by: Actor, at: datetime) -> TestedDay:
    """Every live bill that no obligation of its contract was held against yet. What a bill lacked that was cancelled
    since waits no longer. Begun again it changes nothing twice."""
    list(Obligation.objects.select_for_update().order_by("pk").values_list("pk", flat=True))  # one run at a time
    gone = ObligationTest.objects.filter(short__gt=0, segment__cancelled_at__isnull=False)
    finish_matters(kind=SHORTFALL.key, matters=[_matter(*one) for one in gone.values_list("obligation", "segment")],
                   by=by, at=at)  # fmt: skip
    due = due_tests()
    ObligationTest.objects.bulk_create(
        ObligationTest(obligation=one.obligation, segment=one.segment, found=one.found, short=one.short, tested_at=at)
        for one in due
    )
    short = [one for one in due if one.short > 0]
    if short:
        raise_items(drafts=[_draft(one) for one in short], at=at, by=by)
    return TestedDay(len(due), len(short))


@in_transaction
def end_obligations(*, contract: Contract, on: date, by: Actor, at: datetime) -> None:
    """From `on` it asks for nothing in its bills; what would have begun later never does."""
    for one in Obligation.objects.select_for_update().filter(contract=contract, period__endswith__gt=on).order_by("pk"):
        if one.period.start < on:
            Obligation.objects.filter(pk=one.pk).update(period=one.period.ending(on))
        elif one.tests.exists():
            raise CannotKeep(f"Bills after {on:%b %-d, %Y} were held to {contract.code} already.")
        else:
            one.delete()
        record("keyaccounts.obligation.ended", subject=contract.organisation.subject, by=by, at=at,
               contract=contract.code, measure=one.measure, on=on.isoformat())  # fmt: skip


def _draft(one: Due) -> Draft:
    contract, segment = one.obligation.contract, one.segment
    what = one.obligation.get_measure_display().lower()
    summary = f"{contract.code}, {segment.month:%B %Y}: {what} {one.found:,.2f}, promised {one.least:,.2f}"
    return Draft(SHORTFALL.key, f"contract:{contract.code}", summary, account=segment.agreement.account_id,
                 dedupe=_matter(one.obligation.pk, segment.pk))  # fmt: skip


def _matter(obligation: int, segment: int) -> str:
    return f"{obligation}:{segment}"
