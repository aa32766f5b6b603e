"""Bill days again that were billed wrongly: what would change is shown first, and exactly that is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.billing.models import RebillRequest, Segment
from lamplighter.billing.queries.drafts import SegmentDraft
from lamplighter.billing.queries.policies import policy_on
from lamplighter.billing.rules import CannotBill
from lamplighter.journeys.rebilling import Correction, settle, work_out
from lamplighter.web.access import actor, needs
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.ui.wording import credit, day, short_day
from lamplighter.web.visits import visit

DONE = "This was billed again already."


class NotAsShown(Exception):
    """What was looked at is not what would be done now; nothing was."""


class Again(Once, Form):
    """`shown` is the difference, in cents, that the person looked at."""

    shown = forms.IntegerField(widget=forms.HiddenInput)


def waits_again(account: Account) -> RebillRequest | None:
    """The oldest request to bill days of this account again; one query."""
    rows = RebillRequest.objects.filter(agreement__account=account, state=RebillRequest.State.WAITING)
    return rows.select_related("agreement__account", "agreement__premise").order_by("asked_at", "pk").first()


@needs("billing.correct")
def rebill(request: HttpRequest, number: str) -> HttpResponse:
    """Cancel and rebill from the first bill that the change touches, as it comes out now."""
    account = load_account(request, number, to="billing.correct")
    found = waits_again(account)
    if found is None and request.method == "GET":
        raise Http404(f"No day of account {number} waits to be billed again.")
    here, on = reverse("desk:account", args=[number]), visit(request).on
    facts, alerts, difference = _preview(found, request)

    def form(*args: Any) -> Again:
        return Again(*args, initial={"shown": difference})

    def act(form: Again) -> str:
        if found is None:
            raise NotAsShown(DONE)
        if RebillRequest.objects.select_for_update().get(pk=found.pk).state != RebillRequest.State.WAITING:
            raise NotAsShown(DONE)
        bill = settle(request=found, on=on, by=actor(request), at=visit(request).at)
        found.refresh_from_db()
        if found.difference is None or found.difference.cents != form.cleaned_data["shown"]:
            raise NotAsShown("Something changed since this was shown, and nothing was billed. Look at it again.")
        return f"Billed again: bill {bill.number}." if bill else "Settled. No bill changes."

    return form_panel(
        request, title="Bill again", form=form, act=act, submit="Bill again", back=here, busy="Billing…",
        crumbs=[Crumb(number, here)], done=lambda said: Done(said, url=here), refusals=(CannotBill, NotAsShown),
        alerts=alerts, template="desk/accounts/rebill.html", facts=facts,
    )  # fmt: skip


def _preview(found: RebillRequest | None, request: HttpRequest) -> tuple[list[Fact], list[Alert], int | None]:
    """Each bill period as it was and as it would be, and the difference."""
    if found is None:
        return [], [], None
    on = visit(request).on
    try:
        policy = policy_on(on).back
        made = work_out(agreement=found.agreement, period=found.period, policy=policy, today=on)
    except CannotBill as refused:
        return [], [Alert(Level.STOP, "It can't be billed yet", str(refused))], None
    asked = Fact("Asked for", f"{_spoken(found.reason)}, from {day(found.period.start, on)}")
    if not made.was:
        return [asked], [Alert(Level.KNOW, "No bill changes", "The request is settled without a new bill.")], 0
    facts = [asked, *_changes(made), Fact("Difference", credit(made.difference))]
    small = [Alert(Level.KNOW, "Too little to bill again", "The request is settled; the bills stay as they are.")]
    return facts, small if policy.is_small(made.difference) else [], made.difference.cents


def _changes(made: Correction) -> list[Fact]:
    return [
        Fact(f"{short_day(was.period.start)} to {short_day(was.period.last_day)}", _becomes(was, now))
        for was, now in made.pairs
    ]


def _becomes(was: Segment, now: Sequence[SegmentDraft]) -> str:
    if not now:
        return f"{was.total} is taken back"
    return f"{was.total} becomes {' and '.join(str(draft.total) for draft in now)}"


def _spoken(code: str) -> str:
    words = code.replace("-", " ")
    return words[:1].upper() + words[1:]
