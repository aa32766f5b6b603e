"""Bills and payments, ledger, usage, service and history: each a list that can be taken along."""

from __future__ import annotations

import json
import re

import pytest

from lamplighter.accounts.models import Account
from lamplighter.kernel.actors import staff
from lamplighter.platform.transactions import unit_of_work

from .conftest import account_of, words


@pytest.fixture
def tab(dana, number):
    return lambda name, path, client=dana: client.get(f"/desk/accounts/{number(name)}/{path}")


def rows(response) -> list[str]:
    return b"".join(response.streaming_content).decode().removeprefix("\ufeff").splitlines()


def test_bills_and_payments_export_whole(tab):
    bills = rows(tab("Thi Hoa Nguyen", "money/?panel=bills&export=csv"))
    assert bills[0] == "Bill,Issued,Kind,Use (kWh),Charges,Amount due,Due"
    assert len(bills) == 15
    payments = rows(tab("Gwen Pruitt", "money/?panel=payments&export=csv"))
    assert payments[1].startswith("R-")
    assert payments[1].endswith("81.58,Cash,Returned by the bank")


def test_the_ledger_foots(tab):
    said = words(tab("Thi Hoa Nguyen", "ledger/"))
    assert "Customer accounts receivable, electric" in said
    lines = [line.split(",") for line in rows(tab("Thi Hoa Nguyen", "ledger/?export=csv"))[1:]]
    amounts = [round(float(line[2]) * 100) for line in lines]
    assert sum(amounts) == round(float(lines[0][3]) * 100) == 30353


def test_a_ledger_line_leads_to_what_it_came_from(tab, dana):
    page = tab("Thi Hoa Nguyen", "ledger/").content.decode()
    links = re.findall(r'class="row-link" href="([^"]+)">', page)
    assert {link.split("/")[2] for link in links} == {"accounts", "receipts"}
    assert all(dana.get(link).status_code == 200 for link in links[:2])


def test_use_is_shown_up_to_yesterday_with_last_year_beside(tab):
    said = words(tab("Thi Hoa Nguyen", "usage/"))
    assert "Where both years are known, that is 32 % more than the year before." in said
    assert 'value="2026-11-19"' in tab("Thi Hoa Nguyen", "usage/").content.decode()


def test_months_begin_on_their_first_day(tab):
    page = tab("Thi Hoa Nguyen", "usage/?grain=month")
    assert 'value="2025-11-01"' in page.content.decode()
    assert "Nov ’26" in words(page)


def test_intervals_come_as_data_as_a_table_and_as_a_file(tab):
    query = "?grain=interval&start=2026-11-01&end=2026-11-01"
    data = json.loads(tab("Thi Hoa Nguyen", f"usage/intervals.json{query}").content)
    assert len(data["x"]) == 25, "the day on which the clock goes back has an hour more"
    assert len(rows(tab("Thi Hoa Nguyen", f"usage/intervals.csv{query}"))) == 26
    assert "2026-11-01T01:00-07:00" in words(tab("Thi Hoa Nguyen", f"usage/intervals/{query}"))
    assert "2026-11-01T01:00-08:00" in words(tab("Thi Hoa Nguyen", f"usage/intervals/{query}"))


def test_solar_has_two_directions(tab):
    data = json.loads(tab("Kip Larsen", "usage/intervals.json?grain=interval").content)
    assert [series["name"] for series in data["series"]] == ["From the grid", "To the grid"]


def test_nobody_sees_what_was_used_by_who_lived_there_before_or_after(tab):
    """Luis Ortega left on June 18 and Hannah Brandt came the same day; the meter stayed."""
    days = "?grain=interval&start=2026-06-16&end=2026-06-20"
    left = json.loads(tab("Luis Ortega", f"usage/intervals.json{days}").content)["series"][0]["values"]
    came = json.loads(tab("Hannah Brandt", f"usage/intervals.json{days}").content)["series"][0]["values"]
    assert [value is None for value in left] == [False] * 48 + [True] * 72
    assert [value is None for value in came] == [True] * 48 + [False] * 72
    assert "Nothing is known of the year before" in words(tab("Hannah Brandt", "usage/"))
    assert "No interval readings in these days." in words(tab("Luis Ortega", "usage/"))


