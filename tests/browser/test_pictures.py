"""The pictures of the README: made here from the demo city with LAMPLIGHTER_PICTURES=1, else only looked at."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import timezone

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
ACCOUNT = PICTURES / "account.png"
SIZE = {"width": 1366, "height": 940}
MAKING = os.environ.get("LAMPLIGHTER_PICTURES") == "1"
LARGEST = 600_000  # bytes


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """A small Marisol Bay as of today: the stories, the key accounts and a few others, with a store of its own."""
    from lamplighter.town.build import Here, build
    from lamplighter.town.census import plan_city
    from lamplighter.town.plan import Size

    plan = plan_city(timezone.localdate(), Size(homes=60, hourly=20, shops=10, medium=4))
    with override_settings(INTERVAL_STORE=str(tmp_path_factory.mktemp("intervals"))):
        build(plan, now=timezone.now(), tell=lambda *_: None, shares=Here())
        yield


def test_the_readme_shows_the_account_page(request):
    if MAKING:
        take(request.getfixturevalue("page"))
    readme = (PICTURES.parents[1] / "README.md").read_text(encoding="utf-8")
    assert str(ACCOUNT.relative_to(PICTURES.parents[1])) in readme
    assert dimensions(ACCOUNT) == (SIZE["width"], SIZE["height"])
    assert ACCOUNT.stat().st_size < LARGEST


def take(page):
    """Thi Hoa Nguyen's account, as Dana sees it at the desk."""
    from lamplighter.accounts.models import AccountRole
    from tests.browser.looking import sign_in

    hers = AccountRole.objects.get(person__name="Thi Hoa Nguyen", role=AccountRole.Role.MAIN)
    sign_in(page, username="dana")
    page.set_viewport_size(SIZE)
    page.goto(f"/desk/accounts/{hers.account.number}/")
    page.wait_for_load_state("networkidle")
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=str(ACCOUNT), animations="disabled")


def dimensions(path: Path) -> tuple[int, int]:
    """Width and height of a PNG, from its first chunk."""
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n", f"{path} is no PNG"
    assert head[12:16] == b"IHDR"
    return struct.unpack(">II", head[16:24])
