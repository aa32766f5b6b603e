"""A supervisor watches over cash: drawers verified, a bag to the bank, its file tied to the cent, the journal."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from lamplighter.formats.x9.reader import items
from lamplighter.journeys.control import journals_hold
from lamplighter.payments.models import BankDeposit, BankLine, BankMatch, TenderControl
from lamplighter.payments.operations.banks import set_bank_account
from lamplighter.worklist.models import Item
from tests.duties.playing import fills
from tests.duties.test_csr_cash import ROSA, pay
from tests.payments.papers import bai2, tiff
from tests.web.desk.conftest import words
from tests.web.desk.town import DANA, NOW

MADE = {200, 204, 303}


def test_sup_03_a_drawer_that_no_second_person_counted_does_not_read_verified(at_desk):
    """The town's drawer of yesterday was balanced as its source balances itself."""
    renee, yesterday = at_desk("renee"), TenderControl.objects.filter(source__kind="drawer", state="balanced").first()
    assert not hasattr(yesterday, "verification")
    listed = words(renee.get("/lead/cash/?panel=drawers"))
    assert "Balanced" in listed
    assert "Verified" not in listed
    assert "Balanced without a second person." in words(renee.get(f"/lead/cash/drawers/{yesterday.pk}/tape/"))


def test_sup_03_a_drawer_is_closed_verified_carried_to_the_bank_and_tied_to_its_file(
    at_desk, number, drawer, settings, tmp_path
):
    """Dana counts blind and is $5.00 over; Renee verifies, bags and carries; a check is missing at the bank, which is
    work until she has found it; finance gets the journal."""
    settings.STATE = tmp_path
    dana, renee = at_desk("dana"), at_desk("renee")
    set_bank_account(bank="First Bay Bank", routing="121000358", number="000123456789", holder="Marisol Bay Power",
                     company="1946001234", by=DANA, at=NOW)  # fmt: skip
    assert pay(dana, number, ROSA, amount="40").status_code == 200
    assert pay(dana, number, ROSA, amount="20", tender="check", reference="1182").status_code == 200

    surprise = fills(renee, f"/lead/cash/drawers/{drawer.pk}/do/surprise/", pieces_2000=12, other_check="20")
    assert surprise.status_code in MADE
    assert fills(dana, "/desk/counter/do/turn-in/", amount="10", received_by="renee").status_code in MADE
    assert fills(dana, "/desk/counter/do/count/").status_code in MADE
    blind = words(dana.get("/desk/counter/do/count/"))
    assert "$240" not in blind
    assert "$230" not in blind
    counted = fills(dana, "/desk/counter/do/count/", pieces_2000=11, pieces_500=3, other_check="20")
    assert "$5.00 over" in words(counted)
    assert fills(dana, "/desk/counter/do/explain/", reason="Unknown").status_code in MADE
    tape = words(dana.get(f"/desk/counter/tapes/{drawer.pk}/"))
    assert "Result $5.00 over Reason: Unknown Not verified yet." in tape

    assert dana.get(f"/lead/cash/drawers/{drawer.pk}/do/verify/").status_code == 403
    for page in ("/lead/cash/", f"/lead/cash/drawers/{drawer.pk}/tape/", f"/lead/cash/drawers/{drawer.pk}/do/verify/"):
        seen = words(renee.get(page))
        assert drawer.source.name in seen
        assert not [told for told in ("$5.00 over", "$235", "Unknown", "× $20.00") if told in seen], "she counts blind"
    same = {"pieces_2000": 11, "pieces_500": 3, "other_check": "20"}
    assert fills(renee, f"/lead/cash/drawers/{drawer.pk}/do/verify/", **same).status_code in MADE
    assert TenderControl.objects.get(pk=drawer.pk).state == "balanced"
    assert "Verified by Renee Abernathy" in words(renee.get(f"/lead/cash/drawers/{drawer.pk}/tape/"))

    assert fills(renee, "/lead/cash/do/deposit/", drawers=[drawer.pk], bag="B-77").status_code in MADE
    deposit = BankDeposit.objects.get()
    slip = words(renee.get(f"/lead/cash/deposits/{deposit.number}/"))
    assert "Image cash letter" not in slip, "its check is not scanned"
    assert "11 × $20.00 $220.00" in slip
    assert "Check 1182 $20.00" in slip
    assert "Deposit $65.00" in slip
    sides = {"front": SimpleUploadedFile("f.tif", tiff()), "back": SimpleUploadedFile("b.tif", tiff())}
    scanned = fills(renee, f"/lead/cash/deposits/{deposit.number}/do/scan/", micr="T121000358T 5551U 1182", **sides)
    assert scanned.status_code in MADE, words(scanned)
    assert "Scan checks" not in (slip := words(renee.get(f"/lead/cash/deposits/{deposit.number}/")))
    assert "Image cash letter" in slip
    letter = renee.get(f"/lead/cash/deposits/{deposit.number}/letter.x937").content
    assert [(one.on_us, one.cents) for one in items(letter)] == [("5551/1182", 2000)]

    file = SimpleUploadedFile("bank.bai", bai2("000123456789", date(2026, 11, 20), [("175", 4500, "BAG B-77")]))
    assert fills(renee, "/lead/cash/do/statement/", file=file).status_code in MADE
    assert BankMatch.objects.get().difference.cents == 2000
    item = Item.objects.get(kind="payments.bank-difference")
    assert "$20.00 missing at the bank" in item.summary
    assert "BAG B-77" in words(renee.get("/lead/cash/differences/"))
    line = BankLine.objects.get()
    settled = fills(renee, f"/lead/cash/lines/{line.pk}/do/settle/", code="bank-transit", remark="Found")
    assert settled.status_code in MADE
    item.refresh_from_db()
    assert item.state == "done"
    assert "Everything ties to the cent." in words(renee.get("/lead/cash/differences/"))

    sent = renee.get("/lead/cash/journal/?start=2026-11-20&end=2026-11-20&export=csv")
    journal = b"".join(sent.streaming_content).decode()
    assert "131.01,Cash in bank,electric,45.00" in journal
    assert renee.get("/lead/cash/watch/").status_code == 200
    assert renee.get("/lead/cash/").status_code == 200
    assert journals_hold().differences == ()
