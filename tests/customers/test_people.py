"""Names, numbers and addresses of people; identity numbers stay sealed."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from lamplighter.customers import operations, rules
from lamplighter.customers.models import ContactPoint, Identity, Person
from lamplighter.customers.queries import contacts_of, reach
from lamplighter.kernel.actors import staff
from lamplighter.kernel.periods import Period
from lamplighter.platform import secrets
from lamplighter.platform.models import Event, PastRow
from lamplighter.platform.operations.retention import erase_history

DANA = staff("dana")
AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
ON = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("said", "kept"),
    [("(510) 555-0142", "+15105550142"), ("1-510-555-0142", "+15105550142"), ("+44 20 7946 0958", "+442079460958")],
)
def test_telephone_numbers_are_kept_as_e164(said, kept):
    assert rules.e164(said) == kept


@pytest.mark.parametrize("said", ["555-0142", "(110) 555-0142", "(510) 055-0142", "", "call me"])
def test_what_is_no_telephone_number_is_refused(said):
    with pytest.raises(rules.CannotRecord, match="not a telephone number"):
        rules.e164(said)


def test_an_email_address_that_nothing_can_be_sent_to_is_refused():
    with pytest.raises(rules.CannotRecord, match="not an email address"):
        rules.checked_email("hoa..nguyen@example.net")


def test_numbers_are_shown_as_people_say_them():
    assert rules.shown("+15105550142") == "(510) 555-0142"
    assert rules.shown("+442079460958") == "+442079460958"


@pytest.fixture
def thihoa(db):
    return operations.add_human(
        given="Thi Hoa", family="Nguyen", language=Person.Language.VIETNAMESE, interpreter=True, by=DANA, at=AT
    )


def test_a_new_primary_number_ends_the_old_one(thihoa):
    for number, on in (("5105550142", date(2026, 1, 1)), ("5105550177", ON)):
        operations.add_contact_point(person=thihoa, kind="mobile", value=number, on=on, by=DANA, at=AT)
    operations.add_contact_point(person=thihoa, kind="email", value=" ThiHoa@Example.NET", on=ON, by=DANA, at=AT)
    operations.set_mailing_address(person=thihoa, lines="PO Box 7\nMarisol Bay CA", period=Period(ON), by=DANA, at=AT)
    now = reach(thihoa, on=ON)
    assert (now.phone, now.email) == ("(510) 555-0177", "ThiHoa@example.net")
    assert now.mailing.startswith("PO Box 7")
    assert reach(thihoa, on=date(2026, 6, 1)).phone == "(510) 555-0142"
    assert ContactPoint.objects.count() == 3


def test_a_number_or_address_mended_on_its_first_day_takes_the_place_of_the_first(thihoa):
    for number, lines in (("5105550142", "PO Box 7\nMarisol"), ("5105550177", "PO Box 7\nMarisol Bay CA")):
        operations.add_contact_point(person=thihoa, kind="mobile", value=number, on=ON, by=DANA, at=AT)
        operations.set_mailing_address(person=thihoa, lines=lines, period=Period(ON), by=DANA, at=AT)
    now = reach(thihoa, on=ON)
    assert (now.phone, now.mailing) == ("(510) 555-0177", "PO Box 7\nMarisol Bay CA")
    assert PastRow.objects.filter(table_name="customers_contactpoint").get().was["value"] == "+15105550142"
    assert PastRow.objects.filter(table_name="customers_mailingaddress").get().was["lines"] == "PO Box 7\nMarisol"


def test_an_identity_number_is_sealed_and_found_again(thihoa):
    identity = operations.set_identity(person=thihoa, kind="ssn", number="123-45-6789", by=DANA, at=AT)
    assert secrets.decrypt(identity.sealed) == "123456789"
    assert identity.last_four == "6789"
    assert Identity.objects.get(digest=secrets.digest("123456789")).person == thihoa
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed || digest FROM customers_identity")
        assert "123456789" not in cursor.fetchone()[0]
    assert "6789" not in str(list(Event.objects.values_list("data", flat=True)))


def test_what_a_row_of_a_person_was_can_be_erased(thihoa):
    Person.objects.filter(pk=thihoa.pk).update(name="Hoa Nguyen")
    assert PastRow.objects.filter(table_name="customers_person").count() == 1
    past = PastRow.objects.filter(table_name="customers_person", row_id=str(thihoa.pk))
    assert erase_history(rows=[one.pk for one in past]) == 1
    assert PastRow.objects.filter(table_name="customers_person").count() == 0


@pytest.fixture
def reached(thihoa):
    for kind, value in (("mobile", "5105550142"), ("email", "hoa@example.net")):
        operations.add_contact_point(
            person=thihoa, kind=kind, value=value, on=date(2026, 1, 1), by=DANA, at=AT
        )  # fmt: skip
    return thihoa


def change(person, *, seen=None, on=ON, **wanted):
    """Change some fields of what stands, or of what was seen a while ago."""
    shown = seen or contacts_of(person, on=on)
    return operations.change_contacts(
        person=person, seen=shown, wanted=replace(shown, **wanted), on=on, by=DANA, at=AT, account=7
    )  # fmt: skip


def test_a_number_changes_from_a_day_and_an_emptied_one_ends(reached):
    assert change(reached, on=date(2026, 12, 1), mobile="510 555 0177", email="") == ("mobile", "email")
    assert contacts_of(reached, on=ON).mobile == "(510) 555-0142"
    later = contacts_of(reached, on=date(2026, 12, 1))
    assert (later.mobile, later.email) == ("(510) 555-0177", "")
    event = Event.objects.get(name="customers.contacts.changed")
    assert (event.account, event.data) == (7, {"fields": ["mobile", "email"], "start": "2026-12-01"})


def test_a_new_name_holds_at_once_and_the_former_one_is_still_found(reached):
    change(reached, family="Nguyen Tran")
    reached.refresh_from_db()
    assert (reached.name, reached.sort_name) == ("Thi Hoa Nguyen Tran", "Nguyen Tran, Thi Hoa")
    assert reached.other_names.get(kind="former").name == "Thi Hoa Nguyen"


def test_a_mailing_address_begins_changes_and_ends(reached):
    change(reached, mailing="PO Box 7\r\n Marisol Bay CA ")
    assert contacts_of(reached, on=ON).mailing == "PO Box 7\nMarisol Bay CA"
    change(reached, mailing="PO Box 9")
    change(reached, mailing="", on=date(2026, 12, 1))
    assert reach(reached, on=ON).mailing == "PO Box 9"
    assert reach(reached, on=date(2026, 12, 1)).mailing == ""


def test_a_planned_number_gives_way_to_one_from_today(reached):
    change(reached, on=date(2026, 12, 1), mobile="5105550177")
    change(reached, mobile="5105550199")
    assert contacts_of(reached, on=date(2026, 12, 2)).mobile == "(510) 555-0199"


def test_two_people_who_change_different_fields_do_not_meet(reached):
    seen = contacts_of(reached, on=ON)
    change(reached, seen=seen, mobile="5105550177")
    change(reached, seen=seen, email="new@example.net")
    now = contacts_of(reached, on=ON)
    assert (now.mobile, now.email) == ("(510) 555-0177", "new@example.net")


def test_two_people_who_change_the_same_field_are_told_what_stands(reached):
    seen = contacts_of(reached, on=ON)
    change(reached, seen=seen, mobile="5105550177")
    with pytest.raises(operations.ContactsMoved) as moved:
        change(reached, seen=seen, mobile="5105550199")
    assert moved.value.names == ("mobile",)
    assert moved.value.now.mobile == "(510) 555-0177"


def test_the_same_change_twice_is_one_change(reached):
    seen = contacts_of(reached, on=ON)
    assert change(reached, seen=seen, mobile="5105550177") == ("mobile",)
    assert change(reached, seen=seen, mobile="(510) 555-0177") == ()
    assert Event.objects.filter(name="customers.contacts.changed").count() == 1


def test_a_name_is_never_emptied(reached):
    with pytest.raises(rules.CannotRecord, match=r"Enter a name\."):
        change(reached, given="", family=" ")
