"""A bill by the link in its email, in the language of that email. Nobody signs in; nothing of anybody is shown before
they say a fact they know."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lamplighter.accounts.models import Account
from lamplighter.accounts.queries import profile
from lamplighter.accounts.standing.operations import set_dispatch
from lamplighter.billing.linking import Standing
from lamplighter.billing.models import BillLink
from lamplighter.billing.operations.archiving import PDF, archive
from lamplighter.billing.operations.linking import try_fact
from lamplighter.billing.queries.linking import asked_of, last_four, link_of, standing_of
from lamplighter.billing.queries.reading import view
from lamplighter.billing.queries.reading_names import names_in
from lamplighter.billing.rules import Fact
from lamplighter.journeys.carding import link_to_pay
from lamplighter.kernel.actors import system
from lamplighter.kernel.money import total
from lamplighter.notices.queries.pages import PageWords, page_words
from lamplighter.notices.rules.fields import Value
from lamplighter.payments.autopay.queries import autopay_of
from lamplighter.payments.operations.charging import token_of
from lamplighter.payments.queries import owed_by
from lamplighter.payments.rules import CannotTake
from lamplighter.platform.queries.files import path_of
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.access import public
from lamplighter.web.ebill.guarding import PAGE, closed, guarded, is_in, let_in
from lamplighter.web.ebill.naming import line_named, schedule_named
from lamplighter.web.ui.forms import Form
from lamplighter.web.ui.wording import clock
from lamplighter.web.visits import visit

PUBLIC = system("public")
ASKED = {Fact.ZIP: ("zip", "zip_help"), Fact.ACCOUNT: ("account_end", "account_help")}
"""The words of the page that ask for each fact, and those that help."""


class FactForm(Form):
    said = forms.CharField(max_length=12, widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}))

    def __init__(self, *args: Any, fact: Fact, words: PageWords) -> None:
        super().__init__(*args)
        said, say = self.fields["said"], words.say()
        said.label, said.help_text = (say[name] for name in ASKED[fact])
        said.error_messages["required"] = say["needed"]
        self.error_word = say.get("error", "")


@public
@guarded
def show(request: HttpRequest, token: str) -> HttpResponseBase:
    """The fact, then the bill. Opening it is nobody's act: mail programs open links."""
    link = _load(token)
    if (shut := _shut(request, link)) is not None:
        return shut
    if is_in(request, link):
        shown = what_is_shown(request, link) | {"token": token}
        return render(request, "ebill/bill.html", shown)
    words = words_for(link)
    form = FactForm(request.POST or None, fact=asked_of([link.bill])[link.bill_id].fact, words=words)
    if request.method != "POST":
        return _ask(request, form, words)
    return _answered(request, link, form, words)


@public
@guarded
def pdf(request: HttpRequest, token: str) -> HttpResponseBase:
    """The bill as it is archived."""
    link = _load(token)
    if (out := _out(request, link, token)) is not None:
        return out
    with unit_of_work(PUBLIC):
        kept = archive(bill=link.bill, by=PUBLIC, at=visit(request).at).document
    name = f"bill-{link.bill.number}.pdf"
    return FileResponse(path_of(kept.file_id).open("rb"), content_type=PDF, filename=name)


@public
@require_POST
@guarded
def pay(request: HttpRequest, token: str) -> HttpResponseBase:
    """On to the page of a link to pay what is owed now."""
    link, seen = _load(token), visit(request)
    if (out := _out(request, link, token)) is not None:
        return out
    try:
        with unit_of_work(PUBLIC):
            made = link_to_pay(account=link.bill.account, on=seen.on, by=PUBLIC, at=seen.at)
    except CannotTake:  # it was paid meanwhile: the page says so
        return HttpResponseRedirect(reverse("ebill:linked-bill", args=[token]), status=303)
    return HttpResponseRedirect(reverse("pay:link", args=[token_of(made)]), status=303)


@public
@require_POST
@guarded
def paper(request: HttpRequest, token: str) -> HttpResponseBase:
    """Bills come on paper again from the next one on. The email goes on where they had both."""
    link = _load(token)
    if (out := _out(request, link, token)) is not None:
        return out
    account = link.bill.account
    if _theirs(link, request) and account.dispatch == Account.Dispatch.EMAIL:
        with unit_of_work(PUBLIC):
            set_dispatch(account=account, dispatch=Account.Dispatch.PAPER, by=PUBLIC, at=visit(request).at)
    return HttpResponseRedirect(reverse("ebill:linked-bill", args=[token]), status=303)


