"""Lines in statements: in few bytes, and the same lines whichever format a statement was written in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lamplighter.billing.canonical import canonical, read
from lamplighter.billing.lines_kept import NAMES, lines_told, lines_written
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import PricedLine, Said, Step
from lamplighter.rating.charges import Per
from lamplighter.rating.tariff import Citation, Kind

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))
ONE = Decimal(1)
USUAL = Said(
    code="energy", label="Energy", kind=Kind.ENERGY, unit="kWh", price=Decimal("0.1180"), times=ONE, period=OCTOBER,
    days=31, tariff="R-1 of 2026-07-01", citation=Citation("book", "§ 4"), gl="revenue.energy",
)  # fmt: skip
LINE = PricedLine(Decimal(310), Decimal("36.58"), Money(3658), (), USUAL)
ODD = LINE._replace(
    steps=(Step("this step ends at", Decimal(310), "kWh"), Step("highest")),
    components=(("generation", Decimal("31.155")),),
    said=USUAL._replace(
        fund="relief", per=Per.MONTH, period=NOVEMBER, days=30, tariff="RIDER of 2026-01-01", times=Decimal("0.5"),
    ),
)  # fmt: skip
HEAD = {
    "period": ["2026-10-01", "2026-11-01"],
    "tariffs": [{"code": "R-1", "period": ["2026-07-01", None], "rider": False, "sha256": "c75c"}],
}
# as bills were issued until November 2026
FIRST_FORMAT = {
    "format": 1,
    "lines": [
        {
            "cents": 3658, "citation": {"clause": "§ 4", "source": "book"}, "code": "energy", "components": [],
            "days": 31, "exact": "36.58", "fund": "", "gl": "revenue.energy", "kind": "energy", "label": "Energy",
            "per": "unit",
            "period": ["2026-10-01", "2026-11-01"], "price": "0.118", "quantity": "310", "steps": [],
            "tariff": "R-1 of 2026-07-01", "times": "1", "unit": "kWh",
        },
        {
            "cents": 3658, "citation": {"clause": "§ 4", "source": "book"}, "code": "energy",
            "components": [["generation", "31.155"]], "days": 30, "exact": "36.58", "fund": "relief",
            "gl": "revenue.energy", "kind": "energy", "label": "Energy", "per": "month",
            "period": ["2026-11-01", "2026-12-01"], "price": "0.118", "quantity": "310",
            "steps": [
                {"unit": "kWh", "value": "310", "words": "this step ends at"},
                {"unit": "", "value": None, "words": "highest"},
            ],
            "tariff": "RIDER of 2026-01-01", "times": "0.5", "unit": "kWh",
        },
    ],
}  # fmt: skip
SECOND_FORMAT = (
    '[[3658,"36.58","310","energy","Energy","energy","kWh","0.118","revenue.energy",["book","§ 4"]],'
    '[3658,"36.58","310","energy","Energy","energy","kWh","0.118","revenue.energy",["book","§ 4"],'
    '{"components":[["generation","31.155"]],"days":30,"fund":"relief","per":"month",'
    '"period":["2026-11-01","2026-12-01"],"steps":[["this step ends at","310","kWh"],["highest",null,""]],'
    '"tariff":"RIDER of 2026-01-01","times":"0.5"}]]'
)


def kept(*lines: PricedLine) -> dict[str, object]:
    text = lines_written(lines, period=OCTOBER, tariff="R-1 of 2026-07-01")
    assert canonical(read(text)) == text
    return HEAD | {"format": 2, "lines": read(text)}


def test_both_formats_stay_what_they_are():
    """Bills are frozen: what was written once must be read for ever."""
    assert lines_written([LINE, ODD], period=OCTOBER, tariff="R-1 of 2026-07-01") == SECOND_FORMAT
    assert lines_told(kept(LINE, ODD)) == FIRST_FORMAT["lines"] == lines_told(HEAD | FIRST_FORMAT)


@pytest.mark.parametrize(
    "change",
    [
        {"days": 30}, {"fund": "relief"}, {"per": Per.DAY}, {"period": NOVEMBER}, {"tariff": "RIDER of 2026-01-01"},
        {"times": Decimal("1.0333")}, {"price": Decimal(2)}, {"gl": ""}, {"citation": Citation()},
        {"label": 'Café "Zoë" \\ é\n'},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_line_that_is_not_as_usual_says_so(change):
    other = LINE._replace(said=USUAL._replace(**change))
    usual, told, again = lines_told(kept(LINE, other, LINE))
    assert usual == again
    assert [name for name in usual if usual[name] != told[name]] == list(change)


@pytest.mark.parametrize(("period", "code"), [(OCTOBER, "R-1"), (NOVEMBER, "R-1"), (OCTOBER, "GS-2")])
def test_what_is_kept_as_text_is_kept_for_its_days_and_tariff(period, code):
    """The very same line may stand on bills of other days or several tariffs: there it must say which are its own."""
    lines_written([LINE], period=OCTOBER, tariff=USUAL.tariff)
    rows = read(lines_written([LINE], period=period, tariff=f"{code} of 2026-07-01"))
    assert (len(rows[0]) > len(NAMES)) == ((period, code) != (OCTOBER, "R-1"))
    head = {
        "period": [period.start.isoformat(), period.closed_end.isoformat()],
        "tariffs": [{"code": code, "period": ["2026-07-01", None]}],
    }
    (told,) = lines_told(head | {"format": 2, "lines": rows})
    assert (told["period"], told["days"], told["tariff"]) == (["2026-10-01", "2026-11-01"], 31, USUAL.tariff)