def test_nobody_checks_a_meter_at_which_somebody_else_has_service_now(tab, town):
    """Of the flat that Luis left, his account knows nothing more; Hannah has the meter."""
    badge = town.homes["Hannah Brandt"].channel.meter.badge
    left = tab("Luis Ortega", f"meter/?meter={badge}")
    assert left.status_code == 404
    assert badge in words(tab("Hannah Brandt", "meter/"))


def test_dials_are_shown_where_there_are_any(tab):
    assert "Register reads" in words(tab("Pat Kowalczyk", "usage/"))
    assert "No interval readings in these days." in words(tab("Pat Kowalczyk", "usage/"))
    assert "Corrected" in words(tab("Pat Kowalczyk", "usage/"))
    assert "Register reads" not in words(tab("Thi Hoa Nguyen", "usage/"))


@pytest.mark.parametrize("query", ["grain=decade", "start=2026-12-01&end=2026-01-01", "start=never", "end=2030-01-01"])
def test_odd_ranges_show_the_usual_days(tab, query):
    assert tab("Thi Hoa Nguyen", f"usage/?{query}").status_code == 200


def test_service_says_where_on_which_rate_and_with_which_meter(tab):
    said = words(tab("Kip Larsen", "service/"))
    assert "Electric service at 5 Slough Rd" in said
    assert "Rider NEM-1, from Sep 3, 2025" in said
    assert "Meter E-77120007 since Wed, Sep 3, 2025" in said


def test_history_says_what_was_before_a_change(at_desk, number, tab):
    account = account_of(number("Rosa Maldonado"))
    with unit_of_work(staff("dana")):
        Account.objects.filter(pk=account.pk).update(dispatch="email")
    said = words(tab("Rosa Maldonado", "history/", at_desk("audrey")))
    assert "Dana Reyes Account Dispatch paper" in said


def test_who_left_is_in_the_history_of_the_agreement(at_desk, tab):
    assert "Period [2025-09-03,)" in words(tab("Luis Ortega", "history/", at_desk("audrey")))


def test_a_premise_tells_who_lived_there(dana, town, number):
    place = town.homes["Luis Ortega"].agreement.premise.number
    said = words(dana.get(f"/desk/premises/{place}/"))
    assert said.index(f"{number('Hannah Brandt')} Brandt, Hannah Electric service Thu, Jun 18, 2026") < said.index(
        f"{number('Luis Ortega')} Ortega, Luis Electric service Wed, Sep 3, 2025 Wed, Jun 17, 2026"
    )
    assert dana.get("/desk/premises/0-0/").status_code == 404


def test_a_meter_tells_what_it_measures_and_where_it_stood(dana):
    said = words(dana.get("/desk/meters/E-77120007/"))
    assert "kWh back Energy To the grid Wh 60 min × 1 from Sep 3, 2025" in said
    assert "5 Slough Rd" in said
    assert dana.get("/desk/meters/E-0/").status_code == 404


def test_who_sends_energy_back_sees_the_true_up_to_come(at_desk, town):
    """Beside the timeline, and on every bill."""
    dana = at_desk("dana")
    solar = next(home.account for home in town.homes.values() if home.agreement.rates.filter(rider=True).exists())
    account = f"/desk/accounts/{solar.number}/"
    assert "panel=true-up" in dana.get(account).content.decode()
    said = words(dana.get(f"{account}?panel=true-up"))
    assert "True-up in June 2027" in said
    assert "Credit now $" in said
    bill = solar.bills.order_by("-id").first()
    assert "Your true-up comes in June 2027" in words(dana.get(f"{account}bills/{bill.number}/"))
    other = town.homes["Pat Kowalczyk"].account.number
    assert "panel=true-up" not in dana.get(f"/desk/accounts/{other}/").content.decode()
