"""Cards that the processor keeps: invite a customer to enter one, keep what it is called there, draw with it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from lamplighter.accounts.models import Account
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.payments.autopay.queries import autopay_of
from lamplighter.payments.autopay.rules import CannotDraw
from lamplighter.payments.cards.processor import Kept
from lamplighter.payments.models import Autopay, CardDraw, CardInvite, Draft, DraftStep, PaymentEvent, SavedCard
from lamplighter.payments.operations.autopaying import lock
from lamplighter.payments.operations.charging import digest_of
from lamplighter.platform import secrets
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction

Act = DraftStep.Act


@in_transaction
def invite(*, account: Account, words: str, begins: date, until: date, by: Actor, at: datetime) -> CardInvite:
    """A link's row; the secret of its address is made when it is sent. Raises CannotDraw where AutoPay runs from a bank
    account."""
    refuse_second(autopay_of(account))
    made = CardInvite(account=account, words=words, begins=begins, until=until, made_at=at, made_by=by)
    made.digest = digest_of(invite_token(made))
    made.save(force_insert=True)
    record("payments.card.invited", subject=made.subject, account=account.pk, by=by, at=at, until=until.isoformat())
    return made


def invite_token(made: CardInvite) -> str:
    """The secret in a link's address, by this installation's key: the same whenever it is sent, and kept nowhere."""
    return secrets.digest(f"card-invite {made.pk}")[:40]


def invite_of(token: str) -> CardInvite | None:
    return CardInvite.objects.filter(digest=digest_of(token)).select_related("account", "card").first()


def invite_of_reference(reference: str) -> CardInvite | None:
    """By what we gave the processor."""
    try:
        return CardInvite.objects.filter(pk=UUID(reference)).select_related("account").first()
    except ValueError:
        return None


def waiting_invites(*, on: date) -> list[CardInvite]:
    """Whoever went to the card page, and of whom no card was told."""
    return list(CardInvite.objects.filter(card__isnull=True, until__gte=on).exclude(session="").order_by("made_at"))


def refuse_second(running: Autopay | None) -> None:
    """A card may take the place of a card, never of a bank account."""
    if running is not None and running.card_id is None:
        raise CannotDraw("This account has AutoPay from a bank account. Stop it before you set up a card.")


@in_transaction
def agreed(*, invite: CardInvite, session: str) -> None:
    """The customer agreed to the words and went to the card page."""
    CardInvite.objects.filter(pk=invite.pk).update(session=session)


@in_transaction
def begin_by_card(*, invite: CardInvite, kept: Kept, by: Actor, at: datetime) -> Autopay:
    """The card was entered: AutoPay runs with it, as the invitation said, in the place of a card before. Raises
    CannotDraw."""
    lock(invite.account)
    live = CardInvite.objects.select_for_update(of=("self",)).select_related("account").get(pk=invite.pk)
    if live.card_id is not None:
        raise CannotDraw("A card was kept for this link already.")
    running = autopay_of(live.account)
    refuse_second(running)
    card = SavedCard.objects.create(
        id=kept.id, account=live.account, brand=kept.brand, last_four=kept.last_four, expires_on=kept.expires_on,
        saved_at=at,
    )  # fmt: skip
    live.card = card
    live.save(update_fields=["card"])
    if running is not None:
        return _another_card(running, card, live, by=by, at=at)
    made = Autopay.objects.create(
        account=live.account, card=card, sealed="", digest="", last_four=card.last_four, holder="",
        consent=Autopay.Consent.ONLINE, words=live.words, begins=live.begins, begun_at=at, begun_by=by,
    )  # fmt: skip
    record("payments.autopay.begun", subject=made.subject, account=live.account_id, by=by, at=at, bank=str(made),
           begins=made.begins.isoformat(), consent=made.consent, prenote=False)  # fmt: skip
    return made


def _another_card(running: Autopay, card: SavedCard, invite: CardInvite, *, by: Actor, at: datetime) -> Autopay:
    """What was announced is charged to the new card."""
    was = str(running)
    running.card, running.last_four, running.words = card, card.last_four, invite.words
    running.save(update_fields=["card", "last_four", "words"])
    record("payments.card.replaced", subject=running.subject, account=running.account_id, by=by, at=at, was=was,
           card=str(card))  # fmt: skip
    return running


@in_transaction
def renew_card(*, card: SavedCard, kept: Kept, by: Actor, at: datetime) -> SavedCard:
    """The card's bank replaced it: the processor's name for it stays, what is shown and its validity change."""
    lock(card.account)
    live = SavedCard.objects.select_for_update().get(pk=card.pk)
    was = str(live)
    live.brand, live.last_four, live.expires_on, live.updated_at = kept.brand, kept.last_four, kept.expires_on, at
    live.save(update_fields=["brand", "last_four", "expires_on", "updated_at"])
    Autopay.objects.filter(card=live, ended_on=None).update(last_four=live.last_four)
    record("payments.card.renewed", subject=f"card:{live.pk}", account=live.account_id, by=by, at=at, was=was,
           card=str(live), expires_on=live.expires_on.isoformat())  # fmt: skip
    return live


@in_transaction
def ask_draw(*, draft: Draft, amount: Money, by: Actor, at: datetime) -> CardDraw:
    """With how much the processor will be asked, before it is."""
    return CardDraw.objects.create(draft=draft, amount=amount, asked_at=at, asked_by=by)


@in_transaction
def keep_charged(*, draft: Draft, event: PaymentEvent, amount: Money, on: date, by: Actor, at: datetime) -> DraftStep:
    """The processor charged the card: the draft is that payment."""
    step = DraftStep.objects.create(draft=draft, act=Act.CHARGED, on=on, event=event, recorded_at=at, recorded_by=by)
    record("payments.draft.charged", subject=draft.subject, account=draft.autopay.account_id, by=by, at=at,
           cents=amount.cents)  # fmt: skip
    return step


@in_transaction
def keep_declined(*, draft: Draft, code: str, words: str, on: date, by: Actor, at: datetime) -> DraftStep:
    """The card's bank said no; nothing was paid."""
    step = DraftStep.objects.create(
        draft=draft, act=Act.DECLINED, on=on, why=f"{words} ({code})"[:200], recorded_at=at, recorded_by=by
    )
    record("payments.draft.declined", subject=draft.subject, account=draft.autopay.account_id, by=by, at=at,
           cents=draft.amount.cents, reason=words)  # fmt: skip
    return step
