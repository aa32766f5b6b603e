"""`python -m tools.duties [--check]`: docs/duties.md from tests/duties/rows.toml and the tests that play the duties.

A row works when a test in tests/duties plays it: `CSR-03a` needs `def test_csr_03a_<what happens>`. One that is
skipped, marked as failing, empty, or marked as one that asks no browser counts for nothing. Until then the page lists
what parts of the duty exist, each with the tests that hold it.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).parents[1]
TESTS = REPO / "tests" / "duties"
ROWS, PAGE = TESTS / "rows.toml", REPO / "docs" / "duties.md"
IDLE = {"skip", "skipif", "xfail", "windowless"}


@dataclass(frozen=True, slots=True)
class Duty:
    """`parts` are what exists of it, in words, with the file of tests that holds each."""

    id: str
    role: str
    duty: str
    parts: tuple[tuple[str, str], ...]

    @property
    def beginning(self) -> str:
        """How the names of its tests begin."""
        return f"test_{self.id.lower().replace('-', '_')}_"


def main(arguments: list[str]) -> int:
    page = written(rows(ROWS), proofs(TESTS))
    if "--check" not in arguments:
        PAGE.write_text(page, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page:
        return 0
    print("docs/duties.md is not up to date: run `python -m tools.duties`.", file=sys.stderr)
    return 1


def rows(path: Path) -> list[Duty]:
    """In the order of the file. Raises ValueError for an id that stands twice and for tests that are not there."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    found = [
        Duty(row["id"], role["name"], row["duty"], tuple((words, file) for words, file in row.get("parts", ())))
        for role in told["role"]
        for row in role["row"]
    ]
    twice = {one.id for one in found if [other.id for other in found].count(one.id) > 1}
    lost = {file for one in found for _, file in one.parts if not (REPO / file).is_file()}
    if twice or lost:
        raise ValueError(f"{path.name}: ids that stand twice {sorted(twice)}, tests that are not there {sorted(lost)}")
    return found


def proofs(folder: Path) -> dict[str, str]:
    """Tests that run and do something: where each is, by its name."""
    found: dict[str, str] = {}
    for file in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        if not _skips_all(tree):
            where = file.relative_to(folder.parents[1])
            found |= {name: f"{where}::{name}" for name in _tests(tree)}
    return found


def written(duties: list[Duty], tests: dict[str, str]) -> str:
    """The page."""
    lines = [_head(duties, tests)]
    for role in dict.fromkeys(duty.role for duty in duties):
        lines += [f"\n## {role}\n", "| id | duty | state |", "|---|---|---|"]
        lines += [f"| {duty.id} | {duty.duty} | {_state(duty, tests)} |" for duty in duties if duty.role == role]
    return "\n".join(lines) + "\n"


def _head(duties: list[Duty], tests: dict[str, str]) -> str:
    whole = sum(bool(_proofs_of(duty, tests)) for duty in duties)
    begun = sum(bool(duty.parts) and not _proofs_of(duty, tests) for duty in duties)
    return f"""\
# Duties

What each person at a public power utility does, taken from public job descriptions, and how far the program goes. It is
made by `python -m tools.duties` from `tests/duties/rows.toml`: do not edit it.

A duty *works* when a person in that job can do it from start to finish in the running program, and a test in
`tests/duties` named after it plays it through the pages. What is listed otherwise are parts: they exist and are tested,
but the duty as a whole cannot be done with the program alone.

**{whole} of {len(duties)} duties work whole. Of {begun} more, parts exist.**"""


def _state(duty: Duty, tests: dict[str, str]) -> str:
    if found := _proofs_of(duty, tests):
        return "**works**: " + ", ".join(f"`{test}`" for test in found)
    return "; ".join(f"{words} ([tests](../{file}))" for words, file in duty.parts) or "nothing yet"


def _proofs_of(duty: Duty, tests: dict[str, str]) -> list[str]:
    return [where for name, where in tests.items() if name.startswith(duty.beginning)]


def _tests(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.name.startswith("test_"):
            continue
        if not any(_idle(decorator) for decorator in node.decorator_list) and _does_something(node):
            yield node.name


def _does_something(test: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """It asserts something, itself or by a call, and never skips itself."""
    inside = list(ast.walk(test))
    works = any(isinstance(node, ast.Assert | ast.Call) for node in inside)
    return works and not any(isinstance(node, ast.Call) and _idle(node.func) for node in inside)


def _skips_all(tree: ast.Module) -> bool:
    marks = [node.value for node in tree.body if isinstance(node, ast.Assign) and _names(node, "pytestmark")]
    calls = [node.value for node in tree.body if isinstance(node, ast.Expr)]
    return any(_idle(found) for value in (*marks, *calls) for found in ast.walk(value))


def _names(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)


def _idle(node: ast.AST) -> bool:
    """Whether an expression is one of those, of pytest itself or of its marks."""
    called = node.func if isinstance(node, ast.Call) else node
    return isinstance(called, ast.Attribute) and called.attr in IDLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
