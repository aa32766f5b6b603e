"""Card payments on the processor's page: the link, what the processor tells, what it forgot to tell, and a day's total.

What it tells may come late, twice, in any order, or not at all: a payment is taken in once, by the processor's own
number; a refund or dispute of one that we do not know is preceded by asking for it; each night the day's list is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import profile
from lamplighter.billing.models import BillLink
from lamplighter.billing.queries.linking import token_of as bill_token
from lamplighter.journeys.card_autopaying import (
    card_closed,
    card_entered,
    card_renewed,
    draft_taken_back,
    take_draft_charge,
)
from lamplighter.journeys.paying import take_payment
from lamplighter.journeys.returning import return_item
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Notice
from lamplighter.notices.operations.composing import compose
from lamplighter.notices.operations.deliveries import queue
from lamplighter.notices.queries.drafts import CannotCompose, Request, drafts
from lamplighter.notices.queries.outbox import WITHHELD
from lamplighter.notices.rules.fields import Value
from lamplighter.payments import operations as payments
from lamplighter.payments.cards.attempts import FAILED
from lamplighter.payments.cards.declines import decline_of
from lamplighter.payments.cards.processor import Charge, Kept, Processor, Session
from lamplighter.payments.kinds import CARDS
from lamplighter.payments.models import CardCharge, CardEvent, CardInvite, Draft, PayLink, TenderControl
from lamplighter.payments.operations.charging import (
    begin_session,
    card_control,
    keep_charge,
    keep_event,
    make_link,
    token_of,
)
from lamplighter.payments.operations.keeping import invite_token
from lamplighter.payments.queries import owed_by
from lamplighter.payments.rules import CannotTake, TenderIn
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.worklist.operations import Draft as Matter
from lamplighter.worklist.operations import raise_items

LINK_DAYS = 14
PAID, REFUNDED, DISPUTED = "payment.succeeded", "payment.refunded", "payment.disputed"
TAKEN_BACK = frozenset({REFUNDED, DISPUTED})
Outcome = CardEvent.Outcome


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the processor's, read from its body."""

    id: str
    kind: str
    at: datetime
    payment: Mapping[str, Any]
    card: Mapping[str, Any]

    @property
    def charge(self) -> str:
        """The processor's number of the payment that it speaks of."""
        return str(self.payment.get("id", ""))[:40]

    @property
    def reference(self) -> str:
        """What we gave the visit in which it was tried."""
        return str(self.payment.get("reference", ""))[:40]

    @classmethod
    def read(cls, data: Any) -> Told:
        """Raises ValueError for what is no event."""
        try:
            kind, about = str(data["type"]), data["data"]
            payment, card = ({}, dict(about["card"])) if kind.startswith("card.") else (dict(about["payment"]), {})
            return cls(str(data["id"])[:60], kind, datetime.fromtimestamp(int(data["created"]), UTC), payment, card)
        except (KeyError, TypeError, ValueError, OverflowError, OSError) as wrong:
            raise ValueError("This is no event of the card processor.") from wrong


@in_transaction
def send_link(
    *, account: Account, amount: Money, channel: Channel, address: str, page: str, on: date, by: Actor, at: datetime
) -> PayLink:
    """Make a link and send it by email or text, in the customer's language. `page` is the address of the public page,
    to which the secret is added as it leaves. Raises CannotCompose."""
    known = profile(account, on=on)
    if known.customer is None:
        raise CannotCompose("Nobody is the customer of this account now.")
    link = make_link(account=account, amount=amount, until=on + timedelta(days=LINK_DAYS), by=by, at=at)
    values: dict[str, Value] = {"amount": amount, "until": link.until, "link": f"{page}{WITHHELD}/"}
    if channel is Channel.EMAIL:
        values |= {"customer": known.customer.name, "account": account.number}
    made = drafts([
        Request(
            "pay-link", channel, Language(known.customer.language), f"pay-link:{link.pk}", link.subject,
            f"person:{known.customer.number}", (address,), values, account=account.pk,
        )
    ])  # fmt: skip
    if made.refused:
        raise CannotCompose(str(made.refused[0].finding))
    queue(notices=compose(drafts=made.drafts, by=by, at=at), by=by, at=at)
    return link


