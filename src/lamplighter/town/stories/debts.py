"""Debts with a story: a petition, a doctor's certificate, deposits, a pledge, a plan, power that nobody pays for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial

from lamplighter.accounts.models import Account
from lamplighter.billing.operations.depositing import charge_deposit
from lamplighter.billing.queries.ageing import aged_accounts
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.models import Investigation, Pledge
from lamplighter.credit.operations.bankruptcies import Petition
from lamplighter.credit.operations.pledging import PledgeIn, add_assistance_agency, add_worker
from lamplighter.credit.queries.debts import owed_for_service
from lamplighter.credit.queries.standing import draft_plan, eligibility
from lamplighter.journeys.arranging import make_plan
from lamplighter.journeys.bankruptcy import enter_petition
from lamplighter.journeys.collecting import protect
from lamplighter.journeys.depositing import review_deposit
from lamplighter.journeys.investigating import report_use
from lamplighter.journeys.pledging import pledge
from lamplighter.kernel.actors import system
from lamplighter.kernel.money import Money, total
from lamplighter.kernel.periods import Period
from lamplighter.notices.models import Notice
from lamplighter.notices.rules.steps import DeliveryStep
from lamplighter.platform.transactions import unit_of_work
from lamplighter.premises.models import ServicePoint
from lamplighter.town.calendar import OFFICE, at
from lamplighter.town.plan import Plan, Scene
from lamplighter.town.staff import DANA, RENEE
from lamplighter.town.stage import Stage

CREDIT = system("credit")
FILED_DAYS = 9
DEPOSIT = {"los-faroles": Money(40000), "carla": Money(15000)}
VACANT = "912 Bay Ct"
LATE = Money(9000)
"""So much past due calls for a plan."""


def scenes(plan: Plan) -> list[Scene]:
    """The Whitfields' petition, a certificate, and three deposits' days."""
    as_of = plan.as_of
    given = OFFICE.next_working_day(plan.begins + timedelta(days=10))
    return [
        Scene("whitfield", as_of - timedelta(days=FILED_DAYS), files),
        Scene("thi-hoa", OFFICE.next_working_day(as_of - timedelta(days=50)), brings_a_certificate),
        *(Scene(key, given, partial(gives_a_deposit, key=key)) for key in DEPOSIT),
        Scene("carla", as_of - timedelta(days=1), gets_it_back),
    ]  # fmt: skip


def files(stage: Stage, day: date) -> None:
    """The court's notice of a chapter 13 case came by email on the day of filing."""
    petition = Petition(
        13, "26-41877", "Northern District of California", filed_on=day, order_on=day, trustee="M. Devlin"
    )
    with unit_of_work(DANA):
        enter_petition(account=stage.account("whitfield"), petition=petition, on=day, by=DANA, at=at(day, 15, 10))


def brings_a_certificate(stage: Stage, day: date) -> None:
    """A doctor certified that it would be life threatening; it holds for a year."""
    period = Period(day, date(day.year + 1, day.month, min(day.day, 28)))
    with unit_of_work(DANA):
        protect(
            account=stage.account("thi-hoa"), kind=HoldKind.MEDICAL, period=period, evidence="Certificate M-2208",
            on=day, by=DANA, at=at(day, 11, 5),
        )  # fmt: skip


def gives_a_deposit(stage: Stage, day: date, *, key: str) -> None:
    """Asked for when the books began here, and paid on the same day."""
    with unit_of_work(DANA):
        charge_deposit(
            account=stage.account(key), amount=DEPOSIT[key], source=f"start:{key}", on=day, by=DANA, at=at(day, 9, 40)
        )
    stage.pays(key, DEPOSIT[key].cents, day)


def gets_it_back(stage: Stage, day: date) -> None:
    """A year of bills paid in time: the morning's job gives it back with its interest."""
    with unit_of_work(CREDIT):
        review_deposit(account=stage.account("carla"), on=day, by=CREDIT, at=at(day, 4, 35))


def an_agency_pledges(plan: Plan) -> Pledge | None:
    """Yesterday Ruth Amaya called for a household that had a past-due notice; a small city may have none."""
    day = plan.as_of - timedelta(days=1)
    told = Notice.objects.filter(template__code="past-due", deliveries__step=DeliveryStep.HANDED_OVER)
    homes = Account.objects.filter(
        pk__in=told.exclude(deliveries__step=DeliveryStep.RETURNED).values("account"), customer_class="residential"
    )
    account = homes.order_by("pk").first()
    if account is None:
        return None
    with unit_of_work(RENEE):
        agency = add_assistance_agency(
            key="harbor-help", name="Harbor Help", runs_days=45, on=plan.begins, by=RENEE, at=at(plan.begins, 10, 20),
        )  # fmt: skip
        ruth = add_worker(
            agency=agency, name="Ruth Amaya", phone="(510) 555-0171", on=plan.begins, by=RENEE,
            at=at(plan.begins, 10, 25),
        )  # fmt: skip
    owed = total(one.amount for one in owed_for_service(account))
    said = PledgeIn(ruth, min(owed, Money(30000)), "HH-1182")
    with unit_of_work(DANA):
        return pledge(account=account, said=said, on=day, by=DANA, at=at(day, 16, 5))


def somebody_pays_over_time(plan: Plan, ids: Mapping[str, int]) -> None:
    """A household that called yesterday: half now, and half on the 15th. A small city may have none that may."""
    day = plan.as_of - timedelta(days=1)
    known = {ids[one.key] for one in plan.customers if one.pays.until is not None or one.key in DEPOSIT}
    late = (one.account for one in aged_accounts(day) if one.ageing.past_due >= LATE)
    for account in late:
        may = account.customer_class == "residential" and account.pk not in known
        if may and eligibility(account, on=day).eligible:  # not whom an agency promised to pay for
            with unit_of_work(DANA):
                draft = draft_plan(account, down=None, months=1, on=day)
                make_plan(account=account, draft=draft, consent="recorded", on=day, by=DANA, at=at(day, 10, 35))
            return


def somebody_uses_power(plan: Plan) -> Investigation:
    """The meter of a place without an account counts; Dana opened a case yesterday."""
    day = plan.as_of - timedelta(days=1)
    point = ServicePoint.objects.select_related("premise").get(premise__street=VACANT)
    with unit_of_work(DANA):
        return report_use(
            point=point, source=Investigation.Source.DATA, on=day, by=DANA, at=at(day, 14, 25),
            words="The list of places without an account shows use every evening.",
        )  # fmt: skip
