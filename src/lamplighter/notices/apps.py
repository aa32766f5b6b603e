"""The Django app; when it is ready, it knows how to adopt an approved template."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "lamplighter.notices"
    label = "notices"

    def ready(self) -> None:
        from lamplighter.notices import interfaces  # noqa: F401 - registers how mail stands
        from lamplighter.notices.operations import templates  # noqa: F401 - registers its approval
