"""The Django app that carries templates and static files."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "lamplighter.web"
    label = "web"
