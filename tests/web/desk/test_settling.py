"""Finance settles with departments of the city: codes are named, one asks, another approves, the statement goes out."""

from __future__ import annotations

from lamplighter.ledger.models import Settlement
from lamplighter.platform.models import Approval
from tests.web.conftest import make_person
from tests.web.filling import fills

from .conftest import words

HERE = "/desk/books/departments/"


def test_finance_settles_the_users_tax_with_the_city(at_desk):
    make_person("ida", "Ida Lund", "accountant")  # who posts journals and adopts nothing
    omar, ida = at_desk("omar"), at_desk("ida")
    assert "City departments" in words(omar.get("/desk/books/"))
    assert "No code is a department" in words(omar.get(HERE))
    given = {"code": "users-tax", "department": "General fund", "theirs": "001-3110", "starts_on": "2025-09-01"}
    assert fills(omar, f"{HERE}do/code/", **given, citation="Budget 2026").status_code in {200, 204, 303}
    shown = words(omar.get(HERE))
    assert "General fund" in shown
    assert "never" in shown
    due = omar.get(f"{HERE}due/?department=General+fund&through=2026-10-31")
    assert "Utility users tax collected" in words(due)
    csv = omar.get(f"{HERE}due/?department=General+fund&through=2026-10-31&export=csv")
    assert b"001-3110" in b"".join(csv.streaming_content)
    assert omar.get(f"{HERE}due/?department=Nobody").status_code == 404
    assert fills(omar, f"{HERE}do/settle/", department="General fund", through="2026-10-31").status_code in {
        200, 204, 303,
    }  # fmt: skip
    asked = Approval.objects.get(kind="ledger.settlement")
    assert not Settlement.objects.exists()
    refused = fills(omar, f"/lead/approvals/{asked.pk}/", decision="yes", remark="")
    assert "Nobody approves their own request" in words(refused)
    assert "Approvals 1 Open" in words(ida.get("/desk/")), "her day begins with what waits for her"
    assert "Approvals 1 Open" in words(omar.get("/desk/")), "a rate waits for him; his own request does not"
    shown = words(ida.get(f"/lead/approvals/{asked.pk}/"))
    assert "Utility users tax collected" in shown
    assert "Read the statement" in shown
    assert "City's pooled cash" in shown
    fills(ida, f"/lead/approvals/{asked.pk}/", decision="yes", remark="")
    made = Settlement.objects.get()
    page = words(omar.get(f"/desk/books/settlements/{made.pk}/"))
    assert "asked by Omar Haddad, approved by Ida Lund" in page
    assert str(made.amount) in page
    fills(omar, f"/desk/books/settlements/{made.pk}/do/back/", remark="Another sum")
    back = f"/lead/approvals/{Approval.objects.latest('pk').pk}/"
    assert "Owed again" in words(ida.get(back))
    fills(ida, back, decision="yes", remark="")
    assert "takes it back" in words(omar.get(f"/desk/books/settlements/{made.pk}/"))
    assert at_desk("dana").get(HERE).status_code == 403
    assert at_desk("dana").get(f"/desk/books/settlements/{made.pk}/").status_code == 403
