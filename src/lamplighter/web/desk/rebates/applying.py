"""Ask for a rebate: what it comes to beside what others give is shown, and exactly that is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account, Agreement
from lamplighter.keyaccounts.models import Organisation
from lamplighter.rebates.models import Incentive, ManualEntry, Measure
from lamplighter.rebates.operations.applying import apply_for_rebate
from lamplighter.rebates.queries.offers import RebateDraft, RebateIn, draft_rebate, entry_on, incentives_on
from lamplighter.rebates.rules.qualifying import Way, needed
from lamplighter.rebates.rules.stages import CannotRebate, State
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.programs.showing import running
from lamplighter.web.desk.rebates.loading import load_measure
from lamplighter.web.desk.rebates.showing import other_said, rate_said, stack_facts
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import AsShown, CheckRows, Form, MoneyField, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.visits import visit

CHANGED = "It comes to something else by now. Look at it again."
SAYS = {
    State.RESERVED: "Its money is reserved now",
    State.QUEUED: "Qualifies, and waits for money: the budget does not hold it",
    State.DENIED: "Can't be had; the application is written down as denied",
}


CONFIRMS = {
    State.RESERVED: "Ask for it",
    State.QUEUED: "Ask, and wait for money",
    State.DENIED: "Write it down as denied",
}


class Apply(Once, AsShown, Form):
    """How much, what it costs, how it is paid, and what others give beside it."""

    draft = "rebate"
    agreement = forms.ChoiceField(label="For the service at")
    quantity = forms.DecimalField(label="How many", min_value=0, max_digits=12, decimal_places=2)
    cost = MoneyField(label="Cost of all of it, installed", help_text="From the quote; the invoice decides in the end.")
    incentives = forms.MultipleChoiceField(label="They also get", required=False, widget=CheckRows)
    way = OptionsField(label="Paid by", options={each.value: Option(each.label) for each in Way}, initial=Way.CREDIT)
    contractor = forms.ChoiceField(label="Contractor", required=False,
                                   help_text="Only where the rebate is paid to them.")  # fmt: skip

    def __init__(
        self, *args: Any, entry: ManualEntry, services: Sequence[Agreement], others: Sequence[Incentive],
        request: HttpRequest, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.measure, self.on, self.drafted = entry.measure, visit(request).on, None  # type: Measure, Any, RebateDraft | None
        self.services = {str(one.pk): one for one in services}
        self.others = {str(one.pk): one for one in others if one.stacks}
        self.contractors = {one.slug: one.person for one in _contractors()}
        self.fields["quantity"].label = f"How many {self.measure.unit}"
        _choose(self.fields["agreement"], [(key, str(one.premise)) for key, one in self.services.items()])
        _choose(self.fields["contractor"], [("", ""), *((key, one.name) for key, one in self.contractors.items())])
        if self.others:
            _choose(self.fields["incentives"], [(key, other_said(one.other)) for key, one in self.others.items()])
        else:
            del self.fields["incentives"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors and said["way"] == Way.CONTRACTOR and not said["contractor"]:
            self.add_error("contractor", "Choose the contractor who is paid.")
        if not self.errors:
            self.drafted = draft_rebate(self.asked, on=self.on)
            self.hold_to(self.drafted.digest, CHANGED)
        return said

    @property
    def asked(self) -> RebateIn:
        said = self.cleaned_data
        contractor = self.contractors[said["contractor"]] if said["way"] == Way.CONTRACTOR else None
        return RebateIn(
            self.measure, self.services[said["agreement"]], said["quantity"], said["cost"], Way(said["way"]),
            contractor, tuple(self.others[key] for key in said.get("incentives", ())),
        )  # fmt: skip


@needs("accounts.view", "rebates.apply")
def apply(request: HttpRequest, number: str, measure: str) -> HttpResponse:
    """The numbers of the quote; what follows; then the application with its reservation."""
    account, wanted = load_account(request, number, to="rebates.apply"), load_measure(measure)
    entry, services = _entry(wanted, request), _services(account, request)
    others = incentives_on([wanted.pk], on=visit(request).on).get(wanted.pk, [])
    back = reverse("desk:account-rebates", args=[number])

    def act(form: Apply) -> str:
        assert form.drafted
        made = apply_for_rebate(
            asked=form.asked, shown=form.drafted.digest, on=visit(request).on, by=actor(request), at=visit(request).at
        )
        return made.number

    return form_panel(
        request, title=f"Rebate: {wanted.name}", act=act, submit="Ask for it", back=back,
        form=lambda *args: Apply(*args, entry=entry, services=services, others=others, request=request,
                                 initial=_first(request)),
        check=lambda form: _shown(form.drafted), confirm=lambda form: CONFIRMS[form.drafted.outcome],
        crumbs=[Crumb(number, back)], refusals=(CannotRebate,),
        done=lambda made: Done(f"Rebate {made} is written.", url=reverse("desk:rebate", args=[made])),
        alerts=[Alert(Level.KNOW, rate_said(entry), f"{entry.version}, {entry.citation}"),
                *(Alert(Level.WATCH, "Not beside ours", other_said(one.other)) for one in others if not one.stacks)],
    )  # fmt: skip


def _shown(draft: RebateDraft | None) -> list[Fact]:
    assert draft
    facts = [Fact("Result", SAYS[draft.outcome]), *(Fact("Because", why) for why in draft.refused)]
    if draft.refused:
        return facts
    facts += stack_facts(draft.stack)
    if draft.budget:
        facts.append(Fact("Left of the budget", draft.budget.left))
    papers = needed(draft.entry.paper_kinds, draft.asked.way)
    facts.append(Fact("Papers to bring", " · ".join(sorted(kind.label for kind in papers))))
    facts.append(Fact("Days for the work", draft.terms.work_days))
    return facts


def _first(request: HttpRequest) -> dict[str, str]:
    """What a what-if that led here counted."""
    return {name: request.GET[name] for name in ("agreement", "quantity", "cost") if name in request.GET}


def _entry(measure: Measure, request: HttpRequest) -> ManualEntry:
    try:
        return entry_on(measure, on=visit(request).on)
    except CannotRebate as refused:
        raise Http404(str(refused)) from refused


def _services(account: Account, request: HttpRequest) -> list[Agreement]:
    services = running(account, request)
    if not services:
        raise Http404("No service runs on this account.")
    return services


def _contractors() -> list[Organisation]:
    rows = Organisation.objects.filter(kind=Organisation.Kind.CONTRACTOR).select_related("person")
    return list(rows.order_by("person__name"))


def _choose(field: forms.Field, options: Sequence[tuple[str, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(options)
