"""Refunds by the city's accounts payable: who pays from when, vouchers handed over, its answer read."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.formats.payables import MOST_BYTES, CannotRead
from lamplighter.journeys.payables import hand_over_waiting, take_answer
from lamplighter.payments.models import Refund, RefundWay
from lamplighter.payments.operations.refundways import set_refund_way
from lamplighter.payments.refunds.queries import waiting, way_on
from lamplighter.payments.refunds.rules import CannotRefund
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.refunds.acts import Sure, waits
from lamplighter.web.desk.refunds.views import REFUNDS
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Level
from lamplighter.web.ui.wording import counted, day
from lamplighter.web.visits import visit

Way = RefundWay.Way


class WayForm(Once, Form):
    way = OptionsField(
        label="Refunds are paid",
        options={Way.BANK.value: Option("By us", "Checks and ACH from our bank account", key="u"),
                 Way.PAYABLES.value: Option("By the city's accounts payable", "Vouchers in a file", key="p")},
    )  # fmt: skip
    starts_on = DayField(label="From", help_text="What was made before that day goes its way to the end.")
    citation = forms.CharField(label="By resolution or agreement", max_length=200)


class AnswerForm(Once, Form):
    file = forms.FileField(label="The file of accounts payable", help_text="Vouchers paid and refused, with totals.")


@needs("ledger.post")
def who_pays(request: HttpRequest) -> HttpResponse:
    """From a day on; the rows of before stay."""
    on = visit(request).on
    now = Way(way_on(on))

    def form(*args: object) -> WayForm:
        return WayForm(*args, initial={"way": now.value, "starts_on": on})

    def act(form: WayForm) -> str:
        said = form.cleaned_data
        made = set_refund_way(
            way=Way(said["way"]), starts_on=said["starts_on"], citation=said["citation"], on=on, by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
        return f"From {day(made.starts_on)} refunds are paid {_said(Way(made.way))}."

    coming = RefundWay.objects.filter(starts_on__gt=on).order_by("starts_on", "-id").first()
    then = f"From {day(coming.starts_on)}: {_said(Way(coming.way))}." if coming else "No change is set."
    return form_panel(
        request, title="Who pays refunds", form=form, act=act, submit="Set it", back=REFUNDS.url, crumbs=[REFUNDS],
        done=lambda words: Done(words, url=REFUNDS.url), refusals=(CannotRefund,),
        alerts=[Alert(Level.KNOW, f"Today they are paid {_said(now)}", then)],
    )  # fmt: skip


@needs("ledger.post")
def hand_over(request: HttpRequest) -> HttpResponse:
    """Every refund that waits for accounts payable goes into one file."""
    rows = waiting(Refund.Method.VOUCHER)

    def act(_: Sure) -> str:
        return hand_over_waiting(on=visit(request).on, by=actor(request), at=visit(request).at)

    return form_panel(
        request, title="Hand over vouchers", form=Sure, act=act, back=REFUNDS.url, crumbs=[REFUNDS],
        submit=f"Hand over {counted(len(rows), 'voucher')}" if rows else "Make the file", refusals=(CannotRefund,),
        done=lambda key: Done("The file is made.", url=reverse("desk:voucher-file", args=[key])),
        alerts=[waits(rows, "accounts payable")],
    )  # fmt: skip


@needs("ledger.post")
def read_answer(request: HttpRequest) -> HttpResponse:
    """A file is read once; one whose own totals do not hold is refused whole."""

    def act(form: AnswerForm) -> str:
        file = form.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise CannotRead(f"The file has {file.size:,} bytes; an answer has no more than {MOST_BYTES:,}.")
        taken = take_answer(
            data=file.read(), name=file.name, on=visit(request).on, by=actor(request), at=visit(request).at
        )
        return f"Read: {taken}."

    return form_panel(
        request, title="Read the answer", form=AnswerForm, act=act, submit="Read it", back=REFUNDS.url,
        crumbs=[REFUNDS], done=lambda words: Done(words, url=REFUNDS.url), refusals=(CannotRead, CannotRefund),
        busy="Reading…",
    )  # fmt: skip


def _said(way: RefundWay.Way) -> str:
    return "by the city's accounts payable" if way == Way.PAYABLES else "by us, from our bank account"
