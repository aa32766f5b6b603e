"""Do what a draft of a start, stop or move says: agreements, field orders, a deposit, letters, corrected bills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.operations import CannotServe
from lamplighter.accounts.queries import profile
from lamplighter.accounts.standing.operations import continue_agreement
from lamplighter.billing.models import Bill, Segment
from lamplighter.billing.operations import correcting, issuing
from lamplighter.billing.operations.depositing import charge_deposit
from lamplighter.billing.operations.issuing import BillDraft
from lamplighter.billing.queries.ages import ages_of
from lamplighter.billing.queries.drafts import Occasion, Refused, SegmentDraft, drafts
from lamplighter.billing.queries.policies import policy_on
from lamplighter.cases.kinds import UNSENT
from lamplighter.cases.operations.alerts import refuse_blocked
from lamplighter.cases.words import Barred
from lamplighter.credit.rules.facts import Reason
from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.operations.ordering import OrderIn, cancel_order, request_order
from lamplighter.fieldwork.rules import OPEN
from lamplighter.fieldwork.types import OrderKind
from lamplighter.journeys.collecting import money_came
from lamplighter.journeys.corresponding import Choice, letter, send_letter
from lamplighter.journeys.moving import start_service, stop_service
from lamplighter.journeys.protecting import keep_sealed, protection_of
from lamplighter.journeys.rebilling import accounting_day
from lamplighter.journeys.start_fees import charge_start, give_back_start
from lamplighter.journeys.starting import StartDraft, StartFeePolicy, StopDraft, law_day, points_of, sitting_at
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.notices.channels import BadAddress, Channel
from lamplighter.notices.models import Template
from lamplighter.notices.queries.drafts import CannotCompose
from lamplighter.notices.queries.templates import content_of
from lamplighter.notices.rules.fields import Value
from lamplighter.platform.operations.events import record
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.premises.models import ServicePoint
from lamplighter.worklist.operations import Draft, raise_items

MOVE_OUT = "move-out"


@dataclass(frozen=True, slots=True)
class Served:
    """What was done: the agreement, and the field orders that were raised."""

    agreement: Agreement
    orders: tuple[Order, ...]


@in_transaction
def start_at_desk(
    *, draft: StartDraft, account: Account, evidence: str, deposit: Money | None, by: Actor, at: datetime
) -> Served:
    """Start as drafted, for its fee. Whoever sits there stops on the same day, told by letter, and only by evidence (a
    lease, a sale). A deposit is due at once. Raises CannotServe, and Blocked where a stop alert keeps their service as
    it is."""
    sitting = draft.sitting
    _refuse_stale(draft)
    if sitting is not None and not evidence.strip():
        raise CannotServe(
            f"{sitting.name} has service here now. Ask for a lease or sale date. {sitting.name} gets a letter before "
            "the name changes."
        )
    if sitting is not None:
        refuse_blocked(sitting.agreement.account, Barred.SERVICE, on=law_day(at))
    move = start_service(
        account=account, points=(draft.point,), schedule=draft.schedule, on=draft.on, by=by, at=at,
        back_to_back=sitting is not None, switch_on=draft.order is not OrderKind.CONNECT,
    )  # fmt: skip
    started = move.started
    if protection_of(account, on=law_day(at)) is not None:
        keep_sealed(on=law_day(at), by=by, at=at)
        draft.point.premise.refresh_from_db()
    if sitting is not None:
        record("accounts.agreement.gave_way", subject=sitting.agreement.subject, account=sitting.agreement.account_id,
               by=by, at=at, on=draft.on.isoformat(), remark=evidence.strip())  # fmt: skip
        _bill_shorter(sitting.agreement, draft.on, by=by, at=at)
        answer_by = law_day(at) if draft.on <= law_day(at) else min(draft.on, law_day(at).fromordinal(
            law_day(at).toordinal() + 3))  # fmt: skip
        write_by_template(sitting.agreement.account, "letter-give-way", {"starts": draft.on, "answer_by": answer_by},
               key=f"give-way:{started.pk}", by=by, at=at)  # fmt: skip
    vacant = Order.objects.filter(point=draft.point, kind=OrderKind.DISCONNECT, certificate="", state__in=OPEN)
    for order in vacant.exclude(reason=Reason.HAZARD):
        cancel_order(order=order, reason="not-needed", by=by, at=at)
    orders = _order(draft.order, draft, account, f"start:{started.pk}", by=by, at=at)
    charge_start(started, draft.fee, by=by, at=at)
    if deposit is not None and deposit.cents:
        charge_deposit(account=account, amount=deposit, source=f"start:{started.pk}", on=law_day(at), by=by, at=at)
    first = f"{draft.first_read:%B}" if draft.first_read else "about a month"
    values: dict[str, Value] = {"starts": draft.on, "rate": draft.schedule.code, "first_bill": first,
              "premise": draft.point.premise.address}  # fmt: skip
    write_by_template(account, "letter-service-started", values, key=f"started:{started.pk}", by=by, at=at)
    return Served(started, orders)


@in_transaction
def stop_at_desk(*, draft: StopDraft, forward: str, by: Actor, at: datetime, reason: str = MOVE_OUT) -> Served:
    """Stop as drafted: the last bill goes to `forward`, days that were billed beyond it are billed again, and service
    goes back to a landlord who agreed to it. Raises CannotServe."""
    agreement, account = draft.agreement, draft.agreement.account
    points = points_of(agreement, on=draft.on)
    _hold(points)
    stop_service(agreement=agreement, on=draft.on, by=by, at=at, reason=reason)
    _bill_shorter(agreement, draft.on, by=by, at=at)
    fee = policy_in_force(StartFeePolicy, on=law_day(at)).of_landlord if draft.reverts else ZERO
    for standing in draft.reverts:
        reverted = start_service(
            account=standing.account, points=(standing.point,), schedule=standing.schedule, on=draft.on, by=by, at=at
        )
        charge_start(reverted.started, fee, by=by, at=at)
        record("accounts.service.reverted", subject=standing.account.subject, account=standing.account_id, by=by, at=at,
               on=draft.on.isoformat(), premise=standing.point.premise.number)  # fmt: skip
    orders: list[Order] = []
    if draft.order is not None:
        off = draft.order is OrderKind.DISCONNECT  # of a place that nobody has any more, so of no account
        for point in points:
            asked = OrderIn(
                draft.order, point, max(draft.on, law_day(at)), None if off else account,
                reason=MOVE_OUT if off else "", origin="stop", origin_key=f"stop:{agreement.pk}",
            )  # fmt: skip
            orders.append(request_order(order=asked, by=by, at=at))
    premise = agreement.premise.address if agreement.premise else ""
    values: dict[str, Value] = {"stops": draft.on, "forward": " ".join(forward.split()) or premise, "premise": premise}
    write_by_template(account, "letter-service-stopped", values, key=f"stopped:{agreement.pk}:{draft.on}", by=by, at=at)
    return Served(agreement, tuple(orders))


@in_transaction
def move_at_desk(
    *, stop: StopDraft, start: StartDraft, evidence: str, forward: str, by: Actor, at: datetime
) -> tuple[Served, Served]:
    """Both ends of a move by one confirmation: all or nothing."""
    _hold([start.point, *points_of(stop.agreement, on=stop.on)])
    left = stop_at_desk(draft=stop, forward=forward, by=by, at=at, reason="move")
    account = stop.agreement.account
    return left, start_at_desk(draft=start, account=account, evidence=evidence, deposit=None, by=by, at=at)


@in_transaction
def cancel_start(*, agreement: Agreement, by: Actor, at: datetime, reason: str) -> Agreement | None:
    """A start that has not come is taken back, with its orders and its fee; whoever gave way to it goes on. That
    agreement, or None. Raises CannotServe."""
    on = agreement.period.start
    if on < law_day(at):
        raise CannotServe(f"This service began on {on:%b %-d, %Y}. Stop it instead.")
    points = points_of(agreement, on=on)
    _hold(points)
    give_back_start(agreement, by=by, at=at)
    stop_service(agreement=agreement, on=on, by=by, at=at, reason=reason)
    _recall(f"start:{agreement.pk}", by=by, at=at)
    before = Agreement.objects.filter(
        points__point__in=points, points__period__endswith=on, period__endswith=on, cancelled_at__isnull=True
    ).exclude(pk=agreement.pk)  # fmt: skip
    gave_way = before.select_related("account").first()
    return continue_agreement(agreement=gave_way, by=by, at=at) if gave_way is not None else None


@in_transaction
def cancel_stop(*, agreement: Agreement, by: Actor, at: datetime) -> Agreement:
    """A stop is taken back, with its orders. Refused where somebody else has service there. Raises CannotServe."""
    if agreement.period.end is None or agreement.period.end < law_day(at):
        raise CannotServe("Service ended already. Start it anew.")
    _hold(points_of(agreement, on=agreement.period.last_day))
    _recall(f"stop:{agreement.pk}", by=by, at=at)
    return continue_agreement(agreement=agreement, by=by, at=at)


def _refuse_stale(draft: StartDraft) -> None:
    """Nobody loses a service that was not shown: who sits there is looked at again under the point's lock."""
    _hold([draft.point])
    now = sitting_at(draft.point, on=draft.on)
    if (now and now.agreement) != (draft.sitting and draft.sitting.agreement):
        whose = f"{now.name} has service there from {now.since:%b %-d, %Y}." if now else "Nobody has service there now."
        raise CannotServe(f"{whose} That is not what was shown. Look at it again.")


