"""The last week and the morning of the day as of which the city is told: what went out, what is open, what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from lamplighter.accounts.models import Account
from lamplighter.kernel.money import Money
from lamplighter.ledger import operations as ledger
from lamplighter.notices.channels import Channel
from lamplighter.notices.operations import draft_template, propose
from lamplighter.notices.queries import adopted, content_of
from lamplighter.notices.rules.wording import Content, Translation, Wording
from lamplighter.payments import operations as payments
from lamplighter.payments.models import TenderSource
from lamplighter.payments.operations.refunding import refund
from lamplighter.payments.refunds.queries import refundable
from lamplighter.payments.refunds.rules import Means
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.announcing import announce_work
from lamplighter.town.asking import ask_around
from lamplighter.town.calendar import OFFICE, at, months_after
from lamplighter.town.cashroom import keep_cash
from lamplighter.town.contacts import speak
from lamplighter.town.departments import settle_with_the_city
from lamplighter.town.fieldweek import send_crews
from lamplighter.town.foretelling import foretell_the_year
from lamplighter.town.lastnight import take_in_last_night
from lamplighter.town.network import connect_network
from lamplighter.town.office import keep_office
from lamplighter.town.outreach import reach_out
from lamplighter.town.plan import Plan
from lamplighter.town.policies import write_policies
from lamplighter.town.portfolio import tend_portfolio
from lamplighter.town.post import write_to_late_payers
from lamplighter.town.programs import begin_programs
from lamplighter.town.rates import Text, propose_change
from lamplighter.town.rebates import pay_rebates
from lamplighter.town.staff import ANALYST, DANA, FINANCE, SOURCES
from lamplighter.town.stage import Stage
from lamplighter.town.station import tell_the_weather
from lamplighter.town.stories.debts import an_agency_pledges, somebody_pays_over_time, somebody_uses_power
from lamplighter.town.stories.easing import ask_for_owen
from lamplighter.town.stories.giving import help_neighbors
from lamplighter.town.stories.leaving import somebody_left_owing

OPEN_MONTHS = 2
TOO_MUCH = Money(41200)
OPEN_TODAY = "drawer-2"
"""Dana's, on any day, so that a payment can be taken; the two others wait to be verified."""


def end_the_week(plan: Plan, ids: Mapping[str, int], *, now: datetime) -> None:
    """Last night's file is in, letters went out, crews have their orders and the meter network tells. Nothing of it is
    about rates, nor on the bills that are printed meanwhile."""
    take_in_last_night(plan, now=now)
    tell_the_weather(plan, now=now)
    write_to_late_payers(sorted(ids.values()), day=plan.as_of - timedelta(days=2))
    send_crews(plan, ids)
    speak(plan, ids, now=now)
    connect_network(plan, dict(ids), now=now)


def tend_key_accounts(plan: Plan, ids: Mapping[str, int]) -> None:
    """Their managers saw them, and their rebates were paid."""
    tend_portfolio(Stage(plan, dict(ids)), begins=plan.begins)
    pay_rebates(Stage(plan, dict(ids)))


def begin_the_day(plan: Plan, ids: Mapping[str, int], texts: Sequence[Text], *, now: datetime) -> None:
    """What the week left is tended: books of past months are closed, a rate change and a letter wait for a second
    person, cash is at the bank and a drawer is open."""
    yesterday = plan.as_of - timedelta(days=1)
    begin_programs(plan, ids, now=now)
    help_neighbors(Stage(plan, dict(ids)))
    ask_for_owen(Stage(plan, dict(ids)))
    reach_out(Stage(plan, dict(ids)))
    announce_work(Stage(plan, dict(ids)))
    foretell_the_year(plan.as_of)
    ask_around(plan.as_of)
    write_policies(plan.as_of, now=now)
    somebody_left_owing(plan)
    somebody_uses_power(plan)
    an_agency_pledges(plan)
    somebody_pays_over_time(plan, ids)
    keep_cash(plan, ids, now=now)
    keep_office(plan, now=now)
    settle_with_the_city(plan, now=now)
    with unit_of_work(FINANCE):
        _close_months(plan)
    with unit_of_work(DANA):
        _ask_for_refund(ids, plan.as_of)
    with unit_of_work(ANALYST):
        propose_change(texts, on=yesterday)
        _propose_letter(yesterday)
    dana = SOURCES[OPEN_TODAY]
    with unit_of_work(dana.cashier):
        payments.open_control(
            source=TenderSource.objects.get(pk=dana.key), by=dana.cashier, at=min(now, at(plan.as_of, 8, 15))
        )


def _close_months(plan: Plan) -> None:
    """Each on the tenth working day after its end; the last two stay open."""
    month = plan.begins.replace(day=1)
    while months_after(month, OPEN_MONTHS) < plan.as_of.replace(day=1):
        closing = OFFICE.add_working_days(months_after(month, 1), 10)
        ledger.close_month(month=month, by=FINANCE, at=at(closing, 16))
        month = months_after(month, 1)


def _ask_for_refund(ids: Mapping[str, int], day: date) -> None:
    """Jun paid ten times over: more than Dana may give back alone, so it waits for Renee."""
    account = Account.objects.get(pk=ids["jun"])
    amount = min(refundable(account), TOO_MUCH)
    if amount:
        refund(
            account=account, amount=amount, means=Means("check"), remark="Typed one digit too many online.",
            on=day, by=DANA, at=at(day, 8, 20),
        )  # fmt: skip


def _propose_letter(day: date) -> None:
    """A plainer past-due letter, so far in English only."""
    now = content_of(adopted(["past-due"])["past-due", Channel.LETTER])
    english = next(one for one in now.wordings if one.translation is Translation.ORIGINAL)
    blocks = tuple((name, PLAINER if name == "extension" else words) for name, words in english.blocks)
    content = Content(
        now.code, now.channel, now.title, now.fields, (Wording(english.language, blocks, english.translation),),
        now.basis,
    )  # fmt: skip
    template = draft_template(content=content, by=ANALYST, at=at(day, 11))
    propose(template=template, by=ANALYST, at=at(day, 11, 30), remark="Shorter, after the calls of last month.")


PLAINER = (
    "Can't pay it all at once? Call or text {{ phone }} before {{ ask_by }}. We will make a plan with you, and your"
    " power stays on while we talk."
)
