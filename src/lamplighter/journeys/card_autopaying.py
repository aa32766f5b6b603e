"""AutoPay by card: the customer agrees on a page and enters a card there; each bill is announced, then charged.

The processor keeps the card. It is asked outside of any transaction, with a key of the draft's own and its amount; that
it is asked was kept before: a program that dies in between asks again for the same and gets the same answer.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import profile
from lamplighter.journeys.autopaying import announce_bill, card_letter, still_due, tell_ended
from lamplighter.journeys.dunning import Letter
from lamplighter.journeys.paying import take_payment
from lamplighter.journeys.telling import tell
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Notice
from lamplighter.notices.operations.composing import compose
from lamplighter.notices.operations.deliveries import queue
from lamplighter.notices.queries.drafts import CannotCompose, Request, drafts
from lamplighter.notices.queries.outbox import WITHHELD
from lamplighter.notices.queries.pages import page_words
from lamplighter.notices.rules.fields import Value
from lamplighter.payments.autopay.queries import autopay_of, card_drafts_due, hold_of
from lamplighter.payments.autopay.rules import NOTICE_DAYS, CannotDraw
from lamplighter.payments.cards.declines import EXPIRED, HOLDS, Decline, Then, decline_of, tried_again_on
from lamplighter.payments.cards.processor import Charge, Declined, Kept, Processor, Session
from lamplighter.payments.kinds import AUTOPAY, CARDS, RETURNED_DRAFT
from lamplighter.payments.models import Autopay, CardCharge, CardDraw, CardInvite, Draft, DraftStep, SavedCard
from lamplighter.payments.operations.autopaying import end_autopay, hold_autopay, lock, release_autopay
from lamplighter.payments.operations.charging import card_control, keep_charge
from lamplighter.payments.operations.drafting import announce, give_back, skip
from lamplighter.payments.operations.keeping import (
    ask_draw,
    begin_by_card,
    invite,
    invite_of_reference,
    keep_charged,
    keep_declined,
    refuse_second,
    renew_card,
)
from lamplighter.payments.rules import TenderIn
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.worklist.operations import Draft as Matter
from lamplighter.worklist.operations import raise_items

LINK_DAYS = 14
PAGE = "card"
"""The template that holds the words of the link's page, the authorization among them."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What the processor is asked to charge now: never more than `draw`, for which it was asked first. Where a part was
    paid since, it is asked for less under another key, since the same key with another amount is refused."""

    draw: CardDraw
    amount: Money

    @property
    def key(self) -> str:
        subject = self.draw.draft.subject
        return subject if self.amount == self.draw.amount else f"{subject}:{self.amount.cents}"


@in_transaction
def send_invite(
    *, account: Account, begins: date, channel: Channel, address: str, page: str, on: date, by: Actor, at: datetime
) -> CardInvite:
    """A link by email or text, in the customer's language; `begins` is that of the card before, if there is one.
    `page` is the address of the public page, to which the secret is added as it leaves. Raises CannotCompose,
    CannotDraw."""
    known = profile(account, on=on)
    if known.customer is None:
        raise CannotCompose("Nobody is the customer of this account now.")
    running = autopay_of(account)
    words = card_terms(account, known.customer.language, running.begins if running else begins)
    made = invite(account=account, words=words, begins=begins, until=on + timedelta(days=LINK_DAYS), by=by, at=at)
    values: dict[str, Value] = {"until": made.until, "link": f"{page}{WITHHELD}/"}
    composed = drafts([
        Request(
            "card-invite", channel, Language(known.customer.language), f"card-invite:{made.pk}", made.subject,
            f"person:{known.customer.number}", (address,), values, account=account.pk,
        )
    ])  # fmt: skip
    if composed.refused:
        raise CannotCompose(str(composed.refused[0].finding))
    queue(notices=compose(drafts=composed.drafts, by=by, at=at), by=by, at=at)
    return made


def card_terms(account: Account, language: str, begins: date) -> str:
    """What a customer agrees to before the processor asks for the card, in their language; kept as it was agreed to,
    since it is proof. Raises CannotCompose."""
    said: dict[str, Value] = {"last_four": account.number[-4:], "begins": begins, "days": NOTICE_DAYS}
    terms = page_words(PAGE, language).say(said).get("terms")
    if terms is None:
        raise CannotCompose("The authorization names our telephone number, which is not set.")
    return terms


def go_to_card_page(*, invite: CardInvite, processor: Processor, back: str, words: str) -> Session:
    """The processor's page for an invitation; the same page for the same link. Raises CannotDraw, CannotReach."""
    if invite.card_id is not None:
        raise CannotDraw("AutoPay is set up already. Thank you.")
    refuse_second(autopay_of(invite.account))
    return processor.keep(key=str(invite.pk), reference=str(invite.pk), back=back, words=words)


