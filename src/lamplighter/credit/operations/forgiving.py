"""Set old debt aside from exactly the draft that was shown, forgive a share for each bill in time, and end it.

While it runs nothing of it is asked for (current is nothing) and what is left stays owed (payoff). What is forgiven is
borne by the code that the terms name: docs/algorithms/forgiveness.md.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account
from lamplighter.accounts.types import AgreementKind
from lamplighter.credit.models import Forgiveness, ForgivenessTerms, JudgedBill, SetAside
from lamplighter.credit.models.plans import Outcome
from lamplighter.credit.operations.moving import ask_for, send_home, take_over
from lamplighter.credit.queries.deposits import judged_bills
from lamplighter.credit.queries.forgiving import draft_forgiveness, forgiveness_terms, left_of
from lamplighter.credit.rules.arranging import Part, going_home
from lamplighter.credit.rules.forgiving import CannotForgive, ForgivenessDraft, Rules, is_over
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.models import Code
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.worklist.operations import finish_where

MOVES = "forgiveness"


@in_transaction
def set_forgiveness_terms(*, rules: Rules, code: str, on: date, by: Actor, at: datetime) -> ForgivenessTerms:
    """From `on`, old debt is set aside by these; what was before goes on by its own. Raises CannotForgive."""
    advisory_lock("credit.forgiveness")
    if rules.most <= ZERO or not 1 <= rules.parts <= 60 or not 1 <= rules.missed <= 12 or not rules.citation.strip():
        raise CannotForgive("Terms have a most over $0.00, 1 to 60 shares, 1 to 12 missed bills, and a resolution.")
    if not 0 <= rules.grace_days <= 15:
        raise CannotForgive("A bill is in time up to 0 to 15 days after its due day.")
    if not Code.objects.filter(pk=code, kind=Code.Kind.EXPENSE, control=False).exists():
        raise CannotForgive("Choose the expense that bears what is forgiven.")
    if ForgivenessTerms.objects.filter(period__startswith__gte=on).exists():
        raise CannotForgive(f"Terms from {on:%b %-d, %Y} or later are set already. Choose a later day.")
    for running in ForgivenessTerms.objects.filter(period__contains=on):
        ForgivenessTerms.objects.filter(pk=running.pk).update(period=running.period.ending(on))
    row = ForgivenessTerms.objects.create(
        period=Period(on), most=rules.most, parts=rules.parts, missed=rules.missed, grace_days=rules.grace_days,
        programs=sorted(rules.programs), code_id=code, citation=rules.citation, set_by=by,
    )  # fmt: skip
    record(
        "credit.forgiveness_terms.set", subject=f"forgiveness-terms:{row.pk}", by=by, at=at, start=on.isoformat(),
        cents=rules.most.cents, parts=rules.parts, missed=rules.missed, programs=row.programs, citation=rules.citation,
    )  # fmt: skip
    return row


@in_transaction
def set_aside(
    *, account: Account, draft: ForgivenessDraft, consent: str, on: date, by: Actor, at: datetime
) -> Forgiveness:
    """Write exactly this draft. Raises CannotForgive, also when what is owed is no longer what it shows."""
    advisory_lock(f"account:{account.pk}")
    terms = forgiveness_terms(on=on)
    if terms is None or draft != draft_forgiveness(account, let_in_by=draft.let_in_by, on=on):
        raise CannotForgive("What is owed has changed since this was shown. Look at it again.")
    agreement = accounts.start_agreement(account=account, kind=AgreementKind.FORGIVENESS, on=on, by=by, at=at)
    made = Forgiveness.objects.create(
        account=account, agreement=agreement, terms=terms, total=draft.total,
        shares=[share.cents for share in draft.shares], let_in_by=draft.let_in_by, consent=consent, made_on=on,
        made_at=at, made_by=by,
    )  # fmt: skip
    SetAside.objects.bulk_create(
        SetAside(forgiveness=made, agreement_id=one.agreement, owed_on=one.owed_on, amount=one.amount)
        for one in draft.debts
    )
    take_over(made.subject, agreement, draft.debts, kind=MOVES, on=on, by=by, at=at)
    record(
        "credit.forgiveness.begun", subject=made.subject, account=account.pk, by=by, at=at, cents=draft.total.cents,
        shares=len(draft.shares), consent=consent,
    )  # fmt: skip
    return made


@in_transaction
def judge_bills(*, forgiveness: Forgiveness, on: date, by: Actor, at: datetime) -> Forgiveness:
    """Each bill since then whose due day and grace are over, once: a share is forgiven, or the bill was missed. All of
    it forgiven ends it, and so do as many missed bills as the terms name."""
    advisory_lock(f"account:{forgiveness.account_id}")
    live = _running(forgiveness)
    rules, done = live.terms.rules, list(live.bills.all())
    known = {one.bill_id for one in done}
    since = live.made_on + timedelta(days=1)
    for bill, in_time in judged_bills(live.account, since=since, on=on, grace=rules.grace_days):
        if bill.pk in known:
            continue
        share = Money(live.shares[sum(one.in_time for one in done)]) if in_time else ZERO
        entry = _forgive(live, share, bill.number, on=on, by=by, at=at) if in_time else None
        row = JudgedBill.objects.create(
            forgiveness=live, bill=bill, amount=share, entry_id=entry, judged_on=on, at=at, by=by
        )
        done.append(row)
        record(
            f"credit.forgiveness.{'earned' if in_time else 'missed'}", subject=live.subject, account=live.account_id,
            by=by, at=at, cents=share.cents, bill=bill.number,
        )  # fmt: skip
        if sum(one.in_time for one in done) == len(live.shares):
            return end_forgiveness(forgiveness=live, outcome=Outcome.KEPT, on=on, by=by, at=at)
        if is_over(missed=sum(not one.in_time for one in done), rules=rules):
            return end_forgiveness(forgiveness=live, outcome=Outcome.BROKEN, on=on, by=by, at=at)
    return live


@in_transaction
def end_forgiveness(
    *, forgiveness: Forgiveness, outcome: Outcome, on: date, by: Actor, at: datetime
) -> Forgiveness:  # fmt: skip
    """Kept: nothing is left. Else what is left is asked for again, and goes home at its own age; what was forgiven
    stays forgiven."""
    advisory_lock(f"account:{forgiveness.account_id}")
    live = _running(forgiveness)
    left = left_of(live)
    if outcome == Outcome.KEPT:
        assert left == ZERO, "it is kept when all of it is forgiven"
    elif left > ZERO:
        name = f"{live.subject}:{outcome}"
        ask_for(live.agreement, left, f"{name}:due", owed_on=on, on=on, by=by, at=at)
        debts = [Part(one.agreement_id, one.owed_on, one.amount) for one in live.debts.all()]
        send_home(name, live.agreement, going_home(debts, left), kind=MOVES, on=on, by=by, at=at)
    last = max(on, live.made_on + timedelta(days=1))
    accounts.stop_agreement(agreement=live.agreement, on=last, by=by, at=at, reason=f"forgiveness-{outcome}")
    live.ended_on, live.outcome, live.ended_by = on, outcome, by
    live.save(update_fields=["ended_on", "outcome", "ended_by"])
    finish_where(subjects=[live.subject], by=by, at=at)
    record(
        "credit.forgiveness.ended", subject=live.subject, account=live.account_id, by=by, at=at, reason=str(outcome),
        cents=left.cents,
    )  # fmt: skip
    return live


def _running(forgiveness: Forgiveness) -> Forgiveness:
    rows = Forgiveness.objects.select_for_update(of=("self",)).select_related("agreement", "account", "terms__code")
    live = rows.get(pk=forgiveness.pk)
    if live.ended_on is not None:
        raise CannotForgive(f"This ended on {live.ended_on:%b %-d, %Y}.")
    return live


def _forgive(live: Forgiveness, share: Money, bill: str, *, on: date, by: Actor, at: datetime) -> int:
    """What is owed falls by the share, and the code of the terms bears it; nothing was asked for."""
    legs = (
        Leg(live.agreement.type.control_code, -share, live.agreement.subledger_id, current=ZERO, component="forgiven"),
        Leg(live.terms.code_id, share, component="forgiven"),
    )
    return ledger.post(draft=Draft(f"{live.subject}:{bill}", MOVES, on, legs), at=at, by=by)
