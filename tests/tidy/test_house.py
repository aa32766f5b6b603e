"""The rules of the house, as far as a machine can check them. Each says why."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "src" / "lamplighter"
REPO = ROOT.parents[1]
MODULES = sorted(p for p in ROOT.rglob("*.py") if "migrations" not in p.parts and "vendor" not in p.parts)
TEMPLATES = sorted(p for p in ROOT.rglob("templates/**/*.html"))
MIGRATIONS = sorted(ROOT.rglob("migrations/0*.py"))
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
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


def context(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def fits_in_the_head(path: Path) -> Iterator[str]:
    if (lines := len(path.read_text().splitlines())) > FILE_LINES_MAX:
        yield f"{lines} lines"


def has_functions_that_fit_on_a_screen(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        lines = (getattr(node, "end_lineno", None) or 0) - getattr(node, "lineno", 0)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and lines >= FUNCTION_LINES_MAX:
            yield node.name


def opens_with_a_true_sentence(path: Path) -> Iterator[str]:
    """A package too says what it owns."""
    if (path.read_text().strip() or path.name == "__init__.py") and not ast.get_docstring(tree(path)):
        yield "say what this module is for"


def leaves_the_clock_to_the_faces(path: Path) -> Iterator[str]:
    if context(path) not in FACES and CLOCK.search(path.read_text()):
        yield "pass `at` or `on` in, so that any day can be tested"


def changes_rows_only_in_operations(path: Path) -> Iterator[str]:
    if path.stem != "operations" and "operations" not in path.parts and (found := WRITE.search(path.read_text())):
        yield f"{found[0]} belongs into operations: every way in which a row changes is found in one place"


def is_named_for_what_it_holds(path: Path) -> Iterator[str]:
    if path.stem in VAGUE:
        yield "what does it hold?"


def points_foreign_keys_down(path: Path) -> Iterator[str]:
    """A string such as "billing.Bill" is invisible to the import contracts; it must obey them all the same."""
    own = FLOOR.get(context(path), 0)
    for node in ast.walk(tree(path)):
        if not (isinstance(node, ast.Call) and getattr(node.func, "attr", "") in RELATIONS):
            continue
        for target in [*node.args[:1], *(k.value for k in node.keywords if k.arg in {"to", "through"})]:
            if isinstance(target, ast.Constant) and isinstance(target.value, str) and "." in target.value:
                label = target.value.split(".")[0]
                if label != context(path) and FLOOR.get(label, 0) >= own:
                    yield target.value


def is_short_and_keeps_script_and_style_elsewhere(path: Path) -> Iterator[str]:
    text = path.read_text()
    if (lines := len(text.splitlines())) > TEMPLATE_LINES_MAX:
        yield f"{lines} lines"
    if found := re.search(r"\son[a-z]+=|<style|\sstyle=|<script(?![^>]*\bsrc=)", text):
        yield f"the CSP refuses {found[0]}"


def stands_alone(path: Path) -> Iterator[str]:
    """An old migration must not feel new code: columns and schema of the platform are all that it may import."""
    imports = set(re.findall(r"^(?:from|import) (lamplighter[.\w]*)", path.read_text(), re.MULTILINE))
    yield from imports - {"lamplighter.platform.columns", "lamplighter.platform.schema"}


RULES = [
    (MODULES, (fits_in_the_head, has_functions_that_fit_on_a_screen, opens_with_a_true_sentence,
               leaves_the_clock_to_the_faces, changes_rows_only_in_operations, is_named_for_what_it_holds,
               points_foreign_keys_down)),
    (TEMPLATES, (is_short_and_keeps_script_and_style_elsewhere,)),
    (MIGRATIONS, (stands_alone,)),
]  # fmt: skip


@pytest.mark.parametrize(("files", "rule"), [
    pytest.param(files, rule, id=rule.__name__) for files, rules in RULES for rule in rules
])  # fmt: skip
def test_every_file(files, rule):
    broken = [f"{path.relative_to(ROOT)}: {why}" for path in files for why in rule(path)]
    assert not broken, "\n".join(broken)


def test_no_tracked_file_names_a_registry_or_this_machine():
    import subprocess

    names = subprocess.run(["git", "ls-files", "-z"], cwd=REPO, capture_output=True, check=True).stdout
    secret = re.compile(rb"pypi\.org|files\.pythonhosted|registry\.npmjs|(^|[\s\"'=])/(root|work|home|Users)/")
    for tracked in filter(None, names.decode().split("\0")):
        path = REPO / tracked
        if path.is_file() and path.suffix not in {".gz", ".png", ".zip"}:
            assert not secret.search(path.read_bytes()), tracked
