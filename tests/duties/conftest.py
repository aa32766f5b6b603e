"""The desk's town for whoever plays a duty through its pages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from lamplighter.accounts.models import Agreement
from tests.web.desk.conftest import at_desk, dana, drawer, morning, number, standing, town, words
from tests.web.desk.town import DeskTown

__all__ = ["at_desk", "built", "dana", "drawer", "morning", "number", "office", "town", "words"]


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
def kept(django_db_setup, django_db_blocker, tmp_path_factory):
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


class Opened:
    """A form as a person opened it, on a page or in a panel: answered, checked where it asks for that, and done."""

    def __init__(self, client: Client, url: str) -> None:
        self.client, self.url = client, url
        shown = client.get(url)
        assert shown.status_code == 200, f"{url}: {shown.status_code}"
        self.says, self.form = words(shown), shown.context["form"]
        self.sent: dict[str, Any] = {}

    def answers(self, **said: Any) -> HttpResponse:
        """Send what was filled in; hidden fields go along as the page has them."""
        hidden = {field.html_name: field.value() or "" for field in self.form.hidden_fields()}
        self.sent = {**hidden, **said}
        answer = self.client.post(self.url, self.sent, headers={"HX-Request": "true"})
        if answer.context and "form" in answer.context:
            self.form = answer.context["form"]
        return answer

    def confirms(self) -> HttpResponse:
        """Confirm what was shown, with what the checked page carries."""
        return self.answers(**{**self.sent, **self._hidden(), "confirmed": "1"})

    def _hidden(self) -> dict[str, Any]:
        return {field.html_name: field.value() or "" for field in self.form.hidden_fields()}


class Office:
    """The pages as people of the utility use them, each signed in under their own name."""

    def __init__(self, town: DeskTown, at_desk: Callable[[str], Client]) -> None:
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
def office(town: DeskTown, at_desk: Callable[[str], Client]) -> Office:
    return Office(town, at_desk)
