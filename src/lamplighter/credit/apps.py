"""The Django app; when it is ready, the worklists know what collection gives people to do, and the field how a
certificate is checked again."""

from django.apps import AppConfig


class CreditConfig(AppConfig):
    name = "lamplighter.credit"
    label = "credit"

    def ready(self) -> None:
        from lamplighter.credit import kinds, rechecking  # noqa: F401 - declare themselves
        from lamplighter.credit.operations import matching, writingoff  # noqa: F401 - they are told of postings, and of an approval
