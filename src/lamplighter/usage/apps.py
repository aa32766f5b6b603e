"""The Django app."""

from django.apps import AppConfig


class UsageConfig(AppConfig):
    name = "lamplighter.usage"
    label = "usage"
