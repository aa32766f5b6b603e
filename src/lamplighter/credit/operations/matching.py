"""Tie credits to the bills that they pay: by rule in the transaction that moved the account, or by hand; undo by a
second entry; choose how an account is aged."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from lamplighter.accounts.models import Account, Agreement
from lamplighter.credit.models import AgeingStyle, AgeingTerms, Match
from lamplighter.credit.queries.openitems import Ageing, Stand, aged_open, moved_open, stand_of, stands, style_of
from lamplighter.credit.rules.matching import CannotMatch, Rule, Style, Tie, outgrown, propose
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.models import Entry
from lamplighter.ledger.operations import Draft, Leg, on_posting
from lamplighter.ledger.rules import MATCH
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, at_end, in_transaction


@on_posting
def match_later(subledgers: Collection[int], on: date, by: Actor, at: datetime) -> None:
    """Whatever moved an account that is aged by open items, its matches are right before the unit of work ends."""

    def settle() -> None:
        if moved := moved_open(subledgers, on=on):
            settle_items(accounts=moved, on=on, by=by, at=at)

    at_end(f"match:{sorted(subledgers)}", settle)


@in_transaction
def settle_items(*, accounts: Collection[int], on: date, by: Actor, at: datetime) -> int:
    """Undo the matches of these accounts that no longer fit, and match what is loose, where they are aged by open
    items; how many were made. The same again changes nothing."""
    mine = sorted(aged_open(accounts, on=on))
    if not mine:
        return 0
    advisory_lock(*(f"account:{pk}" for pk in mine))
    made = 0
    for stand in stands(mine).values():
        gone = outgrown(stand.items, stand.credits, stand.ties)
        _undo(gone, Rule.GONE, on=on, by=by, at=at)
        rest = [one for one in stand.ties if one not in gone]
        made += _make(propose(stand.items, stand.credits, rest, gone), on=on, by=by, at=at)
    return made


@in_transaction
def match_by_hand(
    *, account: Account, credit: int, bill: str, amount: Money, reason: str, on: date, by: Actor, at: datetime
) -> list[Match]:  # fmt: skip
    """So much of a loose credit pays a bill. Raises CannotMatch."""
    advisory_lock(f"account:{account.pk}")
    stand = _open_stand(account, on)
    loose = next((one for one in stand.loose if one.credit.posting == credit), None)
    found = next((one for one in stand.bills if one.bill == bill), None)
    if loose is None or found is None:
        raise CannotMatch("This credit pays a bill by now, or the bill is another. Look at the open items again.")
    parts = [(place, left) for place, left in found.parts if place[0] == loose.credit.agreement and left]
    most = min(loose.left, sum((left for _, left in parts), ZERO))
    if not ZERO < amount <= most:
        raise CannotMatch(f"Of this credit {most} can pay bill {bill}: that much is open there on the same service.")
    ties, left = [], amount
    for (agreement, day), part in parts:
        share = min(left, part)
        left -= share
        if share:
            ties.append(Tie(credit, agreement, day, share, Rule.HAND))
    made = _make_rows(ties, on=on, by=by, at=at)
    _tell("credit.item.matched", account, bill, amount, reason, by=by, at=at)
    return made


@in_transaction
def unmatch(*, match: Match, reason: str, on: date, by: Actor, at: datetime) -> None:
    """The bill is open again, and the credit waits for somebody to say what it pays. Raises CannotMatch."""
    account = match.agreement.account
    advisory_lock(f"account:{account.pk}")
    stand = _open_stand(account, on)
    tie = next((one for one in stand.ties if one.key == match.pk), None)
    if tie is None:
        raise CannotMatch("This match was undone already.")
    _undo([tie], Rule.HAND, on=on, by=by, at=at)
    _tell("credit.item.unmatched", account, stand.asked[tie.owed_on].bill, tie.amount, reason, by=by, at=at)


@in_transaction
def set_style(*, account: Account, style: Style, reason: str, on: date, by: Actor, at: datetime) -> AgeingStyle:
    """From today on the account's debts are aged so. What came before is matched by rule, or its matches are undone.
    Raises CannotMatch."""
    advisory_lock(f"account:{account.pk}")
    if style_of(account, on=on) == style:
        raise CannotMatch(f"This account is aged so already: {style.label.lower()}.")
    for running in AgeingStyle.objects.filter(account=account, period__contains=on):
        if running.period.start == on:
            raise CannotMatch("How this account is aged was changed today already. Change it again tomorrow.")
        AgeingStyle.objects.filter(pk=running.pk).update(period=running.period.ending(on))
    if style is Style.FORWARD:
        _undo(stand_of(account).ties, Rule.STYLE, on=on, by=by, at=at)
    row = AgeingStyle.objects.create(account=account, period=Period(on), style=style, set_at=at, set_by=by)
    record(
        "credit.ageing.set", subject=account.subject, account=account.pk, by=by, at=at, style=style.value, remark=reason
    )
    settle_items(accounts=[account.pk], on=on, by=by, at=at)
    return row


@in_transaction
def set_ageing(*, ageing: Ageing, on: date, by: Actor, at: datetime) -> AgeingTerms:
    """From `on` accounts are aged by class as this says; the morning of that day matches what they hold. Raises
    CannotMatch."""
    advisory_lock("ageing-terms")
    if not ageing.citation.strip():
        raise CannotMatch("Name the resolution that says how debts are aged.")
    if AgeingTerms.objects.filter(period__startswith__gte=on).exists():
        raise CannotMatch(f"Ageing from {on:%b %-d, %Y} or later is set already. Choose a later day.")
    for running in AgeingTerms.objects.filter(period__contains=on):
        AgeingTerms.objects.filter(pk=running.pk).update(period=running.period.ending(on))
    row = AgeingTerms.objects.create(
        period=Period(on), open_classes=sorted(ageing.open_classes), deduct=ageing.deduct, citation=ageing.citation,
        set_by=by,
    )  # fmt: skip
    record(
        "credit.ageing_terms.set", subject=f"ageing-terms:{row.pk}", by=by, at=at, start=on.isoformat(),
        classes=row.open_classes, deduct=row.deduct, citation=row.citation,
    )  # fmt: skip
    return row


@in_transaction
def release_forward(*, on: date, by: Actor, at: datetime) -> None:
    """Undo what is matched on accounts that the policy ages balance forward by now."""
    matched = set(
        Match.objects.filter(undoes__isnull=True, undone_by__isnull=True).values_list("agreement__account", flat=True)
    )
    leaving = sorted(matched - aged_open(matched, on=on))
    advisory_lock(*(f"account:{pk}" for pk in leaving))
    for stand in stands(leaving).values():
        _undo(stand.ties, Rule.STYLE, on=on, by=by, at=at)


def _open_stand(account: Account, on: date) -> Stand:
    if style_of(account, on=on) is not Style.OPEN:
        raise CannotMatch("This account is aged balance forward: payments go to the oldest debt.")
    return stand_of(account)


def _make(ties: list[Tie], *, on: date, by: Actor, at: datetime) -> int:
    return len(_make_rows(ties, on=on, by=by, at=at))


def _make_rows(ties: list[Tie], *, on: date, by: Actor, at: datetime) -> list[Match]:
    """One entry for each match: from the credit's age, which is none, to the bill's; no money moves."""
    agreements = Agreement.objects.in_bulk([one.agreement for one in ties])
    before = Match.objects.filter(credit__in=[one.credit for one in ties]).count()
    drafts = []
    for place, one in enumerate(ties):
        to = agreements[one.agreement]
        legs = (
            Leg(to.type.control_code, ZERO, to.subledger_id, current=-one.amount, owed_on=one.owed_on, component=MATCH),
            Leg(to.type.control_code, ZERO, to.subledger_id, current=one.amount, component=MATCH),
        )
        source = f"{MATCH}:{one.credit}:{one.agreement}:{one.owed_on}:{before + place}"
        drafts.append(Draft(source, MATCH, on, legs))
    entries = ledger.post_many(drafts=drafts, at=at, by=by)
    return Match.objects.bulk_create(
        Match(entry_id=entry, agreement_id=one.agreement, owed_on=one.owed_on, credit_id=one.credit, amount=one.amount,
              rule=one.rule, made_on=on, made_at=at, made_by=by)
        for entry, one in zip(entries, ties, strict=True)
    )  # fmt: skip


def _undo(ties: Iterable[Tie], rule: Rule, *, on: date, by: Actor, at: datetime) -> None:
    keys = [one.key for one in ties]
    for row in Match.objects.filter(pk__in=keys).select_related("entry").order_by("pk"):
        entry = ledger.reverse(
            entry=row.entry, source=f"un{row.entry.source}", effective_on=on, accounting_on=on, at=at, by=by
        )
        Match.objects.create(
            entry=Entry(pk=entry), agreement_id=row.agreement_id, owed_on=row.owed_on, credit_id=row.credit_id,
            amount=-row.amount, rule=rule, undoes=row, made_on=on, made_at=at, made_by=by,
        )  # fmt: skip


def _tell(
    name: str, account: Account, bill: str, amount: Money, reason: str, *, by: Actor, at: datetime
) -> None:  # fmt: skip
    record(
        name, subject=account.subject, account=account.pk, by=by, at=at, bill=bill, cents=amount.cents, remark=reason
    )
