"""One page to know an account: who, what not to do, how much, what next, what happened, and to whom it is closed."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lamplighter.accounts import operations as accounts
from lamplighter.billing.models import CycleWindow
from lamplighter.kernel.actors import staff
from lamplighter.platform.models import Event
from lamplighter.web.desk.happenings import QUIET, WORDS
from tests.web.desk.town import NOW, SCHOOL

from .conftest import account_of, words


@pytest.fixture
def overview(dana, number):
    return lambda name, query="": words(dana.get(f"/desk/accounts/{number(name)}/{query}"))


def test_who_where_and_in_which_language_stands_on_top(overview, number):
    said = overview("Thi Hoa Nguyen")
    assert f"Nguyen, Thi Hoa {number('Thi Hoa Nguyen')} Active" in said
    for fact in ("1418 Pacific Ave Apt B, 90555", "(510) 555-0142", "Vietnamese · interpreter", "Residential R-1"):
        assert fact in said


def test_what_is_late_is_said_first(overview):
    said = overview("Thi Hoa Nguyen")
    assert said.index("Past due $192.97 61–90 days") < said.index("Speaks Vietnamese")


def test_five_facts_stand_in_their_places_and_a_zero_is_shown(overview):
    said = overview("Tess Byrne")
    facts = "Balance $0.00 Nothing owed Past due $0.00 Nothing is late Next step Next bill Dec 3 Cycle 04"
    assert f"{facts} Last payment $0.00 None yet Meter E-77120011 On Network meter" in said


def test_a_window_that_was_read_and_not_yet_billed_brings_the_next_bill(overview, number):
    """Its readings lie behind us, its nights do not: the reading after it is not what is waited for."""
    cycle = account_of(number("Kip Larsen")).cycle
    CycleWindow.objects.create(
        cycle=cycle, month=date(2027, 3, 1), reads_on=date(2026, 11, 18), opens_on=date(2026, 11, 23),
        closes_on=date(2026, 11, 27), accounting_on=date(2026, 11, 23),
    )  # fmt: skip
    assert "Next step Next bill Nov 23 Cycle 04" in overview("Kip Larsen")
    assert "Next step Next bill Dec 3 Cycle 04" in overview("Tess Byrne"), "whose first days wait for the bill after"


def test_the_next_step_is_the_most_urgent_one(overview):
    assert "Next step Ask for payment $192.97 is past due" in overview("Thi Hoa Nguyen")
    assert "Next step Due Nov 25 Bill of Nov 4" in overview("Rosa Maldonado")


def test_an_account_that_could_not_be_billed_says_why(overview):
    assert "Not billed 553 of 769 readings of meter E-77120006 (kWh) are missing" in overview("Ines Carvalho")


def test_readings_to_decide_are_told_with_the_way_to_them(overview):
    said = overview("Dele Adeyemi")
    assert "Readings to decide Meter E-77120003, kWh: an exception since Nov 14, 2026, due in" in said


def test_other_accounts_of_the_premise_are_one_click_away(overview, number):
    said = overview("Luis Ortega")
    assert f"Brandt, Hannah {number('Hannah Brandt')} Same premise · since Jun 18" in said


def test_a_note_is_its_own_sentence_and_says_you_for_ones_own(overview, at_desk, number):
    note = "Note Asks for letters in Vietnamese. Daughter Linh interprets on weekdays after 3."
    assert f"{note} · you" in overview("Thi Hoa Nguyen")
    other = words(at_desk("tuan").get(f"/desk/accounts/{number('Thi Hoa Nguyen')}/"))
    assert f"{note} · Dana Reyes" in other


def test_a_payment_that_came_back_stands_beside_the_one_that_was_taken(overview):
    said = overview("Gwen Pruitt")
    assert said.index("returned by the bank") < said.index("cash · receipt")


def test_chips_show_one_kind_and_are_remembered(dana, number):
    url = f"/desk/accounts/{number('Thi Hoa Nguyen')}/"
    said = words(dana.get(f"{url}?panel=timeline&family=notices", headers={"HX-Request": "true"}))
    assert "Past due: letter written · Vietnamese" in said
    assert "cash" not in said
    assert "cash" not in words(dana.get(url)).partition("Timeline")[2].partition("About")[0]
    assert "cash" in words(dana.get(f"{url}?family=all"))


def test_fifty_entries_show_and_earlier_ones_follow(dana, number, town):
    account = account_of(number("Jun Park"))
    for n in range(60):
        accounts.write_note(account=account, words=f"Note number {n:02}.", by=staff("tuan"), at=NOW)
    url = f"/desk/accounts/{account.number}/"
    first = words(dana.get(url))
    assert "Note number 59." in first
    assert "Note number 09." not in first
    assert "Note number 09." in words(dana.get(f"{url}?panel=timeline&family=all&skip=50"))


def test_everything_that_happened_to_an_account_is_in_words(town):
    told = set(Event.objects.filter(account__isnull=False).values_list("name", flat=True))
    assert told - set(WORDS) - set(QUIET) == set()


def test_the_page_asks_at_most_twenty_five_questions(dana, drawer, number):
    url = f"/desk/accounts/{number('Thi Hoa Nguyen')}/"
    with CaptureQueriesContext(connection) as queries:
        response = dana.get(url)
    asked = [one for one in queries.captured_queries if "SAVEPOINT" not in one["sql"]]
    assert len(asked) <= 25
    assert len(response.content) < 60_000


@pytest.mark.parametrize("tab", ["", "money/", "ledger/", "usage/", "service/"])
def test_lists_ask_as_much_for_one_row_as_for_many(dana, number, tab):
    def asked(name):
        with CaptureQueriesContext(connection) as queries:
            assert dana.get(f"/desk/accounts/{number(name)}/{tab}").status_code == 200
        return len([one for one in queries.captured_queries if "SAVEPOINT" not in one["sql"]])

    asked("Rosa Maldonado")
    assert asked("Hannah Brandt") == asked("Luis Ortega"), "five bills and ten"


@pytest.mark.parametrize("path", ["", "money/", "ledger/", "usage/", "do/pay/", "do/note/", "do/credit/"])
def test_nobody_works_on_their_own_account(at_desk, number, path):
    response = at_desk("hannah").get(f"/desk/accounts/{number('Hannah Brandt')}/{path}")
    assert response.status_code == 403
    assert "This is your own account, or you stand on it. Ask a colleague." in words(response)


def test_an_account_that_is_not_there_is_said_so(dana):
    response = dana.get("/desk/accounts/204999-9/")
    assert response.status_code == 404
    assert "There is no account 204999-9." in words(response)


def test_tabs_and_acts_show_by_permission(at_desk, number):
    url = f"/desk/accounts/{number('Rosa Maldonado')}/"
    finance = words(at_desk("omar").get(url))
    assert "Usage and meter" not in finance
    assert "Pay P" not in finance
    assert "History of changes" in words(at_desk("audrey").get(url))
    refused = at_desk("omar").get(f"{url}do/pay/")
    assert refused.status_code == 403
    assert "Senior customer service representative" in words(refused)


def test_a_long_name_stands_whole(overview):
    assert SCHOOL in overview(SCHOOL)


def test_a_note_is_written_once_and_needs_words(dana, number):
    url = f"/desk/accounts/{number('Rosa Maldonado')}/do/note/"
    empty = dana.post(url, {"words": " "})
    assert empty.status_code == 422
    assert "Fill in “Note”." in words(empty)
    assert dana.post(url, {"words": "Prefers mornings."}).status_code == 303
    assert "Note Prefers mornings. · you" in words(dana.get(url.removesuffix("do/note/")))


def test_the_use_of_the_last_two_weeks_comes_after_the_page(dana, number):
    said = words(dana.get(f"/desk/accounts/{number('Thi Hoa Nguyen')}/?panel=use", headers={"HX-Request": "true"}))
    assert re.search(r"[\d.]+ kWh on \w+ \d+; most on \w+ \d+, [\d.]+ kWh\. Usage", said), said
    assert "No intervals in the last two weeks." in words(
        dana.get(f"/desk/accounts/{number('Tess Byrne')}/?panel=use", headers={"HX-Request": "true"})
    )


def test_the_last_bill_and_why_it_changed_come_after_the_page(dana, number):
    said = words(dana.get(f"/desk/accounts/{number('Thi Hoa Nguyen')}/?panel=why", headers={"HX-Request": "true"}))
    assert "Your new charges are $36.71 more than last November. Most of it is more use" in said
    assert "Change +$36.71" in said
    assert "No bill yet." in words(dana.get(f"/desk/accounts/{number('Tess Byrne')}/?panel=why"))


@pytest.mark.parametrize("who", ["dana", "renee", "iris"])
def test_no_two_acts_of_the_page_or_of_more_have_the_same_key(at_desk, number, who):
    """A key that two acts share would open whichever stands first."""
    here = f"/desk/accounts/{number('Thi Hoa Nguyen')}/"
    page = at_desk(who).get(here).context["actions"]
    more = [act for group in at_desk(who).get(f"{here}do/more/").context["groups"] for act in group.actions]
    for acts in (page, more):
        keys = [act.key for act in acts if act.key]
        assert keys
        assert len(keys) == len(set(keys)), keys
    assert len(page) <= 10, "what is not done many times a day stands behind More"


def test_more_offers_what_one_may_do_and_nothing_else(at_desk, number):
    more = f"/desk/accounts/{number('Rosa Maldonado')}/do/more/"
    assert "The customer died" in words(at_desk("dana").get(more))
    said = words(at_desk("renee").get(more))
    assert "Raise an alert" in said
    assert "The customer died" not in said
