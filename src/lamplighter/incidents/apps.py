"""The Django app."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "lamplighter.incidents"
    label = "incidents"

    def ready(self) -> None:
        from lamplighter.incidents import kinds  # noqa: F401 - declares them
