"""Search the whole history: notes, contacts, messages, letters and requests, of one account or of all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from lamplighter.accounts.models import Account
from lamplighter.cases.models import Message
from lamplighter.notices.models import Notice
from lamplighter.platform.models import Event

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
    """What holds all of these words, the newest first, at most MOST of each source. Erased words are not found."""
    wanted = [word for word in text.split() if word]
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


def _events(wanted: list[str], account: Account | None) -> Iterator[Found]:
    rows = Event.objects.filter(remark__isnull=False).select_related("remark").order_by("-id")
    for word in wanted:
        rows = rows.filter(remark__words__icontains=word)
    if account is not None:
        rows = rows.filter(account=account.pk)
    for row in rows[:MOST]:
        assert row.remark
        yield Found(row.at, row.account, row.name, row.subject, excerpt(row.remark.words, wanted))


def _messages(wanted: list[str], account: Account | None) -> Iterator[Found]:
    rows = Message.objects.select_related("contact").order_by("-pk")
    for word in wanted:
        rows = rows.filter(
            Q(body__icontains=word) | Q(subject__icontains=word) | Q(contact__party__icontains=word)
        )  # fmt: skip
    if account is not None:
        rows = rows.filter(contact__account=account)
    for row in rows[:MOST]:
        contact = row.contact
        name = f"cases.message.{'received' if contact.direction == 'in' else 'written'}"
        words = excerpt(f"{row.subject} {row.body}", wanted)
        yield Found(row.written_at, contact.account_id, name, contact.subject, words)


def _notices(wanted: list[str], account: Account | None) -> Iterator[Found]:
    said = Cast("words__sheets", TextField())
    rows = Notice.objects.select_related("words", "template").annotate(said=said).order_by("-id")
    for word in wanted:
        rows = rows.filter(Q(said__icontains=word) | Q(template__title__icontains=word))
    if account is not None:
        rows = rows.filter(account=account.pk)
    for row in islice(rows, MOST):
        body = " ".join(f"{sheet.subject} {sheet.body}" for sheet in row.words.read)
        yield Found(row.composed_at, row.account, "notices.notice.composed", row.key, excerpt(body, wanted))
