"""Each person can open only their part: every URL of the program against every role, generated."""

from __future__ import annotations

import re
from functools import cache

import pytest
from django.test import Client

from lamplighter.platform.access import PERMISSIONS, ROLES
from lamplighter.web.access import Closed, Needs, Public, SignedIn, surfaces

SAMPLES = {"int": "1", "slug": "x", "str": "x", "path": "x", "uuid": "0" * 8 + "-0000-4000-8000-" + "0" * 12}
ALL = list(surfaces())


def address(route: str) -> str:
    """A path that the route matches: what it names need not exist, since the guard stands before the view."""
    filled = re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES[found[1] or "str"], route)
    filled = re.sub(r"\(\?P<\w+>[^)]*\)", "x", filled)
    return "/" + filled.replace("^", "").replace("$", "")


@pytest.mark.parametrize("surface", ALL, ids=lambda surface: surface.route)
def test_every_url_says_who_may_open_it(surface):
    assert surface.reach is not None, f"{surface.route} declares no reach (lamplighter.web.access)"


def test_a_name_leads_to_one_view():
    """Two views of one name: a link to the one opens the other."""
    views: dict[str, set[object]] = {}
    for surface in ALL:
        if surface.name and not surface.name.endswith(":"):
            views.setdefault(surface.name, set()).add(surface.view)
    assert [name for name, several in views.items() if len(several) > 1] == []


def test_every_needed_permission_exists():
    needed = {name for surface in ALL if isinstance(surface.reach, Needs) for name in surface.reach.permissions}
    assert needed <= set(PERMISSIONS)


def may_open(reach, *, kind: str, role: str) -> bool:
    match reach:
        case Public():
            return True
        case SignedIn(kinds):
            return kind in kinds
        case Needs(permissions):
            return role in ROLES and set(permissions) <= ROLES[role].permissions
    return False


PART = {"HX-Request": "true"}
"""Asked for a part of a page: who may is answered the same without the shell around it, which half the time would go
into. Whole pages are asked for by tests/stories/test_empty.py."""


EVERYBODY = [*ROLES, "customer", "partner"]


def may(reach, role: str) -> bool:
    return may_open(reach, kind="staff" if role in ROLES else role, role=role)


@cache
def asked(reach) -> list[str]:
    """Of the staff who may, so many that they have no permission in common but those that all of them have: a view
    that asks for more than it declares refuses one of them. And whoever else may."""
    able = [one for one in EVERYBODY if may(reach, one)]
    chosen, common = [one for one in able if one not in ROLES], None
    for role in sorted(ROLES.keys() & able, key=lambda one: (len(ROLES[one].permissions), one)):
        left = ROLES[role].permissions if common is None else common & ROLES[role].permissions
        if left != common:
            chosen, common = [*chosen, role], left
    return chosen


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_person_opens_their_part(signed_in, role):
    client = signed_in(role if role in ROLES else "", kind="staff" if role in ROLES else role)
    for surface in ALL:
        if role in asked(surface.reach) and surface.name != "account_logout":  # which would end the visit
            opened = client.get(path := address(surface.route), headers=PART)
            assert opened.status_code != 403, f"{path} asks for more than its view declares: needs(one, other)"


@pytest.mark.parametrize("role", EVERYBODY)
def test_and_a_person_opens_nothing_else(signed_in, role):
    """The guard stands before the view, and knows of it what it needs alone: each need is refused to each who lacks it,
    and each address to one of those whom it is closed to. Every other one of them is sent instead of looked at."""
    client = signed_in(role if role in ROLES else "", kind="staff" if role in ROLES else role)
    tried = set()
    for place, surface in enumerate(ALL):
        closed_to = [one for one in EVERYBODY if not may(surface.reach, one)]
        if role not in closed_to or (surface.reach in tried and closed_to[place % len(closed_to)] != role):
            continue
        tried.add(surface.reach)
        opened = (client.get if place % 2 else client.post)(path := address(surface.route), headers=PART)
        assert opened.status_code == (404 if isinstance(surface.reach, Closed) else 403), path


@pytest.mark.django_db
def test_nobody_opens_more_than_the_public_part_without_signing_in():
    client = Client(raise_request_exception=False)
    for surface in ALL:
        opened = client.get(address(surface.route))
        asked_to_sign_in = opened.status_code == 302 and opened["Location"].startswith("/accounts/login/?")
        if isinstance(surface.reach, Closed):
            assert opened.status_code == 404, surface.route
        elif not isinstance(surface.reach, Public):
            assert asked_to_sign_in, surface.route
        else:
            assert opened.status_code != 403, surface.route
            assert not asked_to_sign_in, surface.route
