"""`python -m tools.test [PYTEST ARGUMENTS]`: the static checks and every test; it fails if either does.

The last check, of the types, takes as long as all others together, on one processor: it runs beside the tests.
The tests are shared out, a file at a time, the long ones first, among as many processes as there are processors, at
most four: each has a database of its own. `-n 0` keeps them in one, for a debugger.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tools import check

SHARED = ("-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile", "--no-loadscope-reorder")


class Checks:
    """Says again at the end, above pytest's summary, which static checks failed, and what the last one said."""

    def __init__(self, failed: list[str], last: str) -> None:
        self.failed, self.last = failed, last
        self.running = ThreadPoolExecutor(1)
        self.outcome = self.running.submit(check.tried, last, check.CHECKS[last])

    def done(self) -> tuple[list[str], str]:
        """The names of those that failed, and what the last one said."""
        passed, told = self.outcome.result()
        return self.failed if passed else [*self.failed, self.last], told

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        failed, told = self.done()
        terminalreporter.section("static checks", red=bool(failed))
        terminalreporter.write_line(told)
        if failed:
            terminalreporter.write_line(f"Failed: {', '.join(failed)} (see the top, or run `make check`)")


def main(arguments: list[str]) -> int:
    print("Checking the code as it stands:", flush=True)
    *first, last = check.CHECKS
    failed = [name for name in first if not check.passes(name, check.CHECKS[name])]
    checks = Checks(failed, last)
    arguments = [*SHARED, *arguments]
    print(f"Running the tests, and beside them {last}: pytest {' '.join(arguments)}", flush=True)
    outcome = pytest.main(arguments, plugins=[checks])
    return int(outcome) or (1 if checks.done()[0] else 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
