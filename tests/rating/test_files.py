"""Tariff files: what is amiss is told with its line, the word that was meant, and what to do."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.kernel.findings import Severity
from lamplighter.rating import check_book, parse, verify
from lamplighter.rating.files.positions import line_of, positions
from tests.rating.writing import bill, exact, findings, tariff, text_of

GOOD = """
[calendar]
seasons_by = "cycle"
[[calendar.season]]
name = "summer"
from = "05-01"
to = "10-31"
[[calendar.season]]
name = "winter"
from = "11-01"
to = "04-30"

[attribute.heating]
label = "Heating"
values = ["gas", "electric"]
default = "gas"

[[line]]
code = "customer"
label = "Customer charge"
unit = "$/month"
price = 24.27
source = "book"

[[line]]
code = "energy"
label = "Energy"
quantity = "kWh"
unit = "$/kWh"
source = "book"
[[line.tier]]
up_to = { by = ["heating", "season"], gas = { summer = 211, winter = 253 }, electric = { summer = 258, winter = 473 } }
price = 0.13934
components = { distribution = 0.04612, "public purpose" = 0.00652, generation = 0.0867 }
[[line.tier]]
price = 0.26723

[[line]]
code = "tax"
label = "Tax"
of = "all above"
percent = 7.5
"""


def test_a_good_file_has_no_findings():
    assert findings(GOOD) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("price = 24.27", 'price = "24.27"', "24.27 is not a number"),
        ("price = 24.27", "prise = 24.27", "Did you mean “price”?"),
        ("price = 24.27", "", "price is missing"),
        ('unit = "$/month"', 'unit = "$/kWh"', "The price is in $/kWh, but the line counts the bill itself"),
        ('quantity = "kWh"', 'quantity = "kW"', "The price is in $/kWh, but the line counts kW"),
        ('quantity = "kWh"', 'quantity = "kwh"', "Did you mean “kWh”?"),
        ('quantity = "kWh"', 'quantity = "hp"', "“hp” cannot be priced"),
        ('quantity = "kWh"', 'quantity = "coincident kW"', "No peak hours of the system are recorded"),
        ('unit = "$/kWh"', 'unit = "dollars"', "“dollars” is not a unit of a price"),
        ("summer = 211, winter = 253", "summer = 211", "The table has no figure for season winter"),
        ("summer = 211, winter = 253", "sumer = 211, winter = 253", "Did you mean “summer”?"),
        ('by = ["heating", "season"]', 'by = ["heting", "season"]', "A table cannot be keyed by “heting”"),
        ("summer = 258", "summer = 0", "it is never reached"),
        ("price = 0.26723", "price = 0.26723\nup_to = 900", "nothing prices what is beyond it"),
        ("up_to = {", "upto = {", "Did you mean “up_to”?"),
        ("up_to = {", "# up_to = {", "This tier has no end"),
        ("generation = 0.0867", "generation = 0.0868", "The components add up to 0.13944, the price is 0.13934"),
        ('of = "all above"', 'of = ["enrgy"]', "Did you mean “energy”?"),
        ('of = "all above"', 'of = ["tax"]', "“tax” is reckoned on no line"),
        ('code = "tax"', 'code = "energy"', "Two lines have the code “energy”"),
        ('source = "book"\n[[line.tier]]', 'source = "bok"\n[[line.tier]]', "Did you mean “book”?"),
        ('to = "10-31"', 'to = "10-30"', "31 October is in no season"),
        ('to = "10-31"', 'to = "13-31"', "“13-31” is not a day of the year"),
        ('seasons_by = "cycle"', "", "does not say how a bill finds its season"),
        ('seasons_by = "cycle"', 'seasons_by = "cycel"', "Did you mean “cycle”?"),
        ("percent = 7.5", 'percent = { factor = "uut" }', "No factor is called “uut”"),
        ("percent = 7.5", "percent = 7.5\nwhen = { heating = true }", "“yes” is not known here"),
        ("percent = 7.5", 'percent = 7.5\nwhen = { heatin = "gas" }', "Did you mean “heating”?"),
        ("percent = 7.5", "percent = 7.5\nvalid_from = 2026-08-01\nvalid_to = 2026-07-01", "before it begins"),
        ('values = ["gas", "electric"]', 'values = ["gas"]', "A choice has two words at least"),
        ('default = "gas"', 'default = "gass"', "Did you mean “gas”?"),
    ],
)
def test_what_is_amiss_is_told_with_its_line(before, after, said):
    assert before in GOOD
    text = GOOD.replace(before, after, 1)
    found = [each for each in findings(text) if said in each]
    assert found, findings(text)
    line = int(found[0].split(":")[0])
    assert 0 < line <= len(text_of(text).splitlines())


def test_the_line_of_a_finding_is_the_line_of_the_word():
    text = text_of(GOOD.replace("price = 0.26723", 'price = "0.26723"'))
    [finding] = parse(text, "d-1.toml").findings
    assert finding.place.file == "d-1.toml"
    assert text.splitlines()[finding.place.line - 1] == 'price = "0.26723"'
    assert finding.place.field == "line[2].tier[2].price"


def test_lines_in_a_circle_are_found():
    text = GOOD.replace('of = "all above"', 'of = ["other"]') + (
        '\n[[line]]\ncode = "other"\nof = ["tax"]\npercent = 1\n'
    )
    assert any("reckoned in a circle: tax on other on tax" in each for each in findings(text))


def test_what_is_not_toml_is_one_finding_with_its_line():
    parsed = parse("[tariff]\ncode = D-1\n", "broken.toml")
    assert parsed.tariff is None
    assert [(f.code, f.place.line) for f in parsed.findings] == [("tariff.syntax", 2)]


def test_a_file_without_a_tariff_says_so():
    assert parse("", "empty.toml").findings[0].message == "The file has no [tariff] table."


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('quantity = "kWh"\nflow = "net"', "must go into a bank"),
        ('quantity = "kWh"\nbank = "b"', "set off against net energy"),
        ('quantity = "kWh"\nnetting_minutes = 7', "netting within 7 minutes is not measured"),
        ('quantity = "kWh"\nflow = "total"', "total flow is not priced"),
        ('quantity = "kW"\nwindow_minutes = 7', "a demand window of 7 minutes is not measured"),
        ('quantity = "kW"\nsliding_by = 4', "cannot slide by 4"),
        ('quantity = "kW"\neach_day = true\nleast = 4', "demand of each day are not priced"),
    ],
)
def test_what_can_be_written_but_not_priced_is_refused_by_name(line, said):
    unit = "$/kW" if '"kW"' in line else "$/kWh"
    text = f'\n[[line]]\ncode = "x"\n{line}\nunit = "{unit}"\nprice = 1\n'
    assert any(said in each for each in findings(text)), findings(text)


def test_cents_are_dollars():
    text = '\n[[line]]\ncode = "e"\nquantity = "kWh"\nunit = "c/kWh"\nprice = 8.365\n'
    assert exact(bill(tariff(text), {"kWh": 1000}), "e") == Decimal("83.65")


def test_a_number_keeps_eighteen_decimals():
    text = '\n[[line]]\ncode = "e"\nquantity = "kWh"\nunit = "$/kWh"\nprice = 0.070768997073172670\n'
    assert exact(bill(tariff(text), {"kWh": 1}), "e") == Decimal("0.07076899707317267")


def test_a_number_beyond_all_rate_books_is_a_finding():
    text = '\n[[line]]\ncode = "e"\nquantity = "kWh"\nunit = "$/kWh"\nprice = 1e99999999\n'
    parsed = parse(text_of(text), "test.toml")
    assert parsed.tariff is None
    assert any(finding.severity is Severity.ERROR for finding in parsed.findings)


def test_what_nobody_uses_is_a_warning():
    text = GOOD + '\n[attribute.unused]\nlabel = "Unused"\ntype = "yes or no"\n'
    parsed = parse(text_of(text), "test.toml")
    assert parsed.tariff is not None
    assert [finding.severity for finding in parsed.findings] == [Severity.WARNING]


BILL = """
[[bill]]
name = "August"
from = 2026-08-01
to = 2026-09-01
used = { kWh = 744 }
lines = { energy = 171.83433 }
exact_total = 210.81215475
"""


def test_a_file_proves_itself_with_worked_bills():
    found = tariff(GOOD + BILL)
    assert verify(found) == ()
    assert [str(f) for f in verify(tariff(GOOD + BILL.replace("171.83433", "171.83")), "d.toml")] == [
        "d.toml, August: “August”: energy comes to 171.83433, expected 171.83."
    ]
    assert "does not tell kWh" in str(verify(tariff(GOOD + BILL.replace("kWh = 744", "kW = 744")))[0])


def test_versions_that_overlap_or_leave_a_gap_are_found():
    first = tariff(GOOD, start="2024-07-01", end="2026-07-01")
    assert check_book([first, tariff(GOOD, start="2026-07-01")]) == ()
    assert "Two versions of T are in force from 2026-06-30." in str(
        check_book([first, tariff(GOOD, start="2026-06-30")])
    )
    gap = check_book([first, tariff(GOOD, start="2026-07-05")])
    assert [(f.severity, f.code) for f in gap] == [(Severity.WARNING, "tariff.dates_gap")]


def test_positions_are_found_in_every_shape_of_toml():
    text = """a.b = 1 # [x]
