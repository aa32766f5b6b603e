"""What waits for this person: lists by kind, one item at a time, and the next."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import Case, Q, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from lamplighter.accounts.models import Account
from lamplighter.billing.kinds import REBILL
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.access import actor, may_open, needs, permissions, require
from lamplighter.web.desk.work.telling import of_parked, why, with_why
from lamplighter.web.loading import load_account
from lamplighter.web.naming import ActorColumn, customer_of, name_of, named, names_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Option, OptionsField
from lamplighter.web.ui.markup import time_tag
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Entry, Fact, Link, Tone
from lamplighter.web.ui.shell import counter
from lamplighter.web.ui.tables import BadgeColumn, Column, MomentColumn, Table, table_page
from lamplighter.web.ui.wording import due, moment
from lamplighter.web.visits import Visit, visit
from lamplighter.worklist.kinds import kind_of, kinds, permitted
from lamplighter.worklist.models import Item
from lamplighter.worklist.operations import CannotWork, dismiss, finish, release, take
from lamplighter.worklist.queries import next_after, open_items, steps_of, tallies

WORK = Crumb("Work", "/desk/work/")
ANYBODY, NOBODY = "all", "nobody"
WHOSE = {"mine": "Mine", NOBODY: "Nobody's", ANYBODY: "Anybody's"}
SEVERITY = {"Stop": Tone.BAD, "Watch": Tone.WATCH, "Know": Tone.INFO}


class DueColumn(MomentColumn):
    """When it is due: relative in a list, exact for whoever points at it; late ones in words and colour."""

    def render(self, value: Any, record: Any) -> Any:  # type: ignore[override]
        words = due(timezone.localdate(value), timezone.localdate(record.raised_at + record.age))
        shown = time_tag(value, words)
        return format_html('<span class="text-danger">{}</span>', shown) if record.overdue else shown


class Items(Table):
    """What waits, the most urgent first: what, who, why, until when, whose."""

    kind = Column("What")
    customer = Column("Who", default="")
    summary = Column("Why", empty_values=(), orderable=False)
    severity = BadgeColumn("Urgency", accessor="get_severity_display", order_by="severity", tones=SEVERITY)
    due_at = DueColumn("Due")
    owner_name = ActorColumn("Owner", default="nobody yet")

    def value_kind(self, record: Any) -> str:
        kind = kind_of(record.kind)
        return kind.label if kind else record.kind

    def render_kind(self, record: Any) -> str:
        return self.value_kind(record)

    def value_summary(self, record: Any) -> str:
        return why(record)

    def render_summary(self, record: Any) -> str:
        return why(record)

    def row_url(self, record: Any) -> str:
        return reverse("desk:item", args=[record.pk])


class ItemFilters(django_filters.FilterSet):  # type: ignore[misc]
    kind = django_filters.ChoiceFilter(
        label="List", empty_label="All lists", choices=lambda: [(k.key, k.label) for k in kinds()]
    )
    whose = django_filters.ChoiceFilter(label="Whose", empty_label="Mine or nobody's", method="owned", choices=list)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = permitted(permissions(self.request))
        self.filters["kind"].extra["choices"] = [(k.key, k.label) for k in kinds() if k.key in mine]
        owners = Item.objects.waiting().filter(owner__isnull=False).values_list("owner", flat=True).distinct()
        people = sorted(((str(owner), name) for owner, name in names_of(owners).items()), key=itemgetter(1))
        self.filters["whose"].extra["choices"] = [*WHOSE.items(), *people]

    def filter_queryset(self, queryset: Any) -> Any:
        """Unless somebody asks for others', what they may take up: the number beside Work counts the same."""
        rows = super().filter_queryset(queryset)
        me = actor(self.request)
        return rows if self.form.cleaned_data.get("whose") else rows.filter(Q(owner=me) | Q(owner__isnull=True))

    def owned(self, rows: Any, name: str, value: str) -> Any:  # noqa: ARG002 - the library's signature
        match value:
            case "mine":
                return rows.filter(owner=actor(self.request))
            case "nobody":
                return rows.filter(owner__isnull=True)
            case "all":
                return rows
        return rows.filter(owner=value)


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
    rows = with_why(open_items(at=visit(request).at, permissions=permissions(request))).annotate(
        customer=Case(When(account__isnull=False, then=customer_of("account")), default=Value("")),
        owner_name=named("owner"),
    )
    done = Empty("Nothing waits for you.", good=True)
    return table_page(request, title="Work", table=Items, rows=rows, filters=ItemFilters, empty=done)


