"""What was written to customers, one letter with its proof, batches with their manifest, and paper for the envelope."""

from __future__ import annotations

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.journeys.corresponding import came_back
from lamplighter.notices.channels import Channel
from lamplighter.notices.models import BatchedLetter, LetterBatch, Notice
from lamplighter.notices.operations import mail_batch, make_batch
from lamplighter.notices.operations.batching import MOST
from lamplighter.notices.operations.deliveries import CannotRecord
from lamplighter.notices.queries.outbox import waiting
from lamplighter.notices.queries.templates import sender
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.confidential.withholding import refuse_withheld
from lamplighter.web.desk.letters.barcode import barcode
from lamplighter.web.desk.letters.tables import Batches, Sent, SentFilters
from lamplighter.web.loading import load_account
from lamplighter.web.naming import customer_of, named, names_of
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import Form, Once
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Fact, Tone
from lamplighter.web.ui.tables import grid, table_page
from lamplighter.web.ui.wording import counted, moment
from lamplighter.web.visits import visit

LETTERS = Crumb("Letters", "/desk/letters/")


@needs("notices.send")
def letters(request: HttpRequest) -> HttpResponseBase:
    """Letters that wait to be printed, the last batches, and everything that was written."""
    count = unbatched().count()
    printing = Action(f"Print {counted(count, 'letter')}", reverse("desk:do-letter-batch"), key="p", primary=True)
    acts = [*([printing] if count else []), Action("Find a letter", reverse("desk:letters-all"), key="f", panel=False)]
    rows = _sent()
    batches = LetterBatch.objects.annotate(by_name=named("made_by")).order_by("-id")
    return page(
        request, title="Letters", actions=acts,
        panels=[
            Panel("sent", "Written to customers", "ui/tables/grid.html", lambda: {
                "grid": grid(request, table=Sent, rows=rows, caption="Written to customers", name="sent",
                             empty=Empty("Nothing was written yet."))}),
            Panel("batches", "Batches", "ui/tables/grid.html", lambda: {
                "grid": grid(request, table=Batches, rows=batches, caption="Batches", name="batches",
                             empty=Empty("Letters that are printed together appear here."))}),
        ],
    )  # fmt: skip


@needs("notices.send")
def found(request: HttpRequest) -> HttpResponseBase:
    """Everything that was written, with filters and CSV."""
    return table_page(
        request, title="Written to customers", table=Sent, rows=_sent(), filters=SentFilters, crumbs=[LETTERS],
        empty=Empty("Nothing was written yet."),
    )  # fmt: skip


@needs("accounts.view")
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter for a window envelope."""
    notice = _load(request, pk, to="accounts.view")
    return _paper(request, [notice], f"{notice.template.title} {notice.number}", manifest=None)


@needs("notices.send")
def batch(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A batch with its manifest; its paper is printed from here."""
    made = _batch(pk)
    rows = _sent().filter(batched__batch=made).order_by("batched__place")
    acts = [Action("Paper", reverse("desk:letter-batch-paper", args=[pk]), key="p", primary=not made.mailed_at,
                   panel=False)]  # fmt: skip
    if made.mailed_at is None:
        acts.append(Action("Mailed", reverse("desk:do-mail-batch", args=[pk]), key="m"))
    facts = [
        Fact("Letters", str(made.count)), Fact("Printed", moment(made.made_at, visit(request).on)),
        Fact("By", names_of([made.made_by])[made.made_by]), Fact("SHA-256 of the words", made.digest),
        *([Fact("Mailed", moment(made.mailed_at, visit(request).on)), Fact("Proof", made.proof)]
          if made.mailed_at else []),
    ]  # fmt: skip
    return page(
        request, title="Batch of letters", number=made.number, crumbs=[LETTERS], actions=acts,
        badges=[Badge("Mailed" if made.mailed_at else "Not mailed yet", Tone.GOOD if made.mailed_at else Tone.WATCH)],
        panels=[
            Panel("manifest", "Manifest", "ui/tables/grid.html", lambda: {
                "grid": grid(request, table=Sent, rows=rows, caption="Manifest", name="manifest")}),
            Panel("facts", "To sign", "desk/accounts/facts.html", lambda: {"facts": facts}, place="side"),
        ],
    )  # fmt: skip


