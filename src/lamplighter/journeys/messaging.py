"""Mail and texts from customers: whose they are, in which thread, what a single word orders, and what came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from lamplighter.accounts.models import Account, AccountRole
from lamplighter.cases.models import Contact, Message, MessageStep
from lamplighter.cases.operations.contacts import attach_files
from lamplighter.cases.operations.messages import MessageIn, receive, record_step, write_message
from lamplighter.cases.rules import Command, answers_to, bare_subject, command_in
from lamplighter.cases.words import Means
from lamplighter.customers import rules
from lamplighter.customers.consent import ASKED, Purpose, Said
from lamplighter.customers.models import Person
from lamplighter.customers.operations import state_consent
from lamplighter.customers.queries import reached_by
from lamplighter.formats.mail import Mail, MailFile, read_mail
from lamplighter.journeys.recalling import hold_recipient, recall_untold
from lamplighter.kernel.actors import Actor
from lamplighter.notices.models import Notice
from lamplighter.notices.operations import Step, record_deliveries
from lamplighter.notices.queries.templates import sender
from lamplighter.notices.rules.steps import FAILED, DeliveryStep, may_follow
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.transactions import in_transaction

GOES_ON = (Purpose.SERVICE, Purpose.COLLECTION, Purpose.OUTAGE)


@in_transaction
def take_mail(*, raw: bytes, on: date, by: Actor, at: datetime) -> Message | None:
    """A mail from the mailbox, kept once in its thread; None for a delivery report, which is put to what it returns.
    Raises formats.mail.BadMail."""
    mail = read_mail(raw)
    if mail.returned or not mail.sender:
        _came_back(mail, by=by, at=at)
        return None
    opens, account, person = _thread(mail)
    if account is None:
        account, person = whose(mail.sender, on=on)
    kept, new = receive(
        message=MessageIn(
            Means.EMAIL, mail.message_id, mail.sender, mail.body, mail.subject, account, person, opens, mail.automatic
        ),
        by=by, at=at,
    )  # fmt: skip
    if new:
        _keep(kept.contact, mail.files, by=by, at=at)
    return kept


@in_transaction
def take_text(*, key: str, sender_number: str, body: str, on: date, by: Actor, at: datetime) -> Message:
    """A text, kept once. One word may take consent back or give it: that is answered once, by one text."""
    account, person = whose(sender_number, on=on)
    command = command_in(body)
    opens = _last_with(sender_number, account)
    kept, new = receive(
        message=MessageIn(Means.TEXT, key, sender_number, body, "", account, person, opens, command is not None),
        by=by, at=at,
    )  # fmt: skip
    if new and command is not None:
        _obey(command, kept, sender_number, account, person, by=by, at=at)
    return kept


@in_transaction
def text_became(*, about: str, delivered: bool, proof: str, by: Actor, at: datetime) -> None:
    """What the gateway tells of a text of ours, named by our number: a message (M-17) or a notice (N-290). What is
    told again, or of a text that is not ours, changes nothing."""
    kind, _, key = about.partition("-")
    if not key.isdecimal():
        return
    if kind == "M" and (message := Message.objects.filter(pk=int(key)).first()):
        step = MessageStep.Step.DELIVERED if delivered else MessageStep.Step.FAILED
        record_step(message=message, step=step, by=by, at=at, proof=proof)
    if kind == "N" and (notice := Notice.objects.filter(pk=int(key)).first()):
        _notice_became(notice, DeliveryStep.DELIVERED if delivered else DeliveryStep.BOUNCED, proof, "", by=by, at=at)


def number_of(message: Message) -> str:
    """How the outside names a message of ours."""
    return f"M-{message.pk}"


def whose(address: str, *, on: date) -> tuple[Account | None, Person | None]:
    """Whose account a number or an address is: the one on which its owner stands, if there is just one."""
    try:
        clear = address if "@" in address else rules.e164(address)
    except rules.CannotRecord:
        return None, None
    people = reached_by(clear, on=on)
    roles = AccountRole.objects.filter(
        person__in=people, role__in=(AccountRole.Role.MAIN, AccountRole.Role.CO_APPLICANT), period__contains=on,
        account__closed_on__isnull=True,
    ).select_related("account", "person")  # fmt: skip
    accounts = {role.account_id: role for role in roles}
    if len(accounts) == 1:
        only = next(iter(accounts.values()))
        return only.account, only.person
    return None, people[0] if len(people) == 1 else None


def _thread(mail: Mail) -> tuple[Message | None, Account | None, Person | None]:
    """What a mail answers: a message of ours or of theirs, or a notice; its account is the thread's."""
    by_id = Message.objects.filter(message_id__in=mail.references).select_related("contact", "opens").order_by("-pk")
    keys = answers_to(mail.references, kind="M")
    found = by_id.first() or Message.objects.filter(pk__in=keys).select_related("contact", "opens").first()
    if found is not None:
        contact = found.contact
        known = contact.party.casefold() == mail.sender.casefold()
        return found.opens or found, contact.account if known else None, contact.person if known else None
    return None, None, None


