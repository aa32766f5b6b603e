"""docs/duties.md says what the tests prove, and nothing else."""

from __future__ import annotations

import pytest
from tools import duties

PLAYED = '''
import pytest

def test_csr_01_a_call_is_logged():
    assert 1 + 1 == 2

@pytest.mark.skip(reason="later")
def test_csr_02_programs_are_shown():
    assert True

def test_csr_03a_a_payment_is_taken():
    """Nothing yet."""

def test_csr_03b_a_charge_is_adjusted():
    pytest.skip("no page yet")

@pytest.mark.xfail
def test_csr_03c_a_filing_splits_the_account():
    assert False

@pytest.mark.windowless
def test_csr_04a_service_is_started():
    assert True

def test_csr_03d_a_promise_is_kept():
    assert_kept("promise")
'''


@pytest.fixture
def played(tmp_path):
    """What counts as proof in a module of tests."""
    folder = tmp_path / "tests" / "duties"
    folder.mkdir(parents=True)

    def prove(text: str) -> dict[str, str]:
        (folder / "test_csr.py").write_text(text)
        return duties.proofs(folder)

    return prove


def test_the_page_is_up_to_date():
    assert duties.main(["--check"]) == 0, "run `python -m tools.duties`"


def test_every_part_names_tests_that_are_there():
    assert len(duties.rows(duties.ROWS)) == 67


def test_a_test_that_is_skipped_or_empty_proves_nothing(played):
    assert list(played(PLAYED)) == ["test_csr_01_a_call_is_logged", "test_csr_03d_a_promise_is_kept"]


@pytest.mark.parametrize("mark", ["pytestmark = pytest.mark.skip", "pytest.skip('later', allow_module_level=True)"])
def test_a_module_that_is_skipped_proves_nothing(played, mark):
    assert played(PLAYED.replace("import pytest\n", f"import pytest\n{mark}\n")) == {}


def test_a_duty_works_by_the_test_that_is_named_after_it(played):
    one = duties.Duty("CSR-01", "Desk", "Answer calls", ())
    other = duties.Duty("CSR-0", "Desk", "Answer nothing", (("a bell rings", "tests/bell.py"),))
    page = duties.written([one, other], played(PLAYED))
    assert "**1 of 2 duties work whole. Of 1 more, parts exist.**" in page
    assert "| CSR-01 | Answer calls | **works**: `tests/duties/test_csr.py::test_csr_01_a_call_is_logged` |" in page
    assert "| CSR-0 | Answer nothing | a bell rings ([tests](../tests/bell.py)) |" in page


def test_a_part_whose_tests_are_gone_is_refused(tmp_path):
    path = tmp_path / "rows.toml"
    path.write_text('[[role]]\nname = "Desk"\nrow = [{ id = "A", duty = "b", parts = [["c", "tests/gone.py"]] }]\n')
    with pytest.raises(ValueError, match=r"tests/gone\.py"):
        duties.rows(path)
