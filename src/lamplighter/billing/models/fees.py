"""What the utility charges for work beside its rates."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from lamplighter.billing.fees import Fees
from lamplighter.platform.columns import ActorField, MoneyField, PeriodField


class FeeSchedule(models.Model):
    """The fees for a period. `citation` names the resolution."""

    period = PeriodField()
    meter_test = MoneyField()
    reconnect = MoneyField()
    after_hours = MoneyField()
    returned = MoneyField()
    returned_again = MoneyField()
    citation = models.CharField(max_length=200)
    set_by = ActorField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_fee_schedule_at_a_time", expressions=[("period", RangeOperators.OVERLAPS)],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.citation} {self.period}"

    @property
    def fees(self) -> Fees:
        return Fees(
            self.meter_test, self.reconnect, self.after_hours, self.returned, self.returned_again, self.citation
        )
