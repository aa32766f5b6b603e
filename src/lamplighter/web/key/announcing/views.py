"""Announcements: the list, and one with whom it reaches, what it says, what became of each letter, who confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.notices.queries.drafts import CannotCompose
from lamplighter.notices.rules.steps import DeliveryStep
from lamplighter.outreach.kinds import CONFIRM
from lamplighter.outreach.models import Announcement, Confirmation
from lamplighter.outreach.operations.announcing import APPROVAL
from lamplighter.outreach.queries.announced import Addressed, Addressee, Logged, addressed, log_of
from lamplighter.outreach.queries.announcing import previews
from lamplighter.outreach.rules.announcing import TEMPLATES, hours_in_words, places_in_words, whom_of
from lamplighter.outreach.rules.segments import CannotReach
from lamplighter.platform.models import Approval, User
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.key.outreach.shown import letters
from lamplighter.web.naming import customer_of, name_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Badge, Crumb, Empty, Entry, Fact, Level, Link, Tile, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, NumberColumn, Table, grid, table_page
from lamplighter.web.ui.wording import day, due
from lamplighter.web.visits import visit
from lamplighter.worklist.models import Item

NOTICES = Crumb("Notices", "/key/notices/")
GRID, TILES, FACTS = "ui/tables/grid.html", "key/outreach/tiles.html", "desk/accounts/facts.html"
STATES = {"Planned": Tone.PLAIN, "Waits for a second person": Tone.NOTICE, "Sent": Tone.GOOD, "Moved since": Tone.WATCH,
          "Cancelled since": Tone.WATCH}  # fmt: skip
OVER = ("Moved since", "Cancelled since")
STEPS = {"Queued": Tone.PLAIN, "Handed over": Tone.INFO, "Delivered": Tone.GOOD, "Bounced": Tone.BAD,
         "Returned": Tone.BAD}  # fmt: skip


class Announcements(Table):
    """From `_rows`, the latest day first."""

    title = Column("What")
    kind = Column("Kind")
    news = Column("News")
    whom = Column("For", orderable=False)
    day = DayColumn("Day")
    state = BadgeColumn("State", tones=STATES)
    people = NumberColumn("Told")
    open = NumberColumn("To confirm")

    def row_url(self, record: Mapping[str, Any]) -> str:
        return reverse("key:notice", args=[record["pk"]])


class People(Table):
    """Whom it would reach, from `Addressee`s."""

    who = Column("Who", accessor="person__name")
    part = Column("As")
    account = Column("Account", accessor="account__number")
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
    account = Column("Account", accessor="told__account__number")
    way = Column("By", accessor="told__notice__get_channel_display")
    language = Column("In", accessor="told__notice__get_language_display")
    step = BadgeColumn("Came to", accessor="step__label", tones=STEPS)
    again = Column("Told again by", default="")
    critical = Column("Critical", accessor="told__critical", default="")

    def row_url(self, record: Logged) -> str:
        if record.failed:
            return reverse("key:do-tell-again", args=[record.told.announcement_id, record.told.pk])
        return reverse("desk:letter", args=[record.told.notice_id])


@needs("keyaccounts.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    may = "outages.communicate" in permissions(request)
    return table_page(
        request, title="Notices", table=Announcements, rows=_rows(),
        actions=[Action("Plan a notice", reverse("key:do-plan-notice"), key="a", primary=True)] if may else [],
        empty=Empty("Nothing was announced yet: planned work, trees near the line, changes of bills and programs."),
    )  # fmt: skip


@needs("keyaccounts.view")
def one(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Before it is sent: whom it reaches and what it says. After: what became of each letter, and who confirmed."""
    found, on = load_announcement(pk), visit(request).on
    sent = found.sent_at is not None
    reached = None if sent else addressed(found, on=on)
    log = log_of(found) if sent else []
    return page(
        request, title=found.title, number=found.number, crumbs=[NOTICES], badges=_badges(found),
        meta=[str(found.get_kind_display()), _when(found, request), whom_words(found)],
        actions=_actions(request, found, reached), alerts=_alerts(found, request),
        panels=[
            Panel("tiles", "How it stands", TILES, lambda: {"tiles": _tiles(found, reached, log)}, "top", frame=False),
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
    rows = [one for one in reversed(_rows()) if one["day"] >= on and one["state"] not in OVER]
    entries = [
        Entry(one["day"], Badge(one["state"], STATES[one["state"]]), f"{one['title']}: {due(one['day'], on)}",
              " · ".join(filter(None, [one["whom"], f"{one['open']} to confirm" if one["open"] else ""])),
              Link("Open", reverse("key:notice", args=[one["pk"]])))
        for one in rows[:6]
    ]  # fmt: skip
    return {"entries": entries, "empty": Empty("No work on anybody's power is announced.", good=True)}


def load_announcement(pk: int) -> Announcement:
    rows = Announcement.objects.select_related("contact", "follows", "followed_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such notice.")
    return found


def state_of(found: Announcement, *, waits: bool) -> str:
    if hasattr(found, "followed_by") and found.followed_by.sent_at is not None:
        return "Moved since" if found.followed_by.news == Announcement.News.MOVED else "Cancelled since"
    return "Sent" if found.sent_at else "Waits for a second person" if waits else "Planned"


def whom_words(found: Announcement) -> str:
    whom = whom_of(found.whom)
    if whom.portfolio:
        return f"Portfolio of {User.objects.get(username=whom.portfolio).name}"
    count = f"{len(whom.accounts)} account{'' if len(whom.accounts) == 1 else 's'}" if whom.accounts else ""
    feeder = f"{whom.feeder}{', homes too' if found.homes else ''}" if whom.feeder else ""
    return " and ".join(filter(None, [feeder, count]))


def proposal_of(found: Announcement) -> Approval | None:
    return Approval.objects.filter(kind=APPROVAL, subject=found.subject, state=Approval.State.WAITING).first()


def _rows() -> list[dict[str, Any]]:
    rows = list(
        Announcement.objects.select_related("followed_by", "contact")
        .annotate(people=Count("told"))
        .order_by("-day", "-id")
    )
    subjects = {one.subject: one.pk for one in rows}
    waiting = set(
        Approval.objects.filter(kind=APPROVAL, state=Approval.State.WAITING).values_list("subject", flat=True)
    )
    items = dict(
        Item.objects.waiting()
        .filter(kind=CONFIRM.key, subject__in=subjects)
        .values_list("subject")
        .annotate(Count("id"))
    )
    return [
        {"pk": one.pk, "title": one.title, "kind": one.get_kind_display(), "news": one.get_news_display(),
         "whom": whom_words(one), "day": one.day, "people": one.people, "open": items.get(one.subject, 0),
         "state": state_of(one, waits=one.subject in waiting)}
        for one in rows
    ]  # fmt: skip


def _badges(found: Announcement) -> list[Badge]:
    state = state_of(found, waits=proposal_of(found) is not None)
    return [Badge(str(found.get_news_display()), Tone.INFO), Badge(state, STATES[state])]


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


def _alerts(found: Announcement, request: HttpRequest) -> list[Alert]:
    if hasattr(found, "followed_by"):
        newer = found.followed_by
        link = Link("Open it", reverse("key:notice", args=[newer.pk]))
        what = str(newer.get_news_display()).lower()
        state = "went out" if newer.sent_at else "is not sent yet"
        return [Alert(Level.WATCH, f"A second notice ({what}) {state}", day(newer.day, visit(request).on), link)]
    return []


def _tiles(found: Announcement, reached: Addressed | None, log: Sequence[Logged]) -> list[Tile]:
    if reached is not None:
        by = ", ".join(f"{count} {channel.lower()} in {language}" for channel, language, count in reached.counts)
        left = len(reached.left_out)
        return [
            Tile("Would be told", len(reached.written), by or "nobody"),
            Tile("Can't be reached", left, "they are named below" if left else "", Tone.BAD if left else Tone.PLAIN),
            Tile("Critical", len(reached.critical), "somebody there must confirm"),
        ]
    came = [one.step for one in log]
    failed = sum(one.failed for one in log)
    counts = ", ".join(f"{count} {channel.lower()} in {language}" for channel, language, count in _sent(log))
    waiting = Item.objects.waiting().filter(kind=CONFIRM.key, subject=found.subject).count()
    return [
        Tile("Told", len(log), counts),
        Tile("Delivered", came.count(DeliveryStep.DELIVERED), f"{came.count(DeliveryStep.HANDED_OVER)} on their way"),
        Tile("Failed", failed, "to be told another way" if failed else "", Tone.BAD if failed else Tone.GOOD),
        Tile("To confirm", waiting, "critical customers", Tone.WATCH if waiting else Tone.GOOD),
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
    on, may = visit(request).on, "keyaccounts.work" in permissions(request)
    done = list(Confirmation.objects.filter(announcement=found).select_related("account", "who"))
    items = list(Item.objects.waiting().filter(kind=CONFIRM.key, subject=found.subject).order_by("due_at"))
    accounts = Account.objects.annotate(customer=customer_of("pk")).in_bulk(
        [one.account_id for one in done] + [item.account for item in items if item.account]
    )
    waiting = [
        Entry(item.raised_at, Badge("Not yet", Tone.WATCH), f"{accounts[item.account or 0].customer}: {item.summary}",
              f"to be confirmed {due(item.due_at.date(), on)}",
              Link("Note it", reverse("key:do-confirm-notice", args=[found.pk, accounts[item.account or 0].number]),
                   panel=True) if may else None)
        for item in items
    ]  # fmt: skip
    confirmed = [
        Entry(one.at, Badge("Confirmed", Tone.GOOD), f"{accounts[one.account_id].customer}: {one.who}",
              f"{one.get_how_display()} · noted by {name_of(one.by)}")
        for one in done
    ]  # fmt: skip
    return {"entries": waiting + confirmed, "empty": Empty("No critical customer is among them.", good=True)}


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
