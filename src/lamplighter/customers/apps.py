"""The Django app."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "lamplighter.customers"
    label = "customers"
