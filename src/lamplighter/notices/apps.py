"""The Django app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "lamplighter.notices"
    label = "notices"
