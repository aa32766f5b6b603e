"""Look at debts, begin and carry on collection, and stop it in the transaction that takes the debt away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from lamplighter.accounts.models import Account, Agreement, AgreementFact
from lamplighter.accounts.operations import state_fact
from lamplighter.credit.kinds import CALL, REVIEW, WRITE_OFF
from lamplighter.credit.law.parameters import HoldKind, Pack
from lamplighter.credit.models import Arrangement, Extension, Hold, Process, Step
from lamplighter.credit.operations import collecting
from lamplighter.credit.operations.holding import begin_hold
from lamplighter.credit.operations.matching import settle_items
from lamplighter.credit.queries.certificates import TENANTS
from lamplighter.credit.queries.closed import are_closed
from lamplighter.credit.queries.debts import Dated, collected_total, dated, late_by_class, newest_late_bill
from lamplighter.credit.queries.stakes import stakes_of
from lamplighter.credit.queries.standing import law
from lamplighter.credit.rules.collecting import (
    TEMPLATES,
    CollectionPolicy,
    StepKind,
    StepTemplate,
    Verdict,
    after_notice,
    monitor,
    plan,
)
from lamplighter.credit.rules.facts import Tenants
from lamplighter.journeys import dunning
from lamplighter.journeys.recalling import recall
from lamplighter.journeys.recovering import recovered
from lamplighter.journeys.restoring import restore_where_paid
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO
from lamplighter.kernel.periods import Period
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.worklist.operations import Draft, raise_items


@in_transaction
def look_at(*, accounts: Collection[int], on: date, by: Actor, at: datetime) -> int:
    """The debt monitor over these accounts, and the steps that are due. How many processes were begun."""
    advisory_lock(*(f"account:{pk}" for pk in accounts))
    pack, policy, begun = law(on=on), policy_in_force(CollectionPolicy, on=on), 0
    running = {process.account_id: process for process in _running(accounts)}
    debts = dated(accounts, on=on)
    verdicts = judge(debts, on=on)
    for account in Account.objects.filter(pk__in=accounts).order_by("pk"):
        verdict, process = verdicts[account.pk], running.get(account.pk)
        if process and _is_over(process, verdict, pack, on):
            why = _why_over(process, verdict, debts[account.pk], on)
            collecting.end_process(process=process, outcome=why, on=on, by=by, at=at)
            process = None
        if process is None and verdict.process and not _was_lately(account, verdict, policy, on):
            newest = newest_late_bill(debts[account.pk], on=on)
            process = collecting.begin_process(
                account=account, template=verdict.process, debt=verdict.debt, on=on, by=by, at=at,
                steps=plan(verdict.process, on=on, newest_bill=newest, pack=pack, policy=policy),
            )  # fmt: skip
            begun += 1
        if process:
            _do_steps(process, pack, on=on, by=by, at=at)
    recall(accounts=accounts, by=by, at=at)
    return begun


@in_transaction
def money_came(*, accounts: Iterable[Account], on: date, by: Actor, at: datetime) -> None:
    """In the payment's own transaction: what no longer has a debt behind it ends now, not tonight; a truck is called
    back, and power that was off for the debt comes back."""
    keys = [account.pk for account in accounts]
    stakes = stakes_of(keys, at=at)
    if stakes.by_items:
        settle_items(accounts=keys, on=on, by=by, at=at)
    if stakes.collected:
        _end_paid(keys, on=on, by=by, at=at)
    if stakes.on_plan:
        collecting.plans_are_on_time(accounts=keys, by=by, at=at)
    if stakes.to_be_cut:
        recall(accounts=keys, by=by, at=at)
    if stakes.off:
        restore_where_paid(accounts=keys, on=on, by=by, at=at)
    if stakes.written_off:
        recovered(accounts=keys, on=on, by=by, at=at)


def _end_paid(accounts: Collection[int], *, on: date, by: Actor, at: datetime) -> None:
    running = _running(accounts)
    verdicts = judge(dated([process.account_id for process in running], on=on), on=on)
    for process in running:
        if _rank(verdicts[process.account_id]) < _rank_of(process):
            collecting.end_process(process=process, outcome="paid", on=on, by=by, at=at)


@in_transaction
def stop_collecting(*, accounts: Collection[int], outcome: str, on: date, by: Actor, at: datetime) -> None:
    """A plan, a promise or a hold began: whatever runs ends, as with money."""
    for process in _running(accounts):
        collecting.end_process(process=process, outcome=outcome, on=on, by=by, at=at)
    recall(accounts=accounts, by=by, at=at)
    restore_where_paid(accounts=accounts, on=on, by=by, at=at)


@in_transaction
def protect(
    *, account: Account, kind: HoldKind, period: Period, evidence: str, on: date, by: Actor, at: datetime
) -> Hold:
    """A hold begins, and what it stops ends with it."""
    hold = begin_hold(account=account, kind=kind, period=period, evidence=evidence, by=by, at=at)
    if on in period:
        stop_collecting(accounts=[account.pk], outcome="held", on=on, by=by, at=at)
    return hold


@in_transaction
def tenants_depend(
    *, agreement: Agreement, how: Tenants | None, evidence: str, on: date, by: Actor, at: datetime
) -> AgreementFact:
    """From today, tenants live behind this service, metered so; or (None) no longer. They must be told before power
    goes off, so whoever is on the way to turn it off is called back. Raises CannotServe."""
    advisory_lock(f"account:{agreement.account_id}")
    fact = state_fact(
        agreement=agreement, name=TENANTS, value=how.value if how else "", period=Period(on), by=by, at=at,
        evidence=evidence,
    )  # fmt: skip
    recall(accounts=[agreement.account_id], by=by, at=at)
    return fact


def judge(
    debts: Mapping[int, Sequence[Dated]], *, on: date, policy: CollectionPolicy | None = None
) -> dict[int, Verdict]:
    """What the monitor says of each account and its open debts; five queries whatever their number."""
    accounts, policy = list(debts), policy or policy_in_force(CollectionPolicy, on=on)
    holds: dict[int, list[HoldKind]] = {}
    for hold in Hold.objects.filter(account__in=accounts, period__contains=on):
        holds.setdefault(hold.account_id, []).append(HoldKind(hold.kind))
    on_plan = {
        pk
        for model in (Arrangement, Extension)
        for pk in model.objects.filter(account__in=accounts, ended_on__isnull=True).values_list("account", flat=True)
    }
    closed = are_closed(accounts, on=on)
    classes = dict(Account.objects.filter(pk__in=accounts).values_list("pk", "customer_class"))
    return {
        pk: monitor(
            late_by_class(open_debts, on=on),
            collection_class=classes[pk],
            holds=holds.get(pk, ()),
            on=on,
            on_plan=pk in on_plan,
            closed=pk in closed,
            policy=policy,
        )
        for pk, open_debts in debts.items()
    }


def _do_steps(process: Process, pack: Pack, *, on: date, by: Actor, at: datetime) -> None:
    """What is due today, in order; a step waits for the one before it."""
    steps = {one.key: one for one in TEMPLATES[process.template].steps}
    for step in process.steps.filter(done_on__isnull=True, cancelled_on__isnull=True).order_by("place"):
        if step.due_on > on:
            return
        if not _done(process, step, steps[step.key], pack, on=on, by=by, at=at):
            return
    if not any(one.kind in {StepKind.REVIEW, StepKind.GIVE_UP} for one in steps.values()):
        collecting.end_process(process=process, outcome="done", on=on, by=by, at=at)


def _done(
    process: Process, step: Step, template: StepTemplate, pack: Pack, *, on: date, by: Actor, at: datetime
) -> bool:
    match template.kind:
        case StepKind.LETTER | StepKind.NOTICE:
            return _written(process, step, template, pack, on=on, by=by, at=at)
        case StepKind.CALL:
            _ask_person(CALL.key, process, f"Call or visit before {_off_on(process):%b %-d}", by=by, at=at)
            return False  # done when somebody writes down what they did
        case StepKind.REVIEW:
            _ask_person(REVIEW.key, process, f"Notices ran out; {process.debt} was owed", by=by, at=at)
            collecting.finish_step(step=step, on=on, by=by, at=at)
            return True
        case StepKind.GIVE_UP:
            words = f"Letters ran out; {process.debt} was owed"
            matter = Draft(WRITE_OFF.key, process.account.subject, words, account=process.account_id)
            raise_items(drafts=[matter], by=by, at=at)
            collecting.finish_step(step=step, on=on, by=by, at=at)
            return True


def _written(
    process: Process, step: Step, template: StepTemplate, pack: Pack, *, on: date, by: Actor, at: datetime
) -> bool:
    amount = collected_total(process.account, on=on)
    if amount <= ZERO:
        return False
    notice = template.kind is StepKind.NOTICE
    letter = (
        dunning.past_due_notice(process.subject, amount, on=on, pack=pack)
        if notice
        else dunning.asks(step.key, process.subject, amount)
    )
    sent = dunning.write(letter, account=process.account, on=on, by=by, at=at)
    if sent is None:
        return False
    collecting.finish_step(step=step, on=on, by=by, at=at, amount=amount, notice=sent)
    if notice:
        later = {one.key: after_notice(one, on, pack) for one in TEMPLATES[process.template].steps}
        collecting.move_steps(process=process, days={key: day for key, day in later.items() if day})
    return True


def _ask_person(kind: str, process: Process, summary: str, *, by: Actor, at: datetime) -> None:
    raise_items(drafts=[Draft(kind, process.subject, summary, account=process.account_id)], by=by, at=at)


def _off_on(process: Process) -> date:
    return process.steps.latest("place").due_on


def _running(accounts: Collection[int]) -> list[Process]:
    found = Process.objects.filter(account__in=accounts, ended_on__isnull=True)
    return list(found.select_related("account").order_by("pk"))


def _is_over(process: Process, verdict: Verdict, pack: Pack, on: date) -> bool:
    """Less is called for than what runs, or more; or its notice has lapsed."""
    if _rank(verdict) != _rank_of(process):
        return True
    notice = process.steps.filter(notice__isnull=False).order_by("place").first()
    lasts = timedelta(days=pack.notice_lasts_days.value)
    return bool(notice and notice.done_on and on > notice.done_on + lasts)


def _why_over(process: Process, verdict: Verdict, debts: Sequence[Dated], on: date) -> str:
    """`new policy`: by the figures of the day on which it began, it would go on."""
    if verdict.held:
        return "held"
    if _rank(verdict) > _rank_of(process):
        return "escalated"
    if _rank(verdict) == _rank_of(process):
        return "lapsed"
    kept = judge({process.account_id: debts}, on=on, policy=policy_in_force(CollectionPolicy, on=process.started_on))
    return "paid" if _rank(kept[process.account_id]) < _rank_of(process) else "new policy"


def _was_lately(account: Account, verdict: Verdict, policy: CollectionPolicy, on: date) -> bool:
    assert verdict.process
    since = on - timedelta(days=policy.again_days)
    rows = Process.objects.filter(account=account, template=verdict.process.key, started_on__gt=since)
    return rows.exists()


def _rank(verdict: Verdict) -> int:
    return 0 if verdict.process is None else list(TEMPLATES).index(verdict.process.key) + 1


def _rank_of(process: Process) -> int:
    return list(TEMPLATES).index(process.template) + 1
