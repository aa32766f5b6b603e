"""Announcements: the list, and one with whom it reaches, what it says, what became of each letter, who confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.kernel.actors import Actor
from lamplighter.notices.queries.drafts import CannotCompose
from lamplighter.notices.rules.steps import DeliveryStep
from lamplighter.outreach.models import Announcement
from lamplighter.outreach.queries.announced import Addressed, Addressee, Logged, addressed, log_of
from lamplighter.outreach.queries.announcements import (
    Asked,
    Standing,
    State,
    asked_of,
    proposal_of,
    standing,
    standings,
)
from lamplighter.outreach.queries.announcing import previews
from lamplighter.outreach.rules.announcing import TEMPLATES, hours_in_words, places_in_words
from lamplighter.outreach.rules.segments import CannotReach
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.key.outreach.shown import letters
from lamplighter.web.naming import customer_of, name_of, names_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Badge, Crumb, Empty, Entry, Fact, Level, Link, Tile, Tone
from lamplighter.web.ui.tables import DAY, BadgeColumn, Column, DayColumn, NumberColumn, Table, grid, table_page
from lamplighter.web.ui.wording import day, due
from lamplighter.web.visits import visit

NOTICES = Crumb("Notices", "/key/notices/")
GRID, TILES, FACTS = "ui/tables/grid.html", "key/outreach/tiles.html", "desk/accounts/facts.html"
STATES: dict[str, Tone] = {
    State.PLANNED: Tone.PLAIN, State.WAITS: Tone.NOTICE, State.SENT: Tone.GOOD, State.MOVED: Tone.WATCH,
    State.CANCELLED: Tone.WATCH,
}  # fmt: skip
STEPS = {"Queued": Tone.PLAIN, "Handed over": Tone.INFO, "Delivered": Tone.GOOD, "Bounced": Tone.BAD,
         "Returned": Tone.BAD}  # fmt: skip


class Announcements(Table):
    """From `Standing`s, the latest day first."""

    title = Column("What", accessor="announcement__title")
    kind = Column("Kind", accessor="announcement__get_kind_display")
    news = Column("News", accessor="announcement__get_news_display")
    whom = Column("For", orderable=False)
    day = DayColumn("Day", accessor="announcement__day")
    state = BadgeColumn("State", tones=STATES)
    people = NumberColumn("Told")
    open = NumberColumn("To confirm")

    def row_url(self, record: Standing) -> str:
        return reverse("key:notice", args=[record.announcement.pk])


class People(Table):
    """Whom it would reach, from `Addressee`s."""

    who = Column("Who", accessor="person__name")
    part = Column("As")
    account = Column("Account", accessor="account__number", attrs=DAY)
    places = Column("Where", empty_values=(), orderable=False)
    way = Column("By", accessor="channel__label")
    language = Column("In", accessor="person__get_language_display", orderable=False)
    critical = Column("Critical", default="")
    refused = Column("Not written to", default="")

    def render_places(self, record: Addressee) -> str:
        return places_in_words(record.places)

    def value_places(self, record: Addressee) -> str:
        return ", ".join(record.places)


class Log(Table):
    """What became of each letter, from `Logged`s; what failed leads to telling them again."""

    who = Column("Who", accessor="told__person__name")
    part = Column("As", accessor="told__part")
    account = Column("Account", accessor="told__account__number", attrs=DAY)
    way = Column("By", accessor="told__notice__get_channel_display")
    language = Column("In", accessor="letter__get_language_display")
    step = BadgeColumn("Came to", accessor="step__label", tones=STEPS)
    again = Column("Told again by", default="")
    critical = Column("Critical", accessor="told__critical", default="")

    def row_url(self, record: Logged) -> str:
        if record.failed:
            return reverse("key:do-tell-again", args=[record.told.announcement_id, record.told.pk])
        return reverse("desk:letter", args=[record.letter.pk])


@needs("keyaccounts.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    may = "outages.communicate" in permissions(request)
    return table_page(
        request, title="Notices", table=Announcements, rows=standings(),
        actions=[Action("Plan a notice", reverse("key:do-plan-notice"), key="a", primary=True)] if may else [],
        empty=Empty("Nothing was announced yet: planned work, trees near the line, changes of bills and programs."),
    )  # fmt: skip


@needs("keyaccounts.view")
def one(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Before it is sent: whom it reaches and what it says. After: what became of each letter, and who confirmed."""
    found, on = load_announcement(pk), visit(request).on
    stands = standing(found)
    sent = found.sent_at is not None
    reached = None if sent else addressed(found, on=on)
    log = log_of(found) if sent else []
    return page(
        request, title=found.title, number=found.number, crumbs=[NOTICES], badges=_badges(stands),
        meta=[str(found.get_kind_display()), _when(found, request), stands.whom],
        actions=_actions(request, found, reached), alerts=_alerts(found, reached, request),
        panels=[
            Panel("tiles", "How it stands", TILES, lambda: {"tiles": _tiles(stands, reached, log)}, "top", frame=False),
            *([Panel("critical", "Critical customers", "key/entries.html", lambda: _critical(request, found))]
              if sent else []),
            Panel("people", "Delivery" if sent else "Whom it reaches", GRID,
                  lambda: _people(request, reached, log)),
            *([Panel("letters", "As it is read", "key/outreach/letters.html", lambda: _letters(request, found, reached),
                     "side")] if reached else []),
            Panel("about", "About", FACTS, lambda: {"facts": _about(request, found)}, "side"),
        ],
    )  # fmt: skip


