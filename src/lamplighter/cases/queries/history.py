"""Search the whole history: notes, contacts, messages, letters and requests, of one account or of all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, QuerySet, TextField
from django.db.models.functions import Cast

from lamplighter.accounts.models import Account
from lamplighter.cases.models import Message
from lamplighter.notices.models import Notice, Template
from lamplighter.platform.models import Event

Row = TypeVar("Row", bound=Model)
MOST = 200
AROUND = 60
LEAST = 3


@dataclass(frozen=True, slots=True)
class Found:
    """Where the words stand: when, on which account (its id), what it is, as `kind:key`, and the words around."""

    at: datetime
    account: int | None
    name: str
    subject: str
    words: str


def search_history(text: str, *, account: Account | None = None) -> list[Found]:
    """Where one text holds all of these words, the newest first, at most MOST of each source. Erased words are gone.

    Each question stands on a trigram index of its own (docs/adr/0011-cases.md), whatever number of years is kept.
    """
    wanted = text.split()
    if len(text.strip()) < LEAST:
        return []
    found = [*_events(wanted, account), *_messages(wanted, account), *_notices(wanted, account)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST]


def excerpt(words: str, wanted: list[str]) -> str:
    """The words around the first that was asked for."""
    flat = " ".join(words.split())
    at = min((place for word in wanted if (place := flat.casefold().find(word.casefold())) >= 0), default=0)
    start, end = max(0, at - AROUND), at + 2 * AROUND
    return ("… " if start else "") + flat[start:end] + (" …" if end < len(flat) else "")


def noted(wanted: list[str], account: Account | None = None) -> QuerySet[Event]:
    """What was said in remarks."""
    rows = Event.objects.filter(remark__isnull=False).select_related("remark").order_by("-id")
    return holding(rows.filter(account=account.pk) if account else rows, "remark__words", wanted)


def written(wanted: list[str], account: Account | None = None) -> QuerySet[Notice]:
    """What our letters and notices say."""
    rows = Notice.objects.select_related("words").annotate(said=Cast("words__sheets", TextField())).order_by("-id")
    return holding(rows.filter(account=account.pk) if account else rows, "said", wanted)


def holding(rows: QuerySet[Row], field: str, wanted: list[str]) -> QuerySet[Row]:
    """Rows of which one field holds every word."""
    for word in wanted:
        rows = rows.filter(**{f"{field}__icontains": word})
    return rows


def _events(wanted: list[str], account: Account | None) -> Iterator[Found]:
    for row in noted(wanted, account)[:MOST]:
        assert row.remark
        yield Found(row.at, row.account, row.name, row.subject, excerpt(row.remark.words, wanted))


def _messages(wanted: list[str], account: Account | None) -> Iterator[Found]:
    rows = Message.objects.select_related("contact").order_by("-pk")
    rows = rows.filter(contact__account=account) if account else rows
    fields = ("body", "subject", "contact__party")
    for row in {row.pk: row for field in fields for row in holding(rows, field, wanted)[:MOST]}.values():
        contact = row.contact
        name = f"cases.message.{'received' if contact.direction == 'in' else 'written'}"
        words = excerpt(f"{row.subject} {row.body}", wanted)
        yield Found(row.written_at, contact.account_id, name, contact.subject, words)


def _notices(wanted: list[str], account: Account | None) -> Iterator[Found]:
    titled = holding(Template.objects.all(), "title", wanted)
    called = Notice.objects.select_related("words").filter(template__in=list(titled)).order_by("-id")
    called = called.filter(account=account.pk) if account else called
    titles = {row.pk for row in called[:MOST]}
    for row in {row.pk: row for rows in (called, written(wanted, account)) for row in rows[:MOST]}.values():
        said = " ".join(text for sheet in row.words.read for _, text in sheet.blocks)
        if row.pk in titles or all(word.casefold() in said.casefold() for word in wanted):
            yield Found(row.composed_at, row.account, "notices.notice.composed", row.key, excerpt(said, wanted))
