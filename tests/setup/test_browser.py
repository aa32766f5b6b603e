"""A browser for the browser tests is found by launching it, and never taken by its name alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from tools import browser

from lamplighter.platform.localpg import state_folder


def apart(act, *args, **kwargs):
    """In a thread of its own: Playwright drives one browser a thread, and the browser tests may have one open."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(act, *args, **kwargs).result()


@pytest.mark.browser
def test_the_noted_browser_draws_a_page():
    note = state_folder() / "chromium"
    noted = note.read_text().strip() if note.exists() else apart(browser.find)
    assert apart(browser.works, noted)
    assert apart(browser.find, noted=noted) == noted


@pytest.mark.browser
def test_a_stub_is_not_taken_for_a_browser(tmp_path, monkeypatch, capfd):
    stub = tmp_path / "chromium"
    stub.write_text("#!/bin/sh\necho 'install the snap' >&2\nexit 1\n")
    stub.chmod(0o755)
    assert not apart(browser.works, str(stub))
    assert str(stub) in capfd.readouterr().err
    monkeypatch.setenv("CHROMIUM", str(stub))
    with pytest.raises(SystemExit, match=r"CHROMIUM names .*/chromium, which does not work"):
        apart(browser.find)
