"""The Django app; when it is ready, the worklist knows what readings give people to do."""

from django.apps import AppConfig


class UsageConfig(AppConfig):
    name = "lamplighter.usage"
    label = "usage"

    def ready(self) -> None:
        from lamplighter.usage import interfaces, kinds  # noqa: F401 - registers and declares them
