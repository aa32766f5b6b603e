"""Whom an announcement reaches, as what, by which way and in which language: preview and sending share this."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter

from django.db.models import Case, Q, When

from lamplighter.accounts.models import Account, AccountRole, AgreementPoint
from lamplighter.accounts.types import AgreementKind
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.models import Hold
from lamplighter.customers.consent import Purpose
from lamplighter.customers.models import Person
from lamplighter.customers.queries import Reach, agreed, reach_many
from lamplighter.customers.rules import CannotRecord, e164
from lamplighter.keyaccounts.models import Assignment, Organisation, Tie
from lamplighter.keyaccounts.queries.portfolio import accounts_of
from lamplighter.notices.channels import Channel
from lamplighter.notices.models import Delivery, Notice
from lamplighter.notices.rules.steps import FAILED, DeliveryStep
from lamplighter.outreach.models import Announcement, Told, Trait
from lamplighter.outreach.rules.announcing import PARTS, confirms, whom_of
from lamplighter.platform import secrets

CUSTOMERS = (AccountRole.Role.MAIN, AccountRole.Role.CO_APPLICANT)
HOMES = Account.CustomerClass.RESIDENTIAL
LIFE, CUSTOMER = "Life support", "Customer"


@dataclass(frozen=True, slots=True)
class Addressee:
    """One person for one account. `refused` says why nothing can be written to them; else the way and the address."""

    account: Account
    person: Person
    part: str
    places: tuple[str, ...]
    channel: Channel
    address: tuple[str, ...]
    critical: str = ""
    refused: str = ""

    @property
    def digest(self) -> str:
        said = [self.account.pk, self.person.pk, self.channel.value, self.person.language, *self.places, *self.address]
        return secrets.digest("\n".join(map(str, said)))


@dataclass(frozen=True, slots=True)
class Addressed:
    """Everybody who is meant; `critical` names, by account, why somebody there must confirm, reached or not;
    nobody must where no power is taken.

    `missing` are accounts that it is about without anybody to write to: nobody there is alive or known, or the account
    came after the first notice, which this one follows.
    """

    everybody: tuple[Addressee, ...]
    critical: Mapping[int, str] = field(default_factory=dict)
    missing: tuple[Account, ...] = ()

    @property
    def written(self) -> tuple[Addressee, ...]:
        return tuple(one for one in self.everybody if not one.refused)

    @property
    def left_out(self) -> tuple[Addressee, ...]:
        return tuple(one for one in self.everybody if one.refused)

    @property
    def digest(self) -> str:
        """Names exactly these people, ways and places, so that what was approved is what goes out."""
        said = [one.digest for one in self.written] + [str(pk) for pk in sorted(self.critical)]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """Channel, language and how many, in order."""
        found = Counter((one.channel.label, str(one.person.get_language_display())) for one in self.written)
        return [(channel, language, count) for (channel, language), count in sorted(found.items())]


def addressed(announcement: Announcement, *, on: date) -> Addressed:
    """The people of the accounts that are meant; of one that follows, those whom the first was told. A dozen queries
    for any number of accounts."""
    first = announcement.follows
    places = _places(announcement, on=on)
    meant = _told_before(first) if first else _people(announcement, places, on=on)
    accounts = Account.objects.in_bulk({account for account, _ in meant} | set(places))
    calls = confirms(announcement.kind, cancelled=announcement.news == Announcement.News.CANCELLED)
    critical = _critical(set(accounts), on=on) if calls else {}
    people = Person.objects.in_bulk({person for _, person in meant})
    reach, ways = reach_many(people, on=on), _ways(announcement, people, on=on)
    made = [
        _addressee(_Meant(accounts[account], people[person], part, places.get(account, {}), reach[person], ways[person],
                          critical.get(account, "")))
        for (account, person), part in meant.items()
    ]  # fmt: skip
    made.sort(key=lambda one: (one.person.sort_name, one.account.number))
    without = set(places) - {account for account, _ in meant}
    return Addressed(tuple(made), critical, tuple(sorted((accounts[one] for one in without), key=attrgetter("number"))))


@dataclass(frozen=True, slots=True)
class Logged:
    """What became of telling one person: the newest step of the newest letter. `again` says by which way that one went,
    where the first did not arrive."""

    told: Told
    letter: Notice
    step: DeliveryStep | None
    again: str

    @property
    def failed(self) -> bool:
        return self.step in FAILED


def log_of(announcement: Announcement) -> list[Logged]:
    """Everybody who was told, with what became of it. Three queries."""
    rows = Told.objects.filter(announcement=announcement).select_related("person", "account", "announcement", "notice")
    replacing = Notice.objects.filter(subject=announcement.subject, replaces__isnull=False)
    later = {one.replaces_id: one for one in replacing}
    steps = Delivery.objects.filter(notice__subject=announcement.subject).order_by("id").values_list("notice", "step")
    newest = {notice: DeliveryStep(step) for notice, step in steps}
    found = []
    for row in rows.order_by("person__sort_name", "pk"):
        letter = _newest(row.notice, later)
        again = str(letter.get_channel_display()) if letter.pk != row.notice_id else ""
        found.append(Logged(row, letter, newest.get(letter.pk), again))
    return found


def _newest(letter: Notice, later: Mapping[int | None, Notice]) -> Notice:
    while letter.pk in later:
        letter = later[letter.pk]
    return letter


def _told_before(first: Announcement) -> dict[tuple[int, int], str]:
    return {(row.account_id, row.person_id): row.part for row in Told.objects.filter(announcement=first).order_by("pk")}


def _places(announcement: Announcement, *, on: date) -> dict[int, dict[str, str]]:
    """The premises that are meant, by account, each with its envelope: those on the feeder, or all that there are."""
    whom = whom_of(announcement.whom)
    rows = AgreementPoint.objects.filter(
        agreement__kind=AgreementKind.ENERGY, agreement__cancelled_at__isnull=True, period__contains=on,
        agreement__account__closed_on__isnull=True, agreement__premise__isnull=False,
    )  # fmt: skip
    if whom.portfolio:
        rows = rows.filter(agreement__account__in=_portfolio(whom.portfolio, on=on))
    else:
        fed = Q(point__feeder=whom.feeder) if whom.feeder else Q(pk__in=[])
        fed &= Q() if announcement.homes else ~Q(agreement__account__customer_class=HOMES)
        rows = rows.filter(fed | Q(agreement__account__number__in=whom.accounts))
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for row in rows.select_related("agreement__premise").order_by("agreement"):
        assert row.agreement.premise
        found[row.agreement.account_id][row.agreement.premise.address] = row.agreement.premise.label
    return dict(found)


def _portfolio(username: str, *, on: date) -> list[int]:
    mine = Assignment.objects.filter(user__username=username, period__contains=on)
    organisations = Organisation.objects.filter(kind=Organisation.Kind.CUSTOMER, pk__in=mine.values("organisation"))
    return [account for several in accounts_of(organisations).values() for account in several]


def _people(announcement: Announcement, places: Collection[int], *, on: date) -> dict[tuple[int, int], str]:
    """By account and person, as what they are written to: whoever has the part, else the customer."""
    customers = AccountRole.objects.filter(
        account__in=places, role__in=CUSTOMERS, period__contains=on, person__deceased_on__isnull=True,
        person__erased_at__isnull=True,
    )  # fmt: skip
    main = Case(When(role=AccountRole.Role.MAIN, then=1), default=0)
    owners = dict(customers.order_by("account", main).values_list("account", "person"))  # the last of an account stays
    ties: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = Tie.objects.filter(
        organisation__person__in=owners.values(), part__in=PARTS[announcement.kind], period__contains=on,
        person__deceased_on__isnull=True, person__erased_at__isnull=True,
    )  # fmt: skip
    for one in rows.select_related("organisation").order_by("pk"):
        ties[one.organisation.person_id].append((one.person_id, str(one.get_part_display())))
    found: dict[tuple[int, int], str] = {}
    for account, owner in owners.items():
        for person, part in ties.get(owner) or [(owner, CUSTOMER)]:
            found.setdefault((account, person), part)
    return found


def _critical(accounts: Collection[int], *, on: date) -> dict[int, str]:
    """Why an account can't be without power unasked: what is known of its site, or life support."""
    held = Hold.objects.filter(account__in=accounts, kind=HoldKind.LIFE_SUPPORT, period__contains=on)
    found = dict.fromkeys(held.values_list("account", flat=True), LIFE)
    known = Trait.objects.filter(account__in=accounts, kind=Trait.Kind.CRITICAL, period__contains=on)
    return found | {one.account_id: str(Trait.Critical(one.value).label) for one in known}


