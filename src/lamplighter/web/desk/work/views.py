"""What waits for this person: lists by kind, one item at a time, and the next."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST

from lamplighter.accounts.models import Account
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.access import actor, needs, permissions, require
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Entry, Fact, Tone
from lamplighter.web.ui.shell import counter
from lamplighter.web.ui.tables import BadgeColumn, Column, MomentColumn, Table, table_page
from lamplighter.web.visits import Visit, visit
from lamplighter.worklist.kinds import kind_of, kinds
from lamplighter.worklist.models import Item
from lamplighter.worklist.operations import CannotWork, dismiss, finish, release, take
from lamplighter.worklist.queries import next_after, open_items, steps_of, tallies

WORK = Crumb("Work", "/desk/work/")
SEVERITY = {"Stop": Tone.BAD, "Watch": Tone.WATCH, "Know": Tone.INFO}


class Items(Table):
    """What waits, the most urgent first."""

    summary = Column("What", orderable=False)
    kind = Column("List", empty_values=(), orderable=False)
    severity = BadgeColumn("Urgency", accessor="get_severity_display", order_by="severity", tones=SEVERITY)
    due_at = MomentColumn("Due")
    owner = Column("Owner", default="nobody yet")
    times = Column("Times seen")

    def value_kind(self, record: Any) -> str:
        kind = kind_of(record.kind)
        return kind.label if kind else record.kind

    def render_kind(self, record: Any) -> str:
        return self.value_kind(record)

    def row_url(self, record: Any) -> str:
        return reverse("desk:item", args=[record.pk])


class ItemFilters(django_filters.FilterSet):  # type: ignore[misc]
    kind = django_filters.ChoiceFilter(label="List", choices=lambda: [(k.key, k.label) for k in kinds()])
    mine = django_filters.BooleanFilter(label="Mine only", method="own", widget=forms.CheckboxInput)

    def own(self, rows: Any, name: str, value: bool) -> Any:  # noqa: ARG002, FBT001 - the library's signature
        return rows.filter(owner=actor(self.request)) if value else rows


@counter("work")
def waiting(asking: Visit) -> int:
    """Items that this person may work and that are nobody's, or their own."""
    if asking.user is None:
        return 0
    mine = asking.user.actor
    found = tallies(at=asking.at, permissions=asking.permissions)
    return sum(tally.waiting for tally in found if tally.owner in {None, mine})


@needs("worklist.work")
def work(request: HttpRequest) -> HttpResponseBase:
    rows = open_items(at=visit(request).at, permissions=permissions(request))
    done = Empty("Nothing waits for you.", good=True)
    return table_page(request, title="Work", table=Items, rows=rows, filters=ItemFilters, empty=done)


@needs("worklist.work")
def item(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One item: why it waits, where to work it, and what may come of it."""
    found = _load(request, pk)
    kind = found.of
    acts = []
    if found.waits:
        acts = [
            Action("Finish", reverse("desk:do-finish", args=[pk]), key="e", primary=True),
            Action("Dismiss", reverse("desk:do-dismiss", args=[pk]), key="x"),
        ]
    return page(
        request,
        title=found.summary,
        crumbs=[WORK],
        badges=[Badge(found.get_state_display(), Tone.GOOD if not found.waits else Tone.WATCH)],
        meta=[kind.label if kind else found.kind, f"Owner: {found.owner or 'nobody yet'}"],
        actions=acts,
        panels=[
            Panel("about", "Why it waits", "desk/work/about.html", lambda: _about(found)),
            Panel("steps", "What was done", "desk/work/steps.html", lambda: {"entries": _steps(found)}, place="side"),
        ],
    )


@needs("worklist.work")
@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it, or put it back."""
    found = _load(request, pk)
    act = release if request.POST.get("release") else take
    with unit_of_work(actor(request)):
        act(item=found, by=actor(request), at=visit(request).at)
    return HttpResponseRedirect(reverse("desk:item", args=[pk]), status=303)


class FinishForm(Form):
    outcome = forms.ChoiceField(label="What came of it", widget=forms.RadioSelect)
    remark = forms.CharField(label="Note", required=False, widget=forms.Textarea({"rows": 3}))


class DismissForm(Form):
    remark = forms.CharField(label="Why nothing is to be done", widget=forms.Textarea({"rows": 3}))


@needs("worklist.work")
def finish_item(request: HttpRequest, pk: int) -> HttpResponse:
    found = _load(request, pk)

    def form(*args: Any) -> FinishForm:
        made = FinishForm(*args)
        made.fields["outcome"].choices = list(found.of.outcomes) if found.of else []  # type: ignore[attr-defined]
        return made

    def act(bound: FinishForm) -> str:
        finish(item=found, outcome=bound.cleaned_data["outcome"], by=actor(request), at=visit(request).at,
               remark=bound.cleaned_data["remark"])  # fmt: skip
        return _onwards(request, found)

    return form_panel(
        request, title="Finish", form=form, act=act, submit="Done", back=reverse("desk:item", args=[pk]),
        crumbs=[WORK], done=lambda url: Done("Done.", url=url), refusals=(CannotWork,),
    )  # fmt: skip


@needs("worklist.work")
def dismiss_item(request: HttpRequest, pk: int) -> HttpResponse:
    found = _load(request, pk)

    def act(bound: DismissForm) -> str:
        dismiss(item=found, by=actor(request), at=visit(request).at, remark=bound.cleaned_data["remark"])
        return _onwards(request, found)

    return form_panel(
        request, title="Dismiss", form=DismissForm, act=act, submit="Dismiss", back=reverse("desk:item", args=[pk]),
        crumbs=[WORK], done=lambda url: Done("Dismissed.", url=url), refusals=(CannotWork,),
    )  # fmt: skip


def _load(request: HttpRequest, pk: int) -> Item:
    found = Item.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such item.")
    if found.of:
        require(request, found.of.permission)
    return found


def _onwards(request: HttpRequest, done: Item) -> str:
    """The next item of the same list, or the list."""
    following = next_after(done, by=actor(request))
    return reverse("desk:item", args=[following.pk]) if following else WORK.url


def _about(found: Item) -> dict[str, Any]:
    number = ""
    if found.account:
        number = Account.objects.filter(pk=found.account).values_list("number", flat=True).first() or ""
    facts = [Fact("Due", found.due_at), Fact("Raised", found.raised_at), Fact("Times seen", found.times)]
    told = {name: value for name, value in found.data.items() if str(value or "")}
    facts += [Fact(name.replace("_", " ").capitalize(), str(value)) for name, value in told.items()]
    return {"facts": facts, "item": found, "account": number, "opens": _opens(found)}


def _opens(found: Item) -> str:
    """The page on which it is worked, if its kind names one."""
    if found.of is None or not found.of.opens:
        return ""
    try:
        return reverse(found.of.opens, args=[found.subject.partition(":")[2]])
    except NoReverseMatch:
        try:
            return reverse(found.of.opens)
        except NoReverseMatch:
            return ""


def _steps(found: Item) -> list[Entry]:
    return [
        Entry(at=step.at, kind=Badge(step.get_act_display()), sentence=str(step.remark or ""), detail=str(step.by))
        for step in steps_of(found)
    ]
