"""Negotiations as they stand: what is on the table, what waits for a second person, who may sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from lamplighter.customers.models import Person
from lamplighter.keyaccounts.models import Negotiation, TermsDraft, Tie
from lamplighter.platform.models import Approval


def running() -> QuerySet[Negotiation]:
    """Those that did not end, the oldest first."""
    rows = Negotiation.objects.filter(closed_at__isnull=True)
    return rows.select_related("organisation__person", "agreement__premise").order_by("opened_at", "pk")


def drafts_of(negotiation: Negotiation) -> list[TermsDraft]:
    """Every version, the newest first."""
    return list(
        TermsDraft.objects.filter(negotiation=negotiation).select_related("clauses", "words").order_by("-version")
    )


def newest_draft(negotiation: Negotiation) -> TermsDraft | None:
    return TermsDraft.objects.filter(negotiation=negotiation).order_by("-version").first()


def alternatives(drafts: Sequence[TermsDraft]) -> list[TermsDraft]:
    """The newest version of each alternative, the one that was on the table first at the top. `drafts` newest first."""
    newest: dict[str, TermsDraft] = {}
    for one in drafts:
        newest.setdefault(one.alternative, one)
    first = {one.alternative: one.version for one in drafts}
    return sorted(newest.values(), key=lambda one: first[one.alternative])


def approvals_of(negotiation: Negotiation) -> list[Approval]:
    """What was asked of a second person, the newest first."""
    rows = Approval.objects.filter(subject=negotiation.subject).select_related("ask_remark", "decide_remark")
    return list(rows.order_by("-asked_at", "-pk"))


def waiting(negotiation: Negotiation) -> Approval | None:
    return Approval.objects.filter(subject=negotiation.subject, state=Approval.State.WAITING).first()


def approved(approvals: Sequence[Approval], draft: TermsDraft) -> Approval | None:
    """The approval of exactly this version."""
    state = Approval.State.APPROVED
    return next((one for one in approvals if one.state == state and one.proposal["draft"] == draft.pk), None)


def people_who_sign(negotiation: Negotiation, *, on: date) -> list[Person]:
    """Who has a part at the customer, those who decide first."""
    ties = Tie.objects.filter(organisation=negotiation.organisation, period__contains=on).select_related("person")
    found = sorted(ties, key=lambda tie: (tie.part != Tie.Part.DECIDES, tie.person.sort_name))
    return list(dict.fromkeys(tie.person for tie in found))
