"""The Django app; when it is ready, worklist and approvals know what billing gives people to do."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "lamplighter.billing"
    label = "billing"

    def ready(self) -> None:
        from lamplighter.billing import (
            interfaces,  # noqa: F401 - registers how the print shop stands
            kinds,  # noqa: F401 - declares them
        )
        from lamplighter.billing.operations import crediting, deciding  # noqa: F401 - register their approvals
