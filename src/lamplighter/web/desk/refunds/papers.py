"""What leaves the house for refunds: the printed check, the positive-pay file, the ACH file, vouchers."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from lamplighter.journeys.payables import VOUCHERS
from lamplighter.journeys.paying_out import MEDIA_TYPE, address_of, payee_of, positive_pay
from lamplighter.kernel.numerals import dollars_in_words
from lamplighter.notices.queries import sender
from lamplighter.payments.models import RefundStep
from lamplighter.payments.refunds.rules import CannotRefund
from lamplighter.platform.models import StoredFile
from lamplighter.platform.queries.files import path_of
from lamplighter.web.access import needs
from lamplighter.web.desk.refunds.views import REFUNDS, load_refund
from lamplighter.web.loading import note_access
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Crumb
from lamplighter.web.visits import visit


@needs("ledger.post")
def check(request: HttpRequest, number: str) -> HttpResponseBase:
    """One check with its stub on Letter paper; the MICR line is the check stock's."""
    found = load_refund(number)
    written = found.steps.filter(act=RefundStep.Act.WRITTEN).order_by("-id").first()
    if written is None:
        raise Http404("This refund has no check.")
    shown = {
        "refund": found, "written": written, "payee": payee_of(found, written.on),
        "lines": address_of(found, written.on), "words": dollars_in_words(found.amount), "sender": sender(),
    }  # fmt: skip
    return page(
        request, title=f"Check {written.check_number}", crumbs=[REFUNDS, Crumb(f"RF-{number}", "../")],
        panels=[Panel("check", f"Check {written.check_number}", "desk/refunds/check.html", lambda: shown)],
    )  # fmt: skip


@needs("ledger.post")
def positive_pay_file(request: HttpRequest) -> HttpResponse:
    """Checks written and voided on a day (`?on=`), for the bank."""
    try:
        on = date.fromisoformat(request.GET.get("on", visit(request).on.isoformat()))
    except ValueError as wrong:
        raise Http404(str(wrong)) from wrong
    try:
        text = positive_pay(on)
    except CannotRefund as refused:
        messages.error(request, str(refused))
        return redirect(REFUNDS.url)
    sent = HttpResponse(text, content_type="text/csv; charset=utf-8")
    sent["Content-Disposition"] = f'attachment; filename="positive-pay-{on:%Y%m%d}.csv"'
    return sent


@needs("ledger.post")
def ach_file(request: HttpRequest, sha256: str) -> HttpResponse:
    """A file that was made for the bank, as it was made. Reading it is recorded: it names bank accounts."""
    return _as_made(request, sha256, MEDIA_TYPE, MEDIA_TYPE)


@needs("ledger.post")
def voucher_file(request: HttpRequest, sha256: str) -> HttpResponse:
    """A file that was made for accounts payable, as it was made. Reading it is recorded: it names people."""
    return _as_made(request, sha256, VOUCHERS, "text/csv; charset=utf-8")


def _as_made(request: HttpRequest, sha256: str, kept_as: str, sent_as: str) -> HttpResponse:
    stored = StoredFile.objects.filter(pk=sha256, media_type=kept_as).first()
    if stored is None:
        raise Http404("There is no such file.")
    note_access(request, f"file:{sha256[:16]}", "ledger.post")
    sent = HttpResponse(path_of(sha256).read_bytes(), content_type=sent_as)
    sent["Content-Disposition"] = f'attachment; filename="{stored.name}"'
    return sent
