"""Plan a campaign, word it, write to exactly whom was shown, and keep what they reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.text import slugify

from lamplighter.customers.models import Person
from lamplighter.kernel.actors import Actor
from lamplighter.keyaccounts.models import Gathering
from lamplighter.notices.operations import compose, queue
from lamplighter.notices.queries.drafts import drafts
from lamplighter.outreach.models import Campaign, CampaignWords, OptOut, Reply, Target
from lamplighter.outreach.operations.leads import open_lead
from lamplighter.outreach.operations.traits import opt_out
from lamplighter.outreach.queries.audience import audience
from lamplighter.outreach.queries.letters import requests
from lamplighter.outreach.rules.segments import CannotReach, segment_of
from lamplighter.platform.models import User
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import in_transaction
from lamplighter.programs.models import Program

ENGLISH = Person.Language.ENGLISH.value
LONG = 1200


@dataclass(frozen=True, slots=True)
class Sent:
    """How many letters went into the outbox, and why some did not."""

    letters: int
    refused: tuple[str, ...]


@in_transaction
def plan_campaign(
    *, name: str, segment: Mapping[str, Any], by_way_of: str, topic: str, owner: User, by: Actor, at: datetime,
    program: Program | None = None, gathering: Gathering | None = None,
) -> Campaign:  # fmt: skip
    """An offer to a segment, still without words. Raises CannotReach: a segment of nothing, a name that is taken."""
    asked = segment_of(segment)
    slug = slugify(name)[:58]
    if not slug:
        raise CannotReach("Give the campaign a name.")
    if Campaign.objects.filter(slug=slug).exists():
        raise CannotReach(f"There is a campaign {name} already.")
    made = Campaign.objects.create(
        slug=slug, name=name.strip(), segment=asked.kept, by_way_of=by_way_of, topic=topic, program=program,
        gathering=gathering, owner=owner, planned_at=at, planned_by=by,
    )  # fmt: skip
    record("outreach.campaign.planned", subject=made.subject, by=by, at=at, segment=made.segment)
    return made


@in_transaction
def word_campaign(
    *, campaign: Campaign, language: str, about: str, words: str, by: Actor, at: datetime
) -> CampaignWords:
    """What it says in one language, in place of what it said; letters that went stay as they were. English first."""
    held = _open(campaign)
    said = " ".join(words.split())
    if not about.strip() or not said:
        raise CannotReach("An offer has a subject and words.")
    if len(said) > LONG:
        raise CannotReach(f"{len(said):,} letters are too long for one page: {LONG:,} at most.")
    if language != ENGLISH and not held.words.filter(language=ENGLISH).exists():
        raise CannotReach("Write it in English first: who has no words in their language reads those.")
    made, _ = CampaignWords.objects.update_or_create(
        campaign=held, language=language, defaults={"about": " ".join(about.split()), "words": said}
    )
    record("outreach.campaign.worded", subject=held.subject, by=by, at=at, language=language)
    return made


@in_transaction
def send_campaign(*, campaign: Campaign, shown: str, page: str, on: date, by: Actor, at: datetime) -> Sent:
    """Write to exactly those who were shown (`shown` is the audience's digest), once each, and let it go out.

    Raises CannotReach where the audience is another by now, or is nobody. A letter that can't
    be composed stops no other.
    """
    held = _open(campaign)
    found = audience(held, on=on)
    if found.digest != shown:
        raise CannotReach("Whom this reaches changed since you looked. Look at it again.")
    if not found.written:
        raise CannotReach("This reaches nobody.")
    asked = requests(held, found.written, page=page, on=on)
    meant = {request.source: one for request, one in zip(asked, found.written, strict=True)}
    made = drafts(asked)
    notices = compose(drafts=made.drafts, by=by, at=at)
    queue(notices=notices, by=by, at=at)
    Target.objects.bulk_create(
        Target(campaign=held, person=one.match.person, account=one.match.account, why=", ".join(one.match.why)[:200],
               digest=one.digest, notice=notice, written_at=at, written_by=by)
        for notice in notices for one in (meant[notice.source],)
    )  # fmt: skip
    record("outreach.campaign.sent", subject=held.subject, by=by, at=at, letters=len(notices),
           left_out=len(found.left_out), refused=len(made.refused))  # fmt: skip
    return Sent(len(notices), tuple(str(one.finding) for one in made.refused))


@in_transaction
def keep_reply(*, target: Target, said: str, how: str, on: date, by: Actor, at: datetime, words: str = "") -> Reply:
    """What somebody answered, once each way of answering: interest opens a lead, "no more" is an opt-out.

    It is kept even of a campaign that ended: people answer late.
    """
    Campaign.objects.select_for_update().get(pk=target.campaign_id)
    known = Reply.objects.filter(target=target, said=said).first()
    if known is not None:
        return known
    kept = write_remark(words.strip(), at=at) if words.strip() else None
    made = Reply.objects.create(target=target, said=said, how=how, words=kept, at=at, by=by)
    campaign = target.campaign
    record("outreach.campaign.answered", subject=campaign.subject, account=target.account_id, by=by, at=at, said=said,
           how=how)  # fmt: skip
    if said == Reply.Said.YES:
        open_lead(person=target.person, topic=campaign.topic, owner=campaign.owner, account=target.account,
                  campaign=campaign, words=words or f"Answered “{campaign}”.", on=on, by=by, at=at)  # fmt: skip
    elif said == Reply.Said.STOP:
        opt_out(person=target.person, how=_HOW[Reply.How(how)], on=on, by=by, at=at)
    return made


@in_transaction
def end_campaign(*, campaign: Campaign, by: Actor, at: datetime) -> Campaign:
    """Nothing more is written; answers and leads go on."""
    held = _open(campaign)
    held.ended_at, held.ended_by = at, by
    held.save(update_fields=["ended_at", "ended_by"])
    record("outreach.campaign.ended", subject=held.subject, by=by, at=at)
    return held


_HOW = {
    Reply.How.LINK: OptOut.How.LINK, Reply.How.CALL: OptOut.How.CALL, Reply.How.EMAIL: OptOut.How.WRITING,
    Reply.How.VISIT: OptOut.How.VISIT,
}  # fmt: skip


def _open(campaign: Campaign) -> Campaign:
    held = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if held.ended_at is not None:
        raise CannotReach(f"{held} ended on {held.ended_at:%b %-d, %Y}.")
    return held
