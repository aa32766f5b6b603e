"""The Django app; when it is ready, the worklist knows what contacts give to do, and the monitor how mail stands."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "lamplighter.cases"
    label = "cases"

    def ready(self) -> None:
        from lamplighter.cases import interfaces, kinds  # noqa: F401 - registers and declares them
