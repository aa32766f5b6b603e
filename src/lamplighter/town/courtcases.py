"""What collections has on its desk: a bankruptcy filed nine days ago, and the agencies that take old debts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from lamplighter.accounts.models import Account
from lamplighter.credit.operations.agencies import add_agency
from lamplighter.credit.operations.bankruptcies import Petition
from lamplighter.journeys.bankruptcy import enter_petition
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import at
from lamplighter.town.plan import Plan
from lamplighter.town.staff import DANA, RENEE

FILED_DAYS_AGO = 9
COURT = "Northern District of California"


def tell_court_cases(plan: Plan, ids: Mapping[str, int]) -> None:
    """T. & J. Whitfield, chapter 13; the notice came yesterday."""
    yesterday, filed = plan.as_of - timedelta(days=1), plan.as_of - timedelta(days=FILED_DAYS_AGO)
    with unit_of_work(RENEE):
        for key, name, fee in (("bayside", "Bayside Recovery", 25), ("harbor", "Harbor Credit Services", 22)):
            add_agency(key=key, name=name, fee_percent=Decimal(fee), by=RENEE, at=at(plan.begins, 10))
    if "whitfield" not in ids:
        return
    petition = Petition(13, f"{filed:%y}-41877", COURT, filed, filed, "M. Devlin, trustee")
    with unit_of_work(DANA):
        enter_petition(
            account=Account.objects.get(pk=ids["whitfield"]), petition=petition, on=yesterday, by=DANA,
            at=at(yesterday, 11, 20),
        )  # fmt: skip
