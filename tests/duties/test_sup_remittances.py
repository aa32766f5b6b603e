"""A supervisor takes a pay station's file: its layout reads it, what waits is settled, twice pays once."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from lamplighter.accounts.models import Account
from lamplighter.journeys.control import controls
from lamplighter.kernel.money import Money, total
from lamplighter.payments.models import PaymentEvent, RemittedLine, SourceLayout
from lamplighter.payments.queries import owed_by
from lamplighter.town.remittances import Said, pay_stations
from lamplighter.worklist.models import Item
from tests.duties.playing import fills
from tests.web.desk.conftest import words
from tests.web.desk.town import TODAY

HOA, ROSA = "Thi Hoa Nguyen", "Rosa Maldonado"
HERE, LAYOUTS = "/lead/cash/remittances/", "/admin-desk/rules/layouts/"
MADE = {200, 204, 303}


def owed(number: str) -> Money:
    return total(debt.amount for debt in owed_by(Account.objects.get(number=number)))


def test_sup_03_a_pay_stations_file_is_taken_by_its_layout_and_what_waits_is_settled(
    at_desk, number, settings, tmp_path
):
    """Three payments, one for an account that nobody has: two are posted, the third waits with its money until Renee
    has found whose it is. The same file again pays nothing."""
    settings.STATE = tmp_path
    ada, renee, dana = at_desk("admin"), at_desk("renee"), at_desk("dana")
    assert "No layout is set" in words(renee.get(f"{HERE}do/take/"))
    given = {"source": "new-pay-station", "name": "QuickStop", "shipped": "quickstop.toml", "citation": "Guide 3.1"}
    unnamed = fills(ada, f"{LAYOUTS}do/set/", **given | {"name": " "}, start="2026-01-01")
    assert "Give the new sender a name" in words(unnamed)
    unwritten = fills(ada, f"{LAYOUTS}do/set/", **given | {"shipped": "own"}, start="2026-01-01")
    assert "Write the layout, or choose one" in words(unwritten)
    assert fills(ada, f"{LAYOUTS}do/set/", **given, start="2026-01-01").status_code in MADE
    layout = SourceLayout.objects.get()
    assert "QuickStop" in words(ada.get(LAYOUTS))
    assert "%m/%d/%Y" in words(ada.get(f"{LAYOUTS}{layout.pk}/"))
    assert renee.get(LAYOUTS).status_code == 403

    before = owed(number(HOA))
    some = [Said(number(HOA), Money(1500)), Said(number(ROSA), Money(700)), Said("999999-9", Money(900), "Q-3")]
    data = pay_stations(some, on=TODAY, number="Q-77")
    assert dana.get(HERE).status_code == 403
    cut = fills(renee, f"{HERE}do/take/", source="quickstop", file=SimpleUploadedFile("q.csv", data[:-20]))
    assert "Nothing of it was taken" in words(cut)
    sent = fills(renee, f"{HERE}do/take/", source="quickstop", file=SimpleUploadedFile("q.csv", data))
    assert sent.status_code in MADE
    line = RemittedLine.objects.get(event=None)
    page = words(renee.get(f"{HERE}{line.remittance_id}/"))
    assert "There is no account 999999-9" in page
    assert "$31.00, as its totals say" in page
    assert "Still waiting $9.00" in page
    assert owed(number(HOA)) == before - Money(1500)
    again = fills(renee, f"{HERE}do/take/", source="quickstop", file=SimpleUploadedFile("q2.csv", data))
    assert "This file was taken on" in words(again)

    item = Item.objects.get(kind="payments.unapplied", ended_at=None)
    assert f"/lead/cash/remittances/lines/{line.pk}/do/settle/" in renee.get(f"/desk/work/{item.pk}/").content.decode()
    settle = f"{HERE}lines/{line.pk}/do/settle/"
    wrong = fills(renee, settle, way="applied", account="111111-1")
    assert "There is no such account" in words(wrong)
    assert fills(renee, settle, way="applied", account=number(HOA)).status_code in MADE
    assert owed(number(HOA)) == before - Money(2400)
    assert PaymentEvent.objects.filter(unapplied_step__line=line).exists()
    assert "Applied" in words(renee.get(f"{HERE}{line.remittance_id}/"))
    assert "waits no more" in words(fills(renee, settle, way="sent-back", remark="Told them"))
    assert "QuickStop" in words(renee.get(HERE))
    assert not [one for one in controls() if one.differences]
