"""What fuzzing and reading found in readers of what others hand over: each refuses in words what once stopped it."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from pptx import Presentation

from lamplighter.formats.dayweather import read_days
from lamplighter.formats.mailingreports import read_report
from lamplighter.formats.refusals import Unreadable
from lamplighter.keyaccounts.documents import deck
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.outreach.models import RefusedLine
from lamplighter.outreach.operations.traits import take_traits
from lamplighter.outreach.rules.segments import CannotReach
from lamplighter.platform.backups.manifest import CannotRestore, parsed
from tests.town import DANA

AT = datetime(2026, 11, 21, 20, tzinfo=UTC)


@pytest.mark.parametrize("row", ["2026-01-31,41,nan,63", "2026-01-31,41,52,Infinity", "2026-01-31,3e5999999,,61"])
def test_a_temperature_that_is_no_number_is_refused_by_its_line(tmp_path, row):
    path = tmp_path / "days.csv"
    path.write_text(f"DATE,TMIN,TAVG,TMAX\n{row}\n")
    with pytest.raises(ValueError, match="line 2 is not a day"):
        list(read_days(path))


def test_a_template_that_is_broken_inside_or_swells_is_no_template(monkeypatch):
    whole = BytesIO()
    Presentation().save(whole)
    broken = whole.getvalue()[:60] + b"\0" * 40 + whole.getvalue()[100:]
    with pytest.raises(CannotKeep, match="no PowerPoint file"):
        deck.opened(broken)
    monkeypatch.setattr(deck, "MOST_UNPACKED", 1_000_000)
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("ppt/slides/slide1.xml", b"0" * 2_000_000)
    with pytest.raises(CannotKeep, match="Unpacked the template has 2 MB"):
        deck.opened(bomb.getvalue())


def test_a_line_without_end_is_no_line_of_a_mailing_report():
    with pytest.raises(Unreadable) as refused:
        read_report(b"REPORT,P-1\n" + b"A" * 200_000, file="report.csv")
    assert (refused.value.finding.code, refused.value.finding.place.line) == ("mailing-report.line", 2)


def test_a_manifest_that_nests_without_end_is_no_backup():
    with pytest.raises(CannotRestore, match="is damaged"):
        parsed("[" * 100_000)


def test_a_list_with_old_line_ends_is_read_and_a_field_without_end_refused(db):
    known = {"source": "assessor", "on": date(2026, 11, 1), "by": DANA, "at": AT}
    taken = take_traits(text="account,kind,value\r1-1,business,722511\r", **known)
    assert RefusedLine.objects.get(taken=taken).line == 2, "there is no such account"
    with pytest.raises(CannotReach, match="no list of lines"):
        take_traits(text="account,kind,value\n" + "A" * 200_000, **known)
