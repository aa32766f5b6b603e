"""The unit's own fortnight: duties that are done, one late and one missed, goals, three logs, and what is learned."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from lamplighter.kernel.actors import staff
from lamplighter.platform.models import User
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import OFFICE, at
from lamplighter.town.plan import Plan
from lamplighter.town.staff import CASHIER, DANA, RENEE
from lamplighter.workforce.models import DeskDuty, Log
from lamplighter.workforce.operations import duties, goals, logs, training
from lamplighter.workforce.operations.duties import DutyIn, Shown
from lamplighter.workforce.rules.columns import columns_from
from lamplighter.workforce.rules.quiz import questions_from
from lamplighter.workforce.rules.rhythm import LAST, Rhythm

TUAN, CORY = staff("tuan"), staff("cory")
BACK = 10
LATE, MISSED = 3, 6
"""So many working days ago the drop box was emptied late, and the returned mail was left."""
DUTIES = (
    DutyIn("Empty the drop box", "service", "opening", Rhythm.DAILY, 0, time(8, 45), "count", TUAN),
    DutyIn("Count the change box with a second person", "service", "opening", Rhythm.DAILY, 0, time(8, 30), "count",
           CASHIER),
    DutyIn("Go through the returned mail", "service", "day", Rhythm.DAILY, 0, time(15), "words", DANA),
    DutyIn("Read the voicemail of the night", "service", "day", Rhythm.DAILY, 0, time(9, 30), "none", None),
    DutyIn("Lock the lobby and the drop box", "service", "closing", Rhythm.DAILY, 0, time(17, 15), "none", None),
    DutyIn("Send the week's call figures to the lead", "service", "day", Rhythm.WEEKLY, 4, time(16), "words", DANA),
    DutyIn("File the month's cash logs", "service", "day", Rhythm.MONTHLY, LAST, time(16), "none", CASHIER),
)  # fmt: skip
TEXT = (
    "Power is turned off for a debt only after a notice, a waiting time and a call.\n\n"
    "Never on a day before the office is closed: not from Friday to Sunday, and not before a holiday.\n\n"
    "A medical certificate, a dispute and a plan that is kept stop it. The page says which of them holds."
)
QUIZ = (
    "A customer with a medical certificate owes. What do you offer?\n+ A payment plan\n- A later shut-off day\n\n"
    "On which day may power go off?\n- On a Friday\n+ On a Tuesday"
)
LINES = (
    ("key-log", DANA, ("Vault 2", "Out", "Hollis Baptiste", "")),
    ("key-log", DANA, ("Vault 2", "Back", "Hollis Baptiste", "")),
    ("cash-log", CASHIER, ("Change box", "Counted", "200.00", "With Dana")),
    ("cash-log", CASHIER, ("Safe", "Taken out", "100.00", "Change for drawer 2")),
    ("returned-mail", DANA, ("", "Moved", "Forwarding order copied to the account")),
)


def keep_office(plan: Plan, *, now: datetime) -> None:
    """Renee set it up three weeks ago; the last fortnight went as such a fortnight goes."""
    days = _working_days(plan.as_of)
    with unit_of_work(RENEE):
        made = [duties.set_duty(duty=one, on=days[0], by=RENEE, at=at(days[0], 7)) for one in DUTIES]
        for measure, percent in (("calls-taken", 90), ("messages", 95), ("service-desk", 90)):
            goals.set_goal(measure=measure, percent=percent, on=days[0], by=RENEE, at=at(days[0], 7))
        for title, columns in logs.USUAL:
            logs.begin_log(title=title, columns=columns_from("\n".join(columns)), by=RENEE, at=at(days[0], 7))
    with unit_of_work(DANA):
        for ago, day in enumerate(reversed([day for day in days if day < plan.as_of]), 1):
            _works(made, day, ago)
    _writes(days[-2])
    _learns(days[-4], plan.as_of)
    if OFFICE.is_working_day(plan.as_of) and now > at(plan.as_of, 8, 40):
        with unit_of_work(CASHIER):
            _does(made[1], plan.as_of, at(plan.as_of, 8, 25), Shown(count=200))


def _works(made: list[DeskDuty], day: date, ago: int) -> None:
    """A day in the office, from the drop box to the lock."""
    box, change, mail, voices, lock = made[:5]
    _does(box, day, at(day, 9, 20) if ago == LATE else at(day, 8, 40), Shown("Two checks, one cash envelope", 3))
    _does(change, day, at(day, 8, 20), Shown(count=200))
    _does(voices, day, at(day, 9, 5), Shown())
    if ago != MISSED:
        _does(mail, day, at(day, 14, 30), Shown("Four came back, all noted on their accounts"))
    if day.weekday() == 4:
        _does(made[5], day, at(day, 15, 40), Shown("Calls as the week before; two were missed at noon"))
    _does(lock, day, at(day, 17, 5), Shown())


def _does(duty: DeskDuty, day: date, when: datetime, shown: Shown) -> None:
    duties.do_duty(duty=duty, day=day, shown=shown, calendar=OFFICE, by=duty.owner or DANA, at=when)


def _writes(day: date) -> None:
    books = {log.key: log for log in Log.objects.all()}
    for place, (key, who, said) in enumerate(LINES):
        with unit_of_work(who):
            logs.write_line(log=books[key], said=said, by=who, at=at(day, 9 + place))


def _learns(day: date, today: date) -> None:
    """Dana has passed; Cory, three weeks here, tried once."""
    people = {one.username: one for one in User.objects.filter(username__in=("dana", "cory"))}
    with unit_of_work(RENEE):
        module = training.make_module(title="When power may be turned off", text=TEXT, questions=questions_from(QUIZ),
                                      percent=100, by=RENEE, at=at(day, 10))  # fmt: skip
        training.assign_module(module=module, people=list(people.values()), due_on=today + timedelta(days=3), on=day,
                               by=RENEE, at=at(day, 10))  # fmt: skip
    for who, given in (("dana", (0, 1)), ("cory", (1, 1))):
        with unit_of_work(people[who].actor):
            training.try_module(module=module, person=people[who], given=given, by=people[who].actor, at=at(day, 14))


def _working_days(today: date) -> list[date]:
    """The last working days up to today, or to the last one before it."""
    found: list[date] = []
    day = today
    while len(found) <= BACK:
        if OFFICE.is_working_day(day):
            found.insert(0, day)
        day -= timedelta(days=1)
    return found
