"""The Django app of rate studies."""

from django.apps import AppConfig


class RateStudiesConfig(AppConfig):
    name = "lamplighter.ratestudies"
    label = "ratestudies"

    def ready(self) -> None:
        from lamplighter.ratestudies.operations import moving  # noqa: F401 - says what an approved move does
