"""A bill's document is made once and given out again as it was."""

import hashlib

from lamplighter.billing.documents.compiler import Order, compile_bill
from lamplighter.billing.documents.content import content
from lamplighter.billing.models import BillDocument
from lamplighter.billing.operations.archiving import archive, archive_many
from lamplighter.billing.queries.reading import view
from lamplighter.customers.models import Person
from lamplighter.platform.models import Event
from lamplighter.platform.queries.files import path_of
from tests.town import DANA


def test_asking_twice_keeps_one(readers, home, settings, tmp_path):
    settings.STATE = str(tmp_path)
    bill = home.account.bills.order_by("id").last()
    first = archive(bill=bill, by=DANA, at=readers.at)
    second = archive(bill=bill, by=DANA, at=readers.at)
    assert (first.new, second.new) == (True, False)
    assert first.document == second.document == BillDocument.objects.get()
    kept = path_of(first.document.file_id).read_bytes()
    assert hashlib.sha256(kept).hexdigest() == first.document.file_id
    assert kept.startswith(b"%PDF")
    assert first.document.file.name == f"bill-{bill.number}.pdf"
    event = Event.objects.get(name="billing.document.archived")
    assert event.data == {"sha256": first.document.file_id, "findings": 0}
    assert event.account == bill.account_id


def test_the_same_bill_made_again_has_the_same_sha256(readers, home, settings, tmp_path):
    settings.STATE = str(tmp_path)
    bill = home.account.bills.order_by("id").last()
    first = archive(bill=bill, by=DANA, at=readers.at)
    seen = view(bill)
    assert hashlib.sha256(compile_bill(Order(content(seen), seen.issued_on)).pdf).hexdigest() == first.document.file_id


def test_what_was_printed_stays_when_the_name_changes(readers, home, settings, tmp_path):
    settings.STATE = str(tmp_path)
    bill = home.account.bills.order_by("id").last()
    first = archive(bill=bill, by=DANA, at=readers.at)
    Person.objects.filter(account_roles__account=home.account).update(name="陳美玲")
    assert archive(bill=bill, by=DANA, at=readers.at).document == first.document


def test_many_bills_come_back_in_order_with_what_could_not_be_printed(readers, home, settings, tmp_path):
    settings.STATE = str(tmp_path)
    Person.objects.filter(account_roles__account=home.account).update(name="陳美玲")
    bills = list(home.account.bills.order_by("-id"))
    found = archive_many(bills=[*bills, bills[0]], by=DANA, at=readers.at)
    assert [one.document.bill_id for one in found] == [bill.pk for bill in (*bills, bills[0])]
    assert all(one.findings[0].code == "bill.glyph" for one in found)
    assert len({one.document.file_id for one in found}) == BillDocument.objects.count() == len(bills)
