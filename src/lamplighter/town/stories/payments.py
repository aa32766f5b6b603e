"""Payments with a story: a part, a check that comes back, the wrong account, ten times too much, AutoPay twice."""

from __future__ import annotations

from datetime import date

from lamplighter.journeys.autopaying import set_up
from lamplighter.journeys.card_autopaying import card_entered, send_invite, warn_of_expiry
from lamplighter.journeys.carding import Told, hear, send_link
from lamplighter.journeys.returning import return_item
from lamplighter.kernel.actors import system
from lamplighter.kernel.money import Money
from lamplighter.notices.channels import Channel
from lamplighter.notices.queries import sender
from lamplighter.payments.autopay.banks import Bank
from lamplighter.payments.autopay.rules import Terms
from lamplighter.payments.cards.processor import Kept
from lamplighter.payments.models import Autopay
from lamplighter.payments.operations.autopaying import Authorization
from lamplighter.payments.operations.charging import begin_session
from lamplighter.payments.operations.keeping import agreed
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import at, days_after, months_after
from lamplighter.town.habits import COUNTER
from lamplighter.town.plan import Plan, Scene
from lamplighter.town.staff import CASHIER, DANA, SOURCES
from lamplighter.town.stage import Stage
from lamplighter.town.stories.timing import nth_bill

PART = 8466
TENFOLD = 41200
HOLDER = "Tess & Mo Harker"
PROCESSOR = system("card-processor")


def scenes(plan: Plan) -> list[Scene]:
    cycles, as_of = {one.key: one.cycle for one in plan.customers}, plan.as_of
    ways = {one.key: one.pays.source for one in plan.customers}

    def after_bill(key: str, back: int, days: int) -> date:
        """The first day so long after a bill on which what the customer pays by is open."""
        return SOURCES[ways[key]].next_day(days_after(nth_bill(cycles[key], as_of, back).bills_on, days))

    return [
        Scene("thi-hoa", after_bill("thi-hoa", 2, 9), pays_a_part),
        Scene("gwen", after_bill("gwen", 2, 14), check_comes_back),
        Scene("gwen", after_bill("gwen", 1, 14), check_comes_back),
        Scene("leung", after_bill("leung-rental", 0, 9), pays_the_wrong_account),
        Scene("jun", after_bill("jun", 0, 9), pays_ten_times),
        Scene("tess-and-mo", days_after(nth_bill(cycles["tess-and-mo"], as_of, 0).bills_on, 1), sets_up_autopay),
        Scene("gwen", days_after(as_of, -2), tries_a_card),
        Scene("fatima", days_after(nth_bill(cycles["fatima"], as_of, 0).bills_on, 1), keeps_a_card),
    ]


def pays_a_part(stage: Stage, day: date) -> None:
    stage.pays("thi-hoa", PART, day, habit=COUNTER)


def check_comes_back(stage: Stage, day: date) -> None:
    with unit_of_work(CASHIER):
        return_item(
            event=stage.last_payment("gwen"), on=day, by=CASHIER, at=at(day, 13, 40), remark="Insufficient funds."
        )


def pays_the_wrong_account(stage: Stage, day: date) -> None:
    """The check for the rented house carried the stub of his own."""
    cents = stage.bill("leung-rental").due.cents
    if cents > 0:
        stage.pays("leung", cents, day)


def pays_ten_times(stage: Stage, day: date) -> None:
    """A slip of the finger online, after the bill was paid: $412.00 to be given back."""
    stage.pays("jun", TENFOLD, day)


def sets_up_autopay(stage: Stage, day: date) -> None:
    """Tess calls once and never again: bills by email, drawn from the joint account from the newest one on, if that is
    not due yet."""
    account, bill, who = stage.account("tess-and-mo"), stage.bill("tess-and-mo"), sender()
    begins = bill.issued_on if bill.due_on > stage.plan.as_of else day
    bank = Bank("121000358", "7712004418")
    terms = Terms(who.utility, who.phone, account.number, HOLDER, "checking", bank.last_four, begins,
                  spoken=True)  # fmt: skip
    given = Authorization(bank, HOLDER, business=False, consent=Autopay.Consent.RECORDED, words=terms.words,
                          begins=begins)  # fmt: skip
    with unit_of_work(DANA):
        set_up(account=account, given=given, prenote=False, on=day, by=DANA, at=at(day, 11, 20))


def tries_a_card(stage: Stage, day: date) -> None:
    """Gwen's checks are not taken any more. She gets a link, and her card's bank says no."""
    account = stage.account("gwen")
    with unit_of_work(DANA):
        link = send_link(
            account=account, amount=Money(PART), channel=Channel.EMAIL, address="gwen@example.net",
            page="https://marisolbaypower.example/pay/", on=day, by=DANA, at=at(day, 10, 40),
        )  # fmt: skip
    declined = {"id": "pay_gwen", "reference": str(link.pk), "decline_code": "insufficient_funds"}
    told = Told("evt_gwen", "payment.failed", at(day, 11, 2), declined, {})
    with unit_of_work(PROCESSOR):
        begin_session(link=link, session="cs_gwen")
        hear(told=told, before=None, on=day, by=PROCESSOR, at=at(day, 11, 2))


def keeps_a_card(stage: Stage, day: date) -> None:
    """Fatima wants it on her card: Dana sends a link, she agrees on her phone and enters a card that expires soon."""
    account, bill = stage.account("fatima"), stage.bill("fatima")
    begins = bill.issued_on if bill.due_on > stage.plan.as_of else day
    with unit_of_work(DANA):
        made = send_invite(
            account=account, begins=begins, channel=Channel.EMAIL, address="fatima@example.net",
            page="https://marisolbaypower.example/pay/autopay/", on=day, by=DANA, at=at(day, 15, 5),
        )  # fmt: skip
    expires = days_after(months_after(stage.plan.as_of.replace(day=1), 1), -1)
    kept = Kept("card_fatima", str(made.pk), "visa", "4242", expires)
    with unit_of_work(PROCESSOR):
        agreed(invite=made, session="cs_fatima")
        card_entered(kept=kept, on=day, by=PROCESSOR, at=at(day, 15, 20))
        warn_of_expiry(on=day, by=PROCESSOR, at=at(day, 16))