def coming(request: HttpRequest) -> Mapping[str, Any]:
    """What was announced, or is to be, from today on: the soonest first."""
    on = visit(request).on
    rows = [one for one in reversed(standings(since=on)) if not one.over]
    entries = [
        Entry(one.announcement.day, Badge(one.state, STATES[one.state]),
              f"{one.announcement}: {due(one.announcement.day, on)}",
              " · ".join(filter(None, [one.whom, f"{one.open} to confirm" if one.open else ""])),
              Link("Open", reverse("key:notice", args=[one.announcement.pk])))
        for one in rows[:6]
    ]  # fmt: skip
    return {"entries": entries, "empty": Empty("No work on anybody's power is announced.", good=True)}


def load_announcement(pk: int) -> Announcement:
    rows = Announcement.objects.select_related("contact", "follows", "followed_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such notice.")
    return found


def _badges(stands: Standing) -> list[Badge]:
    return [Badge(str(stands.announcement.get_news_display()), Tone.INFO), Badge(stands.state, STATES[stands.state])]


def _when(found: Announcement, request: HttpRequest) -> str:
    said = day(found.day, visit(request).on)
    hours = hours_in_words(found.begins, found.ends)
    week = "week of " if found.kind == Announcement.Kind.TREES else ""
    return f"{week}{said}{', ' + hours if hours else ''}"


def _actions(request: HttpRequest, found: Announcement, reached: Addressed | None) -> list[Action]:
    if "outages.communicate" not in permissions(request):
        return []
    pk, asked = [found.pk], proposal_of(found)
    if found.sent_at is not None:
        if hasattr(found, "followed_by") or found.news == Announcement.News.CANCELLED:
            return []
        return [Action("It moved", reverse("key:do-move-notice", args=pk), key="m"),
                Action("It is cancelled", reverse("key:do-cancel-notice", args=pk), key="x")]  # fmt: skip
    if asked is not None:
        return [Action("Withdraw", reverse("key:do-withdraw-notice", args=pk))] if asked.asked_by == actor(
            request
        ) else []  # fmt: skip
    acts = [Action("Drop it", reverse("key:do-drop-notice", args=pk), key="d")]
    if TEMPLATES[found.kind] == TEMPLATES[Announcement.Kind.BILL]:
        acts.append(Action("Write what changes", reverse("key:do-word-notice", args=pk), key="w"))
    if reached and reached.written:
        label = f"Ask to send it to {len(reached.written):,}"
        acts.append(Action(label, reverse("key:do-ask-notice", args=pk), key="s", primary=True))
    return acts


def _alerts(found: Announcement, reached: Addressed | None, request: HttpRequest) -> list[Alert]:
    alerts = []
    if hasattr(found, "followed_by"):
        newer = found.followed_by
        link = Link("Open it", reverse("key:notice", args=[newer.pk]))
        what = str(newer.get_news_display()).lower()
        state = "went out" if newer.sent_at else "is not sent yet"
        alerts.append(Alert(Level.WATCH, f"A second notice ({what}) {state}", day(newer.day, visit(request).on), link))
    if reached and reached.missing and found.news != Announcement.News.CANCELLED:
        why = (
            "They were not told of the first day. Plan a notice for them by themselves."
            if found.follows
            else "Nobody is known there to write to."
        )
        numbers = ", ".join(one.number for one in reached.missing[:10])
        more = f" and {len(reached.missing) - 10} more" if len(reached.missing) > 10 else ""
        alerts.append(Alert(Level.WATCH, f"Nobody is told at {numbers}{more}", why))
    return alerts


