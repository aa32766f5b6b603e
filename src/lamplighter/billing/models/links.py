"""The links by which emails lead to a bill, and what was tried to open them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lamplighter.billing.models.bills import Bill
from lamplighter.notices.models import Notice
from lamplighter.platform.columns import ActorField


class BillLink(models.Model):
    """The link of one email to one bill, good until a day unless it is revoked; one of a bill at a time. It carries a
    secret, which is put into the email as it leaves; only its digest is kept."""

    notice = models.OneToOneField(Notice, models.PROTECT, primary_key=True, related_name="bill_link")
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="links", db_index=False)
    digest = models.CharField(max_length=64, unique=True)
    until = models.DateField()
    made_at = models.DateTimeField()
    made_by = ActorField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = ActorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_link_of_a_bill", fields=["bill"], condition=Q(revoked_at__isnull=True)),
            models.CheckConstraint(
                name="link_revoked_by_somebody",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["bill"], name="link_of_bill")]

    def __str__(self) -> str:
        return f"bill {self.bill_id} until {self.until}"


class BillLinkTry(models.Model):
    """Somebody followed a link and said a fact, right or wrong; nothing tells who. Append-only."""

    link = models.ForeignKey(BillLink, models.PROTECT, related_name="tries")
    right = models.BooleanField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return "right" if self.right else "wrong"
