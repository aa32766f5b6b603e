"""Whom a campaign would write to, and whom not and why not: the preview and the sending share this."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lamplighter.accounts.models import AgreementPoint
from lamplighter.accounts.types import AgreementKind
from lamplighter.customers.consent import Purpose
from lamplighter.customers.models import Person
from lamplighter.customers.queries import agreed, reach_many
from lamplighter.customers.rules import CannotRecord, e164
from lamplighter.notices.channels import Channel
from lamplighter.outreach.models import Campaign, OptOut, Target
from lamplighter.outreach.queries.segments import Match, members
from lamplighter.outreach.rules.segments import segment_of
from lamplighter.platform import secrets

By = Campaign.By
SAME_ADDRESS = "a letter goes to the same address"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody of the segment. `refused` says why nothing is written to them; else the way and the address."""

    match: Match
    channel: Channel
    address: tuple[str, ...]
    language: str
    refused: str = ""

    @property
    def digest(self) -> str:
        """By which the same address is known again without being kept."""
        return secrets.digest("\n".join(self.address).casefold())


@dataclass(frozen=True, slots=True)
class Audience:
    """Everybody of the segment, in order; `digest` names exactly these letters, so that what was shown is sent."""

    recipients: tuple[Recipient, ...]

    @property
    def written(self) -> tuple[Recipient, ...]:
        return tuple(one for one in self.recipients if not one.refused)

    @property
    def left_out(self) -> tuple[Recipient, ...]:
        return tuple(one for one in self.recipients if one.refused)

    @property
    def digest(self) -> str:
        said = [f"{one.match.account.pk} {one.channel} {one.language} {one.digest}" for one in self.written]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()


def audience(campaign: Campaign, *, on: date) -> Audience:
    """One person once, one address once, nobody who was written to before, wants no offers, or can't be reached."""
    found = members(segment_of(campaign.segment), on=on)
    people = {match.person.pk for match in found}
    before = {target.person_id: target for target in Target.objects.filter(campaign=campaign)}
    refusals = {pk: f"written to on {told.written_at:%b %-d, %Y}" for pk, told in before.items()}
    refusals |= dict.fromkeys(opted_out(people, on=on), "wants no offers")
    used, made = {target.digest for target in before.values()}, []
    for one in _reached(campaign, found, on=on):
        person = one.match.person.pk
        if why := refusals.get(person, "" if one.refused or one.digest not in used else SAME_ADDRESS):
            one = replace(one, refused=why)  # noqa: PLW2901 - the same recipient, refused
        if not one.refused:
            used.add(one.digest)
            refusals[person] = "one letter for all of their accounts"
        made.append(one)
    return Audience(tuple(made))


def opted_out(people: Collection[int], *, on: date) -> set[int]:
    rows = OptOut.objects.filter(person__in=people, period__contains=on)
    return set(rows.values_list("person", flat=True))


def _reached(campaign: Campaign, found: Sequence[Match], *, on: date) -> Iterator[Recipient]:
    """Each by the way of the campaign, in a language that the campaign speaks; refused where there is no way."""
    way = campaign.by_way_of
    reach = reach_many({match.person.pk for match in found}, on=on)
    homes = _homes(found, on=on) if way in (By.EMAIL_OR_LETTER, By.LETTER) else {}
    numbers = {one.phone: _number(one.phone) for one in reach.values()} if way == By.TEXT else {}
    may = agreed(set(numbers.values()) - {""}, Purpose.PROGRAMS)
    speaks = set(campaign.words.values_list("language", flat=True))
    for match in found:
        person, has = match.person, reach[match.person.pk]
        language = person.language if person.language in speaks else Person.Language.ENGLISH.value
        if way == By.TEXT:
            number = numbers[has.phone]
            why = "" if number in may else "never agreed to offers by text" if number else "no number to text"
            yield Recipient(match, Channel.TEXT, (has.phone,), language, why)
        elif way == By.EMAIL or (way == By.EMAIL_OR_LETTER and has.email):
            yield Recipient(match, Channel.EMAIL, (has.email,), language, "" if has.email else "no email is known")
        else:
            lines = (person.name, *(has.mailing or homes.get(match.account.pk, "")).splitlines())
            why = "" if len(lines) > 1 else "no address is known"
            yield Recipient(match, Channel.LETTER, lines, language, why)


def _number(shown: str) -> str:
    """As E.164; "" where it can't be texted."""
    try:
        return e164(shown) if shown else ""
    except CannotRecord:
        return ""


def _homes(found: Sequence[Match], *, on: date) -> Mapping[int, str]:
    """A premise of each account, as an envelope wants it."""
    rows = AgreementPoint.objects.filter(
        agreement__account__in=[match.account.pk for match in found], agreement__kind=AgreementKind.ENERGY,
        agreement__premise__isnull=False, period__contains=on,
    ).select_related("agreement__premise").order_by("-agreement", "-pk")  # fmt: skip
    return {row.agreement.account_id: row.agreement.premise.label for row in rows if row.agreement.premise}
