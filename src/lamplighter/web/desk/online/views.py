"""Why a customer can't sign in or pay: what happened, what to say, what to do; and their pages as they see them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from lamplighter.accounts.models import Account, AccountRole
from lamplighter.payments.cards.attempts import attempts_of
from lamplighter.payments.models import PayLink
from lamplighter.platform.models import User
from lamplighter.platform.operations.signins import CannotUnlock, unlock
from lamplighter.platform.queries.signins import SignIn, sign_in_of
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.accounts.views import heading, known_account
from lamplighter.web.desk.online.seen import sent_links, told
from lamplighter.web.desk.online.telling import attempt_told, sign_in_told
from lamplighter.web.loading import load_account, note_access
from lamplighter.web.pay.views import what_is_shown
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.visits import visit

NEEDED = "contacts.work"


@needs("accounts.view", NEEDED)
def online(request: HttpRequest, number: str) -> HttpResponseBase:
    """Each sign-in of the account's people, each payment that was tried from afar, each page behind a link."""
    known, on = known_account(request, number), visit(request).on

    def sign_ins() -> dict[str, Any]:
        found = _sign_ins(known.account, request)
        unlock = {one.user.pk: reverse("desk:do-unlock", args=[number, one.user.username]) for one in found}
        return {"told": [sign_in_told(one, unlock=unlock[one.user.pk], on=on) for one in found],
                "nothing": "Nobody on this account has a sign-in."}  # fmt: skip

    def tried() -> dict[str, Any]:
        found = attempts_of(known.account, on=on)
        return {"told": [attempt_told(one, number=number, on=on) for one in found],
                "nothing": "No payment was tried from afar."}  # fmt: skip

    def links() -> dict[str, Any]:
        found = sent_links(known.account, on=on)
        return {"told": [told(one, number=number, on=on) for one in found],
                "nothing": "No other link was sent: to a bill, AutoPay by card, an offer or a survey."}  # fmt: skip

    return page(
        request, panels=[
            Panel("sign-ins", "Sign-in", "desk/online/told.html", sign_ins),
            Panel("tried", "Payments from afar", "desk/online/told.html", tried),
            Panel("links", "Pages behind links", "desk/online/told.html", links),
        ],
        **heading(request, known, "desk:account-online"),
    )  # fmt: skip


class Unlock(Once, Form):
    remark = forms.CharField(
        label="How you know who asks", max_length=200, help_text="The facts that they named, or the paper they showed."
    )


@needs(NEEDED)
def unlock_sign_in(request: HttpRequest, number: str, username: str) -> HttpResponse:
    """They can try their password again at once."""
    account, seen = load_account(request, number, to=NEEDED), visit(request)
    user = next((one.user for one in _sign_ins(account, request) if one.user.username == username), None)
    if user is None:
        raise Http404("Nobody on this account signs in with that name.")
    here = reverse("desk:account-online", args=[number])

    def act(form: Unlock) -> str:
        unlock(user=user, remark=form.cleaned_data["remark"], account=account.pk, by=actor(request), at=seen.at)
        return "Unlocked. They can try again now."

    return form_panel(
        request, title="Unlock the sign-in", form=Unlock, act=act, submit="Unlock it", back=here,
        crumbs=[Crumb(number, here)], done=lambda said: Done(said, url=here), refusals=(CannotUnlock,),
    )  # fmt: skip


@needs(NEEDED)
def as_they_see_it(request: HttpRequest, number: str, link: str) -> HttpResponse:
    """The page behind a link to pay as the customer sees it now; nothing can be pressed. That it was seen is kept."""
    account = load_account(request, number, to=NEEDED)
    found = PayLink.objects.filter(account=account, pk=link).select_related("account").first()
    if found is None:
        raise Http404("There is no such link.")
    note_access(request, found.subject, NEEDED)
    shown = what_is_shown(request, found) | {"seen_from": reverse("desk:account-online", args=[number])}
    return render(request, "pay/link.html", shown)


def _sign_ins(account: Account, request: HttpRequest) -> list[SignIn]:
    """Of whoever is on the account now and has a login of a customer's."""
    roles = AccountRole.objects.filter(account=account, period__contains=visit(request).on)
    people = User.objects.filter(kind=User.Kind.CUSTOMER, pk__in=roles.values("person__login")).order_by("username")
    return [sign_in_of(user, at=visit(request).at) for user in people]
