"""Acts of programs: apply during the call, add papers, write down an answer, decide otherwise, withdraw, end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.accounts.models import Account, Agreement
from lamplighter.journeys.enrolling import apply_for, bring_papers, decide_otherwise, draft, leave
from lamplighter.kernel.money import ZERO
from lamplighter.platform.models import StoredFile
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.transactions import unit_of_work
from lamplighter.programs.models import Application, Enrollment, Offer, Program
from lamplighter.programs.models.applications import Channel
from lamplighter.programs.operations.applying import ApplicationIn, end_application, record_offer
from lamplighter.programs.queries.enrolled import current, guideline_on, terms_on
from lamplighter.programs.queries.offering import saving_of
from lamplighter.programs.rules.qualifying import (
    CATEGORIES,
    PAPERS,
    Basis,
    CannotApply,
    Decision,
    PaperKind,
    Said,
    Terms,
    Verdict,
    limit_of,
    people,
)
from lamplighter.programs.rules.sharing import monthly_of, yearly_of
from lamplighter.web.access import actor, needs
from lamplighter.web.desk.programs.loading import load_application, load_enrollment, load_program
from lamplighter.web.desk.programs.showing import SIZES, running
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.forms import DayField, Form, MoneyField, Once, Option, OptionsField, carry
from lamplighter.web.ui.parts import Alert, Crumb, Fact, Level
from lamplighter.web.ui.wording import day
from lamplighter.web.uploads import PapersField
from lamplighter.web.visits import visit

SALT = "programs.papers"
PER = {"year": Option("A year"), "month": Option("A month")}
SAYS = {Verdict.APPROVED: "Qualifies", Verdict.MISSING: "Papers are missing", Verdict.DENIED: "Does not qualify"}


class ApplyForm(Once, Form):
    """What the household says. Papers that were sent are kept while the answers are checked, under a signed list."""

    agreement = forms.ChoiceField(label="For the service at")
    basis = OptionsField(label="They qualify by", options={})
    category = forms.ChoiceField(label="Other program", required=False, help_text="If they are in one that opens this.")
    household = forms.IntegerField(label="People in the household", min_value=1, max_value=20, initial=1)
    income = MoneyField(label="Income of everybody, before taxes", required=False, least=ZERO)
    per = OptionsField(label="That income is of", options=PER, initial="year")
    fixed = forms.BooleanField(label="Fixed: a pension or benefit that does not change", required=False)
    papers = PapersField(label="Papers", required=False, help_text="Photos or PDFs. They can also come later.")
    channel = forms.ChoiceField(label="They came by", choices=Channel.choices, initial=Channel.PHONE)
    consent = OptionsField(
        label="They declare that this is true",
        options={"recorded": Option("On a recorded call", key="r"), "signed": Option("Signed", key="g")},
    )
    sent = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        program: Program,
        terms: Terms,
        agreements: Sequence[Agreement],
        request: HttpRequest,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.program, self.request, self.on = program, request, visit(request).on
        self.agreements = {str(one.pk): one for one in agreements}
        self.decision: Decision | None = None
        _choose(self.fields["agreement"], [(key, str(one.premise)) for key, one in self.agreements.items()])
        _choose(self.fields["basis"], [(each.value, Option(each.label)) for each in Basis if each in terms.bases])
        opened = [(each, CATEGORIES[each]) for each in CATEGORIES if each in terms.categories]
        _choose(self.fields["category"], [("", ""), *opened])
        self._leave_out(terms)

    def _leave_out(self, terms: Terms) -> None:
        """Nobody is asked what this program does not want to know."""
        if not terms.categories:
            del self.fields["category"]
        if terms.income_percent is None:
            for name in ("income", "per", "fixed"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        if said["basis"] == Basis.CATEGORY and not said.get("category"):
            self.add_error("category", "Choose the program that they are in.")
        if said["basis"] in {Basis.INCOME, Basis.DECLARED} and said.get("income") is None:
            self.add_error("income", "Enter the income of everybody in the household.")
        if not self.errors:
            self.decision = draft(self.program, self.said, on=self.on)
        return said

    @property
    def said(self) -> Said:
        given = self.cleaned_data
        income = given.get("income")
        yearly = income * 12 if income is not None and given["per"] == "month" else income
        basis = Basis(given["basis"])
        shown = frozenset({PAPERS[basis]}) if basis in PAPERS and (given["papers"] or given["sent"]) else frozenset()
        counted = basis in {Basis.INCOME, Basis.DECLARED}
        return Said(
            basis, given["household"], yearly if counted else None,
            given.get("category", "") if basis == Basis.CATEGORY else "", bool(given.get("fixed")), shown,
        )  # fmt: skip

    def keep(self) -> None:
        """Store what was sent, so that it is still there when the answers are confirmed."""
        files = [*self.kept, *_store(self.cleaned_data["papers"], self.request)]
        carry(self, "sent", signing.dumps(files, salt=SALT))

    @property
    def kept(self) -> list[str]:
        """Files that came with an earlier sending of this form."""
        given = str(self.cleaned_data.get("sent") or "")
        return list(signing.loads(given, salt=SALT, max_age=86400)) if given else []

    def clean_sent(self) -> str:
        given = str(self.cleaned_data["sent"] or "")
        try:
            if given:
                signing.loads(given, salt=SALT, max_age=86400)
        except signing.BadSignature:
            raise forms.ValidationError("The papers were lost. Open this form again and send them once more.") from None
        return given


@needs("accounts.view", "programs.apply")
def apply(request: HttpRequest, number: str, program: str) -> HttpResponse:
    """What they say and show; what follows from it; then the application, the discount and the letter in one."""
    account = load_account(request, number, to="programs.apply")
    wanted, on = load_program(program), visit(request).on
    back = reverse("desk:account-programs", args=[number])
    terms = _terms(wanted, request)
    services = running(account, request)
    first = next((one for one in services if str(one.pk) == request.GET.get("agreement")), None)

    def form(*args: Any) -> ApplyForm:
        initial = {"agreement": first.pk} if first else {}
        return ApplyForm(
            *args, program=wanted, terms=terms, agreements=services, request=request, initial=initial,
        )  # fmt: skip

    def act(bound: ApplyForm) -> str:
        given, by, at = bound.cleaned_data, actor(request), visit(request).at
        said = bound.said
        kind = PAPERS.get(said.basis)
        digests = [*bound.kept, *_store(given["papers"], request)]
        files = list(StoredFile.objects.filter(pk__in=digests))
        asked = ApplicationIn(
            wanted, bound.agreements[given["agreement"]], said, Channel(given["channel"]),
            Application.Consent(given["consent"]), tuple((kind, file) for file in files) if kind else (),
        )  # fmt: skip
        return apply_for(asked=asked, on=on, by=by, at=at).number

    def check(bound: ApplyForm) -> list[Fact]:
        with unit_of_work(actor(request)):
            bound.keep()
        return _result(bound, request)

    return form_panel(
        request, title=wanted.name, form=form, act=act, check=check, submit="Apply", back=back,
        crumbs=[Crumb(number, reverse("desk:account", args=[number]))],
        done=lambda made: Done(f"Application {made} is written.", url=reverse("desk:application", args=[made])),
        refusals=(CannotApply,), alerts=_limits(terms, request),
    )  # fmt: skip


class PapersForm(Once, Form):
    papers = PapersField(label="Papers", help_text="Photos or PDFs.")


@needs("accounts.view", "programs.apply")
def add_papers(request: HttpRequest, number: str) -> HttpResponse:
    """Something more was shown; when nothing is missing any more it is decided at once."""
    found = load_application(request, number, to="programs.apply")
    here = reverse("desk:application", args=[number])
    kind = PAPERS.get(Basis(found.basis))
    if kind is None:
        raise Http404("This application needs no papers.")

    def act(form: PapersForm) -> str:
        digests = _store(form.cleaned_data["papers"], request)
        files = tuple((PaperKind(kind), file) for file in StoredFile.objects.filter(pk__in=digests))
        done = bring_papers(
            application=found, papers=files, on=visit(request).on, by=actor(request), at=visit(request).at
        )
        return f"{done.program.name}: {done.get_state_display().lower()}."

    return form_panel(
        request, title="Add papers", form=PapersForm, act=act, submit="Add them", back=here,
        crumbs=[Crumb(number, here)], done=lambda words: Done(words, url=here), refusals=(CannotApply,),
    )  # fmt: skip


class OfferForm(Once, Form):
    answer = OptionsField(
        label="What they said",
        options={each.value: Option(each.label) for each in Offer.Answer if each != Offer.Answer.APPLIED},
    )
    channel = forms.ChoiceField(label="They came by", choices=Channel.choices, initial=Channel.PHONE)


@needs("accounts.view", "programs.apply")
def offer(request: HttpRequest, number: str, program: str) -> HttpResponse:
    """They were told of it: what they said counts for the program, the channel and the person."""
    account = load_account(request, number, to="programs.apply")
    wanted, back = load_program(program), reverse("desk:account-programs", args=[number])
    agreement = _first(account, request)

    def act(form: OfferForm) -> str:
        answer = Offer.Answer(form.cleaned_data["answer"])
        saving = saving_of(agreement, wanted, on=visit(request).on)
        record_offer(
            program=wanted, agreement=agreement, channel=Channel(form.cleaned_data["channel"]), answer=answer,
            saving=saving.amount if saving else None, on=visit(request).on, by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return f"{wanted.name}: {answer.label.lower()}."

    return form_panel(
        request, title=f"{wanted.name}: their answer", form=OfferForm, act=act, submit="Write it down", back=back,
        crumbs=[Crumb(number, back)], done=Done, refusals=(CannotApply,),
    )  # fmt: skip


class DecideForm(Once, Form):
    approve = OptionsField(label="Decide", options={"yes": Option("Approve", key="a"), "no": Option("Deny", key="d")})
    why = forms.CharField(label="Why, against the terms", max_length=500, widget=forms.Textarea({"rows": 3}))


@needs("accounts.view", "programs.work")
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """A person decides; the reason is kept, and the application says that it was decided otherwise."""
    found = load_application(request, number, to="programs.work")
    here = reverse("desk:application", args=[number])

    def act(form: DecideForm) -> str:
        done = decide_otherwise(
            application=found, approve=form.cleaned_data["approve"] == "yes", why=form.cleaned_data["why"],
            on=visit(request).on, by=actor(request), at=visit(request).at,
        )  # fmt: skip
        return f"{done.program.name}: {done.get_state_display().lower()}."

    return form_panel(
        request, title="Decide otherwise", form=DecideForm, act=act, submit="Decide", back=here,
        crumbs=[Crumb(number, here)], done=lambda words: Done(words, url=here), refusals=(CannotApply,),
    )  # fmt: skip


class SureForm(Once, Form):
    """Nothing to fill in."""


@needs("accounts.view", "programs.apply")
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    found = load_application(request, number, to="programs.apply")
    here = reverse("desk:application", args=[number])

    def act(_: SureForm) -> str:
        end_application(
            application=found, state=Application.State.WITHDRAWN, on=visit(request).on, by=actor(request),
            at=visit(request).at,
        )  # fmt: skip
        return "Application withdrawn."

    return form_panel(
        request, title="Withdraw the application", form=SureForm, act=act, submit="Withdraw it", back=here,
        crumbs=[Crumb(number, here)], done=lambda words: Done(words, url=here), refusals=(CannotApply,),
    )  # fmt: skip


class EndForm(Once, Form):
    why = OptionsField(
        label="Why",
        options={each.value: Option(each.label) for each in Enrollment.Ended if each != Enrollment.Ended.MOVED},
    )
    on = DayField(label="First day without it")
    words = forms.CharField(label="Note", required=False, max_length=500, widget=forms.Textarea({"rows": 2}))


@needs("accounts.view", "programs.work")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The program ends before its day. Bills of the days after it are asked to be made again."""
    found = load_enrollment(request, pk, to="programs.work")
    back = reverse("desk:account-programs", args=[found.account.number])

    def act(form: EndForm) -> str:
        given = form.cleaned_data
        ended = leave(
            enrollment=found, why=Enrollment.Ended(given["why"]), on=given["on"], by=actor(request),
            at=visit(request).at, remark=given["words"],
        )  # fmt: skip
        return f"{found.program.name} ends: {day(ended.period.last_day)} is its last day."

    return form_panel(
        request, title=f"End {found.program.name}", submit="End it", back=back, act=act,
        form=lambda *args: EndForm(*args, initial={"on": visit(request).on}),
        crumbs=[Crumb(found.account.number, back)], done=Done, refusals=(CannotApply,),
        alerts=[Alert(Level.WATCH, "The household pays the full price from that day on", "They get a letter.")],
    )  # fmt: skip


