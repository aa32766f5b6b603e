"""Set duties, hand a turn over, do it, send it back, and finish the list of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.calendars import HolidayCalendar
from lamplighter.kernel.periods import Period
from lamplighter.platform.models import User
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.workforce.models import DeskDuty, DutyDone, DutyHandover, DutyReturn, ListFinish
from lamplighter.workforce.models.duties import WorkList
from lamplighter.workforce.queries.turns import Turn, finish_of, keeps_open, turn_of, turns_between
from lamplighter.workforce.rules.rhythm import LAST, MOST_IN_MONTH, Rhythm

Evidence = DeskDuty.Evidence


class CannotDo(Exception):
    """A duty can't be set, done or finished so; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class DutyIn:
    """A duty before it is set."""

    title: str
    desk: str
    list: str
    rhythm: Rhythm
    place: int
    due: time
    evidence: str
    owner: Actor | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What shows that a turn was done: words or a count, as the duty asks."""

    words: str = ""
    count: int | None = None


@in_transaction
def set_duty(*, duty: DutyIn, on: date, by: Actor, at: datetime) -> DeskDuty:
    """From `on` the desk has this duty."""
    if not duty.title.strip():
        raise CannotDo("Say what is to be done.")
    if duty.rhythm is Rhythm.MONTHLY and duty.place != LAST and not 1 <= duty.place <= MOST_IN_MONTH:
        raise CannotDo(f"Choose working day 1 to {MOST_IN_MONTH} of the month, or the last.")
    place = 0 if duty.rhythm is Rhythm.DAILY else duty.place
    made = DeskDuty.objects.create(
        title=duty.title.strip()[:80], desk=duty.desk, list=duty.list, rhythm=duty.rhythm, place=place, due=duty.due,
        evidence=duty.evidence, owner=duty.owner, period=Period(on), set_by=by, set_at=at,
    )  # fmt: skip
    record("workforce.duty.set", subject=made.subject, by=by, at=at, title=made.title, desk=made.desk)
    return made


@in_transaction
def end_duty(*, duty: DeskDuty, on: date, by: Actor, at: datetime) -> DeskDuty:
    """`on` is its last day; its turns of before stay as they were."""
    held = DeskDuty.objects.select_for_update().get(pk=duty.pk)
    if held.period.end is not None:
        raise CannotDo("This duty has ended already.")
    held.period = Period(held.period.start, max(on, held.period.start) + timedelta(days=1))
    held.save(update_fields=["period"])
    record("workforce.duty.ended", subject=held.subject, by=by, at=at, title=held.title)
    return held


@in_transaction
def hand_over(*, duty: DeskDuty, day: date, to: User, calendar: HolidayCalendar, by: Actor, at: datetime) -> None:
    """For this day the turn is somebody else's."""
    _hold(duty, day)
    if not to.is_active or to.kind != User.Kind.STAFF:
        raise CannotDo(f"{to.name} can't take it: choose an active member of staff.")
    if _turn(duty, day, calendar, at).done is not None:
        raise CannotDo("It is done already.")
    DutyHandover.objects.create(duty=duty, day=day, to=to.actor, at=at, by=by)
    record("workforce.duty.handed", subject=duty.subject, by=by, at=at, to=to.username, day=day.isoformat())


@in_transaction
def do_duty(*, duty: DeskDuty, day: date, shown: Shown, calendar: HolidayCalendar, by: Actor, at: datetime) -> DutyDone:
    """A turn is done, once, by its owner or, where it has none, by anybody of the desk. Late is late, and is kept."""
    _hold(duty, day)
    turn = _turn(duty, day, calendar, at)
    if turn.done is not None:
        raise CannotDo("Somebody has done this already.")
    if turn.owner is not None and turn.owner != by:
        raise CannotDo("This turn is somebody else's. Have it handed over first.")
    if duty.evidence == Evidence.COUNT and shown.count is None:
        raise CannotDo("Enter what you counted.")
    if duty.evidence == Evidence.WORDS and not shown.words.strip():
        raise CannotDo("Say in words what you found.")
    remark = write_remark(shown.words.strip(), at=at) if shown.words.strip() else None
    made = DutyDone.objects.create(duty=duty, day=day, at=at, by=by, count=shown.count, remark=remark)
    record("workforce.duty.done", subject=duty.subject, by=by, at=at, day=day.isoformat(), late=at > turn.due_at)
    return made


@in_transaction
def send_back(*, done: DutyDone, why: str, by: Actor, at: datetime) -> None:
    """It was not done right: the turn is open again. Nobody judges what they did themselves."""
    if done.by == by:
        raise CannotDo("You did this yourself. Ask a colleague to look at it.")
    if not why.strip():
        raise CannotDo("Say what was not right.")
    _hold(done.duty, done.day)
    if DutyReturn.objects.filter(done=done).exists():
        raise CannotDo("It was sent back already.")
    if finish_of(WorkList(done.duty.list), done.day) is not None:
        raise CannotDo("Its list of that day is finished.")
    DutyReturn.objects.create(done=done, at=at, by=by, remark=write_remark(why.strip(), at=at))
    record("workforce.duty.returned", subject=done.duty.subject, by=by, at=at, day=done.day.isoformat())


@in_transaction
def finish_list(*, which: WorkList, day: date, calendar: HolidayCalendar, by: Actor, at: datetime) -> ListFinish:
    """The office is open, or closed: every duty of the list is done, and at closing no drawer is open."""
    advisory_lock(f"duties:{day}")
    if (before := finish_of(which, day)) is not None:
        return before
    turns = [one for one in turns_between(day, day, at=at, calendar=calendar) if one.duty.list == which]
    if not turns:
        raise CannotDo("Nothing stands on this list today.")
    if why := keeps_open(which, turns):
        raise CannotDo(" ".join(why))
    made = ListFinish.objects.create(list=which, day=day, at=at, by=by)
    record("workforce.list.finished", subject=f"list:{which}", by=by, at=at, day=day.isoformat(), duties=len(turns))
    return made


def _turn(duty: DeskDuty, day: date, calendar: HolidayCalendar, at: datetime) -> Turn:
    found = turn_of(duty, day, at=at, calendar=calendar)
    if found is None:
        raise CannotDo(f"“{duty}” has no turn on {day:%b %-d}.")
    return found


def _hold(duty: DeskDuty, day: date) -> None:
    advisory_lock(f"duties:{day}", f"duty:{duty.pk}:{day}")
