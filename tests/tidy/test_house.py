"""The rules of the house, as far as a machine can check them. Each says why."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "src" / "lamplighter"
REPO = ROOT.parents[1]
FILES = sorted(p for p in ROOT.rglob("*.py") if "migrations" not in p.parts and "vendor" not in p.parts)
TEMPLATES = sorted(p for p in ROOT.rglob("templates/**/*.html"))
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
TEMPLATE_LINES_MAX = 150
CLOCK = re.compile(r"\b(datetime\.now|date\.today|datetime\.today|timezone\.now|localdate|localtime|time\.time)\(")
WRITE = re.compile(r"\.(save|bulk_create|update_or_create|bulk_update|get_or_create|delete)\(|\.objects\.create\(")
VAGUE = {"utils", "helpers", "common", "misc", "manager", "managers", "services", "service", "base", "signals"}
FACES = {"web", "jobs", "cli"}
TRADE_ORDER = [
    {"web", "jobs", "cli", "town"}, {"journeys"}, {"outreach"},
    {"credit", "programs", "rebates", "keyaccounts", "outages", "workforce"},
    {"billing", "payments"}, {"usage", "fieldwork", "cases"}, {"accounts"}, {"metering", "tariffs"},
    {"premises", "customers"}, {"ledger", "notices", "worklist"}, {"platform"}, {"intervals", "formats"},
    {"rating"}, {"kernel"},
]  # fmt: skip
FLOOR = {name: len(TRADE_ORDER) - i for i, floor in enumerate(TRADE_ORDER) for name in floor}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def context(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_fits_in_the_head(path):
    assert len(path.read_text().splitlines()) <= FILE_LINES_MAX


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_function_fits_on_a_screen(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < FUNCTION_LINES_MAX, node.name


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_module_opens_with_a_true_sentence(path):
    source = path.read_text()
    if source.strip():
        assert ast.get_docstring(ast.parse(source)), "say what this module is for"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_only_the_faces_read_the_clock(path):
    if context(path) not in FACES:
        assert not CLOCK.search(path.read_text()), "pass `at` or `on` in, so that any day can be tested"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_rows_change_only_in_operations(path):
    if path.stem != "operations" and "operations" not in path.parts:
        assert not WRITE.search(path.read_text()), "every way in which a row changes is found in one place"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_modules_are_named_for_what_they_hold(path):
    assert path.stem not in VAGUE


def test_every_package_says_what_it_owns():
    for package in sorted(p.parent for p in FILES if p.name == "__init__.py"):
        assert ast.get_docstring(ast.parse((package / "__init__.py").read_text())), package


@pytest.mark.parametrize("path", FILES, ids=name)
def test_foreign_keys_point_down(path):
    """A string such as "billing.Bill" is invisible to the import contracts; it must obey them all the same."""
    own = FLOOR.get(context(path), 0)
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.Call) and getattr(node.func, "attr", "") in RELATIONS):
            continue
        for target in [*node.args[:1], *(k.value for k in node.keywords if k.arg in {"to", "through"})]:
            if isinstance(target, ast.Constant) and isinstance(target.value, str) and "." in target.value:
                label = target.value.split(".")[0]
                assert label == context(path) or FLOOR.get(label, 0) < own, target.value


RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_is_short_and_keeps_its_script_and_style_elsewhere(path):
    text = path.read_text()
    assert len(text.splitlines()) <= TEMPLATE_LINES_MAX
    assert not re.search(r"\son[a-z]+=|<style|\sstyle=|<script(?![^>]*\bsrc=)", text), "the CSP refuses it"


@pytest.mark.parametrize("path", sorted(ROOT.rglob("migrations/0*.py")), ids=name)
def test_migrations_stand_alone(path):
    """An old migration must not feel new code: columns and schema of the platform are all that it may import."""
    imports = set(re.findall(r"^(?:from|import) (lamplighter[.\w]*)", path.read_text(), re.MULTILINE))
    assert imports <= {"lamplighter.platform.columns", "lamplighter.platform.schema"}


def test_no_tracked_file_names_a_registry_or_this_machine():
    import subprocess

    names = subprocess.run(["git", "ls-files", "-z"], cwd=REPO, capture_output=True, check=True).stdout
    secret = re.compile(rb"pypi\.org|files\.pythonhosted|registry\.npmjs|(^|[\s\"'=])/(root|work|home|Users)/")
    for tracked in filter(None, names.decode().split("\0")):
        path = REPO / tracked
        if path.is_file() and path.suffix not in {".gz", ".png", ".zip"}:
            assert not secret.search(path.read_bytes()), tracked