@in_transaction
def link_to_pay(*, account: Account, on: date, by: Actor, at: datetime) -> PayLink:
    """A link to pay what the account owes now, for whoever is on a page of ours; the same again while it is unpaid, so
    that two presses pay once. Raises CannotTake."""
    advisory_lock(f"account:{account.pk}")
    owed = total(debt.amount for debt in owed_by(account))
    if owed <= ZERO:
        raise CannotTake("Nothing is owed now. Thank you.")
    made = PayLink.objects.filter(account=account, amount=owed, until__gte=on, made_by=by, charges__isnull=True)
    return made.order_by("made_at").last() or make_link(
        account=account, amount=owed, until=on + timedelta(days=LINK_DAYS), by=by, at=at
    )


def secret_of(notice: Notice) -> str:
    """What a notice with a link must carry when it leaves; "" for every other notice."""
    kind, _, key = notice.subject.partition(":")
    if kind == "card-invite":
        return invite_token(CardInvite.objects.get(pk=key))
    if kind == "bill" and BillLink.objects.filter(notice=notice).exists():
        return bill_token(notice)
    return token_of(PayLink.objects.get(pk=key)) if kind == "pay-link" else ""


def begin(*, link: PayLink, processor: Processor, back: str, words: str) -> Session:
    """The processor's page for a link; the same page for the same link. Raises CannotTake, CannotReach."""
    if link.charges.exists():
        raise CannotTake("This was paid already. Thank you.")
    return processor.begin(key=str(link.pk), reference=str(link.pk), amount=link.amount, back=back, words=words)


@in_transaction
def went(*, link: PayLink, session: Session) -> None:
    begin_session(link=link, session=session.id)


def untold(told: Told, processor: Processor) -> Charge | None:
    """The payment of a refund or dispute that came before it, asked of the processor: outside of any transaction, which
    would wait for the wire. Raises CannotReach where it does not answer."""
    if told.kind not in TAKEN_BACK or CardCharge.objects.filter(pk=told.charge).exists():
        return None
    return processor.charge(told.charge)


@in_transaction
def hear(*, told: Told, before: Charge | None, on: date, by: Actor, at: datetime) -> str:
    """Take in what the processor told, once, after the payment that it had not told (`untold`); what came of it, in a
    word."""
    advisory_lock(f"card-event:{told.id}")
    earlier = CardEvent.objects.filter(pk=told.id).first()
    if earlier is not None:
        return "repeated"
    handled = _about_card(told, on=on, by=by, at=at) if told.card else _handle(told, before, on=on, by=by, at=at)
    outcome, words = handled
    keep_event(
        key=told.id, kind=told.kind, charge=told.charge, reference=told.reference, outcome=outcome, words=words,
        happened_at=told.at, at=at,
    )  # fmt: skip
    if outcome == Outcome.WAITS:
        matter = Matter(CARDS.key, f"card-event:{told.id}", f"{told.kind}: {words}"[:200])
        raise_items(drafts=[matter], by=by, at=at)
    return str(outcome)


@in_transaction
def hear_card(*, kept: Kept, on: date, by: Actor, at: datetime) -> None:
    """A card that the processor had not told of was asked for and found."""
    if why := card_entered(kept=kept, on=on, by=by, at=at):
        raise_items(drafts=[Matter(CARDS.key, f"card:{kept.id}", f"card.saved: {why}"[:200])], by=by, at=at)


@in_transaction
def take_charge(*, charge: Charge, on: date, by: Actor, at: datetime) -> tuple[CardCharge | None, str]:
    """The payment of a charge, once; or why it waits."""
    if draft := _draft(charge.reference):
        return take_draft_charge(charge=charge, draft=draft, on=on, by=by, at=at), ""
    advisory_lock(f"card-charge:{charge.id}")
    known = CardCharge.objects.filter(pk=charge.id).select_related("event").first()
    if known is not None:
        return known, ""
    link = _link(charge.reference)
    if link is None:
        return None, f"{charge.amount} was paid for something that is not ours"
    event = take_payment(
        key=None, control=card_control(by=by, at=at),
        tenders=[TenderIn("card", charge.amount, charge.amount, charge.id)],
        payments_to={link.account: charge.amount}, on=on, by=by, at=at,
    )  # fmt: skip
    return keep_charge(key=charge.id, link=link, event=event, shown=charge.shown, at=at), ""


