"""The rail: what staff can go to, by area, in an order that never changes.

An item appears when its page exists and the person holds its permission. Faces add pages by giving their URL the
name that stands here. What is used all day stands on the rail itself; what is not stands in groups that open beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, slots=True)
class Item:
    """`permission` (any of several, with spaces) is empty where the area's own suffices.

    `count` names a counter (shell.counter); `also` are addresses of other pages that belong to it, with spaces.
    """

    label: str
    icon: str
    url_name: str
    permission: str = ""
    count: str = ""
    key: str = ""
    also: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Items behind one word of the rail; where a person may open but one of them, that one stands for all."""

    label: str
    icon: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """Pages for one kind of job; `key` follows G to come here."""

    label: str
    prefix: str
    key: str
    permission: str
    items: tuple[Item | Group, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """An item that this person can open, with its address."""

    label: str
    icon: str
    url: str
    count: str
    key: str
    also: tuple[str, ...] = ()

    def leads(self, path: str) -> int:
        """How much of an address is this place's; 0 if it lies elsewhere. An area has but its own page."""
        if self.url == path:
            return len(path)
        below = (one for one in (self.url, *self.also) if path.startswith(one) and one.count("/") > 2)
        return max(map(len, below), default=0)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A group as this person sees it: two places or more."""

    label: str
    icon: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class OpenArea:
    label: str
    prefix: str
    key: str
    shown: tuple[Place | Shelf, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        """All of them, also those in groups."""
        return tuple(place for one in self.shown for place in (one.places if isinstance(one, Shelf) else (one,)))

    @property
    def url(self) -> str:
        return self.places[0].url

    def at(self, path: str) -> Place | None:
        """The place that an address lies at or below."""
        found = max(self.places, key=lambda place: place.leads(path), default=None)
        return found if found and found.leads(path) else None


AREAS: tuple[Area, ...] = (
    Area("Customer service", "/desk/", "d", "worklist.work", (
        Item("Today", "home", "desk:today", key="g t"),
        Item("Accounts", "users", "desk:accounts", "accounts.view", key="g a",
             also="/desk/find/ /desk/people/ /desk/premises/ /desk/meters/"),
        Item("Work", "list-check", "desk:work", count="work", key="g w"),
        Item("Contacts", "headset", "desk:contacts", "contacts.work"),
        Item("Counter", "cash", "desk:counter", "payments.take", key="g c", also="/desk/receipts/"),
        Group("Billing", "file-invoice", (
            Item("Billing", "file-invoice", "desk:cycles", "billing.run", key="g b"),
            Item("Bills on paper", "mail", "desk:mailing", "billing.run"),
        )),
        Group("Metering", "activity", (
            Item("Readings", "activity", "desk:exceptions", "reads.decide", key="g r"),
            Item("Imports", "database", "admin-desk:imports", "reads.import", key="g i"),
            Item("Meters", "gauge", "desk:stock", "metering.change"),
        )),
        Item("Orders", "tools", "desk:orders", "orders.view", also="/desk/crews/"),
        Group("Programs", "leaf", (
            Item("Programs", "leaf", "desk:programs", "programs.view"),
            Item("Rebates", "receipt-refund", "desk:rebates", "rebates.view"),
        )),
        Item("Outages", "bolt", "desk:outages", "orders.view"),
        Item("Letters", "mail", "desk:letters", "notices.send"),
        Group("Credit", "gavel", (
            Item("Closed accounts", "archive", "desk:closed", "credit.view", also="/desk/agencies/"),
            Item("Assistance", "leaf", "desk:assistance", "credit.view"),
            Item("Bankruptcies", "gavel", "desk:bankruptcies", "credit.view"),
            Item("Unbilled use", "alert-triangle", "desk:unauthorized", "credit.view"),
        )),
        Group("Money", "report-money", (
            Item("Cash", "report-money", "lead:cash", "cash.verify", count="drawers"),
            Item("Card links", "report-money", "desk:card-links", "payments.take"),
            Item("Refunds", "receipt-refund", "desk:refunds", "ledger.post"),
            Item("AutoPay", "database", "desk:autopay", "ledger.post"),
            Item("Books", "archive", "desk:books", "ledger.view"),
        )),
        Group("Office", "notes", (
            Item("Team", "gauge", "desk:team", "worklist.work"),
            Item("Requests", "route", "desk:requests", "worklist.work"),
            Item("History", "history", "desk:history-search", "contacts.work"),
            Item("Logs", "notes", "desk:logs", "worklist.work"),
            Item("Knowledge", "book", "desk:knowledge", "worklist.work"),
            Item("Policies", "gavel", "desk:policies", "worklist.work", also="/desk/texts/"),
            Item("Requirements", "adjustments", "desk:requirements", "worklist.work"),
            Item("Training", "book", "desk:training", "worklist.work"),
            Item("Interfaces", "activity", "desk:interfaces", "interfaces.view", also="/desk/incidents/"),
            Item("Confidential", "eye-off", "desk:confidential", "addresses.protect"),
        )),
        Item("Reports", "report", "desk:reports", "reports.view"),
    )),
    Area("Supervisor", "/lead/", "l", "team.lead", (
        Item("Today", "home", "lead:today", key="g t"),
        Item("Approvals", "circle-check", "lead:approvals", "adjustments.approve", count="approvals"),
        Item("Cash", "report-money", "lead:cash", "cash.verify", count="drawers"),
        Item("Calls", "headset", "lead:calls"),
        Item("Escalations", "alert-triangle", "lead:escalations"),
        Item("Unit's work", "transfer", "lead:work"),
        Group("Staff", "users", (
            Item("Schedule", "calendar", "lead:schedule"),
            Item("Time off", "sun", "lead:time-off"),
            Item("Duties", "list-check", "lead:duties"),
            Item("Training", "book", "lead:training"),
        )),
        Group("Policy", "adjustments", (
            Item("Policies", "gavel", "desk:policies"),
            Item("Shut-off conditions", "sun", "lead:conditions", "credit.decide"),
            Item("Deposit policy", "shield-check", "lead:deposit-terms", "credit.decide"),
            Item("Rate lab", "scale", "lead:ratelab", "rates.study"),
            Item("Programs", "leaf", "lead:programs", "programs.oversee"),
            Item("Goals and carbon", "report", "desk:rebate-goals", "programs.oversee"),
        )),
        Item("Collections", "gavel", "lead:collections", "credit.view"),
        Item("Compliance", "shield-check", "lead:compliance"),
        Item("Interfaces", "activity", "desk:interfaces", "interfaces.view", also="/desk/incidents/"),
        Item("Reports", "report", "lead:reports", "reports.view"),
    )),
    Area("Key accounts", "/key/", "k", "keyaccounts.work", (
        Item("Today", "home", "key:today", key="g t"),
        Item("Log", "notes", "key:do-log-any", key="l"),
        Item("Portfolio", "briefcase", "key:portfolio"),
        Item("Contracts", "file-text", "key:contracts"),
        Item("Pipeline", "building-community", "key:pipeline"),
        Item("Forecast", "report", "key:forecasts", "rates.study"),
        Group("Programs", "leaf", (
            Item("Rebates", "leaf", "key:rebates", "rebates.view"),
            Item("Goals and carbon", "report", "desk:rebate-goals", "rebates.view"),
        )),
        Item("Notices", "mail", "key:notices"),
        Item("On call", "phone", "key:on-call", "outages.communicate"),
        Group("Outreach", "send", (
            Item("Events", "calendar-event", "key:events"),
            Item("Campaigns", "send", "key:campaigns"),
            Item("Leads", "flag", "key:leads"),
            Item("Surveys", "message", "key:surveys"),
        )),
        Item("Complaints", "alert-circle", "key:complaints"),
        Item("Sites", "map-pin", "key:sites"),
    )),
    Area("Field", "/field/", "f", "orders.work", (
        Item("Route", "route", "field:route", key="g t"),
    )),
    Area("Admin", "/admin-desk/", "m", "", (
        Item("Users", "users", "admin-desk:users", "users.manage"),
        Item("Keys", "key", "admin-desk:keys", "users.manage"),
        Item("Rules and limits", "adjustments", "admin-desk:rules", "system.configure"),
        Item("Templates", "template", "admin-desk:templates", "notices.template"),
        Item("Rates", "scale", "admin-desk:rates", "tariffs.draft tariffs.adopt system.configure"),
        Item("Rate lab", "report-money", "lead:ratelab", "rates.study"),
        Item("Approvals", "circle-check", "lead:approvals", "tariffs.adopt notices.adopt", count="approvals"),
        Item("Languages", "language", "admin-desk:languages", "notices.template"),
        Item("Interfaces", "activity", "desk:interfaces", "system.configure"),
        Item("Audit", "history", "admin-desk:audit", "audit.view"),
    )),
)  # fmt: skip


def open_areas(held: frozenset[str], areas: tuple[Area, ...] = AREAS) -> tuple[OpenArea, ...]:
    """The areas and places that these permissions open; an area without a place is left out."""
    opened = (OpenArea(area.label, area.prefix, area.key, tuple(_shown(area, held))) for area in areas)
    return tuple(area for area in opened if area.shown)


def area_of(path: str, areas: tuple[OpenArea, ...]) -> OpenArea | None:
    """The area that an address lies inside and that has a place for it; else one that has a place for it; else the one
    that it lies inside."""
    inside = [area for area in areas if path.startswith(area.prefix)]
    having = [area for area in areas if area.at(path)]
    return next((area for area in [*(one for one in inside if one in having), *having, *inside, *areas]), None)


def _shown(area: Area, held: frozenset[str]) -> Iterator[Place | Shelf]:
    if area.permission and area.permission not in held:
        return
    for one in area.items:
        found = _places(one.items if isinstance(one, Group) else (one,), area.permission, held)
        if isinstance(one, Group) and len(found) > 1:
            yield Shelf(one.label, one.icon, tuple(found))
        else:
            yield from found


def _places(items: tuple[Item, ...], otherwise: str, held: frozenset[str]) -> list[Place]:
    return [
        Place(item.label, item.icon, url, item.count, item.key, tuple(item.also.split()))
        for item in items
        if not held.isdisjoint((item.permission or otherwise).split()) and (url := _url(item.url_name))
    ]


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
