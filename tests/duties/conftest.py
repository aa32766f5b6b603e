"""The desk's town for whoever plays a duty through its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import pytest
from django.http import HttpResponse

from lamplighter.accounts.models import Agreement
from lamplighter.platform.models import User
from tests.browser.window import Window
from tests.duties.playing import Desk
from tests.keyaccounts.world import World
from tests.web.desk.conftest import dana, drawer, morning, number, standing, town, words
from tests.web.desk.town import DeskTown

__all__ = ["at_desk", "be", "built", "dana", "drawer", "morning", "number", "office", "town", "words"]


class Kept:
    """The desk's town, built when the first duty is played in it, and left standing for those of the next module."""

    def __init__(self, stand: Callable[[], AbstractContextManager[DeskTown]]) -> None:
        self.stand, self.stack = stand, ExitStack()
        self.town: DeskTown | None = None

    def built(self) -> DeskTown:
        if self.town is None:
            self.town = self.stack.enter_context(self.stand())
        return self.town

    def take_away(self) -> None:
        self.town = None
        self.stack.close()


@pytest.fixture(scope="package")
def kept(browser, django_db_setup, django_db_blocker, tmp_path_factory):
    """The browser stands first: once Playwright's loop runs, Django gives this thread another connection."""
    towns = Kept(lambda: standing(tmp_path_factory.mktemp("duty"), django_db_blocker))
    yield towns
    towns.take_away()


@pytest.fixture(scope="module", autouse=True)
def alone(request, kept):
    """Some duties are played in other towns, and two at once would meet."""
    names = {name for item in request.session.items if item.path == request.path for name in item.fixturenames}
    if "desk_town" not in names:
        kept.take_away()


@pytest.fixture(scope="module")
def desk_town(alone, kept) -> DeskTown:
    return kept.built()


@pytest.fixture(scope="module")
def built(desk_town) -> DeskTown:
    """The town that a module's duties are played in; a module may build another."""
    return desk_town


@pytest.fixture(scope="session")
def idle(browser) -> Iterator[list[Window]]:
    """Windows at which nobody sits: opening one costs more than most of what is done there."""
    standing: list[Window] = []
    yield standing
    for window in standing:
        window.close()


@pytest.fixture
def windows(request, browser, idle) -> Iterator[Callable[..., Window]]:
    """`windows(user)` is a window of the browser at which they are signed in, `windows(user, 2)` their second one;
    `windows(None)` is anybody's. A test that is marked as `windowless` asks no browser."""
    opened: dict[tuple[int | None, int], Window] = {}
    seated: dict[tuple[int | None, int], Desk] = {}

    def sits_down(user: User | None, nth: int = 1) -> Window | Desk:
        key = (user.pk if user else None, nth)
        if request.node.get_closest_marker("windowless"):
            if key not in seated:
                seated[key] = Desk()
                if user:
                    seated[key].force_login(user)
            return seated[key]
        if key not in opened:
            opened[key] = (idle.pop() if idle else Window(browser)).opens(user)
        return opened[key]

    yield sits_down
    complaints = [one for window in opened.values() for one in window.complaints]
    for window in opened.values():
        window.leaves()
    idle.extend(opened.values())
    assert not complaints, complaints


@pytest.fixture
def be(windows) -> Callable[..., Window]:
    """`be("iris")` is the window at which Iris sits, `be("iris", 2)` her second one."""
    return lambda username="dana", nth=1: windows(User.objects.get(username=username), nth)


@pytest.fixture
def public(windows) -> Window:
    """Where somebody reads what we sent them: nobody is signed in."""
    return windows(None)


@pytest.fixture
def at_desk(town, be) -> Callable[[str], Window]:
    """The same, in the desk's town."""
    return be


@pytest.fixture(autouse=True)
def at_windows(monkeypatch, be):
    """Who is somebody of the account managers' world sits at a window too."""
    monkeypatch.setattr(World, "be", lambda _, *who: be(*who))


class Opened:
    """A form as a person opened it: answered, checked where it asks for that, and done."""

    def __init__(self, window: Window, url: str) -> None:
        self.window, self.url = window, url
        shown = window.get(url)
        assert shown.status_code == 200, f"{url}: {shown.status_code}"
        self.says, self.form = words(shown), shown.context["form"]
        self.sent: dict[str, Any] = {}

    def answers(self, **said: Any) -> HttpResponse:
        """Fill it in and send it; the page after it."""
        self.sent = {field.html_name: field.value() or "" for field in self.form.hidden_fields()} | said
        answer = self.window.post(self.url, said, follow=True)
        if answer.context and "form" in answer.context:
            self.form = answer.context["form"]
        return answer

    def confirms(self) -> HttpResponse:
        return self.window.post(self.url, {"confirmed": "1"}, follow=True)


class Office:
    """The pages as people of the utility use them, each signed in under their own name."""

    def __init__(self, town: DeskTown, at_desk: Callable[[str], Window]) -> None:
        self.town, self.at_desk = town, at_desk

    def reads(self, who: str, url: str) -> str:
        """What a person reads at an address."""
        shown = self.at_desk(who).get(url)
        assert shown.status_code == 200, f"{url}: {shown.status_code}"
        return words(shown)

    def opens(self, who: str, url: str) -> Opened:
        return Opened(self.at_desk(who), url)

    def account(self, name: str) -> str:
        """The address of somebody's account."""
        return f"/desk/accounts/{self.number(name)}/"

    def number(self, name: str) -> str:
        return self.town.homes[name].account.number

    def agreement(self, name: str) -> Agreement:
        return self.town.homes[name].agreement


@pytest.fixture
def office(town: DeskTown, at_desk: Callable[[str], Window]) -> Office:
    return Office(town, at_desk)
