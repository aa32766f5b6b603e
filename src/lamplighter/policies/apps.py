"""The Django app of policies; when it is ready, the kinds of its work are known."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "lamplighter.policies"
    label = "policies"

    def ready(self) -> None:
        from lamplighter.policies import kinds  # noqa: F401 - declares itself
