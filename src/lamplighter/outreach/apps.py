"""The Django app of outreach; when it is ready, the kinds of its work and what it has approved are known."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "lamplighter.outreach"
    label = "outreach"

    def ready(self) -> None:
        from lamplighter.outreach import kinds  # noqa: F401 - declares itself
        from lamplighter.outreach.operations import announcing  # noqa: F401 - registers what is approved
