"""Between the counter and the bank: its statements come in, scanned checks go out as an image cash letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from stdnum.us import rtn

from lamplighter.formats.banking.reading import read
from lamplighter.formats.tiff import is_group_4
from lamplighter.formats.x9.writer import CannotSend, CheckItem, Letter, cash_letter
from lamplighter.kernel.actors import Actor
from lamplighter.notices.queries import sender
from lamplighter.payments.models import BankAccount, BankDeposit, BankStatement, CheckImage, Tender
from lamplighter.payments.operations.depositing import scan_check
from lamplighter.payments.operations.reconciling import take_statement
from lamplighter.payments.rules import CannotTake
from lamplighter.platform import secrets
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.queries.files import path_of
from lamplighter.platform.transactions import in_transaction

MOST_BYTES = 20 << 20
MICR = re.compile(r"[⑆Tt:](\d{9})[⑆Tt:](.*)")
ON_US = re.compile(r"[⑈Uuo<]")


@in_transaction
def read_bank_file(*, data: bytes, name: str, by: Actor, at: datetime) -> list[BankStatement]:
    """Keep the bank's file and match its days; a file whose totals do not hold, or of another account, is refused."""
    statements = read(data)
    for one in statements:
        one.check()
    stored, _ = store_file([data], name=name, media_type="text/x-bank-statement", by=by, at=at)
    ordered = sorted(statements, key=lambda one: one.on)
    return [take_statement(statement=one, file=stored.sha256, by=by, at=at) for one in ordered]


@in_transaction
def keep_scan(*, tender: Tender, micr: str, front: bytes, back: bytes, by: Actor, at: datetime) -> CheckImage:
    """What the scanner gave of a check, looked at before it is kept."""
    found = MICR.search(micr)
    if found is None or not rtn.is_valid(found[1]):
        raise CannotTake("The MICR line has no right routing number. Scan the check again.")
    if not (is_group_4(front) and is_group_4(back)):
        raise CannotTake("Both sides must be black-and-white TIFF files with Group 4 compression (200 dpi).")
    on_us = ON_US.sub("/", re.sub(r"\s", "", found[2]))[:20]
    names = []
    for side in (front, back):
        stored, _ = store_file([side], name=f"check-{tender.pk}.tif", media_type="image/tiff", by=by, at=at)
        names.append(stored.sha256)
    return scan_check(tender=tender, routing=found[1], on_us=on_us, front=names[0], back=names[1], by=by, at=at)


def image_cash_letter(deposit: BankDeposit, checks: Sequence[Tender], *, at: datetime) -> bytes:
    """The deposit's checks as images. Refused while one of them is not scanned."""
    ours = BankAccount.objects.first()
    if ours is None:
        raise CannotTake("The utility's bank account is not named yet.")
    lacking = [one for one in checks if not hasattr(one, "image")]
    if lacking or not checks:
        raise CannotTake(f"{len(lacking)} of {len(checks)} checks are not scanned yet.")
    who, local = sender(), at.astimezone(ZoneInfo(settings.UTILITY_ZONE))
    letter = Letter(
        ours.bank, ours.routing, ours.holder, ours.number, "Customer Svc", who.phone, deposit.number.replace("-", "")
    )
    try:
        return cash_letter(letter, [_item(one) for one in checks], at=local)
    except CannotSend as refused:
        raise CannotTake(str(refused)) from refused


def _item(one: Tender) -> CheckItem:
    image = one.image
    front, back = (path_of(side).read_bytes() for side in (image.front, image.back))
    return CheckItem(image.routing, secrets.decrypt(image.on_us), one.amount.cents, front, back)
