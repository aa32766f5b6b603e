"""Two people at one turn at the same moment: it is done once, and what is done is not handed to anybody."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from django.db import transaction

from lamplighter.kernel.actors import staff, system
from lamplighter.kernel.calendars import US_HOLIDAYS, HolidayCalendar, Observance
from lamplighter.platform.models import User
from lamplighter.platform.operations.users import add_user
from lamplighter.workforce.models import DeskDuty, DutyDone, DutyHandover
from lamplighter.workforce.operations.duties import CannotDo, DutyIn, Shown, do_duty, hand_over, set_duty
from lamplighter.workforce.rules.rhythm import Rhythm
from tests.together import at_once
from tests.worklist.conftest import committed  # noqa: F401 - a fixture

OFFICE = HolidayCalendar(tuple(US_HOLIDAYS.values()), Observance.NEAREST_WEEKDAY)
DAY, AT = date(2026, 11, 20), datetime(2026, 11, 20, 18, tzinfo=UTC)
DANA, TUAN, RENEE, NIGHT = staff("dana"), staff("tuan"), staff("renee"), system("nightly")
MAIL = DutyIn("Open the mail", "service", "opening", Rhythm.DAILY, 0, time(9), DeskDuty.Evidence.NONE, None)


@pytest.fixture
def mail(committed):  # noqa: F811
    with transaction.atomic():
        add_user(username="tuan", name="Tuan Pham", kind="staff", by=NIGHT, at=AT)
        return set_duty(duty=MAIL, on=DAY, by=RENEE, at=AT)


def does(duty, who):
    return lambda: do_duty(duty=duty, day=DAY, shown=Shown(), calendar=OFFICE, by=who, at=AT)


def test_of_two_who_do_one_turn_at_once_one_has_done_it_and_the_other_is_told(mail):
    ended = at_once(does(mail, DANA), does(mail, TUAN))
    (done,) = DutyDone.objects.all()
    assert done in ended
    assert [str(one) for one in ended if isinstance(one, CannotDo)] == ["Somebody has done this already."]


def test_a_turn_that_is_done_while_it_is_handed_over_is_one_or_the_other(mail):
    tuan = User.objects.get(username="tuan")

    def hands():
        return hand_over(duty=mail, day=DAY, to=tuan, calendar=OFFICE, by=RENEE, at=AT)

    did, handed = at_once(does(mail, DANA), hands)
    if DutyDone.objects.exists():
        assert (did, str(handed)) == (DutyDone.objects.get(), "It is done already.")
        assert not DutyHandover.objects.exists()
    else:
        assert (str(did), handed) == ("This turn is somebody else's. Have it handed over first.", None)
        assert DutyHandover.objects.get().to == TUAN
