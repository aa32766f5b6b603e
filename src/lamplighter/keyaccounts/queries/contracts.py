"""Contracts by their days: the terms that hold, the day of notice, and the alarms that fell due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from lamplighter.billing.rules import months_before
from lamplighter.keyaccounts.models import Contract, ContractAlarm, ContractSigning
from lamplighter.keyaccounts.terms import Terms, terms_of

MARKS = (18, 12, 6)
"""Months before a contract's end at which its manager is told."""

NOTICE = 0
AHEAD = timedelta(days=30)
"""How long before the day of notice it is told of."""


@dataclass(frozen=True, slots=True)
class Running:
    """A contract with the terms that were signed last, where it was negotiated here."""

    contract: Contract
    terms: Terms | None

    @property
    def notice_on(self) -> date | None:
        """None once it ends on another day than its terms say."""
        if self.terms is None or self.terms.period.closed_end != self.contract.period.closed_end:
            return None
        return self.terms.notice_on


@dataclass(frozen=True, slots=True)
class DueAlarm:
    """`mark` months before the end, 0 for the day of notice; `words` for a worklist."""

    contract: Contract
    mark: int
    day: date
    words: str


def running_contracts(*, on: date) -> list[Running]:
    """Those that did not end, the one that ends first at the top; two queries."""
    rows = Contract.objects.filter(period__endswith__gt=on).select_related(
        "organisation__person", "agreement__account", "agreement__premise"
    )
    contracts = sorted(rows, key=lambda one: (one.period.closed_end, one.code))
    return _with_terms(contracts)


def running_as(contract: Contract) -> Running:
    return _with_terms([contract])[0]


def due_alarms(*, on: date) -> list[DueAlarm]:
    """What is to be told today: the nearest alarm of each contract that was reached, and its day of notice; once."""
    told = set(ContractAlarm.objects.values_list("contract", "ends", "mark"))
    found = []
    for one in running_contracts(on=on):
        ends = one.contract.period.closed_end
        found += [due for due in _alarms(one, on) if (one.contract.pk, ends, due.mark) not in told]
    return found


def _alarms(one: Running, on: date) -> Iterable[DueAlarm]:
    contract, ends = one.contract, one.contract.period.closed_end
    reached = [mark for mark in MARKS if on >= months_before(ends, mark)]
    if reached:
        words = f"ends on {contract.period.last_day:%b %-d, %Y}: {min(reached)} months or less"
        yield DueAlarm(contract, min(reached), ends, words)
    if (notice := one.notice_on) is not None and notice - AHEAD <= on <= notice:
        yield DueAlarm(contract, NOTICE, ends, f"asks for notice by {notice:%b %-d, %Y} of what comes after it")


def _with_terms(contracts: list[Contract]) -> list[Running]:
    signings = ContractSigning.objects.filter(contract__in=contracts).select_related("draft").order_by("pk")
    newest = {one.contract_id: terms_of(one.draft.terms) for one in signings}
    return [Running(one, newest.get(one.pk)) for one in contracts]