def _result(bound: ApplyForm, request: HttpRequest) -> list[Fact]:
    """What follows from the answers, before anything is written."""
    assert bound.decision
    decision, on = bound.decision, visit(request).on
    facts = [Fact("Result", SAYS[decision.verdict]), *(Fact("Because", says) for says in decision.says)]
    if decision.period:
        until = day(decision.period.last_day, on)
        agreement = bound.agreements[bound.cleaned_data["agreement"]]
        runs = current([agreement], on=on).get((agreement.pk, bound.program.pk))
        start = runs.period.closed_end if runs else decision.period.start
        facts.append(Fact("From", f"{day(start, on)}, when what they have ends" if runs else day(start, on)))
        facts.append(Fact("Until", until))
        share, income = terms_on(bound.program, on=on).income_share, bound.said.income
        if share is not None and income is not None:
            facts.append(Fact("They pay", f"{monthly_of(yearly_of(income, share))} a month"))
    facts.append(Fact("Papers", len(bound.kept) or len(bound.cleaned_data["papers"]) or "None yet"))
    return facts


def _limits(terms: Terms, request: HttpRequest) -> list[Alert]:
    """What to compare with, before anybody asks."""
    guideline = guideline_on(on=visit(request).on)
    if not terms.income_percent:
        return []
    if guideline is None:
        return [Alert(Level.STOP, "No income table is set for today", "The supervisor sets it under Programs.")]
    limits = " · ".join(f"{people(size)} {limit_of(terms, guideline, size)}" for size in SIZES)
    return [Alert(Level.KNOW, "Income of a year, up to", limits)]


def _terms(program: Program, request: HttpRequest) -> Terms:
    try:
        return terms_on(program, on=visit(request).on)
    except CannotApply as refused:
        raise Http404(str(refused)) from refused


def _first(account: Account, request: HttpRequest) -> Agreement:
    services = running(account, request)
    if not services:
        raise Http404("No service runs on this account.")
    return services[0]


def _store(papers: Sequence[Any], request: HttpRequest) -> list[str]:
    by, at = actor(request), visit(request).at
    return [
        store_file(file.chunks(), name=file.name or "paper", media_type=kind, by=by, at=at)[0].sha256
        for file, kind in papers
    ]


def _choose(field: forms.Field, options: Sequence[tuple[str, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(options)
