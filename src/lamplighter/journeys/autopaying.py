"""AutoPay from the call that sets it up to the bank's file: announce each bill, draw what is owed on its day, once.

An announced bill is drawn for what was announced or for what is still owed of it and of older bills, whichever is
less. What a person pays meanwhile is never drawn again; what was billed meanwhile waits for its own day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.billing.models import Bill
from lamplighter.formats.nacha.checker import faults
from lamplighter.formats.nacha.writer import (
    CHECKING_DEBIT,
    CHECKING_PRENOTE,
    SAVINGS_DEBIT,
    SAVINGS_PRENOTE,
    AchFile,
    Batch,
    Entry,
    Origin,
    ach_file,
)
from lamplighter.journeys.dunning import Letter
from lamplighter.journeys.paying import take_batch
from lamplighter.journeys.paying_out import MEDIA_TYPE, own_bank
from lamplighter.journeys.telling import tell
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.notices.rules.fields import Value
from lamplighter.payments import operations as payments
from lamplighter.payments.autopay.banks import Bank, next_bank_day
from lamplighter.payments.autopay.queries import (
    autopay_of,
    corrections_too_late,
    drafts_to_send,
    holds_of,
    last_drawn,
    running,
)
from lamplighter.payments.autopay.rules import (
    DESCRIPTION,
    RETRIES,
    RETRY,
    RETRY_WITHIN_DAYS,
    CannotDraw,
    amount_of,
    drawn_on,
    sec_of,
)
from lamplighter.payments.kinds import AUTOPAY
from lamplighter.payments.models import Autopay, Draft, DraftFile, DraftStep, PaymentEvent, TenderSource
from lamplighter.payments.operations import EventIn
from lamplighter.payments.operations.autopaying import Authorization, begin_autopay, end_autopay
from lamplighter.payments.operations.drafting import Sent, announce, keep_file, skip
from lamplighter.payments.queries import cash_only, owed_by_many
from lamplighter.payments.rules import Owed, TenderIn
from lamplighter.platform.numbering import next_numbers
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.transactions import advisory_lock, in_transaction, unit_of_work

SOURCE, CLEARING = "autopay", "ach-clearing"


@dataclass(frozen=True, slots=True)
class Due:
    """A draft that goes into the file: with how much, and whose bank account. A prenote carries nothing."""

    draft: Draft
    amount: Money

    @property
    def group(self) -> tuple[str, str]:
        """Entries of one SEC code and description make one batch."""
        autopay = self.draft.autopay
        spoken = autopay.consent == Autopay.Consent.RECORDED
        return sec_of(business=autopay.business, spoken=spoken), RETRY if self.draft.attempt else DESCRIPTION

    @property
    def entry(self) -> Entry:
        autopay, prenote = self.draft.autopay, not self.draft.bill
        bank = Bank.opened(autopay.sealed, savings=autopay.savings)
        codes = (CHECKING_PRENOTE, SAVINGS_PRENOTE) if prenote else (CHECKING_DEBIT, SAVINGS_DEBIT)
        number = autopay.account.number
        return Entry(codes[bank.savings], bank.routing, bank.number, self.amount.cents, number, autopay.holder)


@in_transaction
def set_up(*, account: Account, given: Authorization, prenote: bool, on: date, by: Actor, at: datetime) -> Autopay:
    """The authorization, and its copy to the customer. Raises CannotDraw."""
    made = begin_autopay(account=account, given=given, prenote=prenote, on=on, by=by, at=at)
    values: dict[str, Value] = {"last_four": made.last_four, "begins": made.begins, "terms": made.words}
    letter = Letter("autopay-begun", f"autopay-begun:{made.pk}", made.subject, values)
    tell(letter, account=account, untold=AUTOPAY.key, on=on, by=by, at=at)
    announce_bill(autopay=made, on=on, by=by, at=at)
    return made


@in_transaction
def stop(*, account: Account, why: str, on: date, by: Actor, at: datetime) -> tuple[list[Draft], list[Draft]]:
    """It stops today: which drafts this calls off, and which are at the bank already and will be drawn."""
    autopay = autopay_of(account)
    if autopay is None:
        raise CannotDraw("This account has no AutoPay.")
    called_off = end_autopay(autopay=autopay, why=why, on=on, by=by, at=at)
    tell_ended(autopay, "asked", on=on, by=by, at=at)
    gone = Draft.objects.filter(autopay=autopay, steps__act=DraftStep.Act.SENT, draw_on__gt=on).exclude(bill="")
    return called_off, list(gone)


@in_transaction
def tell_ended(autopay: Autopay, why: str, *, on: date, by: Actor, at: datetime) -> None:
    """`why`: asked, bank or revoked."""
    if autopay.card is not None:
        tell(card_letter(autopay, why), account=autopay.account, untold=AUTOPAY.key, on=on, by=by, at=at)
        return
    values: dict[str, Value] = {"last_four": autopay.last_four, "why": why}
    letter = Letter("autopay-ended", f"autopay-ended:{autopay.pk}", autopay.subject, values)
    tell(letter, account=autopay.account, untold=AUTOPAY.key, on=on, by=by, at=at)


def card_letter(autopay: Autopay, news: str, source: str = "") -> Letter:
    """What is told about AutoPay by card: begun, asked, bank, revoked, held or expires."""
    values: dict[str, Value] = {
        "card": str(autopay.card), "begins": autopay.begins, "terms": autopay.words, "news": news,
    }  # fmt: skip
    return Letter("card-autopay", source or f"card-autopay:{news}:{autopay.pk}", autopay.subject, values)


def announce_bills(*, on: date, by: Actor, at: datetime) -> int:
    """Every account with AutoPay whose newest bill is not announced yet, each in a unit of work. How many."""
    made = 0
    for autopay in _unannounced():
        with unit_of_work(by):
            made += announce_bill(autopay=autopay, on=on, by=by, at=at) is not None
    return made


@in_transaction
def announce_bill(*, autopay: Autopay, on: date, by: Actor, at: datetime) -> Draft | None:
    """The newest bill, told to the customer before it is drawn; None where nothing is to be drawn."""
    advisory_lock(f"account:{autopay.account_id}")
    bill = Bill.objects.filter(account=autopay.account_id, issued_on__gte=autopay.begins).order_by("-issued_on", "-pk")
    newest = bill.first()
    if newest is None or Draft.objects.filter(bill=newest.number).exists() or _barred([autopay], on):
        return None
    amount = amount_of(asked=newest.due, owed=_owed([autopay.account_id])[autopay.account_id])
    if not amount or not Autopay.objects.filter(pk=autopay.pk, ended_on=None).exists():
        return None
    day = drawn_on(due_on=newest.due_on, told_on=on)
    made = announce(autopay=autopay, bill=newest.number, amount=amount, draw_on=day, by=by, at=at)
    tell_ahead(made, on=on, by=by, at=at)
    return made


@in_transaction
def try_again(*, draft: Draft, on: date, by: Actor, at: datetime) -> Draft:
    """Present a bill again that came back for want of funds: at most twice, within 180 days. Raises CannotDraw."""
    autopay = draft.autopay
    advisory_lock(f"account:{autopay.account_id}")
    if Autopay.objects.filter(pk=autopay.pk, ended_on=None).first() is None:
        raise CannotDraw("AutoPay has stopped. A new authorization is needed.")
    if why := barred(autopay, on=on):
        raise CannotDraw(f"Nothing is drawn: {why}.")
    if draft.corrects_id is not None:
        raise CannotDraw("A corrected draft is not presented again. Ask the customer to pay in another way.")
    tries = Draft.objects.filter(bill=draft.bill, corrects=None)
    if tries.filter(steps__isnull=True).exists():
        raise CannotDraw("It waits to be drawn again already.")
    first = tries.get(attempt=0)
    if tries.count() > RETRIES or (on - first.draw_on).days > RETRY_WITHIN_DAYS:
        raise CannotDraw(f"A bill is presented again at most twice, within {RETRY_WITHIN_DAYS} days.")
    amount = amount_of(asked=draft.amount, owed=left_of(draft))
    if not amount:
        raise CannotDraw("Nothing is owed any more.")
    made = announce(
        autopay=autopay, bill=draft.bill, amount=amount, draw_on=drawn_on(due_on=on, told_on=on), by=by, at=at,
        attempt=tries.count(),
    )  # fmt: skip
    tell_ahead(made, on=on, by=by, at=at)
    return made


@in_transaction
def send_drafts(*, on: date, by: Actor, at: datetime) -> DraftFile | None:
    """Everything that settles by the next banking day, in one file with its payments; None where nothing is due. What
    is paid, held or barred meanwhile is called off. Nothing leaves that a strict reader refuses."""
    advisory_lock("autopay.file")
    pays_on = next_bank_day(on)
    seen = {one.autopay.account_id for one in drafts_to_send(pays_on=pays_on)}
    advisory_lock(*(f"account:{account}" for account in seen))
    waiting = [one for one in drafts_to_send(pays_on=pays_on) if one.autopay.account_id in seen] if seen else []
    due = _due(waiting, on=on, by=by, at=at)
    if not due:
        return None
    due = sorted(due, key=lambda one: (one.group, one.draft.pk))
    number, made = _file(due, pays_on, at=at)
    wrong = faults(made.data)
    assert not wrong, wrong
    stored, _ = store_file([made.data], name=f"autopay-{on:%Y%m%d}-{number}.ach", media_type=MEDIA_TYPE, by=by, at=at)
    events = _post([one for one in due if one.draft.bill], on=on, by=by, at=at)
    control = events[0][1].tenders.get().control if events else None
    posted = {draft.pk: event for draft, event in events}
    sent = [
        Sent(one.draft, one.amount, trace, posted.get(one.draft.pk))
        for one, trace in zip(due, made.traces, strict=True)
    ]
    if control is not None:
        debits = int(made.data.splitlines()[-1 - _filler(made.data)][31:43])
        payments.balance_control(control=control, counted={"transfer": Money(debits)}, by=by, at=at)
    return keep_file(
        number=number, file=stored.sha256, control=control, sent=sent, on=on, pays_on=pays_on, by=by, at=at
    )


def still_due(draft: Draft, *, on: date) -> tuple[Money, str]:
    """What is drawn of an announced bill on its day; or why it is not."""
    amount = amount_of(asked=draft.amount, owed=left_of(draft))
    why = _barred([draft.autopay], on).get(draft.autopay_id, "")
    return amount, why or ("" if amount else "nothing is owed any more")


def left_of(draft: Draft) -> Money:
    """What is still owed of the bill of a draft and of older ones."""
    account = draft.autopay.account_id
    return _until(owed_by_many([account])[account], _billed_on([draft]).get(draft.bill))


def barred(autopay: Autopay, *, on: date) -> str:
    """Why nothing may be drawn on a day, or ""."""
    return _barred([autopay], on).get(autopay.pk, "")


def _due(waiting: Sequence[Draft], *, on: date, by: Actor, at: datetime) -> list[Due]:
    """Each with what is still owed; what is not drawn is called off, and says why."""
    owed, billed = owed_by_many({one.autopay.account_id for one in waiting}), _billed_on(waiting)
    drawn: dict[int, Money] = {}
    found = []
    barring = _barred([one.autopay for one in waiting], on)
    too_late = corrections_too_late(waiting, on=on)
    for draft in waiting:
        account = draft.autopay.account_id
        left = _until(owed[account], billed.get(draft.bill)) - drawn.get(account, ZERO)
        amount = amount_of(asked=draft.amount, owed=left)
        why = (
            barring.get(draft.autopay_id)
            or too_late.get(draft.pk)
            or ("" if amount or not draft.bill else "nothing is owed any more")
        )
        if why:
            skip(draft=draft, why=why, on=on, by=by, at=at)
            continue
        drawn[account] = drawn.get(account, ZERO) + amount
        found.append(Due(draft, amount))
    return found


def _file(due: Sequence[Due], pays_on: date, *, at: datetime) -> tuple[int, AchFile]:
    ours = own_bank()
    groups: dict[tuple[str, str], list[Entry]] = {}
    for one in due:
        groups.setdefault(one.group, []).append(one.entry)
    batches = [Batch(sec, words, pays_on, tuple(entries)) for (sec, words), entries in groups.items()]
    numbers = [int(one.partition("-")[0]) for one in next_numbers("ach", len(batches))]
    first = int(next_numbers("trace", len(due))[0].partition("-")[0])
    origin = Origin(ours.routing, ours.bank, ours.company, ours.holder)
    return numbers[0], ach_file(origin, batches, made=at, first_batch=numbers[0], first_trace=first)


def _post(due: Sequence[Due], *, on: date, by: Actor, at: datetime) -> list[tuple[Draft, PaymentEvent]]:
    """The payments of a file, in a period of its own: they count at once, and settle at the bank later."""
    if not due:
        return []
    source = TenderSource.objects.filter(pk=SOURCE).first() or payments.define_source(
        key=SOURCE, name="AutoPay", kind=TenderSource.Kind.ELECTRONIC, opening_float=ZERO, gl_code=CLEARING
    )
    control = payments.open_control(source=source, by=by, at=at)
    events = [
        EventIn(
            (TenderIn("transfer", one.amount, one.amount, f"AutoPay {one.draft.autopay.last_four}"),),
            {one.draft.autopay.account: one.amount}, at,
        )
        for one in due
    ]  # fmt: skip
    taken = take_batch(control=control, events=events, on=on, by=by, at=at)
    return [(one.draft, event) for one, event in zip(due, taken, strict=True)]


def _owed(accounts: Sequence[int]) -> dict[int, Money]:
    return {pk: total(debt.amount for debt in debts) for pk, debts in owed_by_many(accounts).items()}


def _billed_on(several: Sequence[Draft]) -> dict[str, date]:
    """When the bills of these drafts were issued; one query."""
    return dict(Bill.objects.filter(number__in=[one.bill for one in several]).values_list("number", "issued_on"))


def _until(owed: Sequence[Owed], billed: date | None) -> Money:
    """What is open of a bill and of what came before it: later debts were not announced for this day."""
    return total(debt.amount for debt in owed if billed is not None and debt.owed_on <= billed)


def _unannounced() -> list[Autopay]:
    """Those that run and whose newest bill has no draft; three queries whatever their number."""
    rows = {one.account_id: one for one in running()}
    bills = Bill.objects.filter(account__in=rows).order_by("account", "-issued_on", "-pk").distinct("account")
    newest = {bill.number: rows[bill.account_id] for bill in bills if bill.issued_on >= rows[bill.account_id].begins}
    known = set(Draft.objects.filter(bill__in=newest).values_list("bill", flat=True))
    return [autopay for number, autopay in newest.items() if number not in known]


def _barred(autopays: Sequence[Autopay], on: date) -> dict[int, str]:
    """Of these, which may not be drawn on a day, and why; two queries."""
    restricted = cash_only([one.account_id for one in autopays if one.card_id is None], on=on)
    why = {
        one.pk: f"cash only, {restricted[one.account_id].reason}" for one in autopays if one.account_id in restricted
    }
    return why | {one.autopay_id: one.reason for one in holds_of(autopays, on=on)}


@in_transaction
def tell_ahead(draft: Draft, *, on: date, by: Actor, at: datetime) -> None:
    """How much is drawn and on which day, as Regulation E asks."""
    before, autopay = last_drawn(draft.autopay, before=draft), draft.autopay
    why = "again" if draft.attempt or draft.corrects_id else _compared(draft.amount, before.amount if before else None)
    values: dict[str, Value] = {"amount": draft.amount, "draw": draft.draw_on}
    if autopay.card is not None:
        said = {**values, "card": str(autopay.card), "what": why}
        letter = Letter("card-charge", f"card-charge:ahead:{draft.pk}", draft.subject, said)
    else:
        said = {**values, "last_four": autopay.last_four, "why": why}
        letter = Letter("autopay-ahead", f"autopay-ahead:{draft.pk}", draft.subject, said)
    tell(letter, account=draft.autopay.account, untold=AUTOPAY.key, on=on, by=by, at=at)


def _compared(amount: Money, before: Money | None) -> str:
    if before is None:
        return "first"
    return "same" if amount == before else "more" if amount > before else "less"


def _filler(data: bytes) -> int:
    """How many lines of nines close the last block."""
    return sum(line == b"9" * 94 for line in data.splitlines())
