"""The Django app."""

from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "lamplighter.workforce"
    label = "workforce"
