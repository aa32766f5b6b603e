"""The Django app; when it is ready, the worklists know what collection gives people to do, the field how a certificate
is checked again, and bills which items are open."""

from django.apps import AppConfig


class CreditConfig(AppConfig):
    name = "lamplighter.credit"
    label = "credit"

    def ready(self) -> None:
        from lamplighter.credit import interfaces, kinds, rechecking  # noqa: F401 - declare themselves
        from lamplighter.credit.operations import matching, writingoff  # noqa: F401 - they are told of postings, and of an approval
        from lamplighter.credit.queries import listing  # noqa: F401 - bills list open items
