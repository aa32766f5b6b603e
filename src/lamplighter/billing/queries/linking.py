"""The links of bills: which one a secret opens, what each asks for, and how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from lamplighter.billing.linking import Asked, Standing, standing
from lamplighter.billing.models import Bill, BillLink, Segment
from lamplighter.billing.queries.policies import policy_on
from lamplighter.billing.rules import Fact
from lamplighter.notices.models import Notice
from lamplighter.platform import secrets


def token_of(notice: Notice) -> str:
    """The secret in the link of an email, by this installation's key: the same whenever it leaves, and kept nowhere."""
    return secrets.digest(f"bill-link {notice.pk}")[:40]


def link_of(token: str) -> BillLink | None:
    return BillLink.objects.filter(digest=digest_of(token)).select_related("bill__account", "notice").first()


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def asked_of(bills: Sequence[Bill]) -> dict[int, Asked]:
    """By bill what its link asks for, as the rules of its day of issue say. Where an address is confidential, or a bill
    has none, it is the account number: a right ZIP would tell where somebody lives. One query, and one for each day."""
    wanted = {day: policy_on(day).link.fact for day in {bill.issued_on for bill in bills}}
    rows = Segment.objects.filter(bill__in=[bill.pk for bill in bills], agreement__premise__isnull=False)
    codes: dict[int, set[str]] = {}
    sealed: set[int] = set()
    for bill, code, seal in rows.values_list(
        "bill", "agreement__premise__postcode", "agreement__premise__sealed_address"
    ):
        codes.setdefault(bill, set()).add(code[:5])
        if seal is not None:
            sealed.add(bill)
    return {
        bill.pk: Asked(Fact.ZIP, frozenset(codes[bill.pk]))
        if wanted[bill.issued_on] is Fact.ZIP and bill.pk in codes and bill.pk not in sealed
        else Asked(Fact.ACCOUNT, frozenset({last_four(bill.account.number)}))
        for bill in bills
    }


def standing_of(link: BillLink, *, at: datetime) -> Standing:
    tries = link.tries.order_by("pk").values_list("right", "at")
    return standing(tries, policy_on(link.bill.issued_on).link, at=at)


def sealed_since(bill: Bill) -> bool:
    """Whether its address became confidential after it was issued: its paper tells it."""
    return bill.segments.filter(agreement__premise__sealed_address__sealed_at__gt=bill.issued_at).exists()


def last_four(number: str) -> str:
    return "".join(char for char in number if char.isdigit())[-4:]
