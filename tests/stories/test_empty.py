"""A utility on its first day: nothing is there yet, and every page, query and control says so sensibly."""

import re

import pytest
from django.test import Client

from lamplighter.cli.check import report_controls
from lamplighter.journeys.control import controls
from lamplighter.platform.access import ROLES
from lamplighter.web.access import Needs, surfaces
from tests.web.conftest import make_person
from tests.web.test_surfaces import address, may_open

PAGES = [surface for surface in surfaces() if isinstance(surface.reach, Needs)]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_job_answers(role):
    """Each page to the first job that has it; that it answers the others too, test_surfaces sees."""
    client = Client()
    client.force_login(make_person("dana", "Dana Reyes", role))
    for surface in PAGES:
        if next(one for one in ROLES if may_open(surface.reach, kind="staff", role=one)) != role:
            continue
        path = address(surface.route)
        named = re.search(r"<|\(\?P", surface.route)
        found = client.get(path)
        assert found.status_code in ({200, 302, 404, 405} if named else {200, 302, 405}), (path, found.status_code)
        if not named and found.status_code == 200:
            for question in ("?q=nobody&page=2", "?sort=-number&export=csv"):
                assert client.get(path + question).status_code in {200, 302, 400, 404}, path + question


@pytest.mark.django_db
def test_every_control_holds(capsys):
    found = list(controls())
    assert found
    assert report_controls(found), capsys.readouterr().out