@in_transaction
def card_entered(*, kept: Kept, on: date, by: Actor, at: datetime) -> str:
    """AutoPay runs with the card, its copy goes to the customer, and the open bill is announced; "" or why it waits for
    a person. The same card again changes nothing."""
    if SavedCard.objects.filter(pk=kept.id).exists():
        return ""
    made = invite_of_reference(kept.reference)
    if made is None:
        return "a card was kept for something that is not ours"
    try:
        autopay = begin_by_card(invite=made, kept=kept, by=by, at=at)
    except CannotDraw as why:
        return f"account {made.account.number}: {why}"
    _go_on(autopay, "The customer entered another card.", HOLDS, on=on, by=by, at=at)
    _tell(autopay, "begun", on=on, by=by, at=at, source=f"card-autopay:begun:{kept.id}")
    announce_bill(autopay=autopay, on=on, by=by, at=at)
    return ""


@in_transaction
def card_renewed(*, kept: Kept, on: date, by: Actor, at: datetime) -> str:
    """The card's bank replaced it, and the processor tells us (an account updater): what was held because it had
    expired goes on with the next bill. "" or why it waits for a person."""
    card = SavedCard.objects.filter(pk=kept.id).select_related("account").first()
    if card is None:
        return "a card was renewed that is not ours"
    renew_card(card=card, kept=kept, by=by, at=at)
    running = Autopay.objects.filter(card=card, ended_on=None).select_related("account").first()
    if running is not None:
        expired = frozenset({decline_of(EXPIRED).means})
        _go_on(running, "The card's bank sent a new card.", expired, on=on, by=by, at=at)
    return ""


@in_transaction
def card_closed(*, card: str, on: date, by: Actor, at: datetime) -> str:
    """The card's bank closed it: AutoPay ends, and the customer hears of it."""
    running = Autopay.objects.filter(card=card, ended_on=None).select_related("account", "card").first()
    if running is not None:
        _end(running, "the card was closed by its bank", "bank", on=on, by=by, at=at)
    return "" if running or SavedCard.objects.filter(pk=card).exists() else "a card was closed that is not ours"


@in_transaction
def prepare(*, draft: Draft, on: date, by: Actor, at: datetime) -> Asking | None:
    """With how much the processor is asked, and that it was, kept first; None where nothing is to be drawn (any more).
    What it was asked for already, and answered, comes as a payment even when the draft is called off here."""
    lock(draft.autopay.account)
    if draft.steps.exists():
        return None
    amount, why = still_due(draft, on=on)
    if why:
        skip(draft=draft, why=why, on=on, by=by, at=at)
        return None
    known = CardDraw.objects.filter(draft=draft).select_related("draft__autopay__card").first()
    draw = known or ask_draw(draft=draft, amount=amount, by=by, at=at)
    return Asking(draw, min(amount, draw.amount))


def ask(asking: Asking, processor: Processor, *, at: datetime) -> Charge | Declined:
    """Outside of any transaction, which would wait for the wire. A processor forgets its keys after a day: who asks
    again later, or for less, first looks whether the payment was made. Raises CannotReach, Refuses."""
    draft, card = asking.draw.draft, asking.draw.draft.autopay.card
    assert card is not None
    if made := _made_before(asking.draw, processor, at=at):
        return made
    return processor.draw(
        key=asking.key,
        card=card.pk,
        reference=draft.subject,
        amount=asking.amount,
        words=f"Electric bill {draft.bill}",
    )


@in_transaction
def refused(*, asking: Asking, why: str, by: Actor, at: datetime) -> None:
    """The processor will not do what it was asked: a person settles it, and the draft waits."""
    draft = asking.draw.draft
    words = f"{asking.amount} of account {draft.autopay.account.number} was not charged: {why}"
    matter = Matter(CARDS.key, draft.subject, words[:200], account=draft.autopay.account_id)
    raise_items(drafts=[matter], by=by, at=at)


@in_transaction
def settle(*, draft: Draft, answer: Charge | Declined, on: date, by: Actor, at: datetime) -> None:
    """The payment of it, or what the decline asks for; once."""
    lock(draft.autopay.account)
    match answer:
        case Charge():
            take_draft_charge(charge=answer, draft=draft, on=on, by=by, at=at)
        case Declined():
            if not draft.steps.exists():
                _declined(draft, answer.code, on=on, by=by, at=at)


def due_drafts(*, on: date) -> list[Draft]:
    return card_drafts_due(on=on)


@in_transaction
def take_draft_charge(*, charge: Charge, draft: Draft, on: date, by: Actor, at: datetime) -> CardCharge:
    """The payment of a draft, whether the answer or the event told it first."""
    lock(draft.autopay.account)
    advisory_lock(f"card-charge:{charge.id}")
    known = CardCharge.objects.filter(pk=charge.id).select_related("event").first()
    if known is not None:
        return known
    event = take_payment(
        key=None, control=card_control(by=by, at=at),
        tenders=[TenderIn("card", charge.amount, charge.amount, charge.id)],
        payments_to={draft.autopay.account: charge.amount}, on=on, by=by, at=at,
    )  # fmt: skip
    if not draft.steps.exists():  # AutoPay may have stopped while the processor was asked
        keep_charged(draft=draft, event=event, amount=charge.amount, on=on, by=by, at=at)
    return keep_charge(key=charge.id, draft=draft, event=event, shown=charge.shown, at=at)


