"""`lamplighter read`: for people, and as JSON for programs."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from lamplighter.cli import main
from lamplighter.formats.espi.writer import write_espi
from tests.formats.samples import FEED, channel

ROW = "MEPMD01,1,S,,R,P1,202501010000,M1,OK,E,KWH,1,00000100,{},{}\n"


def run(*arguments):
    return CliRunner().invoke(main, ["read", *map(str, arguments)])


def said(*arguments):
    result = run("--json", *arguments)
    return result.exit_code, json.loads(result.stdout)


@pytest.fixture
def hours(tmp_path):
    path = tmp_path / "hours.txt"
    path.write_text(ROW.format(3, "202501010100,R0,1.5,202501010200,N,,202501010300,R0,2"))
    return path


def test_json_says_what_a_file_holds(hours):
    status, document = said(hours)
    (file,) = document["files"]
    assert status == 0
    assert (file["file"], file["format"], file["whole"], file["errors"]) == (str(hours), "cmep", True, [])
    assert file["channels"] == [
        {
            "id": "M1/KWH",
            "meter": "M1",
            "point": "P1",
            "register": "KWH",
            "commodity": "electricity",
            "flow": "delivered",
            "kind": "interval",
            "unit": "Wh",
            "readings": 2,
            "missing": 1,
            "total": "3500",
            "total_wh": 3500,
            "first": "2025-01-01T00:00:00Z",
            "last": "2025-01-01T03:00:00Z",
            "interval_seconds": 3600,
            "gaps": [{"start": "2025-01-01T01:00:00Z", "seconds": 3600}],
            "irregular_durations": [],
            "overlaps": [],
            "duplicates": [],
        }
    ]


def test_the_keys_of_a_single_file_stand_beside_files(hours):
    _, document = said(hours)
    assert document["channels"] == document["files"][0]["channels"]
    _, document = said(hours, hours)
    assert list(document) == ["files"]


def test_cost_is_in_hundred_thousandths_and_fractions_are_text(tmp_path):
    path = tmp_path / "no-extension"
    path.write_bytes(gzip.compress(write_espi([channel([5, 6], cost=[150, 7], currency="840")], FEED)))
    _, document = said(path)
    assert (document["channels"][0]["cost"], document["channels"][0]["currency"]) == (157, "840")
    part = tmp_path / "part.txt"
    part.write_text(ROW.format(1, "202501010100,R0,0.0005"))
    assert said(part)[1]["channels"][0]["total_wh"] == "0.5"


def test_a_register_says_its_first_and_last_read(tmp_path):
    path = tmp_path / "register.txt"
    path.write_text(ROW.replace("KWH", "KWHREG").format(2, "202501010100,R0,100,202501020100,R0,108.5"))
    (one,) = said(path)[1]["channels"]
    assert (one["kind"], one["first_read"], one["last_read"], one["total_wh"]) == ("register", "100000", "108500", 8500)


def test_what_is_wrong_is_told_with_line_field_and_remedy_and_status_one(tmp_path):
    path = tmp_path / "bad.txt"
    path.write_text(ROW.format(1, "202501010100,R0,1") + ROW.format(2, "202501010200,R0,1"))
    status, document = said(path)
    assert (status, document["whole"]) == (1, False)
    (error,) = document["errors"]
    assert error["code"] == "cmep.length"
    assert (error["line"], error["field"], error["severity"]) == (2, "quantity", "error")
    assert "20 fields" in error["message"]
    assert error["remedy"]
    assert document["channels"][0]["readings"] == 1


@pytest.mark.parametrize("content", [None, b"", b"Dear Sir\n", b'<!DOCTYPE f [<!ENTITY a "b">]><feed>&a;</feed>'])
def test_what_cannot_be_read_is_status_two_and_still_json(tmp_path, content):
    path = tmp_path / "f.xml"
    if content is not None:
        path.write_bytes(content)
    status, document = said(path)
    assert (status, document["format"], document["channels"]) == (2, None, [])
    assert document["errors"][0]["message"]


def test_the_worst_of_several_files_is_the_status(hours, tmp_path):
    status, document = said(hours, tmp_path / "nothing")
    assert status == 2
    assert [len(file["channels"]) for file in document["files"]] == [1, 0]


def test_a_table_needs_a_mapping(tmp_path):
    table, mapping = tmp_path / "t.csv", tmp_path / "m.toml"
    table.write_text("meter,time,kwh\nM1,2025-01-01 00:00,1.5\n")
    assert said(table)[0] == 2
    mapping.write_text(
        '[columns]\nmeter = "meter"\ntime = "time"\n[time]\nformat = "%Y-%m-%d %H:%M"\ninterval = 3600\n'
        '[[value]]\ncolumn = "kwh"\nunit = "kWh"\n'
    )
    status, document = said(table, "--mapping", mapping, "--timezone", "America/Los_Angeles")
    assert (status, document["format"], document["channels"][0]["first"]) == (0, "csv", "2025-01-01T08:00:00Z")


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--timezone", "Mars/Olympus", "no time zone"),
        ("--mapping", "nothing.toml", "nothing.toml"),
        ("--format", "excel", "'excel' is not one of"),
    ],
)
def test_a_wrong_option_is_told_on_the_other_stream(hours, option, value, message):
    result = run(hours, option, value, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr


def test_the_zone_of_a_feed_is_a_setting(hours):
    assert said(hours, "--timezone", "+10:00")[1]["channels"][0]["first"] == "2024-12-31T14:00:00Z"


def test_people_are_shown_a_table_for_each_channel_and_the_findings(tmp_path):
    path = tmp_path / "hours.txt"
    path.write_text(ROW.format(2, "202501010100,R0,1234.5,202501010300,R0,2") + "[bold]what\x1b[31m is this\n")
    result = run(path)
    assert result.exit_code == 1
    for text in (
        "M1/KWH",
        "1,236,500 Wh",
        "intervals of 60 minutes",
        "Gaps",
        "3,600 s",
        "2025-01-01 00:00 UTC",
        "line 2",
    ):
        assert text in result.stdout
    assert "\x1b[31m" not in result.stdout
    assert "[BOLD]WHAT" in result.stdout


def test_people_are_told_what_cannot_be_read(tmp_path):
    result = run(tmp_path / "nothing")
    assert result.exit_code == 2
    assert "no such file" in result.stdout


def test_it_needs_no_django_and_no_database():
    code = (
        "import sys, lamplighter.cli.read, lamplighter.formats.reading as r\n"
        "for f in r.READERS: r.reader_of(f)\n"
        "assert not {'django', 'psycopg'} & set(sys.modules), 'loaded'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_help_says_what_the_status_means():
    result = run("--help")
    assert "0 every file was read whole" in result.stdout