@needs("worklist.work")
def item(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One item: why it waits, where to work it, and what may come of it."""
    found = _load(request, pk)
    kind = found.of
    opens = _opens(found, request)
    acts = [Action("Open", opens, key="o", primary=True, panel=False)] if opens else []
    if found.waits and found.owner in {None, actor(request)}:
        acts += [
            Action("Finish", reverse("desk:do-finish", args=[pk]), key="e", primary=not opens),
            Action("Dismiss", reverse("desk:do-dismiss", args=[pk]), key="x"),
        ]
    if found.waits and "team.lead" in permissions(request):
        acts.append(Action("Assign", reverse("lead:do-assign", args=[pk]), key="a"))
    return page(
        request,
        title=kind.label if kind else found.kind,
        crumbs=[WORK],
        badges=[Badge(found.get_state_display(), Tone.GOOD if not found.waits else Tone.WATCH)],
        meta=[f"Owner: {name_of(found.owner) or 'nobody yet'}"],
        actions=acts,
        panels=[
            Panel("about", "Why it waits", "desk/work/about.html", lambda: _about(found, visit(request))),
            Panel("steps", "What was done", "desk/work/steps.html", lambda: {"entries": _steps(found)}, place="side"),
        ],
    )


@needs("worklist.work")
@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it, or put it back."""
    found = _load(request, pk)
    act = release if request.POST.get("release") else take
    try:
        with unit_of_work(actor(request)):
            act(item=found, by=actor(request), at=visit(request).at)
    except CannotWork as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("desk:item", args=[pk]), status=303)


class FinishForm(Form):
    outcome = OptionsField(label="What came of it", options={})
    remark = forms.CharField(label="Note", required=False, widget=forms.Textarea({"rows": 3}))


class DismissForm(Form):
    remark = forms.CharField(label="Why nothing is to be done", widget=forms.Textarea({"rows": 3}))


@needs("worklist.work")
def finish_item(request: HttpRequest, pk: int) -> HttpResponse:
    found = _load(request, pk)

    def form(*args: Any) -> FinishForm:
        made = FinishForm(*args)
        outcome = made.fields["outcome"]
        assert isinstance(outcome, OptionsField)
        outcomes = found.of.outcomes if found.of else ()
        outcome.choices = [(key, Option(words, key=str(n))) for n, (key, words) in enumerate(outcomes, 1)]
        outcome.initial = outcomes[0][0] if len(outcomes) == 1 else None
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
    found = with_why(Item.objects.filter(pk=pk)).first()
    if found is None:
        raise Http404("There is no such item.")
    permission = found.of.permission if found.of else "system.configure"
    require(request, permission)
    if account := Account.objects.filter(pk=found.account or 0).first():
        load_account(request, account.number, to=permission)  # nobody works on what concerns themselves
    return found


def _onwards(request: HttpRequest, done: Item) -> str:
    """The next item of the same list, or the list."""
    following = next_after(done, by=actor(request))
    return reverse("desk:item", args=[following.pk]) if following else WORK.url


def _about(found: Item, seen: Visit) -> dict[str, Any]:
    account = Account.objects.filter(pk=found.account or 0).annotate(customer=customer_of("pk")).first()
    late = f", {due(timezone.localdate(found.due_at), seen.on)}" if found.waits else ""
    facts = [
        Fact("Why", why(found)),
        *of_parked(found),
        *([_account(account)] if account else []),
        Fact("Due", f"{moment(found.due_at, seen.on)}{late}"),
        Fact("Since", moment(found.raised_at, seen.on)),
        *([Fact("Seen", f"{found.times} times")] if found.times > 1 else []),
    ]
    mine = seen.user is not None and found.owner == seen.user.actor
    return {"facts": facts, "item": found, "mine": mine}


def _account(account: Any) -> Fact:
    return Fact(
        "Account", f"{account.customer}, {account.number}", Link("Open", reverse("desk:account", args=[account.number]))
    )


def _opens(found: Item, request: HttpRequest) -> str:
    """The page on which it is worked, if its kind names one and this person reaches it."""
    url = _page_of(found)
    return url if url and may_open(request, url) else ""


def _page_of(found: Item) -> str:
    if found.of is None or not found.of.opens:
        return ""
    if found.kind == REBILL.key and (account := Account.objects.filter(pk=found.account or 0).first()):
        return reverse("desk:do-rebill", args=[account.number])
    try:
        return reverse(found.of.opens, args=[found.subject.partition(":")[2]])
    except NoReverseMatch:
        try:
            return reverse(found.of.opens)
        except NoReverseMatch:
            return ""


def _steps(found: Item) -> list[Entry]:
    steps = list(steps_of(found))
    names = names_of(step.by for step in steps)
    return [
        Entry(
            at=step.at, kind=Badge(step.get_act_display()), sentence=str(step.remark or names[step.by]),
            detail=names[step.by] if step.remark else "",
        )
        for step in steps
    ]  # fmt: skip
