"""The Django app; when it is ready, the worklist knows what contacts give people to do."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "lamplighter.cases"
    label = "cases"

    def ready(self) -> None:
        from lamplighter.cases import kinds  # noqa: F401 - declares them
