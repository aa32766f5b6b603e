"""A confidential address: in no page, list, file or paper for who lacks the permission; told with a reason, kept."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client

from lamplighter.accounts.models import Agreement
from lamplighter.billing.models import Bill
from lamplighter.billing.queries.reading import addresses
from lamplighter.customers.models import AddressProtection, MailingAddress
from lamplighter.customers.operations import set_mailing_address
from lamplighter.customers.rules import CannotRecord
from lamplighter.journeys.moving import stop_service
from lamplighter.journeys.protecting import CannotProtect, keep_sealed, protect
from lamplighter.kernel.actors import staff
from lamplighter.kernel.periods import Period
from lamplighter.notices.models import Notice
from lamplighter.platform.models import AccessRecord, Event
from lamplighter.premises.models import Premise, SealedAddress
from lamplighter.premises.operations import CannotAdd, add_premise
from tests.web.filling import fills

from .conftest import words
from .town import NOW, TODAY

HOA, STREET, UNIT = "Thi Hoa Nguyen", "1418 Pacific Ave", "Apt B"
BOX = "P.O. Box 846\nSacramento, CA 95812"
RENEE = staff("renee")
SAID = {"program": "safe-at-home", "evidence": "Participant card 10482", "until": "2029-06-30", "substitute": BOX}
DEPTH = 2


def says(client: Client, url: str, **sent):
    key = client.get(url).context["form"]["request_key"].value()
    return client.post(url, {"request_key": key, **sent}, follow=True)


@pytest.fixture
def hers(town):
    return town.homes[HOA]


@pytest.fixture
def sealed(town, at_desk, hers):
    """Renee protects Thi Hoa's address, who showed her card."""
    answer = says(at_desk("renee"), f"/desk/accounts/{hers.account.number}/do/protect-address/", **SAID)
    assert "confidential from now on" in words(answer)
    return Premise.objects.get(service_points=hers.point)


def walked(client: Client, most: int, *starts: str) -> dict[str, str]:
    """Every page that links lead to from here, and their CSVs: what they say, by address."""
    found: dict[str, str] = {}
    ahead = [(url, 0) for url in starts]
    while ahead and len(found) < most:
        url, deep = ahead.pop(0)
        if url in found:
            continue
        answer = client.get(url)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code in {200, 403}, url
        found[url] = body.decode(errors="replace")
        if answer.status_code != 200 or deep == DEPTH:
            continue
        for raw in re.findall(r'(?:href|hx-get)="(/desk/[^"#]*)"', found[url]):
            there = raw.replace("&amp;", "&")
            if "/hannah/" not in there:
                ahead.append((there, deep + 1))
    return found


def test_whoever_lacks_the_permission_walks_pages_lists_and_files_and_never_meets_the_address(dana, at_desk, hers):
    account = f"/desk/accounts/{hers.account.number}/"
    place = Premise.objects.get(service_points=hers.point).number
    starts = (
        account, f"/desk/premises/{place}/", "/desk/find/?q=1418+pac", "/desk/find/?q=hoa+ngu", "/desk/accounts/?q=hoa",
        "/desk/orders/?export=csv", "/desk/letters/all/?export=csv", f"{account}do/start/", f"{account}do/contact/",
        f"{account}do/verify/", f"{account}do/order/", f"{account}do/more/", f"{account}history/",
    )  # fmt: skip
    open_to_all = walked(dana, 16, *starts)
    assert len([url for url in open_to_all if STREET in open_to_all[url]]) >= 8, "the walk finds what there is"
    assert "confidential from now on" in words(says(at_desk("renee"), f"{account}do/protect-address/", **SAID))
    for who, most in (("audrey", 14), ("dana", 34)):
        pages = walked(at_desk(who), most, *starts)
        assert not [url for url in pages if re.search("1418 pacific", pages[url], re.IGNORECASE)], who
    assert f"Confidential place {place}" in pages[account]


