"""Two large customers are aged by open items: one pays each bill by its number, and one of them short."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from lamplighter.billing.models import Bill
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.operations.matching import set_style
from lamplighter.credit.rules.matching import Style
from lamplighter.journeys.collecting import protect
from lamplighter.kernel.money import ZERO
from lamplighter.kernel.periods import Period
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import OFFICE, at, days_after
from lamplighter.town.plan import Plan, Scene
from lamplighter.town.staff import DANA, RENEE, SOURCES
from lamplighter.town.stage import Stage
from lamplighter.town.stories.timing import nth_bill

SHORT, HERONS = "lantern-dock", "three-herons"
PAYS_AFTER, SHORT_BY = 8, 6
"""Days after a bill; and of a hundred, what is kept back of the bill before the newest: a peak that is in dispute."""


def scenes(plan: Plan) -> list[Scene]:
    customer = next(one for one in plan.customers if one.key == SHORT)
    source = SOURCES[customer.pays.source]
    chosen = OFFICE.next_working_day(plan.begins + timedelta(days=6))
    bills = [nth_bill(customer.cycle, plan.as_of, back).bills_on for back in range(plan.size.months)]
    return [
        *(Scene(key, chosen, partial(is_aged_by_open_items, key=key)) for key in (SHORT, HERONS)),
        *(Scene(SHORT, source.next_day(days_after(day, PAYS_AFTER)), partial(pays_by_number, short=back == 1))
          for back, day in enumerate(bills)),
    ]  # fmt: skip


def is_aged_by_open_items(stage: Stage, day: date, *, key: str) -> None:
    with unit_of_work(RENEE):
        set_style(account=stage.account(key), style=Style.OPEN, reason="They pay by remittance, bill by bill.", on=day,
                  by=RENEE, at=at(day, 9, 15))  # fmt: skip


def pays_by_number(stage: Stage, day: date, *, short: bool) -> None:
    """The transfer names the newest bill. What is kept back is in dispute, and nothing is collected meanwhile."""
    bill = Bill.objects.filter(account=stage.ids[SHORT], origin=Bill.Origin.OWN).order_by("-id").first()
    if bill is None or bill.charges <= ZERO:
        return
    cents = bill.charges.cents * (100 - SHORT_BY) // 100 if short else bill.charges.cents
    stage.pays(SHORT, cents, day, reference=f"INV {bill.number}")
    if short:
        with unit_of_work(DANA):
            protect(
                account=stage.account(SHORT), kind=HoldKind.DISPUTE, period=Period(day, days_after(day, 180)),
                evidence=f"Their letter about the peak on bill {bill.number}", on=day, by=DANA, at=at(day, 15, 20),
            )  # fmt: skip
