"""The rail: what staff can go to, by area, in an order that never changes.

An item appears when its page exists and the person holds its permission. Faces add pages by giving their URL the
name that stands here.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, slots=True)
class Item:
    """`permission` (any of several, with spaces) is empty where the area's own suffices.

    `count` names a counter (shell.counter).
    """

    label: str
    icon: str
    url_name: str
    permission: str = ""
    count: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """Pages for one kind of job; `key` follows G to come here."""

    label: str
    prefix: str
    key: str
    permission: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """An item that this person can open, with its address."""

    label: str
    icon: str
    url: str
    count: str
    key: str


@dataclass(frozen=True, slots=True)
class OpenArea:
    label: str
    prefix: str
    key: str
    places: tuple[Place, ...]

    @property
    def url(self) -> str:
        return self.places[0].url


AREAS: tuple[Area, ...] = (
    Area("Customer service", "/desk/", "d", "worklist.work", (
        Item("Today", "home", "desk:today", key="g t"),
        Item("Accounts", "users", "desk:accounts", "accounts.view", key="g a"),
        Item("Work", "list-check", "desk:work", count="work", key="g w"),
        Item("Team", "gauge", "desk:team", "worklist.work"),
        Item("Contacts", "headset", "desk:contacts", "contacts.work"),
        Item("Requests", "route", "desk:requests", "worklist.work"),
        Item("History", "history", "desk:history-search", "contacts.work"),
        Item("Counter", "cash", "desk:counter", "payments.take", key="g c"),
        Item("Card links", "report-money", "desk:card-links", "payments.take"),
        Item("Billing", "file-invoice", "desk:cycles", "billing.run", key="g b"),
        Item("Readings", "activity", "desk:exceptions", "reads.decide", key="g r"),
        Item("Imports", "database", "admin-desk:imports", "reads.import", key="g i"),
        Item("Closed accounts", "archive", "desk:closed", "credit.view"),
        Item("Bankruptcies", "gavel", "desk:bankruptcies", "credit.view"),
        Item("Unbilled use", "alert-triangle", "desk:unauthorized", "credit.view"),
        Item("Orders", "tools", "desk:orders", "orders.view"),
        Item("Meters", "gauge", "desk:stock", "metering.change"),
        Item("Programs", "leaf", "desk:programs", "programs.view"),
        Item("Rebates", "receipt-refund", "desk:rebates", "rebates.view"),
        Item("Outages", "bolt", "desk:outages", "orders.view"),
        Item("Interfaces", "activity", "desk:interfaces", "interfaces.view"),
        Item("Letters", "mail", "desk:letters", "notices.send"),
        Item("Cash", "report-money", "lead:cash", "cash.verify", count="drawers"),
        Item("Refunds", "receipt-refund", "desk:refunds", "ledger.post"),
        Item("Books", "archive", "desk:books", "ledger.view"),
        Item("Logs", "notes", "desk:logs", "worklist.work"),
        Item("Training", "book", "desk:training", "worklist.work"),
        Item("AutoPay", "database", "desk:autopay", "ledger.post"),
        Item("Reports", "report", "desk:reports", "reports.view"),
    )),
    Area("Supervisor", "/lead/", "l", "team.lead", (
        Item("Today", "home", "lead:today", key="g t"),
        Item("Schedule", "calendar", "lead:schedule"),
        Item("Time off", "sun", "lead:time-off"),
        Item("Cash", "report-money", "lead:cash", "cash.verify", count="drawers"),
        Item("Calls", "headset", "lead:calls"),
        Item("Escalations", "alert-triangle", "lead:escalations"),
        Item("Approvals", "circle-check", "lead:approvals", "adjustments.approve", count="approvals"),
        Item("Shut-off conditions", "sun", "lead:conditions", "credit.decide"),
        Item("Deposit policy", "shield-check", "lead:deposit-terms", "credit.decide"),
        Item("Rate lab", "scale", "lead:ratelab", "rates.study"),
        Item("Programs", "leaf", "lead:programs", "programs.oversee"),
        Item("Rebates and goals", "leaf", "desk:rebate-goals", "programs.oversee"),
        Item("Unit's work", "transfer", "lead:work"),
        Item("Duties", "list-check", "lead:duties"),
        Item("Training", "book", "lead:training"),
        Item("Interfaces", "activity", "desk:interfaces", "interfaces.view"),
        Item("Compliance", "shield-check", "lead:compliance"),
        Item("Reports", "report", "lead:reports", "reports.view"),
    )),
    Area("Key accounts", "/key/", "k", "keyaccounts.work", (
        Item("Today", "home", "key:today", key="g t"),
        Item("Portfolio", "briefcase", "key:portfolio"),
        Item("Pipeline", "building-community", "key:pipeline"),
        Item("Rebates", "leaf", "key:rebates", "rebates.view"),
        Item("Goals and carbon", "report", "desk:rebate-goals", "rebates.view"),
        Item("Notices", "mail", "key:notices"),
        Item("On call", "phone", "key:on-call", "outages.communicate"),
        Item("Events", "calendar-event", "key:events"),
        Item("Decks", "file-text", "key:decks"),
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
        Item("Adoptions", "circle-check", "lead:approvals", "tariffs.adopt notices.adopt", count="approvals"),
        Item("Languages", "language", "admin-desk:languages", "notices.template"),
        Item("Interfaces", "activity", "desk:interfaces", "interfaces.view"),
        Item("Audit", "history", "admin-desk:audit", "audit.view"),
    )),
)  # fmt: skip


def open_areas(held: frozenset[str], areas: tuple[Area, ...] = AREAS) -> tuple[OpenArea, ...]:
    """The areas and places that these permissions open; an area without a place is left out."""
    opened = (OpenArea(area.label, area.prefix, area.key, tuple(_places(area, held))) for area in areas)
    return tuple(area for area in opened if area.places)


def _places(area: Area, held: frozenset[str]) -> list[Place]:
    places = []
    for item in area.items:
        wanted = (item.permission or area.permission).split()
        url = _url(item.url_name)
        if url and not held.isdisjoint(wanted) and (not area.permission or area.permission in held):
            places.append(Place(item.label, item.icon, url, item.count, item.key))
    return places


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