[t]
s = '''
c = 1
'''
d = "x # y \\" z"
[[l]]
k = [
  { up = 1 },
  { up = 2, "q r" = { z = 3 } },
]
[[l.m]]
n = 2020-01-01
[[l]]
[l.o]
p = 1
"""
    found = positions(text)
    lines = {
        path: found[path] for path in (("a", "b"), ("t", "d"), ("l", 0, "k", 1, "q r", "z"), ("l", 0, "m", 0, "n"))
    }
    assert list(lines.values()) == [1, 6, 10, 13]
    assert found["l", 1, "o", "p"] == 16
    assert line_of(found, ("l", 1, "o", "missing")) == 15


@given(st.text(alphabet="[]{}=\"'#.,\n abc12", max_size=60))
def test_whatever_a_file_says_parsing_ends_in_findings_or_a_tariff(text):
    parsed = parse(text, "any.toml")
    assert parsed.tariff is None
    assert parsed.findings


def test_valid_to_is_the_first_day_without_it():
    found = tariff(GOOD, start="2024-07-01", end="2026-07-01")
    assert date(2026, 6, 30) in found.valid
    assert date(2026, 7, 1) not in found.valid


def test_every_word_of_the_handbook_is_known():
    """The examples of docs/algorithms/tariff-files.md, one after the other, are one tariff file."""
    handbook = (Path(__file__).parents[2] / "docs" / "algorithms" / "tariff-files.md").read_text(encoding="utf-8")
    text = "\n".join(re.findall(r"```toml\n(.*?)```", handbook, re.DOTALL))
    said = [str(finding) for finding in parse(text, "handbook.toml").findings]
    assert text.count("[[line]]") > 1
    assert [each for each in said if "not known" in each or "not TOML" in each or "missing" in each] == []
