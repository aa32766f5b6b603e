"""The Django app; when it is ready, the worklists know what programs give people to do."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "lamplighter.programs"
    label = "programs"

    def ready(self) -> None:
        from lamplighter.programs import kinds  # noqa: F401 - declares them
