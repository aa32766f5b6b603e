"""`lamplighter tariff` on the rate book: drafted by one, adopted by another, listed and shown."""

from __future__ import annotations

import pytest

from lamplighter.tariffs.models import Version
from tests.cli.conftest import run, said
from tests.cli.test_tariff_files import R1


@pytest.fixture
def drafted(staff):
    result = run("tariff", "draft", R1, "--class", "residential", "--as", "iris")
    assert result.exit_code == 0, result.output
    return Version.objects.get()


def test_a_draft_is_proposed_by_one_and_adopted_by_another(drafted):
    assert run("tariff", "propose", drafted.pk, "--as", "iris", "--remark", "As the board resolved").exit_code == 0
    result = run("tariff", "adopt", drafted.pk, "--as", "omar")
    assert (result.exit_code, result.output) == (0, f"Version {drafted.pk} of R-1 is in force from 2026-07-01.\n")
    drafted.refresh_from_db()
    assert (drafted.state, str(drafted.adopted_by)) == ("adopted", "staff:omar")


def test_nobody_adopts_their_own(drafted):
    from tests.web.conftest import make_person

    make_person("ada", "Ada Quist", "lead-account-manager")
    assert run("tariff", "propose", drafted.pk, "--as", "ada").exit_code == 0
    Version.objects.filter(pk=drafted.pk).update(drafted_by="staff:omar")
    result = run("tariff", "adopt", drafted.pk, "--as", "omar")
    assert (result.exit_code, "Nobody adopts their own draft" in result.output) == (1, True)
    drafted.refresh_from_db()
    assert drafted.state == "proposed"


@pytest.mark.parametrize("act", ["propose", "adopt"])
def test_who_may_not_is_refused(drafted, act):
    result = run("tariff", act, drafted.pk, "--as", "dana")
    assert (result.exit_code, "Dana Reyes may not do this" in result.output) == (1, True)


def test_who_is_not_known_is_refused(drafted):
    result = run("tariff", "propose", drafted.pk, "--as", "nobody")
    assert (result.exit_code, "There is no login “nobody”" in result.output) == (2, True)


def test_only_a_draft_is_proposed_and_only_what_is_proposed_is_adopted(drafted):
    result = run("tariff", "adopt", drafted.pk, "--as", "omar")
    assert (result.exit_code, "it is draft" in result.output) == (1, True)
    assert run("tariff", "propose", drafted.pk, "--as", "iris").exit_code == 0
    assert run("tariff", "propose", drafted.pk, "--as", "iris").exit_code == 1
    assert run("tariff", "propose", 999_999, "--as", "iris").exit_code == 2


def test_a_text_with_errors_is_not_kept(staff, tmp_path):
    path = tmp_path / "r-1.toml"
    path.write_text(R1.read_text().replace("total_each_line = 126.83", "total_each_line = 126.84"))
    result = run("tariff", "draft", path, "--class", "residential", "--as", "iris")
    assert (result.exit_code, "expected $126.84" in result.stderr) == (1, True)
    assert not Version.objects.exists()


def test_the_book_lists_what_is_in_force_and_what_waits(drafted):
    status, found = said("tariff", "list", "--on", "2026-08-01")
    (row,) = found["schedules"]
    assert (status, row["schedule"], row["since"], row["waiting"]) == (0, "marisol-bay-power/r-1", None, 1)
    run("tariff", "propose", drafted.pk, "--as", "iris")
    run("tariff", "adopt", drafted.pk, "--as", "omar")
    (row,) = said("tariff", "list", "--on", "2026-08-01")[1]["schedules"]
    assert (row["since"], row["waiting"]) == ("2026-07-01", 0)
    assert said("tariff", "list", "--on", "2026-06-30")[1]["schedules"][0]["since"] is None
    assert "marisol-bay-power/r-1" in run("tariff", "list").output


def test_a_schedule_is_shown_by_code_or_key(drafted):
    for name in ("R-1", "r-1", "marisol-bay-power/r-1"):
        status, found = said("tariff", "show", name)
        assert (status, [row["state"] for row in found["versions"]]) == (0, ["draft"])
    assert "No version is in force on 2026-08-01." in run("tariff", "show", "R-1", "--on", "2026-08-01").output
    run("tariff", "propose", drafted.pk, "--as", "iris")
    run("tariff", "adopt", drafted.pk, "--as", "omar")
    assert "R-1: Residential service" in run("tariff", "show", "R-1", "--on", "2026-08-01").output
    assert run("tariff", "show", "R-9").exit_code == 2


def test_an_empty_book_says_how_to_begin(staff):
    assert "The rate book is empty" in run("tariff", "list").output
