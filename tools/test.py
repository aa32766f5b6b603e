"""`python -m tools.test [PYTEST ARGUMENTS]`: the static checks, then every test; it fails if either does.

The tests are shared out, a file at a time, among as many processes as there are processors, at most four: each has a
database of its own. `-n 0` keeps them in one, for a debugger.
"""

from __future__ import annotations

import os
import sys

import pytest

from tools import check

SHARED = ("-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile")


class FailedChecks:
    """Says again at the end, above pytest's summary, which static checks failed."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.names:
            terminalreporter.section("static checks", red=True)
            terminalreporter.write_line(f"Failed: {', '.join(self.names)} (see the top, or run `make check`)")


def main(arguments: list[str]) -> int:
    print("Checking the code as it stands:", flush=True)
    failed = check.failures()
    arguments = [*SHARED, *arguments]
    print(f"Running the tests: pytest {' '.join(arguments)}", flush=True)
    outcome = pytest.main(arguments, plugins=[FailedChecks(failed)])
    return int(outcome) or (1 if failed else 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
