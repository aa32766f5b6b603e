"""Make links to the card page; keep what the processor told, once."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256

from lamplighter.accounts.models import Account
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.payments.models import CardCharge, CardEvent, PayLink, PaymentEvent
from lamplighter.payments.rules import CannotTake
from lamplighter.platform import secrets
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction

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
def keep_charge(*, key: str, link: PayLink, event: PaymentEvent, shown: str, at: datetime) -> CardCharge:
    return CardCharge.objects.create(id=key, link=link, event=event, shown=shown, recorded_at=at)


@in_transaction
def keep_event(
    *, key: str, kind: str, charge: str, outcome: str, words: str, happened_at: datetime, at: datetime
) -> CardEvent:
    return CardEvent.objects.create(
        id=key, kind=kind[:40], charge=charge, outcome=outcome, words=words[:200], happened_at=happened_at,
        recorded_at=at,
    )  # fmt: skip


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()
