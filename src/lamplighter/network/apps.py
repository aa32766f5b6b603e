"""The Django app; when it is ready, the worklist knows what the meter network gives people to do."""

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "lamplighter.network"
    label = "network"

    def ready(self) -> None:
        from lamplighter.network import interfaces, kinds  # noqa: F401 - registers and declares them
