"""What a campaign's letters would say: one for each recipient, the same for preview and sending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.queries.drafts import Draft, Request, drafts
from lamplighter.notices.rules.fields import Value
from lamplighter.outreach.models import Campaign, CampaignWords
from lamplighter.outreach.queries.audience import Audience, Recipient
from lamplighter.outreach.rules.segments import CannotReach
from lamplighter.outreach.tokens import token_of

CODE = "offer"


def samples(campaign: Campaign, found: Audience, *, page: str, on: date) -> list[Draft]:
    """The first letter of each channel and language: what is looked at before anything is sent.

    Raises CannotReach where a template is lacking.
    """
    first = {(one.channel, one.language): one for one in reversed(found.written)}
    made = drafts(requests(campaign, sorted(first.values(), key=_order), page=page, on=on))
    if made.refused:
        raise CannotReach(str(made.refused[0].finding))
    return list(made.drafts)


def requests(campaign: Campaign, recipients: Sequence[Recipient], *, page: str, on: date) -> list[Request]:
    """`page` is the address under which customers reach us, with its slash."""
    words = {row.language: row for row in campaign.words.all()}
    if not words:
        raise CannotReach("Write the words of this campaign first.")
    return [_request(campaign, one, words, page, on) for one in recipients]


def _request(campaign: Campaign, one: Recipient, words: Mapping[str, CampaignWords], page: str, on: date) -> Request:
    person, said = one.match.person, words[one.language]
    values: dict[str, Value] = {"about": said.about, "words": said.words}
    if one.channel is not Channel.TEXT:
        values |= {"customer": person.name, "sent": on}
    if one.channel is Channel.EMAIL:
        values["answer"] = f"{page}replies/offer/{token_of('offer', campaign.pk, person.pk)}/"
    return Request(
        CODE, one.channel, Language(one.language), f"{campaign.subject}:{person.pk}", campaign.subject,
        f"person:{person.number}", one.address, values, account=one.match.account.pk,
    )  # fmt: skip


def _order(one: Recipient) -> tuple[str, str]:
    return one.channel, one.language
