"""Take messages in and send them out, in threads; what must be answered becomes work."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from lamplighter.accounts.models import Account
from lamplighter.cases.kinds import MESSAGE, UNSENT
from lamplighter.cases.models import Attachment, Contact, Message, MessageStep
from lamplighter.cases.operations.contacts import CannotLog, ContactIn, begin_contact
from lamplighter.cases.queries.contacts import sent_again
from lamplighter.cases.words import Means
from lamplighter.customers.models import Person
from lamplighter.kernel.actors import Actor
from lamplighter.platform.operations.events import Happening, record, record_many
from lamplighter.platform.transactions import in_transaction
from lamplighter.worklist.operations import Draft, finish_where, raise_items

Step = MessageStep.Step


@dataclass(frozen=True, slots=True)
class MessageIn:
    """A message that came: `message_id` is its own id, `sender` a number or an address, `opens` the thread's first.

    `automatic`: a machine wrote it, and nobody waits for an answer.
    """

    means: Means
    message_id: str
    sender: str
    body: str
    subject: str = ""
    account: Account | None = None
    person: Person | None = None
    opens: Message | None = None
    automatic: bool = False


@in_transaction
def receive(*, message: MessageIn, by: Actor, at: datetime) -> tuple[Message, bool]:
    """Keep a message, once; whether it is new. A person's message waits to be answered."""
    source = f"{message.means}:{message.message_id}"
    contact = begin_contact(
        contact=ContactIn(
            message.means, source=source[:200], party=message.sender, account=message.account, person=message.person
        ),
        by=by, at=at,
    )  # fmt: skip
    if (known := Message.objects.filter(contact=contact).first()) is not None:
        return known, False
    made = Message.objects.create(
        contact=contact, opens=message.opens, message_id=message.message_id[:250], subject=message.subject[:250],
        body=message.body, written_at=at,
    )  # fmt: skip
    Contact.objects.filter(pk=contact.pk).update(ended_at=at)
    record("cases.message.received", subject=contact.subject, account=contact.account_id, by=by, at=at,
           means=contact.means, automatic=message.automatic)  # fmt: skip
    if not message.automatic:
        words = f"{message.means.label} from a customer" if message.account else f"{message.means.label}: whose is it?"
        draft = Draft(MESSAGE.key, contact.subject, words, account=contact.account_id)
        raise_items(drafts=[draft], by=by, at=at)
    return made, True


@in_transaction
def write_message(
    *,
    means: Means,
    to: str,
    body: str,
    account: Account | None,
    person: Person | None,
    by: Actor,
    at: datetime,
    subject: str = "",
    answers: Message | None = None,
    host: str = "lamplighter.invalid",
) -> Message:
    """A message of ours, which stands in the outbox until its gateway has it. An answer closes what waited for one."""
    if means not in {Means.EMAIL, Means.TEXT}:
        raise CannotLog("Only emails and texts are sent so.")
    if not body.strip():
        raise CannotLog("Write the message.")
    if means is Means.EMAIL and not subject.strip():
        raise CannotLog("Give the email a subject.")
    contact = begin_contact(
        contact=ContactIn(means, Contact.Direction.OUT, party=to, account=account, person=person, handled_by=by),
        by=by, at=at,
    )  # fmt: skip
    opens = answers and (answers.opens or answers)
    made = Message.objects.create(
        contact=contact, opens=opens, message_id=f"<M-{contact.pk}@{host}>", subject=subject.strip()[:250],
        body=body.strip(), written_at=at,
    )  # fmt: skip
    Contact.objects.filter(pk=contact.pk).update(ended_at=at)
    record("cases.message.written", subject=contact.subject, account=contact.account_id, by=by, at=at, means=means)
    if opens is not None:
        thread = [opens.contact_id, *opens.thread.values_list("contact", flat=True)]
        finish_where(subjects=[f"contact:{pk}" for pk in thread], kind=MESSAGE.key, by=by, at=at)
    return made


@in_transaction
def write_again(*, message: Message, by: Actor, at: datetime) -> Message:
    """A message of ours that did not arrive, once more as another one of its thread, with what was attached. Raises
    CannotLog for one that did not fail, or went out again before."""
    held = Message.objects.select_for_update(of=("self",)).select_related("contact", "opens").get(pk=message.pk)
    contact = held.contact
    if not held.steps.filter(step=Step.FAILED).exists():
        raise CannotLog("This message did not fail.")
    if sent_again(held.pk, held.opens_id, held.body).exists():
        raise CannotLog(f"{contact.number} went out again before.")
    made = write_message(
        means=Means(contact.means), to=contact.party, body=held.body, subject=held.subject, account=contact.account,
        person=contact.person, answers=held, host=held.message_id.rpartition("@")[2].rstrip(">"), by=by, at=at,
    )  # fmt: skip
    Attachment.objects.bulk_create(
        Attachment(contact=made.contact, file=one.file, name=one.name)
        for one in contact.attachments.select_related("file").order_by("pk")
    )
    finish_where(subjects=[contact.subject], kind=UNSENT.key, by=by, at=at)
    return made


@in_transaction
def record_step(*, message: Message, step: str, by: Actor, at: datetime, proof: str = "") -> bool:
    """What became of a message of ours; whether that is news. One that failed is work for a person."""
    held = Message.objects.select_for_update(of=("self",)).select_related("contact").get(pk=message.pk)
    contact = held.contact
    if held.steps.filter(step=step).exists():
        return False
    MessageStep.objects.create(message=held, step=step, at=at, proof=proof[:200], by=by)
    record(f"cases.message.{step}", subject=contact.subject, account=contact.account_id, by=by, at=at,
           means=contact.means)  # fmt: skip
    if step == Step.FAILED:
        words = f"{contact.get_means_display()} did not reach the customer."
        raise_items(drafts=[Draft(UNSENT.key, contact.subject, words, account=contact.account_id)], by=by, at=at)
    return True


@in_transaction
def erase_messages(*, messages: Collection[int], by: Actor, at: datetime) -> int:
    """As the retention schedule says; how many. That somebody wrote, when and about what stays with the contact."""
    found = Message.objects.select_for_update(of=("self",)).filter(pk__in=messages, erased_at__isnull=True)
    erased = [one.contact for one in found.select_related("contact").order_by("pk")]
    Message.objects.filter(pk__in=[one.pk for one in erased]).update(subject="", body="", erased_at=at)
    record_many((Happening("cases.message.erased", one.subject, one.account_id, {}) for one in erased), by=by, at=at)
    return len(erased)
