"""Move waiting work to somebody, assign one item, and say how finished work was done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.kernel.actors import staff
from lamplighter.platform.models import User
from lamplighter.platform.queries.users import permissions_on
from lamplighter.web.access import actor, needs, permissions, require
from lamplighter.web.lead.work.views import WORK
from lamplighter.web.loading import load_account
from lamplighter.web.naming import name_of
from lamplighter.web.people import colleague, colleagues
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.visits import visit
from lamplighter.workforce.models import WorkReview
from lamplighter.workforce.operations.reviewing import CannotReview, rebalance, review
from lamplighter.worklist.kinds import kind_of, kinds, permitted
from lamplighter.worklist.models import Item
from lamplighter.worklist.operations import CannotWork
from lamplighter.worklist.queries import open_items

NOBODY = ("", "Nobody yet")
MOST = 50


class MoveForm(Once, Form):
    kind = forms.ChoiceField(label="List")
    whose = forms.ChoiceField(label="From", required=False)
    count = forms.IntegerField(label="How many, the most urgent first", min_value=1, max_value=MOST, initial=5)
    to = forms.ChoiceField(label="To")


class AssignForm(Once, Form):
    to = forms.ChoiceField(label="To")
    remark = forms.CharField(label="Note", required=False, max_length=500)


class ReviewForm(Once, Form):
    verdict = OptionsField(
        label="How it was done", options={one.value: Option(one.label) for one in WorkReview.Verdict}
    )
    words = forms.CharField(label="In words", required=False, max_length=1000, widget=forms.Textarea({"rows": 3}))


@needs("team.lead")
def move(request: HttpRequest) -> HttpResponse:
    """Rebalance: the most urgent of one list go from one person, or from nobody, to another."""
    mine = permitted(permissions(request))

    def form(*args: Any) -> MoveForm:
        made = MoveForm(*args)
        _choose(made, "kind", [(kind.key, kind.label) for kind in kinds() if kind.key in mine])
        _choose(made, "whose", [NOBODY, *colleagues()])
        _choose(made, "to", colleagues())
        return made

    def act(bound: MoveForm) -> str:
        said = bound.cleaned_data
        rows = open_items(at=visit(request).at, kind=said["kind"])
        owner = staff(said["whose"]) if said["whose"] else None
        rows = rows.filter(owner=owner) if owner else rows.filter(owner__isnull=True)
        found = list(rows[: said["count"]])
        if not found:
            raise CannotWork(f"{name_of(owner) or 'Nobody'} has nothing of this list." if owner else
                             "Nothing of this list is without an owner.")  # fmt: skip
        to = _able(said["to"], said["kind"], request)
        moved = rebalance(items=found, to=to, by=actor(request), at=visit(request).at)
        return f"{moved} moved to {to.name}."

    return form_panel(
        request, title="Move work", form=form, act=act, submit="Move it", busy="Moving…", back=WORK.url, crumbs=[WORK],
        refusals=(CannotWork,), done=Done,
    )  # fmt: skip


@needs("team.lead")
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """One item, to somebody."""
    item = _load(request, pk)
    here = reverse("desk:item", args=[pk])

    def form(*args: Any) -> AssignForm:
        made = AssignForm(*args)
        _choose(made, "to", colleagues())
        return made

    def act(bound: AssignForm) -> str:
        to = _able(bound.cleaned_data["to"], item.kind, request)
        rebalance(items=[item], to=to, by=actor(request), at=visit(request).at, remark=bound.cleaned_data["remark"])
        return f"{to.name} has it."

    return form_panel(
        request, title=f"Assign: {_label(item)}", form=form, act=act, submit="Assign it", back=here, crumbs=[WORK],
        refusals=(CannotWork,), done=lambda said: Done(said, url=here),
    )  # fmt: skip


@needs("team.lead")
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """A second look at what somebody finished; what is to be done again waits anew."""
    item = _load(request, pk)
    back = reverse("lead:work-finished")

    def act(form: ReviewForm) -> str:
        said = form.cleaned_data
        made = review(item=item, verdict=said["verdict"], words=said["words"], by=actor(request), at=visit(request).at)
        return f"{_label(item)}: {made.get_verdict_display().lower()}."

    about = Alert(Level.KNOW, str(item), f"Finished by {name_of(item.owner)}.")
    return form_panel(
        request, title=f"Review: {_label(item)}", form=ReviewForm, act=act, submit="Keep it", back=back,
        crumbs=[WORK, Crumb("The item", reverse("desk:item", args=[pk]))], refusals=(CannotReview,), done=Done,
        alerts=[about],
    )  # fmt: skip


def _load(request: HttpRequest, pk: int) -> Item:
    found = Item.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such item.")
    permission = found.of.permission if found.of else "system.configure"
    require(request, permission)
    if account := Account.objects.filter(pk=found.account or 0).first():
        load_account(request, account.number, to=permission)  # nobody works on what concerns themselves
    return found


def _able(username: str, kind: str, request: HttpRequest) -> User:
    """Somebody who may work this list. Raises CannotWork."""
    to, known = colleague(username), kind_of(kind)
    if known is None or known.permission not in permissions_on(to, on=visit(request).on):
        raise CannotWork(f"{to.name} may not work this list. Choose somebody of that desk.")
    return to


def _choose(form: Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _label(item: Item) -> str:
    return item.of.label if item.of else item.kind
