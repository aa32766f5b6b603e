"""A fact is corrected while others work: bills in the making are waited for, and a preview leaves nothing."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Thread

import pytest
from django.apps import apps
from django.db import connection, transaction

from lamplighter.billing.models import Bill, RebillRequest, Segment
from lamplighter.billing.reasons import Why
from lamplighter.billing.rules import CannotBill
from lamplighter.journeys import amending, changing
from lamplighter.journeys.amendments import KnownAlready, MultiplierWas, RateWas
from lamplighter.journeys.rebilling import settle
from lamplighter.platform.transactions import advisory_lock
from tests.billing.test_rebill import FLAT
from tests.billing.test_retroactive import JULY_1, SUMMER, bill, billed
from tests.town import ANALYST, Town
from tests.worklist.conftest import committed  # noqa: F401 - a fixture

SAME = FLAT.replace('"FLAT"', '"SAME"')
DEARER = FLAT.replace('"FLAT"', '"DEAR"').replace("0.15", "0.25")


@pytest.fixture
def at_work(committed, settings, tmp_path):  # noqa: F811
    settings.INTERVAL_STORE = str(tmp_path / "intervals")
    with transaction.atomic():
        return Town(date(2026, 7, 1))


def test_a_bill_that_is_being_made_is_seen_by_the_fact_that_comes_meanwhile(at_work):
    """The bill of July stands on the old rate and is not committed yet; the change of rate waits, and asks for it."""
    town, came = at_work, {}
    with transaction.atomic():
        home = town.moves_in("Ada", town.adopts(FLAT))
        dearer = town.adopts(DEARER, "dear.toml")
        town.uses("Ada", SUMMER, 1000)

    def change():
        try:
            with transaction.atomic():
                _, came["asked"] = changing.change_rate(
                    agreement=home.agreement, schedule=dearer, on=JULY_1, by=ANALYST, at=town.at
                )
        finally:
            connection.close()

    other = Thread(target=change)
    with transaction.atomic():
        bill(town, "2026-07-01", "2026-08-01")
        other.start()
        _until_somebody_waits()
    other.join()
    assert [request.reason for request in came["asked"]] == [Why.RATE]
    assert Segment.objects.get().schedule == "test-town-power/flat"


def test_who_settles_a_request_and_who_looks_at_it_take_turns(at_work):
    """One has the account and comes to the request, the other must not have the request and come to the account."""
    town, came = at_work, {}
    with transaction.atomic():
        home = billed(town, "Ada", town.adopts(FLAT))
        (asked,) = changing.correct_multiplier(
            channel=home.channel, factor=Decimal(2), period=SUMMER, by=ANALYST, at=town.at, remark="The CTs."
        )

    def look():
        try:
            amending.draft(KnownAlready(asked.pk), on=town.today, by=ANALYST, at=town.at)
        except CannotBill as refused:
            came["words"] = str(refused)
        finally:
            connection.close()

    other = Thread(target=look)
    with transaction.atomic():
        advisory_lock(f"account:{home.account.pk}")
        other.start()
        _until_somebody_waits()
        settle(request=asked, on=town.today, by=ANALYST, at=town.at)
    other.join()
    assert came == {"words": "This was billed again already."}


def test_a_preview_leaves_nothing_anywhere(town, settings):
    home = billed(town, "Ada", town.adopts(FLAT))
    before = _everything(Path(settings.INTERVAL_STORE))
    made = amending.draft(MultiplierWas(home.channel.pk, Decimal(2), SUMMER), on=town.today, by=ANALYST, at=town.at)
    assert made.difference.cents > 0, "it worked something out"
    assert _everything(Path(settings.INTERVAL_STORE)) == before


def test_what_was_shown_for_one_change_is_no_word_for_another_that_costs_as_much(town):
    flat, same = town.adopts(FLAT), town.adopts(SAME, "same.toml")
    home = billed(town, "Ada", flat)
    other = town.adopts(SAME.replace('"SAME"', '"ALSO"'), "also.toml")
    shown, meant = (RateWas(home.agreement.pk, one.pk, JULY_1) for one in (same, other))
    mark = amending.draft(shown, on=town.today, by=ANALYST, at=town.at).mark
    assert amending.draft(shown, on=town.today, by=ANALYST, at=town.at).mark == mark
    with pytest.raises(CannotBill, match="Something changed"):
        amending.issue(change=meant, mark=mark, remark="Seen.", on=town.today, by=ANALYST, at=town.at)
    assert not RebillRequest.objects.exists()
    assert not Bill.objects.filter(kind="correction").exists()


def _until_somebody_waits():
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits for the account")


def _everything(store):
    """Rows of every table, the jobs that wait, and the files of the interval store."""
    found = {}
    with connection.cursor() as cursor:
        tables = [model._meta.db_table for model in apps.get_models() if model._meta.managed]
        for table in [*sorted(tables), "procrastinate_jobs"]:
            cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" t")
            found[table] = cursor.fetchone()
    return found, sorted(str(path) for path in store.rglob("*"))
