"""The Django app; when it is ready, the worklist knows what key accounts give people to do."""

from django.apps import AppConfig


class KeyAccountsConfig(AppConfig):
    name = "lamplighter.keyaccounts"
    label = "keyaccounts"

    def ready(self) -> None:
        from lamplighter.keyaccounts import kinds  # noqa: F401 - declares them
