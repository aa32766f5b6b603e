"""The brewery as pages show it: built once a module, every test on top of it in a transaction of its own."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from lamplighter.keyaccounts.models import Goal, Organisation
from lamplighter.keyaccounts.operations import organisations as keeping
from lamplighter.keyaccounts.queries.portfolio import services_of
from lamplighter.platform.models import User
from tests.keyaccounts.conftest import BEGAN, JOEL, TODAY, billed, brew, known_as
from tests.town import Town
from tests.web.conftest import make_person
from tests.web.wording import wording

NOW = datetime(2026, 9, 10, 16, 2, tzinfo=UTC)  # 9:02 am
PEOPLE = (
    ("joel", "Joel Castellanos", "account-manager"), ("priya", "Priya Raman", "account-manager"),
    ("dana", "Dana Reyes", "csr"), ("renee", "Renee Abernathy", "supervisor"),
)  # fmt: skip


class Clock:
    """Stands where the web reads the time."""

    localdate = staticmethod(timezone.localdate)

    @staticmethod
    def now() -> datetime:
        return NOW


@dataclass
class World:
    town: Town
    kelp: Organisation
    clients: dict[str, Client] = field(default_factory=dict)

    def be(self, username: str) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(User.objects.get(username=username))
        return client


def furnish(folder) -> World:
    for username, name, role in PEOPLE:
        make_person(username, name, role)
    town = Town(BEGAN)
    home = brew(town)
    billed(town)
    kelp = known_as(home, "Kelp & Kettle Brewing", at=town.at)
    joel = User.objects.get(username="joel")
    keeping.assign(organisation=kelp, user=joel, part="lead", on=TODAY - timedelta(days=90), by=JOEL, at=town.at)
    return World(town, kelp)


@contextmanager
def world(folder, blocker):
    """Built in a transaction that is thrown away."""
    store = override_settings(INTERVAL_STORE=str(folder / "intervals"), STATE=folder)
    with store, blocker.unblock(), transaction.atomic():
        yield furnish(folder)
        transaction.set_rollback(True)


def aims_at(client: Client, slug: str, measure: str, *, baseline: str, target: str) -> Goal:
    """Begin a plan where none runs, and set a goal that the program measures over all services."""
    organisation = Organisation.objects.get(slug=slug)
    if not organisation.plans.exists():
        fill(client, reverse("key:do-plan", args=[slug]), start=TODAY.isoformat(), situation="As it is.",
             end=(TODAY + timedelta(days=300)).isoformat(),
             review_on=(TODAY + timedelta(days=30)).isoformat())  # fmt: skip
    service = services_of(organisation)
    fill(client, reverse("key:do-goal", args=[slug]), title=f"Goal of {measure}", measure=measure, baseline=baseline,
         target=target, service=service[0].pk if len(service) == 1 else "",
         due_on=(TODAY + timedelta(days=200)).isoformat())  # fmt: skip
    return Goal.objects.get(title=f"Goal of {measure}")


def behind(client: Client, goal: Goal) -> list[str]:
    """The rows that a goal's figure stands on, as its CSV has them."""
    page = client.get(reverse("key:goal", args=[goal.plan.organisation.slug, goal.pk]), {"export": "csv"})
    assert page.status_code == 200, page.status_code
    return b"".join(page.streaming_content).decode("utf-8-sig").splitlines()[1:]


def answers(page) -> str:
    """The words of a page that answered well."""
    assert page.status_code == 200, page.status_code
    return page.content.decode().replace("&#x27;", "'").replace("&amp;", "&").replace("\xa0", " ")


def fill(client: Client, url: str, **said: object):
    """Open a form, take its one-time key, send it."""
    form = client.get(url).context["form"]
    key = {"request_key": form["request_key"].value()} if "request_key" in form.fields else {}
    page = client.post(url, {**key, **said})
    assert page.status_code in {200, 204, 303}, wording(page)
    return page
