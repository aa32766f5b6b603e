"""A browser for the browser tests is found by launching it, and never taken by its name alone."""

from __future__ import annotations

import pytest
from tools import browser

from lamplighter.platform.localpg import state_folder


@pytest.mark.browser
def test_the_noted_browser_draws_a_page():
    note = state_folder() / "chromium"
    noted = note.read_text().strip() if note.exists() else browser.find()
    assert browser.works(noted)
    assert browser.find(noted=noted) == noted


@pytest.mark.browser
def test_a_stub_is_not_taken_for_a_browser(tmp_path, monkeypatch, capfd):
    stub = tmp_path / "chromium"
    stub.write_text("#!/bin/sh\necho 'install the snap' >&2\nexit 1\n")
    stub.chmod(0o755)
    assert not browser.works(str(stub))
    assert str(stub) in capfd.readouterr().err
    monkeypatch.setenv("CHROMIUM", str(stub))
    with pytest.raises(SystemExit, match=r"CHROMIUM names .*/chromium, which does not work"):
        browser.find()
