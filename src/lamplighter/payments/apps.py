"""The Django app; when it is ready, worklist and approvals know what payments give people to do."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "lamplighter.payments"
    label = "payments"

    def ready(self) -> None:
        from lamplighter.payments import interfaces, kinds  # noqa: F401 - registers and declares them
        from lamplighter.payments.operations import refunding, unclaimed  # noqa: F401 - they register their approvals
