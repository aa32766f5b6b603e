"""Ten more accounts as calendars: tenants, doctors, heat, winter, a door nobody opened, judged by the certificate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from lamplighter.credit.law.california import MUNICIPAL as CALIFORNIA
from lamplighter.credit.law.days import clock
from lamplighter.credit.law.parameters import Pack
from lamplighter.credit.law.washington import UTILITY as WASHINGTON
from lamplighter.credit.rules.certificate import decide
from lamplighter.credit.rules.facts import Facts, How, Reason
from tests.credit.calendar_page import calendar_of
from tests.credit.histories import ZONE, History, facts_of

HOURS = range(9, 17)
OWED = 18_642


@dataclass(frozen=True, eq=False)
class Course:
    """What happened, in days of the utility; `because` is the reader's count, as the docs print it."""

    name: str
    pack: Pack
    bill: date
    notices: tuple[date, ...]
    because: str
    reached: date | None = None
    doors: tuple[How, datetime] | None = None
    protected: tuple[tuple[str, date, date | None], ...] = ()
    heat: frozenset[date] = frozenset()
    more: Callable[[History], History] = field(default=lambda history: history)

    @property
    def days(self) -> dict[str, date]:
        counted = clock(self.notices[-1], self.pack)
        told = {"D": self.doors[1].date()} if self.doors else {}
        return {
            "B": self.bill, "N": self.notices[-1], "T": counted.begins_on, "A": counted.ask_by, "L": counted.pay_by,
            **told, "E": first_hour(self).date(),
        }  # fmt: skip


@cache
def first_hour(course: Course) -> datetime:
    """The first whole hour, in the utility's zone, at which a certificate for non-payment is given."""
    return next(at for at in _hours(course.bill) if _allowed(course, at))


def _hours(first: date) -> Iterator[datetime]:
    for days in range(120):
        for hour in HOURS:
            yield datetime.combine(first + timedelta(days=days), time(hour), ZONE)


def _allowed(course: Course, local: datetime) -> bool:
    at = local.astimezone(UTC)
    return decide(_facts(course, at), reason=Reason.NON_PAYMENT, pack=course.pack, at=at, zone=ZONE).allowed


def _facts(course: Course, at: datetime) -> Facts:
    """All that was known by an instant; the weather was asked and a crew is ready at each."""
    today = at.astimezone(ZONE).date()
    history = History(
        at=at, billed=[(course.bill, OWED)], mailed=[(day, OWED, False) for day in course.notices if day <= today],
        protected=[row for row in course.protected if row[1] <= today],
        asked_weather=(at - timedelta(hours=1), today,
                       [("Extreme Heat Warning", day) for day in course.heat if day == today]),
        crews=[(at - timedelta(hours=1), at + timedelta(hours=6))],
    )  # fmt: skip
    if course.reached:
        history.contacted.append((How.PHONE, datetime.combine(course.reached, time(9), ZONE), True))
    if course.doors:
        how, told = course.doors
        history.contacted.append((how, told, False))
    facts = facts_of(course.more(history))
    known = tuple(each for each in facts.contacts if each.at <= at)
    return replace(facts, contacts=known)


def _in_homes(how: str) -> Callable[[History], History]:
    return lambda history: replace(history, tenants=how)


def _nobody_answered(history: History) -> History:
    call = (How.PHONE, datetime(2026, 12, 9, 9, tzinfo=ZONE), False)
    return replace(history, contacted=[*history.contacted, call])


