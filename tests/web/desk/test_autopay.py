"""AutoPay through the pages: set up and stopped in the call, drawn and returned by finance."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from lamplighter.formats.nacha.checker import faults
from lamplighter.payments.models import Autopay, BankAccount, Draft, DraftFile, DraftStep
from tests.formats.ach_strict import wrong
from tests.payments.clearing_house import Back, sent_back

from .conftest import words
from .returned_drafts import came_back

GWEN = "Gwen Pruitt"
BANK = {"holder": "Gwen Pruitt", "kind": "checking", "routing": "121000358", "number": "0012344411",
        "again": "0012344411", "first": "this", "consent": "recorded"}  # fmt: skip


def sets_up(client, number, **changed):
    """The two steps of the form: what is to be read aloud, then yes."""
    url = f"/desk/accounts/{number}/do/autopay/"
    sent = {"request_key": client.get(url).context["form"]["request_key"].value(), **BANK, **changed}
    read = client.post(url, sent)
    if read.status_code != 200:
        return read, None
    digest = read.context["form"].data["digest"]
    return read, client.post(url, {**sent, "digest": digest, "confirmed": "1"})


def acts(client, url, **sent):
    key = client.get(url).context["form"]["request_key"].value()
    return client.post(url, {"request_key": key, **sent}, follow=True)


def test_the_words_are_read_aloud_and_kept(dana, number):
    read, done = sets_up(dana, number(GWEN))
    said = words(read)
    assert "Read this aloud" in said
    assert "You authorize Marisol Bay Power to draw" in said
    assert done.status_code == 303
    kept = Autopay.objects.get()
    assert kept.words in said
    assert "0012344411" not in kept.sealed
    panel = words(dana.get(f"/desk/accounts/{number(GWEN)}/?panel=paid", headers={"HX-Request": "true"}))
    assert "Checking …4411" in panel


def test_what_can_not_be_is_said_at_the_form(dana, number):
    assert "wrong" in words(sets_up(dana, number(GWEN), routing="121000359")[0])
    assert "two account numbers differ" in words(sets_up(dana, number(GWEN), again="0012344412")[0])
    sets_up(dana, number(GWEN))
    assert "This account has AutoPay" in words(dana.get(f"/desk/accounts/{number(GWEN)}/do/autopay/"))


def test_it_stops_at_once_and_the_timeline_says_so(dana, number):
    sets_up(dana, number(GWEN))
    done = acts(dana, f"/desk/accounts/{number(GWEN)}/do/stop-autopay/", why="They asked")
    assert "AutoPay is off from now on." in words(done)
    told = words(dana.get(f"/desk/accounts/{number(GWEN)}/"))
    assert "AutoPay stopped: They asked" in told


def test_finance_draws_what_is_due_and_reads_what_comes_back(at_desk, dana, number, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    BankAccount.objects.update_or_create(
        id=1, defaults={"bank": "Bay Federal", "routing": "121000358", "number": "4410027",
                        "holder": "Marisol Bay Power", "company": "1941234567"}
    )  # fmt: skip
    omar = at_desk("omar")
    sets_up(dana, number("Thi Hoa Nguyen"), prenote="on", consent="signed")
    listed = words(omar.get("/desk/autopay/"))
    assert "Accounts with AutoPay" in listed
    assert "limit 0.5%" in listed
    assert "The file is made" in words(acts(omar, "/desk/autopay/do/send/"))
    made = DraftFile.objects.get()
    data = omar.get(f"/desk/refunds/files/{made.file}.ach").content
    assert wrong(data) == faults(data) == []
    step = DraftStep.objects.get(act="sent")
    back = SimpleUploadedFile("r.ach", sent_back(Back(step.trace, "R03")))
    assert "1 returned" in words(acts(omar, "/desk/autopay/do/returns/", file=back))
    assert Autopay.objects.get().why_ended == "R03, no account found"
    draft = Draft.objects.get(bill="")
    shown = words(omar.get(f"/desk/autopay/{draft.pk}/"))
    assert "Returned" in shown
    assert "no account found" in shown
    broken = SimpleUploadedFile("r.ach", sent_back(Back(step.trace, "R03"), spoil=True))
    assert "Ask the bank to send the file again" in words(acts(omar, "/desk/autopay/do/returns/", file=broken))


def test_a_representative_makes_no_files_and_finance_sets_nobody_up(dana, at_desk, number):
    assert dana.get("/desk/autopay/do/send/").status_code == 403
    assert at_desk("omar").get(f"/desk/accounts/{number(GWEN)}/do/autopay/").status_code == 403


def test_a_draft_that_was_not_as_authorized_is_corrected_once(dana, number):
    draft = came_back(number("Thi Hoa Nguyen"), "R11")
    page = words(dana.get(f"/desk/autopay/{draft.pk}/"))
    assert "Correct it" in page
    assert "within 60 days" in page
    url = f"/desk/autopay/{draft.pk}/do/correct/"
    said = {"amount": "20", "draw_on": "2026-12-07", "remark": "Last month's bill was drawn twice."}
    assert "Drawn instead $20.00" in words(acts(dana, url, **said))
    assert "is owed. Nothing above it is drawn." in words(acts(dana, url, **said | {"amount": "9000"}, confirmed="1"))
    assert "$20.00 is drawn on" in words(acts(dana, url, **said, confirmed="1"))
    made = Draft.objects.get(corrects=draft)
    shown = words(dana.get(f"/desk/autopay/{draft.pk}/"))
    assert "Corrected by" in shown
    assert "Correct it" not in shown
    assert "corrected already" in words(dana.get(url))
    assert "Do not draw it" in words(dana.get(f"/desk/autopay/{made.pk}/"))
    assert "is not drawn" in words(acts(dana, f"/desk/autopay/{made.pk}/do/call-off/", why="They will pay by check"))
    told = words(dana.get(f"/desk/accounts/{number('Thi Hoa Nguyen')}/"))
    assert "Corrected: $20.00 in place of" in told


def test_only_who_takes_payments_corrects_a_draft(at_desk, number):
    draft = came_back(number("Thi Hoa Nguyen"), "R11")
    omar = at_desk("omar")
    assert "Correct it" not in words(omar.get(f"/desk/autopay/{draft.pk}/"))
    assert omar.get(f"/desk/autopay/{draft.pk}/do/correct/").status_code == 403
