"""The Django app."""

from django.apps import AppConfig


class WorklistConfig(AppConfig):
    name = "lamplighter.worklist"
    label = "worklist"