def _tiles(stands: Standing, reached: Addressed | None, log: Sequence[Logged]) -> list[Tile]:
    if reached is not None:
        by = ", ".join(f"{count} by {channel.lower()} in {language}" for channel, language, count in reached.counts)
        left = len(reached.left_out) + len(reached.missing)
        return [
            Tile("Would be told", len(reached.written), by or "nobody"),
            Tile("Can't be reached", left, "they are named here" if left else "", Tone.BAD if left else Tone.PLAIN),
            Tile("Critical", len(reached.critical), "somebody there must confirm" if reached.critical else ""),
        ]
    came = [one.step for one in log]
    failed = sum(one.failed for one in log)
    counts = ", ".join(f"{count} by {channel.lower()} in {language}" for channel, language, count in _sent(log))
    return [
        Tile("Told", len(log), counts),
        Tile("Delivered", came.count(DeliveryStep.DELIVERED), f"{came.count(DeliveryStep.HANDED_OVER)} on their way"),
        Tile("Failed", failed, "to be told another way" if failed else "", Tone.BAD if failed else Tone.GOOD),
        Tile("To confirm", stands.open, "critical customers", Tone.WATCH if stands.open else Tone.GOOD),
    ]


def _sent(log: Sequence[Logged]) -> list[tuple[str, str, int]]:
    found: dict[tuple[str, str], int] = {}
    for one in log:
        key = str(one.told.notice.get_channel_display()), str(one.told.notice.get_language_display())
        found[key] = found.get(key, 0) + 1
    return [(channel, language, count) for (channel, language), count in sorted(found.items())]


def _people(request: HttpRequest, reached: Addressed | None, log: Sequence[Logged]) -> Mapping[str, Any]:
    if reached is None:
        return {"grid": grid(request, table=Log, rows=list(log), caption="Delivery", name="people",
                             empty=Empty("Nobody was told."))}  # fmt: skip
    return {"grid": grid(request, table=People, rows=list(reached.everybody), caption="Whom it reaches", name="people",
                         empty=Empty("Nobody is meant: no business is there."))}  # fmt: skip


def _letters(request: HttpRequest, found: Announcement, reached: Addressed) -> Mapping[str, Any]:
    try:
        return {"letters": letters(previews(found, reached, on=visit(request).on)),
                "empty": Empty("Nobody would be written to.")}  # fmt: skip
    except (CannotReach, CannotCompose) as why:
        return {"letters": [], "empty": Empty(str(why))}


def _critical(request: HttpRequest, found: Announcement) -> Mapping[str, Any]:
    """Who there confirmed it and when; of those who did not yet, what waits and since when."""
    asked = asked_of(found)
    accounts = Account.objects.annotate(customer=customer_of("pk")).in_bulk([one.account.pk for one in asked])
    names = names_of(one.confirmation.by for one in asked if one.confirmation)
    entries = [_asked(request, found, one, accounts[one.account.pk].customer, names) for one in asked]
    return {"entries": entries, "empty": Empty("No critical customer is among them.", good=True)}


def _asked(request: HttpRequest, found: Announcement, one: Asked, customer: str, names: Mapping[Actor, str]) -> Entry:
    if one.confirmation:
        noted = f"{one.confirmation.get_how_display()} · noted by {names[one.confirmation.by]}"
        return Entry(one.confirmation.at, Badge("Confirmed", Tone.GOOD), f"{customer}: {one.confirmation.who}", noted)
    assert one.item
    if not one.waits:
        assert one.item.ended_at
        return Entry(one.item.ended_at, Badge("Confirmed", Tone.GOOD), f"{customer}: {one.outcome.lower()}",
                     "ended in the worklist")  # fmt: skip
    note = Link("Note it", reverse("key:do-confirm-notice", args=[found.pk, one.account.number]), panel=True)
    return Entry(
        one.item.raised_at, Badge("Not yet", Tone.WATCH), f"{customer}: {one.item.summary}",
        f"to be confirmed {due(one.item.due_at.date(), visit(request).on)}",
        note if "keyaccounts.work" in permissions(request) else None,
    )  # fmt: skip


def _about(request: HttpRequest, found: Announcement) -> list[Fact]:
    on = visit(request).on
    facts = [
        Fact("The work", str(found.get_reason_display())) if found.reason else Fact("Kind", found.get_kind_display()),
        Fact("Their contact", f"{found.contact.name}, {found.phone}"),
        Fact("Planned by", f"{name_of(found.planned_by)}, {day(found.planned_at.date(), on)}"),
    ]
    if found.sent_at and found.sent_by:
        facts.append(Fact("Approved by", f"{name_of(found.sent_by)}, {day(found.sent_at.date(), on)}"))
    if asked := proposal_of(found):
        facts.append(Fact("Waits for", "a second person", Link("Open", reverse("lead:approval", args=[asked.pk]))))
    if found.follows is not None:
        facts.append(Fact("Before it", f"{found.follows.number}, for {day(found.follows.day, on)}",
                          Link("Open", reverse("key:notice", args=[found.follows_id]))))  # fmt: skip
    return facts
