"""The Django app; when it is ready, the worklists know what collection gives people to do."""

from django.apps import AppConfig


class CreditConfig(AppConfig):
    name = "lamplighter.credit"
    label = "credit"

    def ready(self) -> None:
        from lamplighter.credit import kinds  # noqa: F401 - declares them
