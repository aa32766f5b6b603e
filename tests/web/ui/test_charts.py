"""Charts: bars stand on zero, gaps are gaps, and the table and CSV hold the same figures."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.web.ui.charts import HEIGHT, TOP, Bars, Series, Spark


def bars(*series: Series, stacked: bool = False) -> Bars:
    labels = [f"M{i}" for i in range(len(series[0].values))]
    return Bars("use", "Use", "It rose.", labels, series, "kWh", "Month", stacked=stacked)


def pixels(text: str) -> Decimal:
    return Decimal(text.rstrip("%"))


@given(st.lists(st.integers(-10_000, 10_000), min_size=1, max_size=24))
def test_every_bar_stands_on_zero_inside_the_plot(values):
    chart = bars(Series("Use", values))
    (zero,) = [line for line in chart.lines if line.zero]
    for value, mark in zip(values, chart.marks, strict=True):
        top, bottom = pixels(mark.y), pixels(mark.y) + pixels(mark.height)
        assert TOP - 1 <= top <= bottom <= TOP + HEIGHT + 2
        if abs(value) > 300:
            assert abs((bottom if value > 0 else top) - pixels(zero.y)) <= Decimal("0.2")
        assert 0 <= pixels(mark.x) <= pixels(mark.x) + pixels(mark.width) <= Decimal("100.001")


def test_a_missing_value_is_a_gap_and_never_a_zero():
    chart = bars(Series("Use", [5, None, 0], estimated=frozenset({0})))
    assert [mark.kind for mark in chart.marks] == ["estimated", "gap", "bar"]
    assert chart.rows == [("M0", ["5 (estimated)"]), ("M1", ["missing"]), ("M2", ["0"])]


def test_stacks_grow_up_and_down_from_zero():
    chart = bars(Series("From", [300, 100]), Series("To", [-100, -300]), stacked=True)
    assert [line.words for line in chart.lines] == ["−400", "−200", "0", "200", "400"]
    (first, second, *_) = chart.marks
    assert pixels(first.y) + pixels(first.height) == pixels(second.y)


def test_the_export_holds_the_same_figures():
    text = b"".join(bars(Series("Use", [5, None])).as_csv().streaming_content).decode("utf-8-sig")
    assert text.splitlines() == ["Month,Use (kWh)", "M0,5", "M1,"]


def test_a_chart_says_what_it_shows_in_its_name_and_its_table():
    html = Template("{% bars chart %}").render(Context({"chart": bars(Series("Use", [5, 7]))}))
    assert 'role="img" aria-label="It rose."' in html
    assert "Show as table" in html
    assert html.count('<th scope="row">') == 2
    assert " style=" not in html


def test_a_chart_without_a_sentence_is_refused():
    with pytest.raises(AssertionError, match="says what it shows"):
        Bars("x", "X", "", ["a"], [Series("s", [1])], "kWh")


def test_a_sparkline_breaks_where_a_reading_is_missing():
    assert len(Spark("Steady.", [1, 2, None, 3, 4]).runs) == 2
    assert Spark("Nothing came.", [None, None]).runs == []
    assert Spark("Flat.", [5, 5]).runs == ["0.00,22.00 100.00,22.00"]
