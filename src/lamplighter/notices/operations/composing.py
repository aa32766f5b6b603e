"""Write notices exactly as they were drafted, or refuse a stale draft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from lamplighter.kernel.actors import Actor
from lamplighter.notices.models import Notice, NoticeWords
from lamplighter.notices.queries.drafts import CannotCompose, Draft
from lamplighter.notices.queries.drafts import drafts as redraft
from lamplighter.notices.rules.rendering import Rendered
from lamplighter.platform.operations.events import Happening, record_many
from lamplighter.platform.transactions import in_transaction


@in_transaction
def compose(*, drafts: Sequence[Draft], by: Actor, at: datetime) -> list[Notice]:
    """Keep what was drafted, all or none; the notices in order. They go out when they are queued.

    Raises CannotCompose when a template or the sender changed since the preview, and when a source was composed
    before. Every notice is an event; each that fell back to English is another, for who has it translated.
    """
    _refuse_stale(drafts)
    notices = [_notice(draft, by, at) for draft in drafts]
    try:
        with transaction.atomic():
            Notice.objects.bulk_create(notices)
    except IntegrityError as refused:
        raise CannotCompose(_why(refused)) from refused
    NoticeWords.objects.bulk_create(
        _words(notice, draft.request.address, draft.rendered) for notice, draft in zip(notices, drafts, strict=True)
    )
    told = (told for notice, draft in zip(notices, drafts, strict=True) for told in _happened(notice, draft))
    record_many(told, by=by, at=at)
    return notices


def _refuse_stale(found: Sequence[Draft]) -> None:
    again = redraft([draft.request for draft in found])
    if again.refused:
        raise CannotCompose(f"This can't be sent as it was shown: {again.refused[0].finding}")
    for shown, now in zip(found, again.drafts, strict=True):
        if (shown.template, shown.rendered) != (now.template, now.rendered):
            raise CannotCompose(f"The template {shown.request.code!r} or the sender changed since. Look at it again.")


def _notice(draft: Draft, by: Actor, at: datetime) -> Notice:
    request = draft.request
    return Notice(
        source=request.source, template_id=draft.template, channel=request.channel,
        language=draft.rendered.language, wanted_language=draft.rendered.wanted,
        subject=request.subject, account=request.account, recipient=request.recipient, replaces_id=request.replaces,
        composed_at=at, composed_by=by,
    )  # fmt: skip


def _words(notice: Notice, address: tuple[str, ...], rendered: Rendered) -> NoticeWords:
    return NoticeWords(
        notice=notice,
        address=list(address),
        sheets=[[sheet.language, [list(block) for block in sheet.blocks]] for sheet in rendered.sheets],
        lines=[[language, text] for language, text in rendered.lines],
    )


def _happened(notice: Notice, draft: Draft) -> Iterator[Happening]:
    told = {"code": draft.request.code, "version": draft.version, "channel": notice.channel}
    yield Happening(
        "notices.notice.composed", notice.key, notice.account,
        {**told, "language": notice.language, "about": notice.subject, "recipient": notice.recipient},
    )  # fmt: skip
    if notice.fallback:
        missed = {**told, "language": notice.wanted_language}
        yield Happening("notices.translation.missed", notice.key, notice.account, missed)


def _why(refused: IntegrityError) -> str:
    text = str(refused)
    if "source" in text:
        return "This notice was composed before; nothing was composed again."
    if "replaces" in text:
        return "The notice that came back was replaced already."
    return text.splitlines()[0]
