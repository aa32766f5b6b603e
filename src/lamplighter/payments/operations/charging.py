"""Make links to the card page; keep what the processor told, once."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256

from lamplighter.accounts.models import Account
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.payments.models import (
    CardCharge,
    CardEvent,
    Draft,
    PayLink,
    PaymentEvent,
    TenderControl,
    TenderSource,
)
from lamplighter.payments.operations.sources import define_source, standing_control
from lamplighter.payments.rules import CannotTake
from lamplighter.platform import secrets
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction

SOURCE, CLEARING = "cards", "card-clearing"
MOST = Money(100_000_00)


@in_transaction
def make_link(*, account: Account, amount: Money, until: date, by: Actor, at: datetime) -> PayLink:
    """A link's row; the secret of its address is made when it is sent."""
    if not 0 < amount.cents <= MOST.cents:
        raise CannotTake(f"A card payment is more than $0.00 and at most {MOST}.")
    made = PayLink(account=account, amount=amount, until=until, made_at=at, made_by=by)
    made.digest = digest_of(token_of(made))
    made.save(force_insert=True)
    record("payments.link.made", subject=made.subject, account=account.pk, by=by, at=at, cents=amount.cents,
           until=until.isoformat())  # fmt: skip
    return made


def token_of(link: PayLink) -> str:
    """The secret in a link's address, by this installation's key: the same whenever it is sent, and kept nowhere."""
    return secrets.digest(f"pay-link {link.pk}")[:40]


def link_of(token: str) -> PayLink | None:
    return PayLink.objects.filter(digest=digest_of(token)).select_related("account").first()


@in_transaction
def begin_session(*, link: PayLink, session: str) -> None:
    """The customer went to the card page; the same session, however often."""
    PayLink.objects.filter(pk=link.pk).update(session=session)


@in_transaction
def keep_charge(
    *, key: str, event: PaymentEvent, shown: str, at: datetime, link: PayLink | None = None, draft: Draft | None = None
) -> CardCharge:
    """A charge came of a link that somebody followed, or of a draft."""
    return CardCharge.objects.create(id=key, link=link, draft=draft, event=event, shown=shown, recorded_at=at)


@in_transaction
def card_control(*, by: Actor, at: datetime) -> TenderControl:
    """The period in which card payments of today stand."""
    source = TenderSource.objects.filter(pk=SOURCE).first() or define_source(
        key=SOURCE, name="Cards, hosted page", kind=TenderSource.Kind.ELECTRONIC, opening_float=ZERO, gl_code=CLEARING
    )
    return standing_control(source=source, by=by, at=at)


@in_transaction
def keep_event(
    *, key: str, kind: str, charge: str, reference: str, outcome: str, words: str, happened_at: datetime, at: datetime
) -> CardEvent:
    return CardEvent.objects.create(
        id=key, kind=kind[:40], charge=charge, reference=reference, outcome=outcome, words=words[:200],
        happened_at=happened_at, recorded_at=at,
    )  # fmt: skip


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()
