"""Something of a customer's own data, sent to one of their people by email and noted with the organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lamplighter.accounts.models import Account
from lamplighter.cases.models import Message
from lamplighter.cases.operations.contacts import attach_files
from lamplighter.cases.operations.messages import write_message
from lamplighter.cases.words import Means
from lamplighter.customers.models import Person
from lamplighter.kernel.actors import Actor
from lamplighter.keyaccounts.models import Organisation, Touch
from lamplighter.keyaccounts.operations.relations import TouchIn, log_touch
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.notices.queries.templates import sender
from lamplighter.platform.models import User
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.transactions import in_transaction

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Email:
    """To whom, at which address, what it says, and the paper that goes with it. `draft` is its own id."""

    draft: UUID
    person: Person
    to: str
    subject: str
    body: str
    content: bytes
    name: str
    media_type: str = PDF


@in_transaction
def email_paper(
    *, email: Email, organisation: Organisation, account: Account, manager: User, by: Actor, at: datetime
) -> Message:
    """Written to the outbox with its paper, and noted as an email of the manager's. The same draft again is refused."""
    if Touch.objects.filter(draft=email.draft).exists():
        raise CannotKeep("This email is on its way already.")
    host = sender().email.rpartition("@")[2]
    if not host:
        raise CannotKeep("The utility's email is not set. An administrator sets the sender.")
    log_touch(
        touch=TouchIn(email.draft, Touch.Kind.EMAIL, f"{email.subject}, with {email.name}", at), owner=manager,
        organisation=organisation, person=email.person, by=by, at=at,
    )  # fmt: skip
    made = write_message(means=Means.EMAIL, to=email.to, subject=email.subject, body=email.body, account=account,
                         person=email.person, by=by, at=at, host=host)  # fmt: skip
    file, _ = store_file([email.content], name=email.name, media_type=email.media_type, by=by, at=at)
    attach_files(contact=made.contact, files=[(file, email.name)], by=by, at=at)
    return made
