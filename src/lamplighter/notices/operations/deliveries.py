"""Queue notices, give them to a gateway, and record what became of them: rows that are never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lamplighter.kernel.actors import Actor
from lamplighter.notices.gateways import Gateway, Undeliverable
from lamplighter.notices.models import Delivery, Notice, NoticeWords, Outgoing, Sender
from lamplighter.notices.queries.outbox import parcel_of
from lamplighter.notices.queries.templates import sender
from lamplighter.notices.rules.steps import DeliveryStep, may_follow
from lamplighter.platform.operations.events import Happening, record_many, write_remark
from lamplighter.platform.transactions import in_transaction


class CannotRecord(Exception):
    """A delivery step is refused; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a gateway, a mail tray or the post told: `proof` is its reference (no personal data), `remark` its words."""

    notice: int
    step: DeliveryStep
    happened_at: datetime
    proof: str = ""
    remark: str = ""

    def __post_init__(self) -> None:
        assert self.happened_at.tzinfo is not None, "an instant has a zone"


@in_transaction
def queue(*, notices: Sequence[Notice], by: Actor, at: datetime) -> list[Delivery]:
    """Let notices go out: they stand in the outbox of their channel."""
    steps = [Step(notice.pk, DeliveryStep.QUEUED, at) for notice in notices]
    return record_deliveries(steps=steps, by=by, at=at)


@in_transaction
def hand_over(*, notice: Notice, gateway: Gateway, by: Actor, at: datetime, secret: str = "") -> Delivery:
    """Give one queued notice to a gateway and keep the proof; handing over again answers the first proof. A `secret`
    goes with it where the words keep it back (WITHHELD), and is kept nowhere.

    One notice a unit of work: what the gateway took is committed before the next. When the program dies in between,
    the gateway knows the notice by its number and answers with its first proof. What it refuses has bounced.
    """
    known = _held([notice.pk])
    return _record([_handed(notice.pk, known, gateway, sender(), at=at, secret=secret)], known, by=by, at=at)[0]


@in_transaction
def hand_over_many(*, notices: Sequence[Notice], gateway: Gateway, by: Actor, at: datetime) -> list[Delivery]:
    """Give many to a gateway that takes them at once, such as a folder: the same as one by one, committed together."""
    known, utility = _held(notice.pk for notice in notices), sender()
    steps = [_handed(notice.pk, known, gateway, utility, at=at) for notice in notices]
    return _record(steps, known, by=by, at=at)


@in_transaction
def record_deliveries(*, steps: Sequence[Step], by: Actor, at: datetime) -> list[Delivery]:
    """Keep steps in the order given, all or none. The same step with the same proof again changes nothing.

    Refuses what can't have happened: before the notice was composed, in the future, out of order, or a second
    mailing (a notice that is sent again is a new one, which names the first).
    """
    return _record(steps, _held(step.notice for step in steps), by=by, at=at)


@dataclass(frozen=True, slots=True)
class _Held:
    """Notices that are ours until the transaction ends, with their words and what became of each so far."""

    notices: Mapping[int, Notice]
    taken: dict[int, dict[DeliveryStep, Delivery]]


def _held(notices: Iterable[int]) -> _Held:
    """Three queries whatever their number; words and steps are read when the notices are held, since whoever held them
    before may have erased or added to them."""
    keys = sorted(set(notices))
    locked = Notice.objects.select_for_update(of=("self",)).select_related("template")
    taken: dict[int, dict[DeliveryStep, Delivery]] = defaultdict(dict)
    found = locked.filter(pk__in=keys).order_by("pk").in_bulk()
    for pk, words in NoticeWords.objects.in_bulk(keys).items():
        found[pk].words = words
    for delivery in Delivery.objects.filter(notice__in=keys):
        taken[delivery.notice_id][DeliveryStep(delivery.step)] = delivery
    return _Held(found, taken)


def _handed(pk: int, known: _Held, gateway: Gateway, utility: Sender, *, at: datetime, secret: str = "") -> Step:
    """What the gateway says of it now, or said first."""
    found, taken = known.notices[pk], known.taken[pk]
    if first := taken.get(DeliveryStep.HANDED_OVER):
        return Step(pk, DeliveryStep.HANDED_OVER, first.happened_at, first.proof)
    _refuse_out_of_order(found, DeliveryStep.HANDED_OVER, set(taken))
    try:
        receipt = gateway.hand_over(parcel_of(found, utility, secret=secret), at=at)
    except Undeliverable as refused:
        return Step(pk, DeliveryStep.BOUNCED, at, refused.proof, str(refused))
    return Step(pk, DeliveryStep.HANDED_OVER, receipt.at, receipt.proof)


def _record(steps: Sequence[Step], held: _Held, *, by: Actor, at: datetime) -> list[Delivery]:
    done, new = [], []
    for step in steps:
        notice, taken = held.notices[step.notice], held.taken[step.notice]
        first = taken.get(step.step)
        if first is None:
            _check(notice, notice.words, step, set(taken), at)
            first = taken[step.step] = _delivery(notice, step, by=by, at=at)
            new.append(first)
        elif first.proof != step.proof:
            raise CannotRecord(f"N-{step.notice} was {step.step.label.lower()} before, with another proof.")
        done.append(first)
    record_many((_happened(delivery) for delivery in new), by=by, at=at)
    Delivery.objects.bulk_create(new)
    _keep_outbox(new, held.notices)
    return done


def _keep_outbox(new: Sequence[Delivery], notices: Mapping[int, Notice]) -> None:
    """What was queued waits there; what went further or failed waits no more."""
    last = {delivery.notice_id: DeliveryStep(delivery.step) for delivery in new}
    queued = [pk for pk, step in last.items() if step is DeliveryStep.QUEUED]
    Outgoing.objects.bulk_create(Outgoing(notice_id=pk, channel=notices[pk].channel) for pk in queued)
    Outgoing.objects.filter(notice__in=last.keys() - set(queued)).delete()


def _check(notice: Notice, words: NoticeWords, step: Step, taken: set[DeliveryStep], at: datetime) -> None:
    _refuse_out_of_order(notice, step.step, taken)
    if step.step is DeliveryStep.QUEUED and words.erased_at:
        raise CannotRecord(f"The words of {notice.number} were erased; it can't be sent.")
    if not notice.composed_at <= step.happened_at <= at:
        raise CannotRecord(
            f"{notice.number} can't be {step.step.label.lower()} before it was composed or in the future."
        )
    if step.step is not DeliveryStep.QUEUED and not step.proof:
        raise CannotRecord(f"Say by which proof {notice.number} was {step.step.label.lower()}.")
    if any(len(line) > 5 and line.casefold() in step.proof.casefold() for line in words.address):
        raise CannotRecord("A proof holds no address: it is kept when the address is erased.")


def _refuse_out_of_order(notice: Notice, step: DeliveryStep, taken: set[DeliveryStep]) -> None:
    if not may_follow(step, taken):
        so_far = ", then ".join(each.label.lower() for each in DeliveryStep if each in taken) or "not queued"
        raise CannotRecord(f"{notice.number} can't be {step.label.lower()} now; it was {so_far}.")


def _delivery(notice: Notice, step: Step, *, by: Actor, at: datetime) -> Delivery:
    return Delivery(
        notice=notice, step=step.step, happened_at=step.happened_at, proof=step.proof, recorded_at=at, recorded_by=by,
        remark=write_remark(step.remark, at=at) if step.remark else None,
    )  # fmt: skip


def _happened(delivery: Delivery) -> Happening:
    notice = delivery.notice
    return Happening(
        f"notices.notice.{delivery.step}", notice.key, notice.account,
        {
            "code": notice.template.code, "channel": notice.channel, "language": notice.language,
            "happened_at": delivery.happened_at.isoformat(),
        },
    )  # fmt: skip
