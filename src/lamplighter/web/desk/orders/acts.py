"""Acts on orders: raise one, book and give up its visit, assign it, note what crews must know, cancel it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import profile
from lamplighter.fieldwork.models import Crew, Half, Order, SiteNote, Visit
from lamplighter.fieldwork.operations import ordering, visits
from lamplighter.fieldwork.operations.notes import write_site_note
from lamplighter.fieldwork.operations.ordering import CannotCancel, CannotRaise, OrderIn
from lamplighter.fieldwork.operations.visits import CannotBook
from lamplighter.fieldwork.queries.capacity import offers, said, to_come
from lamplighter.fieldwork.queries.crews import crew_choices
from lamplighter.fieldwork.queries.orders import site_notes
from lamplighter.fieldwork.types import CANCEL, CUTS, NON_PAYMENT, TYPES, OrderKind, Priority
from lamplighter.journeys.metertests import cancel_work
from lamplighter.journeys.ordering import order_work
from lamplighter.premises.models import Premise, ServicePoint
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.orders.loading import load_order
from lamplighter.web.loading import load_account, load_premise
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.visits import visit

ORDERS = Crumb("Orders", "/desk/orders/")
LATER = ("", Option("No appointment", "The dispatcher plans it", key="0"))
MOVED = ["timeline", "orders", "alerts", "about", "steps", "tasks"]


KINDS = [(one.kind.value, Option(one.label)) for one in TYPES.values()]


class RaiseForm(Once, Form):
    draft = "order"
    kind = OptionsField(label="What", options=dict(KINDS))
    reason = forms.ChoiceField(
        label="Why, for a disconnection", required=False,
        choices=[("", ""), *(cut for cut in CUTS if cut[0] != NON_PAYMENT)],
        help_text="Only where nobody has service; a customer's is turned off from their account.",
    )  # fmt: skip
    point = forms.ChoiceField(label="Service point")
    slot = OptionsField(label="Appointment", options={}, required=False)
    not_before = DayField(label="Not before")
    urgent = forms.BooleanField(label="Urgent: within 4 hours", required=False)
    safety = forms.CharField(label="Safety at the place", required=False, max_length=200, help_text="A dog, wires.")
    access = forms.CharField(label="How to get in", required=False, max_length=200, help_text="A gate code, a key.")
    instructions = forms.CharField(
        label="For the crew", required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )


class BookForm(Once, Form):
    slot = OptionsField(label="When", options={})
    promised = forms.BooleanField(label="The customer was told", required=False, initial=True)


class AssignForm(Once, Form):
    crew = forms.ChoiceField(label="Crew")
    day = DayField(label="Day")
    half = forms.ChoiceField(label="Half", choices=Half.choices)


class CancelForm(Once, Form):
    reason = OptionsField(label="Why", options={key: Option(label) for key, label in CANCEL.items()})
    words = forms.CharField(label="Note", required=False, max_length=500, widget=forms.Textarea({"rows": 2}))


class NoteForm(Form):
    about = OptionsField(label="About", options={about.value: Option(about.label) for about in SiteNote.About})
    words = forms.CharField(label="What every crew must know", max_length=200)


class SureForm(Once, Form):
    """Nothing to fill in."""


@needs("orders.raise")
def raise_on_account(request: HttpRequest, number: str) -> HttpResponse:
    account = load_account(request, number, to="orders.raise")
    services = profile(account, on=visit(request).on).services
    running = [point for service in services for point in service.points]
    points = list(ServicePoint.objects.filter(pk__in=running).select_related("premise").order_by("number"))
    return _raise(request, account, points, back=reverse("desk:account", args=[number]), crumb=number)


@needs("orders.raise")
def raise_at_premise(request: HttpRequest, number: str) -> HttpResponse:
    """At a place that nobody need have an account for."""
    place = load_premise(request, number, to="orders.raise")
    points = list(place.service_points.select_related("premise").order_by("number"))
    return _raise(request, None, points, back=reverse("desk:premise", args=[number]), crumb=place.address)


def _raise(
    request: HttpRequest, account: Account | None, points: Sequence[ServicePoint], *, back: str, crumb: str
) -> HttpResponse:
    on = visit(request).on
    places = {point.premise_id: point.premise for point in points}
    slots = slots_at(next(iter(places.values())), on, at=visit(request).at) if places else []

    def form(*args: Any) -> RaiseForm:
        made = RaiseForm(*args)
        if account is not None:
            _choose(made, "kind", [pair for pair in KINDS if pair[0] != OrderKind.DISCONNECT])
            del made.fields["reason"]
        _choose(made, "point", [(str(point.pk), f"{point.number}, {point.premise.address}") for point in points])
        _choose(made, "slot", [LATER, *slots])
        made.fields["not_before"].initial = on
        return made

    def act(bound: RaiseForm) -> str:
        told = bound.cleaned_data
        asked = OrderIn(
            kind=OrderKind(told["kind"]), reason=told.get("reason", "") if told["kind"] == OrderKind.DISCONNECT else "",
            point=next(point for point in points if str(point.pk) == told["point"]), account=account,
            not_before=told["not_before"], priority=Priority.URGENT if told["urgent"] else Priority.NORMAL,
            origin_key=account.subject if account else "", instructions=told["instructions"],
        )  # fmt: skip
        notes = {SiteNote.About.SAFETY: told["safety"], SiteNote.About.ACCESS: told["access"]}
        made = order_work(
            order=asked, notes=notes, slot=slot_of(told["slot"]), on=on, by=actor(request), at=visit(request).at
        )
        return str(made.number)

    return form_panel(
        request, title="Raise an order", form=form, act=act, submit="Raise it", back=back, crumbs=[Crumb(crumb, back)],
        alerts=_known(list(places), on), refusals=(CannotRaise, CannotBook), busy="Raising…",
        done=lambda number: Done(f"Order SO-{number} is raised.", url=reverse("desk:order", args=[number])),
    )  # fmt: skip


@needs("orders.raise")
def book(request: HttpRequest, number: str) -> HttpResponse:
    """A place for its visit, or another one."""
    found = load_order(request, number, to="orders.raise")
    on = visit(request).on

    def form(*args: Any) -> BookForm:
        made = BookForm(*args)
        _choose(made, "slot", slots_at(found.premise, max(on, found.not_before), at=visit(request).at))
        return made

    def act(bound: BookForm) -> str:
        slot = slot_of(bound.cleaned_data["slot"])
        assert slot is not None
        visits.book(order=found, day=slot[0], half=slot[1], promised=bound.cleaned_data["promised"],
                    by=actor(request), at=visit(request).at)  # fmt: skip
        return number

    return _sheet(
        request, found, form, act, title="Book a visit", submit="Book it", words="Booked.", refusals=(CannotBook,)
    )


@needs("orders.dispatch")
def assign(request: HttpRequest, number: str) -> HttpResponse:
    """To a crew by name; what the customer was promised stands only where it stays on that half-day."""
    found = load_order(request, number, to="orders.dispatch")
    standing = Visit.objects.filter(order=found, ended_at__isnull=True).select_related("shift").first()
    on = visit(request).on

    def form(*args: Any) -> AssignForm:
        made = AssignForm(*args)
        _choose(made, "crew", crew_choices(on))
        made.fields["day"].initial = standing.shift.day if standing else max(on, found.not_before)
        if standing:
            made.fields["half"].initial = standing.shift.half
        return made

    def act(bound: AssignForm) -> str:
        told = bound.cleaned_data
        slot = (told["day"], told["half"])
        kept = standing is not None and standing.promised and slot == (standing.shift.day, standing.shift.half)
        visits.book(order=found, day=told["day"], half=Half(told["half"]), crew=Crew.objects.get(pk=told["crew"]),
                    promised=kept, by=actor(request), at=visit(request).at)  # fmt: skip
        return number

    promise = standing and standing.promised
    alerts = [Alert(Level.WATCH, "Promised", "Another half-day breaks what the customer was told.")] if promise else []
    return _sheet(
        request,
        found,
        form,
        act,
        title="Assign",
        submit="Assign it",
        words="Assigned.",
        refusals=(CannotBook,),
        alerts=alerts,
    )


@needs("orders.raise")
def give_up(request: HttpRequest, number: str) -> HttpResponse:
    found = load_order(request, number, to="orders.raise")

    def act(_bound: SureForm) -> str:
        visits.cancel_visit(order=found, by=actor(request), at=visit(request).at)
        return number

    return _sheet(
        request,
        found,
        SureForm,
        act,
        title="Give the visit up",
        submit="Give it up",
        words="The place is free again.",
        refusals=(CannotBook,),
    )


@needs("orders.raise")
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    found = load_order(request, number, to="orders.raise")

    def act(bound: CancelForm) -> str:
        told = bound.cleaned_data
        cancel_work(order=found, reason=told["reason"], words=told["words"], on=visit(request).on, by=actor(request),
                    at=visit(request).at)  # fmt: skip
        return number

    work = [Alert(Level.STOP, "The crew is there", "Call them before you cancel.")]
    alerts = work if found.state == Order.State.AT_WORK else []
    return _sheet(
        request, found, CancelForm, act, title="Cancel the order", submit="Cancel it", words="Cancelled.",
        refusals=(CannotCancel,), alerts=alerts,
    )  # fmt: skip


@needs("orders.raise")
def check(request: HttpRequest, number: str) -> HttpResponse:
    """Let an order go out whose cause is mended."""
    found = load_order(request, number, to="orders.raise")

    def act(_bound: SureForm) -> str:
        ordering.check_again(order=found, by=actor(request), at=visit(request).at)
        return number

    return _sheet(
        request,
        found,
        SureForm,
        act,
        title="Check again",
        submit="Check it",
        words="It can go out.",
        refusals=(CannotRaise,),
    )


@needs("orders.raise")
def note(request: HttpRequest, number: str) -> HttpResponse:
    """What every crew must know of the place, from this order on."""
    found = load_order(request, number, to="orders.raise")

    def act(bound: NoteForm) -> str:
        write_site_note(premise=found.premise, about=SiteNote.About(bound.cleaned_data["about"]),
                        words=bound.cleaned_data["words"], on=visit(request).on, by=actor(request),
                        at=visit(request).at)  # fmt: skip
        return number

    return _sheet(
        request, found, NoteForm, act, title="Site note", submit="Save the note", words="Every crew will see it."
    )


def _sheet(
    request: HttpRequest,
    found: Order,
    form: Any,
    act: Any,
    *,
    title: str,
    submit: str,
    words: str,
    refusals: tuple[type[Exception], ...] = (),
    alerts: Sequence[Alert] = (),
) -> HttpResponse:
    here = reverse("desk:order", args=[found.number])
    return form_panel(
        request, title=title, form=form, act=act, submit=submit, back=here, refusals=refusals, alerts=alerts,
        crumbs=[ORDERS, Crumb(f"SO-{found.number}", here)], done=lambda _: Done(words, url=here), busy="Saving…",
    )  # fmt: skip


def _choose(form: forms.Form, name: str, choices: Sequence[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)
    if len(choices) == 1:
        field.initial = choices[0][0]


def slots_at(premise: Premise, first: date, *, at: datetime) -> list[tuple[str, Option]]:
    """The next half-days with room that are not over, each with how much."""
    free = to_come(offers(premise=premise, first=first), local=timezone.localtime(at))
    return [(offer.key, Option(said(offer), f"{offer.free} free", key=str(n))) for n, offer in enumerate(free, start=1)]


def slot_of(key: str) -> tuple[date, Half] | None:
    if not key:
        return None
    day, _, half = key.partition(".")
    return date.fromisoformat(day), Half(half)


def _known(premises: Sequence[int], on: date) -> list[Alert]:
    """What crews know of the place already."""
    notes = [note for several in site_notes(premises, on=on).values() for note in several]
    return [Alert(Level.KNOW, str(note.get_about_display()), str(note.remark)) for note in notes]
