"""What is done with refunds: write checks, send the bank its file, void, take back."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.formats.nacha.writer import CannotWrite
from lamplighter.journeys.paying_out import send_waiting
from lamplighter.kernel.money import total
from lamplighter.payments.models import Refund
from lamplighter.payments.operations.refunding import returned_by_bank, void_check, write_checks
from lamplighter.payments.refunds.queries import waiting
from lamplighter.payments.refunds.rules import CannotRefund
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.refunds.views import REFUNDS, load_refund
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once, Option, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.ui.wording import counted
from lamplighter.web.visits import visit


class Sure(Once, Form):
    """Nothing to fill in: what it does stands above."""


class Remark(Once, Form):
    remark = forms.CharField(label="Why", max_length=500, widget=forms.Textarea({"rows": 2}))


class Void(Remark):
    then = OptionsField(
        label="Then",
        options={"again": Option("Write it anew", "A new number", key="n"),
                 "back": Option("Back on the account", "As a credit", key="b")},
    )  # fmt: skip


@needs("ledger.post")
def write(request: HttpRequest) -> HttpResponse:
    """Every refund by check that waits gets its number."""
    rows = waiting(Refund.Method.CHECK)

    def act(_: Sure) -> str:
        if not rows:
            raise CannotRefund("No refund waits for a check.")
        made = write_checks(refunds=rows, on=visit(request).on, by=actor(request), at=visit(request).at)
        return f"{counted(len(made), 'check')} written. Send the bank the positive-pay file before you mail them."

    return form_panel(
        request, title="Write the checks", form=Sure, act=act, back=REFUNDS.url,
        submit=f"Write {counted(len(rows), 'check')}" if rows else "Write the checks",
        crumbs=[REFUNDS], done=lambda words: Done(words, url=REFUNDS.url), refusals=(CannotRefund,),
        alerts=[waits(rows, "a check")],
    )  # fmt: skip


@needs("ledger.post")
def send(request: HttpRequest) -> HttpResponse:
    """Every ACH refund that waits goes into one file."""
    rows = waiting(Refund.Method.ACH)

    def act(_: Sure) -> str:
        return send_waiting(on=visit(request).on, by=actor(request), at=visit(request).at)

    return form_panel(
        request, title="Make the bank's file", form=Sure, act=act, back=REFUNDS.url,
        submit=f"Send {counted(len(rows), 'refund')}" if rows else "Make the file",
        crumbs=[REFUNDS], refusals=(CannotRefund, CannotWrite),
        done=lambda key: Done("The file is made.", url=reverse("desk:ach-file", args=[key])),
        alerts=[waits(rows, "the bank")],
    )  # fmt: skip


@needs("ledger.post")
def void(request: HttpRequest, number: str) -> HttpResponse:
    found, here = load_refund(number), reverse("desk:refund", args=[number])

    def act(form: Void) -> str:
        said = form.cleaned_data
        void_check(
            refund=found, on=visit(request).on, by=actor(request), at=visit(request).at, remark=said["remark"],
            again=said["then"] == "again",
        )  # fmt: skip
        return "The check is void. Send the bank the positive-pay file."

    return form_panel(
        request, title="Void the check", form=Void, act=act, submit="Void it", back=here,
        crumbs=[REFUNDS, Crumb(f"RF-{number}", here)], done=Done, refusals=(CannotRefund,),
    )  # fmt: skip


@needs("ledger.post")
def returned(request: HttpRequest, number: str) -> HttpResponse:
    found, here = load_refund(number), reverse("desk:refund", args=[number])

    def act(form: Remark) -> str:
        returned_by_bank(
            refund=found, on=visit(request).on, by=actor(request), at=visit(request).at,
            remark=form.cleaned_data["remark"],
        )  # fmt: skip
        return "The money stands on the account again."

    return form_panel(
        request, title="The bank returned it", form=Remark, act=act, submit="Take it back", back=here,
        crumbs=[REFUNDS, Crumb(f"RF-{number}", here)], done=Done, refusals=(CannotRefund,),
    )  # fmt: skip


def waits(rows: Sequence[Refund], for_what: str) -> Alert:
    if not rows:
        return Alert(Level.WATCH, f"No refund waits for {for_what}", "There is nothing to do here now.")
    return Alert(
        Level.KNOW, f"{counted(len(rows), 'refund')} for {for_what}", f"Together {total(one.amount for one in rows)}."
    )
