"""The Django app; when it is ready, the worklists know what rebates give people to do."""

from django.apps import AppConfig


class RebatesConfig(AppConfig):
    name = "lamplighter.rebates"
    label = "rebates"

    def ready(self) -> None:
        from lamplighter.rebates import kinds  # noqa: F401 - declares them
