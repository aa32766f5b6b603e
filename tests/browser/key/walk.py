"""The demo city's fourteen key accounts, and a person who walks through their pages at a window."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Self

import numpy as np
import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from lamplighter.accounts.models import AccountRole
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.periods import Period
from lamplighter.town.build import build
from lamplighter.town.calendar import ZONE, at
from lamplighter.town.census import plan_city
from lamplighter.town.loads import counts
from lamplighter.town.plan import Plan, Size
from tests.browser.window import Window
from tests.duties.playing import DONE, fills
from tests.web.wording import wording

TODAY = date(2026, 11, 20)
LEAST = Size(homes=30, hourly=16, shops=2, medium=1)
"""The key accounts whole, the people of the stories, and nearly nobody else; thirteen months."""
TOLD = "within => document.querySelector(within).textContent"
ROWS = "id => [...document.querySelectorAll(`#panel-${id} tbody tr`)].map(row => row.textContent)"
DONE_BY = """label => [...document.querySelectorAll("main form")]
  .find(one => one.querySelector("button")?.ariaLabel === label)?.getAttribute("action")"""
LINKS = "within => [...document.querySelectorAll(`${within} a`)].map(a => [a.textContent, a.getAttribute('href')])"


class Clock:
    """Stands where the web reads the time."""

    localdate = staticmethod(timezone.localdate)
    now = staticmethod(lambda: at(TODAY, 10, 30))


@contextmanager
def demo_city(folder: Path) -> Iterator[Plan]:
    """The demo city, as `lamplighter demo` builds it."""
    patch = pytest.MonkeyPatch()
    patch.setattr("lamplighter.web.visits.timezone", Clock)
    with override_settings(INTERVAL_STORE=str(folder / "intervals"), STATE=folder):
        plan = plan_city(TODAY, LEAST)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")  # the copied database is full of what earlier tests took back
            cursor.execute("ALTER SEQUENCE number_rebate RESTART")  # by their numbers rebates are drawn for inspection
        build(plan, now=at(TODAY, 10), tell=lambda *_: None)
        yield plan
    patch.undo()


def plain(words: str) -> str:
    return " ".join(words.split())


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the portfolio leads to each account, and what the tabs add to that; both as the pages say."""

    accounts: dict[str, str]
    tabs: dict[str, str]

    @classmethod
    def seen(cls, window: Window) -> Self:
        window.get("/key/portfolio/")
        links = window.page.evaluate(LINKS, "main")
        accounts = {plain(words): where for words, where in links if where.startswith("/key/accounts/")}
        window.follow("Kelp & Kettle Brewing")
        here = accounts["Kelp & Kettle Brewing"]
        tabs = window.page.evaluate(LINKS, "nav[aria-label=Sections]")
        return cls(accounts, {plain(words): where.removeprefix(here) for words, where in tabs})


class Walk:
    """A person at a window, who opens accounts, goes from tab to tab, and answers forms."""

    def __init__(self, window: Window, doors: Doors, plan: Plan) -> None:
        self.window, self.page, self.doors, self.begins = window, window.page, doors, plan.begins
        self.plans = {one.key: one for one in plan.customers}

    def opens(self, name: str, tab: str = "Overview") -> Walk:
        self.here = self.doors.accounts[name]
        return self.goes_to(tab)

    def goes_to(self, tab: str) -> Walk:
        return self.looks_at(self.here + self.doors.tabs[tab])

    def looks_at(self, url: str, **asked: str) -> Walk:
        answer = self.window.get(url, asked)
        assert answer.status_code == 200, (url, answer.status_code)
        return self

    def turns_to(self, link: str) -> Walk:
        self.window.follow(link)
        return self

    def does(self, act: str, **answers: object) -> Walk:
        """Answer the form to which a link of this page leads, and see it done; where it leads stands open."""
        answer = fills(self.window, self.leads_to(act), **answers)
        assert answer.status_code in DONE, wording(answer)
        return self

    def answers(self, **answers: object) -> Walk:
        """Answer the form that stands open."""
        answer = fills(self.window, self.page.url.removeprefix(self.window.doorway.at), **answers)
        assert answer.status_code in DONE, wording(answer)
        return self

    def decides(self, decision: str) -> Walk:
        return self.answers(decision=decision)

    def approves(self, what: str) -> Walk:
        """What waits for a second person, and says so."""
        self.looks_at("/lead/approvals/")
        return self.turns_to(next(row for row in self.names() if what in row)).decides("yes")

    def presses(self, label: str) -> Walk:
        """A button that stands by itself and tells who only hears it this."""
        where = self.page.evaluate(DONE_BY, label)
        assert where, f"{self.page.url} has no button {label!r}"
        assert self.window.post(where, follow=True).status_code in DONE
        return self

    def names(self) -> list[str]:
        """The links of the page: what they say and where they lead."""
        return [plain(words) for words, _ in self.page.evaluate(LINKS, "main")]

    def leads_to(self, act: str) -> str:
        """The address of an act, or of what else a pattern fits, as a link of this page has it."""
        leads = [where for _, where in self.page.evaluate(LINKS, "main") if where]
        found = [where for where in leads if re.search(f"/{act if '/' in act else f'do/{act}'}/", where)]
        assert found, f"{self.page.url} leads to no {act}: {leads}"
        return found[0]

    def sheets(self) -> int:
        """Of the paper that stands open, as far as it breaks them itself."""
        return 1 + self.page.evaluate("document.querySelectorAll('.page-break').length")

    def says(self, within: str = "main") -> str:
        return plain(self.page.evaluate(TOLD, within))

    def reads(self, *words: str) -> Walk:
        told = self.says()
        for said in words:
            assert plain(said) in told, f"{said!r} is not on {self.page.url}: {told}"
        return self

    def never_reads(self, *words: str, panel: str = "odd") -> Walk:
        """In a panel of this page: others may tell of other sites."""
        told = self.says(f"#panel-{panel}")
        assert not [said for said in words if said in told], f"{self.page.url}: {told}"
        return self

    def rows(self, panel: str) -> list[str]:
        return [plain(row) for row in self.page.evaluate(ROWS, panel)]

    def sheet(self, panel: str) -> list[str]:
        """The lines of a panel's CSV."""
        here = self.page.url.removeprefix(self.window.doorway.at)
        answer = self.window.client.get(here, {"panel": panel, "export": "csv"})
        return b"".join(answer.streaming_content).decode().splitlines()

    def kw(self, key: str) -> tuple[np.ndarray, ...]:
        """What the first service of an account drew and sent back in each interval as its meter counted it, in kW;
        their days; and which of them lie in the last 365."""
        service = self.plans[key].services[0]
        calendar = slot_calendar(Period(self.begins, TODAY), seconds=900, zone=ZONE)
        scale = service.meter.multiplier
        drawn, sent = (flow * scale * 4 / 1000 for flow in counts(service.load, calendar, multiplier=scale))
        days = np.array([calendar.day(int(day)) for day in calendar.day_of])
        return drawn, sent, days, days >= TODAY - timedelta(days=365)


def dollars(text: str) -> Decimal:
    return Decimal(re.sub(r"[^\d.]", "", text.split(maxsplit=1)[0]))


def account_of(name: str) -> str:
    return AccountRole.objects.get(person__name=name, role="main").account.number
