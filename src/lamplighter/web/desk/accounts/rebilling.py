"""Bill days again that were billed wrongly: what would change is shown first, and exactly that is done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.billing.models import RebillRequest
from lamplighter.billing.rules import CannotBill
from lamplighter.journeys.amending import AmendmentDraft, draft, issue
from lamplighter.journeys.amendments import KnownAlready, in_words
from lamplighter.platform.models import Approval
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.amending.showing import told
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.visits import visit

DONE = "This was billed again already."


class Again(Once, Form):
    """`shown` tells the figures that the person looked at from any others."""

    shown = forms.CharField(widget=forms.HiddenInput)


def waits_again(account: Account) -> RebillRequest | None:
    """The oldest request to bill days of this account again; one query."""
    rows = RebillRequest.objects.filter(agreement__account=account, state=RebillRequest.State.WAITING)
    return rows.order_by("asked_at", "pk").first()


@needs("billing.correct")
def rebill(request: HttpRequest, number: str) -> HttpResponse:
    """Cancel and rebill from the first bill that the change touches, as it comes out now."""
    account = load_account(request, number, to="billing.correct")
    found, now = waits_again(account), visit(request)
    if found is None and request.method == "GET":
        raise Http404(f"No day of account {number} waits to be billed again.")
    here = reverse("desk:account", args=[number])
    facts, alerts, made = _preview(found, request)

    def form(*args: Any) -> Again:
        return Again(*args, initial={"shown": made.mark if made else ""})

    def act(form: Again) -> str:
        if found is None:
            raise CannotBill("billing.again", DONE)
        done = issue(
            change=KnownAlready(found.pk), mark=form.cleaned_data["shown"], remark="", on=now.on, by=actor(request),
            at=now.at,
        )  # fmt: skip
        if isinstance(done, Approval):
            return "Waiting: a supervisor decides."
        return f"Billed again: bill {done[0].number}." if done else "Settled. No bill changes."

    return form_panel(
        request, title="Bill again", form=form, act=act, submit="Bill again", back=here, busy="Billing…",
        crumbs=[Crumb(number, here)], done=lambda said: Done(said, url=here), refusals=(CannotBill, CannotDecide),
        alerts=alerts, template="desk/accounts/rebill.html", facts=facts,
    )  # fmt: skip


def _preview(
    found: RebillRequest | None, request: HttpRequest
) -> tuple[list[Fact], list[Alert], AmendmentDraft | None]:
    """Each bill period as it was and as it would be, and the difference."""
    if found is None:
        return [], [], None
    now, change = visit(request), KnownAlready(found.pk)
    try:
        made = draft(change, on=now.on, by=actor(request), at=now.at)
    except CannotBill as refused:
        return [], [Alert(Level.STOP, "It can't be billed yet", str(refused))], None
    facts = [Fact("Asked for", in_words(change)), *told(made, now.on)]
    if made.billed:
        return facts, [], made
    words = "The request is settled; the bills stay as they are."
    return facts, [Alert(Level.KNOW, "No bill changes", words)], made
