"""A bill that can be read to a customer, and opened line by line down to the readings that it stands on."""

from __future__ import annotations

import re
from datetime import date

import pytest

from lamplighter.billing.models import Bill, BillDocument

from .conftest import words


@pytest.fixture
def bill(number):
    def newest(name, **which):
        return Bill.objects.filter(account__number=number(name), **which).order_by("-issued_on", "-id").first()

    return newest


def url(bill: Bill, rest: str = "") -> str:
    return f"/desk/accounts/{bill.account.number}/bills/{bill.number}/{rest}"


def test_what_is_due_and_why_it_changed_come_before_any_table(dana, bill):
    said = words(dana.get(url(bill("Thi Hoa Nguyen"))))
    assert "$303.53 due Wed, Nov 25 Your new charges are $36.71 more than last November." in said
    assert said.index("$303.53 due") < said.index("Customer charge")


def test_lines_say_how_they_come_about_and_add_up(dana, bill):
    said = words(dana.get(url(bill("Thi Hoa Nguyen"))))
    for line in ("Customer charge 1 month × $14.50 $14.50", "Energy, baseline 360 kWh × $0.1685 $60.66",
                 "Utility users tax 6% of $104.17 $6.25", "Total $110.56"):  # fmt: skip
        assert line in said
    assert "Bill before $252.97 Received since −$60.00 New charges $110.56 Amount due $303.53" in said


def test_the_causes_of_the_change_sum_to_it(dana, bill):
    said = words(dana.get(url(bill("Thi Hoa Nguyen"))))
    assert re.search(r"New prices \+\$5.46 More use: 14.9 kWh a day instead of 11.2 \+\$31.25 Change \+\$36.71", said)


def derivation(client, bill, place=1):
    return client.get(url(bill, f"lines/{bill.segments.first().pk}/{place}/"), headers={"HX-Request": "true"})


def test_a_line_opens_to_its_arithmetic_its_clause_and_its_days(dana, bill):
    said = words(derivation(dana, bill("Thi Hoa Nguyen")))
    assert "Why is this line $60.66?" in said
    assert "Energy, baseline: 360 kWh" in said
    assert "Rate R-1 Residential service, from Jul 1, 2026 Open" in said
    assert "Energy taken from the grid: 477.192 kWh" in said
    assert "Sat, Oct 3, 2026 15.901 as read" in said


def test_a_tax_names_the_lines_that_it_is_reckoned_on(dana, bill):
    said = words(derivation(dana, bill("Thi Hoa Nguyen"), place=4))
    assert "Reckoned on Customer charge $14.50 Energy, baseline $60.66 Energy, above baseline $29.01" in said


def test_a_day_opens_to_its_intervals_as_the_bill_saw_them(dana, bill):
    found = bill("Thi Hoa Nguyen")
    segment = found.segments.first().pk
    day = dana.get(url(found, f"lines/{segment}/1/0/2026-10-03/"), headers={"HX-Request": "true"})
    assert "12:00 am E-77120001, kWh 0.4550 valid" in words(day)
    assert day.content.decode().count("<tr>") == 25, "a head and twenty-four hours"
    assert "<html" not in day.content.decode()
    assert dana.get(url(found, f"lines/{segment}/1/0/2026-10-03/")).status_code == 200, "it opens as a page too"


@pytest.mark.parametrize("rest", ["lines/{segment}/99/", "lines/0/1/", "lines/{segment}/1/7/2026-10-03/",
                                  "lines/{segment}/1/0/yesterday/"])  # fmt: skip
def test_what_is_not_there_is_not_found(dana, bill, rest):
    found = bill("Thi Hoa Nguyen")
    assert dana.get(url(found, rest.format(segment=found.segments.first().pk))).status_code == 404


def test_a_bill_belongs_to_its_account(dana, bill, number):
    found = bill("Thi Hoa Nguyen")
    response = dana.get(f"/desk/accounts/{number('Rosa Maldonado')}/bills/{found.number}/")
    assert response.status_code == 404
    assert f"Account {number('Rosa Maldonado')} has no bill {found.number}." in words(response)


def test_the_pdf_is_made_once_and_given_out_again(dana, bill):
    found = bill("Thi Hoa Nguyen")
    first, again = (b"".join(dana.get(url(found, "pdf/")).streaming_content) for _ in range(2))
    assert first == again
    assert first.startswith(b"%PDF")
    assert BillDocument.objects.filter(bill=found).count() == 1


def test_a_corrected_bill_leads_to_the_one_that_corrects_it(dana, bill):
    new, old = bill("Pat Kowalczyk", kind="correction"), bill("Pat Kowalczyk", kind="cycle")
    said = words(dana.get(url(old)))
    assert "Corrected" in said
    assert f"Cancelled on Mon, Nov 16, 2026. Bill {new.number} charges these days again." in said
    said = words(dana.get(url(new)))
    assert f"These charges replace those of bill {old.number} ." in said
    assert "Corrected since −$66.72" in said


def test_registers_show_both_reads(dana, bill):
    said = words(dana.get(url(bill("Pat Kowalczyk", kind="correction"))))
    assert "44,931 on Sat, Oct 3, 2026 45,118 on Wed, Nov 4, 2026 × 1 187 kWh" in said


def test_a_bill_of_the_old_system_is_shown_as_it_was(dana, bill):
    found = bill("Rosa Maldonado", origin="converted")
    said = words(dana.get(url(found)))
    assert "This bill comes from the old system." in said
    assert "PDF" not in said
    assert dana.get(url(found, "pdf/")).status_code == 404


def test_solar_shows_what_was_sent_back(dana, bill):
    said = words(dana.get(url(bill("Kip Larsen"))))
    assert re.search(r"Energy sent back [\d.]+ kWh × \$0.0812 credited −\$", said)
    assert "were sent back." in said


def test_a_bill_leads_to_the_one_before_and_the_one_after(dana, bill):
    found = bill("Thi Hoa Nguyen", issued_on=date(2026, 10, 3))
    links = re.findall(
        r'href="/desk/accounts/[\d-]+/bills/([\w-]+)/" data-key="([jk])"', dana.get(url(found)).content.decode()
    )
    assert [key for _, key in links] == ["j", "k"]
    assert links[1][0] == bill("Thi Hoa Nguyen").number