def test_papers_go_to_the_substitute_address_and_what_went_before_is_not_told(dana, at_desk, hers, town):
    account = f"/desk/accounts/{hers.account.number}/"
    person = hers.account.roles.get(role="main").person
    set_mailing_address(person=person, lines="77 Former St\nMarisol Bay CA 94501", period=Period(date(2026, 1, 1)),
                        by=RENEE, at=NOW)  # fmt: skip
    bill = Bill.objects.filter(account=hers.account).latest("pk")
    assert "77 Former St" in addresses([bill])[bill.pk]
    says(at_desk("renee"), f"{account}do/protect-address/", **SAID)
    assert "77 Former St" not in addresses([bill])[bill.pk]
    assert addresses([bill], on=TODAY)[bill.pk][1:] == tuple(BOX.splitlines())
    assert STREET not in words(dana.get(f"{account}bills/{bill.number}/"))
    assert MailingAddress.objects.get(person=person, period__contains=TODAY).lines == BOX
    with pytest.raises(CannotRecord, match="substitute address"):
        set_mailing_address(person=person, lines="1 New St\nMarisol Bay CA", period=Period(TODAY), by=RENEE, at=NOW)
    row = MailingAddress.objects.filter(person=person).earliest("pk")
    past = words(at_desk("admin").get(f"/admin-desk/audit/rows/customers_mailingaddress/{row.pk}/"))
    assert "address, not shown" in past
    assert "77 Former St" not in past


def test_letters_that_were_written_before_need_the_permission_and_who_reads_one_is_kept(dana, at_desk, hers, sealed):
    old = Notice.objects.filter(account=hers.account.pk).latest("pk")
    for url in (f"/desk/letters/{old.pk}/", f"/desk/letters/{old.pk}/paper/"):
        refused = dana.get(url)
        assert (refused.status_code, "became confidential" in words(refused)) == (403, True)
        assert "Customer services supervisor" in words(refused)
        assert at_desk("renee").get(url).status_code == 200
    assert AccessRecord.objects.filter(subject=old.key, permission="addresses.protect", actor="staff:renee").exists()


def test_a_supervisor_sees_it_with_a_reason_and_every_view_is_kept(dana, at_desk, hers, sealed):
    renee, url = at_desk("renee"), f"/desk/premises/{sealed.number}/do/show-address/"
    assert dana.get(url).status_code == 403
    assert STREET not in words(renee.get(url))
    assert renee.post(url, {"reason": ""}).status_code == 422
    assert not Event.objects.filter(name="premises.address.told").exists()
    shown = renee.post(url, {"reason": "The fire department asks"})
    assert f"{STREET} {UNIT}" in words(shown)
    assert shown["Cache-Control"] == "no-store"
    kept = Event.objects.get(name="premises.address.told")
    assert (kept.actor.key, kept.account, kept.remark.words) == (
        "renee", hers.account.pk, "The fire department asks",
    )  # fmt: skip
    assert AccessRecord.objects.filter(subject=f"premise:{sealed.number}", permission="addresses.protect").exists()
    told = words(renee.get("/desk/confidential/told/"))
    assert "Renee Abernathy" in told
    assert "The fire department asks" in told
    assert "Participant card 10482" in words(renee.get("/desk/confidential/"))
    assert "Confidential address seen" in words(dana.get(f"/desk/accounts/{hers.account.number}/"))


def test_the_protection_ends_with_evidence_and_the_address_is_back_as_it_was(dana, at_desk, hers, sealed):
    url = f"/desk/accounts/{hers.account.number}/do/open-address/"
    assert "Address confidential" in words(dana.get(f"/desk/accounts/{hers.account.number}/"))
    assert dana.get(url).status_code == 403
    assert "Say what was shown" not in words(says(at_desk("renee"), url, evidence="Letter of the program, Nov 18"))
    place = Premise.objects.get(pk=sealed.pk)
    assert (place.street, place.unit) == (STREET, UNIT)
    assert STREET in words(dana.get(f"/desk/accounts/{hers.account.number}/"))
    ended = AddressProtection.objects.get()
    assert (ended.ended_on, ended.end_evidence) == (TODAY, "Letter of the program, Nov 18")
    assert "is not protected" in words(says(at_desk("renee"), url, evidence="Again"))


