"""The Django app of outreach."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "lamplighter.outreach"
    label = "outreach"
