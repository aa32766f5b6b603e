"""The list of what waits for a second person, and the decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.billing.rules import CannotBill
from lamplighter.credit.rules.hardship import CannotEase
from lamplighter.credit.rules.writingoff import CannotWriteOff
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.outreach.rules.segments import CannotReach
from lamplighter.payments.refunds.rules import CannotRefund
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.platform.queries.approvals import left_to, waiting_for
from lamplighter.policies.rules import CannotWrite
from lamplighter.programs.rules.granting import CannotFund
from lamplighter.ratestudies.operations.moving import CannotMove
from lamplighter.rebates.rules.stages import CannotRebate
from lamplighter.tariffs.operations import CannotAdopt
from lamplighter.web.access import actor, permissions, require, staff_only
from lamplighter.web.lead.approvals.telling import told
from lamplighter.web.loading import load_account
from lamplighter.web.naming import ActorColumn, name_of, named
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Option, OptionsField
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Alert, Badge, Crumb, Empty, Fact, Level, Tone
from lamplighter.web.ui.shell import counter
from lamplighter.web.ui.tables import Column, MomentColumn, MoneyColumn, Table, table_page
from lamplighter.web.ui.wording import moment
from lamplighter.web.visits import Visit, visit

APPROVALS = Crumb("Approvals", "/lead/approvals/")
REFUSALS = (CannotDecide, CannotAdopt, CannotBill, CannotEase, CannotKeep, CannotMove, CannotReach, CannotRebate,
            CannotRefund, CannotFund, CannotWrite, CannotWriteOff)  # fmt: skip


class Waiting(Table):
    """What waits, the oldest first; own requests are listed and can't be decided."""

    summary = Column("Request", orderable=False)
    amount = MoneyColumn("Amount")
    asker = ActorColumn("Asked by", orderable=False)
    asked_at = MomentColumn("Asked")
    remark = Column("Why", accessor="ask_remark", orderable=False)

    def row_url(self, record: Any) -> str:
        return reverse("lead:approval", args=[record.pk])


class Decide(Form):
    decision = OptionsField(
        label="Decision", options={"yes": Option("Approve", key="y"), "no": Option("Refuse", key="n")}
    )
    remark = forms.CharField(
        label="Reason", required=False, help_text="Needed to refuse.", widget=forms.Textarea({"rows": 3})
    )


@counter("approvals")
def waiting(asking: Visit) -> int:
    return waiting_for(asking.permissions).count()


@staff_only
def listed(request: HttpRequest) -> HttpResponseBase:
    return table_page(
        request, title="Approvals", table=Waiting,
        rows=waiting_for(permissions(request)).annotate(asker=named("asked_by")),
        empty=Empty("Nothing waits for you.", good=True),
    )  # fmt: skip


@staff_only
def decide(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Exactly what would be done, and yes or no."""
    found = Approval.objects.filter(pk=pk).select_related("ask_remark", "decide_remark").first()
    if found is None:
        raise Http404("There is no such request.")
    require(request, found.permission)
    if account := Account.objects.filter(pk=found.account or 0).first():
        load_account(request, account.number, to=found.permission)  # nobody decides about their own account

    facts = [
        Fact("Asked by", f"{name_of(found.asked_by)}, {moment(found.asked_at, visit(request).on)}"),
        *([Fact("Why", str(found.ask_remark))] if found.ask_remark else []),
        *told(found, on=visit(request).on),
    ]
    if found.state != Approval.State.WAITING and request.method == "GET":
        return _decided(request, found, facts)

    def act(form: Decide) -> str:
        remark = form.cleaned_data["remark"]
        if form.cleaned_data["decision"] == "yes":
            approvals.approve(approval=found, by=actor(request), at=visit(request).at, remark=remark)
            return "Approved."
        approvals.refuse(approval=found, by=actor(request), at=visit(request).at, remark=remark)
        return "Refused."

    return form_panel(
        request, title=found.summary, form=Decide, act=act, submit="Decide", back=APPROVALS.url, crumbs=[APPROVALS],
        done=lambda words: Done(words, url=_next(request, found)), refusals=REFUSALS, busy="Deciding…",
        alerts=_own(request, found), template="lead/approvals/decide.html",
        proposal=facts,
    )  # fmt: skip


def _decided(request: HttpRequest, found: Approval, facts: list[Fact]) -> HttpResponseBase:
    """What was asked and what came of it; there is nothing left to decide."""
    if found.decided_at:
        by = f"{name_of(found.decided_by)}, " if found.decided_by else ""
        facts.append(Fact("Decided by", f"{by}{moment(found.decided_at, visit(request).on)}"))
    if found.decide_remark:
        facts.append(Fact("Reason", str(found.decide_remark)))
    tone = Tone.GOOD if found.state == Approval.State.APPROVED else Tone.PLAIN
    return page(
        request, title=found.summary, crumbs=[APPROVALS], badges=[Badge(found.get_state_display(), tone)],
        panels=[Panel("about", "What was asked", "desk/accounts/facts.html", lambda: {"facts": facts})],
    )  # fmt: skip


def _own(request: HttpRequest, found: Approval) -> list[Alert]:
    if found.asked_by != actor(request):
        return []
    return [Alert(Level.STOP, "Your own request", "Nobody approves their own. Ask a colleague.")]


def _next(request: HttpRequest, decided: Approval) -> str:
    """The next request that this person may decide, or the list."""
    others = left_to(actor(request), permissions(request)).exclude(pk=decided.pk)
    following = others.first()
    return reverse("lead:approval", args=[following.pk]) if following else APPROVALS.url
