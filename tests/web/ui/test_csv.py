"""Exports open in a spreadsheet without running anything."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.kernel.money import Money
from lamplighter.web.ui.csvs import NUMBER, cell, csv_response


@pytest.mark.parametrize("text", ["=SUM(A1)", "+1 and more", "-2+3", "@cmd", "\t=1", "=1"])
def test_what_begins_like_a_formula_is_text(text):
    assert cell(text) == "'" + text


@pytest.mark.parametrize("number", ["-12.40", "+3", "-.5", "-7"])
def test_numbers_stay_numbers(number):
    assert cell(number) == number


@given(st.text())
def test_no_cell_is_a_formula(text):
    assert not cell(text).startswith(("=", "+", "-", "@", "\t", "\r")) or NUMBER.fullmatch(cell(text))


def test_values_are_written_for_machines():
    assert cell(Money(-1240)) == "-12.40"
    assert cell(date(2026, 11, 24)) == "2026-11-24"
    assert cell(datetime(2026, 11, 24, 18, 30, tzinfo=UTC)) == "2026-11-24 10:30-08:00"
    assert cell(Decimal("1E-7")) == "0.0000001"
    assert cell(None) == ""


def test_a_file_is_streamed_whole_and_named_safely():
    response = csv_response('Bills of "Hoa"\r\nX', ["Bill", "Amount"], ((f"B-{i}", Money(i)) for i in range(5000)))
    assert response["Content-Disposition"] == 'attachment; filename="Bills-of-Hoa-X.csv"'
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["Bill", "Amount"]
    assert len(rows) == 5001
    assert rows[-1] == ["B-4999", "49.99"]
