"""Plan an announcement, have a second person send it to exactly whom was shown, and see to it that it arrives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts.models import Account
from lamplighter.kernel.actors import Actor
from lamplighter.notices.channels import Channel
from lamplighter.notices.models import Notice
from lamplighter.notices.operations import compose, queue
from lamplighter.notices.queries.drafts import CannotCompose, drafts
from lamplighter.outreach.kinds import CONFIRM
from lamplighter.outreach.models import Announcement, AnnouncementWords, Confirmation, Told
from lamplighter.outreach.queries.announced import Addressed, Addressee, addressed, log_of, places_of, ways_of
from lamplighter.outreach.queries.announcements import APPROVAL, asked_of, proposal_of
from lamplighter.outreach.queries.announcing import again, requests
from lamplighter.outreach.rules.announcing import AHEAD_DAYS, TEMPLATES, check_work, whom_of
from lamplighter.outreach.rules.segments import CannotReach
from lamplighter.platform.models import Approval, User
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.approvals import on_approval
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import in_transaction
from lamplighter.worklist.operations import Draft, finish_matters, raise_items

News = Announcement.News


@in_transaction
def plan_announcement(
    *, kind: str, title: str, whom: Mapping[str, Any], homes: bool, day: date, contact: User, phone: str, on: date,
    by: Actor, at: datetime, begins: time | None = None, ends: time | None = None, reason: str = "",
) -> Announcement:  # fmt: skip
    """Something to tell customers ahead; nothing is sent yet. Raises CannotReach."""
    meant = whom_of(whom)
    check_work(kind, reason, begins, ends)
    _check_day(kind, day, on=on)
    unknown = set(meant.accounts) - set(
        Account.objects.filter(number__in=meant.accounts).values_list("number", flat=True)
    )
    if unknown:
        raise CannotReach(f"There is no account {min(unknown)}.")
    if not title.strip() or not phone.strip():
        raise CannotReach("Give it a title, and a number to call.")
    made = Announcement.objects.create(
        kind=kind, title=title.strip(), whom=meant.kept, homes=homes, day=day, begins=begins, ends=ends, reason=reason,
        contact=contact, phone=phone.strip(), planned_at=at, planned_by=by,
    )  # fmt: skip
    record("outreach.announcement.planned", subject=made.subject, by=by, at=at, kind=kind, whom=made.whom,
           day=day.isoformat())  # fmt: skip
    return made


@in_transaction
def word_announcement(
    *, announcement: Announcement, language: str, about: str, words: str, by: Actor, at: datetime
) -> AnnouncementWords:
    """What a change says in one language, in place of what it said. Raises CannotReach once it waits or went out."""
    held = _draft(announcement)
    if TEMPLATES[held.kind] != TEMPLATES[Announcement.Kind.BILL]:
        raise CannotReach("Work says what it is by its reason, in every language; only a change has words.")
    said = " ".join(words.split())
    if not about.strip() or not said:
        raise CannotReach("A change has a subject and words.")
    made, _ = AnnouncementWords.objects.update_or_create(
        announcement=held, language=language, defaults={"about": " ".join(about.split()), "words": said}
    )
    record("outreach.announcement.worded", subject=held.subject, by=by, at=at, language=language)
    return made


@in_transaction
def follow_announcement(
    *, first: Announcement, news: str, day: date | None, by: Actor, at: datetime, on: date, begins: time | None = None,
    ends: time | None = None,
) -> Announcement:  # fmt: skip
    """It moved, or it is cancelled: told to the same people once a second person says so. Raises CannotReach."""
    held = Announcement.objects.select_for_update(of=("self",)).get(pk=first.pk)
    if held.sent_at is None:
        raise CannotReach("It did not go out yet: nobody has to be told otherwise.")
    if hasattr(held, "followed_by") or held.news == News.CANCELLED:
        raise CannotReach("It was followed already. Look at the newest.")
    moved = news == News.MOVED
    if moved and day is None:
        raise CannotReach("Say to which day it moved.")
    when = (day, begins or held.begins, ends or held.ends) if moved else (held.day, held.begins, held.ends)
    assert when[0] is not None
    if moved:
        check_work(held.kind, held.reason, when[1], when[2])
        _check_day(held.kind, when[0], on=on, again=True)
        if when == (held.day, held.begins, held.ends):
            raise CannotReach("That is the same day and the same hours.")
    made = Announcement.objects.create(
        kind=held.kind, news=news, follows=held, title=held.title, whom=held.whom, homes=held.homes, day=when[0],
        begins=when[1], ends=when[2], reason=held.reason, contact_id=held.contact_id, phone=held.phone, planned_at=at,
        planned_by=by,
    )  # fmt: skip
    AnnouncementWords.objects.bulk_create(
        AnnouncementWords(announcement=made, language=row.language, about=row.about, words=row.words)
        for row in held.words.all()
    )
    record("outreach.announcement.followed", subject=held.subject, by=by, at=at, news=news, by_number=made.number)
    return made


@in_transaction
def drop_announcement(*, announcement: Announcement, by: Actor, at: datetime) -> None:
    """It comes to nothing before anybody was told. Raises CannotReach once it waits or went out."""
    held = _draft(announcement)
    held.words.all().delete()
    held.delete()
    record("outreach.announcement.dropped", subject=announcement.subject, by=by, at=at, title=announcement.title)


@in_transaction
def ask_to_send(
    *, announcement: Announcement, shown: str, on: date, by: Actor, at: datetime, remark: str = ""
) -> Approval:
    """Put it before a second person, with exactly the people who were shown. Raises CannotReach."""
    held = _draft(announcement)
    found = addressed(held, on=on)
    if found.digest != shown:
        raise CannotReach("Whom this reaches changed since you looked. Look at it again.")
    _check_letters(held, found, on=on)
    return approvals.ask(
        kind=APPROVAL, subject=held.subject, permission="notices.approve", by=by, at=at, remark=remark,
        summary=f"Send “{held.title}” to {len(found.written)} people"[:200],
        proposal={"announcement": held.pk, "letters": len(found.written), "sha256": found.digest},
    )  # fmt: skip


@on_approval(APPROVAL)
@in_transaction
def send_approved(approval: Approval, *, by: Actor, at: datetime) -> None:
    """A second person approved: exactly those letters go into the outbox, and critical customers wait to be confirmed.
    Raises CannotReach where the people are others by now."""
    on = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    held = Announcement.objects.select_for_update(of=("self",)).get(pk=approval.proposal["announcement"])
    found = addressed(held, on=on)
    if held.sent_at is not None or found.digest != approval.proposal["sha256"]:
        raise CannotReach("Whom this reaches changed since it was asked. Refuse it, and have it asked again.")
    if held.news != News.CANCELLED:
        _check_day(held.kind, held.day, on=on, again=held.follows is not None)
    if by == held.planned_by:
        raise CannotReach("Nobody sends what they planned. Ask a colleague.")
    meant = {f"{held.subject}:{one.account.pk}:{one.person.pk}": one for one in found.written}
    notices = _compose(held, found, on=on, by=by, at=at)
    Told.objects.bulk_create(
        Told(announcement=held, person=one.person, account=one.account, part=one.part[:30],
             critical=one.critical[:40], notice=notice)
        for notice in notices for one in (meant[notice.source],)
    )  # fmt: skip
    held.sent_at, held.sent_by = at, by
    held.save(update_fields=["sent_at", "sent_by"])
    _supersede(held, by=by, at=at)
    _ask_for_confirmations(held, found, by=by, at=at)
    record("outreach.announcement.sent", subject=held.subject, by=by, at=at, letters=len(notices),
           left_out=len(found.left_out), critical=len(found.critical))  # fmt: skip


@in_transaction
def confirm(
    *, announcement: Announcement, account: Account, who: str, how: str, by: Actor, at: datetime
) -> Confirmation:
    """Somebody at a critical customer said that they know. Once; the item is done. Raises CannotReach."""
    held = Announcement.objects.select_for_update(of=("self",)).get(pk=announcement.pk)
    if held.sent_at is None:
        raise CannotReach("It did not go out yet.")
    if not who.strip():
        raise CannotReach("Note who confirmed it.")
    asked = {one.account.pk: one for one in asked_of(held)}.get(account.pk)
    if asked is None:
        raise CannotReach(f"Nobody at {account.number} has to confirm this.")
    if not asked.waits:
        raise CannotReach("That was confirmed already.")
    made = Confirmation.objects.create(
        announcement=held, account=account, who=write_remark(who.strip(), at=at), how=how, at=at, by=by
    )
    finish_matters(kind=CONFIRM.key, matters=[_matter(held, account.pk)], by=by, at=at)
    record("outreach.announcement.confirmed", subject=held.subject, account=account.pk, by=by, at=at, how=how,
           remark=who.strip(), title=held.title)  # fmt: skip
    return made


@in_transaction
def tell_again(*, told: Told, channel: str, on: date, by: Actor, at: datetime) -> Notice:
    """What failed goes out once more, by another channel, in place of the first. Raises CannotReach."""
    held = (
        Told.objects.select_for_update(of=("self",)).select_related("announcement__contact", "person").get(pk=told.pk)
    )
    logged = next(one for one in log_of(held.announcement) if one.told.pk == held.pk)
    if not logged.failed:
        raise CannotReach("It arrived, is on its way, or was sent again already.")
    ways = dict(ways_of(logged, on=on))
    if (wanted := Channel(channel)) not in ways:
        raise CannotReach(f"They can't be told by {wanted.label.lower()}.")
    one = Addressee(logged.told.account, held.person, held.part, places_of(held.announcement, held.account_id, on=on),
                    wanted, ways[wanted], held.critical)  # fmt: skip
    made = drafts([again(held.announcement, one, replaces=logged.letter.pk, on=on)])
    if made.refused:
        raise CannotReach(str(made.refused[0].finding))
    (notice,) = compose(drafts=made.drafts, by=by, at=at)
    queue(notices=[notice], by=by, at=at)
    record("outreach.announcement.told_again", subject=held.announcement.subject, account=held.account_id, by=by,
           at=at, channel=channel)  # fmt: skip
    return notice


def _check_letters(held: Announcement, found: Addressed, *, on: date) -> None:
    if not found.written:
        raise CannotReach("This reaches nobody.")
    made = drafts(requests(held, found.written, on=on))
    if made.refused:
        raise CannotReach(f"A letter can't be written: {made.refused[0].finding}")


def _compose(held: Announcement, found: Addressed, *, on: date, by: Actor, at: datetime) -> list[Notice]:
    _check_letters(held, found, on=on)
    try:
        notices = compose(drafts=drafts(requests(held, found.written, on=on)).drafts, by=by, at=at)
    except CannotCompose as refused:
        raise CannotReach(str(refused)) from refused
    queue(notices=notices, by=by, at=at)
    return notices


def _supersede(held: Announcement, *, by: Actor, at: datetime) -> None:
    """What critical customers were to confirm of the day before is no longer asked."""
    if held.follows is not None:
        told = Told.objects.filter(announcement=held.follows).values_list("account", flat=True)
        matters = [_matter(held.follows, account) for account in set(told)]
        finish_matters(kind=CONFIRM.key, matters=matters, by=by, at=at)


def _ask_for_confirmations(held: Announcement, found: Addressed, *, by: Actor, at: datetime) -> None:
    items = [
        Draft(CONFIRM.key, held.subject, f"{why}: {held.get_news_display().lower()} for {held.day:%b %-d}"[:200],
              account=account, dedupe=_matter(held, account))
        for account, why in found.critical.items()
    ]  # fmt: skip
    raise_items(drafts=items, by=by, at=at)


def _matter(announcement: Announcement, account: int) -> str:
    return f"{announcement.subject}:{account}"


def _check_day(kind: str, day: date, *, on: date, again: bool = False) -> None:
    ahead = 1 if again else AHEAD_DAYS.get(kind, 1)
    if day < on + timedelta(days=ahead):
        raise CannotReach(f"That is too soon: it is told {ahead} days ahead at least." if ahead > 1
                          else "Choose a day that is still to come.")  # fmt: skip


def _draft(announcement: Announcement) -> Announcement:
    held = Announcement.objects.select_for_update(of=("self",)).get(pk=announcement.pk)
    if held.sent_at is not None:
        raise CannotReach("It went out. Tell the same people that it moved, or is cancelled.")
    if proposal_of(held) is not None:
        raise CannotReach("It waits for a second person. Have it withdrawn first.")
    return held
