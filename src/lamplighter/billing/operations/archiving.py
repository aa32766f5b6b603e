"""Archive bills as documents: a bill's PDF is made once, kept by its SHA-256, and given out again as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from lamplighter.billing.documents.compiler import Compiled, Order, compile_bill, compile_many
from lamplighter.billing.documents.content import content
from lamplighter.billing.models import Bill, BillDocument
from lamplighter.billing.queries.reading import views
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.findings import Finding
from lamplighter.platform.operations.events import Happening, record_many
from lamplighter.platform.operations.files import store_files
from lamplighter.platform.transactions import advisory_lock, in_transaction

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Archived:
    """A bill's document. `findings` tell what could not be printed, when it was made `new`."""

    document: BillDocument
    new: bool
    findings: tuple[Finding, ...] = ()


@in_transaction
def archive(*, bill: Bill, by: Actor, at: datetime) -> Archived:
    """The bill's PDF, made and kept when there is none. Raises CannotCompile where the fonts are not there."""
    return archive_many(bills=[bill], by=by, at=at)[0]


@in_transaction
def archive_many(*, bills: Sequence[Bill], by: Actor, at: datetime, processes: int = 0) -> list[Archived]:
    """Many bills, in the order given; with `processes`, compiled by so many spawned workers."""
    advisory_lock(*(f"bill-document:{bill.pk}" for bill in bills))
    there = {row.bill_id: row for row in BillDocument.objects.filter(bill__in=bills).select_related("file")}
    lacking = list({bill.pk: bill for bill in bills if bill.pk not in there}.values())
    orders = [Order(content(view), view.issued_on) for view in views([bill.pk for bill in lacking])]
    compiled = compile_many(orders, processes=processes) if processes else map(compile_bill, orders)
    made = _keep(lacking, compiled, by=by, at=at)
    record_many((_happening(bill, made[bill.pk]) for bill in lacking), by=by, at=at)
    return [made.get(bill.pk) or Archived(there[bill.pk], new=False) for bill in bills]


def _keep(bills: Sequence[Bill], compiled: Iterable[Compiled], *, by: Actor, at: datetime) -> dict[int, Archived]:
    """By bill. Each file is written as it is compiled: of thousands, one is held at a time."""
    findings = []

    def written() -> Iterator[tuple[str, bytes]]:
        for bill, one in zip(bills, compiled, strict=True):
            findings.append(one.findings)
            yield f"bill-{bill.number}.pdf", one.pdf

    files = store_files(written(), media_type=PDF, by=by, at=at)
    documents = BillDocument.objects.bulk_create(
        BillDocument(bill=bill, file=file, made_at=at) for bill, file in zip(bills, files, strict=True)
    )
    return {
        document.bill_id: Archived(document, new=True, findings=told)
        for document, told in zip(documents, findings, strict=True)
    }


def _happening(bill: Bill, archived: Archived) -> Happening:
    data = {"sha256": archived.document.file_id, "findings": len(archived.findings)}
    return Happening("billing.document.archived", bill.subject, bill.account_id, data)