@in_transaction
def close_day(*, control: TenderControl, charges: Sequence[Charge], by: Actor, at: datetime) -> bool:
    """End a period of the card source with the processor's own total of what is in it. Whether that is ours."""
    mine = set(CardCharge.objects.filter(event__tenders__control=control).values_list("pk", flat=True))
    paid = total(one.amount for one in charges if one.id in mine)
    told = payments.say_total(control=control, totals={"card": paid}, by=by, at=at)
    return not told.differences


def _handle(told: Told, before: Charge | None, *, on: date, by: Actor, at: datetime) -> tuple[str, str]:
    if told.kind == PAID:
        try:
            taken, why = take_charge(charge=Charge.told(told.payment), on=on, by=by, at=at)
        except ValueError as wrong:
            return Outcome.WAITS, str(wrong)
        return (Outcome.TAKEN, "") if taken else (Outcome.WAITS, why)
    if told.kind not in TAKEN_BACK:
        declined = decline_of(str(told.payment.get("decline_code", ""))).means
        return Outcome.NOTED, declined if told.kind == FAILED else ""
    if before is None:
        return _taken_back(CardCharge.objects.select_related("event").get(pk=told.charge), told, on=on, by=by, at=at)
    known, why = take_charge(charge=before, on=on, by=by, at=at)
    if known is None:
        return Outcome.WAITS, why
    return _taken_back(known, told, on=on, by=by, at=at)


def _about_card(told: Told, *, on: date, by: Actor, at: datetime) -> tuple[str, str]:
    """A card was entered, replaced by its bank, or closed."""
    try:
        match told.kind:
            case "card.saved":
                why = card_entered(kept=Kept.told(told.card), on=on, by=by, at=at)
            case "card.updated":
                why = card_renewed(kept=Kept.told(told.card), on=on, by=by, at=at)
            case "card.closed":
                why = card_closed(card=str(told.card.get("id", ""))[:40], on=on, by=by, at=at)
            case _:
                return Outcome.NOTED, ""
    except ValueError as wrong:
        return Outcome.WAITS, str(wrong)
    return (Outcome.WAITS, why) if why else (Outcome.TAKEN, "")


def _taken_back(
    known: CardCharge, told: Told, *, on: date, by: Actor, at: datetime
) -> tuple[str, str]:  # fmt: skip
    """The whole amount is gone: the debt is owed again. A part of it is a person's to settle."""
    back = told.payment.get("back")
    paid = known.event.tenders.get().amount
    word = "refunded" if told.kind == REFUNDED else "disputed by the card holder"
    if back != paid.cents:
        shown = Money(back) if isinstance(back, int) else "an unknown amount"
        return Outcome.WAITS, f"{shown} of {paid} was {word}; receipt R-{known.event.receipt}"
    if hasattr(known.event, "reversal"):
        return Outcome.NOTED, "It was taken back before"
    return_item(event=known.event, on=on, by=by, at=at, remark=f"Card payment {word}", fee=False)
    if known.draft is not None:
        draft_taken_back(draft=known.draft, words=word, disputed=told.kind == DISPUTED, on=on, by=by, at=at)
    return Outcome.TAKEN, ""


def _draft(reference: str) -> Draft | None:
    kind, _, key = reference.partition(":")
    if kind != "draft" or not key.isdecimal():
        return None
    rows = Draft.objects.filter(pk=int(key), autopay__card__isnull=False)
    return rows.select_related("autopay__account", "autopay__card").first()


def _link(reference: str) -> PayLink | None:
    try:
        return PayLink.objects.filter(pk=UUID(reference)).select_related("account").first()
    except ValueError:
        return None
