"""Every icon that the interface names is drawn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import lamplighter.web
from lamplighter.web.signin.demo import DEMO_LOGINS
from lamplighter.web.ui.markup import icon, icons
from lamplighter.web.ui.rail import AREAS, Group

TEMPLATES = sorted(Path(lamplighter.web.__file__).parent.rglob("templates/**/*.html"))


def test_the_rail_and_the_demo_name_icons_that_exist():
    shown = [one for area in AREAS for one in area.items]
    grouped = [item for one in shown if isinstance(one, Group) for item in one.items]
    named = {one.icon for one in (*shown, *grouped, *DEMO_LOGINS)}
    assert named <= set(icons())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_names_icons_that_exist(path):
    assert set(re.findall(r'{% icon "([\w-]+)"', path.read_text())) <= set(icons())


def test_an_icon_is_silent_for_screen_readers():
    assert icon("search").startswith('<svg class="icon" aria-hidden="true"')
