"""The Django app."""

from django.apps import AppConfig

from lamplighter.platform.collector import collect_seldom
from lamplighter.platform.lookups import register as register_lookups


class PlatformConfig(AppConfig):
    name = "lamplighter.platform"
    label = "platform"

    def ready(self) -> None:
        register_lookups()
        collect_seldom()
