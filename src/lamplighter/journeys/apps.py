"""The Django app; when it is ready, what was registered across contexts is heard, whichever face is running."""

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "lamplighter.journeys"
    label = "journeys"

    def ready(self) -> None:
        from lamplighter.journeys import (  # noqa: F401 - they register themselves
            easing,
            forgiving,
            governing,
            granting,
            guaranteeing,
            relieving,
        )
