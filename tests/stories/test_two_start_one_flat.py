"""Two clerks start service at one flat in the same second: one does, and the other is told who has it."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread

from django.db import connection, transaction

from lamplighter.accounts.models import Agreement
from lamplighter.accounts.operations import CannotServe
from lamplighter.journeys.serving import start_at_desk
from lamplighter.journeys.starting import draft_start
from tests.accounts.conftest import AT, DANA, Place, furnish
from tests.worklist.conftest import committed  # noqa: F401 - a fixture

DAYS = (date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25))


def test_one_of_two_has_the_flat_and_the_other_hears_whose_it_is(committed):  # noqa: F811
    """First at an empty flat, then twice where somebody lives, whom both would put out."""
    with transaction.atomic():
        place = furnish()
    for day in DAYS:
        came = _at_once(place, day)
        assert sorted(len(words) > 0 for words in came.values()) == [False, True], came
        assert "has service there from" in max(came.values(), key=len)
        assert "That is not what was shown" in max(came.values(), key=len)
        (running,) = Agreement.objects.filter(period__endswith__isnull=True, cancelled_at__isnull=True)
        assert came[running.account_id] == ""


def _at_once(place: Place, day: date) -> dict[int, str]:
    """Both were shown the same; the refusal of each, by account."""
    with transaction.atomic():
        comers = [place.account(place.hannah), place.account(place.luis)]
        draft = draft_start(point=place.point, schedule=place.schedule, account=None, cycle=place.cycle.pk, on=day,
                            at=AT)  # fmt: skip
    gate, came = Barrier(2), {}

    def begin(account) -> None:
        try:
            gate.wait()
            with transaction.atomic():
                start_at_desk(draft=draft, account=account, evidence="Lease", deposit=None, by=DANA, at=AT)
            came[account.pk] = ""
        except CannotServe as refused:
            came[account.pk] = str(refused)
        finally:
            connection.close()

    threads = [Thread(target=begin, args=[one]) for one in comers]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return came
