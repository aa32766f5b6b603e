"""One renames a customer while another gives the account an old number: it is found by both afterwards."""

from __future__ import annotations

from threading import Thread
from time import sleep

from django.db import connection, transaction

from lamplighter.accounts.models import Account, AccountWords
from lamplighter.customers.models import Person
from tests.accounts.conftest import furnish
from tests.worklist.conftest import committed  # noqa: F401 - a fixture

WAITING = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"


def test_the_words_of_both_stand_when_the_second_has_waited_for_the_first(committed):  # noqa: F811
    with transaction.atomic():
        place = furnish()
        account = place.account(place.luis)

    def number() -> None:
        try:
            Account.objects.filter(pk=account.pk).update(old_number="77-1234")
        finally:
            connection.close()

    second = Thread(target=number)
    with transaction.atomic():
        Person.objects.filter(pk=place.luis.pk).update(name="Luis Ortega Ruiz")
        second.start()
        while second.is_alive() and not _waits():
            sleep(0.01)
    second.join()
    words = AccountWords.objects.get(account=account).words
    assert "LUIS ORTEGA RUIZ" in words
    assert "77-1234" in words


def _waits() -> bool:
    """Whether somebody waits for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        ((waits,),) = cursor.fetchall()
    return bool(waits)
