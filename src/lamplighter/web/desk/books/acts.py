"""Close a month, give it to finance, open it again; and the files that went out."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.ledger.models import PeriodExtract
from lamplighter.ledger.operations import CannotClose, close_month, extract_month, reopen_month
from lamplighter.platform.queries.files import path_of
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.books.views import BOOKS, month_in
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.parts import Alert, Crumb, Level
from lamplighter.web.visits import visit

FORMS = {"csv": ("csv", "text/csv; charset=utf-8"), "txt": ("fixed", "text/plain; charset=us-ascii")}


class Sure(Once, Form):
    """Nothing to fill in: what it does stands above."""


class Why(Once, Form):
    remark = forms.CharField(label="Why", max_length=500, widget=forms.Textarea({"rows": 2}))


@needs("ledger.post")
def close(request: HttpRequest, month: str) -> HttpResponse:
    """From now on nothing is posted in the month; what comes late is accounted in one that is open."""
    first = month_in(month)

    def act(_: Sure) -> str:
        close_month(month=first, by=actor(request), at=visit(request).at)
        return f"The books of {first:%B %Y} are closed."

    return form_panel(
        request, title=f"Close {first:%B %Y}", form=Sure, act=act, submit="Close it", back=_here(month), done=Done,
        crumbs=[BOOKS, Crumb(f"{first:%B %Y}", _here(month))], refusals=(CannotClose,),
        alerts=[Alert(Level.KNOW, "Nothing more is posted in it", "Late corrections count in the month that is open.")],
    )  # fmt: skip


@needs("ledger.post")
def reopen(request: HttpRequest, month: str) -> HttpResponse:
    """For a correction of a month that finance has not got yet."""
    first = month_in(month)

    def act(form: Why) -> str:
        remark = form.cleaned_data["remark"]
        reopen_month(month=first, by=actor(request), at=visit(request).at, remark=remark)
        return f"The books of {first:%B %Y} are open again."

    return form_panel(
        request, title=f"Open {first:%B %Y} again", form=Why, act=act, submit="Open it", back=_here(month), done=Done,
        crumbs=[BOOKS, Crumb(f"{first:%B %Y}", _here(month))], refusals=(CannotClose,),
    )  # fmt: skip


@needs("ledger.post")
def extract(request: HttpRequest, month: str) -> HttpResponse:
    """Make the month's files once; they stay as they are."""
    first = month_in(month)

    def act(_: Sure) -> str:
        extract_month(month=first, by=actor(request), at=visit(request).at)
        return f"The files of {first:%B %Y} are sealed. Fetch them above."

    return form_panel(
        request, title=f"Give {first:%B %Y} to finance", form=Sure, act=act, submit="Seal the files",
        back=_here(month), done=Done, crumbs=[BOOKS, Crumb(f"{first:%B %Y}", _here(month))],
        refusals=(CannotClose,),
        alerts=[Alert(Level.KNOW, "The month then stays closed",
                      "A CSV and a fixed layout are made, one line for each day and code. They can be fetched again "
                      "at any time, and are the same.")],
    )  # fmt: skip


@needs("ledger.view")
def file(request: HttpRequest, month: str, form: str) -> HttpResponse:  # noqa: ARG001 - the same to all
    """A file that went out, as it was made."""
    found = PeriodExtract.objects.filter(month=month_in(month)).first()
    if found is None or form not in FORMS:
        raise Http404("This month has not gone to finance.")
    field, media = FORMS[form]
    sent = HttpResponse(path_of(getattr(found, field)).read_bytes(), content_type=media)
    sent["Content-Disposition"] = f'attachment; filename="general-ledger-{month}.{form}"'
    return sent


def _here(month: str) -> str:
    return reverse("desk:book", args=[month])
