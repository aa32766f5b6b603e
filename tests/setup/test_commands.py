"""The commands behind `make test`, `make check` and `make soak` say what they do, and fail when something fails."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from tools import check, soak
from tools.hatch_metadata import RunRequirements

REPO = Path(__file__).parents[2]
PASSING, FAILING = ["python", "-c", "print('fine')"], ["python", "-c", "raise SystemExit('line 3 is odd')"]
TEST = """
import sys
from tools import check, test
check.CHECKS = {checks!r}
sys.exit(test.main({arguments!r}))
"""
SOAK = '''"""A sample."""
import random

def soak(seconds: float, seed: int) -> str:
    dice = random.Random(seed)
    if seed == 13:
        raise AssertionError("the books do not balance")
    return f"{seconds:.0f} s, threw {dice.randint(1, 6)}"
'''


def test_every_check_runs_though_one_fails(monkeypatch, capsys):
    monkeypatch.setattr(check, "CHECKS", {"first": FAILING, "second": PASSING, "third": FAILING})
    assert check.failures() == ["first", "third"]
    said = capsys.readouterr().out
    assert re.findall(r"(\w+) +(ok|FAILED) +\d+\.\d s", said) == [
        ("first", "FAILED"), ("second", "ok"), ("third", "FAILED"),
    ]  # fmt: skip
    assert said.count("line 3 is odd") == 2
    assert "fine" not in said, "a check that passes is quiet"


@pytest.mark.parametrize("name", check.CHECKS)
def test_each_check_is_installed(name):
    assert Path(sys.executable).with_name(check.CHECKS[name][0]).exists()


@pytest.mark.parametrize(
    ("checks", "test", "code", "summary"),
    [
        ({"sham": PASSING}, "assert True", 0, "1 passed"),
        ({"sham": FAILING}, "assert True", 1, "1 passed"),
        ({"sham": PASSING}, "assert False", 1, "1 failed"),
    ],
)
def test_the_tests_end_with_pytests_own_line_and_fail_with_the_checks(tmp_path, checks, test, code, summary):
    file = tmp_path / "test_sample.py"
    file.write_text(f"def test_sample():\n    {test}\n")
    arguments = [
        str(file),
        "-k",
        "sample",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:django",
        "-c",
        str(tmp_path / "none.ini"),
    ]
    (tmp_path / "none.ini").touch()
    program = TEST.format(checks=checks, arguments=arguments)
    done = subprocess.run([sys.executable, "-c", program], cwd=REPO, check=False, capture_output=True, text=True)
    assert done.returncode == code, done.stdout + done.stderr
    assert re.fullmatch(rf"=+ {summary} in [\d.]+s =+", done.stdout.splitlines()[-1])
    assert ("Failed: sham" in done.stdout) == (checks["sham"] is FAILING)


def test_a_long_run_is_found_run_and_can_be_had_again(tmp_path, monkeypatch, capfd):
    (tmp_path / "deep").mkdir()
    file = tmp_path / "deep" / "soak_dice.py"
    file.write_text(SOAK)
    monkeypatch.setattr(soak, "TESTS", tmp_path)
    assert soak.main(["--minutes", "0.5", "--seed", "7"]) == 0
    said = capfd.readouterr().out
    assert "30 s, threw" in said
    assert "1 of 1 long runs held." in said
    again = re.search(r"again with: python (-m tools\.soak .*)", said)[1].split()
    first = re.search(r"threw \d", said)[0]
    assert again == ["-m", "tools.soak", "--minutes", "0.5", "--seed", "7", str(file)]
    done = subprocess.run([sys.executable, *again], cwd=REPO, check=True, capture_output=True, text=True)
    assert first in done.stdout


def test_a_long_run_that_breaks_fails_the_command_and_stops_no_other(tmp_path, monkeypatch, capfd):
    for name in ("soak_one.py", "soak_two.py"):
        (tmp_path / name).write_text(SOAK)
    (tmp_path / "soak_two.py").write_text("import os\n\ndef soak(seconds, seed):\n    os.abort()\n")
    monkeypatch.setattr(soak, "TESTS", tmp_path)
    assert soak.main(["--minutes", "0.01", "--seed", "13"]) == 1
    heard = capfd.readouterr()
    assert "the books do not balance" in heard.err
    assert re.findall(r"(soak_\w+): FAILED", heard.out) == ["soak_one", "soak_two"]


def test_without_long_runs_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(soak, "TESTS", tmp_path)
    assert soak.main([]) == 0
    assert "There is no soak_*.py" in capsys.readouterr().out


def test_what_the_program_needs_is_named_as_builds_read_it():
    """A remark behind a name would stop every installation, and no test of what is installed already would notice."""
    hook = RunRequirements(str(REPO), {})
    told: dict[str, list[str]] = {}
    hook.update(told)
    assert {Requirement(line).name for line in told["dependencies"]} >= {"django", "pandas", "typst"}
