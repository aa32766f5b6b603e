"""Letters and emails from templates: merged from the account, previewed, kept, sent, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import Profile, profile
from lamplighter.billing.models import Bill
from lamplighter.billing.queries.policies import due_days_of
from lamplighter.cases.kinds import RETURNED
from lamplighter.customers.models import Person
from lamplighter.journeys.recalling import hold_recipient, recall_untold
from lamplighter.journeys.searching import search_for
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.queries import ageing, balances
from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Notice, Template
from lamplighter.notices.operations import Step, compose, queue, record_deliveries
from lamplighter.notices.queries import Request
from lamplighter.notices.queries.drafts import CannotCompose, Draft, draft
from lamplighter.notices.queries.templates import content_of
from lamplighter.notices.rules.fields import Field, Value
from lamplighter.notices.rules.steps import DeliveryStep
from lamplighter.platform.transactions import in_transaction
from lamplighter.worklist.operations import Draft as Matter
from lamplighter.worklist.operations import raise_items

OURS = "letter-"
"""Templates whose code begins so are for the desk to choose from; the others are sent by the program itself."""
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Choice:
    """A template that the desk may choose, and the fields that somebody must fill in."""

    template: Template
    asked: tuple[Field, ...]

    @property
    def key(self) -> str:
        return f"{self.template.code}:{self.template.channel}"


def choices(account: Account, *, on: date) -> list[Choice]:
    """The adopted templates for the desk, each with what the account does not tell."""
    known = set(merged(profile(account, on=on), on=on))
    rows = Template.objects.adopted().filter(code__startswith=OURS).prefetch_related("wordings")
    return [
        Choice(row, tuple(field for field in content_of(row).fields if field.name not in known))
        for row in rows.order_by("title", "channel")
    ]


def merged(known: Profile, *, on: date) -> dict[str, Value]:
    """What the account itself tells: who, where, since when, how it was paid, what is owed."""
    account, person = known.account, known.customer
    owed = balances(known.subledgers).values()
    bills = Bill.objects.filter(account=account, issued_on__gt=on - YEAR)
    services = [service for service in known.services if service.running]
    return {
        "customer": person.name if person else "Customer",
        "premise": known.premise.address if known.premise else "no premise",
        "account": account.number,
        "sent": on,
        "since": account.opened_on,
        "balance": sum((one.current for one in owed), ZERO),
        "past_due": _past_due(known, on),
        "bills": bills.count(),
        "late": sum(1 for due, charges in bills.values_list("due", "charges") if due > charges),
        **({"rate": services[0].schedule} if services else {}),
    }


def letter(
    account: Account, choice: Choice, said: Mapping[str, Value], *, key: str, on: date, language: str = "",
    to: Person | None = None,
) -> Draft:  # fmt: skip
    """What it would say, to whom. Raises CannotCompose."""
    known = profile(account, on=on)
    person = to or known.customer
    if person is None:
        raise CannotCompose("The account has no customer to write to.")
    wanted = {field.name for field in content_of(choice.template).fields}
    values = {name: value for name, value in {**merged(known, on=on), **said}.items() if name in wanted}
    channel = Channel(choice.template.channel)
    request = Request(
        choice.template.code, channel, Language(language or person.language), f"desk:{key}"[:120], account.subject,
        f"person:{person.number}", address_of(known, channel), values, account=account.pk,
    )  # fmt: skip
    return draft(request)


def address_of(known: Profile, channel: Channel) -> tuple[str, ...]:
    """Where a notice of a channel goes. Raises CannotCompose with what is missing."""
    match channel:
        case Channel.LETTER:
            lines = known.reach.mailing or (known.premise.label if known.premise else "")
            if not lines:
                raise CannotCompose("There is no address to write to. Set a mailing address first.")
            return (known.customer.name if known.customer else "Customer", *lines.splitlines())
        case Channel.EMAIL:
            if not known.reach.email:
                raise CannotCompose("There is no email on file. Ask for one, or send a letter.")
            return (known.reach.email,)
        case Channel.TEXT:
            if not known.reach.phone:
                raise CannotCompose("There is no number on file.")
            return (known.reach.phone,)
        case Channel.PAGE:
            raise CannotCompose("A page is sent to nobody. Choose a letter, an email or a text.")


@in_transaction
def send_letter(*, drafted: Draft, by: Actor, at: datetime) -> Notice:
    """Keep exactly what was previewed, and let it go out: by mail server, or with the next batch of letters."""
    (notice,) = compose(drafts=[drafted], by=by, at=at)
    queue(notices=[notice], by=by, at=at)
    return notice


@in_transaction
def came_back(*, notice: Notice, why: str, by: Actor, at: datetime) -> None:
    """The post brought a letter back: nobody got it, and somebody finds out where they are. Whoever was not told that
    power may go off keeps it."""
    hold_recipient(notice)
    record_deliveries(steps=[Step(notice.pk, DeliveryStep.RETURNED, at, "tray of returned mail", why)], by=by, at=at)
    recall_untold(notice=notice, by=by, at=at)
    if search_for(notice=notice, by=by, at=at) is not None:
        return  # its item asks for more than this one
    matter = Matter(RETURNED.key, notice.key, f"{notice.template.title}: {why}"[:200], account=notice.account)
    raise_items(drafts=[matter], by=by, at=at)


def _past_due(known: Profile, on: date) -> Money:
    last = known.account.bills.order_by("-issued_on", "-id").first()
    return ageing(known.subledgers, on=on, due_days=due_days_of(last, on=on)).past_due
