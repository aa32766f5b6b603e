"""The Django app."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "lamplighter.billing"
    label = "billing"
