"""How announcements stand: for the list, for the day, and for one's own page."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Count, QuerySet

from lamplighter.accounts.models import Account
from lamplighter.outreach.kinds import CONFIRM
from lamplighter.outreach.models import Announcement, Confirmation
from lamplighter.outreach.rules.announcing import whom_of
from lamplighter.platform.models import Approval, User
from lamplighter.worklist.models import Item

APPROVAL = "outreach.announcement"


class State(StrEnum):
    PLANNED = "Planned"
    WAITS = "Waits for a second person"
    SENT = "Sent"
    MOVED = "Moved since"
    CANCELLED = "Cancelled since"


@dataclass(frozen=True, slots=True)
class Standing:
    """One announcement: for whom in words, how many people were told, how many have still to confirm."""

    announcement: Announcement
    state: State
    whom: str
    people: int
    open: int

    @property
    def over(self) -> bool:
        """Whether a later one went out in its place."""
        return self.state in (State.MOVED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Asked:
    """One critical customer of an announcement: what was noted of them by hand, or the item that still waits.

    An item that somebody ended in the worklist is neither: its outcome says what came of it.
    """

    account: Account
    confirmation: Confirmation | None
    item: Item | None

    @property
    def waits(self) -> bool:
        return self.confirmation is None and self.item is not None and self.item.waits

    @property
    def outcome(self) -> str:
        return dict(CONFIRM.outcomes).get(self.item.outcome, "") if self.item else ""


def standings(*, since: date | None = None) -> list[Standing]:
    """Every announcement, or those for a day from `since` on; the latest day first. Four queries."""
    rows = Announcement.objects.all() if since is None else Announcement.objects.filter(day__gte=since)
    return _standings(rows)


def standing(announcement: Announcement) -> Standing:
    (found,) = _standings(Announcement.objects.filter(pk=announcement.pk))
    return found


def proposal_of(announcement: Announcement) -> Approval | None:
    """What waits for a second person."""
    return _waiting([announcement.subject]).first()


def asked_of(announcement: Announcement) -> list[Asked]:
    """Whom somebody is to call about an announcement; those who have not confirmed yet first."""
    confirmed = {row.account_id: row for row in announcement.confirmations.select_related("account", "who")}
    items = {
        item.account: item
        for item in Item.objects.filter(kind=CONFIRM.key, subject=announcement.subject).order_by("pk")
        if item.account and (item.waits or item.outcome in dict(CONFIRM.outcomes))
    }
    accounts = Account.objects.in_bulk({*confirmed, *items})
    found = [Asked(account, confirmed.get(pk), items.get(pk)) for pk, account in accounts.items()]
    return sorted(found, key=lambda one: (not one.waits, one.account.number))


def _standings(rows: QuerySet[Announcement]) -> list[Standing]:
    found = list(rows.select_related("followed_by").annotate(people=Count("told")).order_by("-day", "-id"))
    subjects = [one.subject for one in found]
    waiting = set(_waiting(subjects).values_list("subject", flat=True))
    items = Item.objects.waiting().filter(kind=CONFIRM.key, subject__in=subjects)
    still = dict(items.values_list("subject").annotate(Count("id")))
    names = _managers(found)
    states = {one.pk: _state(one, waits=one.subject in waiting) for one in found}
    return [Standing(one, states[one.pk], _whom(one, names), one.people, still.get(one.subject, 0)) for one in found]


def _state(one: Announcement, *, waits: bool) -> State:
    if hasattr(one, "followed_by") and one.followed_by.sent_at is not None:
        return State.MOVED if one.followed_by.news == Announcement.News.MOVED else State.CANCELLED
    return State.SENT if one.sent_at else State.WAITS if waits else State.PLANNED


def _waiting(subjects: Collection[str]) -> QuerySet[Approval]:
    return Approval.objects.filter(kind=APPROVAL, state=Approval.State.WAITING, subject__in=subjects)


def _managers(rows: Sequence[Announcement]) -> dict[str, str]:
    usernames = {whom_of(one.whom).portfolio for one in rows} - {""}
    return dict(User.objects.filter(username__in=usernames).values_list("username", "name"))


def _whom(one: Announcement, names: Mapping[str, str]) -> str:
    whom = whom_of(one.whom)
    if whom.portfolio:
        return f"Portfolio of {names[whom.portfolio]}"
    count = f"{len(whom.accounts)} account{'' if len(whom.accounts) == 1 else 's'}" if whom.accounts else ""
    feeder = f"{whom.feeder}{', homes too' if one.homes else ''}" if whom.feeder else ""
    return " and ".join(filter(None, [feeder, count]))
