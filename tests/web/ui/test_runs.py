"""Long work is followed until it ends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lamplighter.kernel.actors import staff
from lamplighter.platform.operations.runs import advance_run, end_run, start_run

AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
HX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def run(db):
    return start_run(kind="reads.import", subject="a.csv", total=2000, by=staff("dana"), at=AT)


def test_progress_is_shown_and_asked_again(desk, run):
    advance_run(run=run, done=500, message="Reading a.csv.")
    html = desk.get(f"/runs/{run.pk}/", **HX).content.decode()
    assert 'hx-trigger="every 1s"' in html
    assert 'value="25"' in html
    assert "500 of 2,000 · 25%" in html


def test_an_end_stops_the_asking_and_tells_the_page(desk, run):
    end_run(run=run, at=AT, message="2,000 reads came in.")
    response = desk.get(f"/runs/{run.pk}/", **HX)
    assert "hx-get" not in response.content.decode()
    assert "lamp:run-ended" in response["HX-Trigger"]


def test_a_failure_says_why(desk, run):
    end_run(run=run, at=AT, message="Line 7: no meter E-1.", failed=True)
    assert "It stopped.</strong> Line 7: no meter E-1." in desk.get(f"/runs/{run.pk}/").content.decode()
