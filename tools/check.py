"""`python -m tools.check`: what can be said about the code without running it. Every check runs, whatever fails."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

REPO = Path(__file__).parents[1]
CHECKS = {
    "lint (ruff check)": ["ruff", "check", "--quiet"],
    "layout (ruff format)": ["ruff", "format", "--check", "--quiet"],
    "floors (lint-imports)": ["lint-imports"],
    "types (mypy)": ["mypy", "--no-error-summary"],
}


def main() -> None:
    failed = failures()
    if failed:
        raise SystemExit(f"Failed: {', '.join(failed)}. `make fix` mends what a machine can.")


def failures() -> list[str]:
    """Runs every check, printing its name and time, and what it said if it failed. The names of those that did."""
    return [name for name, command in CHECKS.items() if not passes(name, command)]


def passes(name: str, command: list[str]) -> bool:
    passed, told = tried(name, command)
    print(told, flush=True)
    return passed


def tried(name: str, command: list[str]) -> tuple[bool, str]:
    """Whether a check passes, and what to tell of it: its name and time, and what it said if it failed."""
    begun = time.monotonic()
    program = Path(sys.executable).with_name(command[0])
    done = subprocess.run(
        [str(program), *command[1:]], cwd=REPO, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    passed = done.returncode == 0
    told = f"  {name:24} {'ok' if passed else 'FAILED':6} {time.monotonic() - begun:5.1f} s"
    return passed, told if passed else f"{told}\n{done.stdout}"


if __name__ == "__main__":
    main()
