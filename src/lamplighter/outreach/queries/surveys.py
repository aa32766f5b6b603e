"""Whom a survey asks now and whom not, and what was answered by segment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lamplighter.accounts.models import Account, AccountRole, AgreementRate
from lamplighter.accounts.types import AgreementKind
from lamplighter.cases.models import Contact
from lamplighter.customers.models import Person
from lamplighter.customers.queries import reach_many
from lamplighter.keyaccounts.models import Organisation, Touch
from lamplighter.outreach.models import Invitation, Survey, SurveyAnswer
from lamplighter.outreach.queries.audience import opted_out
from lamplighter.outreach.queries.segments import members
from lamplighter.outreach.rules.questions import Kind, Question, of_stored
from lamplighter.outreach.rules.segments import segment_of
from lamplighter.outreach.rules.suppression import Group, groups

REST = timedelta(days=90)
"""Nobody is asked again sooner, whatever the survey."""

FRESH = timedelta(days=7)
"""A contact longer ago is not asked about any more."""

SPOKEN = (Touch.Kind.CALL, Touch.Kind.VISIT, Touch.Kind.MEETING)


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody to be asked. `refused` says why no email goes to them; `source` is what for."""

    person: Person
    account: Account | None
    source: str
    why: str
    email: str = ""
    refused: str = ""


def due(survey: Survey, *, on: date, at: datetime) -> list[Asked]:
    """Everybody whom the survey would ask on a day: each person once, nobody who was asked within 90 days, nobody who
    wants no offers and surveys."""
    found = _spoke(at) if survey.when == Survey.When.AFTER else _members(survey, on)
    first = {one.person.pk: one for one in reversed(found)}
    people = set(first)
    done = set(Invitation.objects.filter(survey=survey).values_list("source", flat=True))
    lately = set(
        Invitation.objects.filter(person__in=people, invited_at__gt=at - REST).values_list("person", flat=True)
    )
    without, reached = opted_out(people, on=on), reach_many(people, on=on)
    made = []
    for one in sorted(first.values(), key=lambda one: one.person.sort_name):
        if one.source in done:
            continue
        email, pk = reached[one.person.pk].email, one.person.pk
        why = (
            "wants no surveys" if pk in without
            else "was asked within 90 days" if pk in lately
            else "" if email else "no email: ask on the phone"
        )  # fmt: skip
        made.append(Asked(one.person, one.account, one.source, one.why, email, why))
    return made


def questions(survey: Survey, language: str = Person.Language.ENGLISH) -> tuple[Question, ...]:
    """In that language, or in English where it has no words in it; none before it was worded."""
    rows = {row.language: row for row in survey.wordings.all()}
    row = rows.get(language) or rows.get(Person.Language.ENGLISH)
    return of_stored(row.questions) if row else ()


@dataclass(frozen=True, slots=True)
class Result:
    """A question's answers: of everybody, and by segment; `by` is empty where too few answered to hide in."""

    question: Question
    whole: Group | None
    by: tuple[Group, ...]


DIMENSIONS = {"class": "Class of customer", "language": "Language", "rate": "Rate", "segment": "Key-account segment"}


def results(survey: Survey, *, by: str, on: date) -> list[Result]:
    """Every rating question, with its answers by a dimension."""
    rows = list(SurveyAnswer.objects.filter(invitation__survey=survey).select_related(
        "invitation__person", "invitation__account"
    ))  # fmt: skip
    keys = _keys(rows, by, on)
    made = []
    for one in questions(survey):
        if one.kind is not Kind.RATING:
            continue
        values: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            if (rating := row.ratings.get(str(one.number))) is not None:
                values[keys[row.pk]].append(rating)
        everybody = groups({"All": [value for several in values.values() for value in several]})
        made.append(Result(one, everybody[0] if everybody else None, tuple(groups(values))))
    return made


def _spoke(at: datetime) -> list[Asked]:
    """Who called, came or wrote in the last days, the newest first; of key accounts also whom managers spoke with."""
    since = at - FRESH
    contacts = Contact.objects.filter(
        wrapped_at__gt=since, person__isnull=False, account__isnull=False, person__deceased_on__isnull=True,
        person__erased_at__isnull=True,
    ).select_related("person", "account")  # fmt: skip
    found = [
        (row.wrapped_at, Asked(row.person, row.account, f"contact:{row.pk}", row.get_reason_display()))
        for row in contacts if row.wrapped_at is not None and row.person is not None
    ]  # fmt: skip
    touches = Touch.objects.filter(at__gt=since, person__isnull=False, kind__in=SPOKEN).select_related(
        "person", "account"
    )
    found += [
        (row.at, Asked(row.person, row.account, f"touch:{row.pk}", row.get_kind_display()))
        for row in touches if row.person is not None
    ]  # fmt: skip
    return [one for _, one in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _members(survey: Survey, on: date) -> list[Asked]:
    return [
        Asked(match.person, match.account, f"year:{on.year}:{match.person.pk}", ", ".join(match.why))
        for match in members(segment_of(survey.segment), on=on)
    ]


def _keys(rows: Sequence[SurveyAnswer], by: str, on: date) -> dict[int, str]:
    """The group of each answer in a dimension."""
    accounts = {row.invitation.account_id for row in rows if row.invitation.account_id}
    match by:
        case "language":
            return {row.pk: row.invitation.person.get_language_display() for row in rows}
        case "rate":
            rated = AgreementRate.objects.filter(
                agreement__account__in=accounts, agreement__kind=AgreementKind.ENERGY, rider=False, period__contains=on
            )
            of = dict(rated.order_by("-agreement").values_list("agreement__account", "schedule__code"))
        case "segment":
            mains = AccountRole.objects.filter(account__in=accounts, role=AccountRole.Role.MAIN, period__contains=on)
            owners = dict(mains.values_list("account", "person"))
            named = dict(Organisation.objects.filter(person__in=owners.values()).values_list("person", "segment"))
            of = {account: named.get(person, "") for account, person in owners.items()}
        case _:
            labels = dict(Account.CustomerClass.choices)
            kept = Account.objects.filter(pk__in=accounts).values_list("pk", "customer_class")
            of = {pk: str(labels[name]) for pk, name in kept}
    return {row.pk: of.get(row.invitation.account_id or 0, "") or "None" for row in rows}