COURSES = (
    Course(
        "Washington, nothing special", WASHINGTON, date(2026, 9, 8), (date(2026, 9, 29),),
        "21 days from Tue Sep 8 is Tue Sep 29. Three days for the mail: Fri Oct 2; ten more: Mon Oct 12, which is no "
        "holiday of this office. The day after is free. California's account 6, billed the same day, waits a day more.",
        reached=date(2026, 10, 8),
    ),
    Course(
        "Washington, over Thanksgiving", WASHINGTON, date(2026, 10, 23), (date(2026, 11, 13),),
        "Mailed Fri Nov 13; ten days from Mon Nov 16 is Thanksgiving, then the day after it, then a weekend: Mon "
        "Nov 30 is the last day to pay. The eighth day to ask is a Saturday: Mon Nov 23.",
        reached=date(2026, 11, 24),
    ),
    Course(
        "California, tenants with meters of their own", CALIFORNIA, date(2026, 10, 7), (date(2026, 10, 26),),
        "Account 7's days: Thu Nov 12 by the notice alone. The tenants were told Fri Nov 6 at 10; their ten days end "
        "Mon Nov 16 at 10.",
        reached=date(2026, 11, 9), doors=(How.TENANTS, datetime(2026, 11, 6, 10, tzinfo=ZONE)),
        more=_in_homes("individually-metered"),
    ),
    Course(
        "California, tenants behind one meter", CALIFORNIA, date(2026, 10, 7), (date(2026, 10, 26),),
        "The same, but a notice stands on every door for 15 days: from Fri Nov 6 that is Sat Nov 21; Monday is the "
        "next open day before an open day.",
        reached=date(2026, 11, 9), doors=(How.TENANTS, datetime(2026, 11, 6, 10, tzinfo=ZONE)),
        more=_in_homes("master-metered"),
    ),
    Course(
        "California, a doctor's certificate", CALIFORNIA, date(2026, 10, 7), (date(2026, 10, 26), date(2026, 12, 1)),
        "Certified from Fri Oct 30 to Mon Nov 30: nothing in those days, and the notice of Oct 26 is spent. A new one "
        "Tue Dec 1; five days: Sun Dec 6; ten: Wed Dec 16.",
        reached=date(2026, 12, 14), protected=(("medical", date(2026, 10, 30), date(2026, 12, 1)),),
    ),
    Course(
        "California, more time until November 20", CALIFORNIA, date(2026, 10, 7),
        (date(2026, 10, 26), date(2026, 11, 23)),
        "Given on Fri Oct 30. On Mon Nov 23 a new notice: five days end Sat Nov 28, ten Tue Dec 8.",
        reached=date(2026, 12, 4), protected=(("promise", date(2026, 10, 30), date(2026, 11, 21)),),
    ),
    Course(
        "Washington, a household on winter protection", WASHINGTON, date(2027, 2, 1), (date(2027, 2, 22),),
        "Mailed Mon Feb 22; three days: Thu Feb 25; ten: Sun Mar 7, so Mon Mar 8. The notice would allow Tue Mar 9, "
        "but winter lasts through Mon Mar 15.",
        reached=date(2027, 3, 5), protected=(("winter", date(2026, 11, 20), None),),
    ),
    Course(
        "Washington, three days of extreme heat", WASHINGTON, date(2026, 7, 6), (date(2026, 7, 27),),
        "Mailed Mon Jul 27; Thu Jul 30; ten days end Sun Aug 9, so Mon Aug 10. Heat Tue Aug 11 to Thu Aug 13; Friday "
        "is before a weekend.",
        reached=date(2026, 8, 6), heat=frozenset(date(2026, 8, day) for day in (11, 12, 13)),
    ),
    Course(
        "Washington, tenants, told at two in the afternoon", WASHINGTON, date(2026, 10, 23), (date(2026, 11, 13),),
        "Tue Dec 1 by the notice alone. The tenants were told Mon Nov 23 at 2 pm: ten days end Thu Dec 3 at 2 pm.",
        reached=date(2026, 11, 24), doors=(How.TENANTS, datetime(2026, 11, 23, 14, tzinfo=ZONE)),
        more=_in_homes("master-metered"),
    ),
    Course(
        "California, nobody answers", CALIFORNIA, date(2026, 11, 6), (date(2026, 11, 25),),
        "Account 9's days: Mon Dec 14 by the notice alone. A call on Wed Dec 9 reached nobody; the notice at the door "
        "hangs from Mon Dec 14 at 11, and its 48 hours end Wed Dec 16 at 11.",
        doors=(How.POSTED, datetime(2026, 12, 14, 11, tzinfo=ZONE)), more=_nobody_answered,
    ),
)  # fmt: skip


def protected_page() -> str:
    parts = []
    for number, course in enumerate(COURSES, start=11):
        days, hour = course.days, first_hour(course)
        told = ", ".join(f"{letter} {day:%a %b} {day.day}" for letter, day in days.items())
        barred = _barred(course)
        parts.append(
            f"### Account {number}: {course.name}\nBill of {course.bill:%A, %B} {course.bill.day}, {course.bill.year}. "
            f"{told}, from {hour:%-I %p}.\n\n{course.because}\n```\n"
            f"{calendar_of(days, course.pack.calendar.value, barred)}\n```\n"
        )
    return "\n".join(parts)


def _barred(course: Course) -> frozenset[date]:
    """Days under a protection, until the earliest day."""
    last = first_hour(course).date()
    spans = [(start, min(end or last, last)) for _, start, end in course.protected if start <= last]
    held = {
        start + timedelta(days=n) for start, end in spans for n in range((end - start).days)
        if start + timedelta(days=n) >= course.bill
    }  # fmt: skip
    return frozenset(held | course.heat)
