"""The Django app; when it is ready, the worklist knows what field work gives people to do."""

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    name = "lamplighter.fieldwork"
    label = "fieldwork"

    def ready(self) -> None:
        from lamplighter.fieldwork import kinds  # noqa: F401 - declares them
