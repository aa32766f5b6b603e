"""The demo city knows its own address, so that the emails of its bills lead to them; a name that is set stays."""

from __future__ import annotations

import os

import pytest
from click.testing import CliRunner

from lamplighter.cli import demo as command

ADDRESS = "LAMPLIGHTER_PUBLIC_URL"


@pytest.mark.parametrize(
    ("named", "known"), [("", "http://127.0.0.1:8123"), ("https://demo.example", "https://demo.example")]
)
def test_links_lead_to_where_the_demo_is_served(monkeypatch, named, known):
    for name in (ADDRESS, "LAMPLIGHTER_DEMO", "LAMPLIGHTER_CARDS", "LAMPLIGHTER_CARDS_SECRET"):
        monkeypatch.setenv(name, named)
        if not named:
            monkeypatch.delenv(name)
    monkeypatch.setattr(command, "stand", lambda **_: None)
    done = CliRunner().invoke(command.demo, ["--no-serve", "--port", "8123"])
    assert done.exit_code == 0, done.output
    assert os.environ[ADDRESS] == known
