"""`lamplighter tariff check` and `explain`: files alone, no database."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import lamplighter
from tests.cli.conftest import run, said

BOOKS = Path(lamplighter.__file__).parent / "tariffs" / "books" / "marisol-bay-power"
R1 = BOOKS / "r-1_2026-07-01.toml"


def line(text: str, beginning: str) -> int:
    return next(i for i, found in enumerate(text.splitlines(), 1) if found.startswith(beginning))


@pytest.fixture
def changed(tmp_path):
    """R-1 with something changed, as a file."""

    def change(old: str, new: str, name: str = "r-1.toml") -> tuple[Path, str]:
        text = R1.read_text()
        assert old in text
        path = tmp_path / name
        path.write_text(text.replace(old, new))
        return path, path.read_text()

    return change


def test_a_shipped_file_is_sound():
    result = run("tariff", "check", R1)
    assert (result.exit_code, result.output) == (0, f"{R1}: sound, R-1 of 2026-07-01, worked bills 4\n")


def test_a_wrong_word_is_told_with_its_file_and_line(changed):
    path, text = changed('status = "open"', 'status = "ajar"')
    result = run("tariff", "check", path)
    assert result.exit_code == 1
    assert result.output.startswith(f"{path}:{line(text, 'status')}: error: tariff.status: ")


def test_a_worked_bill_that_does_not_come_out_is_told_where_it_begins(changed):
    path, text = changed("total_each_line = 126.83", "total_each_line = 126.84")
    status, found = said("tariff", "check", path)
    (file,) = found["files"]
    assert (status, file["sound"], file["bills"]) == (1, False, 4)
    (finding,) = file["findings"]
    assert (finding["code"], finding["severity"], finding["line"]) == ("tariff.bill", "error", line(text, "[[bill]]"))
    assert "the total is $126.83, expected $126.84" in finding["message"]


def test_every_file_is_told_and_the_worst_counts(changed, tmp_path):
    wrong, _ = changed('status = "open"', 'status = "ajar"')
    (tmp_path / "broken.toml").write_text("[tariff\n")
    (tmp_path / "picture.toml").write_bytes(b"\x89PNG\xff")
    files = [R1, wrong, tmp_path / "broken.toml", tmp_path / "picture.toml", tmp_path / "nowhere.toml"]
    status, found = said("tariff", "check", *files)
    assert status == 2
    assert [Path(file["file"]).name for file in found["files"]] == [path.name for path in files]
    assert [file["sound"] for file in found["files"]] == [True, False, False, False, False]
    assert [file["findings"][0]["code"] for file in found["files"][2:]] == [
        "tariff.syntax", "tariff.unreadable", "tariff.unreadable",
    ]  # fmt: skip
    assert found["files"][2]["findings"][0]["line"] == 1


def test_of_a_folder_every_file_is_checked_and_versions_follow_each_other(changed, tmp_path):
    assert run("tariff", "check", BOOKS).exit_code == 0
    changed("valid_from = 2026-07-01", "valid_from = 2026-07-01", "old.toml")
    changed("valid_from = 2026-07-01", "valid_from = 2026-09-01", "new.toml")
    status, found = said("tariff", "check", tmp_path)
    codes = {Path(file["file"]).name: [finding["code"] for finding in file["findings"]] for file in found["files"]}
    assert "tariff.dates_overlap" in codes["new.toml"]
    assert "tariff.dates_overlap" not in codes["old.toml"]
    assert status == 1


def test_a_folder_without_tariffs_is_not_sound(tmp_path):
    result = run("tariff", "check", tmp_path)
    assert (result.exit_code, "no tariff files" in result.output) == (2, True)


def test_a_tariff_is_explained_in_words_that_multiply_out():
    result = run("tariff", "explain", R1)
    assert result.exit_code == 0
    assert "heating (Heating source): gas or other, electric; if not told: gas or other" in result.stdout
    assert "300 kWh x $0.1685 = $50.55" in result.stdout
    assert "Rounded each line." in result.stdout


@pytest.mark.parametrize("path", sorted(BOOKS.parent.rglob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_file_can_be_explained(path):
    result = run("tariff", "explain", path)
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_file_with_errors_is_not_explained(changed):
    path, text = changed('status = "open"', 'status = "ajar"')
    result = run("tariff", "explain", path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{path}:{line(text, 'status')}: error" in result.stderr


def test_files_are_checked_without_loading_django():
    program = f"""
import sys
from lamplighter.cli import main
try: main(["tariff", "check", {str(R1)!r}])
except SystemExit as end: assert end.code == 0
assert "django" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)