def _last_with(number: str, account: Account | None) -> Message | None:
    """Texts with one number are one thread for as long as they are about the same account."""
    rows = Message.objects.filter(contact__means=Means.TEXT, contact__party=number, contact__account=account)
    last = rows.select_related("opens").order_by("-pk").first()
    return (last.opens or last) if last else None


def _obey(
    command: Command, text: Message, number: str, account: Account | None, person: Person | None, *, by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    if command is not Command.HELP:
        given = dict.fromkeys(ASKED if command is Command.STOP else GOES_ON, command is Command.START)
        subject = f"person:{person.number}" if person else text.contact.subject
        state_consent(
            number=number, given=given, how=Said.TEXT, by=by, at=at, subject=subject,
            account=account.pk if account else None,
        )  # fmt: skip
    utility = sender()
    words = {
        Command.STOP: f"{utility.utility}: you will get no more texts from us. Reply START to get them again.",
        Command.START: f"{utility.utility}: you will get texts about your service again. Reply STOP to end them.",
        Command.HELP: f"{utility.utility}: call {utility.phone}, {utility.website}. Reply STOP to end texts.",
    }[command]
    write_message(means=Means.TEXT, to=number, body=words, account=account, person=person, by=by, at=at, answers=text)


def _came_back(mail: Mail, *, by: Actor, at: datetime) -> None:
    """Put a delivery report to the messages and notices that it returns."""
    for message in Message.objects.filter(pk__in=answers_to(mail.returned, kind="M")):
        record_step(message=message, step=MessageStep.Step.FAILED, by=by, at=at, proof=mail.why or "returned")
    for notice in Notice.objects.filter(pk__in=answers_to(mail.returned, kind="N")):
        proof = f"delivery report {mail.message_id}"[:120]
        _notice_became(notice, DeliveryStep.BOUNCED, proof, mail.why, by=by, at=at)


def _notice_became(notice: Notice, step: DeliveryStep, proof: str, why: str, *, by: Actor, at: datetime) -> None:
    """Once; and after it was handed over, which holds the notice until that is kept. Whoever was not told that power
    may go off keeps it."""
    hold_recipient(notice)
    held = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if may_follow(step, {DeliveryStep(one.step) for one in held.deliveries.all()}):
        record_deliveries(steps=[Step(held.pk, step, at, proof, why)], by=by, at=at)
        if step in FAILED:
            recall_untold(notice=notice, by=by, at=at)


def _keep(contact: Contact, files: Sequence[MailFile], *, by: Actor, at: datetime) -> None:
    kept = [
        (store_file([one.content], name=one.name, media_type=one.media_type[:100], by=by, at=at)[0], one.name)
        for one in files
    ]
    attach_files(contact=contact, files=kept, by=by, at=at)


def thread_subject(message: Message) -> str:
    return bare_subject((message.opens or message).subject)