@needs("notices.send")
def batch_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Every letter of a batch, and its manifest as the last sheet."""
    made = _batch(pk)
    notices = list(_sent().select_related("words").filter(batched__batch=made).order_by("batched__place"))
    return _paper(request, notices, f"Batch {made.number}", manifest=made)


class Sure(Once, Form):
    """Nothing to fill in."""


@needs("notices.send")
def print_batch(request: HttpRequest) -> HttpResponse:
    """Take everything that waits into one batch."""

    def act(_: Sure) -> str:
        rows = list(unbatched().select_related("words")[:MOST])
        return str(make_batch(letters=rows, by=actor(request), at=visit(request).at).pk)

    return form_panel(
        request, title="Print the letters that wait", form=Sure, act=act, back=LETTERS.url,
        submit=f"Print {counted(unbatched().count(), 'letter')}",
        crumbs=[LETTERS], refusals=(CannotRecord,),
        done=lambda pk: Done("Batch made. Print its paper.", url=reverse("desk:letter-batch", args=[pk])),
    )  # fmt: skip


class Mailed(Once, Form):
    counted = forms.IntegerField(label="Letters in the tray", min_value=1)
    proof = forms.CharField(label="Proof", max_length=80, help_text="The number of the post's receipt, or whose hand.")


@needs("notices.send")
def mailed(request: HttpRequest, pk: int) -> HttpResponse:
    """The tray went to the post: from now the clocks of its notices run."""
    made = _batch(pk)
    here = reverse("desk:letter-batch", args=[pk])

    def act(bound: Mailed) -> str:
        said = bound.cleaned_data
        mail_batch(batch=made, counted=said["counted"], proof=said["proof"], by=actor(request), at=visit(request).at)
        return f"{made.count} letters are mailed."

    return form_panel(
        request, title=f"Batch {made.number} is mailed", form=Mailed, act=act, submit="Mailed", back=here,
        crumbs=[LETTERS], refusals=(CannotRecord,), done=lambda said: Done(said, url=here),
    )  # fmt: skip


class CameBack(Once, Form):
    why = forms.ChoiceField(
        label="What the post says",
        choices=[(one, one) for one in (
            "Attempted, not known", "Insufficient address", "Moved, left no address", "Forward expired", "Vacant",
            "Refused", "Deceased",
        )],
    )  # fmt: skip


@needs("notices.send")
def returned(request: HttpRequest, pk: int) -> HttpResponse:
    """A letter came back: it counts as not received, and somebody looks for the address."""
    notice = _load(request, pk, to="notices.send")
    here = reverse("desk:letter", args=[pk])

    def act(bound: CameBack) -> str:
        came_back(notice=notice, why=bound.cleaned_data["why"], by=actor(request), at=visit(request).at)
        return "Kept. It waits on the worklist."

    return form_panel(
        request, title="It came back", form=CameBack, act=act, submit="Keep it", back=here, crumbs=[LETTERS],
        refusals=(CannotRecord,), done=lambda said: Done(said, url=here),
    )  # fmt: skip


def unbatched() -> QuerySet[Notice]:
    """Letters that wait and are in no batch, the oldest first."""
    return waiting(Channel.LETTER).filter(~Exists(BatchedLetter.objects.filter(notice=OuterRef("pk"))))


def _sent() -> QuerySet[Notice]:
    rows = Notice.objects.select_related("template").prefetch_related("deliveries").order_by("-composed_at", "-id")
    return rows.annotate(customer=customer_of("account"))


def _batch(pk: int) -> LetterBatch:
    made = LetterBatch.objects.filter(pk=pk).first()
    if made is None:
        raise Http404(f"There is no batch L-{pk}.")
    return made


def _load(request: HttpRequest, pk: int, *, to: str) -> Notice:
    notice = _sent().select_related("words").filter(pk=pk).first()
    if notice is None:
        raise Http404(f"There is no notice N-{pk}.")
    if account := Account.objects.filter(pk=notice.account or 0).first():
        load_account(request, account.number, to=to)
    return notice


def _paper(request: HttpRequest, notices: list[Notice], title: str, *, manifest: LetterBatch | None) -> HttpResponse:
    refuse_withheld(request, notices)
    utility = sender()
    sheets = [
        {
            "number": one.number,
            "address": one.words.address,
            "barcode": barcode(one.pk, one.words.address),
            "pages": one.words.read,
            "lines": one.words.lines,
        }
        for one in notices
    ]
    return render(request, "desk/letters/paper.html", {
        "title": title, "letters": sheets, "utility_name": utility.utility, "office": utility.office,
        "manifest": manifest, "customers": [(one.number, getattr(one, "customer", "")) for one in notices],
    })  # fmt: skip
