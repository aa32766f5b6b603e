"""What an announcement's letters would say: one for each person and account, the same for preview and sending."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lamplighter.customers.models import Person
from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.queries.drafts import Draft, Request, drafts
from lamplighter.notices.rules.fields import Value
from lamplighter.outreach.models import Announcement
from lamplighter.outreach.queries.announced import Addressed, Addressee
from lamplighter.outreach.rules.announcing import TEMPLATES, hours_in_words, places_in_words
from lamplighter.outreach.rules.segments import CannotReach

ENGLISH = Person.Language.ENGLISH.value


def previews(announcement: Announcement, found: Addressed, *, on: date) -> list[Draft]:
    """The first letter of each channel and language. Raises CannotReach where a template or its words are lacking."""
    first = {(one.channel, one.person.language): one for one in reversed(found.written)}
    made = drafts(requests(announcement, [first[key] for key in sorted(first)], on=on))
    if made.refused:
        raise CannotReach(str(made.refused[0].finding))
    return list(made.drafts)


def requests(announcement: Announcement, people: Sequence[Addressee], *, on: date) -> list[Request]:
    """One letter for each; what has no words in somebody's language is said to them in English. Raises CannotReach."""
    words = {row.language: row for row in announcement.words.all()}
    worded = TEMPLATES[announcement.kind] == TEMPLATES[Announcement.Kind.BILL]
    if worded and ENGLISH not in words:
        raise CannotReach("Write what changes first, in English at least.")
    made = []
    for one in people:
        language = one.person.language if not worded or one.person.language in words else ENGLISH
        said: dict[str, Value] = {"about": words[language].about, "words": words[language].words} if worded else {}
        made.append(_request(announcement, one, language, said, on=on))
    return made


def again(announcement: Announcement, one: Addressee, *, replaces: int, on: date) -> Request:
    """The same to the same person by another channel, in place of what did not arrive."""
    (made,) = requests(announcement, [one], on=on)
    return Request(
        made.code, made.channel, made.language, f"{made.source}:again:{replaces}", made.subject, made.recipient,
        made.address, made.values, account=made.account, replaces=replaces,
    )  # fmt: skip


def _request(announcement: Announcement, one: Addressee, language: str, said: dict[str, Value], *, on: date) -> Request:
    before = announcement.follows.day if announcement.follows else announcement.day
    values: dict[str, Value] = {
        "place": places_in_words(one.places), "day": announcement.day, "before": before, "news": announcement.news,
        "contact": announcement.contact.name, "contact_phone": announcement.phone, **said,
    }  # fmt: skip
    if announcement.kind == Announcement.Kind.OUTAGE:
        values["hours"] = hours_in_words(announcement.begins, announcement.ends)
    if announcement.reason:
        values["reason"] = announcement.reason
    if one.channel is not Channel.TEXT:
        values |= {"customer": one.person.name, "sent": on}
        if announcement.reason:
            values["places"] = ", ".join(one.places)
    return Request(
        TEMPLATES[announcement.kind], one.channel, Language(language),
        f"{announcement.subject}:{one.account.pk}:{one.person.pk}", announcement.subject,
        f"person:{one.person.number}", one.address, values, account=one.account.pk,
    )  # fmt: skip