def test_nobody_finds_out_by_adding_the_address_again(sealed):
    with pytest.raises(CannotAdd) as why:
        add_premise(street="1418  PACIFIC ave", unit="apt b", city="Marisol Bay", state="CA", postcode=sealed.postcode,
                    jurisdiction=sealed.jurisdiction, by=RENEE, at=NOW)  # fmt: skip
    assert str(why.value) == "This address can't be added here. Ask a supervisor."


def test_who_moves_is_not_given_away_by_the_letters_of_the_move(dana, hers, sealed):
    moved = fills(dana, f"/desk/accounts/{hers.account.number}/do/move/", place="600 Willow St Apt 2",
                  evidence="Lease", starts="2026-11-24", stops="2026-11-24")  # fmt: skip
    assert moved.status_code in {200, 204}, words(moved)
    new = Agreement.objects.filter(account=hers.account, kind="energy").latest("pk").premise
    assert new.street == f"Confidential place {new.number}"
    written = Notice.objects.filter(account=hers.account.pk, composed_at=NOW).select_related("words")
    codes = {one.template.code for one in written}
    assert {"letter-service-started", "letter-service-stopped"} <= codes
    for one in written:
        told = f"{one.words.address} {[text for sheet in one.words.read for _, text in sheet.blocks]}"
        assert "Willow" not in told
        assert "Pacific" not in told
    stopped = next(one for one in written if one.template.code == "letter-service-stopped")
    assert "P.O. Box 846, Sacramento, CA 95812" in stopped.words.read[0].body
    assert SealedAddress.objects.count() == 2, "the old place too, until the day"


def test_the_place_is_opened_when_they_have_left_it_and_not_a_day_before(hers, sealed):
    stop_service(agreement=hers.agreement, on=TODAY + timedelta(days=5), by=RENEE, at=NOW)
    assert keep_sealed(on=TODAY, by=RENEE, at=NOW) == 0
    assert keep_sealed(on=TODAY + timedelta(days=4), by=RENEE, at=NOW) == 0
    assert keep_sealed(on=TODAY + timedelta(days=5), by=RENEE, at=NOW) == 1
    assert not SealedAddress.objects.exists()
    assert Premise.objects.get(pk=sealed.pk).street == STREET


def test_letters_to_others_at_the_same_place_never_go_to_a_cover(town, hers):
    shared = Agreement.objects.get(pk=town.homes["Rosa Maldonado"].agreement.pk)
    shared.premise = hers.agreement.premise
    shared.save(update_fields=["premise"])
    given = {**SAID, "until": date(2029, 6, 30)}
    with pytest.raises(CannotProtect, match=town.homes["Rosa Maldonado"].account.number):
        protect(account=hers.account, **given, on=TODAY, by=RENEE, at=NOW)


@pytest.mark.parametrize(("wrong", "says_so"), [
    ({"evidence": " "}, "Say what was shown"), ({"substitute": "P.O. Box 846"}, "at least two lines"),
    ({"until": TODAY}, "has run out"),
])  # fmt: skip
def test_what_is_missing_or_has_run_out_protects_nothing(hers, wrong, says_so):
    given = {**SAID, "until": date(2029, 6, 30), **wrong}
    with pytest.raises(CannotRecord, match=says_so):
        protect(account=hers.account, **given, on=TODAY, by=RENEE, at=NOW)


def test_at_rest_the_address_stands_nowhere_in_the_places(sealed):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM premises_premise p, premises_sealedaddress s "
                       "WHERE (to_jsonb(p)::text || to_jsonb(s)::text) ILIKE '%pacific%'")  # fmt: skip
        assert cursor.fetchone() == (0,)
