"""Which browser the tests use. Knows nothing of the program's tables."""

from __future__ import annotations

import os
import shutil

import pytest

from lamplighter.platform.localpg import state_folder

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """`$CHROMIUM`, the one that tools.browser noted, or one on the PATH; None stands for Playwright's own."""
    note = state_folder() / "chromium"
    noted = note.read_text().strip() if note.exists() else ""
    found = os.environ.get("CHROMIUM") or noted or next(filter(None, map(shutil.which, NAMES)), "")
    if not found:
        words = "no browser: run `python -m tools.browser`, or name one in $CHROMIUM"
        pytest.fail(words) if os.environ.get("CI") == "true" else pytest.skip(words)
    return None if found == "playwright" else found
