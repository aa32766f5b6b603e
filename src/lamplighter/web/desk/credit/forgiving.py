"""Set old debt aside, to be forgiven with bills paid in time: the words to say, the shares to check; and end it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.credit.models.plans import Outcome
from lamplighter.credit.queries.forgiving import forgiveness_terms, set_aside_of
from lamplighter.credit.rules.forgiving import CannotForgive, ForgivenessDraft
from lamplighter.journeys import forgiving as journey
from lamplighter.kernel.money import Money
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.credit.arranging import CONSENTS
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import AsShown, Form, Once, OptionsField
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.visits import visit

CHANGED = "What is owed has changed since this was shown. Look at it again."


class SetAsideForm(Once, AsShown, Form):
    """How they agreed; the rest follows from what is owed and the terms."""

    consent = OptionsField(label="How they agreed", options={str(key): option for key, option in CONSENTS.items()})

    def __init__(self, *args: Any, account: Account, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account, self.on = account, visit(request).on
        self.drafted: ForgivenessDraft | None = None

    def clean(self) -> dict[str, Any]:
        """The draft of today. What was confirmed must be what was shown."""
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        try:
            self.drafted = journey.draft(self.account, on=self.on)
        except CannotForgive as refused:
            self.add_error(None, str(refused))
            return said
        self.hold_to(self.drafted.digest, CHANGED)
        return said


@needs("credit.work")
def set_aside(request: HttpRequest, number: str) -> HttpResponse:
    """Whether it may be, what is set aside in which shares, then it is."""
    account, seen = load_account(request, number, to="credit.work"), visit(request)
    here = reverse("desk:account", args=[number])

    def act(form: SetAsideForm) -> str:
        assert form.drafted
        made = journey.begin(
            account=account, draft=form.drafted, consent=form.cleaned_data["consent"], on=seen.on, by=actor(request),
            at=seen.at,
        )  # fmt: skip
        return f"{made.total} is set aside. A letter says how it is forgiven."

    return form_panel(
        request, title="Set old debt aside", form=lambda *args: SetAsideForm(*args, account=account, request=request),
        act=act, check=_shares, submit="Set it aside", back=here, crumbs=[Crumb(number, here)], done=Done,
        refusals=(CannotForgive,), alerts=_may(account, request),
    )  # fmt: skip


class EndSetAside(Once, Form):
    """Nothing to fill in: what follows stands above."""


@needs("credit.work")
def end_it(request: HttpRequest, number: str) -> HttpResponse:
    """The customer wants it no more: what is left is asked for."""
    account, seen = load_account(request, number, to="credit.work"), visit(request)
    stands, here = set_aside_of(account), reverse("desk:account", args=[number])
    if stands is None:
        raise Http404("Nothing is set aside on this account.")

    def act(_: EndSetAside) -> str:
        journey.end(forgiveness=stands.row, outcome=Outcome.CANCELLED, on=seen.on, by=actor(request), at=seen.at)
        return f"{stands.left} is owed again."

    return form_panel(
        request, title="End the forgiving", form=EndSetAside, act=act, submit="End it", back=here,
        crumbs=[Crumb(number, here)], done=Done, refusals=(CannotForgive,),
        alerts=[Alert(Level.WATCH, f"{stands.left} is owed again at once",
                      f"It keeps its age. The {stands.forgiven} forgiven so far stays forgiven.")],
    )  # fmt: skip


def _shares(form: SetAsideForm) -> list[Fact]:
    """What is set aside, and what each bill in time forgives."""
    assert form.drafted
    shares = form.drafted.shares
    later = [Fact("Each bill after it", shares[1])] if len(shares) > 1 else []
    return [
        Fact("Set aside", form.drafted.total), Fact("Bills to pay in time", str(len(shares))),
        Fact("Forgiven with the first", shares[0]), *later,
    ]  # fmt: skip


def _may(account: Account, request: HttpRequest) -> list[Alert]:
    """Whether it may be, in words to say."""
    on = visit(request).on
    terms = forgiveness_terms(on=on)
    try:
        drafted = journey.draft(account, on=on)
    except CannotForgive as refused:
        return [Alert(Level.STOP, str(refused), terms.citation if terms else "")]
    assert terms is not None
    share: Money = drafted.shares[-1]
    says = (f"Say: “{drafted.total} is set aside. Each bill that you pay in time forgives {share} of it, "
            f"{len(drafted.shares)} times. After {terms.missed} late bills, what is left is owed again.”")  # fmt: skip
    return [Alert(Level.KNOW, f"{drafted.total} can be set aside", says)]
