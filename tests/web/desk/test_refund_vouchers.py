"""Finance says that the city pays refunds; a credit goes out as a voucher, is handed over, and its answer is read."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from lamplighter.kernel.money import Money
from lamplighter.payments.models import Refund
from lamplighter.payments.refunds.queries import refundable, standing_of
from tests.web.filling import fills

from .conftest import account_of, words
from .town import NOW

REFUNDS = "/desk/refunds/"


def city_pays(omar):
    said = fills(omar, f"{REFUNDS}do/way/", way="payables", citation="Agreement with the city, 2026")
    assert "refunds are paid by the city's accounts payable" in words(omar.get(said.headers["HX-Redirect"]))


def reads(omar, lines):
    file = SimpleUploadedFile("paid.csv", "\n".join(lines).encode())
    return fills(omar, f"{REFUNDS}do/answer/", file=file)


def test_a_refund_goes_out_as_a_voucher_and_comes_back_paid_or_refused(dana, at_desk, number):
    omar, jun = at_desk("omar"), number("Jun Park")
    city_pays(omar)
    form = f"/desk/accounts/{jun}/do/refund/"
    opened = words(dana.get(form))
    assert "By the city's accounts payable" in opened
    assert "Routing number" not in opened
    for _ in range(2):
        assert fills(dana, form, amount="40", remark="Paid twice").status_code == 204
    first, second = Refund.objects.order_by("id")
    before = refundable(account_of(jun))
    assert "Vouchers to hand over 2" in words(omar.get(REFUNDS))
    assert "2 refunds for accounts payable Together $80.00" in words(omar.get(f"{REFUNDS}do/hand-over/"))
    fills(omar, f"{REFUNDS}do/hand-over/")
    assert "With accounts payable $80.00 2 vouchers" in words(omar.get(REFUNDS))
    file = omar.get(f"{REFUNDS}vouchers/{first.steps.get().file}.csv")
    assert file.content.decode().splitlines()[-1] == "T,2,80.00"
    assert f'filename="refund-vouchers-{NOW:%Y%m%d}-{first}.csv"' in file["Content-Disposition"]

    broken = reads(omar, [f"P,{first},{NOW:%Y-%m-%d},40.00,88123", "T,2,80.00"])
    assert broken.status_code == 422
    assert "2 lines of 80.00 in all are announced, 1 of 40.00 are there" in words(broken)
    reads(omar, [f"P,{first},{NOW:%Y-%m-%d},40.00,88123", f"R,{second},{NOW:%Y-%m-%d},40.00,No W-9", "T,2,80.00"])
    assert [standing_of(first), standing_of(second)] == ["paid", "refused"]
    shown = words(omar.get(f"{REFUNDS}{first.number}/"))
    assert "Paid by accounts payable" in shown
    assert "The city's check 88123" in shown
    assert refundable(account_of(jun)) == before + Money(4000)
    told = words(dana.get(f"/desk/accounts/{jun}/"))
    assert "$40.00 paid by the city's check 88123" in told
    assert "$40.00 refused by accounts payable, back on the account" in told


def test_a_representative_neither_says_who_pays_nor_fetches_a_file(dana):
    for page in ("do/way/", "do/hand-over/", "do/answer/", f"vouchers/{'0' * 64}.csv"):
        assert dana.get(REFUNDS + page).status_code == 403, page
