"""The Django app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "lamplighter.payments"
    label = "payments"
