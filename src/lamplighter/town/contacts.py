"""What people said lately: calls, visits, mail and texts of the last days; some wait for an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage

from lamplighter.accounts.models import Account, AgreementPoint, AgreementRate
from lamplighter.accounts.queries import profile
from lamplighter.accounts.standing.operations import agree_standing
from lamplighter.cases.models import Message, MessageStep
from lamplighter.cases.operations.alerts import raise_alert
from lamplighter.cases.operations.contacts import ContactIn, WrapUp, begin_contact, verify, wrap_up
from lamplighter.cases.operations.messages import record_step, write_message
from lamplighter.cases.words import Means
from lamplighter.customers import operations as customers
from lamplighter.customers.consent import ASKED, Purpose, Said
from lamplighter.customers.rules import e164
from lamplighter.journeys.messaging import take_mail, take_text
from lamplighter.kernel.actors import Actor, staff, system
from lamplighter.kernel.periods import Period
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import OFFICE, at
from lamplighter.town.plan import Plan
from lamplighter.town.staff import DANA, RENEE

MAILBOX, GATEWAY = system("messages"), system("text-gateway")


@dataclass(frozen=True, slots=True)
class Spoke:
    """A contact that is over: `back` working days ago, at which time, who took it, why, and what was said."""

    key: str
    back: int
    hour: int
    minute: int
    by: Actor
    means: Means
    reason: str
    words: str
    facts: tuple[str, ...] = ("address", "phone")


SPOKE = (
    Spoke("dele", 1, 10, 12, DANA, Means.CALL, "high-bill",
          "Bill doubled since September. Pool pump may run all night; will look at the timer."),
    Spoke("thi-hoa", 1, 14, 40, staff("tuan"), Means.CALL, "plan",
          "In Vietnamese. Asks for more time; her brother will help on the 3rd."),
    Spoke("rosa", 2, 9, 25, staff("lupe"), Means.VISIT, "payment", "Brought cash; wants a receipt each time."),
    Spoke("pat", 3, 11, 5, staff("marcus"), Means.LETTER, "data",
          "Writes that her daughter shall get copies of every notice.", ()),
    Spoke("gwen", 4, 15, 50, DANA, Means.CALL, "payment", "Check came back; says the bank made an error."),
    Spoke("kip", 5, 13, 15, staff("meiling"), Means.CALL, "bill", "Why is there a true-up? Explained the export."),
)  # fmt: skip


def speak(plan: Plan, ids: Mapping[str, int], *, now: datetime) -> None:
    """The contacts of the last days, through the same operations as at the desk."""
    day = plan.as_of
    for one in SPOKE:
        if one.key in ids:
            _spoke(one, Account.objects.get(pk=ids[one.key]), _working_day_before(day, one.back))
    yesterday = _working_day_before(day, 1)
    _writes(ids, yesterday)
    _agrees(plan, ids)
    with unit_of_work(RENEE):
        raise_alert(
            account=Account.objects.get(pk=ids["ana"]), level="watch", title="Escalated: promise today 4 pm", acts=(),
            period=Period(yesterday), by=RENEE, at=min(now, at(yesterday, 16)), words="Speak calmly; call her back.",
        )  # fmt: skip


def _spoke(one: Spoke, account: Account, on: date) -> None:
    begins = at(on, one.hour, one.minute)
    person = profile(account, on=on).customer
    with unit_of_work(one.by):
        contact = begin_contact(
            contact=ContactIn(one.means, account=account, person=person, handled_by=one.by), by=one.by, at=begins
        )
        if one.facts:
            verify(contact=contact, account=account, role="main", facts=one.facts, by=one.by,
                   at=begins + timedelta(minutes=1))  # fmt: skip
        wrap_up(contact=contact, said=WrapUp(one.reason, "resolved", one.words), by=one.by,
                at=begins + timedelta(minutes=6))  # fmt: skip


def _agrees(plan: Plan, ids: Mapping[str, int]) -> None:
    """Landlords take their flats back between tenants."""
    for tenant, landlord in plan.landlords:
        use = AgreementPoint.objects.filter(agreement__account=ids[tenant]).select_related("point").last()
        rate = AgreementRate.objects.filter(agreement__account=ids[landlord], rider=False).select_related("schedule")
        if use is not None and (own := rate.last()) is not None:
            with unit_of_work(DANA):
                agree_standing(
                    account=Account.objects.get(pk=ids[landlord]), point=use.point, schedule=own.schedule,
                    on=plan.begins, evidence="signed 2019", by=DANA, at=at(plan.begins, 14),
                )  # fmt: skip


def _writes(ids: Mapping[str, int], day: date) -> None:
    """Ines wrote and was answered; Thi Hoa's text and a mail from nobody we know wait."""
    question = _mail("ines@example.net", "My October bill", "It says “estimated”. Did nobody read my meter?", "1")
    with unit_of_work(MAILBOX):
        kept = take_mail(raw=question, on=day, by=MAILBOX, at=at(day, 8, 40))
    if kept is not None and kept.contact.account is not None:
        _answers(kept, day)
    with unit_of_work(MAILBOX):
        stranger = _mail("a.cole@example.net", "New flat", "We move to Anchor St on the 1st. What do you need?", "2")
        take_mail(raw=stranger, on=day, by=MAILBOX, at=at(day, 16, 5))
    with unit_of_work(GATEWAY):
        take_text(key="SM-demo-1", sender_number="+15105550142", body="Will my power stay on this weekend?", on=day,
                  by=GATEWAY, at=at(day, 16, 20))  # fmt: skip
    with unit_of_work(DANA):
        customers.state_consent(
            number=e164("(510) 555-0108"), given={one: one is not Purpose.PROGRAMS for one in ASKED}, how=Said.CALL,
            by=DANA, at=at(day, 10, 15), account=ids["dele"],
        )  # fmt: skip


def _answers(kept: Message, day: date) -> None:
    contact = kept.contact
    body = "Your meter did not answer in October, so we estimated it. The November bill puts it right."
    with unit_of_work(DANA):
        ours = write_message(
            means=Means.EMAIL, to=contact.party, subject="Re: My October bill", body=body, account=contact.account,
            person=contact.person, answers=kept, host="marisolbaypower.example", by=DANA, at=at(day, 9, 10),
        )  # fmt: skip
        record_step(message=ours, step=MessageStep.Step.SENT, by=MAILBOX, at=at(day, 9, 11), proof="demo")


def _mail(sender: str, subject: str, body: str, key: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "help@marisolbaypower.example", subject
    made["Message-ID"] = f"<{key}@example.net>"
    made.set_content(body)
    return bytes(made)


def _working_day_before(day: date, back: int) -> date:
    while back:
        day -= timedelta(days=1)
        back -= OFFICE.is_working_day(day)
    return day
