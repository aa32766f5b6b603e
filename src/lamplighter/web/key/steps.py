"""Next steps as lists show them: for whom, by when, and a button that says they are done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from lamplighter.keyaccounts.models import Step
from lamplighter.outreach.models import Lead
from lamplighter.web.access import permissions
from lamplighter.web.ui.parts import Empty
from lamplighter.web.ui.wording import day, due
from lamplighter.web.visits import visit


def steps_shown(request: HttpRequest, steps: Sequence[Step]) -> Mapping[str, Any]:
    """Steps with a button each, as `key/steps.html` draws them."""
    on, may = visit(request).on, "keyaccounts.work" in permissions(request)
    leads = dict(Lead.objects.filter(step__in=steps).values_list("step", "pk"))
    rows = [
        {
            "words": str(step.words), "due": due(step.due_on, on), "late": step.due_on < on, "day": day(step.due_on),
            "who": _who(step), "url": _url(step, leads), "owner": step.owner.short_name,
            "done": reverse("key:step-done", args=[step.pk]) if may and step.done_at is None else "",
        }
        for step in steps
    ]  # fmt: skip
    return {
        "steps": rows,
        "back": request.get_full_path().partition("?")[0],
        "empty": Empty("Nothing is due.", good=True),
    }


def _who(step: Step) -> str:
    """The organisation, else the person, else the account that it is for."""
    if step.organisation:
        return str(step.organisation)
    return str(step.person or (f"Account {step.account}" if step.account else ""))


def _url(step: Step, leads: Mapping[int, int]) -> str:
    """Where it is worked on."""
    if step.issue_id and step.issue:
        return reverse("key:issue", args=[step.issue.number])
    if (lead := leads.get(step.pk)) is not None:
        return reverse("key:lead", args=[lead])
    if step.organisation:
        return reverse("key:account", args=[step.organisation.slug])
    return reverse("desk:account", args=[step.account.number]) if step.account else ""