def _ways(announcement: Announcement, people: Mapping[int, Person], *, on: date) -> dict[int, bool]:
    """Whether each may be texted about it: their number is known, and they did not take consent back."""
    purpose = Purpose.OUTAGE if announcement.kind == Announcement.Kind.OUTAGE else Purpose.SERVICE
    numbers = {pk: _number(one.phone) for pk, one in reach_many(people, on=on).items()}
    may = agreed(set(numbers.values()) - {""}, purpose)
    return {pk: number in may for pk, number in numbers.items()}


@dataclass(frozen=True, slots=True)
class _Meant:
    """Somebody who is meant, with what is known of how they are reached; `texts` is whether they may be texted."""

    account: Account
    person: Person
    part: str
    places: Mapping[str, str]
    reach: Reach
    texts: bool
    critical: str


def _addressee(one: _Meant) -> Addressee:
    channel, address = _way(one)
    why = "no service there any more" if not one.places else "" if address else "no email, number or address is known"
    return Addressee(one.account, one.person, one.part, tuple(one.places), channel, address, one.critical, why)


def _way(one: _Meant) -> tuple[Channel, tuple[str, ...]]:
    """Whoever is called at night is texted; customers hear as they get their bills; others by email, or by letter."""
    post = (one.person.name, *(one.reach.mailing or next(iter(one.places.values()), "")).splitlines())
    by_post = one.account.dispatch != Account.Dispatch.EMAIL and one.part == CUSTOMER and len(post) > 1
    if one.part == Tie.Part.OUTAGE.label and one.texts:
        return Channel.TEXT, (one.reach.phone,)
    if one.reach.email and not by_post:
        return Channel.EMAIL, (one.reach.email,)
    if len(post) > 1:
        return Channel.LETTER, post
    return (Channel.TEXT, (one.reach.phone,)) if one.texts else (Channel.LETTER, ())


def _number(shown: str) -> str:
    """As E.164; "" where it can't be texted."""
    try:
        return e164(shown) if shown else ""
    except CannotRecord:
        return ""


def ways_of(logged: Logged, *, on: date) -> Iterator[tuple[Channel, tuple[str, ...]]]:
    """By which other channels than the newest letter's the same person can be told again."""
    told = logged.told
    reach = reach_many([told.person_id], on=on)[told.person_id]
    known = _places(told.announcement, on=on).get(told.account_id, {})
    post = (told.person.name, *(reach.mailing or next(iter(known.values()), "")).splitlines())
    texts = _ways(told.announcement, {told.person_id: told.person}, on=on)[told.person_id]
    for channel, address in ((Channel.EMAIL, (reach.email,)), (Channel.TEXT, (reach.phone,)), (Channel.LETTER, post)):
        there = all(address) and (channel is not Channel.LETTER or len(post) > 1)
        if there and channel.value != logged.letter.channel and (texts or channel is not Channel.TEXT):
            yield channel, address


def places_of(announcement: Announcement, account: int, *, on: date) -> tuple[str, ...]:
    """The addresses of one account that an announcement is about."""
    return tuple(_places(announcement, on=on).get(account, {}))