def _hold(points: Sequence[ServicePoint]) -> None:
    """Points before agreements, by everybody: who gives way and who goes on are decided one after the other."""
    advisory_lock(*(f"service_point:{point.pk}" for point in points))


def _bill_shorter(agreement: Agreement, on: date, *, by: Actor, at: datetime) -> Bill | None:
    """Segments that reach beyond a stop are taken back; the first of them is billed again up to the stop, if it began
    before. Money that was paid stays on the account; what is owed no more, or is due later now, is not collected.
    Raises CannotBill where a day can't be billed."""
    touched = list(
        Segment.objects.filter(agreement=agreement, cancelled_at__isnull=True, period__endswith__gt=on)
        .select_related("bill", "agreement__account", "agreement__premise")
        .order_by("period")
    )
    if not touched:
        return None
    today, rules = law_day(at), policy_on(law_day(at))
    first = touched[0]
    again: list[SegmentDraft] = []
    if first.period.start < on:
        fresh = Agreement.objects.select_related("account", "premise").get(pk=agreement.pk)
        for part in drafts([Occasion(fresh, Period(first.period.start, on), first.kind, first.month)]):
            if isinstance(part, Refused):
                raise part.why
            again.append(part)
    for segment in touched:
        correcting.cancel(
            segment=segment, reason="back-dated move", on=today,
            accounting_on=accounting_day(segment.bill.issued_on, today), by=by, at=at,
        )  # fmt: skip
    if not again:
        money_came(accounts=[agreement.account], on=today, by=by, at=at)
        return None
    draft = BillDraft(
        account=first.agreement.account, kind=Bill.Kind.CORRECTION, segments=tuple(again), issued_on=today,
        due_on=rules.due_on(today), ages=dict.fromkeys(range(len(again)), ages_of([first])[first.pk]),
        accounting_on=accounting_day(first.bill.issued_on, today), rebills={0: first.pk},
    )  # fmt: skip
    bill = issuing.issue(drafts=[draft], by=by, at=at)[0].bill()
    money_came(accounts=[agreement.account], on=today, by=by, at=at)
    return bill


