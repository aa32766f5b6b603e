"""A check that nobody cashed: held for its owner, given to them when they ask, taken over when its clock ran out."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.payments.operations.unclaimed import ask_to_take_over, claim, declare_unclaimed
from lamplighter.payments.refunds.rules import CLAIM_YEARS, NOTICE_DAYS, CannotRefund, ours_on, stale_on
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.refunds.acts import Sure, Void
from lamplighter.web.desk.refunds.views import REFUNDS, load_refund
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, Once
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit


class Claim(Void):
    remark = forms.CharField(
        label="Who asked, and how they were known", max_length=500, widget=forms.Textarea({"rows": 2})
    )


class TakeOver(Once, Form):
    newspaper = forms.CharField(label="Newspaper that carried the notice", max_length=120)
    first_published = DayField(label="First published on")


@needs("ledger.post")
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """After six months a bank may refuse the check: the money is held for its owner."""
    found, here, on = load_refund(number), reverse("desk:refund", args=[number]), visit(request).on
    written = found.steps.filter(act="written").order_by("-id").first()
    good = written is not None and on < stale_on(written.on)

    def act(_: Sure) -> str:
        if good:
            raise CannotRefund("Its six months are not over: a bank still pays it. Void it if it is lost.")
        declare_unclaimed(refund=found, on=on, by=actor(request), at=visit(request).at)
        return "Held as unclaimed. Send the bank the positive-pay file, so that it does not pay the check."

    return form_panel(
        request, title="Nobody cashed it", form=Sure, act=act, submit="Hold it as unclaimed", back=here,
        crumbs=[REFUNDS, Crumb(f"RF-{number}", here)], done=Done, refusals=(CannotRefund,),
        alerts=[Alert(Level.KNOW, "The owner can still ask for it",
                      f"It may become the city's after {CLAIM_YEARS} years and a notice.")],
    )  # fmt: skip


@needs("ledger.post")
def asked_for(request: HttpRequest, number: str) -> HttpResponse:
    """Its owner is here: a new check, or the money on their account."""
    found, here = load_refund(number), reverse("desk:refund", args=[number])

    def act(form: Claim) -> str:
        said = form.cleaned_data
        again = said["then"] == "again"
        claim(refund=found, on=visit(request).on, by=actor(request), at=visit(request).at, remark=said["remark"],
              again=again)  # fmt: skip
        return "A new check is written." if again else "The money stands on the account again."

    return form_panel(
        request, title="The owner asks for it", form=Claim, act=act, submit="Give it to them", back=here,
        crumbs=[REFUNDS, Crumb(f"RF-{number}", here)], done=Done, refusals=(CannotRefund,),
    )  # fmt: skip


@needs("ledger.post")
def take_over(request: HttpRequest, number: str) -> HttpResponse:
    """Its years are over and the notice was published: a second person decides that it is the city's."""
    found, here, on = load_refund(number), reverse("desk:refund", args=[number]), visit(request).on
    written = found.steps.filter(act="written").order_by("-id").first()
    since = f"Not before {day(ours_on(written.on), on)}. " if written else ""

    def act(form: TakeOver) -> str:
        said = form.cleaned_data
        ask_to_take_over(refund=found, newspaper=said["newspaper"], first_published=said["first_published"], on=on,
                         by=actor(request), at=visit(request).at)  # fmt: skip
        return "Waits for a second person."

    return form_panel(
        request, title="It becomes the city's", form=TakeOver, act=act, submit="Ask for it", back=here,
        crumbs=[REFUNDS, Crumb(f"RF-{number}", here)], done=Done, refusals=(CannotRefund,),
        alerts=[Alert(Level.KNOW, "After a notice in a newspaper, once a week for two weeks",
                      f"{since}The owner has {NOTICE_DAYS} days from its first day (California Government Code "
                      "§§ 50050, 50051).")],
    )  # fmt: skip
