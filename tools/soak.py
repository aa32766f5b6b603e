"""`python -m tools.soak [--minutes N] [--seed S] [FILE ...]`: the long runs, each in a process of its own.

A long run is a module `soak_*.py` under tests/ with a function `soak(seconds: float, seed: int) -> str` that works for
about so long, raises when a promise is broken, and returns a sentence on what it did. The seed decides all that is
random in it, so that a failure can be had again by the command that is printed with it.
"""

from __future__ import annotations

import argparse
import importlib.util
import secrets
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

REPO = Path(__file__).parents[1]
TESTS = REPO / "tests"
OVERTIME = 300  # seconds for building up and tearing down; one that takes longer hangs


def main(arguments: list[str]) -> int:
    options = _options().parse_args(arguments)
    if options.alone:
        print(soak_in(options.files[0])(options.minutes * 60, options.seed))
        return 0
    files = options.files or sorted(TESTS.rglob("soak_*.py"))
    if not files:
        print(f"There is no soak_*.py below {TESTS}.")
        return 0
    failed = [file for file in files if not passes(file, minutes=options.minutes, seed=options.seed)]
    print(f"{len(files) - len(failed)} of {len(files)} long runs held.")
    return 1 if failed else 0


def passes(file: Path, *, minutes: float, seed: int) -> bool:
    """Runs one; a crash of the interpreter fails it, and leaves the others to run."""
    again = ["-m", "tools.soak", "--minutes", f"{minutes:g}", "--seed", str(seed), str(file)]
    print(f"{file.stem}: {minutes:g} minutes, again with: python {shlex.join(again)}", flush=True)
    begun = time.monotonic()
    try:
        alone = [sys.executable, *again, "--alone"]
        held = subprocess.run(alone, cwd=REPO, check=False, timeout=minutes * 60 + OVERTIME).returncode == 0
    except subprocess.TimeoutExpired:
        held = False
    print(f"{file.stem}: {'held' if held else 'FAILED'} after {time.monotonic() - begun:.0f} s", flush=True)
    return held


def soak_in(file: Path) -> Callable[[float, int], str]:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec, file
    assert spec.loader, file
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return cast("Callable[[float, int], str]", module.soak)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.soak", description="The long runs.")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="soak_*.py; all below tests/ if none")
    parser.add_argument("--minutes", type=float, default=10, help="for each (10)")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31), help="a new one each time if not given")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
