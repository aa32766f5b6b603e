"""The Django app."""

from django.apps import AppConfig


class PremisesConfig(AppConfig):
    name = "lamplighter.premises"
    label = "premises"
