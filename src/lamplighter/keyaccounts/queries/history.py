"""What was said and done with an organisation or an account, the newest first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.customers.models import Person
from lamplighter.customers.queries import reach_many
from lamplighter.kernel.actors import Actor
from lamplighter.keyaccounts.models import Issue, Organisation, Step, Tie, Touch


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the history: a touch, an issue that was opened or closed, a step that was done."""

    at: datetime
    kind: str
    words: str
    by: Actor
    person: str = ""
    issue: str = ""
    photos: int = 0


def history(
    *, organisation: Organisation | None = None, accounts: Sequence[int] = (), of: Collection[Issue] = (),
    limit: int = 100,
) -> list[Told]:  # fmt: skip
    """Touches, issues and steps done, of an organisation with its accounts, of an account, or of some issues."""
    touches = Touch.objects.select_related("words", "person", "issue").prefetch_related("photos")
    issues = Issue.objects.select_related("words", "closing")
    steps = Step.objects.filter(done_at__isnull=False).select_related("words", "issue")
    if of:
        touches, steps = touches.filter(issue__in=of), steps.filter(issue__in=of)
        issues = issues.filter(pk__in=[one.pk for one in of])
    else:
        touches = touches.filter(organisation=organisation) if organisation else touches.filter(account__in=accounts)
        issues = issues.filter(organisation=organisation) if organisation else issues.filter(account__in=accounts)
        steps = steps.filter(organisation=organisation) if organisation else steps.filter(account__in=accounts)
    told = [
        Told(one.at, one.get_kind_display(), str(one.words), one.by, one.person.name if one.person else "",
             one.issue.number if one.issue else "", len(one.photos.all()))
        for one in touches.order_by("-at")[:limit]
    ]  # fmt: skip
    for one in issues.order_by("-opened_at")[:limit]:
        told.append(Told(one.opened_at, "Handed over" if one.handed_by else "Issue", str(one.words), one.opened_by, "",
                         one.number))  # fmt: skip
        if one.closed_at is not None and one.closed_by is not None:
            told.append(Told(one.closed_at, one.get_outcome_display(), str(one.closing), one.closed_by, "", one.number))
    for step in steps.order_by("-done_at")[:limit]:
        assert step.done_at is not None
        assert step.done_by is not None
        told.append(
            Told(step.done_at, "Done", str(step.words), step.done_by, "", step.issue.number if step.issue else "")
        )
    return sorted(told, key=lambda one: one.at, reverse=True)[:limit]


def people_of(organisation: Organisation, *, on: date) -> list[Tie]:
    """Who has a part there on a day, the decision makers first."""
    order = {part: i for i, part in enumerate(Tie.Part.values)}
    rows = Tie.objects.filter(organisation=organisation, period__contains=on).select_related("person")
    return sorted(rows, key=lambda tie: (order[tie.part], tie.person.sort_name))


def mailable(organisation: Organisation, *, on: date) -> dict[str, tuple[Person, str]]:
    """Each person who has a part there and an email on file, by their key, the decision makers first."""
    ties = people_of(organisation, on=on)
    reached = reach_many({tie.person_id for tie in ties}, on=on)
    found = {tie.person_id: (tie.person, reached[tie.person_id].email) for tie in ties}
    return {str(pk): (person, email) for pk, (person, email) in found.items() if email}


def open_issues(account: Account) -> list[Issue]:
    return list(Issue.objects.filter(account=account, closed_at__isnull=True).select_related("owner", "words"))
