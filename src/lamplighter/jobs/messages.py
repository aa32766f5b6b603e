"""Send what people at the desk wrote, and take in what customers wrote."""

from __future__ import annotations

import logging
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.cases.models import Message, MessageStep
from lamplighter.cases.operations.messages import record_step
from lamplighter.cases.queries.contacts import outbox
from lamplighter.cases.words import Means
from lamplighter.customers.consent import Purpose
from lamplighter.formats.mail import BadMail
from lamplighter.jobs.gateways import smtp, texts
from lamplighter.jobs.progress import TRANSIENT
from lamplighter.journeys.messaging import number_of, take_mail
from lamplighter.journeys.reaching import text_clearance
from lamplighter.kernel.actors import ActorKind, system
from lamplighter.notices.gateways import Undeliverable
from lamplighter.notices.gateways.files import outbox_folder
from lamplighter.notices.gateways.mailbox import Mailbox
from lamplighter.notices.queries.templates import sender
from lamplighter.platform.queries.files import path_of
from lamplighter.platform.transactions import unit_of_work

BY = system("messages")
MOST = 200
logger = logging.getLogger(__name__)
Step = MessageStep.Step


@app.periodic(cron="* * * * *")
@app.task(name="messages.send", queueing_lock="messages.send", lock="messages.send")
def send_messages(timestamp: int = 0) -> int:  # noqa: ARG001 - when it was due
    """Give every waiting message to its gateway, one a unit of work; how many went. One that fails stops no other."""
    went = 0
    for means in (Means.EMAIL, Means.TEXT):
        for message in outbox(means)[:MOST]:
            try:
                with unit_of_work(BY):
                    went += _send(message, means, at=timezone.now())
            except TRANSIENT:
                raise
            except OSError:
                logger.exception("%s was not sent; it stays in the outbox", message.contact.number)
                break  # the way is shut, not the message
    return went


@app.periodic(cron="* * * * *")
@app.task(name="messages.fetch", queueing_lock="messages.fetch", lock="messages.fetch")
def fetch_mail(timestamp: int = 0) -> int:  # noqa: ARG001 - when it was due
    """Take in what lies in the mailbox; how many mails. One that can't be read stays marked as read, and the log says
    why; one is marked only when it is kept."""
    if not settings.MAIL_IN:
        return 0
    took = 0
    with Mailbox(settings.MAIL_IN).open() as box:
        for letter in box.unread():
            now = timezone.now()
            try:
                with unit_of_work(BY):
                    take_mail(raw=letter.raw, on=timezone.localdate(now), by=BY, at=now)
                took += 1
            except BadMail as refused:
                logger.warning("mail %s of the mailbox was not taken in: %s", letter.uid.decode(), refused)
            box.took(letter)
    return took


def _send(waiting: Message, means: Means, *, at: datetime) -> int:
    """Held until it is known to be sent: what the gateway tells meanwhile waits for that."""
    message = Message.objects.select_for_update(of=("self",)).select_related("contact", "opens").get(pk=waiting.pk)
    if means is Means.TEXT and not _answer_of_ours(message):
        clear = text_clearance(message.contact.party, Purpose.SERVICE, at=at)
        if clear.at is None:
            record_step(message=message, step=Step.FAILED, by=BY, at=at, proof="the number asked for no texts")
            return 0
        if not clear.now(at):
            return 0
    try:
        proof = _by_mail(message, at) if means is Means.EMAIL else _by_text(message)
    except Undeliverable as refused:
        record_step(message=message, step=Step.FAILED, by=BY, at=at, proof=str(refused))
        return 0
    record_step(message=message, step=Step.SENT, by=BY, at=at, proof=proof)
    return 1


def _answer_of_ours(message: Message) -> bool:
    """The one text that confirms STOP, START or HELP: it goes out whatever was said (47 CFR 64.1200(a)(12))."""
    by = message.contact.handled_by
    return by is not None and by.kind is ActorKind.SYSTEM


def mail_of(message: Message, at: datetime) -> EmailMessage:
    """A message of ours as RFC 5322 mail, in the thread of what it answers."""
    utility = sender()
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = Address(utility.utility, addr_spec=utility.email)
    mail["To"] = Address(addr_spec=message.contact.party)
    mail["Subject"] = message.subject
    mail["Date"] = at
    mail["Message-ID"] = message.message_id
    if message.opens is not None:
        earlier = Message.objects.filter(opens=message.opens, pk__lt=message.pk).order_by("pk")
        ids = [message.opens.message_id, *earlier.values_list("message_id", flat=True)]
        mail["In-Reply-To"] = ids[-1]
        mail["References"] = " ".join(ids[-10:])
    mail.set_content(message.body, cte="quoted-printable")
    for one in message.contact.attachments.select_related("file").order_by("pk"):
        kind, _, of = one.file.media_type.partition("/")
        mail.add_attachment(path_of(one.file_id).read_bytes(), maintype=kind, subtype=of, filename=one.name)
    return mail


def _by_mail(message: Message, at: datetime) -> str:
    mail, server = mail_of(message, at), smtp()
    return server.send(mail) if server else _file(f"email/{message.contact.number}.eml", bytes(mail))


def _by_text(message: Message) -> str:
    gateway = texts()
    if gateway:
        return gateway.send(message.contact.party, message.body, about=number_of(message))
    return _file(f"text/{message.contact.number}.txt", f"{message.contact.party}\n\n{message.body}\n".encode())


def _file(name: str, content: bytes) -> str:
    path: Path = outbox_folder() / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(content)
    return f"file:{name}"
