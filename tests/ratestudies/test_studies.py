"""A tariff priced over a year for everybody: the figures, the customers, what is left out, what stays."""

import zipfile
from io import BytesIO

import pytest
from django.utils import timezone

from lamplighter.billing.models import Segment
from lamplighter.billing.queries.whatif import exactly, tried
from lamplighter.billing.queries.whatif_rates import Trial
from lamplighter.billing.queries.whatif_years import billed
from lamplighter.ratestudies.documents.paper import content
from lamplighter.ratestudies.documents.spreadsheet import workbook
from lamplighter.ratestudies.models import Study
from lamplighter.ratestudies.operations.studies import CannotStudy, begin_study, keep_study, studied
from lamplighter.ratestudies.queries.studying import worked
from tests.ratestudies.town import UNTIL, quietly
from tests.town import ANALYST, BOOKS

R1 = (BOOKS / "marisol-bay-power" / "r-1_2026-07-01.toml").read_text()
QUIET = {"progress": quietly}


def study(harbor, text, *, code="r-1", scope="rate"):
    made = begin_study(
        name="A study", schedule=harbor.rates[code], text=text, scope=scope, until=UNTIL, by=ANALYST,
        at=timezone.now(), queued=False,
    )  # fmt: skip
    found = worked(made, studied(text), on=UNTIL, **QUIET)
    return keep_study(study=made, worked=found, by=ANALYST, at=timezone.now())


def test_the_present_rate_studied_changes_nothing(harbor):
    found = study(harbor, R1)
    assert (found.result["customers"], found.result["priced"], found.result["bills"]) == (3, 3, 36)
    assert found.result["present"] == found.result["proposed"] == sum(
        row.present.cents for row in found.years.all()
    )  # fmt: skip
    assert (found.result["differing"], found.result["checked"]) == (0, 1)
    assert [count for _, count, _ in found.result["bands"]] == [0, 0, 0, 0, 3, 0, 0, 0, 0]


def test_bills_since_the_rate_came_are_priced_as_they_were_billed(harbor):
    """From July 2026 the year is billed on the version that is tried: to the cent the same, by both calculators."""
    trial = Trial(until=UNTIL)
    agreement = harbor.homes["Ben"].agreement.pk
    years = billed([agreement], until=UNTIL, months=12)
    (rate,) = trial.present({harbor.rates["r-1"].pk}, on=UNTIL).values()
    months = {month.month: month.amount for month in tried(trial, years, [(agreement, rate)])[0].months}
    issued = {row.month: row.total for row in Segment.objects.filter(agreement=agreement, month__gte="2026-08-01")}
    assert len(issued) == 3
    assert issued.items() <= months.items()
    assert [bill.total for bill in exactly(trial, years[agreement], rate)] == list(months.values())


def test_a_dearer_customer_charge_costs_everybody_the_same(harbor):
    text = R1.replace('unit = "$/month"\nprice = 14.50', 'unit = "$/month"\nprice = 24.50')
    assert text != R1
    found = study(harbor, text)
    changes = {(row.proposed - row.present).cents for row in found.years.all()}
    assert len(changes) == 1, "no discount for need, the same tax on the same change"
    assert 12_000 <= changes.pop() <= 13_200
    lines = {label: (before, after) for label, before, after in found.result["typical"]["lines"]}
    assert lines["Customer charge"][1] - lines["Customer charge"][0] == 12_000
    assert sum(after for _, after in lines.values()) == found.result["typical"]["proposed"]


def test_hours_that_dials_do_not_tell_leave_a_customer_out_with_the_reason(harbor):
    text = (BOOKS / "marisol-bay-power" / "r-tou_2026-07-01.toml").read_text()
    found = study(harbor, text)
    assert (found.result["customers"], found.result["priced"]) == (3, 2)
    ((code, message, count),) = found.result["left_out"]
    assert (code, count, "dials" in message) == ("usage.missing-read", 1, True)
    by_name = {row.agreement_id: row.proposed - row.present for row in found.years.all()}
    assert by_name[harbor.homes["Ada"].agreement.pk] < by_name[harbor.homes["Ben"].agreement.pk]


def test_a_text_that_cannot_be_priced_is_refused_with_its_line(harbor):
    with pytest.raises(CannotStudy) as refused:
        studied(R1.replace('code = "energy"', "code = 7", 1))
    assert refused.value.findings
    with pytest.raises(CannotStudy, match="rider"):
        studied((BOOKS / "marisol-bay-power" / "nem-1_2026-07-01.toml").read_text())
    assert not Study.objects.exists()


def test_a_study_is_kept_once_and_goes_out_as_files(harbor):
    found = study(harbor, R1)
    again = worked(found, studied(R1), on=UNTIL, **QUIET)
    assert keep_study(study=found, worked=again, by=ANALYST, at=timezone.now()).years.count() == 3
    with zipfile.ZipFile(BytesIO(workbook(found))) as book:
        assert "xl/worksheets/sheet7.xml" in book.namelist()
        strings = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert all(home.account.number in strings for who, home in harbor.homes.items() if who != "Bo")
    told = content(found, "Marisol Bay Power")
    assert "3 customers would pay" in told["finding"]
    assert [part["title"] for part in told["parts"]][:3] == ["By class", "By month", "Winners and losers"]