def _order(
    kind: OrderKind | None, draft: StartDraft, account: Account, origin: str, *, by: Actor, at: datetime
) -> tuple[Order, ...]:
    if kind is None:
        return ()
    first = max(draft.on, law_day(at))
    asked = OrderIn(kind, draft.point, first, account, origin="start", origin_key=origin)
    return (request_order(order=asked, by=by, at=at),)


def _recall(origin: str, *, by: Actor, at: datetime) -> None:
    for order in Order.objects.filter(origin_key=origin, state__in=OPEN):
        cancel_order(order=order, reason="not-needed", by=by, at=at)


def write_by_template(
    account: Account, code: str, values: Mapping[str, Value], *, key: str, by: Actor, at: datetime
) -> None:
    """By the way in which the account gets its bills. What can't be written stops nothing: somebody looks at it."""
    on = law_day(at)
    by_email = account.dispatch != Account.Dispatch.PAPER and bool(profile(account, on=on).reach.email)
    wanted = [Channel.EMAIL, Channel.LETTER] if by_email else [Channel.LETTER]
    found = Template.objects.adopted().filter(code=code, channel__in=wanted).prefetch_related("wordings")
    template = min(found, key=lambda row: wanted.index(Channel(row.channel)), default=None)
    try:
        if template is None:
            raise CannotCompose(f"There is no adopted template {code}.")
        choice = Choice(template, tuple(content_of(template).fields))
        send_letter(drafted=letter(account, choice, values, key=key, on=on), by=by, at=at)
    except (CannotCompose, BadAddress) as why:
        draft = Draft(UNSENT.key, account.subject, str(why)[:200], account=account.pk, dedupe=f"{code}:{key}")
        raise_items(drafts=[draft], by=by, at=at)