def what_is_shown(request: HttpRequest, link: BillLink) -> dict[str, Any]:
    """What the page says of a bill, to whoever looks at it. The service address stands on its paper alone."""
    shown, account, words = view(link.bill), link.bill.account, words_for(link)
    theirs = _theirs(link, request)
    gone = [one for one in shown.segments if one.cancelled_on]
    owed = total(debt.amount for debt in owed_by(account)) if theirs else None
    values: dict[str, Value] = {
        "due": shown.due_on, "number": shown.number, "issued": shown.issued_on, "last_four": last_four(account.number),
    }  # fmt: skip
    say = words.say(values if owed is None else values | {"owed": owed})
    used = [words.say({"first": one.period.start, "last": one.period.last_day})["used"] for one in shown.segments]
    names = names_in(words.language)
    named = [schedule_named(one, names) for one in shown.segments]
    lines = [[line_named(line, names) for line in one.lines] for one in shown.segments]
    return {
        "title": say["subject"], "say": say, "page_language": words.language, "bill": shown, "owed": owed,
        "segments": list(zip(shown.segments, used, named, lines, strict=True)), "cards": bool(settings.CARDS),
        "corrected": bool(gone) and len(gone) == len(shown.segments),
        "autopay": theirs and autopay_of(account) is not None, "dispatch": account.dispatch if theirs else "",
    }  # fmt: skip


def words_for(link: BillLink) -> PageWords:
    """As the customer is written to: also where the email itself had to go in English."""
    return page_words(PAGE, link.notice.wanted_language)


def _theirs(link: BillLink, request: HttpRequest) -> bool:
    """Whether the customer of the bill still is the customer of the account: what it owes now is theirs to know."""
    account = link.bill.account
    then, now = profile(account, on=link.bill.issued_on).customer, profile(account, on=visit(request).on).customer
    return now is not None and then == now


def _load(token: str) -> BillLink:
    link = link_of(token)
    if link is None:
        raise Http404("This link is not known. Call us instead.")
    return link


def _shut(request: HttpRequest, link: BillLink) -> HttpResponse | None:
    """The page that says why the link shows nothing any more, or just now."""
    seen = visit(request)
    if link.revoked_at is not None:
        return closed(request, "revoked", status=410, words=words_for(link))
    if seen.on > link.until:
        return closed(request, "old", status=410, words=words_for(link), until=link.until)
    if is_in(request, link):
        return None
    return _locked(request, link, standing_of(link, at=seen.at))


def _locked(request: HttpRequest, link: BillLink, standing: Standing) -> HttpResponse | None:
    if standing.over:
        return closed(request, "over", status=410, words=words_for(link))
    if standing.locked_until is None:
        return None
    response = closed(request, "locked", status=429, words=words_for(link), again=clock(standing.locked_until))
    response["Retry-After"] = str(int((standing.locked_until - visit(request).at).total_seconds()) + 1)
    return response


def _out(request: HttpRequest, link: BillLink, token: str) -> HttpResponse | None:
    """Where to go who has not said the fact in this browser."""
    if (shut := _shut(request, link)) is not None:
        return shut
    if is_in(request, link):
        return None
    return HttpResponseRedirect(reverse("ebill:linked-bill", args=[token]), status=303)


def _ask(request: HttpRequest, form: FactForm, words: PageWords, *, status: int = 200) -> HttpResponse:
    say = words.say()
    shown = {
        "title": say["subject"], "say": say, "page_language": words.language, "form": form, "has_errors": status == 422,
    }  # fmt: skip
    return render(request, "ebill/ask.html", shown, status=status)


def _answered(request: HttpRequest, link: BillLink, form: FactForm, words: PageWords) -> HttpResponse:
    """On to the bill; or how many tries are left."""
    if not form.is_valid():
        return _ask(request, form, words, status=422)
    with unit_of_work(PUBLIC):
        right, after = try_fact(link=link, said=form.cleaned_data["said"], by=PUBLIC, at=visit(request).at)
    if right:
        response = HttpResponseRedirect(request.path, status=303)
        let_in(response, link, request.path)
        return response
    if (shut := _locked(request, link, after)) is not None:
        return shut
    form.add_error("said", words.say({"left": after.left})["wrong"])
    return _ask(request, form, words, status=422)