@in_transaction
def draft_taken_back(*, draft: Draft, words: str, disputed: bool, on: date, by: Actor, at: datetime) -> None:
    """A charge was refunded, or its holder disputed it: then nothing is charged again without a new agreement."""
    if draft.steps.filter(act=DraftStep.Act.CHARGED).exists():
        give_back(draft=draft, code="", words=words, on=on, by=by, at=at)
    if disputed and Autopay.objects.filter(pk=draft.autopay_id, ended_on=None).exists():
        _end(draft.autopay, words, "revoked", on=on, by=by, at=at)


@in_transaction
def warn_of_expiry(*, on: date, by: Actor, at: datetime) -> int:
    """Cards of running AutoPays that expire at the end of this month: each customer hears of it once. How many."""
    ends = on.replace(day=monthrange(on.year, on.month)[1])
    soon = Autopay.objects.filter(ended_on=None, card__expires_on=ends).select_related("account", "card")
    told = 0
    for autopay in soon.order_by("pk"):
        assert autopay.card is not None
        source = f"card-autopay:expires:{autopay.card_id}:{autopay.card.expires_on:%Y%m}"
        told += _tell(autopay, "expires", on=on, by=by, at=at, source=source)
    return told


def _made_before(draw: CardDraw, processor: Processor, *, at: datetime) -> Charge | None:
    """The payment of an earlier request, whose answer was lost."""
    day = draw.asked_at.astimezone(UTC).date()
    while draw.asked_at < at and day <= at.astimezone(UTC).date():
        for charge in processor.charges(day):
            if charge.reference == draw.draft.subject:
                return charge
        day += timedelta(days=1)
    return None


def _go_on(autopay: Autopay, remark: str, held_for: frozenset[str], *, on: date, by: Actor, at: datetime) -> None:
    """AutoPay is held no longer, if that is why it was."""
    held = hold_of(autopay, on=on)
    if held and held.reason in held_for:
        release_autopay(autopay=autopay, remark=remark, on=on, by=by, at=at)


def _declined(draft: Draft, code: str, *, on: date, by: Actor, at: datetime) -> None:
    how = decline_of(code)
    keep_declined(draft=draft, code=code, words=how.means, on=on, by=by, at=at)
    autopay = draft.autopay
    match how.then:
        case Then.AGAIN:
            again = tried_again_on(draft.attempt, declined_on=on)
            if again is None:
                _tell_charge(draft, "last", on, on=on, by=by, at=at)
                _ask_person(draft, how, "It is not tried again.", by=by, at=at)
                return
            next_try = announce(
                autopay=autopay, bill=draft.bill, amount=draft.amount, draw_on=again, by=by, at=at,
                attempt=draft.attempt + 1,
            )  # fmt: skip
            _tell_charge(next_try, "again", again, on=on, by=by, at=at)
        case Then.HELD:
            hold_autopay(autopay=autopay, reason=how.means, on=on, by=by, at=at)
            _tell(autopay, "held", on=on, by=by, at=at, source=f"card-autopay:held:{draft.pk}")
            _ask_person(draft, how, "AutoPay is held. Ask the customer for another card.", by=by, at=at)
        case Then.ENDS:
            revoked = code.startswith("revocation") or code == "stop_payment_order"
            _end(autopay, how.means, "revoked" if revoked else "bank", on=on, by=by, at=at)
            _ask_person(draft, how, "AutoPay is off. Ask the customer how they will pay.", by=by, at=at)


def _end(autopay: Autopay, why: str, news: str, *, on: date, by: Actor, at: datetime) -> None:
    end_autopay(autopay=autopay, why=why, on=on, by=by, at=at)
    tell_ended(autopay, news, on=on, by=by, at=at)


def _tell(autopay: Autopay, news: str, *, on: date, by: Actor, at: datetime, source: str = "") -> bool:
    """Whether it was written now: once for its source."""
    letter = card_letter(autopay, news, source)
    if Notice.objects.filter(source=letter.source).exists():
        return False
    return tell(letter, account=autopay.account, untold=AUTOPAY.key, on=on, by=by, at=at) is not None


def _tell_charge(draft: Draft, what: str, day: date, *, on: date, by: Actor, at: datetime) -> None:
    values: dict[str, Value] = {"card": str(draft.autopay.card), "amount": draft.amount, "draw": day, "what": what}
    letter = Letter("card-charge", f"card-charge:{what}:{draft.pk}", draft.subject, values)
    tell(letter, account=draft.autopay.account, untold=AUTOPAY.key, on=on, by=by, at=at)


def _ask_person(draft: Draft, how: Decline, then: str, *, by: Actor, at: datetime) -> None:
    words = f"Card declined, {how.means}: {draft.amount} of account {draft.autopay.account.number}. {then}"
    matter = Matter(RETURNED_DRAFT.key, draft.subject, words[:200], account=draft.autopay.account_id)
    raise_items(drafts=[matter], by=by, at=at)
