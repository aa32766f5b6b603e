"""What goes out to customers: mail about bills the same morning, letters to those who are past due; one comes back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef

from lamplighter.accounts.models import Account, AccountRole, Agreement
from lamplighter.billing.queries.policies import policy_on
from lamplighter.customers.models import Person
from lamplighter.customers.queries import reach_many
from lamplighter.kernel.actors import system
from lamplighter.kernel.money import Money
from lamplighter.notices.channels import Channel
from lamplighter.notices.gateways.files import FileGateway, outbox_folder
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Delivery, Notice
from lamplighter.notices.operations import Step, compose, hand_over_many, queue, record_deliveries
from lamplighter.notices.queries import Request, drafts
from lamplighter.notices.rules.fields import Value
from lamplighter.notices.rules.steps import DeliveryStep
from lamplighter.payments.queries import owed_by_many
from lamplighter.platform.transactions import unit_of_work
from lamplighter.premises.models import Premise
from lamplighter.town.calendar import at

NOTICES, LETTERS = system("notices"), system("past-due-letters")
LATE_DAYS, WORTH_A_LETTER, MOST = 8, 6000, 40


@dataclass(frozen=True, slots=True)
class Late:
    """An account whose debt fell due more than LATE_DAYS days ago, with who lives where."""

    account: Account
    person: Person
    premise: Premise
    amount: Money


def send_queued(accounts: Collection[int], *, when: datetime, subject: str = "") -> list[Notice]:
    """Give what is queued for these accounts (about one `subject`, where it is named) to the gateway of files."""
    steps = Delivery.objects.filter(notice=OuterRef("pk"))
    queued = Notice.objects.filter(
        Exists(steps.filter(step=DeliveryStep.QUEUED)), ~Exists(steps.exclude(step=DeliveryStep.QUEUED)),
        account__in=accounts,
    )  # fmt: skip
    gateway = FileGateway(outbox_folder())
    if subject:
        queued = queued.filter(subject=subject)
    sent = list(queued.order_by("pk"))
    if sent:
        with unit_of_work(NOTICES):
            hand_over_many(notices=sent, gateway=gateway, by=NOTICES, at=when)
    return sent


def write_to_late_payers(accounts: Collection[int], *, day: date) -> None:
    """The ten-day letter to those who owe most, in their languages. The post returns one the next day."""
    late = _late(accounts, day)
    with unit_of_work(LETTERS):
        made = drafts([_letter(one, day) for one in late])
        queue(notices=compose(drafts=made.drafts, by=LETTERS, at=at(day, 14)), by=LETTERS, at=at(day, 14))
    sent = send_queued([one.account.pk for one in late], when=at(day, 15))
    back = at(day + timedelta(days=1), 11)
    with unit_of_work(NOTICES):
        steps = [
            Step(notice.pk, DeliveryStep.RETURNED, back, "tray of returned mail", "Addressee unknown.")
            for notice in sent[-1:]
        ]
        record_deliveries(steps=steps, by=NOTICES, at=back)


def _late(accounts: Collection[int], day: date) -> Sequence[Late]:
    due = day - timedelta(days=policy_on(day).due_days + LATE_DAYS)
    owed = {
        account: sum(debt.amount.cents for debt in debts if debt.owed_on < due)
        for account, debts in owed_by_many(accounts).items()
    }
    worst = sorted(owed, key=lambda account: (-owed[account], account))[:MOST]
    chosen = [account for account in worst if owed[account] >= WORTH_A_LETTER]
    homes = Agreement.objects.filter(account__in=chosen, premise__isnull=False).select_related("account", "premise")
    at_home = {agreement.account_id: agreement for agreement in homes.order_by("-pk")}
    roles = AccountRole.objects.filter(account__in=chosen, role=AccountRole.Role.MAIN).select_related("person")
    people = {role.account_id: role.person for role in roles}
    found = []
    for account in chosen:
        premise = at_home[account].premise
        assert premise is not None
        found.append(Late(at_home[account].account, people[account], premise, Money(owed[account])))
    return found


def _letter(late: Late, day: date) -> Request:
    person, premise, account = late.person, late.premise, late.account
    elsewhere = reach_many([person.pk], on=day)[person.pk].mailing
    values: dict[str, Value] = {
        "customer": person.name, "premise": premise.address, "account": account.number, "sent": day,
        "amount": late.amount, "pay_by": day + timedelta(days=15), "off_on": day + timedelta(days=19),
        "ask_by": day + timedelta(days=13),
    }  # fmt: skip
    return Request(
        "past-due", Channel.LETTER, Language(person.language), f"past-due:{account.number}:{day}", account.subject,
        f"person:{person.number}", (person.name, *(elsewhere or premise.label).splitlines()), values, account.pk,
    )  # fmt: skip
