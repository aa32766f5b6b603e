"""A payment and a shut-off at the same instant: whichever locks the account first is seen whole by the other."""

from __future__ import annotations

import pytest
from django.db import transaction

from tests.accounts.conftest import furnish
from tests.credit.conftest import Debtor, make_ready
from tests.stories.race import Race
from tests.worklist.conftest import committed  # noqa: F401 - a fixture

ROUNDS = 8


@pytest.fixture
def race(committed):  # noqa: F811
    with transaction.atomic():
        return Race(make_ready(Debtor(furnish())))


def test_nothing_is_sent_after_a_payment_committed_and_what_was_sent_is_called_back(race):
    for number in range(ROUNDS):
        race.send_and_pay(first=number % 2 == 0)
    assert race.came.total() == ROUNDS


def test_a_crew_at_the_door_is_stopped_or_what_it_did_is_undone_free_of_charge(race):
    for number in range(ROUNDS):
        race.cut_and_pay(first=number % 2 == 0)
    assert race.came.total() == ROUNDS
