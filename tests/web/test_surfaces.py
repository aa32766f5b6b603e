"""Each person can open only their part: every URL of the program against every role, generated."""

from __future__ import annotations

import re

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


@pytest.mark.parametrize("role", [*ROLES, "customer", "partner"])
def test_a_person_opens_their_part_and_nothing_else(signed_in, role):
    """What is refused is looked at once and sent once in turn: a guard before the view does not ask which."""
    kind = "staff" if role in ROLES else role
    client = signed_in(role if role in ROLES else "", kind=kind)
    turn = [*ROLES, "customer", "partner"].index(role)
    for place, surface in enumerate(ALL):
        path = address(surface.route)
        if surface.name == "account_logout":
            continue  # it would end the visit
        may = may_open(surface.reach, kind=kind, role=role)
        asks = client.get if may or (place + turn) % 2 else client.post
        opened = asks(path, headers=PART)
        if isinstance(surface.reach, Closed):
            assert opened.status_code == 404, path
        elif may:
            assert opened.status_code != 403, f"{path} asks for more than its view declares: needs(one, other)"
        else:
            assert opened.status_code == 403, path


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
